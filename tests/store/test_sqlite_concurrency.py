"""Readers and the one writer at once, cancellation at any moment, and two processes on one file."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress

import pytest

from db.errors import StoreUnavailable
from db.model import Acquisition
from db.sqlite.store import open_sqlite

pytestmark = pytest.mark.anyio
CLI = Acquisition("cli", external_id="row")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "verbatim.db"


@pytest.fixture
async def store(path, anyio_backend):
    opened = await open_sqlite(str(path))
    yield opened
    await opened.close()


@pytest.fixture
def versions(make_reading):
    """Two states of one article that differ in everything that is stored of it."""
    return {
        title: make_reading(
            title=title,
            quotes=[(f"{title} {i}", f"{name} {chr(65 + i % 26)}") for i in range(size)],
            facts=[f"{title} fact {i}." for i in range(size)],
        )
        for title, name, size in (("Old", "Ann", 40), ("New", "Ben", 60))
    }


def check_whole(article, versions):
    """An article equals one of its versions in every part."""
    reading = versions[article.head.title]
    assert article.text == reading.text
    assert article.sentences == reading.sentences
    assert article.facts == reading.facts
    assert tuple(stored.quotation for stored in article.quotations) == reading.quotations


def check_database(path):
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


async def test_fifty_readers_see_whole_articles_while_one_writer_changes_them(store, path, versions):
    added = await store.add_article("here", versions["Old"], CLI)
    done = asyncio.Event()

    async def read():
        seen = set()
        while not done.is_set():
            article = await store.get_article("here", added.article_id)
            check_whole(article, versions)
            [summary] = await store.find_articles("here")
            assert summary.quotation_count == len(versions[summary.title].quotations)
            seen.add(article.head.title)
        return seen

    readers = [asyncio.create_task(read()) for _ in range(50)]
    for turn in range(20):
        await store.add_article("here", versions["New" if turn % 2 == 0 else "Old"], CLI)
    done.set()
    seen = await asyncio.gather(*readers)

    assert set.union(*seen) == {"Old", "New"}
    check_database(path)


async def test_reader_does_not_wait_for_the_writer(store, make_reading):
    await store.add_article("here", make_reading(), CLI)

    async with store._database.transaction():
        found = await asyncio.wait_for(store.find_articles("here"), timeout=5)

    assert len(found) == 1


async def test_writers_follow_each_other(store, make_reading):
    readings = [make_reading(title=f"T{number}") for number in range(30)]

    added = await asyncio.gather(*(store.add_article("here", reading, Acquisition("cli")) for reading in readings))

    assert len({one.article_id for one in added}) == 30
    assert (await store.measure_library("here")).articles == 30


async def test_same_article_from_two_moderators_at_once_is_stored_once(store, make_reading):
    added = await asyncio.gather(*(store.add_article("here", make_reading(), Acquisition("paste")) for _ in range(5)))

    assert sorted(one.status for one in added) == ["added", *["already_loaded"] * 4]


@pytest.mark.parametrize("seed", range(4))
async def test_load_cancelled_at_any_moment_leaves_old_or_new(store, path, versions, seed):
    moments = random.Random(seed)
    added = await store.add_article("here", versions["Old"], CLI)
    wanted = "New"
    outcomes = set()

    for _ in range(25):
        load = asyncio.create_task(store.add_article("here", versions[wanted], CLI))
        for _ in range(moments.randrange(40)):
            await asyncio.sleep(moments.choice([0, 0, 0.0005]))
        load.cancel()
        with suppress(asyncio.CancelledError):
            await load
        article = await store.get_article("here", added.article_id)
        check_whole(article, versions)
        outcomes.add(article.head.title == wanted)
        wanted = "Old" if article.head.title == "New" else "New"

    assert (await store.measure_library("here")).articles == 1
    check_database(path)


@pytest.mark.parametrize("steps", range(12))
async def test_cancelled_load_does_not_hold_up_the_next(store, versions, steps):
    load = asyncio.create_task(store.add_article("here", versions["Old"], CLI))
    for _ in range(steps):
        await asyncio.sleep(0)
    load.cancel()

    later = await asyncio.wait_for(store.add_article("here", versions["New"], Acquisition("cli")), timeout=10)

    assert later.status == "added"
    with suppress(asyncio.CancelledError):
        await load


async def test_cancelled_reads_do_not_use_up_the_readers(store, make_reading):
    await store.add_article("here", make_reading(), CLI)

    for steps in range(20):
        reads = [asyncio.create_task(store.find_articles("here")) for _ in range(5)]
        for _ in range(steps):
            await asyncio.sleep(0)
        for read in reads:
            read.cancel()
        await asyncio.gather(*reads, return_exceptions=True)

    assert len(await asyncio.wait_for(store.find_articles("here"), timeout=10)) == 1


async def test_failure_inside_a_transaction_changes_nothing(store, path, make_reading):
    await store.add_article("here", make_reading(), CLI)

    async def fail_half_way():
        async with store._database.transaction() as connection:
            await connection.execute_fetchall("UPDATE article SET title = 'lost'")
            await connection.execute_fetchall("INSERT INTO article (library_id) VALUES (99)")

    with pytest.raises(StoreUnavailable, match="refused what was asked"):
        await fail_half_way()

    assert [article.title for article in await store.find_articles("here")] == ["Ferry back at Port Ellery"]


async def test_reader_cannot_write(store):
    with pytest.raises(StoreUnavailable):
        async with store._database.snapshot() as connection:
            await connection.execute_fetchall("DELETE FROM article")


async def test_close_lets_a_load_finish(path, make_reading):
    store = await open_sqlite(str(path))
    load = asyncio.create_task(store.add_article("here", make_reading(), CLI))
    await asyncio.sleep(0)

    await store.close()

    assert (await load).status == "added"


LOAD_TEN = """
import asyncio, sys
from db.model import Acquisition, Head, Reading
from db.sqlite.store import open_sqlite
async def main():
    store = await open_sqlite(sys.argv[1])
    for number in range(10):
        await store.add_article(
            "here", Reading(f"Second process {number}.", Head(), (), (), (), (), ()), Acquisition("cli")
        )
    print(len(await store.find_articles("here", limit=100)))
    await store.close()
