"""Articles and their revisions: stored whole or not at all, listed, taken out."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from db.errors import ArticleNotFound
from db.model import AddedArticle, ArticleSummary
from db.naming import fold, storable
from db.sqlite.changes import record_change
from db.sqlite.edits import forget_edits, note_edit
from db.sqlite.ids import bound_id
from db.sqlite.packing import encode_text, pack_blocks, pack_facts, pack_spans
from db.sqlite.search import index_revision, unindex_article
from db.sqlite.speakers import find_named, forget_unnamed, join_speakers

if TYPE_CHECKING:
    import sqlite3

    from db.model import Acquisition, ArticleState, Head, Reading

_HEAD_FIELDS = ("title", "standfirst", "byline", "publisher", "published", "url", "language")
_SUMMARY = """
SELECT
    a.id, a.external_id, a.state, a.title, a.publisher, a.published, a.url,
    (SELECT count(*) FROM quotation AS q
     WHERE q.library_id = a.library_id AND q.revision_id = a.revision_id AND q.review NOT IN ('hidden', 'rejected')),
    (SELECT count(*) FROM quotation AS q
     WHERE q.library_id = a.library_id AND q.revision_id = a.revision_id AND q.review NOT IN ('hidden', 'rejected')
         AND q.speaker_id IS NULL),
    r.fact_count, a.added_at
