"""A copy of a live database through SQLite's own backup call, checked before it gets its name."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import aiosqlite

from db.errors import StoreUnavailable
from db.sqlite.failures import explained

if TYPE_CHECKING:
    from pathlib import Path


async def copy_database(source: Path, target: Path) -> None:
    """Copy the database at `source`, open or not, to the new file `target`.

    The copy is made beside the target, checked, and renamed only then, so that `target` is a whole backup or missing.

    Raises:
        StoreUnavailable: `target` exists or cannot be written, `source` cannot be read, or the copy is damaged.
    """
    if target.exists():  # noqa: ASYNC240 - one look-up
        message = f"{target} exists already. Give the backup another name, or move that file out of the way."
        raise StoreUnavailable(message)
    if not target.parent.is_dir():
        message = f"The folder {target.parent} for the backup does not exist. Create it first: mkdir -p {target.parent}"
        raise StoreUnavailable(message)
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        await _copy(source, unfinished)
        await check_database(unfinished)
        unfinished.replace(target)
    except OSError as error:
        message = f"The backup {target} cannot be written: {error.strerror}. Choose another folder."
        raise StoreUnavailable(message) from error
    finally:
        unfinished.unlink(missing_ok=True)


async def _copy(source: Path, target: Path) -> None:
    """All pages in one step: a backup in several would start again at every write in between."""
    target.unlink(missing_ok=True)  # noqa: ASYNC240 - one look-up
    async with AsyncExitStack() as opened:
        with explained(source):
            reader = await opened.enter_async_context(aiosqlite.connect(source, isolation_level=None))
        with explained(target):
            writer = await opened.enter_async_context(aiosqlite.connect(target, isolation_level=None))
            await reader.backup(writer)
            # One file without a log beside it is easier to carry; opening it as a store brings the log back.
            await writer.execute_fetchall("PRAGMA journal_mode = DELETE")


async def check_database(path: Path) -> None:
    """Open a database file and check its pages and references. Raises StoreUnavailable."""
    with explained(path):
        async with aiosqlite.connect(path, isolation_level=None) as connection:
            await connection.execute_fetchall("PRAGMA query_only = ON")
            [(verdict,)] = await connection.execute_fetchall("PRAGMA quick_check(1)")
            dangling = list(await connection.execute_fetchall("PRAGMA foreign_key_check"))
    if verdict != "ok" or dangling:
        message = f"{path} is damaged ({verdict}). Use another backup."
        raise StoreUnavailable(message)
