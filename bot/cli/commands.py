"""The one-shot commands: ask, check, read, load, list."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import open_app
from bot.cli.batch import STANDARD, BadRow, UnreachableFile, encode_row, external_id, run_batch, text_field
from bot.cli.exits import DONE, FAILED, NOTHING_FOUND, WRONG_USE
from bot.cli.opening import open_settings
from bot.cli.output import write_bytes
from bot.cli.rows import answer_row, load_row, reading_row, summary_row, verdict_row
from bot.config import load_settings
from bot.errors import VerbatimError
from bot.loading import Source, read_source
from bot.worker import open_worker
from db.errors import StoreError
from db.model import Acquisition

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Awaitable, Callable

    from bot.cli.rows import Row

SHOWN = 3
RANKED = 10
# Enough for a file of every format; what is too large as text is refused by the reading itself.
_LARGEST_FILE_BYTES = 64 * 1024 * 1024


async def ask(arguments: Namespace) -> int:
    """`verbatim ask`: answer one question or a batch of them."""
    settings = open_settings(arguments)
    limit = arguments.limit or (RANKED if arguments.json or arguments.batch else SHOWN)
    async with open_app(settings) as app:
        if arguments.batch:

            async def answer(row: Row) -> Row:
                question = text_field(row, "question", required=True) or ""
                found = await app.ask(arguments.library, question, speaker=text_field(row, "speaker"), limit=limit)
                return answer_row(row.get("id"), found)

            return await run_batch(arguments, answer)
        if not arguments.question:
            return _wrong_use('Write the question after the command: verbatim ask "Who said …?"')
        found = await app.ask(arguments.library, " ".join(arguments.question), speaker=arguments.speaker, limit=limit)
    row = answer_row(None, found)
    if arguments.json:
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
                verdict = await app.check(arguments.library, quote, speaker=text_field(row, "speaker"))
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
    # A batch is the operator's own input, so it is read in this process: no child to start, nothing to copy.
    async with open_worker(settings.reading, inline=bool(arguments.batch)) as worker:
        if arguments.batch:

            async def answer(row: Row) -> Row:
                return reading_row(row.get("id"), await read_source(worker, _row_source(row, arguments)))

            return await run_batch(arguments, answer)

        async def show(name: str) -> None:
            reading = await read_source(worker, _file_source(name, arguments))
            if arguments.json:
                write_bytes(encode_row(reading_row(name, reading)))
            else:
                from bot.cli.cards import show_reading

                show_reading(reading)

        return await _each_source(arguments, show)


async def load(arguments: Namespace) -> int:
    """`verbatim load`: read articles and store each in one transaction."""
    async with open_app(open_settings(arguments), inline_worker=bool(arguments.batch)) as app:
        if arguments.batch:

            async def answer(row: Row) -> Row:
                got = Acquisition(way="cli", origin=arguments.batch, external_id=external_id(row))
                report = await app.load(arguments.library, _row_source(row, arguments), got)
                return load_row(row.get("id"), report)

            return await run_batch(arguments, answer)

        async def store(name: str) -> None:
            got = Acquisition(way="cli", origin=None if name == STANDARD else name)
            report = await app.load(arguments.library, _file_source(name, arguments), got)
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


def _file_source(name: str, arguments: Namespace) -> Source:
    """What a file or standard input holds, with the fields given as options.

    Raises:
        UnreachableFile: It cannot be read, or is far too large for an article.
    """
    try:
        with sys.stdin.buffer if name == STANDARD else Path(name).open("rb") as stream:
            raw = stream.read(_LARGEST_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise UnreachableFile(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if len(raw) > _LARGEST_FILE_BYTES:
        raise UnreachableFile(f"{name} is over {_LARGEST_FILE_BYTES // 1024**2} MiB, which no article is.")
    return Source(
        raw=raw,
        name="" if name == STANDARD else Path(name).name,
        as_is=arguments.as_is,
        title=arguments.title,
        publisher=arguments.publisher,
        published=arguments.published,
        url=arguments.url,
    )


def _row_source(row: Row, arguments: Namespace) -> Source:
    html, text = text_field(row, "html"), text_field(row, "text")
    if html is None and text is None:
        raise BadRow('The row has neither "text" nor "html".')
    return Source(
        text=text if html is None else html,
        is_html=html is not None,
        as_is=arguments.as_is,
        title=text_field(row, "title") or arguments.title,
        publisher=text_field(row, "publisher") or arguments.publisher,
        published=text_field(row, "published") or arguments.published,
        url=text_field(row, "url") or arguments.url,
    )


def _wrong_use(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return WRONG_USE
