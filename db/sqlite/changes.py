"""The log of changes: who did what to which row, and the fields before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.corrections import Change, Edit, Subject
from db.errors import ChangeNotFound
from db.naming import storable
from db.sqlite.ids import bound_id

if TYPE_CHECKING:
    import sqlite3

_CHANGE = "SELECT id, at, actor, verb, subject, subject_id, summary, undoes, undone_by FROM change WHERE library_id = ?"


def record_change(
    connection: sqlite3.Connection,
    library_id: int,
    *,
    at: str,
    actor: str | None,
    verb: str,
    subject: Subject,
    subject_id: int | None,
    summary: str,
) -> int:
    """Write one line of the log inside the change's own transaction; returns its id."""
    [(change_id,)] = connection.execute(
        "INSERT INTO change (library_id, at, actor, verb, subject, subject_id, summary)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        [library_id, at, actor and storable(actor), verb, subject, subject_id, storable(summary)],
    )
    return int(change_id)


def get_change(connection: sqlite3.Connection, library_id: int, change_id: int) -> Change:
    """One line of the log with the fields it set. Raises ChangeNotFound."""
    for row in connection.execute(f"{_CHANGE} AND id = ?", [library_id, bound_id(change_id)]):
        return _make_change(connection, library_id, row)
    raise ChangeNotFound(change_id)


def find_changes(
    connection: sqlite3.Connection,
    library_id: int,
    *,
    subject: Subject | None,
    subject_id: int | None,
    actor: str | None,
    limit: int,
    offset: int,
) -> list[Change]:
    """The log, newest first; each given filter keeps the lines that match it."""
    wanted = {"subject": subject, "subject_id": subject_id, "actor": actor}
    given = {name: value for name, value in wanted.items() if value is not None}
    # Only the filters that are given, so that SQLite can use the index on the subject.
    filters = "".join(f" AND {name} = ?" for name in given)
    rows = connection.execute(
        f"{_CHANGE}{filters} ORDER BY id DESC LIMIT ? OFFSET ?", [library_id, *given.values(), limit, offset]
    ).fetchall()
    return [_make_change(connection, library_id, row) for row in rows]


def _make_change(connection: sqlite3.Connection, library_id: int, row: tuple[Any, ...]) -> Change:
    change_id, at, actor, verb, subject, subject_id, summary, undoes, undone_by = row
    edits = connection.execute(
        "SELECT kind, row_id, field, before, after FROM edit INDEXED BY edit_change"
        " WHERE library_id = ? AND change_id = ? AND before <> after ORDER BY kind, row_id, field",
        [library_id, change_id],
    )
    return Change(
        id=change_id,
        at=at,
        actor=actor,
        verb=verb,
        subject=subject,
        subject_id=subject_id,
        summary=summary,
        edits=tuple(Edit(*edit) for edit in edits),
        undoes=undoes,
        undone_by=undone_by,
    )
