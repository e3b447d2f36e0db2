"""Corrections by moderators: each is one line of the log and the fields it sets."""

from __future__ import annotations

import dataclasses
import sqlite3
from typing import TYPE_CHECKING, Any

from db import corrections as c
from db.errors import ArticleNotFound, CannotChange, ChangedMeanwhile, QuotationNotFound, SpeakerNotFound
from db.model import Speaker
from db.naming import name_key, storable
from db.sqlite.changes import get_change, record_change
from db.sqlite.derived import settle
from db.sqlite.edits import set_fields, take_back
from db.sqlite.ids import bound_id
from db.sqlite.speakers import add_speaker, resolve_speaker

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.sqlite.edits import Cell

    Values = list[tuple[Cell, Any]]


@dataclasses.dataclass(frozen=True, slots=True)
class _Plan:
    """What a correction comes to: the row it is about, words for the log, and the fields it sets."""

    subject: c.Subject
    row_id: int
    summary: str
    values: Values


def correct(
    connection: sqlite3.Connection,
    library_id: int,
    correction: c.Correction,
    *,
    actor: str | None,
    version: int | None,
    now: str,
) -> c.Change | None:
    """Make one correction, or return None where everything is so already; runs inside a transaction.

    Raises:
        ArticleNotFound: There is no such article; or QuotationNotFound, SpeakerNotFound.
        ChangedMeanwhile: The row is no longer at `version`.
        CannotChange: It makes no sense; the sentence says why.
    """
    plan = _PLANS[type(correction)](connection, library_id, correction)
    _check_version(connection, library_id, plan, version)
    change_id = record_change(
        connection,
        library_id,
        at=now,
        actor=actor,
        verb=_VERBS[type(correction)],
        subject=plan.subject,
        subject_id=plan.row_id,
        summary=plan.summary,
    )
    touched = set_fields(connection, library_id, change_id, plan.values)
    if not touched:
        connection.execute("DELETE FROM change WHERE library_id = ? AND id = ?", [library_id, change_id])
        return None
    settle(connection, library_id, touched)
    return get_change(connection, library_id, change_id)


def undo(connection: sqlite3.Connection, library_id: int, change_id: int, *, actor: str | None, now: str) -> c.Change:
    """Take one change back, or bring back what an undo took back; runs inside a transaction.

    Raises:
        ChangeNotFound: The library's log has no such change.
        CannotChange: It is undone already, nothing of it is left, or the result would make no sense.
    """
    undone = get_change(connection, library_id, change_id)
    undo_id = record_change(
        connection,
        library_id,
        at=now,
        actor=actor,
        verb="undo",
        subject=undone.subject,
        subject_id=undone.subject_id,
        summary=undone.summary,
    )
    try:
        touched = take_back(connection, library_id, change_id, undo_id)
    except sqlite3.IntegrityError as error:
        message = f"Change {change_id} cannot be brought back, because the same article was loaded again since."
        raise CannotChange(message) from error
    settle(connection, library_id, touched)
    return get_change(connection, library_id, undo_id)


def _check_version(connection: sqlite3.Connection, library_id: int, plan: _Plan, version: int | None) -> None:
    [(found,)] = connection.execute(
        f"SELECT version FROM {plan.subject} WHERE library_id = ? AND id = ?",  # noqa: S608 - one of three tables
        [library_id, plan.row_id],
    )
    if version is not None and found != version:
        raise ChangedMeanwhile(plan.subject)


def _article_title(connection: sqlite3.Connection, library_id: int, article_id: int) -> str:
    row = connection.execute(
        "SELECT title FROM article WHERE library_id = ? AND id = ? AND state <> 'removed'",
        [library_id, bound_id(article_id)],
    ).fetchone()
    if row is None:
        raise ArticleNotFound(article_id)
    return row[0] or ""


def _quotation_summary(connection: sqlite3.Connection, library_id: int, quotation_id: int) -> str:
    row = connection.execute(
        """
        SELECT a.title FROM quotation AS q JOIN article AS a ON a.library_id = q.library_id AND a.id = q.article_id
        WHERE q.library_id = ? AND q.id = ? AND q.is_current = 1 AND a.state <> 'removed'
        """,
        [library_id, bound_id(quotation_id)],
    ).fetchone()
    if row is None:
        raise QuotationNotFound(quotation_id)
    return f"quotation {quotation_id} of {row[0] or 'an article without a title'}"


