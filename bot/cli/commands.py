"""The one-shot commands: ask, check, read, load, list."""

from __future__ import annotations

import sys
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from bot.app import open_app
from bot.cli.batch import STANDARD, encode_row, external_id, run_batch, text_field
from bot.cli.exits import DONE, FAILED, NOTHING_FOUND, WRONG_USE
from bot.cli.opening import open_settings
from bot.cli.output import say, write_bytes
from bot.cli.rows import answer_row, load_row, reading_row, summary_row, verdict_row
from bot.cli.sources import is_fetched, is_link, named_source, row_source
from bot.config import load_settings
from bot.errors import VerbatimError
from bot.fetching.fetcher import Fetcher
from bot.loading import read_source
from bot.worker import open_worker
from db.errors import StoreError
from db.model import Acquisition

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Awaitable, Callable

    from bot.cli.rows import Row

SHOWN = 3
RANKED = 10


async def ask(arguments: Namespace) -> int:
    """`verbatim ask`: answer one question or a batch of them."""
    settings = open_settings(arguments)
    limit = arguments.limit or (RANKED if arguments.json or arguments.batch else SHOWN)
    async with open_app(settings) as app:
        if arguments.batch:

            async def answer(row: Row) -> Row:
                question = text_field(row, "question", required=True) or ""
                speaker = text_field(row, "speaker") or arguments.speaker
                found = await app.ask(arguments.library, question, speaker=speaker, limit=limit, is_person=False)
                return answer_row(row.get("id"), found)

            return await run_batch(arguments, answer)
        if not arguments.question:
            return _wrong_use('Write the question after the command: verbatim ask "Who said …?"')
        found = await app.ask(arguments.library, " ".join(arguments.question), speaker=arguments.speaker, limit=limit)
        is_empty = not (await app.store.measure_library(arguments.library)).articles
    row = answer_row(None, found)
    if is_empty and not arguments.json:
        say(f"Nothing is loaded in the library “{arguments.library}” yet. `verbatim load article.txt` adds an article.")
    elif arguments.json:
        write_bytes(encode_row(row))
    else:
        from bot.cli.cards import show_answer

        show_answer(found)
    return DONE if row["answered"] else NOTHING_FOUND


async def check(arguments: Namespace) -> int:
    """`verbatim check`: hold one claimed quote, or a batch of them, against the library."""
    async with open_app(open_settings(arguments)) as app:
        if arguments.batch:

            async def answer(row: Row) -> Row:
                quote = text_field(row, "quote", required=True) or ""
                speaker = text_field(row, "speaker") or arguments.speaker
                verdict = await app.check(arguments.library, quote, speaker=speaker)
                return verdict_row(row.get("id"), verdict)

            return await run_batch(arguments, answer)
        if not arguments.quote:
            return _wrong_use('Write the quote after the command: verbatim check "…"')
        verdict = await app.check(arguments.library, " ".join(arguments.quote), speaker=arguments.speaker)
    if arguments.json:
        write_bytes(encode_row(verdict_row(None, verdict)))
    else:
        from bot.cli.cards import show_verdict

        show_verdict(verdict)
    return NOTHING_FOUND if verdict.kind == "not_found" else DONE


async def read(arguments: Namespace) -> int:
    """`verbatim read`: show what is read from articles; opens no database."""
    settings = load_settings(arguments.config, db=arguments.db)
    async with AsyncExitStack() as stack:
        guarded = await stack.enter_async_context(open_worker(settings.reading))
        inline = await stack.enter_async_context(open_worker(settings.reading, inline=True))
        fetcher = Fetcher()
        stack.push_async_callback(fetcher.close)
        if arguments.batch:

            async def answer(row: Row) -> Row:
                source = row_source(row, arguments)
                # What stands in a row is the operator's own: read in this process, it need not be copied to a child.
                worker = guarded if is_fetched(source) else inline
                return reading_row(row.get("id"), await read_source(worker, source, fetcher))

            return await run_batch(arguments, answer)

        async def show(name: str) -> None:
            reading = await read_source(guarded, named_source(name, arguments), fetcher)
            if arguments.json:
                write_bytes(encode_row(reading_row(name, reading)))
            else:
                from bot.cli.cards import show_reading

                show_reading(reading)

        return await _each_source(arguments, show)


async def load(arguments: Namespace) -> int:
    """`verbatim load`: read articles and store each in one transaction."""
    settings = open_settings(arguments)
    async with open_app(settings) as app, open_worker(settings.reading, inline=True) as inline:
        if arguments.batch:

            async def answer(row: Row) -> Row:
                source, origin = row_source(row, arguments), external_id(row)
                by_link = is_fetched(source)
                got = Acquisition(way="url" if by_link else "cli", origin=arguments.batch, external_id=origin)
                loader = app if by_link else replace(app, worker=inline)
                return load_row(row.get("id"), await loader.load(arguments.library, source, got))

            return await run_batch(arguments, answer)

        async def store(name: str) -> None:
            way: Literal["url", "cli"] = "url" if is_link(name) else "cli"
            got = Acquisition(way=way, origin=None if name == STANDARD else name)
            report = await app.load(arguments.library, named_source(name, arguments), got)
            if arguments.json:
                write_bytes(encode_row(load_row(name, report)))
            else:
                from bot.cli.cards import show_report

                show_report(report)

        return await _each_source(arguments, store)


async def list_articles(arguments: Namespace) -> int:
    """`verbatim list`: the library's articles, newest first."""
    async with open_app(open_settings(arguments)) as app:
        found = await app.store.find_articles(arguments.library, title=arguments.title, limit=arguments.limit)
        size = await app.store.measure_library(arguments.library)
    if arguments.json:
        for summary in found:
            write_bytes(encode_row(summary_row(summary)))
    else:
        from bot.cli.cards import show_articles

        show_articles(found, size, library=arguments.library)
    return DONE if found else NOTHING_FOUND


async def _each_source(arguments: Namespace, use: Callable[[str], Awaitable[None]]) -> int:
    """Use every named source; one that fails is said on standard error and does not stop the others."""
    if not arguments.sources:
        return _wrong_use(f"Name a file, or - for standard input: verbatim {arguments.name} article.txt")
    failed = False
    for name in arguments.sources:
        try:
            await use(name)
        except (VerbatimError, StoreError) as error:
            failed = True
            prefix = f"{name}: " if len(arguments.sources) > 1 else ""
            sys.stderr.write(f"{prefix}{error}\n")
            if arguments.json:
                write_bytes(encode_row({"id": name, "error": str(error)}))
    return FAILED if failed else DONE


def _wrong_use(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return WRONG_USE
