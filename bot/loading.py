"""Use case: bytes or text become an article in a library, and a LoadReport says what was read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from bot.errors import InputTooLarge, UnreadableInput
from bot.reading.formats import Material, read_material
from db.model import Head

if TYPE_CHECKING:
    from bot.fetching.fetcher import Fetcher
    from bot.worker import Worker
    from db.model import Acquisition, Reading
    from db.store import Store

# Binary formats have limits of their own, in `bot.reading.formats`; nothing larger than this is even copied.
MOST_BYTES_FACTOR = 4


@dataclass(frozen=True, slots=True)
class Source:
    """What a person handed in: `text`, or `raw` with its file `name`, or `url` alone, which is then fetched.

    The fields from `title` on override what is read from the text. `as_is` takes the text unchanged, so that offsets
    point into what was given.
    """

    text: str | None = None
    raw: bytes | None = None
    name: str = ""
    is_html: bool = False
    as_is: bool = False
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of a load: the article's id and what was read from it."""

    article_id: int
    external_id: str | None
    status: Literal["added", "already_loaded", "updated"]
    reading: Reading
    warnings: tuple[str, ...] = field(default=())

    @property
    def unattributed(self) -> int:
        """How many quotations have no resolved speaker."""
        return sum(q.speaker is None for q in self.reading.quotations)


async def read_source(worker: Worker, source: Source, fetcher: Fetcher | None = None) -> Reading:
    """Read an article and store nothing.

    Args:
        worker: Does the parsing.
        source: What was handed in; its `url` alone is fetched.
        fetcher: Fetches links; without one they are refused.

    Raises:
        UnreadableInput, InputTooLarge, ReadingTimedOut, WorkerBusy: What was handed in cannot be read.
        LinkRefused, FetchFailed: The link cannot be fetched.
    """
    material = await _gather(source, fetcher)
    # Checked here as well, so that nothing oversized is copied to the worker first.
    limit_bytes = worker.settings.max_text_bytes
    if len(material.text or material.raw or "") > MOST_BYTES_FACTOR * limit_bytes:
        raise InputTooLarge(f"This is far over the {limit_bytes // 1024**2} MB that can be read. Load it in parts.")
    return await worker.run(read_material, replace(material, limit_bytes=limit_bytes, tagger=worker.settings.tagger))


async def _gather(source: Source, fetcher: Fetcher | None) -> Material:
    """What the worker reads: as handed in, or fetched."""
    given = Head(title=source.title, publisher=source.publisher, published=source.published, url=source.url)
    if source.text is not None or source.raw is not None:
        return Material(
            text=source.text,
            raw=source.raw,
            name=source.name,
            is_html=source.is_html,
            as_is=source.as_is,
            given=given,
        )
    if not source.url:
        raise UnreadableInput("There is nothing to read. Paste the article's text, or attach its file.")
    if fetcher is None:
        raise UnreadableInput("Links cannot be loaded here. Paste the article's text, or attach its file.")
    page = await fetcher.fetch(source.url)
    is_html = "html" in page.content_type
    return Material(raw=page.body or b"", is_html=is_html, given=replace(given, url=page.url), declared=page.charset)


async def load_article(
    store: Store,
    worker: Worker,
    library: str,
    source: Source,
    got: Acquisition,
    *,
    fetcher: Fetcher | None = None,
) -> LoadReport:
    """Read an article and store it in one transaction. Raises like `read_source`, and StoreError."""
    reading = await read_source(worker, source, fetcher)
    added = await store.add_article(library, reading, got)
    return LoadReport(
        article_id=added.article_id,
        external_id=added.external_id,
        status=added.status,
        reading=reading,
        warnings=reading.warnings,
    )
