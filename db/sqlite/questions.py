"""Unanswered questions, kept without who asked, counted, and forgotten in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.model import OpenQuestion
from db.naming import fold, storable

if TYPE_CHECKING:
    import sqlite3


def question_key(question: str) -> str:
    """What two askings of one question have in common: case, accents, punctuation and spacing do not count."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(question)).split()) or fold(question).strip()


def record_question(
    connection: sqlite3.Connection, library_id: int, question: str, *, answered: bool, now: str, expires_at: str
) -> None:
    """Count a question that found no answer, or note that one on the list is answered by now; drop what expired."""
    forget_expired(connection, library_id, now=now)
    if answered:
        _mark_solved(connection, library_id, question, now=now)
    else:
        _count_unanswered(connection, library_id, question, now=now, expires_at=expires_at)


def _count_unanswered(
    connection: sqlite3.Connection, library_id: int, question: str, *, now: str, expires_at: str
) -> None:
    """Count a question that found no answer; asked again, it is open again and kept longer."""
    connection.execute(
        """
        INSERT INTO question (library_id, text_key, text, first_at, last_at, expires_at)
        VALUES (:library, :key, :text, :now, :now, :expires)
        ON CONFLICT (library_id, text_key) DO UPDATE SET
            asked_count = asked_count + 1, last_at = :now, expires_at = :expires, solved_at = NULL, solved_by = NULL
        """,
        {
            "library": library_id,
            "key": question_key(question),
            "text": storable(question),
            "now": now,
            "expires": expires_at,
        },
    )


def _mark_solved(connection: sqlite3.Connection, library_id: int, question: str, *, now: str) -> None:
    """Note that a question on the list is answered by now."""
    connection.execute(
        "UPDATE question SET solved_at = ? WHERE library_id = ? AND text_key = ? AND solved_at IS NULL",
        [now, library_id, question_key(question)],
    )


def find_questions(connection: sqlite3.Connection, library_id: int, *, now: str, limit: int) -> list[OpenQuestion]:
    """Questions that are still unanswered, most asked first, the latest first among equals."""
    rows = connection.execute(
        """
        SELECT id, text, asked_count, first_at, last_at FROM question
        WHERE library_id = ? AND solved_at IS NULL AND expires_at > ?
        ORDER BY asked_count DESC, last_at DESC, id DESC LIMIT ?
        """,
        [library_id, now, limit],
    )
    return [OpenQuestion(*row) for row in rows]


def forget_expired(connection: sqlite3.Connection, library_id: int, *, now: str) -> int:
    """Delete the questions whose time is over; returns how many those were."""
    found = connection.execute("DELETE FROM question WHERE library_id = ? AND expires_at <= ?", [library_id, now])
    return found.rowcount
