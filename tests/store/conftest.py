from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from db.model import Block, Fact, Head, Quotation, Reading, Referent, Span, Speaker
from db.sqlite.store import open_sqlite

SENTENCES = re.compile(r"[^.!?]+[.!?]”?")


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


@dataclass
class Clock:
    """A clock that stands until a test moves it."""

    now: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self):
        return self.now

    def advance(self, **units):
        self.now += timedelta(**units)


# Every backend opens the database at a path, with a clock; the whole contract suite runs on each.
BACKENDS = {"sqlite": open_sqlite}


@pytest.fixture(params=BACKENDS, scope="session")
def open_backend(request):
    open_one = BACKENDS[request.param]

    @asynccontextmanager
    async def opened(path, **options):
        store = await open_one(str(path), **options)
        try:
            yield store
        finally:
            await store.close()

    return opened


@pytest.fixture(scope="session")
def make_clock():
    return Clock


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def store(open_backend, tmp_path, clock, anyio_backend):
    async with open_backend(tmp_path / "verbatim.db", clock=clock) as opened:
        yield opened


def _find(text, words):
    start = text.index(words)
    return Span(start, start + len(words))


def _make_reading(
    title="Ferry back at Port Ellery",
    quotes=(("We sail tomorrow", "Ann Lee"),),
    facts=("The ferry was repaired in June 2021.",),
    aliases=None,
    **head,
):
    """A reading as the worker would hand it over: a title, one paragraph a quotation, one a fact."""
    aliases = aliases or {}
    paragraphs = [title, *(f"“{words},” said {name or 'a man'}." for words, name in quotes), *facts]
    text = "\n\n".join(paragraphs)
    spans, start = [], 0
    for paragraph in paragraphs:
        spans.append(Span(start, start + len(paragraph)))
        start += len(paragraph) + 2
    quotations = []
    for (_, name), span in zip(quotes, spans[1:], strict=False):
        content = Span(span.start, text.index("”", span.start) + 1)
        cue = Span(content.end + 1, content.end + 5)
        source = Span(cue.end + 1, span.end - 1)
        quotations.append(Quotation("direct", (content,), cue, (source,), name, 0.9, "mark-cue"))
    names = dict.fromkeys(name for _, name in quotes if name)
    return Reading(
        text=text,
        head=Head(title=title, **head),
        blocks=tuple(Block("paragraph" if i else "title", span) for i, span in enumerate(spans)),
        sentences=tuple(spans),
        quotations=tuple(quotations),
        facts=tuple(
            Fact(span, "paragraph", (Referent(Span(span.start, span.start + 3), "Port Ellery Ferries"),))
            for span in spans[1 + len(quotes) :]
        ),
        speakers=tuple(Speaker(name, tuple(aliases.get(name, ()))) for name in names),
    )


@pytest.fixture(scope="session")
def make_reading():
    return _make_reading


@pytest.fixture(scope="session")
def run():
    """Run one coroutine to its end, for tests that hypothesis drives."""
    return asyncio.run
