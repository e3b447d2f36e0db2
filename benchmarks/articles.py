"""The benchmark articles: read as `load --as-is` reads them, and stored, a database each."""

from __future__ import annotations

import json
import pickle
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.reading.formats import Material, read_material
from db.backends import open_store
from db.model import Acquisition, Head
from db.sqlite.articles import add_article

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.model import Reading

SHARED = Path(__file__).resolve().parents[2] / "shared"
CACHE = Path("bench-out")


def read_articles(name: str) -> list[tuple[str, Reading]]:
    """(id, reading) of the `news` or `squad` articles; kept in bench-out/ between runs of one day's code."""
    kept = CACHE / f"{name}.readings.pickle"
    if kept.exists():
        return pickle.loads(kept.read_bytes())
    sys.path.insert(0, str(SHARED / "bench"))
    import make_articles

    found = [
        (row["id"], read_material(Material(text=row["text"], as_is=True, given=Head(title=row["title"]))))
        for row in getattr(make_articles, name)()
    ]
    CACHE.mkdir(exist_ok=True)
    kept.write_bytes(pickle.dumps(found))
    return found


async def create_database(path: Path) -> None:
    """An empty database with the current schema."""
    store = await open_store(str(path))
    await store.close()


def fill_library(path: Path, library: str, articles: Iterable[tuple[str, Reading]], *, batch: int = 200) -> None:
    """Store articles with the store's own functions, `batch` a transaction instead of one."""
    now = datetime.now(UTC).isoformat()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("INSERT OR IGNORE INTO library (name, created_at) VALUES (?, ?)", (library, now))
        [(library_id,)] = connection.execute("SELECT id FROM library WHERE name = ?", (library,)).fetchall()
        connection.execute("BEGIN IMMEDIATE")
        for at, (external_id, reading) in enumerate(articles):
            if at and not at % batch:
                connection.execute("COMMIT")
                connection.execute("BEGIN IMMEDIATE")
            got = Acquisition(way="cli", external_id=external_id)
            add_article(connection, library_id, reading, got, state="published", now=now)
        connection.execute("COMMIT")


def write_rows(path: Path, rows: Iterable[dict]) -> None:
    """JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