def _speaker_name(connection: sqlite3.Connection, library_id: int, speaker_id: int) -> str:
    row = connection.execute(
        "SELECT name FROM speaker WHERE library_id = ? AND id = ? AND merged_into IS NULL",
        [library_id, bound_id(speaker_id)],
    ).fetchone()
    if row is None:
        raise SpeakerNotFound(speaker_id)
    return str(row[0])


def _checked_name(name: str) -> str:
    clean = " ".join(storable(name).split())
    if not name_key(clean):
        message = f"{name!r} is no name: it needs a letter or a digit."
        raise CannotChange(message)
    return clean


def _set_state(connection: sqlite3.Connection, library_id: int, it: c.SetState) -> _Plan:
    title = _article_title(connection, library_id, it.article_id)
    return _Plan("article", it.article_id, f"{title} → {it.state}", [(("article", it.article_id, "state"), it.state)])


def _edit_head(connection: sqlite3.Connection, library_id: int, it: c.EditHead) -> _Plan:
    title = _article_title(connection, library_id, it.article_id)
    wanted = {
        f.name: None if value is None else storable(value)
        for f in dataclasses.fields(it.head)
        if (value := getattr(it.head, f.name)) is None or isinstance(value, str)
    }
    row = connection.execute(
        f"SELECT {', '.join(wanted)} FROM article WHERE library_id = ? AND id = ?",  # noqa: S608 - names of Head
        [library_id, it.article_id],
    ).fetchone()
    # A form shows all fields; only those that were changed in it are meant.
    values: Values = [
        (("article", it.article_id, name), after)
        for (name, after), before in zip(wanted.items(), row, strict=True)
        if before != after
    ]
    return _Plan("article", it.article_id, title, values)


def _review(connection: sqlite3.Connection, library_id: int, it: c.ReviewQuotation) -> _Plan:
    summary = _quotation_summary(connection, library_id, it.quotation_id)
    cell = ("quotation", it.quotation_id, "review")
    return _Plan("quotation", it.quotation_id, f"{summary} → {it.review}", [(cell, it.review)])


def _set_speaker(connection: sqlite3.Connection, library_id: int, it: c.SetSpeaker) -> _Plan:
    summary = _quotation_summary(connection, library_id, it.quotation_id)
    speaker_id = None if it.name is None else _ensure_speaker(connection, library_id, _checked_name(it.name))
    return _Plan(
        "quotation",
        it.quotation_id,
        f"{summary} → {it.name or 'unattributed'}",
        [
            (("quotation", it.quotation_id, "speaker_id"), speaker_id),
            (("quotation", it.quotation_id, "review"), "corrected"),
        ],
    )


def _ensure_speaker(connection: sqlite3.Connection, library_id: int, name: str) -> int:
    """The speaker a moderator's words mean: exactly that name, else the one it fits, else a new one.

    A new one stays when the change is undone, but nothing shows a speaker whom nobody quotes and no article names.
    """
    row = connection.execute(
        """
        SELECT id FROM speaker WHERE library_id = ? AND name_key = ? AND name = ?
        ORDER BY merged_into IS NOT NULL, +id LIMIT 1
        """,
        [library_id, name_key(name), name],
    ).fetchone()
    found = int(row[0]) if row else resolve_speaker(connection, library_id, name)
    if found is not None:
        return found
    speaker_id = add_speaker(connection, library_id, Speaker(name))
    _add_name(connection, library_id, speaker_id, name, is_hidden=False)
    return speaker_id


def _rename(connection: sqlite3.Connection, library_id: int, it: c.RenameSpeaker) -> _Plan:
    old, new = _speaker_name(connection, library_id, it.speaker_id), _checked_name(it.name)
    other = connection.execute(
        "SELECT id FROM speaker WHERE library_id = ? AND name_key = ? AND id <> ? AND merged_into IS NULL LIMIT 1",
        [library_id, name_key(new), it.speaker_id],
    ).fetchone()
    if other is not None and _is_shown(connection, library_id, other[0]):
        message = f"There is a speaker {new} already. Merge the two instead."
        raise CannotChange(message)
    alias = _show_name(connection, library_id, it.speaker_id, new)
    return _Plan("speaker", it.speaker_id, f"{old} → {new}", [(("speaker", it.speaker_id, "name"), new), *alias])


