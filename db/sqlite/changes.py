"""The log of changes: who did what to which row, and the rows before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.naming import storable

if TYPE_CHECKING:
    import sqlite3


def record_change(
    connection: sqlite3.Connection,
    library_id: int,
    *,
    at: str,
    actor: str | None,
    verb: str,
    subject: str,
    subject_id: int,
    summary: str,
) -> int:
    """Write one line of the log inside the change's own transaction; returns its id."""
    [(change_id,)] = connection.execute(
        "INSERT INTO change (library_id, at, actor, verb, subject, subject_id, summary)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        [library_id, at, actor and storable(actor), verb, subject, subject_id, storable(summary)],
    )
    return int(change_id)