FROM article AS a JOIN revision AS r ON r.library_id = a.library_id AND r.id = a.revision_id
WHERE a.library_id = :library AND a.state <> 'removed'
"""


def add_article(
    connection: sqlite3.Connection,
    library_id: int,
    reading: Reading,
    got: Acquisition,
    *,
    state: ArticleState,
    now: str,
) -> AddedArticle:
    """Store an article, or a new revision of it, with all that was read from it; runs inside a transaction."""
    text = encode_text(reading.text)
    text_hash = hashlib.sha256(text).digest()
    same = _find_by_hash(connection, library_id, text_hash)
    if same is not None:
        return AddedArticle(*same, "already_loaded")
    known = _find_by_identity(connection, library_id, got.external_id, reading.head.url)
    if known is None:
        article_id = _insert_article(connection, library_id, reading.head, got, state=state, now=now)
        external_id = None if got.external_id is None else storable(got.external_id)
    else:
        article_id, external_id = known
        unindex_article(connection, library_id, article_id)
    before = _read_fields(connection, library_id, article_id)
    revision_id = _insert_revision(connection, library_id, article_id, reading, got, text=(text, text_hash), now=now)
    if known is not None:
        _supersede(connection, library_id, article_id, reading.head)
    _make_current(connection, library_id, article_id, revision_id)
    speaker_ids = join_speakers(connection, library_id, revision_id, reading)
    _insert_quotations(connection, library_id, article_id, revision_id, reading=reading, speaker_ids=speaker_ids)
    index_revision(connection, library_id, article_id, revision_id, reading)
    change_id = record_change(
        connection,
        library_id,
        at=now,
        actor=got.actor,
        verb="add" if known is None else "update",
        subject="article",
        subject_id=article_id,
        summary=reading.head.title or got.origin or "",
    )
    if known is None:
        # Taken back, an added article is as good as removed.
        cell = ("article", article_id, "state")
        note_edit(connection, library_id, change_id, cell, before="removed", after=state)
    else:
        for name, after in _read_fields(connection, library_id, article_id).items():
            if before[name] != after:
                cell = ("article", article_id, name)
                note_edit(connection, library_id, change_id, cell, before=before[name], after=after)
    return AddedArticle(article_id, external_id, "added" if known is None else "updated")


def _read_fields(connection: sqlite3.Connection, library_id: int, article_id: int) -> dict[str, object]:
    """What a new revision may change of an article."""
    names = (*_HEAD_FIELDS, "revision_id")
    [row] = connection.execute(
        f"SELECT {', '.join(names)} FROM article WHERE library_id = ? AND id = ?",  # noqa: S608 - fixed names
        [library_id, article_id],
    )
    return dict(zip(names, row, strict=True))


def _find_by_hash(connection: sqlite3.Connection, library_id: int, text_hash: bytes) -> tuple[int, str | None] | None:
    """Id and external id of the article whose current text has this hash."""
    rows = connection.execute(
        """
        SELECT a.id, a.external_id
        FROM revision AS r CROSS JOIN article AS a
            ON a.library_id = r.library_id AND a.id = r.article_id AND a.revision_id = r.id
        WHERE r.library_id = ? AND r.hash = ? AND a.state <> 'removed'
        ORDER BY a.id LIMIT 1
        """,
        [library_id, text_hash],
    )
    return next(((row[0], row[1]) for row in rows), None)


def _find_by_identity(
    connection: sqlite3.Connection, library_id: int, external_id: str | None, url: str | None
) -> tuple[int, str | None] | None:
    """Id and external id of the article with this external id or, failing that, with this URL."""
    rows = connection.execute(
        """
        SELECT id, external_id FROM (
            SELECT id, external_id, 1 AS step FROM article
            WHERE library_id = :library AND external_id = :external AND state <> 'removed'
            UNION ALL
            SELECT id, external_id, 2 FROM article
            WHERE library_id = :library AND url = :url AND state <> 'removed'
                AND (:external IS NULL OR external_id IS NULL)
        )
        ORDER BY step, id LIMIT 1
        """,
        {"library": library_id, "external": external_id and storable(external_id), "url": url and storable(url)},
    )
    return next(((row[0], row[1]) for row in rows), None)


def _bind_head(head: Head) -> dict[str, str | None]:
    values = {name: getattr(head, name) for name in _HEAD_FIELDS}
    stored = {name: None if value is None else storable(value) for name, value in values.items()}
    return stored | {"folded": fold(f"{head.title or ''}\n{head.publisher or ''}")}


def _insert_article(
    connection: sqlite3.Connection, library_id: int, head: Head, got: Acquisition, *, state: ArticleState, now: str
) -> int:
    [(article_id,)] = connection.execute(
        """
        INSERT INTO article (
            library_id, external_id, state, title, standfirst, byline, publisher, published, url, language, folded,
            added_at, added_by
        ) VALUES (
            :library, :external, :state, :title, :standfirst, :byline, :publisher, :published, :url, :language, :folded,
            :now, :actor
        ) RETURNING id
        """,
        _bind_head(head)
        | {
            "library": library_id,
            "external": None if got.external_id is None else storable(got.external_id),
            "state": state,
            "now": now,
            "actor": got.actor,
        },
    )
    return int(article_id)


def _supersede(connection: sqlite3.Connection, library_id: int, article_id: int, head: Head) -> None:
    """Make room for a new revision: the old one's quotations stay for the history, but count no more."""
    connection.execute(
        """
        UPDATE quotation SET is_current = 0
        WHERE library_id = :library
            AND revision_id = (SELECT revision_id FROM article WHERE library_id = :library AND id = :article)
        """,
        {"library": library_id, "article": article_id},
    )
    connection.execute(
        """
        UPDATE article SET
            title = :title, standfirst = :standfirst, byline = :byline, publisher = :publisher,
            published = :published, url = coalesce(:url, url), language = :language, folded = :folded,
            version = version + 1
        WHERE library_id = :library AND id = :article
        """,
        _bind_head(head) | {"library": library_id, "article": article_id},
    )


def _insert_revision(
    connection: sqlite3.Connection,
    library_id: int,
    article_id: int,
    reading: Reading,
    got: Acquisition,
    *,
    text: tuple[bytes, bytes],
    now: str,
) -> int:
    """Store the text, given as bytes and their hash, with its layout."""
    facts, referents = pack_facts(reading.facts)
    [(revision_id,)] = connection.execute(
        """
        INSERT INTO revision (
            library_id, article_id, hash, way, actor, origin, got_at, warnings, fact_count,
            blocks, sentences, facts, referents, text
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
        """,
        [
            library_id,
            article_id,
            text[1],
            got.way,
            got.actor,
            None if got.origin is None else storable(got.origin),
            now,
            json.dumps([*reading.warnings, *got.warnings]),
            len(reading.facts),
            pack_blocks(reading.blocks),
            pack_spans(reading.sentences),
            facts,
            referents,
            text[0],
        ],
    )
    return int(revision_id)


