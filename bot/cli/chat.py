"""`verbatim chat`: a prompt that keeps asking."""

from __future__ import annotations

import re
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.app import open_app
from bot.cli.cards import open_console, show_answer, show_articles, show_verdict
from bot.cli.exits import DONE
from bot.cli.opening import open_settings
from bot.errors import VerbatimError
from bot.render import count
from db.errors import StoreError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from bot.app import App

_HELP = """Ask a question, or write
  check QUOTE          is this quote in the articles?
  by SPEAKER: TEXT     ask only for the words of one speaker; also after check
  list                 what is loaded
  quit                 (or Ctrl-D)"""
_BY = re.compile(r"by\s+(?P<speaker>[^:]+):\s*(?P<rest>.+)", re.IGNORECASE | re.DOTALL)


async def chat(arguments: Namespace) -> int:
    """Answer line after line until the input ends."""
    settings = open_settings(arguments)
    console = open_console()
    async with open_app(settings) as app:
        size = await app.store.measure_library(arguments.library)
        if sys.stdin.isatty():
            console.print(
                f"{count(size.articles, 'article')}, {count(size.quotations, 'quotation')}. Ask, or type help.",
                style="bold",
                markup=False,
            )
        while (line := _next_line()) is not None:
            if line in {"quit", "exit"}:
                break
            try:
                await _answer_line(app, line, library=arguments.library, limit=arguments.limit)
            except (VerbatimError, StoreError) as error:
                console.print(str(error), style="yellow", markup=False)
    return DONE


async def _answer_line(app: App, line: str, *, library: str, limit: int) -> None:
    word, _, rest = line.partition(" ")
    if not line:
        return
    if line == "help":
        open_console().print(_HELP, markup=False)
    elif line == "list":
        found = await app.store.find_articles(library)
        show_articles(found, await app.store.measure_library(library), library=library)
    elif word == "check" and rest.strip():
        quote, speaker = _split_speaker(rest.strip())
        show_verdict(await app.check(library, quote, speaker=speaker))
    else:
        question, speaker = _split_speaker(line)
        show_answer(await app.ask(library, question, speaker=speaker, limit=limit))


def _split_speaker(line: str) -> tuple[str, str | None]:
    match = _BY.fullmatch(line)
    return (match["rest"].strip(), match["speaker"].strip()) if match else (line, None)


def _next_line() -> str | None:
    """The next line typed, None at the end of input or on Ctrl-C."""
    try:
        if not sys.stdin.isatty():
            line = sys.stdin.readline()
            return line.strip() if line else None
        # Importing it gives input() line editing and history; Windows has no such module.
        import importlib.util

        if importlib.util.find_spec("readline"):
            import readline  # noqa: F401
        with _keyboard_interrupt():
            return input("\n› ").strip()
    except (EOFError, KeyboardInterrupt):
        return None


@contextmanager
def _keyboard_interrupt() -> Iterator[None]:
    """Let Ctrl-C end a blocking prompt: asyncio's own handler would only cancel the task, which cannot notice."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
