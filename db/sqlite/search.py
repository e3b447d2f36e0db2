"""The search index as the store sees it: what is written beside an article, and what a question or claim finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.model import ClaimCandidate, Span
from db.sqlite import search_find, search_index
from db.sqlite.search_index import Indexed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from db.model import Candidates, Reading, Search

_TABLES = ("search_library", "search_article", "search_term", "search_run", "search_words")
_CLAIM_WORDS = 12


def index_revision(
    connection: sqlite3.Connection, library_id: int, article_id: int, revision_id: int, reading: Reading
) -> None:
    """Index an article's current revision; runs inside the transaction that stores it."""
    names = {speaker.name: (speaker.name, *speaker.aliases) for speaker in reading.speakers}
    voices = [
        (
            quotation.extent,
            names.get(quotation.speaker, (quotation.speaker,)) if quotation.speaker else (),
            quotation.source_text(reading.text),
        )
        for quotation in reading.quotations
    ]
    article = Indexed(
        article_id,
        revision_id,
        reading.head.title,
        reading.text,
        reading.sentences,
        reading.blocks,
        reading.head.published,
        voices,
    )
    search_index.index_article(connection, library_id, article)


def unindex_article(connection: sqlite3.Connection, library_id: int, article_id: int) -> None:
    """Take an article out of the index; runs before its rows are changed or deleted, in the same transaction."""
    search_index.unindex(connection, library_id, article_id)


def unindex_library(connection: sqlite3.Connection, library_id: int) -> None:
    """Delete a library's index; runs before its rows are deleted, in the same transaction."""
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table} WHERE library_id = ?", (library_id,))  # noqa: S608 - our own names


def find_candidates(connection: sqlite3.Connection, library_id: int, search: Search, *, limit: int) -> Candidates:
    """Chunks of published articles that hold the most and the rarest of the searched words, best first."""
    return search_find.find_candidates(connection, library_id, search, limit)


def find_claim_candidates(
    connection: sqlite3.Connection, library_id: int, words: Sequence[str], *, limit: int
) -> list[ClaimCandidate]:
    """Chunks that share the rarest of `words`, most shared rarity first."""
    search = search_find.rarest_words(connection, library_id, words, _CLAIM_WORDS)
    found = search_find.find_candidates(connection, library_id, search, limit)
    return [
        ClaimCandidate(
            chunk.citation.article_id,
            chunk.revision_id,
            Span(chunk.offset, chunk.offset + len(chunk.text)),
            chunk.text,
        )
        for chunk in found.chunks
    ]
