"""Pasted text to its units: mail quoting undone, hard-wrapped lines re-joined, one unit a paragraph."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.reading.furniture import ends_like_sentence

QUOTED = re.compile(r"^ ?(?:> ?)+")
SPACES = re.compile(r" {2,}")
HYPHENATED = re.compile(r"\w-$")
# Mail and terminals wrap between these widths; a longer line was never wrapped by hand.
NARROWEST, WIDEST = 40, 120
# Of the line ends inside blocks, this share must be explained by a full line before the text counts as wrapped.
FULL_LINES = 0.7
# Wrapping ends a line at a sentence's end by chance only; where most lines do so, each is a paragraph.
CLOSED_LINES = 0.5


def split_units(text: str) -> list[str]:
    """Cut tidied text into units, each on one line.

    A unit ends at a blank line, and at every line feed that wrapping does not explain: a greedy wrapper breaks
    a line only where the next word would not have fitted.
    """
    lines = [SPACES.sub(" ", line.strip()) for line in _unquote(text.split("\n"))]
    width = _find_wrap_width(lines)
    units: list[str] = []
    is_open = False
    for before, line in pairwise(["", *lines]):
        if not line:
            is_open = False
        elif is_open and width and _is_wrapped(before, line, width):
            units[-1] += line if HYPHENATED.search(before) and line[0].isalnum() else " " + line
        else:
            units.append(line)
            is_open = True
    return units


def _unquote(lines: list[str]) -> list[str]:
    """Take off Markdown's and mail's quoting where nearly every line carries it."""
    written = [line for line in lines if line.strip()]
    quoted = sum(line.lstrip().startswith(">") for line in written)
    if not written or quoted < 0.9 * len(written):
        return lines
    return [QUOTED.sub("", line) for line in lines]


def _find_wrap_width(lines: list[str]) -> int:
    """The width at which this text was wrapped, or 0 where it was not."""
    longest = max(map(len, lines), default=0)
    if not NARROWEST <= longest <= WIDEST:
        return 0
    pairs = [(a, b) for a, b in pairwise(lines) if a and b]
    full = sum(_is_wrapped(a, b, longest) for a, b in pairs)
    closed = sum(ends_like_sentence(a) for a, _ in pairs)
    is_wrapped = full >= FULL_LINES * len(pairs) and closed < CLOSED_LINES * len(pairs)
    return longest if pairs and is_wrapped else 0


def _is_wrapped(line: str, following: str, width: int) -> bool:
    first_word = following.split(" ", 1)[0]
    return len(line) + 1 + len(first_word) > width
