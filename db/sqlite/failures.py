"""What SQLite's error codes mean to a person, and what to do about each."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from db.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# By primary result code (https://sqlite.org/rescode.html); {path} and {folder} are filled in.
_IN_USE = "The database {path} is in use by another program. Close that program, or try again shortly."
_NOT_ALLOWED = "This account may not open {path}. Check the owner and the permissions of {folder}."
_SENTENCES = {
    sqlite3.SQLITE_BUSY: _IN_USE,
    sqlite3.SQLITE_LOCKED: _IN_USE,
    sqlite3.SQLITE_READONLY: (
        "The database {path} is read-only, so nothing was changed. Let this account write it and its folder: "
        "chmod u+w {path} {folder}"
    ),
    sqlite3.SQLITE_FULL: "The disk that holds {path} is full, so nothing was changed. Free some space, then try again.",
    sqlite3.SQLITE_CANTOPEN: (
        "The database {path} cannot be opened. Check that {folder} exists and that this account may write there."
    ),
    sqlite3.SQLITE_PERM: _NOT_ALLOWED,
    sqlite3.SQLITE_AUTH: _NOT_ALLOWED,
    sqlite3.SQLITE_NOTADB: (
        "{path} is not a Verbatim database. Give the path of another file, or move this one out of the way."
    ),
    sqlite3.SQLITE_CORRUPT: (
        "The database {path} is damaged. Stop Verbatim and put back the newest backup: verbatim restore BACKUP"
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk failed while reading or writing {path}, so nothing was changed. Check the disk, then run: "
        "verbatim doctor"
    ),
    sqlite3.SQLITE_NOMEM: "There is not enough memory for the database {path}. Close other programs, then try again.",
    sqlite3.SQLITE_TOOBIG: "This is too large for the database {path}, so nothing was changed. Load it in parts.",
}
_ANY = "The database {path} refused what was asked of it ({error}), so nothing was changed. Run: verbatim doctor"
_PRIMARY_CODE = 0xFF


def explain(error: sqlite3.Error, path: Path) -> StoreUnavailable:
    """One sentence for an error of SQLite, by its primary result code."""
    code = getattr(error, "sqlite_errorcode", -1)
    sentence = _SENTENCES.get(code & _PRIMARY_CODE, _ANY) if code >= 0 else _ANY
    return StoreUnavailable(sentence.format(path=path, folder=path.parent, error=error))


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into StoreUnavailable, so that none of them leaves `db`."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error, path) from error
