"""A correction that touches many articles: shown at once, found a little later, also after a restart."""

from __future__ import annotations

import pytest

from db.corrections import MergeSpeakers
from db.model import Acquisition, Search
from db.sqlite import derived
from db.sqlite.store import open_sqlite

pytestmark = pytest.mark.anyio
ARTICLES = 25


@pytest.fixture
async def path(tmp_path, make_reading, monkeypatch):
    """A database in which Annie Leigh speaks in many articles, more than are indexed at once."""
    monkeypatch.setattr(derived, "REINDEXED_AT_ONCE", 3)
    store = await open_sqlite(str(tmp_path / "v.db"))
    for number in range(ARTICLES):
        quotes = [("We sail", "Annie Leigh" if number else "Nan Nevis")]
        await store.add_article("here", make_reading(title=f"Ferry {number}", quotes=quotes), Acquisition("cli"))
    await store.close()
    return tmp_path / "v.db"


async def merge(store):
    known = {speaker.name: speaker.id for speaker in await store.find_speakers("here")}
    return await store.correct("here", MergeSpeakers(known["Annie Leigh"], known["Nan Nevis"]), actor="1")


async def count_found(store, name):
    found = await store.find_candidates("here", Search(("ferry",), names=(name,)), limit=100)
    return len({chunk.citation.article_id for chunk in found.chunks})


async def test_merge_of_many_articles_is_shown_at_once_and_found_soon(path):
    store = await open_sqlite(str(path))

    await merge(store)
    [speaker] = await store.find_speakers("here")
    await store.finish_indexing()

    assert (speaker.name, speaker.quotation_count) == ("Nan Nevis", ARTICLES)
    assert await count_found(store, "nevis") == ARTICLES
    await store.close()


async def test_indexing_goes_on_after_a_restart(path):
    store = await open_sqlite(str(path))
    await merge(store)
    await store.close()

    store = await open_sqlite(str(path))
    await store.finish_indexing()

    assert await count_found(store, "nevis") == ARTICLES
    await store.close()


async def test_undo_of_a_large_merge_reaches_the_index(path):
    store = await open_sqlite(str(path))
    change = await merge(store)
    await store.undo_change("here", change.id, actor="1")
    await store.finish_indexing()

    assert await count_found(store, "nevis") == 1
    await store.close()


async def test_loading_goes_on_while_the_index_catches_up(path, make_reading):
    store = await open_sqlite(str(path))
    await merge(store)

    added = await store.add_article("here", make_reading(title="Meanwhile"), Acquisition("cli"))
    removed = await store.remove_article("here", 5, actor=None)
    await store.finish_indexing()

    assert (added.status, removed.id) == ("added", 5)
    assert await count_found(store, "nevis") == ARTICLES - 1
    await store.close()
