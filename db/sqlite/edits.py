"""Fields set and taken back: every correction is a set of fields, and undo computes what each would be without it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from db.errors import CannotChange, ChangeNotFound
from db.sqlite.ids import bound_id

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    # Kind, row id, field.
    Cell = tuple[str, int, str]

# What a moderator can change, by table. Names of columns reach SQL only from here.
_FIELDS = {
    "article": frozenset(
        ("state", "revision_id", "title", "standfirst", "byline", "publisher", "published", "url", "language")
    ),
    "quotation": frozenset(("speaker_id", "review")),
    "speaker": frozenset(("name", "merged_into")),
    "alias": frozenset(("is_hidden",)),
}


def set_fields(
    connection: sqlite3.Connection, library_id: int, change_id: int, values: Sequence[tuple[Cell, Any]]
) -> list[Cell]:
    """Set fields and note them, those too that hold their value already: the change stands for all of them.

    Returns:
        The fields that differ now; where none does, nothing was noted.
    """
    before = {cell: _read(connection, library_id, cell) for cell, _ in values}
    touched = [cell for cell, after in values if before[cell] != after]
    if not touched:
        return []
    for cell, after in values:
        if before[cell] != after:
            _write(connection, library_id, cell, after)
        note_edit(connection, library_id, change_id, cell, before=before[cell], after=after)
    return touched


def note_edit(
    connection: sqlite3.Connection, library_id: int, change_id: int, cell: Cell, *, before: Any, after: Any
) -> None:
    """Note that a change set a field, for the log and for undo; the field itself is the caller's to write."""
    kind, row_id, field = cell
    connection.execute(
        "INSERT INTO edit (library_id, kind, row_id, field, change_id, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [library_id, kind, row_id, field, change_id, json.dumps(before), json.dumps(after)],
    )


def take_back(connection: sqlite3.Connection, library_id: int, change_id: int, undo_id: int) -> list[Cell]:
    """Take a change back, or bring it back when it is itself an undo; returns the fields that differ now.

    A field becomes what the latest change that still stands set it to, or what it was before any. So later work on
    other fields, and on the same one, stays; and any sequence of changes and undos ends as if only the changes that
    stand had been made.

    Args:
        connection: Inside a transaction.
        library_id: Where both changes are.
        change_id: The change to take back.
        undo_id: The log line that takes it back.

    Raises:
        ChangeNotFound: The library's log has no such change.
        CannotChange: It is taken back already, or nothing of it is left.
    """
    origin = _toggle(connection, library_id, change_id, undo_id)
    cells: list[Cell] = [
        (kind, row_id, field)
        for kind, row_id, field in connection.execute(
            "SELECT kind, row_id, field FROM edit INDEXED BY edit_change"
            " WHERE library_id = ? AND change_id = ? ORDER BY kind, row_id, field",
            [library_id, origin],
        )
    ]
    if not cells:
        message = f"Change {change_id} cannot be undone, because nothing of what it changed is left."
        raise CannotChange(message)
    _refuse_second_merge(connection, library_id, origin, cells)
    standing = [(cell, _standing(connection, library_id, cell)) for cell in cells]
    return set_fields(connection, library_id, undo_id, standing)


def _refuse_second_merge(connection: sqlite3.Connection, library_id: int, origin: int, cells: Iterable[Cell]) -> None:
    """A speaker is merged once: a merge does not fall or come back under another one that stands."""
    for cell in cells:
        if cell[2] != "merged_into":
            continue
        row = connection.execute(
            """
            SELECT c.id FROM edit AS e CROSS JOIN change AS c ON c.library_id = e.library_id AND c.id = e.change_id
            WHERE e.library_id = ? AND e.kind = ? AND e.row_id = ? AND e.field = ?
                AND c.undone_by IS NULL AND c.undoes IS NULL AND c.id <> ?
            ORDER BY e.change_id DESC LIMIT 1
            """,
            [library_id, *cell, origin],
        ).fetchone()
        if row is not None:
            message = f"The speaker was merged another way by change {row[0]}. Undo that first."
            raise CannotChange(message)


def _toggle(connection: sqlite3.Connection, library_id: int, change_id: int, undo_id: int) -> int:
    """Let the change that `change_id` made, or took back, fall or stand again; returns that change's id."""
    row = connection.execute(
        "SELECT undoes, undone_by FROM change WHERE library_id = ? AND id = ?", [library_id, bound_id(change_id)]
    ).fetchone()
    if row is None:
        raise ChangeNotFound(change_id)
    undoes, undone_by = row
    if undone_by is not None:
        message = f"Change {change_id} is undone already. To bring it back, undo change {undone_by}."
        raise CannotChange(message)
    origin = change_id if undoes is None else undoes
    # Whatever took it back or brought it back before is history now; only the newest such line can be undone.
    connection.execute(
        "UPDATE change SET undone_by = :undo WHERE library_id = :library AND undoes = :origin AND undone_by IS NULL",
        {"undo": undo_id, "library": library_id, "origin": origin},
    )
    connection.execute(
        """
        UPDATE change SET undone_by = CASE WHEN undone_by IS NULL THEN :undo END
        WHERE library_id = :library AND id = :origin
        """,
        {"undo": undo_id, "library": library_id, "origin": origin},
    )
    connection.execute("UPDATE change SET undoes = ? WHERE library_id = ? AND id = ?", [origin, library_id, undo_id])
    return int(origin)


def _standing(connection: sqlite3.Connection, library_id: int, cell: Cell) -> Any:
    """What a field is by the changes that stand. An undo only says which do, so its own edits do not count."""
    bound = [library_id, *cell]
    latest = connection.execute(
        """
        SELECT e.after FROM edit AS e CROSS JOIN change AS c ON c.library_id = e.library_id AND c.id = e.change_id
        WHERE e.library_id = ? AND e.kind = ? AND e.row_id = ? AND e.field = ?
            AND c.undone_by IS NULL AND c.undoes IS NULL
        ORDER BY e.change_id DESC LIMIT 1
        """,
        bound,
    ).fetchone()
    first = connection.execute(
        "SELECT before FROM edit WHERE library_id = ? AND kind = ? AND row_id = ? AND field = ?"
        " ORDER BY change_id LIMIT 1",
        bound,
    ).fetchone()
    return json.loads((latest or first)[0])


def forget_edits(connection: sqlite3.Connection, library_id: int, kind: str, row_ids: Iterable[int]) -> None:
    """Delete what the log says of rows that are being deleted; its lines stay."""
    connection.execute(
        "DELETE FROM edit WHERE library_id = ? AND kind = ? AND row_id IN (SELECT value FROM json_each(?))",
        [library_id, kind, json.dumps(list(row_ids))],
    )


def _read(connection: sqlite3.Connection, library_id: int, cell: Cell) -> Any:
    kind, row_id, field = _checked(cell)
    row = connection.execute(
        f"SELECT {field} FROM {kind} WHERE library_id = ? AND id = ?",  # noqa: S608 - checked names
        [library_id, row_id],
    ).fetchone()
    return row[0]


def _write(connection: sqlite3.Connection, library_id: int, cell: Cell, value: Any) -> None:
    kind, row_id, field = _checked(cell)
    connection.execute(
        f"UPDATE {kind} SET {field} = ?, version = version + 1 WHERE library_id = ? AND id = ?",  # noqa: S608 - the same
        [value, library_id, row_id],
    )


def _checked(cell: Cell) -> Cell:
    kind, _, field = cell
    if field not in _FIELDS[kind]:
        message = f"{kind}.{field} is no field that a change may set"
        raise ValueError(message)
    return cell
