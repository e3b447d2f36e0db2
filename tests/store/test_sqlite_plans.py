"""What a load, a correction or a look-up costs does not grow with its library: no query walks a whole table."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest

from db.corrections import (
    AddAlias,
    EditHead,
    MergeSpeakers,
    RemoveAlias,
    RenameSpeaker,
    ReviewQuotation,
    SetSpeaker,
    SetState,
)
from db.model import Acquisition, Head
from db.sqlite.store import open_sqlite

pytestmark = pytest.mark.anyio

# A table of ours that is read from end to end, or for a library from end to end.
WALKS = re.compile(
    r"SCAN (article|revision|quotation|speaker|alias|naming|change|edit|question|a|r|q|s|n|e|part|same|other)\b"
    r"|^SEARCH (?!search)\w+ USING .*\(library_id=\?\)$"
    r"|AUTOMATIC"
)


@pytest.fixture
async def traced(tmp_path, anyio_backend):
    """A store, and every statement that its connections run."""
    store, statements = await open_sqlite(str(tmp_path / "v.db")), set()
    database = store._database
    for connection in (database._writer, *database._idle._queue):
        await connection.set_trace_callback(statements.add)
    yield store, statements, tmp_path / "v.db"
    await store.close()


def find_walks(path, statements):
    with closing(sqlite3.connect(path)) as connection:
        return {
            (step[3], " ".join(statement.split()))
            for statement in statements
            if re.match(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b", statement) and "search_" not in statement
            for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}")
            if WALKS.search(step[3])
        }


async def load(store, make_reading, count=3):
    for number in range(count):
        quotes = [("One", "Ann Lee"), ("Two", f"Ben Ode{number}")]
        reading = make_reading(title=f"T{number}", quotes=quotes, url=f"https://x.example/{number}")
        await store.add_article("here", reading, Acquisition("cli", external_id=str(number)))


async def test_loading_updating_and_removing_walk_no_table(traced, make_reading):
    store, statements, path = traced

    await load(store, make_reading)
    await store.add_article("here", make_reading(title="New"), Acquisition("cli", external_id="1"))
    await store.add_article("here", make_reading(title="New"), Acquisition("cli"))
    await store.remove_article("here", 1, actor=None)

    assert find_walks(path, statements) == set()


async def test_looking_one_thing_up_walks_no_table(traced, make_reading):
    store, statements, path = traced
    await load(store, make_reading)
    statements.clear()

    article = await store.get_article("here", 2)
    await store.find_passage("here", 2, *[(s.start, s.end) for s in article.sentences][1])
    await store.get_speaker("here", 1)
    await store.get_change("here", 1)
    await store.find_changes("here", subject="article", subject_id=2)
    await store.record_question("here", "When?", answered=False)
    await store.record_question("here", "When?", answered=True)

    assert find_walks(path, statements) == set()


async def test_correcting_and_undoing_walk_no_table(traced, make_reading):
    store, statements, path = traced
    await load(store, make_reading)
    statements.clear()

    corrections = (
        SetState(1, "retracted"),
        EditHead(1, Head(title="Corrected")),
        ReviewQuotation(1, "hidden"),
        SetSpeaker(2, "Cy Poe"),
        RenameSpeaker(1, "Dee Rue"),
        RenameSpeaker(3, "Eve Sy"),
        AddAlias(1, "the captain"),
        RemoveAlias(3, "Ben Ode1"),
        MergeSpeakers(2, 1),
    )
    changes = [await store.correct("here", correction, actor="1") for correction in corrections]
    for change in changes:
        await store.undo_change("here", change.id, actor="1")

    assert find_walks(path, statements) == set()
