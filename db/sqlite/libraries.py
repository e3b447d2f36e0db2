"""Libraries: one per Discord server, plus the command line's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.model import LibrarySize
from db.naming import storable
from db.sqlite.search import unindex_library

if TYPE_CHECKING:
    import sqlite3

# Children before parents; a revision goes with its article.
_TABLES = ("answer_shown", "question", "feed", "edit", "change", "quotation", "naming", "alias", "article", "speaker")


def find_library_id(connection: sqlite3.Connection, library: str) -> int | None:
    """The row id of a library, None where nothing was ever stored in it."""
    rows = connection.execute("SELECT id FROM library WHERE name = ?", [storable(library)])
    return next((int(row[0]) for row in rows), None)


def ensure_library(connection: sqlite3.Connection, library: str, now: str) -> int:
    """The row id of a library, created where it is missing; runs inside a transaction."""
    connection.execute(
        "INSERT INTO library (name, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING", [storable(library), now]
    )
    [(library_id,)] = connection.execute("SELECT id FROM library WHERE name = ?", [storable(library)])
    return int(library_id)


def measure_library(connection: sqlite3.Connection, library_id: int) -> LibrarySize:
    """Count what a library shows: current revisions only, and neither merged speakers nor rejected quotations."""
    [counts] = connection.execute(
        """
        SELECT
            (SELECT count(*) FROM article WHERE library_id = :library AND state <> 'removed'),
            (SELECT count(*) FROM quotation
             WHERE library_id = :library AND is_current = 1 AND review NOT IN ('hidden', 'rejected')),
            (SELECT coalesce(sum(r.fact_count), 0)
             FROM article AS a JOIN revision AS r ON r.id = a.revision_id
             WHERE a.library_id = :library AND r.library_id = :library AND a.state <> 'removed'),
            (SELECT count(*) FROM speaker WHERE library_id = :library AND merged_into IS NULL)
        """,
        {"library": library_id},
    )
    articles, quotations, facts, speakers = counts
    return LibrarySize(articles, quotations, facts, speakers)


def delete_library(connection: sqlite3.Connection, library_id: int) -> LibrarySize:
    """Delete every row of a library, its log included, and say what it held; runs inside a transaction."""
    size = measure_library(connection, library_id)
    unindex_library(connection, library_id)
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table} WHERE library_id = ?", [library_id])  # noqa: S608 - fixed names
    connection.execute("DELETE FROM library WHERE id = ?", [library_id])
    return size
