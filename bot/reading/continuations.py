"""Whose words a quotation without a source of its own is: what stands before it tells, if anything does."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from db.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.reading.mentions import Mention
    from db.model import Block, Quotation

# "SMITH: ..." at the start of a paragraph, as in transcripts and interviews.
_LABEL = re.compile(r"[\"“'‘]?\s*(?P<name>[^\W\d_][^\W_]*(?:[ .’'\-]+[^\W_]+){0,3}\.?)(?: \([^()\n]{1,40}\))?:\s")
_MAX_LABEL = 80
# "Words." ― Ada Okoye
_SIGNED = re.compile(r"[.,!?…]*[\"”’»]?\s{,3}[―—–-]{1,2}\s{,3}(?=[^\W\d_])")
_MAX_TITLE = 12
_MARKS = "\"“”„«»‘’'「」『』"
_CLAUSE_END = re.compile(r"[;:\"“”]\s")
# "said Mr. Okoye", "said the Marlow League": what may stand between a cue and the name behind it.
_BEFORE_NAME = re.compile(r"\s(?:(?:the|a|an|former)\s)?(?:[A-Z][\w.]*\s){0,4}")
_MAX_BEFORE_NAME = 40
# A source stands no farther than this before the words it says.
_MAX_LEAD = 300
# A mark, a comma, a mark and a space may part two pieces of one quotation.
_MAX_JOINT = 4


class _Found(NamedTuple):
    rule: str
    source: tuple[Span, ...]


class Continuations:
    """Finds sources for one article's quotations that have none."""

    def __init__(self, text: str, read: Sequence[tuple[Block, Sequence[Mention]]], sentences: Sequence[Span]) -> None:
        self.text = text
        self.blocks = [block for block, _ in read]
        self.starts = [block.span.start for block in self.blocks]
        self.sentence_starts = [s.start for s in sentences]
        self.mentions = sorted((m for _, mentions in read for m in mentions), key=lambda m: m.start)
        self.mention_starts = [m.start for m in self.mentions]

    def complete(self, quotations: Sequence[Quotation]) -> list[Quotation]:
        """The same quotations in the same order; where a source was missing and is told elsewhere, it is there.

        The rule of such a quotation becomes "transcript", "signed", "announced", "beside" or "continued".
        """
        done: list[Quotation] = []
        for i, quotation in enumerate(quotations):
            found = None if quotation.source else self._find(quotation, done[-1:], quotations[i + 1 : i + 2])
            done.append(replace(quotation, source=found.source, rule=found.rule) if found else quotation)
        return done

    def _find(self, quotation: Quotation, before: Sequence[Quotation], after: Sequence[Quotation]) -> _Found | None:
        at = bisect_right(self.starts, quotation.content[0].start) - 1
        if at < 0:
            return None
        ways = (
            self._labelled(at, quotation),
            self._signed(at, quotation),
            self._beside_cue(quotation, quotation.cue) if quotation.cue else None,
        )
        found = next((way for way in ways if way), None)
        if found or quotation.cue:
            return found
        return self._introduced(at, quotation, before) or self._continued(at, quotation, before, after)

    def _between(self, start: int, end: int) -> list[Mention]:
        """Mentions that begin in a stretch, which is cut to the last `_MAX_LEAD` characters."""
        first = bisect_left(self.mention_starts, max(start, end - _MAX_LEAD))
        return self.mentions[first : bisect_left(self.mention_starts, end)]

    def _sentence_start(self, offset: int) -> int:
        at = bisect_right(self.sentence_starts, offset) - 1
        return self.sentence_starts[at] if at >= 0 else 0

    def _behind(self, end: int) -> list[Mention]:
        first = self._between(end, end + _MAX_BEFORE_NAME)[:1]
        return [m for m in first if _BEFORE_NAME.fullmatch(self.text, end, m.start)]

    def _labelled(self, at: int, quotation: Quotation) -> _Found | None:
        block = self.blocks[at].span
        match = _LABEL.match(self.text, block.start, min(block.end, block.start + _MAX_LABEL))
        if not match or quotation.content[0].start > match.end() + 2:
            return None
        is_name = match["name"].isupper() or any(m.sort == "name" for m in self._between(block.start, match.end()))
        return _Found("transcript", (Span(*match.span("name")),)) if is_name else None

    def _signed(self, at: int, quotation: Quotation) -> _Found | None:
        match = _SIGNED.match(self.text, quotation.content[-1].end, self.blocks[at].span.end)
        if not match:
            return None
        names = (m for m in self._between(match.end(), match.end() + _MAX_TITLE) if m.sort == "name")
        return _as_found("signed", next(names, None))

    def _beside_cue(self, quotation: Quotation, cue: Span) -> _Found | None:
        """The name or pronoun next to the cue: before it in its clause, else right behind it."""
        inside = self._between(self._sentence_start(cue.start), cue.start)
        outside = [m for m in inside if not any(c.start <= m.start < c.end for c in quotation.content[:_MAX_JOINT])]
        heads = [m for m in outside if _is_head(m) and not _CLAUSE_END.search(self.text, m.end, cue.start)]
        # "He's claiming" is one word and its cue; "said Okoye" has the name right behind.
        near = heads or self._between(cue.start, cue.end) or self._behind(cue.end)
        named = [m for m in near if m.sort != "noun"]
        return _as_found("beside", next(reversed(named or near), None))

    def _introduced(self, at: int, quotation: Quotation, before: Sequence[Quotation]) -> _Found | None:
        """Words behind a colon, or in the middle of a sentence about whoever said them."""
        start, block = quotation.content[0].start, self.blocks[at]
        lead = self.text[max(block.span.start, start - _MAX_LEAD) : start].strip(_MARKS + " ")
        if lead.endswith(":") and len(lead) > 1:
            return _as_found("announced", self._subject(block.span.start, start))
        goes_on = before and before[0].source and before[0].content[-1].end >= block.span.start
        if lead and not goes_on and block.kind != "title":
            return _as_found("beside", self._subject(block.span.start, start, with_others=False))
        previous = self.blocks[at - 1].span if at else None
        if (
            not lead
            and previous
            and self.text[max(previous.end - 3, previous.start) : previous.end].rstrip().endswith(":")
        ):
            return _as_found("announced", self._subject(previous.start, previous.end))
        return None

    def _continued(
        self, at: int, quotation: Quotation, before: Sequence[Quotation], after: Sequence[Quotation]
    ) -> _Found | None:
        """The speaker goes on: in the same paragraph, or in the next one with an opening mark."""
        start, block = quotation.content[0].start, self.blocks[at].span
        last = before[0] if before and before[0].source else None
        if last and last.content[-1].end >= block.start:
            return _Found("continued", last.source)
        following = after[0] if after and after[0].source else None
        if following and 0 <= following.content[0].start - quotation.content[-1].end <= _MAX_JOINT:
            return _Found("continued", following.source)
        opens = not self.text[block.start : start].strip(_MARKS + " ") and self.text[start : start + 1] in _MARKS
        if last and at and opens and quotation.type == "direct" and last.content[-1].end >= self.starts[at - 1]:
            return _Found("continued", last.source)
        return None

    def _subject(self, start: int, end: int, *, with_others: bool = True) -> Mention | None:
        """Who a sentence that ends at `end` is about: its first mention that is not behind a preposition."""
        inside = [m for m in self._between(max(start, self._sentence_start(end - 1)), end) if m.end <= end]
        if with_others:
            return next((m for m in inside if _is_head(m)), next(iter(inside), None))
        return next((m for m in inside if _is_head(m) and m.sort != "noun"), None)


def _is_head(mention: Mention) -> bool:
    return not mention.is_oblique and not mention.is_possessive


def _as_found(rule: str, mention: Mention | None) -> _Found | None:
    return _Found(rule, (Span(mention.start, mention.end),)) if mention else None
