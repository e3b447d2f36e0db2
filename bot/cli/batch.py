"""JSON lines in, JSON lines out: many rows in one process, in order, a bad row becoming an error row."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from bot.cli.exits import DONE
from bot.cli.failures import explain_failure
from bot.errors import VerbatimError
from db.errors import StoreError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Awaitable, Callable, Iterator

    from bot.cli.rows import Row

STANDARD = "-"


class BadRow(VerbatimError):
    """A row of a batch is not what its command takes."""


class UnreachableFile(VerbatimError):
    """A file named on the command line cannot be read or written."""


async def run_batch(arguments: Namespace, answer: Callable[[Row], Awaitable[Row]]) -> int:
    """Give every row of `--batch` to `answer` and write what it returns to `--out`, one row at a time.

    Raises:
        UnreachableFile: One of the two files cannot be opened.
    """
    rows = failures = 0
    with _open(arguments.batch, "rb") as incoming, _open(arguments.out or STANDARD, "wb") as outgoing:
        for line in incoming:
            if not line.strip():
                continue
            # Rows may be done without ever waiting; Ctrl-C is heard only where the loop turns.
            await asyncio.sleep(0)
            result = await _answer_line(line, answer, doing=arguments.name)
            rows, failures = rows + 1, failures + ("error" in result)
            outgoing.write(encode_row(result))
        outgoing.flush()
    if failures:
        sys.stderr.write(f'{failures} of {rows} rows could not be done; each says why under "error".\n')
    return DONE


async def _answer_line(line: bytes, answer: Callable[[Row], Awaitable[Row]], *, doing: str) -> Row:
    row_id = None
    try:
        row = _parse_row(line)
        row_id = row.get("id")
        return await answer(row)
    except (VerbatimError, StoreError) as error:
        return {"id": row_id, "error": str(error)}
    except Exception as error:  # noqa: BLE001 -- one row must not end the others; the traceback goes to the log
        return {"id": row_id, "error": explain_failure(doing, error)}


def _parse_row(line: bytes) -> Row:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadRow(f"This line is not JSON: {error}.") from error
    if not isinstance(row, dict):
        raise BadRow("A row must be a JSON object.")
    return row


def text_field(row: Row, name: str, *, required: bool = False) -> str | None:
    """A text of a row.

    Raises:
        BadRow: It is no text, or absent though `required`.
    """
    value: Any = row.get(name)
    if value is None:
        if required:
            raise BadRow(f'The row has no "{name}".')
        return None
    if not isinstance(value, str):
        raise BadRow(f'"{name}" must be text.')
    return value


def external_id(row: Row) -> str | None:
    """The row's `id` as text, None where it has none. Raises BadRow where it is neither text nor a number."""
    value = row.get("id")
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise BadRow('"id" must be text or a whole number.')


def encode_row(row: Row) -> bytes:
    """One line of JSON in UTF-8; a lone surrogate, which UTF-8 has no form for, is written as its JSON escape."""
    try:
        return json.dumps(row, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(row).encode() + b"\n"


@contextmanager
def _open(name: str, mode: str) -> Iterator[BinaryIO]:
    if name == STANDARD:
        yield sys.stdin.buffer if mode == "rb" else sys.stdout.buffer
        return
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(Path(name).open(mode))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UnreachableFile(f"{name} cannot be opened: {reason}.") from error
        yield cast("BinaryIO", stream)
