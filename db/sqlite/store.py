"""SqliteStore: the Store protocol on one SQLite file."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from db.errors import StoreError
from db.model import Span
from db.sqlite import (
    articles,
    changes,
    curation,
    derived,
    libraries,
    passages,
    questions,
    search,
    search_repair,
    speakers,
    spoken,
)
from db.sqlite.backup import copy_database
from db.sqlite.connection import open_database, parse_path

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from db.corrections import Change, Correction, Subject
    from db.model import (
        Acquisition,
        AddedArticle,
        Article,
        ArticleState,
        ArticleSummary,
        Candidates,
        ClaimCandidate,
        LibrarySize,
        OpenQuestion,
        Passage,
        Reading,
        Search,
        StoredSpeaker,
    )
    from db.sqlite.connection import Database


log = logging.getLogger(__name__)
# Short enough that a load in between hardly waits.
_INDEXED_AT_A_TIME = 3
P = ParamSpec("P")
T = TypeVar("T")


def read_clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


class SqliteStore:
    """One SQLite file; see `db.store.Store` for what each method promises."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = read_clock) -> None:
        self._database = database
        self._clock = clock
        self._indexing: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Finish what is being written and close every connection."""
        if self._indexing is not None:
            self._indexing.cancel()
            await asyncio.gather(self._indexing, return_exceptions=True)
        await self._database.close()

    async def finish_indexing(self) -> None:
        """Wait until every correction of many articles has reached the index."""
        if self._indexing is not None:
            await asyncio.shield(self._indexing)

    async def start_indexing(self) -> None:
        """Bring the index up to date in the background, a few articles at a time; what is left at the end is kept."""
        if self._indexing is not None and not self._indexing.done():
            return
        async with self._database.snapshot() as connection:
            [(is_stale,)] = await connection.execute_fetchall("SELECT EXISTS (SELECT 1 FROM stale_index)")
        if is_stale:
            self._indexing = asyncio.create_task(self._index_stale())

    async def _index_stale(self) -> None:
        count = _INDEXED_AT_A_TIME
        while count == _INDEXED_AT_A_TIME:
            try:
                async with self._database.transaction() as connection:
                    count = await connection.run(derived.reindex_stale, _INDEXED_AT_A_TIME)
            except StoreError:
                log.exception("the index lags behind a correction; it goes on at the next start or correction")
                return

    async def add_article(
        self, library: str, reading: Reading, got: Acquisition, *, state: ArticleState = "published"
    ) -> AddedArticle:
        """Store one article with all that was read from it, in one transaction."""
        return await self._write(articles.add_article, library, reading, got, state=state, now=self._now())

    async def get_article(self, library: str, article_id: int, *, with_hidden: bool = False) -> Article:
        """One article with its current revision. Raises ArticleNotFound."""
        return await self._read(passages.get_article, library, article_id, with_hidden=with_hidden)

    async def find_articles(
        self,
        library: str,
        *,
        title: str | None = None,
        state: ArticleState | None = None,
        limit: int = 25,
        offset: int = 0,
    ) -> list[ArticleSummary]:
        """Articles, newest first."""
        return await self._read(articles.find_articles, library, title=title, state=state, limit=limit, offset=offset)

    async def remove_article(self, library: str, article_id: int, *, actor: str | None) -> ArticleSummary:
        """Delete an article's text and all that was read from it."""
        removed = await self._write(articles.remove_article, library, article_id, actor=actor, now=self._now())
        await self._database.empty_log()
        return removed

    async def delete_library(self, library: str) -> LibrarySize:
        """Delete everything of one library."""
        size = await self._write(libraries.delete_library, library)
        await self._database.empty_log()
        return size

    async def find_speakers(self, library: str, *, prefix: str = "", limit: int = 25) -> list[StoredSpeaker]:
        """Speakers, most quoted first."""
        return await self._read(speakers.find_speakers, library, prefix=prefix, limit=limit)

    async def get_speaker(self, library: str, speaker_id: int) -> StoredSpeaker:
        """One speaker with all its names. Raises SpeakerNotFound."""
        return await self._read(speakers.get_speaker, library, speaker_id)

    async def measure_library(self, library: str) -> LibrarySize:
        """How many articles, quotations, facts and speakers a library holds."""
        return await self._read(libraries.measure_library, library)

    async def find_passage(self, library: str, article_id: int, start: int, end: int) -> Passage | None:
        """The passage at exactly these offsets of the article's current revision."""
        return await self._read(passages.find_passage, library, article_id, Span(start, end), shown_as=library)

    async def find_spoken(
        self,
        library: str,
        speaker_id: int,
        *,
        since: str | None = None,
        until: str | None = None,
        publisher: str | None = None,
        limit: int = 25,
        offset: int = 0,
    ) -> list[Passage]:
        """What a speaker says in published articles, the latest article first."""
        period = spoken.Filter(since=since, until=until, publisher=publisher)
        page = (limit, offset)
        return await self._read(spoken.find_spoken, library, speaker_id, period, page=page, shown_as=library)

    async def find_texts(self, library: str, revision_ids: Sequence[int]) -> dict[int, str]:
        """The texts of those revisions that are current, published and still what was stored."""
        return await self._read(passages.find_texts, library, revision_ids)

    async def find_candidates(self, library: str, wanted: Search, *, limit: int = 40) -> Candidates:
        """Chunks of published articles that hold the most and the rarest of the searched words."""
        return await self._read(search.find_candidates, library, wanted, limit=limit)

    async def check_index(self, library: str) -> list[str]:
        """What is wrong with a library's search index."""
        return await self._read(search_repair.check_index, library)

    async def rebuild_index(self, library: str) -> int:
        """Write a library's search index anew from its articles, in one transaction."""
        return await self._write(search_repair.rebuild_index, library)

    async def find_claim_candidates(
        self, library: str, words: Sequence[str], *, limit: int = 40
    ) -> list[ClaimCandidate]:
        """Chunks of published articles that share the rarest of `words`, most shared rarity first."""
        return await self._read(search.find_claim_candidates, library, words, limit=limit)

    async def correct(
        self, library: str, correction: Correction, *, actor: str | None, version: int | None = None
    ) -> Change | None:
        """Make one correction of a moderator's."""
        change = await self._write(curation.correct, library, correction, actor=actor, version=version, now=self._now())
        await self.start_indexing()
        return change

    async def undo_change(self, library: str, change_id: int, *, actor: str | None) -> Change:
        """Take a change back, or bring back what an undo took back."""
        change = await self._write(curation.undo, library, change_id, actor=actor, now=self._now())
        await self.start_indexing()
        return change

    async def get_change(self, library: str, change_id: int) -> Change:
        """One line of the log. Raises ChangeNotFound."""
        return await self._read(changes.get_change, library, change_id)

    async def find_changes(
        self,
        library: str,
        *,
        subject: Subject | None = None,
        subject_id: int | None = None,
        actor: str | None = None,
        limit: int = 25,
        offset: int = 0,
    ) -> list[Change]:
        """The log, newest first."""
        return await self._read(
            changes.find_changes,
            library,
            subject=subject,
            subject_id=subject_id,
            actor=actor,
            limit=limit,
            offset=offset,
        )

    async def record_question(self, library: str, question: str, *, answered: bool, keep_days: int = 30) -> None:
        """Keep an unanswered question for the moderators."""
        expires_at = _stamp(self._clock() + timedelta(days=keep_days))
        await self._write(
            questions.record_question, library, question, answered=answered, now=self._now(), expires_at=expires_at
        )

    async def _read(
        self, ask: Callable[Concatenate[sqlite3.Connection, int, P], T], library: str, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Ask one library in a snapshot; one in which nothing was ever stored has id 0, which no row carries."""

        def work(connection: sqlite3.Connection) -> T:
            return ask(connection, libraries.find_library_id(connection, library) or 0, *args, **kwargs)

        async with self._database.snapshot() as connection:
            return await connection.run(work)

    async def _write(
        self,
        change: Callable[Concatenate[sqlite3.Connection, int, P], T],
        library: str,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Change one library in a transaction, after creating it where it is missing."""

        def work(connection: sqlite3.Connection) -> T:
            return change(connection, libraries.ensure_library(connection, library, self._now()), *args, **kwargs)

        async with self._database.transaction() as connection:
            return await connection.run(work)

    async def find_questions(self, library: str, *, limit: int = 25) -> list[OpenQuestion]:
        """Questions that are still unanswered, most asked first."""
        return await self._read(questions.find_questions, library, now=self._now(), limit=limit)

    async def forget_expired(self, library: str) -> int:
        """Delete what is kept only for a time and is past it."""
        return await self._write(questions.forget_expired, library, now=self._now())

    async def backup(self, target: Path) -> None:
        """Copy the live database to `target` and check the copy."""
        await copy_database(self._database.path, target)

    def _now(self) -> str:
        return _stamp(self._clock())


def _stamp(moment: datetime) -> str:
    """ISO 8601 in UTC to the second; text that sorts as time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def open_sqlite(
    path: str,
    *,
    busy_timeout_s: float = 5.0,
    clock: Callable[[], datetime] = read_clock,
    before_upgrade: Callable[[int, int], Awaitable[None]] | None = None,
) -> SqliteStore:
    """Open, create or upgrade the database at `path`.

    Raises:
        StoreUnavailable: The file cannot be opened, is no database, or belongs to another program.
        SchemaTooNew: A newer Verbatim wrote it.
    """
    database = await open_database(parse_path(path), busy_timeout_s=busy_timeout_s, before_upgrade=before_upgrade)
    store = SqliteStore(database, clock=clock)
    try:
        await store.start_indexing()
    except BaseException:
        await store.close()
        raise
    return store
