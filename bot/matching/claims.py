"""Which stretches of a message are quoted, and whom the message names as their speaker."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.matching.naming import find_named_after, find_named_before
from bot.matching.normalise import split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

# Opening mark → marks that close it. Straight marks also close curly ones, since telephones mix them.
_CLOSERS = {
    "“": '”"“',
    "”": "”",
    "„": '“”"',
    "«": "»",
    "»": "«",
    "‹": "›",
    "「": "」",
    "『": "』",
    "《": "》",
    '"': '"”',
    "＂": "＂",
}
_OPENING = re.compile("[" + "".join(_CLOSERS) + "]")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
# Single marks are apostrophes far more often: they open after white space and close before it.
_SINGLE_OPENING = re.compile(r"(?<![^\s(\[—–:])['‘](?=\S)")
_SINGLE_CLOSING = re.compile(r"(?<=\S)['’](?![^\s.,;:!?)\]…—–-])")
_BLOCK_LINE = re.compile(r"[ \t]*>(?!>>)[ \t]?")
_BLOCK_REST = re.compile(r"[ \t]*>>>[ \t]?")
# What Discord puts into a message and nobody says: mentions, emoji, timestamps, links.
_NOT_SAID = re.compile(r"<(?:@[!&]?|#|a?:\w{1,40}:|t:|/[^<>\n]{1,40}:)\d{1,20}(?::\w)?>|\bhttps?://\S+")
_SIGNED = re.compile(r"(?:[—–―~]|(?<!\S)-{1,2})[ \t]*(?=[^\s—–―~-])[^\n—–―~]{2,80}\Z")
# `Obama said that we…`, `Obama: we…`
_LEAD = re.compile(
    r"\s*([^\n.!?]{2,60}?(?:\s(?:said|says|wrote|tweeted)(?!\w)[:,]?|:))\s+(?:that\s+)?(?=\S+\s+\S+\s+\S)"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A quoted stretch of a message and the speaker it is ascribed to, None where none is named."""

    quote: str
    speaker: str | None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A quoted stretch: its words, and where it stands with its marks in the message, half-open."""

    quote: str
    start: int
    end: int


def find_claims(message: str, *, min_words: int) -> list[Claim]:
    """Find the quoted stretches of a message, in order; the whole message where nothing is quoted.

    Quoted is what stands in quotation marks of any kind or in a block quote (`> `). Stretches of fewer than `min_words`
    words are only returned when no longer one is there and the message names their speaker: the caller says that they
    are too short. In a message that has marks round a word or two and names nobody, the marks are irony or a title,
    and the whole message is the claim.
    """
    message = _NOT_SAID.sub("", message)
    claims = _name_speakers(message, list(_find_stretches(message)))
    if long := [claim for claim in claims if _count_words(claim.quote) >= min_words]:
        return long
    if any(claim.speaker for claim in claims) or (claims and _count_words(message) < 2 * min_words):
        return claims
    return [_read_whole(message)]


def _count_words(text: str) -> int:
    return len(split_words(text))


def _find_stretches(message: str) -> Iterator[_Stretch]:
    """Block quotes and marked stretches in reading order; in a block quote with marks, what stands in the marks."""
    position = 0
    for block in _find_blocks(message):
        yield from _find_marked(message, position, block.start)
        inner = list(_find_marked(message, block.start, block.end))
        if any(_count_words(stretch.quote) > 1 for stretch in inner):
            yield from inner
        else:
            quote = block.quote.rstrip()
            signed = _SIGNED.search(quote)
            yield _Stretch(
                quote[: signed.start()].rstrip() if signed else quote,
                block.start,
                block.end - len(block.quote) + signed.start() if signed else block.end,
            )
        position = block.end
    yield from _find_marked(message, position, len(message))


def _find_blocks(message: str) -> Iterator[_Stretch]:
    lines: list[str] = []
    start = position = 0
    for line in message.splitlines(keepends=True):
        if rest := _BLOCK_REST.match(line):
            if lines:
                yield _Stretch("".join(lines), start, position)
            yield _Stretch(message[position + rest.end() :], position, len(message))
            return
        if prefix := _BLOCK_LINE.match(line):
            start = start if lines else position
            lines.append(line[prefix.end() :])
        elif lines:
            yield _Stretch("".join(lines), start, position)
            lines = []
        position += len(line)
    if lines:
        yield _Stretch("".join(lines), start, position)


def _find_marked(message: str, start: int, end: int) -> Iterator[_Stretch]:
    doubles = list(_find_doubles(message, start, end))
    singles = _find_singles(message, start, end) if not doubles else []
    for first, last in doubles or singles:
        quote = message[first + 1 : last]
        if _count_words(quote):
            yield _Stretch(quote, first, min(last + 1, end))


def _find_doubles(message: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Opening and closing positions of double marks and their kin; an unclosed one ends with its paragraph."""
    position = start
    while found := _OPENING.search(message, position, end):
        opened = found.start()
        mark = found.group()
        closed = _find_close(message, opened, end, mark)
        if closed is None:
            paragraph = _PARAGRAPH_END.search(message, opened, end)
            closed = paragraph.start() if paragraph else end
            opens = (not opened or not message[opened - 1].isalnum()) and not message[opened + 1 : opened + 2].isspace()
            if not opens or mark in "”»":
                position = opened + 1
                continue
        yield opened, closed
        position = closed + 1


