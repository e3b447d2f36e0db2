"""The words of a library in small pages by their first two letters, for finding those that a slip may mean."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

# A page stays inside one database page, so that adding a word rewrites little.
_PAGE_CHARS = 700


def _by_prefix(words: Iterable[str]) -> dict[str, list[str]]:
    groups = defaultdict[str, list[str]](list)
    for word in words:
        groups[word[:2]].append(word)
    return groups


def add_words(connection: sqlite3.Connection, library_id: int, words: Iterable[str]) -> None:
    """Add words that the library did not hold before."""
    for prefix, group in sorted(_by_prefix(words).items()):
        row = connection.execute(
            "SELECT page, length(words) FROM search_words WHERE library_id = ? AND prefix = ?"
            " ORDER BY page DESC LIMIT 1",
            (library_id, prefix),
        ).fetchone()
        page, size = row or (0, _PAGE_CHARS)
        if size >= _PAGE_CHARS:
            connection.execute(
                "INSERT INTO search_words (library_id, prefix, page, words) VALUES (?, ?, ?, ?)",
                (library_id, prefix, page + 1, " ".join(group)),
            )
        else:
            connection.execute(
                "UPDATE search_words SET words = words || ' ' || ? WHERE library_id = ? AND prefix = ? AND page = ?",
                (" ".join(group), library_id, prefix, page),
            )


def remove_words(connection: sqlite3.Connection, library_id: int, words: Iterable[str]) -> None:
    """Take words out that no article of the library holds any more."""
    for prefix, group in _by_prefix(words).items():
        gone = frozenset(group)
        for page, held in connection.execute(
            "SELECT page, words FROM search_words WHERE library_id = ? AND prefix = ?", (library_id, prefix)
        ).fetchall():
            kept = [word for word in held.split() if word not in gone]
            if len(kept) < len(held.split()):
                connection.execute(
                    "UPDATE search_words SET words = ? WHERE library_id = ? AND prefix = ? AND page = ?",
                    (" ".join(kept), library_id, prefix, page),
                )


def find_words(connection: sqlite3.Connection, library_id: int, low: str, high: str) -> list[str]:
    """All words of a library whose first two letters lie in `[low, high)`."""
    rows = connection.execute(
        "SELECT words FROM search_words WHERE library_id = ? AND prefix >= ? AND prefix < ? ORDER BY prefix, page",
        (library_id, low, high),
    )
    return " ".join([words for (words,) in rows]).split()
