"""What the command line takes as an article: a file, standard input, a link, or a row of a batch."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.batch import STANDARD, BadRow, UnreachableFile, text_field
from bot.loading import Source

if TYPE_CHECKING:
    from argparse import Namespace

    from bot.cli.rows import Row

# Enough for a file of every format; what is too large as text is refused by the reading itself.
_LARGEST_FILE_BYTES = 64 * 1024 * 1024
_LINK = re.compile(r"https?://", re.IGNORECASE)


def named_source(name: str, arguments: Namespace) -> Source:
    """What a file, a link or standard input (`-`) holds, with the fields given as options.

    Raises:
        UnreachableFile: A file cannot be read, or is far too large for an article.
    """
    if is_link(name):
        return _with_options(arguments, url=name)
    try:
        with sys.stdin.buffer if name == STANDARD else Path(name).open("rb") as stream:
            raw = stream.read(_LARGEST_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise UnreachableFile(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if len(raw) > _LARGEST_FILE_BYTES:
        raise UnreachableFile(f"{name} is over {_LARGEST_FILE_BYTES // 1024**2} MiB, which no article is.")
    return _with_options(arguments, raw=raw, name="" if name == STANDARD else Path(name).name)


def row_source(row: Row, arguments: Namespace) -> Source:
    """The article of one row: its `text` or `html`, else what its `url` points to. Raises BadRow where it has none."""
    html, text, url = text_field(row, "html"), text_field(row, "text"), text_field(row, "url")
    if html is None and text is None and url is None:
        raise BadRow('The row has neither "text" nor "html" nor "url".')
    return Source(
        text=text if html is None else html,
        is_html=html is not None,
        as_is=arguments.as_is,
        title=text_field(row, "title") or arguments.title,
        publisher=text_field(row, "publisher") or arguments.publisher,
        published=text_field(row, "published") or arguments.published,
        url=url or arguments.url,
    )


def is_link(name: str) -> bool:
    """True where a name on the command line is to be fetched."""
    return bool(_LINK.match(name))


def is_fetched(source: Source) -> bool:
    """True where the article comes from the web, so that it must be read in the guarded process."""
    return source.text is None and source.raw is None


def _with_options(arguments: Namespace, *, raw: bytes | None = None, name: str = "", url: str | None = None) -> Source:
    return Source(
        raw=raw,
        name=name,
        as_is=arguments.as_is,
        title=arguments.title,
        publisher=arguments.publisher,
        published=arguments.published,
        url=url or arguments.url,
    )
