"""What the article says in its own voice."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from db.model import Fact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Block, Quotation, Referent, Span, Speaker


def find_facts(
    text: str,
    blocks: Sequence[Block],
    sentences: Sequence[Span],
    quotations: Sequence[Quotation],
    speakers: Sequence[Speaker],
    *,
    referents: Sequence[Referent] = (),
) -> list[Fact]:
    """Find the sentences that hold no speech.

    Args:
        text: The article, as stored.
        blocks: Its blocks in reading order; a fact carries the kind of the block it stands in.
        sentences: All sentences of title, standfirst, paragraphs and captions, in reading order.
        quotations: What somebody is quoted as saying; a sentence that holds any of it is no fact.
        speakers: The article's people and bodies.
        referents: Whom pronouns and short forms mean, in reading order.

    Returns:
        Facts in reading order, each with the referents that stand in it.
    """
    del text, speakers
    spoken = sorted(span for q in quotations for span in q.content)
    starts = [r.span.start for r in referents]
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
            first, after = bisect_left(starts, sentence.start), bisect_left(starts, sentence.end)
            facts.append(Fact(sentence, block.kind, tuple(referents[first:after])))
    return facts
