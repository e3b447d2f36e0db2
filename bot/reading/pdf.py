"""PDF files: columns put in order, wrapped lines and divided words re-joined, running heads set aside."""

from __future__ import annotations

import io
import itertools
import logging
import re
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from bot.errors import InputTooLarge, UnreadableInput, VerbatimError
from bot.reading.characters import tidy
from bot.reading.furniture import ends_like_sentence
from bot.reading.layout import fill_head
from bot.reading.plain import arrange
from bot.reading.wordlists import ordered
from db.model import Head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Document

MOST_PAGES = 200
# A letter is about half as wide as it is high; good enough to see whether a line crosses the middle of a page.
LETTER_WIDTH = 0.48
MIDDLE = 0.04
COLUMN_SHARE, CROSSING_SHARE = 0.2, 0.25
WIDE_GAP = 1.45
SAME_SIZE = 0.12
SHORT_LINE = 0.8
DIGITS = re.compile(r"\d+")
EDGE_LINES = 2
# Words that open a hyphenated compound far more often than they are a word's first syllable.
COMPOUND_OPENINGS = frozenset(
    ordered("well self long short half high low all much cross ex non anti so one two three four five six ten year old")
)
DIVIDED = re.compile(r"(\w+)[-\u00ad\u2010]$")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; `x` and `y` in points from the page's lower left, `size` of its letters."""

    text: str
    x: float
    y: float
    size: float
    page: int
    column: int = 0

    @property
    def right(self) -> float:
        """About where the line ends."""
        return self.x + len(self.text) * self.size * LETTER_WIDTH


def read_pdf(raw: bytes, given: Head) -> Document:
    """Read a PDF with a text layer.

    Raises:
        UnreadableInput: It is locked or damaged, or holds pictures of text only.
        InputTooLarge: It has over 200 pages.
    """
    pages = [_order_columns(lines, width) for lines, width in _read_lines(raw)]
    lines = [line for page in pages for line in page]
    if not lines:
        raise UnreadableInput("This PDF holds pictures of text, not text. Paste the article's text instead.")
    running = _find_running(pages)
    if len(running) == len(lines):
        running = set()
    body = [line for line in lines if line not in running]
    units = _join_lines(body)
    title = _find_title(body, units)
    asides = [line.text for line in lines if line in running]
    return arrange([*units, *asides], fill_head(given, Head(title=title)), asides=frozenset(asides))


