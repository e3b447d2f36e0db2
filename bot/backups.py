"""Use cases: a compressed backup of the live database, and putting one back without losing what it replaces."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import VerbatimError
from db.errors import StoreError
from db.sqlite.backup import check_database
from db.sqlite.migrate import find_migrations

if TYPE_CHECKING:
    from db.store import Store

SUFFIX = ".db.gz"
_PATTERN = f"verbatim-*{SUFFIX}"
# SQLite keeps what was written last beside the file; without it the file alone may be an old state.
_COMPANIONS = ("", "-wal", "-shm")


class BackupFailed(VerbatimError):
    """A backup cannot be written, read or put back."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What `restore` did: how many articles the database now has, and where the one before went (None: none)."""

    articles: int
    kept: Path | None


async def make_backup(store: Store, target: Path) -> Path:
    """Copy the live database to `target`, compressed where its name ends in `.gz`.

    The copy is opened and checked, and what was written is read back and compared, before it gets its name.

    Raises:
        BackupFailed: `target` exists or cannot be written.
        StoreUnavailable: The database cannot be read, or the copy is damaged.
    """
    _refuse_existing(target)
    try:
        with tempfile.TemporaryDirectory(prefix=".verbatim-backup-", dir=target.parent) as folder:
            copy = Path(folder) / "copy.db"
            await store.backup(copy)
            whole = _compress(copy) if target.suffix == ".gz" else copy
            whole.replace(target)
    except OSError as error:
        raise BackupFailed(
            f"The backup {target} cannot be written: {error.strerror}. Choose another folder."
        ) from error
    return target


def name_backup(folder: Path) -> Path:
    """A name that sorts by time: verbatim-20260801T120000Z.db.gz."""
    return folder / f"verbatim-{datetime.now(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"


def thin_out(folder: Path, *, keep: int) -> list[Path]:
    """Delete all but the newest `keep` backups that `name_backup` named; what else lies there is left alone."""
    old = sorted(folder.glob(_PATTERN))[:-keep]
    for path in old:
        path.unlink()
    return old


async def restore_backup(source: Path, database: Path) -> Restored:
    """Put a backup in the place of the database; the one before is renamed, not deleted.

    Raises:
        BackupFailed: The backup cannot be read or is damaged, was made by a newer Verbatim, or the database is in use.
    """
    if not database.parent.is_dir():
        raise BackupFailed(f"The folder {database.parent} does not exist. Create it first: mkdir -p {database.parent}")
    try:
        with tempfile.TemporaryDirectory(prefix=".verbatim-restore-", dir=database.parent) as folder:
            unpacked = Path(folder) / "restored.db"
            _unpack(source, unpacked)
            try:
                await check_database(unpacked)
            except StoreError as error:
                raise BackupFailed(
                    f"{source} is damaged or no database. Nothing was changed; use another backup."
                ) from error
            articles = _count_articles(unpacked, source)
            kept = _set_aside(database)
            unpacked.replace(database)
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or "it ends too early"
        raise BackupFailed(f"{source} cannot be put back: {reason}. Nothing was changed.") from error
    return Restored(articles, kept)


def _refuse_existing(target: Path) -> None:
    if target.exists():
        raise BackupFailed(f"{target} exists already. Give the backup another name, or move that file out of the way.")


def _compress(copy: Path) -> Path:
    packed = copy.with_suffix(SUFFIX)
    with copy.open("rb") as plain, gzip.open(packed, "wb", compresslevel=6) as out:
        shutil.copyfileobj(plain, out, 1 << 20)
    with copy.open("rb") as plain, gzip.open(packed, "rb") as again:
        if hashlib.file_digest(plain, "sha256").digest() != hashlib.file_digest(again, "sha256").digest():
            raise BackupFailed("The backup was read back and differs from what was written. Check the disk.")
    return packed


def _unpack(source: Path, target: Path) -> None:
    with source.open("rb") as start:
        is_packed = start.read(2) == b"\x1f\x8b"
    with gzip.open(source, "rb") if is_packed else source.open("rb") as stream, target.open("wb") as out:
        shutil.copyfileobj(stream, out, 1 << 20)


def _count_articles(path: Path, named: Path) -> int:
    known = max(find_migrations())
    try:
        with closing(sqlite3.connect(path)) as connection:
            [(version,)] = connection.execute("PRAGMA user_version")
            [(articles,)] = connection.execute("SELECT count(*) FROM article WHERE state <> 'removed'")
    except sqlite3.Error as error:
        raise BackupFailed(f"{named} is a database, but not one of Verbatim's.") from error
    if version > known:
        raise BackupFailed(f"{named} has schema {version}, but this version knows only up to {known}. Upgrade first.")
    return int(articles)


def _set_aside(database: Path) -> Path | None:
    """Rename the database and what belongs to it. Raises BackupFailed while another process has it open."""
    if not database.exists():
        return None
    try:
        with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
            # Only the last connection may leave WAL mode, so this fails while anybody else is there; and it writes
            # everything back into the one file. A damaged file is set aside as it is.
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise BackupFailed(f"{database} is in use. Stop the bot first, then restore.") from error
    except sqlite3.DatabaseError:
        pass
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    kept = database.with_name(f"{database.name}.before-restore-{stamp}")
    for companion in _COMPANIONS:
        part = database.with_name(database.name + companion)
        if part.exists():
            part.rename(kept.with_name(kept.name + companion))
    return kept
