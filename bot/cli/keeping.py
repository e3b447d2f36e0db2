"""`verbatim backup` and `verbatim restore`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.backups import BackupFailed, make_backup, name_backup, restore_backup, thin_out
from bot.cli.batch import encode_row
from bot.cli.exits import DONE
from bot.cli.opening import open_settings
from bot.cli.output import say, write_bytes
from db.backends import open_store

if TYPE_CHECKING:
    from argparse import Namespace


async def backup(arguments: Namespace) -> int:
    """Copy the live database, checked; the bot may be running."""
    settings = open_settings(arguments)
    database = database_path(settings.storage.url)
    if not database.is_file():
        raise BackupFailed(f"There is no database {database} to back up.")
    target = arguments.target or name_backup(_backup_folder(database))
    store = await open_store(settings.storage.url)
    try:
        await make_backup(store, target)
    finally:
        await store.close()
    gone = thin_out(target.parent, keep=arguments.keep) if arguments.keep else []
    if arguments.json:
        size_bytes = target.stat().st_size
        write_bytes(encode_row({"backup": str(target), "size_bytes": size_bytes, "deleted": [str(p) for p in gone]}))
    else:
        say(f"Backed up to {target} ({target.stat().st_size / 1024:,.0f} KiB), opened and checked.")
        for path in gone:
            say(f"Deleted {path}, which was older than the newest {arguments.keep}.")
    return DONE


async def restore(arguments: Namespace) -> int:
    """Put a backup in the database's place; what was there is kept beside it."""
    settings = open_settings(arguments)
    database = database_path(settings.storage.url)
    restored = await restore_backup(arguments.source, database)
    if arguments.json:
        kept = str(restored.kept) if restored.kept else None
        write_bytes(encode_row({"database": str(database), "articles": restored.articles, "kept": kept}))
    else:
        say(f"{database} now holds {restored.articles} articles, from {arguments.source}.")
        if restored.kept:
            say(f"What was there before is kept as {restored.kept}.")
    return DONE


def database_path(url: str) -> Path:
    """The file of an SQLite URL or path. Raises BackupFailed for storage that is no file."""
    if "://" in url and not url.startswith("sqlite:///"):
        raise BackupFailed(f"{url.split(':', maxsplit=1)[0]} storage is backed up with its own tools.")
    return Path(url.removeprefix("sqlite:///"))


def _backup_folder(database: Path) -> Path:
    folder = database.parent / "backups"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise BackupFailed(
            f"The folder {folder} cannot be made: {error.strerror}. Name a file to back up to."
        ) from error
    return folder