def _make_current(connection: sqlite3.Connection, library_id: int, article_id: int, revision_id: int) -> None:
    connection.execute(
        "UPDATE article SET revision_id = ? WHERE library_id = ? AND id = ?", [revision_id, library_id, article_id]
    )


def _insert_quotations(
    connection: sqlite3.Connection,
    library_id: int,
    article_id: int,
    revision_id: int,
    *,
    reading: Reading,
    speaker_ids: dict[str, int],
) -> None:
    # A generator: its rows are built in the connection's thread, not on the event loop.
    connection.executemany(
        """
        INSERT INTO quotation (
            library_id, article_id, revision_id, type, content, cue, source, speaker_id, confidence, rule
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            (
                library_id,
                article_id,
                revision_id,
                q.type,
                pack_spans(q.content),
                pack_spans([q.cue]) if q.cue else None,
                pack_spans(q.source),
                speaker_ids.get(q.speaker) if q.speaker else None,
                q.confidence,
                storable(q.rule),
            )
            for q in reading.quotations
        ),
    )


def find_articles(
    connection: sqlite3.Connection,
    library_id: int,
    *,
    title: str | None,
    state: ArticleState | None,
    limit: int,
    offset: int,
) -> list[ArticleSummary]:
    """Articles, newest first; `title` keeps those whose title or publisher contains it, ignoring case and accents."""
    rows = connection.execute(
        _SUMMARY
        + """
        AND (:state IS NULL OR a.state = :state) AND (:title = '' OR instr(a.folded, :title))
        ORDER BY a.id DESC LIMIT :limit OFFSET :offset
        """,
        {"library": library_id, "state": state, "title": fold(title or ""), "limit": limit, "offset": offset},
    )
    return [ArticleSummary(*row) for row in rows]


def get_summary(connection: sqlite3.Connection, library_id: int, article_id: int) -> ArticleSummary:
    """One line about one article. Raises ArticleNotFound."""
    rows = connection.execute(
        f"{_SUMMARY} AND a.id = :article", {"library": library_id, "article": bound_id(article_id)}
    )
    for row in rows:
        return ArticleSummary(*row)
    raise ArticleNotFound(article_id)


def remove_article(
    connection: sqlite3.Connection, library_id: int, article_id: int, *, actor: str | None, now: str
) -> ArticleSummary:
    """Delete an article with all its revisions and what only it named; the log keeps that it was."""
    summary = get_summary(connection, library_id, article_id)
    named = find_named(connection, library_id, article_id)
    unindex_article(connection, library_id, article_id)
    forget_edits(connection, library_id, "quotation", _find_quotation_ids(connection, library_id, article_id))
    forget_edits(connection, library_id, "article", [article_id])
    connection.execute("DELETE FROM article WHERE library_id = ? AND id = ?", [library_id, article_id])
    forget_unnamed(connection, library_id, named)
    record_change(
        connection,
        library_id,
        at=now,
        actor=actor,
        verb="remove",
        subject="article",
        subject_id=article_id,
        summary=summary.title or "",
    )
    return summary


def _find_quotation_ids(connection: sqlite3.Connection, library_id: int, article_id: int) -> list[int]:
    rows = connection.execute(
        """
        SELECT q.id FROM revision AS r CROSS JOIN quotation AS q
            ON q.library_id = r.library_id AND q.revision_id = r.id
        WHERE r.library_id = ? AND r.article_id = ? ORDER BY +q.id
        """,
        [library_id, article_id],
    )
    return [int(row[0]) for row in rows]
