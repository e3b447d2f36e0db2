"""Pasted and plain text: what is article, what is set aside, who wrote and published it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from bot.reading.bylines import is_name, is_outlet, may_be_outlet, parse_byline
from bot.reading.characters import make_storable, tidy
from bot.reading.dates import parse_moment
from bot.reading.furniture import (
    ends_like_sentence,
    is_caption,
    is_caption_opening,
    is_moment,
    is_promotion,
    is_section,
    is_share_line,
)
from bot.reading.layout import Unit, assemble, fill_head
from bot.reading.lines import split_units
from db.model import Block, BlockKind, Document, Head, Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

LONGEST_TITLE = 200
# A headline may close with a question or a quotation; so may a paragraph, which is longer.
LONGEST_CLOSED_TITLE = 140
LONGEST_STANDFIRST = 400
# A headline stands this far up at most: above it are a site's name, a section, buttons.
TITLE_REACH = 6
# A standfirst that ends like a sentence is told by the byline or time line that follows this close.
BYLINE_REACH = 4
# Bylines stand within this many units of either end of an article.
BYLINE_EDGE = 4
SHORTEST_STANDFIRST = 25
LINE = re.compile(r"[^\r\n]+")


def read_plain(text: str, given: Head) -> Document:
    """Read pasted text: nothing is deleted, what is not article is set aside as blocks of its own kind."""
    return arrange(split_units(tidy(text)), given)


def read_as_is(text: str, given: Head) -> Document:
    """Take text unchanged: every line that is not blank is a block, the title first where the first line is one.

    Characters that no database stores (NUL, lone surrogates) are replaced one for one, so offsets stay.
    """
    text = make_storable(text)
    blocks: list[Block] = []
    title = given.title
    for match in LINE.finditer(text):
        line = match.group()
        if not line.strip():
            continue
        start = match.start() + len(line) - len(line.lstrip())
        span = Span(start, start + len(line.strip()))
        is_title = not blocks and (
            fold(span.slice(text)) == fold(title) if title else looks_like_title(span.slice(text))
        )
        if is_title and not title:
            title = span.slice(text)
        blocks.append(Block("title" if is_title else "paragraph", span))
    if len(blocks) == 1 and blocks[0].kind == "title" and not given.title:
        blocks, title = [Block("paragraph", blocks[0].span)], None
    return Document(text, tuple(blocks), fill_head(given, Head(title=title)))


def fold(line: str) -> str:
    """A line for comparison: case, spaces and closing marks ignored."""
    return " ".join(line.casefold().split()).strip(" .,:;")


def looks_like_title(line: str) -> bool:
    """Short, and not closed like a sentence; a question or a closing quotation mark may end a headline."""
    line = line.strip()
    if not 0 < len(line) <= LONGEST_TITLE:
        return False
    return not ends_like_sentence(line) or (line[-1] in "?!…\"”’'»" and len(line) < LONGEST_CLOSED_TITLE)


def arrange(lines: Sequence[str], given: Head, *, asides: AbstractSet[str] = frozenset()) -> Document:
    """Tell each line's kind and put the article together; `asides` are lines already known to be none of it."""
    often = Counter(fold(line) for line in lines)
    repeated = {key for key, count in often.items() if count > 1}
    kinds: list[BlockKind | None] = [_kind_anywhere(line, fold(line) in repeated) for line in lines]
    kinds = ["aside" if line in asides else kind for line, kind in zip(lines, kinds, strict=True)]
    title_at = _find_title(lines, kinds, given.title)
    if title_at is not None:
        kinds[title_at] = "title"
    body_at = _find_body(lines, kinds, 0 if title_at is None else title_at + 1)
    found = _Finder(lines, kinds)
    found.read_top(0 if title_at is None else title_at + 1, body_at)
    found.read_edges(body_at)
    if "standfirst" in kinds and not {None, "paragraph"}.intersection(kinds):
        # A title and one line without a full stop: that line is all the article there is.
        kinds[kinds.index("standfirst")] = None
        found.standfirst = None
    title = lines[title_at] if title_at is not None else None
    head = Head(
        title=title,
        standfirst=found.standfirst,
        byline=found.byline,
        publisher=found.publisher,
        published=found.published,
    )
    units = [Unit(kind or "paragraph", line) for kind, line in zip(kinds, lines, strict=True)]
    return assemble(units, fill_head(given, head))


def _kind_anywhere(line: str, is_repeated: bool) -> BlockKind | None:  # noqa: FBT001
    """What a line is wherever it stands; None for what reads like article."""
    if is_share_line(line) or is_moment(line):
        return "aside"
    if is_caption(line):
        return "caption"
    if is_promotion(line):
        return "aside"
    if is_repeated and not ends_like_sentence(line):
        return "caption" if len(line.split()) > 3 else "aside"  # noqa: PLR2004
    return None


