"""Finding damage in a library's search index, and writing it anew from the stored articles."""

from __future__ import annotations

import sqlite3
import struct
from importlib import resources
from typing import TYPE_CHECKING

from db.model import Span
from db.sqlite.migrate import split_statements
from db.sqlite.packing import decode_text, unpack_blocks, unpack_spans
from db.sqlite.search_index import Indexed, index_article
from db.sqlite.search_layout import find_extent
from db.sqlite.search_postings import unpack_chunks

if TYPE_CHECKING:
    from collections.abc import Iterator

SEARCH_TABLES = ("search_library", "search_article", "search_term", "search_run", "search_words")


def check_index(connection: sqlite3.Connection, library_id: int) -> list[str]:
    """What is wrong with a library's index, a sentence each; empty when it is sound."""
    try:
        return list(_find_faults(connection, library_id))
    except sqlite3.OperationalError as error:
        return [f"The search index cannot be read: {error}."]


def _find_faults(connection: sqlite3.Connection, library_id: int) -> Iterator[str]:
    [(missing,)] = connection.execute(
        "SELECT count(*) FROM article AS a JOIN revision AS r ON r.library_id = a.library_id AND r.id = a.revision_id"
        " WHERE a.library_id = ? AND a.state <> 'removed' AND length(r.sentences) > 0 AND NOT EXISTS (SELECT 1"
        " FROM search_article AS s WHERE s.library_id = a.library_id AND s.article_id = a.id"
        " AND s.revision_id = a.revision_id)",
        (library_id,),
    )
    if missing:
        yield f"{missing} articles are not in the search index."
    [(extra,)] = connection.execute(
        "SELECT count(*) FROM search_article AS s WHERE s.library_id = ? AND NOT EXISTS (SELECT 1 FROM article AS a"
        " WHERE a.library_id = s.library_id AND a.id = s.article_id AND a.state <> 'removed')",
        (library_id,),
    )
    if extra:
        yield f"{extra} articles in the search index are no longer stored."
    [(chunks, counted)] = connection.execute(
        "SELECT (SELECT coalesce(sum(chunk_count), 0) FROM search_article WHERE library_id = ?1),"
        " (SELECT coalesce(sum(chunk_count), 0) FROM search_library WHERE library_id = ?1)",
        (library_id,),
    )
    if chunks != counted:
        yield f"The search index counts {counted} chunks but holds {chunks}."
    bad = _count_bad_terms(connection, library_id)
    if bad or (chunks and not _has_terms(connection, library_id)):
        yield f"The postings of {bad or 'all'} words are damaged."


def _has_terms(connection: sqlite3.Connection, library_id: int) -> bool:
    row = connection.execute("SELECT 1 FROM search_term WHERE library_id = ? LIMIT 1", (library_id,)).fetchone()
    return row is not None


def _count_bad_terms(connection: sqlite3.Connection, library_id: int) -> int:
    """Terms whose postings cannot be unpacked, or are not as many as counted."""
    held = dict[str, int]()
    bad = set[str]()
    for table, column in (("search_term", "tail"), ("search_run", "chunks")):
        for term, blob in connection.execute(
            f"SELECT term, {column} FROM {table} WHERE library_id = ?",  # noqa: S608 - our own names
            (library_id,),
        ):
            try:
                held[term] = held.get(term, 0) + len(unpack_chunks(blob))
            except (ValueError, KeyError, struct.error):
                bad.add(term)
    counts = connection.execute("SELECT term, chunk_count FROM search_term WHERE library_id = ?", (library_id,))
    bad.update(term for term, count in counts if held.get(term) != count)
    return len(bad)


def rebuild_index(connection: sqlite3.Connection, library_id: int) -> int:
    """Write a library's index anew from its stored articles, inside a transaction; returns how many articles."""
    _create_missing_tables(connection)
    for table in SEARCH_TABLES:
        connection.execute(f"DELETE FROM {table} WHERE library_id = ?", (library_id,))  # noqa: S608 - our own names
    articles = connection.execute(
        "SELECT id FROM article WHERE library_id = ? AND state <> 'removed' AND revision_id IS NOT NULL ORDER BY id",
        (library_id,),
    ).fetchall()
    for (article_id,) in articles:
        index_article(connection, library_id, _read_stored(connection, library_id, article_id))
    return len(articles)


def _create_missing_tables(connection: sqlite3.Connection) -> None:
    script = resources.files("db.sqlite.migrations").joinpath("0001_search.sql").read_text(encoding="utf-8")
    for statement in split_statements(script):
        for kind in ("TABLE", "UNIQUE INDEX"):
            statement = statement.replace(f"CREATE {kind} ", f"CREATE {kind} IF NOT EXISTS ")  # noqa: PLW2901
        connection.execute(statement)


def _read_stored(connection: sqlite3.Connection, library_id: int, article_id: int) -> Indexed:
    """A stored article as indexing wants it, with its speakers as they are named now."""
    title, published, revision_id, raw, sentences, blocks = connection.execute(
        "SELECT a.title, a.published, r.id, r.text, r.sentences, r.blocks FROM article AS a JOIN revision AS r"
        " ON r.library_id = a.library_id AND r.id = a.revision_id WHERE a.library_id = ? AND a.id = ?",
        (library_id, article_id),
    ).fetchone()
    text = decode_text(raw)
    voices = []
    for content, cue, source, speaker_id in connection.execute(
        "SELECT content, coalesce(cue, x''), source, speaker_id FROM quotation WHERE library_id = ? AND revision_id = ?"
        " AND review NOT IN ('hidden', 'rejected') ORDER BY id",
        (library_id, revision_id),
    ).fetchall():
        names = connection.execute(
            "SELECT a.name FROM speaker AS s"
            " CROSS JOIN speaker AS part ON part.library_id = s.library_id AND part.root_id = s.root_id"
            " CROSS JOIN alias AS a ON a.library_id = s.library_id AND a.speaker_id = part.id AND NOT a.is_hidden"
            " WHERE s.library_id = ? AND s.id = ? ORDER BY a.id",
            (library_id, speaker_id),
        )
        printed = " ".join(span.slice(text) for span in unpack_spans(source))
        voices.append((Span(*find_extent(content, cue, source)), [name for (name,) in names], printed))
    return Indexed(
        article_id, revision_id, title, text, unpack_spans(sentences), unpack_blocks(blocks), published, voices
    )
