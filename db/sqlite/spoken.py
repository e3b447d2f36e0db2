"""Everything a speaker says in a library, passage by passage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.model import Span
from db.sqlite.ids import bound_id
from db.sqlite.passages import get_article, make_quotation_passage

if TYPE_CHECKING:
    import sqlite3

    from db.model import Article, Passage, Quotation


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles count: ISO dates, both inclusive, and a part of the publisher's name; None is no limit."""

    since: str | None = None
    until: str | None = None
    publisher: str | None = None


def find_spoken(
    connection: sqlite3.Connection,
    library_id: int,
    speaker_id: int,
    wanted: Filter,
    *,
    page: tuple[int, int],
    shown_as: str,
) -> list[Passage]:
    """A page (limit, offset) of what a speaker says, the latest article first, in reading order inside an article."""
    rows = connection.execute(
        """
        SELECT q.article_id, q.id
        FROM speaker AS s
        JOIN quotation AS q ON q.library_id = s.library_id AND q.speaker_id = s.id
        JOIN article AS a ON a.library_id = q.library_id AND a.id = q.article_id
        WHERE s.library_id = :library AND s.root_id = (
            SELECT root_id FROM speaker WHERE library_id = :library AND id = :speaker
        )
        AND q.is_current = 1 AND q.review NOT IN ('hidden', 'rejected') AND a.state = 'published'
        AND (:since IS NULL OR substr(a.published, 1, 10) >= :since)
        AND (:until IS NULL OR substr(a.published, 1, 10) <= :until)
        AND (:publisher IS NULL OR instr(lower(a.publisher), lower(:publisher)) > 0)
        ORDER BY a.published IS NULL, a.published DESC, a.id DESC, q.id
        LIMIT :limit OFFSET :offset
        """,
        {
            "library": library_id,
            "speaker": bound_id(speaker_id),
            "since": wanted.since,
            "until": wanted.until,
            "publisher": wanted.publisher,
            "limit": page[0],
            "offset": page[1],
        },
    ).fetchall()
    articles: dict[int, Article] = {}
    found: list[Passage] = []
    for article_id, quotation_id in rows:
        if article_id not in articles:
            articles[article_id] = get_article(connection, library_id, article_id)
        article = articles[article_id]
        stored = next(one for one in article.quotations if one.id == quotation_id)
        span = _whole_sentences(article, stored.quotation)
        if any(part.overlaps(span) for part in article.hidden):
            span = Span(stored.quotation.content[0].start, stored.quotation.content[-1].end)
        is_clear = not any(part.overlaps(span) for part in article.hidden)
        if is_clear and not any(p.article_id == article_id and p.span == span for p in found):
            found.append(make_quotation_passage(shown_as, article, span, stored))
    return found


def _whole_sentences(article: Article, quotation: Quotation) -> Span:
    """From the beginning of the sentence of the first word said to the end of that of the last."""
    first, last = quotation.content[0].start, quotation.content[-1].end
    touched = [s for s in article.sentences if s.start < last and first < s.end]
    return Span(min([first, *(s.start for s in touched)]), max([last, *(s.end for s in touched)]))
