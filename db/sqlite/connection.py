"""One SQLite file: one writer and a few readers, so that questions never wait for a load."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import aiosqlite

from db.errors import StoreUnavailable
from db.sqlite.failures import explained
from db.sqlite.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

P = ParamSpec("P")
T = TypeVar("T")

# Page caches count against the bot's 120 MB; the operating system's own cache makes a small one cheap.
_WRITER_CACHE_KIB = 4096
_READER_CACHE_KIB = 2048
_READERS = 3


class Connection(aiosqlite.Connection):
    """A connection of aiosqlite's that also runs a whole function in its thread.

    Several statements and what is computed between them then cost one hand-over, and none of it runs on the event loop.
    """

    async def open(self) -> None:
        """Start the thread and connect."""
        try:
            await self
        except BaseException:
            # aiosqlite stops its thread without waiting, and the thread then reports to a loop that may be gone.
            self._thread.join()
            raise

    async def run(self, work: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `work(connection, ...)` in the connection's thread; cancelled, it still runs to its end there."""
        execute: Callable[..., Awaitable[T]] = self._execute  # aiosqlite publishes no type for it
        return await execute(work, self._conn, *args, **kwargs)


class Database:
    """The connections to one file. Use `transaction` to write and `snapshot` to read."""

    def __init__(self, path: Path, writer: Connection, readers: list[Connection]) -> None:
        self.path = path
        self._writer = writer
        self._writing = asyncio.Lock()
        self._reader_count = len(readers)
        # Last in, first out: a reader just used has the warm cache.
        self._idle: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        for reader in readers:
            self._idle.put_nowait(reader)
        self._is_closed = False

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """The one writer inside BEGIN IMMEDIATE: committed at the end, rolled back on anything else.

        Await only the database inside. Cancelled before the commit, nothing was written; cancelled during it, all was.

        Raises:
            StoreUnavailable: SQLite could not do it; nothing was changed.
        """
        self._refuse_when_closed()
        async with self._writing:
            with explained(self.path):
                try:
                    await self._writer.execute_fetchall("BEGIN IMMEDIATE")
                    yield self._writer
                    await _finish(self._writer.commit())
                except BaseException:
                    # A cancelled call may still be in the connection's queue; this rollback queues behind it.
                    await _finish(self._writer.rollback())
                    raise

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        """A reader that sees one state of the database throughout, whatever is written meanwhile.

        Raises:
            StoreUnavailable: SQLite could not read.
        """
        self._refuse_when_closed()
        reader = await self._idle.get()
        try:
            with explained(self.path):
                try:
                    await reader.execute_fetchall("BEGIN")
                    yield reader
                finally:
                    await _finish(reader.rollback())
        finally:
            self._idle.put_nowait(reader)

    async def empty_log(self) -> None:
        """Write the log back and cut it to nothing, so that no removed word stays in it.

        Best effort: while another program reads, the log stays until the next checkpoint.
        """
        self._refuse_when_closed()
        async with self._writing:
            with explained(self.path):
                await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """Let what is under way finish, then close every connection; closing twice is harmless."""
        if self._is_closed:
            return
        self._is_closed = True
        async with self._writing:
            readers = [await self._idle.get() for _ in range(self._reader_count)]
            for connection in (*readers, self._writer):
                await connection.close()

    def _refuse_when_closed(self) -> None:
        if self._is_closed:
            message = f"The database {self.path} is closed, because Verbatim is stopping. Try again after the restart."
            raise StoreUnavailable(message)


async def open_database(
    path: Path,
    *,
    busy_timeout_s: float = 5.0,
    before_upgrade: Callable[[int, int], Awaitable[None]] | None = None,
) -> Database:
    """Open a database file, create it where it is missing, and bring its schema up to date.

    Raises:
        StoreUnavailable: The file cannot be opened, is no database, or belongs to another program.
        SchemaTooNew: A newer Verbatim wrote it.
    """
    async with AsyncExitStack() as opened:
        with explained(path):
            writer = await _connect(path, busy_timeout_s, _WRITER_CACHE_KIB)
            opened.push_async_callback(writer.close)
            await migrate(writer, path, before_upgrade=before_upgrade)
            await _use_write_ahead_log(writer, path)
            readers = []
            for _ in range(_READERS):
                reader = await _connect(path, busy_timeout_s, _READER_CACHE_KIB)
                opened.push_async_callback(reader.close)
                await reader.execute_fetchall("PRAGMA query_only = ON")
                readers.append(reader)
        opened.pop_all()
    return Database(path, writer, readers)


async def _connect(path: Path, busy_timeout_s: float, cache_kib: int) -> Connection:
    """A connection with the settings every connection needs; SQLite forgets them when it closes."""
    connector = partial(sqlite3.connect, path, isolation_level=None, timeout=busy_timeout_s)
    connection = Connection(connector, iter_chunk_size=64)
    await connection.open()
    try:
        for setting in (
            "foreign_keys = ON",
            # A change that was acknowledged survives a power cut; in WAL mode that is one fsync a commit.
            "synchronous = FULL",
            # Removed text is overwritten, not only unlinked.
            "secure_delete = ON",
            "mmap_size = 0",
            f"cache_size = -{cache_kib}",
            "journal_size_limit = 67108864",
        ):
            await connection.execute_fetchall(f"PRAGMA {setting}")
        # The settings above read no page; this one does, and finds a file that is no database.
        await connection.execute_fetchall("SELECT count(*) FROM sqlite_schema")
    except BaseException:
        await connection.close()
        raise
    return connection


async def _use_write_ahead_log(writer: Connection, path: Path) -> None:
    """Let readers read while the writer writes; stays set in the file."""
    [(mode,)] = await writer.execute_fetchall("PRAGMA journal_mode")
    if mode != "wal":
        [(mode,)] = await writer.execute_fetchall("PRAGMA journal_mode = WAL")
    if mode != "wal":
        message = f"{path} is on a disk that cannot share a database between programs. Move it to a local disk."
        raise StoreUnavailable(message)


async def _finish(step: Coroutine[object, object, None]) -> None:
    """Await a commit or rollback to its end, then pass on a cancellation that came meanwhile."""
    task = asyncio.ensure_future(step)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    task.result()
    if cancelled is not None:
        raise cancelled


def parse_path(path: str) -> Path:
    """The file a storage URL's path means.

    Raises:
        StoreUnavailable: It names no file, such as SQLite's `:memory:`, or one where none can be.
    """
    if not path or path.startswith(":") or "\0" in path:
        message = f"Storage {path!r} names no file. Use sqlite:///data/verbatim.db, or a path to a file."
        raise StoreUnavailable(message)
    try:
        found = Path(path).expanduser()
        is_folder, has_parent = found.is_dir(), found.parent.is_dir()
    except (OSError, RuntimeError) as error:
        message = f"The database {path} cannot be opened ({error}). Give another path, or mend the permissions."
        raise StoreUnavailable(message) from error
    if is_folder:
        message = f"Storage {path!r} is a folder. Name a file in it: {found / 'verbatim.db'}"
        raise StoreUnavailable(message)
    if not has_parent:
        message = f"The folder {found.parent} for the database does not exist. Create it first: mkdir -p {found.parent}"
        raise StoreUnavailable(message)
    return found
