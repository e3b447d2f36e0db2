"""Which stretches of a paragraph stand in quotation marks, whatever marks a publisher uses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOUBLE = re.compile(r"[“”„‟\"«»「」『』＂]")
_SINGLE = re.compile(r"(?<![\w’'.,!?])[‘'‚‹](?=\w)|(?<=[\w.,!?…])[’'›](?!\w)")
_OPENERS = frozenset("“„‟«「『")
_CLOSERS = {"“": "”", "„": '“”‟"', "‟": "”", "«": "»", "»": "«", "「": "」", "『": "』", '"': '"”', "＂": "＂"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text in quotation marks: `span` with them, `inner` without; not closed where it runs to the paragraph's end."""

    span: Span
    inner: Span
    is_closed: bool
    is_single: bool = False


def pair_marks(text: str, block: Span) -> list[Stretch]:
    """Pair the quotation marks of one paragraph.

    A mark left open runs to the end of its paragraph, the print convention for a quotation that goes on in the next
    one; nothing ever crosses a paragraph, so one odd mark cannot spoil the article.

    Returns:
        Outermost stretches in reading order. Single marks count only outside double ones.
    """
    doubles = list(_pair_doubles(text, block))
    singles = list(_pair_singles(text, block, doubles))
    return sorted([*doubles, *singles], key=lambda s: s.span) if singles else doubles


def _pair_doubles(text: str, block: Span) -> Iterator[Stretch]:
    start, closers = -1, ""
    for match in _DOUBLE.finditer(text, block.start, block.end):
        at, mark = match.start(), match.group()
        if start >= 0:
            if mark in closers:
                yield Stretch(Span(start, at + 1), Span(start + 1, at), is_closed=True)
                start = -1
        elif _may_open(text, at, mark, block):
            start, closers = at, _CLOSERS[mark]
    if start >= 0:
        yield Stretch(Span(start, block.end), Span(start + 1, block.end), is_closed=False)


def _may_open(text: str, at: int, mark: str, block: Span) -> bool:
    if mark in _OPENERS:
        return True
    if mark == "»":
        return at + 1 < block.end and not text[at + 1].isspace()
    if mark not in _CLOSERS:
        return False
    # 6'2" and 12" are inches, not the start of speech.
    return not (at > block.start and text[at - 1].isdigit())


def _pair_singles(text: str, block: Span, doubles: list[Stretch]) -> Iterator[Stretch]:
    taken = iter(doubles)
    cover = next(taken, None)
    start = -1
    for match in _SINGLE.finditer(text, block.start, block.end):
        at = match.start()
        while cover and cover.span.end <= at:
            cover = next(taken, None)
        if cover and cover.span.start <= at:
            start = -1
        elif text[at] in "‘'‚‹" and (start < 0 or text[at] != "'") and _is_left_edge(text, at, block):
            start = at
        elif start >= 0 and text[at] in "’'›‘":
            yield Stretch(Span(start, at + 1), Span(start + 1, at), is_closed=True, is_single=True)
            start = -1


def _is_left_edge(text: str, at: int, block: Span) -> bool:
    return (at == block.start or not text[at - 1].isalnum()) and at + 1 < block.end and text[at + 1].isalnum()
