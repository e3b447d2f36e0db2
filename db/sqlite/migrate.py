"""Brings a database file to the schema this code knows, one numbered step and one transaction at a time."""

from __future__ import annotations

import sqlite3
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING

from db.errors import SchemaTooNew, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    import aiosqlite

# "VRBT": marks the file as Verbatim's (https://sqlite.org/pragma.html#pragma_application_id).
APPLICATION_ID = 0x56524254


def find_migrations() -> dict[int, str]:
    """Every migration's SQL by its number; the files of one number are joined in name order."""
    folder = resources.files("db.sqlite.migrations")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return {
        number: "\n".join(file.read_text(encoding="utf-8") for file in group)
        for number, group in groupby(files, key=lambda file: int(file.name[:4]))
    }


def split_statements(script: str) -> Iterator[str]:
    """The statements of an SQL script, triggers kept whole; `executescript` would commit the transaction first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


async def migrate(
    connection: aiosqlite.Connection,
    path: Path,
    *,
    before_upgrade: Callable[[int, int], Awaitable[None]] | None = None,
) -> None:
    """Run every migration that `path` lacks.

    Args:
        connection: A writable connection outside any transaction.
        path: Named in errors.
        before_upgrade: Awaited with the found and the known schema before an existing database is changed: the place
            for an automatic backup. What it raises stops the upgrade.

    Raises:
        SchemaTooNew: A newer Verbatim wrote the file.
        StoreUnavailable: The file belongs to another program.
    """
    migrations = find_migrations()
    known = max(migrations)
    found = await _check_owner(connection, path, known)
    if found and found < known and before_upgrade is not None:
        await before_upgrade(found, known)
    for number in range(found + 1, known + 1):
        await _run(connection, number, migrations[number])


async def _check_owner(connection: aiosqlite.Connection, path: Path, known: int) -> int:
    """The schema number of our own file, 0 for an empty one."""
    rows = await connection.execute_fetchall(
        "SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema)"
        " FROM pragma_user_version, pragma_application_id"
    )
    [(found, owner, tables)] = rows
    if owner != APPLICATION_ID and (owner or tables or found):
        message = f"{path} is a database of another program. Give the path of another file."
        raise StoreUnavailable(message)
    if found > known:
        raise SchemaTooNew(str(path), found=found, known=known)
    return int(found)


async def _run(connection: aiosqlite.Connection, number: int, script: str) -> None:
    """One migration and its number in one transaction; nothing when another process was quicker."""
    try:
        await connection.execute_fetchall("BEGIN IMMEDIATE")
        [(found,)] = await connection.execute_fetchall("PRAGMA user_version")
        if found < number:
            for statement in split_statements(script):
                await connection.execute_fetchall(statement)
            await connection.execute_fetchall(f"PRAGMA application_id = {APPLICATION_ID}")
            await connection.execute_fetchall(f"PRAGMA user_version = {number}")
        await connection.commit()
    finally:
        await connection.rollback()
