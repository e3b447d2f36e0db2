"""Writing the search index: an article's words become postings inside the transaction that stores the article."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.sqlite.packing import unpack_spans
from db.sqlite.search_layout import assign_quotations, find_extent, lay_out, pack_layout, unpack_layout
from db.sqlite.search_postings import extend_tail, pack_chunks, unpack_chunks, without_chunks
from db.sqlite.search_words import add_words, remove_words
from db.terms import STOP_WORDS, distinct_words, make_stemmer

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from db.model import Block, Span
    from db.sqlite.search_layout import Layout


# No word begins with it.
SPEAKER_MARK = "@"


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the index wants to know of one article.

    `voices` gives of each quotation its extent, its speaker's names (none where unknown) and its source as printed.
    """

    article_id: int
    revision_id: int
    title: str | None
    text: str
    sentences: Sequence[Span]
    blocks: Sequence[Block]
    published: str | None
    voices: Sequence[tuple[Span, Sequence[str], str]]


def index_article(connection: sqlite3.Connection, library_id: int, article: Indexed) -> None:
    """Make one article findable. Replaces what was indexed of it before; costs the same at any library size."""
    unindex(connection, library_id, article.article_id)
    layout = lay_out(article.text, article.sentences, article.blocks)
    layout = assign_quotations(layout, article.sentences, _find_extents(connection, library_id, article.revision_id))
    chunk_count = len(layout.starts)
    if not chunk_count:
        return
    connection.execute("INSERT OR IGNORE INTO search_library VALUES (?, 1, 0, 0)", (library_id,))
    ((first,),) = connection.execute(
        "UPDATE search_library SET next_chunk = next_chunk + ?2, chunk_count = chunk_count + ?2,"
        " sentence_count = sentence_count + ?3 WHERE library_id = ?1 RETURNING next_chunk - ?2",
        (library_id, chunk_count, layout.sentence_count),
    ).fetchall()
    connection.execute(
        "INSERT INTO search_article (library_id, first_chunk, chunk_count, article_id, revision_id, published, layout)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            library_id,
            first,
            chunk_count,
            article.article_id,
            article.revision_id,
            article.published,
            pack_layout(layout),
        ),
    )
    postings, forms = collect_terms(article, layout, first)
    _write_postings(connection, library_id, postings, forms)


def _find_extents(connection: sqlite3.Connection, library_id: int, revision_id: int) -> list[tuple[int, int, int]]:
    """Row id and extent of a revision's quotations, in order of ids."""
    rows = connection.execute(
        "SELECT id, content, coalesce(cue, x''), source FROM quotation WHERE library_id = ? AND revision_id = ?"
        " ORDER BY id",
        (library_id, revision_id),
    )
    return [(row_id, *find_extent(*packed)) for row_id, *packed in rows]


def collect_terms(article: Indexed, layout: Layout, first: int) -> tuple[dict[str, list[int]], dict[str, set[str]]]:
    """The terms of an article: stem → ascending chunk numbers, and stem → the words it was printed as.

    Every chunk also carries the title's words and the names of those who speak in it, which readers take as said. Who
    speaks there stands a second time as a term of its own, so that "what did Smith say" need not read every mention.
    """
    stems = make_stemmer()
    text, postings, forms = article.text, defaultdict[str, list[int]](list), defaultdict[str, set[str]](set)
    title = _title_words(article)
    voices = sorted(article.voices, key=lambda voice: voice[0].start)
    for chunk in range(len(layout.starts)):
        indexes = layout.sentences_of(chunk)
        start, end = article.sentences[indexes[0]].start, article.sentences[indexes[-1]].end
        words = distinct_words(text, start, end) | title
        terms = set[str]()
        for span, names, source in voices:
            if span.start < end and start < span.end:
                named = distinct_words(" . ".join(names))
                words |= named
                terms.update(speaker_terms(named | distinct_words(source), stems))
        for word in words - STOP_WORDS:
            terms.add(stems[word])
            forms[stems[word]].add(word)
        for term in terms:
            postings[term].append(first + chunk)
    return postings, forms


def speaker_terms(words: Iterable[str], stems: Mapping[str, str]) -> set[str]:
    """The terms under which chunks stand in which somebody of this name speaks."""
    return {SPEAKER_MARK + stems[word] for word in words if word not in STOP_WORDS}


def _title_words(article: Indexed) -> set[str]:
    spans = [block.span for block in article.blocks if block.kind == "title"]
    return distinct_words(article.title or "").union(
        *(distinct_words(article.text, span.start, span.end) for span in spans)
    )


def _write_postings(
    connection: sqlite3.Connection, library_id: int, postings: dict[str, list[int]], forms: dict[str, set[str]]
) -> None:
    rows = connection.execute(
        "SELECT term, chunk_count, last_chunk, forms, tail FROM search_term"
        " WHERE library_id = ? AND term IN (SELECT value FROM json_each(?))",
        (library_id, json.dumps(list(postings))),
    )
    known = {row[0]: row[1:] for row in rows}
    written, sealed, new_words = [], [], list[str]()
    for term in sorted(postings):
        chunks = postings[term]
        count, last, old_forms, tail = known.get(term, (0, 0, None, b""))
        longer = extend_tail(tail, last, chunks)
        if longer is None:
            sealed.append((library_id, term, int.from_bytes(tail[1:5], "little"), tail))
            longer = pack_chunks(chunks)
        had = _split_forms(term, old_forms)
        now = had | forms[term]
        new_words += sorted(now - had)
        written.append((library_id, term, count + len(chunks), chunks[-1], _join_forms(term, now), longer))
    connection.executemany("INSERT INTO search_run (library_id, term, first_chunk, chunks) VALUES (?, ?, ?, ?)", sealed)
    connection.executemany(
        "INSERT INTO search_term (library_id, term, chunk_count, last_chunk, forms, tail) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (library_id, term) DO UPDATE SET chunk_count = excluded.chunk_count,"
        " last_chunk = excluded.last_chunk, forms = excluded.forms, tail = excluded.tail",
        written,
    )
    add_words(connection, library_id, new_words)