asyncio.run(main())
"""


def start_loading(path):
    return asyncio.create_subprocess_exec(sys.executable, "-c", LOAD_TEN, str(path), stdout=subprocess.PIPE)


async def test_second_process_may_read_and_load_meanwhile(store, path, make_reading):
    other = await start_loading(path)
    for number in range(10):
        await store.add_article("here", make_reading(title=f"First process {number}"), Acquisition("cli"))
    output, _ = await other.communicate()

    assert other.returncode == 0
    assert 10 <= json.loads(output) <= 20
    assert (await store.measure_library("here")).articles == 20


async def test_several_processes_may_create_one_database(path):
    processes = [await start_loading(path) for _ in range(3)]
    for process in processes:
        await process.communicate()

    assert [process.returncode for process in processes] == [0, 0, 0]
    check_database(path)


async def test_loading_ten_thousand_words_does_not_hold_up_the_event_loop(store, make_reading):
    said = "the ferry will sail again before the end of the month and nobody should worry about it"
    names = [f"{first} {last}" for first in ("Ann", "Ben", "Cy", "Dee") for last in ("Lee", "Ode", "Poe", "Rue", "Sy")]
    quotes = [(f"{said} {number}", names[number % 20]) for number in range(300)]
    reading = make_reading(quotes=quotes, facts=[f"In year {number} {said}." for number in range(300)])
    assert len(reading.text.split()) > 10_000
    await store.add_article("here", make_reading(), Acquisition("cli"))
    loop, delays, done = asyncio.get_running_loop(), [], asyncio.Event()

    async def watch():
        while not done.is_set():
            before = loop.time()
            await asyncio.sleep(0.001)
            delays.append(loop.time() - before)

    watching = asyncio.create_task(watch())
    await store.add_article("here", reading, CLI)
    done.set()
    await watching

    # The promise is 50 ms on an idle machine; a busy one adds what other programs take.
    assert sorted(delays)[len(delays) * 9 // 10] < 0.05
