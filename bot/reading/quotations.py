"""Where quotations stand in an article: content, cue and source; who the source is comes later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reading.cues import load_cues
from bot.reading.marks import pair_marks
from bot.reading.rules import rule_quotations
from bot.reading.text import is_read, split_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Block, Quotation


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
    del tagger
    cues = load_cues(language)
    found: list[Quotation] = []
    for block in blocks:
        if is_read(block):
            stretches = pair_marks(text, block.span)
            found.extend(rule_quotations(text, split_sentences(text, [block]), stretches, cues))
    return found
