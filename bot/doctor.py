"""Use case: look over everything an operator has to get right, and say how each fault is mended."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import load_settings, load_token
from bot.errors import ConfigError, VerbatimError
from bot.loading import Source, read_source
from bot.worker import open_worker
from db.errors import StoreError
from db.sqlite.inspect import inspect_database

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.config import Settings
    from db.sqlite.inspect import Inspection

# STRICT tables need 3.37, and Python's own module is what counts (https://sqlite.org/stricttables.html).
_OLDEST_SQLITE = (3, 37, 0)
_LEAST_FREE_BYTES = 200 * 1024 * 1024
_SAMPLE = '"The bridge is safe," said Ann Lee, the engineer.'


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was found, and the command that mends it. `repair` does so where that is safe."""

    name: str
    ok: bool
    detail: str
    fix: str = ""
    repair: Callable[[], None] | None = None


async def examine(config: Path | None, db: str | None, *, environ: Mapping[str, str] | None = None) -> list[Finding]:
    """Check configuration, token, data folder, disk, SQLite, the database and the reading process, in this order."""
    environ = os.environ if environ is None else environ
    try:
        settings = load_settings(config, environ=environ, db=db)
    except ConfigError as error:
        return [
            Finding("configuration", ok=False, detail=str(error), fix="Correct the setting."),
            _check_token(environ),
        ]
    findings = [
        Finding("configuration", ok=True, detail="every setting is known and well-typed"),
        _check_token(environ),
    ]
    findings.append(_check_sqlite())
    if "://" not in settings.storage.url or settings.storage.url.startswith("sqlite:"):
        findings += _check_storage(Path(settings.storage.url.removeprefix("sqlite:///")))
    findings.append(await _check_reading(settings))
    return findings


def _check_token(environ: Mapping[str, str]) -> Finding:
    """Whether a token is there and kept from others; never what it is."""
    try:
        token = load_token(environ)
    except ConfigError as error:
        return Finding("token", ok=False, detail=str(error), fix="Copy the token from Discord's developer page again.")
    if token is None:
        return Finding("token", ok=True, detail="none is set, so `verbatim run` starts the preview")
    path = Path(environ.get("DISCORD_TOKEN_FILE", ""))
    if not environ.get("DISCORD_TOKEN") and os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Finding(
            "token",
            ok=False,
            detail=f"other accounts may read {path}",
            fix=f"chmod 600 {path}",
            repair=lambda: path.chmod(0o600),
        )
    return Finding("token", ok=True, detail="set")


def _check_sqlite() -> Finding:
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        return Finding(
            "sqlite", ok=False, detail=f"SQLite {version} is too old", fix="Use a Python with SQLite 3.37 or newer."
        )
    return Finding("sqlite", ok=True, detail=f"SQLite {version}, Python {sys.version.split()[0]}")


def _check_storage(database: Path) -> list[Finding]:
    """The folder, the disk under it, and the database in it."""
    folder = database.parent
    if not folder.is_dir():
        missing = f"the folder {folder} does not exist"
        return [
            Finding(
                "data folder",
                ok=False,
                detail=missing,
                fix=f"mkdir -p {folder}",
                repair=lambda: folder.mkdir(parents=True),
            )
        ]
    findings = [_check_writable(folder, database), _check_disk(folder, database)]
    if not database.exists():
        return [*findings, Finding("database", ok=True, detail=f"{database} is made at the first start")]
    try:
        inspection = inspect_database(database)
    except StoreError as error:
        return [*findings, Finding("database", ok=False, detail=str(error), fix="verbatim restore BACKUP")]
    return findings + _judge(inspection, database)


def _check_writable(folder: Path, database: Path) -> Finding:
    # SQLite writes files beside the database, so the folder must be writable as well.
    locked = [path for path in (folder, database) if path.exists() and not os.access(path, os.W_OK)]
    if locked:
        owner = (
            f"chown -R {os.getuid()}:{os.getgid()} {folder}" if os.name == "posix" else "Let this account write there."
        )
        return Finding("data folder", ok=False, detail=f"this account may not write {locked[0]}", fix=owner)
    return Finding("data folder", ok=True, detail=f"{folder} can be written")


def _check_disk(folder: Path, database: Path) -> Finding:
    """Room for the log beside the database and for one backup of it."""
    needed = max(_LEAST_FREE_BYTES, 2 * database.stat().st_size if database.exists() else 0)
    free = shutil.disk_usage(folder).free
    detail = f"{free // 1024**2:,} MiB free"
    if free < needed:
        return Finding(
            "disk", ok=False, detail=detail, fix=f"Free at least {needed // 1024**2:,} MiB on the disk of {folder}."
        )
    return Finding("disk", ok=True, detail=detail)


def _judge(found: Inspection, database: Path) -> list[Finding]:
    if found.schema > found.known:
        detail = f"{database} has schema {found.schema}, this version knows {found.known}"
        return [Finding("schema", ok=False, detail=detail, fix="Install the newer version again.")]
    if found.schema < found.known:
        detail = f"schema {found.schema}, brought to {found.known} at the next start"
        return [Finding("schema", ok=True, detail=detail)]
    schema = Finding("schema", ok=True, detail=f"schema {found.schema}, the newest")
    if found.faults:
        return [schema, Finding("integrity", ok=False, detail="; ".join(found.faults), fix="verbatim restore BACKUP")]
    again = "verbatim restore BACKUP, or remove the article and load it again"
    return [
        schema,
        Finding("integrity", ok=True, detail=f"pages and references are sound, {found.articles} articles"),
        Finding(
            "passages",
            ok=not found.misfits,
            detail="; ".join(found.misfits[:5]) or "every stored offset lies in its text",
            fix=again if found.misfits else "",
        ),
        Finding(
            "search index",
            ok=not found.unindexed,
            detail=f"articles {', '.join(map(str, found.unindexed[:10]))} cannot be found by a search"
            if found.unindexed
            else "every published article is in it",
            fix=again if found.unindexed else "",
        ),
    ]


async def _check_reading(settings: Settings) -> Finding:
    """Start the reading process and let it read one sentence."""
    try:
        async with open_worker(settings.reading) as worker:
            reading = await read_source(worker, Source(text=_SAMPLE, as_is=True))
    except VerbatimError as error:
        return Finding(
            "reading", ok=False, detail=str(error), fix="Raise reading.deadline_s or reading.memory_limit_bytes."
        )
    if not reading.quotations:
        return Finding("reading", ok=False, detail="a plain quotation was not found", fix="Install Verbatim again.")
    return Finding("reading", ok=True, detail="the reading process starts and reads")