def _is_shown(connection: sqlite3.Connection, library_id: int, speaker_id: int) -> bool:
    return bool(
        connection.execute(
            """
            SELECT EXISTS (
                SELECT 1 FROM alias AS a JOIN naming AS n ON n.library_id = a.library_id AND n.alias_id = a.id
                WHERE a.library_id = :library AND a.speaker_id = :speaker
            ) OR EXISTS (SELECT 1 FROM quotation WHERE library_id = :library AND speaker_id = :speaker)
            """,
            {"library": library_id, "speaker": speaker_id},
        ).fetchone()[0]
    )


def _add_alias(connection: sqlite3.Connection, library_id: int, it: c.AddAlias) -> _Plan:
    name, alias = _speaker_name(connection, library_id, it.speaker_id), _checked_name(it.name)
    values = _show_name(connection, library_id, it.speaker_id, alias)
    return _Plan("speaker", it.speaker_id, f"{name}: {alias}", values)


def _show_name(connection: sqlite3.Connection, library_id: int, speaker_id: int, name: str) -> Values:
    """What lets a name mean a speaker; a new row begins hidden, so that undo has something to go back to."""
    rows = connection.execute(
        """
        SELECT a.id FROM alias AS a CROSS JOIN speaker AS s ON s.library_id = a.library_id AND s.id = a.speaker_id
        WHERE a.library_id = ? AND a.name_key = ? AND s.root_id = ?
        ORDER BY a.is_hidden, a.is_curated DESC, +a.id
        """,
        [library_id, name_key(name), speaker_id],
    ).fetchall()
    alias_id = rows[0][0] if rows else _add_name(connection, library_id, speaker_id, name, is_hidden=True)
    return [(("alias", alias_id, "is_hidden"), 0)]


def _add_name(connection: sqlite3.Connection, library_id: int, speaker_id: int, name: str, *, is_hidden: bool) -> int:
    [(alias_id,)] = connection.execute(
        "INSERT INTO alias (library_id, speaker_id, name, name_key, is_curated, is_hidden) VALUES (?, ?, ?, ?, 1, ?)"
        " RETURNING id",
        [library_id, speaker_id, name, name_key(name), int(is_hidden)],
    )
    return int(alias_id)


def _remove_alias(connection: sqlite3.Connection, library_id: int, it: c.RemoveAlias) -> _Plan:
    name, key = _speaker_name(connection, library_id, it.speaker_id), name_key(it.name)
    if key == name_key(name):
        message = f"{name} is the speaker's own name. Rename the speaker first."
        raise CannotChange(message)
    rows = connection.execute(
        """
        SELECT a.id FROM alias AS a CROSS JOIN speaker AS s ON s.library_id = a.library_id AND s.id = a.speaker_id
        WHERE a.library_id = ? AND a.name_key = ? AND s.root_id = ? ORDER BY +a.id
        """,
        [library_id, key, it.speaker_id],
    ).fetchall()
    if not rows:
        message = f"{name} has no alias {it.name!r}."
        raise CannotChange(message)
    values: Values = [(("alias", row[0], "is_hidden"), 1) for row in rows]
    return _Plan("speaker", it.speaker_id, f"{name}: {it.name}", values)


def _merge(connection: sqlite3.Connection, library_id: int, it: c.MergeSpeakers) -> _Plan:
    name = _speaker_name(connection, library_id, it.speaker_id)
    into = _speaker_name(connection, library_id, it.into)
    if it.speaker_id == it.into:
        message = f"{name} cannot be merged into itself. Choose another speaker."
        raise CannotChange(message)
    cell = ("speaker", it.speaker_id, "merged_into")
    return _Plan("speaker", it.speaker_id, f"{name} → {into}", [(cell, it.into)])


_PLANS: dict[type, Callable[[sqlite3.Connection, int, Any], _Plan]] = {
    c.SetState: _set_state,
    c.EditHead: _edit_head,
    c.ReviewQuotation: _review,
    c.SetSpeaker: _set_speaker,
    c.RenameSpeaker: _rename,
    c.AddAlias: _add_alias,
    c.RemoveAlias: _remove_alias,
    c.MergeSpeakers: _merge,
}
_VERBS: dict[type, str] = {
    c.SetState: "set state",
    c.EditHead: "edit",
    c.ReviewQuotation: "review",
    c.SetSpeaker: "set speaker",
    c.RenameSpeaker: "rename",
    c.AddAlias: "add alias",
    c.RemoveAlias: "remove alias",
    c.MergeSpeakers: "merge",
}
