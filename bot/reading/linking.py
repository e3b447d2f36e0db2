"""From labelled words to quotations: which content, cue and source belong together."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.reading.rules import quotation_type
from db.model import Quotation

if TYPE_CHECKING:
    from bot.reading.tagger import Segment
    from bot.reading.wordfeatures import ReadBlock
    from db.model import QuotationType, Span


_LEAST_UNSOURCED = 0.65  # PolNeAR dev: all joint F1 75.1 to 76.0, indirect words 76.9 to 76.1
_MARGIN_SCALE = 2.0  # halves a margin, so that confidences spread; the speaker's calibration does the rest


@dataclass(slots=True)
class _Group:
    cue: Segment
    sources: list[Segment] = field(default_factory=list)
    contents: list[Segment] = field(default_factory=list)


def link_segments(text: str, read: ReadBlock, segments: list[Segment]) -> list[Quotation]:
    """Put the segments of one block together.

    The confidence is raw: the margin of the least certain of content, cue and source through a logistic curve.

    A source belongs to the next cue or, behind its cue, to the one before; so does content. A cue without a source of
    its own takes the source before it in the block ("She said A and added B"). Content without any cue in its block
    goes on from what was said before: its rule is "continued" and it has no source.
    """
    groups, loose = _group(segments)
    quotations: list[Quotation] = []
    source: list[Segment] = []
    for group in groups:
        source = group.sources or source
        if group.contents:
            quotations.append(_quotation(text, read, group.contents, group.cue, source))
    quotations.extend(_quotation(text, read, [content], None, []) for content in loose)
    return sorted(filter(_is_told, quotations), key=lambda q: q.content[0])


def _is_told(quotation: Quotation) -> bool:
    """False for words without marks and without a source that the tagger is not sure of: they tell a reader nothing."""
    return bool(quotation.type != "indirect" or quotation.source or quotation.confidence >= _LEAST_UNSOURCED)


def _group(segments: list[Segment]) -> tuple[list[_Group], list[Segment]]:
    groups: list[_Group] = []
    waiting: list[Segment] = []
    for segment in segments:
        if segment.label == "Q":
            groups.append(_Group(segment))
            for earlier in waiting:
                _take(groups[-1], earlier)
            waiting = []
        elif segment.label[0] in "SL" or not groups:
            waiting.append(segment)
        else:
            _take(groups[-1], segment)
    loose: list[Segment] = []
    for segment in waiting:
        if groups:
            _take(groups[-1], segment)
        elif segment.label[0] in "LR":
            loose.append(segment)
    return groups, loose


def _take(group: _Group, segment: Segment) -> None:
    (group.contents if segment.label[0] in "LR" else group.sources).append(segment)


def _quotation(
    text: str, read: ReadBlock, contents: list[Segment], cue: Segment | None, source: list[Segment]
) -> Quotation:
    spans = tuple(_content_span(read, content) for content in contents)
    weakest = min(segment.margin for segment in (*contents, *([cue] if cue else []), *source[-1:]))
    kinds: set[QuotationType] = {quotation_type(text, span, read.stretches) for span in spans}
    return Quotation(
        type=kinds.pop() if len(kinds) == 1 else "mixed",
        content=spans,
        cue=read.words.span(cue.first, cue.after) if cue else None,
        source=tuple(read.words.span(s.first, s.after) for s in source[-1:]),
        speaker=None,
        confidence=1 / (1 + math.exp(-weakest / _MARGIN_SCALE)),
        rule="tagger" if cue else "continued",
    )


def _content_span(read: ReadBlock, content: Segment) -> Span:
    return read.words.span(content.first, content.after)
