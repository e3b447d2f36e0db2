"""Looks a database file over without changing it: is it sound, and does everything in it fit together?"""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.sqlite.failures import explained
from db.sqlite.migrate import find_migrations
from db.sqlite.packing import decode_text, unpack_blocks, unpack_facts, unpack_spans

if TYPE_CHECKING:
    from pathlib import Path

    from db.model import Span


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found. Lists are empty where all is well; `schema` and `known` are migration numbers."""

    schema: int
    known: int
    articles: int
    faults: tuple[str, ...] = ()
    misfits: tuple[str, ...] = ()
    unindexed: tuple[int, ...] = ()


def inspect_database(path: Path) -> Inspection:
    """Check pages and references, that every stored span lies in its text, and that every article is indexed.

    Raises:
        StoreUnavailable: The file cannot be read as a database.
    """
    known = max(find_migrations())
    with explained(path), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        [(schema,)] = connection.execute("PRAGMA user_version")
        if schema != known:
            return Inspection(schema, known, articles=0)
        faults = [row[0] for row in connection.execute("PRAGMA quick_check(5)") if row[0] != "ok"]
        faults += [f"a row of {row[0]} refers to nothing" for row in connection.execute("PRAGMA foreign_key_check")]
        if faults:
            return Inspection(schema, known, articles=0, faults=tuple(faults))
        [(articles,)] = connection.execute("SELECT count(*) FROM article WHERE state <> 'removed'")
        return Inspection(
            schema,
            known,
            articles,
            misfits=tuple(_find_misfits(connection)),
            unindexed=tuple(_find_unindexed(connection)),
        )


def _find_misfits(connection: sqlite3.Connection) -> list[str]:
    """Revisions with a span outside their text, or with text that cannot be read."""
    found = []
    rows = connection.execute(
        "SELECT id, article_id, text, blocks, sentences, facts, referents FROM revision ORDER BY id"
    )
    for revision_id, article_id, text, blocks, sentences, facts, referents in rows:
        try:
            spans = [block.span for block in unpack_blocks(blocks)]
            spans += unpack_spans(sentences)
            spans += [fact.span for fact in unpack_facts(facts, referents)]
            spans += _quotation_spans(connection, revision_id)
            length = len(decode_text(text))
        except (ValueError, IndexError, struct.error):
            found.append(f"article {article_id} cannot be unpacked")
            continue
        if not all(0 <= span.start < span.end <= length for span in spans):
            found.append(f"article {article_id} points outside its text")
    return found


def _quotation_spans(connection: sqlite3.Connection, revision_id: int) -> list[Span]:
    spans: list[Span] = []
    quotations = connection.execute(
        "SELECT content, cue, source FROM quotation WHERE revision_id = ? ORDER BY id", [revision_id]
    )
    for content, cue, source in quotations:
        for packed in (content, cue, source):
            spans += unpack_spans(packed or b"")
    return spans


def _find_unindexed(connection: sqlite3.Connection) -> list[int]:
    """Published articles whose current revision the search does not know."""
    rows = connection.execute(
        """
        SELECT article.id FROM article
        WHERE article.state = 'published' AND NOT EXISTS (
            SELECT 1 FROM search_article
            WHERE search_article.library_id = article.library_id AND search_article.article_id = article.id
                AND search_article.revision_id = article.revision_id
        )
        ORDER BY article.id
        """
    )
    return [row[0] for row in rows]
