"""Where quotations stand in an article: content, cue and source; who the source is comes later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reading.cues import LANGUAGES, load_cues
from bot.reading.linking import link_segments
from bot.reading.rules import marked_stretches, rule_quotations
from bot.reading.tagger import load_tagger
from bot.reading.transcripts import find_turns
from bot.reading.wordfeatures import cut_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Block, Quotation

TAGGED_LANGUAGES = frozenset({"en"})


def find_quotations(
    text: str, blocks: Sequence[Block], *, language: str = "en", tagger: bool = True
) -> list[Quotation]:
    """Find what the article says that somebody said.

    Args:
        text: The article, as stored.
        blocks: Its blocks in reading order.
        language: Which cue table to use.
        tagger: Whether the fitted tagger may be used; the rules stand on their own without it.

    Returns:
        Quotations in reading order, `speaker` None, `confidence` raw (how sure it is that this is speech by this
        source, not yet calibrated).
    """
    read = cut_blocks(text, blocks)
    if tagger and language in TAGGED_LANGUAGES:
        segments = load_tagger().find_segments(read)
        found = [link_segments(text, block, of_block) for block, of_block in zip(read, segments, strict=True)]
    elif language not in LANGUAGES:
        found = [marked_stretches(text, block.stretches) for block in read]
    else:
        cues = load_cues(language)
        found = [rule_quotations(text, block.sentences, block.stretches, cues) for block in read]
    for number, turn in find_turns(text, read).items():
        found[number] = [turn]
    return [quotation for of_block in found for quotation in of_block]
