"""No method of the store ever shows, counts or changes another library's rows."""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

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
from db.errors import StoreError
from db.model import Acquisition, Head, Search
from db.store import Store


async def find_all_texts(store, library):
    return sorted((await store.find_texts(library, range(12))).values())


# How each method is called on a library, given what there is to point at; ids are every library's.
# A method of the protocol that is missing here fails `test_every_store_method_has_an_isolation_case`.
READS = {
    "get_article": lambda s, lib, x: s.get_article(lib, x.article_id),
    "find_articles": lambda s, lib, x: s.find_articles(lib, title=x.title),
    "find_speakers": lambda s, lib, x: s.find_speakers(lib, prefix=x.name),
    "get_speaker": lambda s, lib, x: s.get_speaker(lib, x.article_id),
    "measure_library": lambda s, lib, x: s.measure_library(lib),
    "find_passage": lambda s, lib, x: s.find_passage(lib, x.article_id, *x.span),
    "find_spoken": lambda s, lib, x: s.find_spoken(lib, x.article_id),
    "find_texts": lambda s, lib, x: find_all_texts(s, lib),
    "find_candidates": lambda s, lib, x: s.find_candidates(lib, Search(tuple(x.words.lower().split()))),
    "find_claim_candidates": lambda s, lib, x: s.find_claim_candidates(lib, x.words.split()),
    "check_index": lambda s, lib, x: s.check_index(lib),
    "find_changes": lambda s, lib, x: s.find_changes(lib),
    "get_change": lambda s, lib, x: s.get_change(lib, x.article_id),
    "find_questions": lambda s, lib, x: s.find_questions(lib),
}
WRITES = {
    "add_article": lambda s, lib, x: s.add_article(lib, x.reading, Acquisition("cli", external_id=x.external_id)),
    "remove_article": lambda s, lib, x: s.remove_article(lib, x.article_id, actor="1"),
    "delete_library": lambda s, lib, x: s.delete_library(lib),
    "correct": lambda s, lib, x: s.correct(lib, x.correction, actor="1"),
    "undo_change": lambda s, lib, x: s.undo_change(lib, x.article_id, actor="1"),
    "record_question": lambda s, lib, x: s.record_question(lib, x.words, answered=x.article_id % 2 == 0),
    "rebuild_index": lambda s, lib, x: s.rebuild_index(lib),
    "forget_expired": lambda s, lib, x: s.forget_expired(lib),
}
# These take no library: they concern the file.
WHOLE_FILE = {"close", "backup", "finish_indexing"}
CORRECTIONS = (
    lambda i, name: SetState(i, "retracted"),
    lambda i, name: EditHead(i, Head(title="Corrected")),
    lambda i, name: ReviewQuotation(i, "hidden"),
    lambda i, name: SetSpeaker(i, "Ben Ode"),
    lambda i, name: RenameSpeaker(i, "Dee Rue"),
    lambda i, name: AddAlias(i, "the captain"),
    RemoveAlias,
    lambda i, name: MergeSpeakers(i, i % 3 + 1),
)
LIBRARIES = ("one", "two", "three")
NAMES = ("Ann Lee", "Ben Ode", "Lee", "Zoë Müller", "Kestrel Bay Dockers")
# Other names that join among each other just as these do, so that row ids come out the same.
LIKE = dict(zip(NAMES, ("Una Xu", "Vic Yip", "Xu", "Wim Zorn", "Quarry Hill Miners"), strict=True))
WORDS = ("We sail tomorrow", "Nobody was hurt", "The pier is closed", "Fares will rise")


class Pointed:
    """Something a caller may point at, whichever library it is in."""

    def __init__(self, make_reading, article_id, external_id, name, words):
        self.article_id, self.external_id, self.name, self.words = article_id, external_id, name, words
        self.title = f"{words} of {name}"
        self.reading = make_reading(title=self.title, quotes=[(words, name)], url=f"https://x.example/{external_id}")
        self.correction = CORRECTIONS[article_id % len(CORRECTIONS)](article_id, name)
        self.unrelated = make_reading(title=f"Nothing {external_id}", quotes=[("Hm", LIKE[name])])
        self.span = (self.reading.facts[0].span.start, self.reading.facts[0].span.end)


def test_every_store_method_has_an_isolation_case():
    methods = {name for name, _ in inspect.getmembers(Store, inspect.isfunction) if not name.startswith("_")}

    assert methods == READS.keys() | WRITES.keys() | WHOLE_FILE


async def ask(call, store, library, pointed):
    try:
        return await call(store, library, pointed)
    except StoreError as error:
        return str(error)


async def look(store, library, everything):
    """All that any read shows of one library."""
    return [(name, await ask(call, store, library, x)) for x in everything for name, call in READS.items()]


def without_ids(results):
    """Results with every row id replaced by the order in which it first appears, so that two databases compare."""
    order = {}

    def walk(value, field=""):
        if dataclasses.is_dataclass(value):
            kind = type(value).__name__
            return {f.name: walk(getattr(value, f.name), f"{kind}.{f.name}") for f in dataclasses.fields(value)}
        if isinstance(value, (list, tuple)):
            return [walk(part, field) for part in value]
        if field.endswith("id") and isinstance(value, int):
            return order.setdefault((field, value), len(order))
        return value

    return walk(results)