def _read_lines(raw: bytes) -> list[tuple[list[Line], float]]:
    """Lines and width of each page."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        _check_reader(reader)
        return [(_page_lines(page, number), float(page.mediabox.width)) for number, page in enumerate(reader.pages)]
    except (VerbatimError, MemoryError):
        raise
    except Exception as error:  # pypdf lets many kinds of errors through on damaged files
        raise UnreadableInput("This PDF is damaged and cannot be read. Paste the article's text instead.") from error


def _check_reader(reader: Any) -> None:
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableInput("This PDF is locked with a password. Save it without one, or paste the article's text.")
    if len(reader.pages) > MOST_PAGES:
        raise InputTooLarge(f"This PDF has {len(reader.pages)} pages; at most {MOST_PAGES} can be read.")


def _page_lines(page: Any, number: int) -> list[Line]:
    pieces: list[tuple[float, float, float, str]] = []

    def visit(text: str, outer: Any, inner: Any, _font: Any, size: float) -> None:
        if text.strip():
            x = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
            y = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
            height = abs(size * (inner[3] or 1.0) * (outer[3] or 1.0)) or 10.0
            pieces.append((x, y, height, text))

    page.extract_text(visitor_text=visit)
    lines: list[Line] = []
    for x, y, size, text in pieces:
        for offset, part in enumerate(text.strip("\n").split("\n")):
            part = " ".join(tidy(part).split())  # noqa: PLW2901
            level = y - offset * size * 1.2
            before = lines[-1] if lines else None
            if before and part and abs(before.y - level) < size * 0.3 and before.x <= x <= before.right + size * 1.5:
                joint = "" if before.right >= x - size * 0.2 and not text.startswith(" ") else " "
                lines[-1] = Line(f"{before.text}{joint}{part}", before.x, before.y, before.size, number)
            elif part:
                lines.append(Line(part, x, level, size, number))
    return lines


def _order_columns(lines: list[Line], width: float) -> list[Line]:
    """Left column before right one, between lines that run across both."""
    middle = width / 2
    crossing = [x for x in lines if x.x < middle * (1 - MIDDLE) and x.right > middle * (1 + MIDDLE)]
    right = [x for x in lines if x.x >= middle * (1 - MIDDLE)]
    left = [x for x in lines if x not in crossing and x not in right]
    is_double = min(len(left), len(right)) >= COLUMN_SHARE * len(lines) and len(crossing) <= CROSSING_SHARE * len(lines)
    if not is_double:
        return sorted(lines, key=lambda line: (-line.y, line.x))
    ordered: list[Line] = []
    bounds = [float("inf"), *sorted((line.y for line in crossing), reverse=True), float("-inf")]
    for top, bottom in itertools.pairwise(bounds):
        ordered += [line for line in crossing if line.y == top]
        for column, side in enumerate((left, right)):
            band = [line for line in side if bottom < line.y < top]
            ordered += [Line(x.text, x.x, x.y, x.size, x.page, column) for x in sorted(band, key=lambda x: (-x.y, x.x))]
    return ordered


def _find_running(pages: Sequence[Sequence[Line]]) -> set[Line]:
    """Heads, feet and page numbers: the same words (digits aside) at the same height of at least half the pages."""
    if len(pages) < 3:  # noqa: PLR2004 (two pages may share a line by chance)
        edge = [page[i] for page in pages for i in (0, -1) if page]
        return {line for line in edge if not DIGITS.sub("", line.text).strip(" -–—|/.")}
    edges = [x for page in pages for x in (*page[:EDGE_LINES], *page[-EDGE_LINES:])]
    seen = Counter((DIGITS.sub("#", x.text), round(x.y / 5)) for x in set(edges))
    wanted = max(2, len(pages) // 2)
    return {
        x for x in edges if seen[DIGITS.sub("#", x.text), round(x.y / 5)] >= wanted and not ends_like_sentence(x.text)
    }


def _join_lines(lines: Sequence[Line]) -> list[str]:
    """Paragraphs of lines that follow each other."""
    steps = [a.y - b.y for a, b in itertools.pairwise(lines) if 0 < a.y - b.y < 4 * a.size]
    leading = median(steps) if steps else 12.0
    wholes = {word.casefold() for line in lines for word in re.findall(r"\w+-\w+", line.text)}
    units: list[str] = []
    before: Line | None = None
    width = _column_width(lines)
    for line in lines:
        if before is None or _starts_paragraph(before, line, leading, width):
            units.append(line.text)
        else:
            units[-1] = _join(units[-1], line.text, wholes)
        before = line
    return units


def _column_width(lines: Sequence[Line]) -> float:
    """How wide most full lines are."""
    lengths = sorted(line.right - line.x for line in lines)
    return lengths[int(len(lengths) * 0.8)] if lengths else 0.0


def _starts_paragraph(before: Line, line: Line, leading: float, width: float) -> bool:
    if abs(line.size - before.size) > SAME_SIZE * before.size:
        return True
    is_short = before.right - before.x < SHORT_LINE * width and ends_like_sentence(before.text)
    if (line.page, line.column) != (before.page, before.column):
        return ends_like_sentence(before.text) and (is_short or line.text[:1].isupper() or line.text[:1] in "“\"‘'«")
    if before.y - line.y > WIDE_GAP * leading:
        return True
    is_indented = line.x > before.x + 0.7 * line.size and ends_like_sentence(before.text)
    return is_indented or is_short


def _join(text: str, following: str, wholes: set[str]) -> str:
    """Put a wrapped line after its forerunner; a divided word loses its hyphen unless it carries one elsewhere."""
    divided = DIVIDED.search(text)
    if divided is None or not following[:1].islower():
        return f"{text} {following}"
    rest = re.match(r"\w+", following)
    whole = f"{divided[1]}-{rest[0] if rest else ''}".casefold()
    is_compound = whole in wholes or divided[1].casefold() in COMPOUND_OPENINGS
    return f"{text}{following}" if is_compound else f"{text[:-1]}{following}"


def _find_title(lines: Sequence[Line], units: Sequence[str]) -> str | None:
    """What is set in the largest letters on the first page, if they are clearly larger than the text's."""
    first = [line for line in lines if line.page == lines[0].page]
    usual = median(line.size for line in lines)
    largest = max(first, key=lambda line: line.size)
    if largest.size < 1.25 * usual:
        return None
    return next((unit for unit in units if unit.startswith(largest.text)), None)
