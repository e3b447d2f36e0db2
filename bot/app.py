"""App: the one place that puts settings, store and worker together; cogs and the command line enter here."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import answering, checking, loading, proof
from bot.fetching.fetcher import Fetcher
from bot.worker import open_worker
from db.backends import open_store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.config import Settings
    from bot.worker import Worker
    from db.model import Acquisition, Reading
    from db.store import Store


@dataclass(frozen=True, slots=True)
class App:
    """Everything a command needs. Reads go straight to `store`; verbs have a method each."""

    settings: Settings
    store: Store
    worker: Worker
    fetcher: Fetcher | None = None

    async def read(self, source: loading.Source) -> Reading:
        """Read an article without storing it."""
        return await loading.read_source(self.worker, source, self.fetcher)

    async def load(self, library: str, source: loading.Source, got: Acquisition) -> loading.LoadReport:
        """Read an article and store it."""
        return await loading.load_article(self.store, self.worker, library, source, got, fetcher=self.fetcher)

    async def ask(
        self, library: str, question: str, *, speaker: str | None = None, limit: int = 10, is_person: bool = True
    ) -> answering.Answer | answering.NoAnswer:
        """Answer a question from one library; what a person asks in vain is kept for its moderators."""
        answer = await answering.answer_question(
            self.store, library, question, speaker=speaker, limit=limit, threshold=self.settings.answers.threshold
        )
        answer = await proof.prove_answer(self.store, library, answer)
        if is_person and isinstance(answer, answering.NoAnswer):
            await self.store.record_question(library, question, answered=False)
        return answer

    async def check(self, library: str, quote: str, *, speaker: str | None = None) -> checking.Verdict:
        """Hold one claimed quote against one library."""
        verdict = await checking.check_quote(self.store, library, quote, speaker=speaker)
        return await proof.prove_verdict(self.store, library, verdict)

    async def check_message(self, library: str, message: str) -> tuple[checking.Verdict, ...]:
        """Check every quote in a message."""
        verdicts = await checking.check_message(self.store, library, message)
        return tuple([await proof.prove_verdict(self.store, library, verdict) for verdict in verdicts])


@asynccontextmanager
async def open_app(settings: Settings) -> AsyncIterator[App]:
    """Open storage and worker, and close both whatever happens. Raises StoreError."""
    async with AsyncExitStack() as stack:
        store = await open_store(settings.storage.url)
        stack.push_async_callback(store.close)
        worker = await stack.enter_async_context(open_worker(settings.reading))
        fetcher = Fetcher(contact=settings.fetching.contact)
        stack.push_async_callback(fetcher.close)
        yield App(settings=settings, store=store, worker=worker, fetcher=fetcher)
