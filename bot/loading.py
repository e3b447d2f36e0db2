"""Use case: bytes or text become an article in a library, and a LoadReport says what was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bot.worker import Worker
    from db.model import Acquisition, Reading
    from db.store import Store


@dataclass(frozen=True, slots=True)
class Source:
    """What a person handed in. Exactly one of `text`, `raw`; `name` is a file name, empty for pasted text.

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


async def read_source(worker: Worker, source: Source) -> Reading:
    """Read an article and store nothing. Raises UnreadableInput, InputTooLarge or ReadingTimedOut."""
    raise NotImplementedError


async def load_article(store: Store, worker: Worker, library: str, source: Source, got: Acquisition) -> LoadReport:
    """Read an article and store it in one transaction. Raises like `read_source`, and StoreError."""
    raise NotImplementedError
