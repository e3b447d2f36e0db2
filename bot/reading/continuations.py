"""Whose words a quotation without a source of its own is: what stands before it tells, if anything does."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from db.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.reading.names import Mention
    from db.model import Block, Quotation

# "SMITH: ..." at the start of a paragraph, as in transcripts and interviews.
_LABEL = re.compile(r"[\"“'‘]?\s*(?P<name>[^\W\d_][^\W_]*(?:[ .’'\-]+[^\W_]+){0,3}\.?)(?: \([^()\n]{1,40}\))?:\s")
_SIGNED = re.compile(r"[.,!?…]*[\"”’»]?\s*[―—–-]{1,2}\s*(?=[^\W\d_])")
_MARKS = "\"“”„«»‘’'「」『』"
_LEAD = re.compile(r"[^.!?]*$")
_MAX_LEAD = 300


class Continuations:
    """Finds sources for one article's quotations that have none."""

    def __init__(self, text: str, read: Sequence[tuple[Block, Sequence[Mention]]]) -> None:
        self.text = text
        self.blocks = [block for block, _ in read]
        self.mentions = [mentions for _, mentions in read]
        self.starts = [block.span.start for block in self.blocks]

    def complete(self, quotations: Sequence[Quotation]) -> list[Quotation]:
        """The same quotations in the same order; where a source was missing and is told elsewhere, it is there.

        The rule of such a quotation becomes "transcript", "signed", "announced", "beside" or "continued".
        """
        done: list[Quotation] = []
        for i, quotation in enumerate(quotations):
            found = None if quotation.source else self._find(quotation, done, quotations[i + 1 : i + 2])
            done.append(replace(quotation, source=found[1], rule=found[0]) if found else quotation)
        return done

    def _find(
        self, quotation: Quotation, before: Sequence[Quotation], after: Sequence[Quotation]
    ) -> tuple[str, tuple[Span, ...]] | None:
        at = bisect_right(self.starts, quotation.content[0].start) - 1
        if at < 0:
            return None
        label = self._label(at, quotation)
        if label:
            return "transcript", (label,)
        signed = self._signature(at, quotation)
        if signed:
            return "signed", (signed,)
        if quotation.cue:
            span = self._beside_cue(at, quotation, quotation.cue)
            return ("beside", (span,)) if span else None
        return self._from_neighbours(at, quotation, before[-1] if before else None, after[0] if after else None)

    def _label(self, at: int, quotation: Quotation) -> Span | None:
        block = self.blocks[at].span
        match = _LABEL.match(self.text, block.start, min(block.end, block.start + 80))
        if not match or quotation.content[0].start > match.end() + 2:
            return None
        name = match.group("name")
        is_name = name.isupper() or any(m.sort == "name" and m.start < match.end() for m in self.mentions[at][:2])
        return Span(match.start("name"), match.end("name")) if is_name else None

    def _signature(self, at: int, quotation: Quotation) -> Span | None:
        """ "Words." - Name, at the end of a paragraph."""
        end = self.blocks[at].span.end
        match = _SIGNED.match(self.text, quotation.content[-1].end, end)
        if not match:
            return None
        name = next((m for m in self.mentions[at] if m.sort == "name" and 0 <= m.start - match.end() < 12), None)
        return Span(name.start, name.end) if name else None

    def _beside_cue(self, at: int, quotation: Quotation, cue: Span) -> Span | None:
        """The name or pronoun next to the cue: before it in its clause, else right behind it."""
        spoken = quotation.content
        outside = [m for m in self.mentions[at] if not any(c.start <= m.start < c.end for c in spoken)]
        ahead = [m for m in outside if m.end <= cue.start and not self._is_cut(m.end, cue.start)]
        heads = [m for m in ahead if not m.is_oblique and not m.is_possessive]
        if heads:
            return Span(heads[-1].start, heads[-1].end)
        behind = next((m for m in outside if 0 < m.start - cue.end <= 2), None)
        return Span(behind.start, behind.end) if behind else None

    def _is_cut(self, start: int, end: int) -> bool:
        return end - start > _MAX_LEAD or bool(re.search(r"[.!?;:\"“”]\s", self.text[start:end]))

    def _from_neighbours(
        self, at: int, quotation: Quotation, before: Quotation | None, after: Quotation | None
    ) -> tuple[str, tuple[Span, ...]] | None:
        start, block = quotation.content[0].start, self.blocks[at].span
        lead = self.text[block.start : start].strip(_MARKS + " ")
        if lead.endswith(":") and len(lead) > 2:
            span = self._subject(at, block.start, start)
            return ("announced", (span,)) if span else None
        if before and before.source and before.content[-1].end >= block.start and not lead.endswith(":"):
            return "continued", before.source
        if after and after.source and 0 <= after.content[0].start - quotation.content[-1].end <= 4:
            return "continued", after.source
        if lead and self.blocks[at].kind != "title":
            span = self._subject(at, block.start, start, with_nouns=False)
            return ("beside", (span,)) if span else None
        if lead or not at:
            return None
        previous = self.blocks[at - 1].span
        if self.text[previous.start : previous.end].rstrip().endswith(":"):
            span = self._subject(at - 1, previous.start, previous.end)
            return ("announced", (span,)) if span else None
        goes_on = quotation.type == "direct" and self.text[start : start + 1] in _MARKS
        if before and before.source and goes_on and before.content[-1].end >= previous.start:
            return "continued", before.source
        return None

    def _subject(self, at: int, start: int, end: int, *, with_nouns: bool = True) -> Span | None:
        """Who the sentence before a colon is about: its first name, pronoun or noun that is not behind a preposition."""
        lead = _LEAD.search(self.text, max(start, end - _MAX_LEAD), end)
        first = lead.start() if lead else start
        inside = [m for m in self.mentions[at] if first <= m.start and m.end <= end and (with_nouns or m.sort != "noun")]
        heads = [m for m in inside if not m.is_oblique and not m.is_possessive] or (inside if with_nouns else [])
        return Span(heads[0].start, heads[0].end) if heads else None
