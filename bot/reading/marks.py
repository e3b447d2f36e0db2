"""Which stretches of a paragraph stand in quotation marks, whatever marks a publisher uses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOUBLE = re.compile(r"[“”„‟\"«»「」『』＂]")
_SINGLE_OPEN = re.compile(r"(?<![\w’'.,!?])(?:[‘‚‹]|'(?!\d0s|em\b|til\b|cause\b|n\b|tis\b|twas\b))(?=[\w“\"$£€¿¡…])")
_SINGLE_CLOSE = re.compile(r"(?<=[\w.,!?…\"”)])[’'›](?!\w)|(?<=\w)‘(?!\w)")
_CLOSERS = {
    "“": '”"“',
    "”": '”"',
    "‟": '”"',
    "„": '“”"‟',
    '"': '"”',
    "＂": "＂",
    "«": "»",
    "»": "«",
    "「": "」",
    "『": "』",
}
_ALWAYS_CLOSE = frozenset("»«」』＂")
# What may stand between the inside of a quotation and its closing mark, or between it and the next word.
_LEFT_OF_OPENING = frozenset("([{—–-/:,‘'“\"「")
_RIGHT_OF_CLOSING = frozenset(".,;:!?)]}—–-/…’'”\"」")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text in quotation marks: `span` with them, `inner` without; not closed where it runs to the paragraph's end."""

    span: Span
    inner: Span
    is_closed: bool
    is_single: bool = False


def pair_marks(text: str, block: Span) -> list[Stretch]:
    """Pair the quotation marks of one paragraph.

    Marks of one pair need not match: a curly opening mark may be closed by a straight one, or by a second opening
    mark that stands where only a closing one can. A mark left open runs to the end of its paragraph, the print
    convention for a quotation that goes on in the next one; nothing ever crosses a paragraph, so one odd mark cannot
    spoil the article.

    Returns:
        Outermost stretches in reading order. Single marks count only outside double ones.
    """
    doubles = list(_pair_doubles(text, block))
    singles = list(_pair_singles(text, block, doubles))
    return sorted([*doubles, *singles], key=lambda s: s.span) if singles else doubles


def _pair_doubles(text: str, block: Span) -> Iterator[Stretch]:
    start, closers, nested = -1, "", 0
    for match in _DOUBLE.finditer(text, block.start, block.end):
        at, mark = match.start(), match.group()
        if start < 0:
            if _may_open(text, at, mark, block):
                start, closers, nested = at, _CLOSERS[mark], 0
        elif mark not in _ALWAYS_CLOSE and mark != "”" and not _is_right_edge(text, at, block):
            nested += _is_left_edge(text, at, block) and mark != text[start]
        elif mark in closers:
            if nested and text[start] != mark:
                nested -= 1
            else:
                yield Stretch(Span(start, at + 1), Span(start + 1, at), is_closed=True)
                start = -1
    if start >= 0:
        yield Stretch(Span(start, block.end), Span(start + 1, block.end), is_closed=False)


def _may_open(text: str, at: int, mark: str, block: Span) -> bool:
    """An opening mark may open anywhere, the others only before a word; 6'2" and 12" are inches."""
    if mark in "“„‟«「『":
        return True
    if mark not in _CLOSERS or (mark == '"' and at > block.start and text[at - 1].isdigit()):
        return False
    return mark == '"' or _is_left_edge(text, at, block)


def _is_left_edge(text: str, at: int, block: Span) -> bool:
    if at + 1 >= block.end or text[at + 1].isspace():
        return False
    return at == block.start or text[at - 1].isspace() or text[at - 1] in _LEFT_OF_OPENING


def _is_right_edge(text: str, at: int, block: Span) -> bool:
    if at == block.start or text[at - 1].isspace():
        # A mark with white space on both sides can only be judged by what is open: it closes.
        return at + 1 >= block.end or text[at + 1].isspace()
    return at + 1 >= block.end or text[at + 1].isspace() or text[at + 1] in _RIGHT_OF_CLOSING or text[at - 1] in ",.!?"


def _pair_singles(text: str, block: Span, doubles: list[Stretch]) -> Iterator[Stretch]:
    """Single marks, one gap between double ones at a time."""
    edges = [block.start, *(edge for s in doubles for edge in (s.span.start, s.span.end)), block.end]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        opening = _SINGLE_OPEN.search(text, start, end)
        while opening:
            closing = _closing_single(text, opening.end(), end)
            if closing < 0:
                break
            at = opening.start()
            yield Stretch(Span(at, closing + 1), Span(at + 1, closing), is_closed=True, is_single=True)
            opening = _SINGLE_OPEN.search(text, closing + 1, end)


def _closing_single(text: str, start: int, end: int) -> int:
    """The mark that closes a single-marked stretch, or -1; the plural possessive of ('the boys' room') does not."""
    first = _SINGLE_CLOSE.search(text, start, end)
    if not first:
        return -1
    at = first.start()
    follows_plural = text[at - 1] == "s" and text[at : at + 2].endswith(" ") and text[at + 2 : at + 3].islower()
    if follows_plural:
        second = _SINGLE_CLOSE.search(text, at + 1, end)
        opening = _SINGLE_OPEN.search(text, at + 1, end)
        if second and not (opening and opening.start() < second.start()):
            return second.start()
    return at
