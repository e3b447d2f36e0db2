from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from db.errors import StoreUnavailable
from db.sqlite import migrate
from db.sqlite.migrate import APPLICATION_ID, find_migrations, split_statements
from db.sqlite.store import open_sqlite

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path):
    return tmp_path / "verbatim.db"


@pytest.fixture
def add_migration(monkeypatch):
    """Let the code know one more migration than it ships."""

    def add(sql):
        found = find_migrations()
        monkeypatch.setattr(migrate, "find_migrations", lambda: {**found, max(found) + 1: sql})
        return max(found) + 1

    return add


def ask(path, query):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


async def test_new_database_has_the_newest_schema_and_our_mark(path):
    await (await open_sqlite(str(path))).close()

    assert ask(path, "PRAGMA user_version") == [(max(find_migrations()),)]
    assert ask(path, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert ask(path, "PRAGMA journal_mode") == [("wal",)]


async def test_opening_again_changes_nothing(path):
    await (await open_sqlite(str(path))).close()
    before = path.read_bytes()

    await (await open_sqlite(str(path))).close()

    assert path.read_bytes() == before


async def test_migrations_are_numbered_without_gaps():
    numbers = sorted(find_migrations())

    assert numbers == list(range(1, len(numbers) + 1))


async def test_older_database_is_brought_up_to_date_after_the_backup_hook(path, add_migration):
    await (await open_sqlite(str(path))).close()
    number = add_migration("ALTER TABLE library ADD COLUMN colour TEXT;")
    seen = []

    async def before_upgrade(found, known):
        seen.append((found, known, ask(path, "PRAGMA user_version")))

    await (await open_sqlite(str(path), before_upgrade=before_upgrade)).close()

    assert seen == [(number - 1, number, [(number - 1,)])]
    assert ask(path, "SELECT count(*) FROM pragma_table_info('library') WHERE name = 'colour'") == [(1,)]
    assert ask(path, "PRAGMA user_version") == [(number,)]


async def test_new_database_asks_for_no_backup(path):
    async def before_upgrade(found, known):
        pytest.fail("there was nothing to back up")

    await (await open_sqlite(str(path), before_upgrade=before_upgrade)).close()


async def test_failed_backup_stops_the_upgrade(path, add_migration):
    await (await open_sqlite(str(path))).close()
    number = add_migration("ALTER TABLE library ADD COLUMN colour TEXT;")

    async def before_upgrade(found, known):
        raise StoreUnavailable("no room for a backup")

    with pytest.raises(StoreUnavailable, match="no room"):
        await open_sqlite(str(path), before_upgrade=before_upgrade)
    assert ask(path, "PRAGMA user_version") == [(number - 1,)]


async def test_migration_that_fails_half_way_leaves_the_old_schema(path, add_migration):
    await (await open_sqlite(str(path))).close()
    number = add_migration("CREATE TABLE extra (x INTEGER) STRICT;\nINSERT INTO extra VALUES ('not a number');")

    with pytest.raises(StoreUnavailable):
        await open_sqlite(str(path))

    assert ask(path, "PRAGMA user_version") == [(number - 1,)]
    assert ask(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'extra'") == [(0,)]


async def test_statements_are_split_with_triggers_whole():
    script = "-- a; comment\nCREATE TABLE a (x TEXT DEFAULT ';');\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\n"
    script += "  SELECT 1;\n  SELECT 2;\nEND;\n"

    statements = list(split_statements(script))

    assert len(statements) == 2
    assert statements[1].count("SELECT") == 2
