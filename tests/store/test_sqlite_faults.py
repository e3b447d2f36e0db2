"""Whatever is wrong with the file or the disk: one sentence that says what to do, and nothing is lost."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from db.backends import open_store
from db.errors import SchemaTooNew, StoreError, StoreUnavailable
from db.model import Acquisition
from db.sqlite.migrate import APPLICATION_ID, find_migrations
from db.sqlite.store import open_sqlite

pytestmark = pytest.mark.anyio
CLI = Acquisition("cli")
ENOUGH_FOR_MANY_PAGES = ["The harbour master spoke again. " * 400]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "verbatim.db"


@pytest.fixture
async def filled(path, make_reading):
    """A database that was closed after a load of some size."""
    store = await open_sqlite(str(path))
    for number in range(3):
        await store.add_article("here", make_reading(title=f"T{number}", facts=ENOUGH_FOR_MANY_PAGES), CLI)
    await store.close()
    return path


async def fail_to_open(url, **options):
    with pytest.raises(StoreError) as failure:
        await open_sqlite(str(url), **options)
    sentence = str(failure.value)
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    return sentence


async def test_missing_folder_is_named_with_the_command_that_makes_it(tmp_path):
    sentence = await fail_to_open(tmp_path / "nowhere" / "v.db")

    assert f"mkdir -p {tmp_path / 'nowhere'}" in sentence


async def test_folder_instead_of_a_file_is_named(tmp_path):
    assert str(tmp_path / "verbatim.db") in await fail_to_open(tmp_path)


@pytest.mark.parametrize("name", ["", ":memory:", ":memory:x", "a\0b"])
async def test_storage_that_names_no_file_is_refused(name):
    assert "names no file" in await fail_to_open(name)


async def test_unknown_scheme_is_refused():
    with pytest.raises(StoreUnavailable, match="mysql"):
        await open_store("mysql://host/base")


async def test_file_that_is_no_database_is_left_alone(path):
    path.write_bytes(b"Dear diary, " * 1000)

    assert "is not a Verbatim database" in await fail_to_open(path)
    assert path.read_bytes() == b"Dear diary, " * 1000


async def test_database_of_another_program_is_left_alone(path):
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmark (url TEXT)")
    before = path.read_bytes()

    assert "another program" in await fail_to_open(path)
    assert path.read_bytes() == before


async def test_empty_file_becomes_a_database(path):
    path.touch()

    store = await open_sqlite(str(path))

    assert (await store.measure_library("here")).articles == 0
    await store.close()


async def test_newer_database_is_refused_and_left_alone(filled):
    known = max(find_migrations())
    with closing(sqlite3.connect(filled)) as newer:
        newer.execute(f"PRAGMA user_version = {known + 1}")
    before = filled.read_bytes()

    with pytest.raises(SchemaTooNew, match=f"schema {known + 1}.*only up to {known}"):
        await open_sqlite(str(filled))
    assert filled.read_bytes() == before


async def test_damaged_page_is_said_and_points_to_the_backup(filled):
    with closing(sqlite3.connect(filled)) as connection:
        [(page,)] = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'article'")
        [(size,)] = connection.execute("PRAGMA page_size")
    with filled.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)

    store = await open_sqlite(str(filled))
    with pytest.raises(StoreUnavailable, match=r"is damaged.*verbatim restore"):
        await store.find_articles("here")
    await store.close()


async def test_truncated_file_is_said(filled):
    with filled.open("r+b") as file:
        file.truncate(filled.stat().st_size // 2)

    async def open_and_read():
        store = await open_sqlite(str(filled))
        try:
            await store.get_article("here", 3)
        finally:
            await store.close()

    with pytest.raises(StoreUnavailable, match="is damaged"):
        await open_and_read()


async def test_full_disk_keeps_what_was_there(path, make_reading):
    store = await open_sqlite(str(path))
    await store.add_article("here", make_reading(), CLI)
    async with store._database.transaction() as writer:
        [(pages,)] = await writer.execute_fetchall("PRAGMA page_count")
        await writer.execute_fetchall(f"PRAGMA max_page_count = {pages + 1}")

    with pytest.raises(StoreUnavailable, match=r"disk .* is full.*Free some space"):
        await store.add_article("here", make_reading(title="Second", facts=ENOUGH_FOR_MANY_PAGES), CLI)
    async with store._database.transaction() as writer:
        await writer.execute_fetchall("PRAGMA max_page_count = 100000")

    assert [article.title for article in await store.find_articles("here")] == ["Ferry back at Port Ellery"]
    assert (await store.add_article("here", make_reading(title="Second"), CLI)).status == "added"
    await store.close()


async def test_database_locked_by_another_process_is_said_and_works_afterwards(filled, make_reading):
    store = await open_sqlite(str(filled), busy_timeout_s=0.05)
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="in use by another program"):
            await store.add_article("here", make_reading(), CLI)
        assert len(await store.find_articles("here")) == 3
        other.execute("ROLLBACK")

    assert (await store.add_article("here", make_reading(), CLI)).status == "added"
    await store.close()


async def test_new_database_locked_by_another_process_is_said(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        assert "in use by another program" in await fail_to_open(path, busy_timeout_s=0.05)


async def test_closed_store_says_so(filled):
    store = await open_sqlite(str(filled))
    await store.close()
    await store.close()

    with pytest.raises(StoreUnavailable, match="is closed"):
        await store.find_articles("here")
    with pytest.raises(StoreUnavailable, match="is closed"):
        await store.delete_library("here")


async def test_backup_refuses_to_overwrite(filled, tmp_path):
    target = tmp_path / "backup.db"
    target.write_text("precious")
    store = await open_sqlite(str(filled))

    with pytest.raises(StoreUnavailable, match="exists already"):
        await store.backup(target)
    await store.close()
    assert target.read_text() == "precious"


async def test_backup_into_a_missing_folder_is_said(filled, tmp_path):
    store = await open_sqlite(str(filled))

    with pytest.raises(StoreUnavailable, match="mkdir -p"):
        await store.backup(tmp_path / "nowhere" / "backup.db")
    await store.close()


async def test_backup_of_a_live_database_is_one_whole_file(filled, tmp_path, make_reading):
    store = await open_sqlite(str(filled))
    await store.add_article("here", make_reading(title="Only in the log so far"), CLI)

    await store.backup(tmp_path / "backup.db")
    await store.close()

    assert sorted(p.name for p in tmp_path.iterdir()) == ["backup.db", "verbatim.db"]
    copy = await open_sqlite(str(tmp_path / "backup.db"))
    assert [article.title for article in await copy.find_articles("here", limit=1)] == ["Only in the log so far"]
    await copy.close()


async def test_damaged_database_gives_no_backup(filled, tmp_path):
    with closing(sqlite3.connect(filled)) as connection:
        [(page,)] = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'quotation_speaker'")
        [(size,)] = connection.execute("PRAGMA page_size")
    with filled.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    store = await open_sqlite(str(filled))

    with pytest.raises(StoreUnavailable, match="damaged"):
        await store.backup(tmp_path / "backup.db")
    await store.close()
    assert not (tmp_path / "backup.db").exists()


@pytest.mark.parametrize("whole_library", [False, True], ids=["article", "library"])
async def test_removed_words_are_in_no_file(path, make_reading, whole_library):
    store = await open_sqlite(str(path))
    await store.add_article("here", make_reading(title="Kept"), CLI)
    words = [("Zanzibarbaric quuxotic utterance", "Xerxenia Qvist")]
    added = await store.add_article("here", make_reading(title="Gone", quotes=words), CLI)

    if whole_library:
        await store.delete_library("here")
    else:
        await store.remove_article("here", added.article_id, actor=None)

    stored = b"".join(file.read_bytes() for file in path.parent.iterdir() if file.suffix != ".db-shm").lower()
    assert b"kept" in stored or whole_library
    for word in (b"zanzibarbaric", b"quuxotic", b"xerxenia", b"qvist"):
        assert word not in stored
    await store.close()


async def test_connections_hold_to_the_rules(filled):
    store = await open_sqlite(str(filled))
    async with store._database.snapshot() as reader, store._database.transaction() as writer:
        for connection in (reader, writer):
            for pragma, value in (("foreign_keys", 1), ("synchronous", 2), ("secure_delete", 1), ("mmap_size", 0)):
                assert list(await connection.execute_fetchall(f"PRAGMA {pragma}")) in ([(value,)], [])
        assert list(await reader.execute_fetchall("PRAGMA journal_mode")) == [("wal",)]
        assert list(await reader.execute_fetchall("PRAGMA application_id")) == [(APPLICATION_ID,)]
        [(tables, strict)] = await reader.execute_fetchall(
            "SELECT count(*), sum(strict) FROM pragma_table_list"
            " WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        assert tables == strict
    await store.close()


TRY = """
import asyncio, os, sys
import db.sqlite.store
from db.backends import open_store
from db.errors import StoreError
from db.model import Acquisition, Head, Reading
async def main():
    reading = Reading("Text.", Head(), (), (), (), (), ())
    try:
        store = await open_store(sys.argv[1])
        try:
            await store.add_article("here", reading, Acquisition("cli"))
        finally:
            await store.close()
    except StoreError as error:
        print(error)
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
asyncio.run(main())
"""


@pytest.fixture
def shared_folder():
    """A folder that another account may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="verbatim-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def try_as_nobody(path):
    """What an account without rights is told; when the tests run as root, the process gives its rights up first."""
    command = [sys.executable, "-c", TRY, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    if "PermissionError" in done.stderr and "importlib" in done.stderr:
        pytest.skip("an account without rights cannot read this checkout")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
async def test_read_only_file_is_said_with_the_command_that_mends_it(filled, shared_folder):
    target = shared_folder / "v.db"
    shutil.copy(filled, target)
    target.chmod(0o444)

    assert "chmod u+w" in try_as_nobody(target)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
async def test_folder_without_write_permission_is_said(shared_folder):
    shared_folder.chmod(0o555)

    assert "may write there" in try_as_nobody(shared_folder / "v.db")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
async def test_file_of_another_account_is_said(filled, shared_folder):
    target = shared_folder / "v.db"
    shutil.copy(filled, target)
    target.chmod(0o000)

    sentence = try_as_nobody(target)

    assert str(target) in sentence
    assert "cannot be opened" in sentence


async def test_folder_that_may_not_be_entered_is_said(shared_folder):
    (shared_folder / "inner").mkdir(mode=0o700)

    assert "inner" in try_as_nobody(shared_folder / "inner" / "deep" / "v.db")


async def test_path_that_is_too_long_is_said(tmp_path):
    assert "cannot be opened" in await fail_to_open(tmp_path / ("x" * 300) / "v.db")