def _find_title(lines: Sequence[str], kinds: list[BlockKind | None], given: str | None) -> int | None:
    if given:
        return next((i for i, line in enumerate(lines[: 2 * TITLE_REACH]) if fold(line) == fold(given)), None)
    for i, line in enumerate(lines[:TITLE_REACH]):
        is_furniture = kinds[i] is not None and not (i == 0 and len(line.split()) > 4)  # noqa: PLR2004
        if is_furniture or is_section(line) or is_outlet(line) or parse_byline(line):
            continue
        if len(lines) > 1 and (looks_like_title(line) or _stands_over_furniture(lines, kinds, i)):
            return i
        return None
    return None


def _stands_over_furniture(lines: Sequence[str], kinds: list[BlockKind | None], i: int) -> bool:
    """A short line closed by a full stop is a headline still, if a byline, a time, a button or the paper follows."""
    if i + 1 == len(lines) or len(lines[i]) > LONGEST_CLOSED_TITLE:
        return False
    following = lines[i + 1]
    return kinds[i + 1] is not None or bool(parse_byline(following)) or may_be_outlet(following)


def _find_body(lines: Sequence[str], kinds: list[BlockKind | None], start: int) -> int:
    """The first unit that reads like article: a sentence; `len(lines)` where there is none."""
    sentences = (i for i in range(start, len(lines)) if kinds[i] is None and ends_like_sentence(lines[i]))
    first = next((i for i in sentences if not parse_byline(lines[i])), len(lines))
    if first == len(lines) or len(lines[first]) > LONGEST_STANDFIRST:
        return first
    # A standfirst closed by a full stop: a byline or a time line follows before the next sentence.
    for i in range(first + 1, min(first + 1 + BYLINE_REACH, len(lines))):
        if parse_byline(lines[i]) or (is_moment(lines[i])):
            return next(
                (j for j in range(i + 1, len(lines)) if kinds[j] is None and ends_like_sentence(lines[j])), first
            )
        if kinds[i] is None and not is_outlet(lines[i]):
            break
    return first


class _Finder:
    """Reads the units over and under the body, and gives each its kind."""

    def __init__(self, lines: Sequence[str], kinds: list[BlockKind | None]) -> None:
        self.lines = lines
        self.kinds = kinds
        self.standfirst: str | None = None
        self.byline: str | None = None
        self.publisher: str | None = None
        self.published: str | None = None

    def read_top(self, start: int, end: int) -> None:
        """Units between title and body (and above the title)."""
        for i in (*range(start, end), *range(start)):
            line = self.lines[i]
            if self.kinds[i] == "title":
                continue
            if self.kinds[i] is not None:
                self._note_moment(line)
            elif byline := self._byline_at(i):
                self.kinds[i] = "byline"
                self.byline = self.byline or byline
            elif is_section(line):
                self.kinds[i] = "aside"
            elif may_be_outlet(line):
                self.kinds[i] = "aside"
                self.publisher = self.publisher or line
            elif is_caption_opening(line) and not ends_like_sentence(line):
                self.kinds[i] = "caption"
            elif i >= start and not self.standfirst and SHORTEST_STANDFIRST <= len(line) <= LONGEST_STANDFIRST:
                self.kinds[i] = "standfirst"
                self.standfirst = line

    def read_edges(self, body_at: int) -> None:
        """Bylines and times just inside the body's start, and under its end."""
        last = max(
            (i for i, kind in enumerate(self.kinds) if kind is None and ends_like_sentence(self.lines[i])), default=0
        )
        for i in range(body_at, len(self.lines)):
            is_edge = i < body_at + BYLINE_EDGE or i > last - BYLINE_EDGE
            line = self.lines[i]
            if self.kinds[i] == "aside" and is_edge:
                self._note_moment(line)
            if self.kinds[i] is not None or not is_edge or not (byline := self._byline_at(i)):
                continue
            self.kinds[i] = "byline"
            self.byline = self.byline or byline
            if is_outlet(byline):
                self.publisher = self.publisher or byline

    def _byline_at(self, i: int) -> str | None:
        """The byline on line `i`, its "By" on the line before counted in."""
        line = self.lines[i]
        if fold(line) in {"by", "words by", "written by"} and i + 1 < len(self.lines) and is_name(self.lines[i + 1]):
            return self.lines[i + 1]
        if i and fold(self.lines[i - 1]) in {"by", "words by", "written by"} and is_name(line):
            return line
        return parse_byline(line)

    def _note_moment(self, line: str) -> None:
        if self.published is None and is_moment(line):
            self.published = parse_moment(line)
