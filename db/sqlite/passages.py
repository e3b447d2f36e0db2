"""Whole articles and single passages, read back from their rows."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from db.errors import ArticleNotFound
from db.model import Article, Citation, Head, Passage, Quotation, Span, StoredQuotation
from db.speech import count_shared, is_speech, is_stray
from db.sqlite.ids import bound_id
from db.sqlite.packing import decode_text, unpack_blocks, unpack_facts, unpack_spans

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_LEFT_OUT = frozenset({"hidden", "rejected"})


def get_article(
    connection: sqlite3.Connection, library_id: int, article_id: int, *, with_hidden: bool = False
) -> Article:
    """One article with its current revision; `with_hidden` as in `find_quotations`. Raises ArticleNotFound."""
    rows = connection.execute(
        """
        SELECT
            a.external_id, a.state, a.added_at, a.added_by,
            a.title, a.standfirst, a.byline, a.publisher, a.published, a.url, a.language,
            a.version, r.id, r.blocks, r.sentences, r.facts, r.referents, r.text
        FROM article AS a JOIN revision AS r ON r.library_id = a.library_id AND r.id = a.revision_id
        WHERE a.library_id = ? AND a.id = ? AND a.state <> 'removed'
        """,
        [library_id, bound_id(article_id)],
    )
    for (
        external_id,
        state,
        added_at,
        added_by,
        *head,
        version,
        revision_id,
        blocks,
        sentences,
        facts,
        referents,
        text,
    ) in rows:
        stored = find_quotations(connection, library_id, revision_id, with_hidden=True)
        return Article(
            id=article_id,
            external_id=external_id,
            state=state,
            revision_id=revision_id,
            head=Head(*head),
            text=decode_text(text),
            blocks=unpack_blocks(blocks),
            sentences=unpack_spans(sentences),
            quotations=tuple(one for one in stored if with_hidden or one.review not in _LEFT_OUT),
            facts=unpack_facts(facts, referents),
            added_at=added_at,
            added_by=added_by,
            version=version,
            hidden=tuple(part for one in stored if one.review == "hidden" for part in one.quotation.content),
        )
    raise ArticleNotFound(article_id)


def find_texts(connection: sqlite3.Connection, library_id: int, revision_ids: Sequence[int]) -> dict[int, str]:
    """The texts of those revisions that are current, published and, by their hash, still what was stored."""
    found: dict[int, str] = {}
    for revision_id in dict.fromkeys(revision_ids):
        rows = connection.execute(
            """
            SELECT r.hash, r.text
            FROM revision AS r JOIN article AS a ON a.library_id = r.library_id AND a.revision_id = r.id
            WHERE r.library_id = ? AND r.id = ? AND a.state = 'published'
            """,
            [library_id, bound_id(revision_id)],
        )
        for text_hash, text in rows:
            if hashlib.sha256(text).digest() == text_hash:
                found[revision_id] = decode_text(text)
    return found


def find_quotations(
    connection: sqlite3.Connection, library_id: int, revision_id: int, *, with_hidden: bool = False
) -> tuple[StoredQuotation, ...]:
    """A revision's quotations in reading order, with the speaker's name after corrections.

    Those that moderators hid or rejected are left out unless `with_hidden`.
    """
    rows = connection.execute(
        """
        SELECT q.id, q.type, q.content, q.cue, q.source, p.name, q.confidence, q.rule, p.id, q.review, q.version
        FROM quotation AS q
            LEFT JOIN speaker AS s ON s.library_id = q.library_id AND s.id = q.speaker_id
            LEFT JOIN speaker AS p ON p.library_id = q.library_id AND p.id = s.root_id
        WHERE q.library_id = ? AND q.revision_id = ? AND (? OR q.review NOT IN ('hidden', 'rejected'))
        ORDER BY q.id
        """,
        [library_id, revision_id, with_hidden],
    )
    found = [
        StoredQuotation(
            id=row_id,
            quotation=Quotation(
                type=kind,
                content=unpack_spans(content),
                cue=unpack_spans(cue)[0] if cue else None,
                source=unpack_spans(source),
                speaker=speaker,
                confidence=confidence,
                rule=rule,
            ),
            speaker_id=speaker_id,
            review=review,
            version=version,
        )
        for row_id, kind, content, cue, source, speaker, confidence, rule, speaker_id, review, version in rows
    ]
    return tuple(sorted(found, key=lambda stored: (stored.quotation.content, stored.id)))


def find_passage(
    connection: sqlite3.Connection, library_id: int, article_id: int, span: Span, *, shown_as: str
) -> Passage | None:
    """The passage at exactly `span` of the article's current revision, or None when nothing is shown there any more.

    A span that holds the content of a quotation is that quotation's passage, of several the first one's; otherwise it
    must be whole sentences, as ranking shows them, or a fact; sentences out of a longer quotation are that one's. Words
    of a hidden quotation are in no passage.
    """
    try:
        article = get_article(connection, library_id, article_id, with_hidden=True)
    except ArticleNotFound:
        return None
    if article.state != "published" or not 0 <= span.start < span.end <= len(article.text):
        return None
    if any(part.overlaps(span) for part in article.hidden):
        return None
    stored = _find_quotation(article, span)
    if stored is not None:
        return make_quotation_passage(shown_as, article, span, stored)
    return _plain_passage(shown_as, article, span) if _is_whole(article, span) else None


def _find_quotation(article: Article, span: Span) -> StoredQuotation | None:
    """The first quotation that a span holds whole, else the one that whole sentences are mostly out of."""
    known = [one for one in article.quotations if one.review not in _LEFT_OUT and not _is_stray(article, one.quotation)]
    for stored in known:
        content = stored.quotation.content
        if content and span.start <= content[0].start and content[-1].end <= span.end:
            return stored
    spoken = [one for one in known if is_speech(one.quotation.type, one.quotation.content, span)]
    if not spoken or not _is_whole(article, span):
        return None
    return max(spoken, key=lambda one: count_shared(one.quotation.content, span))


def _is_whole(article: Article, span: Span) -> bool:
    starts, ends = {s.start for s in article.sentences}, {s.end for s in article.sentences}
    return (span.start in starts and span.end in ends) or any(fact.span == span for fact in article.facts)


def _is_stray(article: Article, quotation: Quotation) -> bool:
    words = " ".join(part.slice(article.text) for part in quotation.content)
    is_sourced = bool(quotation.source or quotation.speaker)
    return is_stray(quotation.type, words, is_sourced=is_sourced, confidence=quotation.confidence)


def make_quotation_passage(library: str, article: Article, span: Span, stored: StoredQuotation) -> Passage:
    """A quotation of an article as the passage that covers `span`."""
    referents = tuple(r for fact in article.facts if fact.span.overlaps(span) for r in fact.referents)
    return Passage(
        library=library,
        article_id=article.id,
        revision_id=article.revision_id,
        span=span,
        kind="quotation",
        text=span.slice(article.text),
        citation=_cite(article),
        quotation_id=stored.id,
        content=stored.quotation.content,
        speaker=stored.quotation.speaker,
        source_text=stored.quotation.source_text(article.text),
        referents=referents,
    )


def _plain_passage(library: str, article: Article, span: Span) -> Passage:
    referents = [r for fact in article.facts for r in fact.referents]
    return Passage(
        library=library,
        article_id=article.id,
        revision_id=article.revision_id,
        span=span,
        kind="fact",
        text=span.slice(article.text),
        citation=_cite(article),
        referents=tuple(r for r in referents if span.start <= r.span.start and r.span.end <= span.end),
    )


def _cite(article: Article) -> Citation:
    head = article.head
    return Citation(article.id, article.external_id, head.title, head.publisher, head.published, head.url)
