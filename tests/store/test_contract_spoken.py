from __future__ import annotations

import pytest

from db.model import Acquisition

pytestmark = pytest.mark.anyio
CLI = Acquisition("cli")


async def _load(store, make_reading, *, published, words, publisher="Echo", name="Ann Lee", library="here"):
    reading = make_reading(
        title=f"{words} {published}", quotes=[(words, name)], published=published, publisher=publisher
    )
    return await store.add_article(library, reading, CLI)


async def _speaker(store, name="Ann Lee"):
    return next(s.id for s in await store.find_speakers("here") if s.name == name)


async def test_what_a_speaker_says_comes_latest_first_and_undated_last(store, make_reading):
    for published, words in [("2020-05-01", "One"), (None, "Two"), ("2021-05-01T08:00:00", "Three")]:
        await _load(store, make_reading, published=published, words=words)
    await _load(store, make_reading, published="2022-01-01", words="Four", name="Ben Ode")

    found = await store.find_spoken("here", await _speaker(store))

    assert [p.text.split("”")[0] for p in found] == ["“Three,", "“One,", "“Two,"]
    assert {p.speaker for p in found} == {"Ann Lee"}


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ({"since": "2021-01-01"}, ["“Three,"]),
        ({"until": "2020-12-31"}, ["“One,"]),
        ({"since": "2020-05-01", "until": "2020-05-01"}, ["“One,"]),
        ({"publisher": "CHO"}, ["“Three,", "“One,"]),
        ({"publisher": "Star"}, []),
        ({"limit": 1, "offset": 1}, ["“One,"]),
    ],
)
async def test_dates_publisher_and_page_narrow_it(store, make_reading, wanted, left):
    await _load(store, make_reading, published="2020-05-01", words="One")
    await _load(store, make_reading, published="2021-05-01T08:00:00", words="Three")

    found = await store.find_spoken("here", await _speaker(store), **wanted)

    assert [p.text.split("”")[0] for p in found] == left


async def test_passages_are_slices_of_their_articles(store, make_reading):
    await _load(store, make_reading, published="2020-05-01", words="One. Two. Three")

    found = await store.find_spoken("here", await _speaker(store))

    for passage in found:
        article = await store.get_article("here", passage.article_id)
        assert passage.span.slice(article.text) == passage.text
        assert all(passage.span.start <= part.start and part.end <= passage.span.end for part in passage.content)


async def test_an_unknown_speaker_says_nothing(store):
    assert await store.find_spoken("here", 10**30) == []
