"""The killable child process for parsing: deadline, memory limit, bounded queue."""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import secrets
import selectors
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

from bot.errors import ReadingTimedOut, UnreadableInput, WorkerBusy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.config import ReadingSettings

log = logging.getLogger(__name__)

T = TypeVar("T")

LENGTH_BYTES = 8


class Worker:
    """Runs plain functions in one child process, one after another.

    The child starts with the first job and is let go when idle, so a bot that nobody feeds holds no second process.
    Nothing here waits on the event loop between jobs: the exchange with the child lives in one thread.
    """

    def __init__(self, settings: ReadingSettings, *, inline: bool = False) -> None:
        self.settings = settings
        self._inline = inline
        self._pending = 0
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="verbatim-worker")
        self._child: subprocess.Popen[bytes] | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._guard = threading.Lock()

    async def run(self, job: Callable[..., T], *args: Any) -> T:
        """Run `job(*args)` in the child and return what it returns; both ways travel as pickles.

        Args:
            job: A module-level function; the child imports it by name.
            args: Values that can be pickled.

        Raises:
            WorkerBusy: Too many loads wait already.
            ReadingTimedOut: The job took too long or too much memory; the child was killed.
            UnreadableInput: The job failed in a way nobody foresaw.
            VerbatimError: Whatever sentence the job itself raised.
        """
        if self._inline:
            return job(*args)
        if self._pending > self.settings.queue_limit:
            raise WorkerBusy(f"{self._pending} articles are waiting to be read. Please try again in a minute.")
        self._cancel_idle()
        self._pending += 1
        started = threading.Event()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._executor, self._exchange, started, job, args)
        except asyncio.CancelledError:
            if started.is_set():
                self._kill()
            raise
        finally:
            self._pending -= 1
            if not self._pending and self._child is not None:
                self._cancel_idle()
                self._idle = loop.call_later(self.settings.idle_s, self._kill)

    def close(self) -> None:
        """End the child and its thread; a job under way is lost."""
        self._cancel_idle()
        self._kill()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._kill()

    def _cancel_idle(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _kill(self) -> None:
        with self._guard:
            child, self._child = self._child, None
        if child is not None:
            _end(child)

    def _ensure_child(self) -> subprocess.Popen[bytes]:
        with self._guard:
            if self._child is not None and self._child.poll() is not None:
                _end(self._child)
                self._child = None
            if self._child is None:
                self._child = _start_child(self.settings)
            return self._child

    def _exchange(self, started: threading.Event, job: Callable[..., T], args: tuple[Any, ...]) -> T:
        """Send one job and wait for its outcome, in the worker's thread."""
        started.set()
        deadline = time.monotonic() + self.settings.deadline_s
        child = self._ensure_child()
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            message = pickle.dumps((job, args), protocol=pickle.HIGHEST_PROTOCOL)
            _send(child.stdin, message, deadline)
            outcome, value = pickle.loads(_receive(child.stdout, deadline))  # noqa: S301 (our own child wrote it)
        except TimeoutError:
            self._kill()
            raise ReadingTimedOut(
                f"Reading this took longer than {self.settings.deadline_s:g} seconds and was stopped. "
                "Paste the article's text instead, or a shorter part of it."
            ) from None
        except (EOFError, OSError, ValueError) as error:
            self._kill()
            raise ReadingTimedOut(
                "Reading this took more memory than allowed, or broke the reader, and was stopped. "
                "Paste the article's text instead, or a shorter part of it."
            ) from error
        if outcome == "done":
            return value  # type: ignore[no-any-return]
        if outcome == "refused":
            raise value
        reference = secrets.token_hex(4)
        log.error("Reading failed, reference %s:\n%s", reference, value)
        raise UnreadableInput(f"This could not be read as an article (reference {reference}). Paste its text instead.")


def _start_child(settings: ReadingSettings) -> subprocess.Popen[bytes]:
    # The parent's own search path, so that it works from a checkout, a wheel and under pytest alike; `-m` would
    # import nothing of the parent's main module, which multiprocessing's spawn does.
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
        "OPENBLAS_NUM_THREADS": "1",
    }
    return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        [sys.executable, "-P", "-m", "bot.worker_child", str(settings.memory_limit_bytes), str(settings.deadline_s)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        bufsize=0,
    )


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill a child, if it still lives, and close its pipes."""
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:  # unsent bytes of a child that is gone
                log.debug("The worker's pipe was already broken.")


def _wait(pipe: IO[bytes], event: int, deadline: float) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, event)
        if not selector.select(max(0.0, deadline - time.monotonic())):
            raise TimeoutError


def _send(pipe: IO[bytes], message: bytes, deadline: float) -> None:
    """Write one length-prefixed message, giving up at the deadline even when the child has stopped reading."""
    fd = pipe.fileno()
    os.set_blocking(fd, False)
    rest = memoryview(len(message).to_bytes(LENGTH_BYTES, "big") + message)
    while rest:
        _wait(pipe, selectors.EVENT_WRITE, deadline)
        rest = rest[os.write(fd, rest) :]


def _receive(pipe: IO[bytes], deadline: float) -> bytes:
    """Read one length-prefixed message."""
    length = int.from_bytes(_receive_exactly(pipe, LENGTH_BYTES, deadline), "big")
    return _receive_exactly(pipe, length, deadline)


def _receive_exactly(pipe: IO[bytes], length: int, deadline: float) -> bytes:
    got = bytearray()
    while len(got) < length:
        _wait(pipe, selectors.EVENT_READ, deadline)
        piece = os.read(pipe.fileno(), length - len(got))
        if not piece:
            raise EOFError
        got += piece
    return bytes(got)


@asynccontextmanager
async def open_worker(settings: ReadingSettings, *, inline: bool = False) -> AsyncIterator[Worker]:
    """A worker for as long as the context lasts.

    Args:
        settings: Deadline, memory limit and queue length.
        inline: Run jobs in this process, without limits: for an operator's own bulk input at the command line.
    """
    worker = Worker(settings, inline=inline)
    try:
        yield worker
    finally:
        worker.close()