def _find_close(message: str, opened: int, end: int, mark: str) -> int | None:
    """The closing mark; an opening mark that begins a paragraph reopens the same quotation."""
    for position in range(opened + 1, end):
        char = message[position]
        if char not in _CLOSERS[mark]:
            continue
        begins_paragraph = message[max(opened, position - 2) : position] == "\n\n"
        if begins_paragraph and char in '“"„':
            continue
        if char == mark == "“":
            # A second opening mark: nested, or the first was never closed. Either way the stretch goes on.
            continue
        return position
    return None


def _find_singles(message: str, start: int, end: int) -> list[tuple[int, int]]:
    """Single marks: from one that opens to the last that closes before the next one opens."""
    openings = [found.start() for found in _SINGLE_OPENING.finditer(message, start, end)]
    closings = [found.start() for found in _SINGLE_CLOSING.finditer(message, start, end)]
    pairs = []
    for number, opened in enumerate(openings):
        until = openings[number + 1] if number + 1 < len(openings) else end
        last = bisect_right(closings, until) - 1
        if last >= 0 and closings[last] > opened:
            pairs.append((opened, closings[last]))
    return pairs


def _name_speakers(message: str, stretches: list[_Stretch]) -> list[Claim]:
    """Pair each stretch with the speaker named after or before it; "“A,” says X. “B.”" gives X both."""
    claims: list[Claim] = []
    for number, stretch in enumerate(stretches):
        left = stretches[number - 1].end if number else 0
        right = stretches[number + 1].start if number + 1 < len(stretches) else len(message)
        after, before = message[stretch.end : right], message[left : stretch.start]
        speaker = find_named_after(after) or find_named_before(before)
        if speaker is None and claims and find_named_after(before) == claims[-1].speaker:
            speaker = claims[-1].speaker
        claims.append(Claim(stretch.quote, speaker))
    return claims


def _read_whole(message: str) -> Claim:
    """All of a message is the claim, but for "— Angela Merkel" behind it or "Merkel said" before."""
    message = message.strip()
    if signed := _SIGNED.search(message):
        speaker = find_named_after(signed.group())
        if speaker and speaker != speaker.lower() and _count_words(message[: signed.start()]):
            return Claim(message[: signed.start()].rstrip(), speaker)
    if (lead := _LEAD.match(message)) and (speaker := find_named_before(lead.group(1))):
        return Claim(message[lead.end() :], speaker)
    return Claim(message, None)