async def change_others(open_backend, clock, everything, steps, *, is_mine_unrelated):
    """Fill one library, change others: what it shows before and after, and all that the others were told."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_backend(Path(folder) / "v.db", clock=clock) as store:
            mine, others = LIBRARIES[0], LIBRARIES[1:]
            for x in everything:
                if is_mine_unrelated:
                    await store.add_article(mine, x.unrelated, Acquisition("cli"))
                else:
                    await store.add_article(mine, x.reading, Acquisition("cli", external_id=x.external_id))
                    await store.record_question(mine, x.words, answered=False)
            clock.advance(days=31)
            before = await look(store, mine, everything)
            told = []
            for name, library, x in steps:
                told.append(await ask(WRITES[name], store, others[library], x))
                for other in others:
                    told += [found for _, found in await look(store, other, everything[:1])]
            return before, await look(store, mine, everything), without_ids(told)


def draw_steps(data, make_reading, write):
    """Articles whose ids, names, words and URLs meet those of other libraries, and changes that point at them."""
    numbers = data.draw(st.lists(st.integers(0, 3), min_size=2, max_size=4, unique=True))
    everything = [
        Pointed(
            make_reading,
            data.draw(st.integers(1, 8)),
            f"row-{number}",
            data.draw(st.sampled_from(NAMES)),
            WORDS[number],
        )
        for number in numbers
    ]
    step = st.tuples(st.sampled_from([write, "add_article"]), st.integers(0, 1), st.sampled_from(everything))
    return everything, [(write, 0, everything[0]), *data.draw(st.lists(step, min_size=1, max_size=5))]


@pytest.mark.parametrize("write", WRITES)
@given(data=st.data())
@settings(
    max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, phases=[Phase.generate]
)
def test_no_library_feels_another(open_backend, make_clock, make_reading, run, write, data):  # noqa: PLR0917
    everything, steps = draw_steps(data, make_reading, write)

    before, after, told = run(change_others(open_backend, make_clock(), everything, steps, is_mine_unrelated=False))
    _, _, told_without = run(change_others(open_backend, make_clock(), everything, steps, is_mine_unrelated=True))

    assert after == before
    assert told == told_without


async def fill_one_and_look_from_another(open_backend, everything):
    with tempfile.TemporaryDirectory() as folder:
        async with open_backend(Path(folder) / "v.db") as store:
            empty = await look(store, "two", everything)
            for x in everything:
                for name in ("add_article", "record_question"):
                    await WRITES[name](store, "one", x)
            full = await look(store, "two", everything)
            return empty, full


@given(
    names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=4),
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
)
@settings(
    max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, phases=[Phase.generate]
)
def test_a_full_library_is_invisible_to_an_empty_one(open_backend, make_reading, run, names, words):
    everything = [
        Pointed(make_reading, number + 1, f"row-{number}", name, said)
        for number, (name, said) in enumerate(zip(names, words, strict=False))
    ]

    empty, full = run(fill_one_and_look_from_another(open_backend, everything))

    assert full == empty


@pytest.mark.parametrize("name", sorted(READS | WRITES))
def test_a_method_sees_its_own_library(open_backend, make_reading, run, name):
    """The cases above would pass if a call found nothing at all; here each one finds its own."""

    async def go():
        with tempfile.TemporaryDirectory() as folder:
            async with open_backend(Path(folder) / "v.db") as store:
                x = Pointed(make_reading, 1, "row-1", "Ann Lee", "We sail tomorrow")
                empty = await ask((READS | WRITES)[name], store, "empty", x)
                await store.add_article("one", x.reading, Acquisition("cli", external_id="row-1"))
                await store.record_question("one", x.words, answered=False)
                return empty, await ask((READS | WRITES)[name], store, "one", x)

    empty, found = run(go())

    assert found != empty or name in {"record_question", "forget_expired", "check_index"}


def test_libraries_with_odd_names_are_kept_apart(open_backend, make_reading, run):
    names = ["a", "A", "a ", "a\u0301", "á", "1", "%", "_", "", "😀"]

    async def go():
        with tempfile.TemporaryDirectory() as folder:
            async with open_backend(Path(folder) / "v.db") as store:
                for number, name in enumerate(names):
                    await store.add_article(name, make_reading(title=f"T{number}"), Acquisition("cli"))
                return [[a.title for a in await store.find_articles(name)] for name in names]

    assert run(go()) == [[f"T{number}"] for number in range(len(names))]


def test_every_table_leads_with_its_library(tmp_path, run):
    import sqlite3
    from contextlib import closing

    from db.sqlite.store import open_sqlite

    async def make():
        await (await open_sqlite(str(tmp_path / "v.db"))).close()

    asyncio.run(make())
    with closing(sqlite3.connect(tmp_path / "v.db")) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        first = {
            name: connection.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid", [name]).fetchone()[0]
            for name in tables
            if not name.startswith("sqlite_")
        }

    assert first.pop("library") == "id"
    assert set(first.values()) == {"library_id"}
