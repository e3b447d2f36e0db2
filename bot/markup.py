"""Discord Markdown as a pure text form: escaping that changes no word, emphasis, cutting, bidi isolation."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ELLIPSIS = "…"
CUT_MARK = "[…]"

# A backslash before ASCII punctuation is dropped by Discord and by CommonMark alike, so it hides nothing and adds
# no invisible character. These mean something wherever they stand:
_ALWAYS = re.compile(r"[\\*_~`|<\[\]@]")
# These mean something only where they stand at the beginning of a line: headings, quotes, list markers.
_LINE_START = re.compile(r"^(\s*)([#>+-]|\d{1,9}(?=[.)]))", re.MULTILINE)
# "https://" would become a link with our backslashes in it, "discord.gg/…" an invitation, ":smile:" a picture.
_IN_PLACE = re.compile(r":(?=//)|:(?=[\w+-]+:)|(?<=discord)\.|(?<=discordapp)\.", re.IGNORECASE)

_OPENERS = "\u2066\u2067\u2068"
_CLOSER = "\u2069"
_FIRST_STRONG = "\u2068"
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
# What cannot be sent (lone surrogates) or drawn (control characters other than newline and tab).
_UNSENDABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\ud800-\udfff]")
_INVISIBLE = re.compile("[\u200b-\u200d\u2060-\u2064\ufeff\u00ad\U000e0000-\U000e007f]")
_MARKS_IN_A_ROW = 3
# How many times its limit a label may have before it is cleaned: blanks and controls are dropped from it.
_SLACK = 40


def escape(text: str, *, keep_code: bool = False) -> str:
    """Write `text` so that Discord shows exactly its characters and none of them act.

    Args:
        text: Any string. Lone surrogates and control characters become U+FFFD, since they cannot be sent.
        keep_code: Leave backticks alone, for our own sentences that name a command as `code`.

    Returns:
        The text with backslashes; dropping every backslash that stands before punctuation gives `text` back.
    """
    if keep_code:
        pieces = re.split(r"(`[^`\n]+`)", text)
        return "".join(_UNSENDABLE.sub("\ufffd", p) if i % 2 else escape(p) for i, p in enumerate(pieces))
    text = _UNSENDABLE.sub("\ufffd", text)
    text = _ALWAYS.sub(r"\\\g<0>", text)
    text = _LINE_START.sub(_escape_line_start, text)
    return _IN_PLACE.sub(r"\\\g<0>", text)


def _escape_line_start(match: re.Match[str]) -> str:
    space, marker = match.groups()
    return f"{space}{marker}\\" if marker.isdigit() else f"{space}\\{marker}"


def unescape(marked_up: str) -> str:
    """What a reader sees of `escape`'s result: each backslash before punctuation gone."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", marked_up)


def isolate(line: str) -> str:
    """Keep right-to-left text and bidi controls of one line from reordering what stands beside it (UAX 9).

    Strays of the text are balanced first: each closer without an opener gets an opener in front, each opener without
    a closer is closed. Text without such characters comes back unchanged.
    """
    if not (_BIDI_CONTROLS.search(line) or _RIGHT_TO_LEFT.search(line)):
        return line
    depth = strays = 0
    for character in line:
        if character in _OPENERS:
            depth += 1
        elif character == _CLOSER:
            strays += depth == 0
            depth = max(0, depth - 1)
    return _FIRST_STRONG * (strays + 1) + line + _CLOSER * (depth + 1)


def plain(text: str, *, limit: int) -> str:
    """One clean line for a label or a choice: no control, bidi or invisible characters, at most `limit` long."""
    text = text[: _SLACK * limit]  # a title of megabytes must not hold up the loop
    text = _INVISIBLE.sub("", _BIDI_CONTROLS.sub("", _UNSENDABLE.sub(" ", text)))
    text = " ".join(_calm(text).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def label(text: str, *, limit: int = 200) -> str:
    """A name or title inside a line of ours: `plain`, then escaped."""
    return isolate(escape(plain(text, limit=limit)))


def _calm(text: str) -> str:
    """Drop combining marks beyond the third in a row ("zalgo"), which would paint over other lines."""
    if text.isascii():
        return text
    kept: list[str] = []
    row = 0
    for character in text:
        row = row + 1 if unicodedata.combining(character) else 0
        if row <= _MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)


def wrap(text: str, mark: str) -> str:
    """Put `mark` round each line's escaped words of `text`, outside its blanks: Discord wants no blank inside."""
    return "\n".join(_wrap_line(line, mark) for line in text.split("\n"))


def _wrap_line(line: str, mark: str) -> str:
    words = line.strip()
    if not words:
        return escape(line)
    start = line.index(words)
    return f"{line[:start]}{mark}{escape(words)}{mark}{line[start + len(words) :]}"


def emphasise(text: str, bold: Iterable[tuple[int, int]]) -> str:
    """Escape `text` with the half-open stretches `bold` in bold. Overlaps are merged, strays are clamped."""
    pieces: list[str] = []
    at = 0
    for start, end in merge(bold, length=len(text)):
        pieces += [escape(text[at:start]), wrap(text[start:end], "**")]
        at = end
    return "".join([*pieces, escape(text[at:])])


def merge(spans: Iterable[tuple[int, int]], *, length: int) -> list[tuple[int, int]]:
    """Sorted, non-empty, non-touching spans inside `[0, length)`."""
    merged: list[tuple[int, int]] = []
    for raw_start, raw_end in sorted(spans):
        start, end = max(0, raw_start), min(length, raw_end)
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def block_quote(marked_up: str) -> str:
    """Put every line of already escaped text into a block quote, each line isolated."""
    return "\n".join(f"> {isolate(line)}" for line in marked_up.split("\n"))


def window(text: str, *, limit: int, focus: int = 0) -> tuple[int, int]:
    """The stretch of `text` to show when its escaped form may be `limit` long: whole words, round `focus`.

    Returns:
        Half-open offsets; the whole text where it fits. Begins at 0 unless `focus` would fall outside.
    """
    if len(text) <= limit and len(escape(text)) <= limit:
        return 0, len(text)
    start = 0
    if focus > limit // 2 or len(escape(text[:focus])) > limit // 2:
        start = _next_word(text, max(0, focus - limit // 4))
    end = start
    budget = limit
    for word in re.finditer(r"\S+\s*", text[start : start + limit + 1]):
        budget -= len(escape(word.group()))
        if budget < 0:
            break
        end = start + word.end()
    if end == start:  # one endless word
        end = start + limit // 2
    return start, start + len(text[start:end].rstrip())


def _next_word(text: str, at: int) -> int:
    blank = re.search(r"\s+", text[at:])
    return at + blank.end() if blank and at else at
