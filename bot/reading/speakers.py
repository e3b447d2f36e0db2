"""Who a source is: from its words to a speaker's name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from db.model import Speaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Block, Head, Quotation


def resolve_speakers(
    text: str, blocks: Sequence[Block], quotations: Sequence[Quotation], head: Head
) -> tuple[list[Quotation], list[Speaker]]:
    """Name the speaker of each quotation whose source is itself a name; leave the others unresolved."""
    del blocks, head
    named: list[Quotation] = []
    speakers: dict[str, Speaker] = {}
    for quotation in quotations:
        source = quotation.source_text(text)
        words = source.split()
        name = source if len(words) > 1 and all(w[:1].isupper() for w in words) else None
        named.append(replace(quotation, speaker=name))
        if name:
            speakers.setdefault(name, Speaker(name))
    return named, list(speakers.values())
