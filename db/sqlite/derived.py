"""What follows from corrected fields: keys, roots of merges, current quotations and the search index."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from db.errors import CannotChange
from db.model import Quotation, Reading, Speaker
from db.naming import fold, name_key, surname_key
from db.sqlite.passages import get_article
from db.sqlite.search import index_revision

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from db.sqlite.edits import Cell

# An article costs some 10 ms, and a moderator waits for all of them.
REINDEXED_AT_ONCE = 50
# Fields whose words are in the index, or decide which revision is.
_INDEXED = {
    ("article", "revision_id"),
    ("article", "title"),
    ("article", "published"),
    ("quotation", "speaker_id"),
    ("quotation", "review"),
    ("speaker", "name"),
    ("speaker", "merged_into"),
    ("alias", "is_hidden"),
}


def settle(connection: sqlite3.Connection, library_id: int, cells: Iterable[Cell]) -> None:
    """Bring everything that is derived from these fields up to date; runs in the transaction that set them.

    Raises:
        CannotChange: A speaker would be merged into itself, by way of others, or one text be there twice.
    """
    touched = list(cells)
    ids = {kind: sorted({row_id for k, row_id, _ in touched if k == kind}) for kind, _, _ in touched}
    indexed = [cell for cell in touched if (cell[0], cell[2]) in _INDEXED]
    # Before and after: a speaker that leaves a merge is in neither group's articles alone.
    articles = _find_touched_articles(connection, library_id, indexed)
    for article_id in ids.get("article", ()):
        _settle_article(connection, library_id, article_id)
    for speaker_id in ids.get("speaker", ()):
        _settle_keys(connection, library_id, speaker_id)
    if any(field == "merged_into" for _, _, field in touched):
        _settle_roots(connection, library_id, ids["speaker"])
    articles |= _find_touched_articles(connection, library_id, indexed)
    if len(articles) > REINDEXED_AT_ONCE:
        connection.executemany(
            "INSERT INTO stale_index (library_id, article_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(library_id, article_id) for article_id in sorted(articles)],
        )
    else:
        for article_id in sorted(articles):
            reindex(connection, library_id, article_id)


def reindex_stale(connection: sqlite3.Connection, limit: int) -> int:
    """Index up to `limit` of the articles that lag behind, of any library; returns how many that were."""
    rows = connection.execute(
        "DELETE FROM stale_index WHERE (library_id, article_id) IN"
        " (SELECT library_id, article_id FROM stale_index ORDER BY library_id, article_id LIMIT ?)"
        " RETURNING library_id, article_id",
        [limit],
    ).fetchall()
    for library_id, article_id in rows:
        reindex(connection, library_id, article_id)
    return len(rows)


def _settle_article(connection: sqlite3.Connection, library_id: int, article_id: int) -> None:
    _refuse_second_copy(connection, library_id, article_id)
    [(title, publisher, revision_id)] = connection.execute(
        "SELECT title, publisher, revision_id FROM article WHERE library_id = ? AND id = ?", [library_id, article_id]
    )
    connection.execute(
        "UPDATE article SET folded = ? WHERE library_id = ? AND id = ?",
        [fold(f"{title or ''}\n{publisher or ''}"), library_id, article_id],
    )
    connection.execute(
        """
        UPDATE quotation SET is_current = revision_id = :current
        WHERE library_id = :library AND is_current <> (revision_id = :current)
            AND revision_id IN (SELECT id FROM revision WHERE library_id = :library AND article_id = :article)
        """,
        {"library": library_id, "article": article_id, "current": revision_id},
    )


def _refuse_second_copy(connection: sqlite3.Connection, library_id: int, article_id: int) -> None:
    row = connection.execute(
        """
        SELECT other.id
        FROM article AS a
            CROSS JOIN revision AS r ON r.library_id = a.library_id AND r.id = a.revision_id
            CROSS JOIN revision AS same ON same.library_id = r.library_id AND same.hash = r.hash AND same.id <> r.id
            CROSS JOIN article AS other
                ON other.library_id = a.library_id AND other.id = same.article_id AND other.revision_id = same.id
        WHERE a.library_id = ? AND a.id = ? AND other.id <> a.id AND a.state <> 'removed' AND other.state <> 'removed'
        ORDER BY other.id LIMIT 1
        """,
        [library_id, article_id],
    ).fetchone()
    if row is not None:
        message = f"Article {row[0]} has the same text. Remove it first, or leave things as they are."
        raise CannotChange(message)


def _settle_keys(connection: sqlite3.Connection, library_id: int, speaker_id: int) -> None:
    [(name,)] = connection.execute("SELECT name FROM speaker WHERE library_id = ? AND id = ?", [library_id, speaker_id])
    connection.execute(
        "UPDATE speaker SET name_key = ?, surname_key = ? WHERE library_id = ? AND id = ?",
        [name_key(name), surname_key(name), library_id, speaker_id],
    )


def _settle_roots(connection: sqlite3.Connection, library_id: int, touched: list[int]) -> None:
    """Follow every merge to its end; merges are few, so all of them are followed."""
    rows = connection.execute(
        """
        SELECT id, merged_into, root_id FROM speaker INDEXED BY speaker_merged
        WHERE library_id = :library AND merged_into IS NOT NULL
        UNION
        SELECT s.id, s.merged_into, s.root_id FROM json_each(:touched) AS k CROSS JOIN speaker AS s
        WHERE s.library_id = :library AND s.id = k.value
        ORDER BY 1
        """,
        {"library": library_id, "touched": json.dumps(touched)},
    ).fetchall()
    parents = {row_id: into for row_id, into, _ in rows if into is not None}
    for row_id, _, old_root in rows:
        root, seen = row_id, set[int]()
        while root in parents:
            if root in seen:
                message = "This would merge a speaker into itself, by way of others. Undo the later merge first."
                raise CannotChange(message)
            seen.add(root)
            root = parents[root]
        if root != old_root:
            connection.execute(
                "UPDATE speaker SET root_id = ? WHERE library_id = ? AND id = ?", [root, library_id, row_id]
            )


def _find_touched_articles(connection: sqlite3.Connection, library_id: int, cells: Iterable[Cell]) -> set[int]:
    """Articles whose index entry tells something of these fields."""
    ids: dict[str, list[int]] = {"article": [], "quotation": [], "speaker": [], "alias": []}
    for kind, row_id, _ in cells:
        ids[kind].append(row_id)
    if not any(ids.values()):
        return set()
    rows = connection.execute(
        """
        WITH touched AS (
            SELECT s.root_id AS id FROM json_each(:speakers) AS k CROSS JOIN speaker AS s
            WHERE s.library_id = :library AND s.id = k.value
            UNION
            SELECT s.root_id FROM json_each(:aliases) AS k CROSS JOIN alias AS a
                CROSS JOIN speaker AS s ON s.library_id = :library AND s.id = a.speaker_id
            WHERE a.library_id = :library AND a.id = k.value
        )
        SELECT id FROM article WHERE library_id = :library AND id IN (SELECT value FROM json_each(:articles))
        UNION
        SELECT article_id FROM quotation
        WHERE library_id = :library AND is_current = 1 AND id IN (SELECT value FROM json_each(:quotations))
        UNION
        SELECT q.article_id
        FROM touched CROSS JOIN speaker AS s ON s.library_id = :library AND s.root_id = touched.id
            CROSS JOIN quotation AS q ON q.library_id = :library AND q.speaker_id = s.id
        WHERE q.is_current = 1
        """,
        {
            "library": library_id,
            "articles": json.dumps(ids["article"]),
            "quotations": json.dumps(ids["quotation"]),
            "speakers": json.dumps(ids["speaker"]),
            "aliases": json.dumps(ids["alias"]),
        },
    )
    return {int(row[0]) for row in rows}


def reindex(connection: sqlite3.Connection, library_id: int, article_id: int) -> None:
    """Write an article's index entry anew, with its speakers' names as they are now."""
    row = connection.execute(
        "SELECT 1 FROM article WHERE library_id = ? AND id = ? AND state <> 'removed'", [library_id, article_id]
    ).fetchone()
    if row is None:
        return
    article = get_article(connection, library_id, article_id)
    quotations: list[Quotation] = [stored.quotation for stored in article.quotations]
    reading = Reading(
        text=article.text,
        head=article.head,
        blocks=article.blocks,
        sentences=article.sentences,
        quotations=tuple(quotations),
        facts=article.facts,
        speakers=_find_names(connection, library_id, article.revision_id),
    )
    index_revision(connection, library_id, article_id, article.revision_id, reading)


def _find_names(connection: sqlite3.Connection, library_id: int, revision_id: int) -> tuple[Speaker, ...]:
    """Who is quoted in a revision, with the names that it prints for them or a moderator gave them.

    Whoever was merged into a speaker lends it their main name too: a merge says that the two are one.
    """
    rows = connection.execute(
        """
        SELECT DISTINCT p.id, p.name, a.name
        FROM quotation AS q
            CROSS JOIN speaker AS s ON s.library_id = :library AND s.id = q.speaker_id
            CROSS JOIN speaker AS p ON p.library_id = :library AND p.id = s.root_id
            CROSS JOIN speaker AS part ON part.library_id = :library AND part.root_id = p.id
            CROSS JOIN alias AS a ON a.library_id = :library AND a.speaker_id = part.id AND a.is_hidden = 0
        WHERE q.library_id = :library AND q.revision_id = :revision AND (
            a.is_curated = 1 OR a.name_key = part.name_key OR EXISTS (
                SELECT 1 FROM naming AS n
                WHERE n.library_id = :library AND n.revision_id = :revision AND n.alias_id = a.id
            )
        )
        ORDER BY p.id, a.id
        """,
        {"library": library_id, "revision": revision_id},
    )
    names: dict[str, list[str]] = {}
    for _, name, alias in rows:
        names.setdefault(name, []).append(alias)
    return tuple(Speaker(name, tuple(aliases)) for name, aliases in names.items())
