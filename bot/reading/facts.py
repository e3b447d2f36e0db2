"""What the article says in its own voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.model import Fact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Block, Quotation, Span, Speaker


def find_facts(
    text: str,
    blocks: Sequence[Block],
    sentences: Sequence[Span],
    quotations: Sequence[Quotation],
    speakers: Sequence[Speaker],
) -> list[Fact]:
    """Find the sentences that hold no speech."""
    del text, speakers
    spoken = sorted(span for q in quotations for span in q.content)
    kinds = iter(blocks)
    block = next(kinds, None)
    facts: list[Fact] = []
    at = 0
    for sentence in sentences:
        while block and block.span.end <= sentence.start:
            block = next(kinds, None)
        while at < len(spoken) and spoken[at].end <= sentence.start:
            at += 1
        if block and not (at < len(spoken) and spoken[at].overlaps(sentence)):
            facts.append(Fact(sentence, block.kind))
    return facts