def _split_forms(term: str, forms: str | None) -> set[str]:
    """The words printed for a stem; an empty column means the stem alone, None that the term is new."""
    return set() if forms is None else set(forms.split()) if forms else {term}


def _join_forms(term: str, forms: set[str]) -> str:
    return "" if forms == {term} else " ".join(sorted(forms))


def unindex(connection: sqlite3.Connection, library_id: int, article_id: int) -> None:
    """Take an article out of the index. Its revision must still be stored, because its words say where to look.

    Postings of words that the text no longer tells (a speaker renamed since) stay behind; their chunk numbers are
    never used again, and a reader skips chunks that belong to no article.
    """
    row = connection.execute(
        "SELECT a.first_chunk, a.chunk_count, a.layout, r.text, (SELECT title FROM article WHERE id = a.article_id)"
        " FROM search_article AS a LEFT JOIN revision AS r ON r.library_id = a.library_id AND r.id = a.revision_id"
        " WHERE a.library_id = ? AND a.article_id = ?",
        (library_id, article_id),
    ).fetchone()
    if row is None:
        return
    first, chunk_count, layout_blob, raw, title = row
    layout = unpack_layout(layout_blob)
    text = (raw or b"").decode("utf-8", "surrogatepass")
    names = connection.execute(
        "SELECT DISTINCT alias.name FROM quotation JOIN alias ON alias.library_id = quotation.library_id"
        " AND alias.speaker_id = quotation.speaker_id WHERE quotation.library_id = ?1 AND quotation.revision_id IN"
        " (SELECT id FROM revision WHERE library_id = ?1 AND article_id = ?2)",
        (library_id, article_id),
    )
    spoken = " . ".join([title or "", *(name for (name,) in names)])
    words = distinct_words(text) | distinct_words(spoken)
    stems = make_stemmer()
    terms = {stems[word] for word in words if word not in STOP_WORDS}
    terms |= speaker_terms(distinct_words(f"{spoken} . {_sources(connection, library_id, article_id, text)}"), stems)
    _drop_postings(connection, library_id, terms, first, first + chunk_count)
    connection.execute("DELETE FROM search_article WHERE library_id = ? AND first_chunk = ?", (library_id, first))
    connection.execute(
        "UPDATE search_library SET chunk_count = chunk_count - ?, sentence_count = sentence_count - ?"
        " WHERE library_id = ?",
        (chunk_count, layout.sentence_count, library_id),
    )


def _sources(connection: sqlite3.Connection, library_id: int, article_id: int, text: str) -> str:
    """All sources of an article's quotations, as printed."""
    rows = connection.execute(
        "SELECT source FROM quotation WHERE library_id = ?1 AND revision_id IN"
        " (SELECT id FROM revision WHERE library_id = ?1 AND article_id = ?2)",
        (library_id, article_id),
    )
    return " . ".join(span.slice(text) for (source,) in rows for span in unpack_spans(source))


def _drop_postings(connection: sqlite3.Connection, library_id: int, words: Iterable[str], first: int, end: int) -> None:
    stems = make_stemmer()
    for term in sorted({stems[word] for word in words if word not in STOP_WORDS}):
        row = connection.execute(
            "SELECT chunk_count, forms, tail FROM search_term WHERE library_id = ? AND term = ?", (library_id, term)
        ).fetchone()
        if row is None:
            continue
        count, forms, tail = row
        tail, dropped = without_chunks(tail, first, end)
        last = int(unpack_chunks(tail)[-1]) if tail else 0
        dropped += _drop_from_runs(connection, library_id, term, first, end)
        if count > dropped:
            connection.execute(
                "UPDATE search_term SET chunk_count = ?, last_chunk = ?, tail = ? WHERE library_id = ? AND term = ?",
                (count - dropped, last, tail, library_id, term),
            )
        else:
            connection.execute("DELETE FROM search_term WHERE library_id = ? AND term = ?", (library_id, term))
            remove_words(connection, library_id, _split_forms(term, forms))


def _drop_from_runs(connection: sqlite3.Connection, library_id: int, term: str, first: int, end: int) -> int:
    """Drop chunk numbers from full tails: those that begin inside the range, and the last that begins before it."""
    rows = connection.execute(
        "SELECT first_chunk, chunks FROM search_run WHERE library_id = ?1 AND term = ?2 AND first_chunk < ?4"
        " AND first_chunk >= coalesce((SELECT max(first_chunk) FROM search_run WHERE library_id = ?1 AND term = ?2"
        " AND first_chunk <= ?3), ?3)",
        (library_id, term, first, end),
    ).fetchall()
    dropped = 0
    for begin, blob in rows:
        kept, gone = without_chunks(blob, first, end)
        dropped += gone
        if kept:
            connection.execute(
                "UPDATE search_run SET chunks = ? WHERE library_id = ? AND term = ? AND first_chunk = ?",
                (kept, library_id, term, begin),
            )
        else:
            connection.execute(
                "DELETE FROM search_run WHERE library_id = ? AND term = ? AND first_chunk = ?",
                (library_id, term, begin),
            )
    return dropped
