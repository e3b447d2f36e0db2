"""Units of an article in reading order, and how they become one text with blocks."""

from __future__ import annotations

from dataclasses import dataclass

from db.model import Block, BlockKind, Document, Head, Span


@dataclass(frozen=True, slots=True)
class Unit:
    """One layout unit before the article's text is put together."""

    kind: BlockKind
    text: str


def assemble(units: list[Unit], head: Head, warnings: tuple[str, ...] = ()) -> Document:
    """Put units together, a blank line between them; offsets count code points of the joined text."""
    parts: list[str] = []
    blocks: list[Block] = []
    position = 0
    for unit in units:
        if not unit.text:
            continue
        blocks.append(Block(unit.kind, Span(position, position + len(unit.text))))
        parts.append(unit.text)
        position += len(unit.text) + 2
    return Document("\n\n".join(parts), tuple(blocks), head, warnings)


def fill_head(given: Head, found: Head) -> Head:
    """What a person gave wins; the rest is as found in the text."""
    return Head(
        title=given.title or found.title,
        standfirst=given.standfirst or found.standfirst,
        byline=given.byline or found.byline,
        publisher=given.publisher or found.publisher,
        published=given.published or found.published,
        url=given.url or found.url,
        language=given.language or found.language,
    )
