"""Where sentences, speech and sources stand in an article, for quick look-ups by offset."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.reading.mentions import Mention
    from db.model import Quotation, Span

# Between a name and the name it only describes: "Clinton spokeswoman |Ada Okoye", "Okoye's lawyer, |Ben Gray".
_MODIFIES = re.compile(r"(?:['’]s?)?(?: [a-z][\w-]*){1,4},? (?:[A-Z][\w.]* )*")
_MAX_MODIFIER = 60
# A source's head stands near its beginning; what comes later is its description.
_MAX_HEAD = 300
# Indirect speech may be nested this deep before an outer report is forgotten.
_NESTED = 2


class Setting:
    """One article's sentences, quotations and sources. Every look-up is a binary search."""

    def __init__(self, sentences: Sequence[Span], quotations: Sequence[Quotation]) -> None:
        self.sentence_starts = [s.start for s in sentences]
        self.spoken = sorted((c.start, c.end) for q in quotations if q.type == "direct" for c in q.content)
        self.reported = sorted((c.start, c.end) for q in quotations if q.type != "direct" for c in q.content)
        self.spoken_starts = [start for start, _ in self.spoken]
        self.reported_starts = [start for start, _ in self.reported]
        self.sources = {s.start: (s.end, q) for q in quotations for s in q.source}
        self.source_starts = sorted(self.sources)
        self.ordinals = self._number(sentences)

    def _number(self, sentences: Sequence[Span]) -> list[int]:
        """Number the sentences; one that is speech from end to end adds no distance, so it takes no number."""
        ordinals: list[int] = []
        number = at = 0
        for sentence in sentences:
            while at < len(self.spoken) and self.spoken[at][1] <= sentence.start:
                at += 1
            start, end = self.spoken[at] if at < len(self.spoken) else (sentence.end, sentence.end)
            number += not (start <= sentence.start + 1 and end >= sentence.end - 1)
            ordinals.append(number)
        return ordinals or [0]

    def sentence_at(self, offset: int) -> int:
        """Index of the sentence at or before an offset, 0 before the first."""
        return max(bisect_right(self.sentence_starts, offset) - 1, 0)

    def is_spoken(self, offset: int) -> bool:
        """Inside words in quotation marks."""
        at = bisect_right(self.spoken_starts, offset) - 1
        return at >= 0 and offset < self.spoken[at][1]

    def is_reported(self, offset: int) -> bool:
        """Inside words that the article gives as somebody's, without marks round all of them."""
        at = bisect_right(self.reported_starts, offset)
        return any(offset < end for _, end in self.reported[max(at - 1 - _NESTED, 0) : at])

    def source_of(self, mention: Mention) -> Quotation | None:
        """The quotation in whose source this mention stands."""
        start = self._source_start(mention)
        return self.sources[start][1] if start is not None else None

    def _source_start(self, mention: Mention) -> int | None:
        at = bisect_right(self.source_starts, mention.start) - 1
        if at < 0 or mention.start >= self.sources[self.source_starts[at]][0]:
            return None
        return self.source_starts[at]

    def find_heads(self, text: str, mentions: Sequence[Mention], modifiers: frozenset[int]) -> frozenset[int]:
        """Starts of the mentions that sources are about: in "Ada Okoye, director for Gray" it is the first."""
        inside: dict[int, list[Mention]] = {}
        for mention in mentions:
            start = self._source_start(mention)
            if start is not None and mention.start - start < _MAX_HEAD:
                inside.setdefault(start, []).append(mention)
        heads: set[int] = set()
        for start, found in inside.items():
            free = [m for m in found if m.start == start or not (m.is_oblique or m.start in modifiers)]
            names = [m for m in free if m.sort == "name" and not (m.is_possessive and m is not found[-1])]
            segment = [m for m in names if "," not in text[start : m.start]]
            heads.add((segment[-1:] or names[:1] or free[:1] or found[:1])[0].start)
        return frozenset(heads)


def find_modifiers(text: str, mentions: Sequence[Mention]) -> frozenset[int]:
    """Starts of the names that only describe the next one: "Clinton spokeswoman Ada Okoye"."""
    return frozenset(
        a.start
        for a, b in pairwise(mentions)
        if a.sort == b.sort == "name"
        and (b.role or b.title)
        and b.start - a.end < _MAX_MODIFIER
        and _MODIFIES.fullmatch(text, a.end, b.start)
    )
