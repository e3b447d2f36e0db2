"""Which sentences make one chunk of an article, and how that is kept: a few bytes a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Block, Span

CHUNK_SENTENCES = 5
# A chunk of more than this many characters is closed early, so that a wall of text costs no more than prose.
CHUNK_CHARS = 1500


@dataclass(frozen=True, slots=True)
class Layout:
    """The searched sentences of one article, cut into chunks.

    `offsets` counts code points and `byte_offsets` UTF-8 bytes of the text: (start, end) a sentence. `chunk_starts`
    holds the index of each chunk's first sentence.
    """

    offsets: list[tuple[int, int]]
    byte_offsets: list[tuple[int, int]]
    chunk_starts: list[int]

    @property
    def chunk_count(self) -> int:
        """How many chunks the article has."""
        return len(self.chunk_starts)

    def sentences_of(self, chunk: int) -> range:
        """Indexes of the sentences of one chunk."""
        end = self.chunk_starts[chunk + 1] if chunk + 1 < len(self.chunk_starts) else len(self.offsets)
        return range(self.chunk_starts[chunk], end)


def lay_out(text: str, sentences: Sequence[Span], blocks: Sequence[Block]) -> Layout:
    """Cut an article's sentences into chunks of up to five neighbours.

    Title and standfirst open a chunk of their own, so that a headline is found as itself.
    """
    kept = [span for span in sentences if span.end > span.start and not text[span.start : span.end].isspace()]
    heads = [block.span for block in blocks if block.kind in {"title", "standfirst"}]
    starts: list[int] = []
    was_head = False
    for at, span in enumerate(kept):
        is_head = any(head.overlaps(span) for head in heads)
        first = kept[starts[-1]].start if starts else 0
        count = at - starts[-1] if starts else CHUNK_SENTENCES
        if count >= CHUNK_SENTENCES or span.end - first > CHUNK_CHARS or is_head != was_head:
            starts.append(at)
        was_head = is_head
    offsets = [(span.start, span.end) for span in kept]
    return Layout(offsets, _byte_offsets(text, offsets), starts)


def pack_layout(layout: Layout) -> bytes:
    """A layout as a blob of variable-length numbers."""
    numbers = [len(layout.offsets)]
    at, chunk_starts = 0, frozenset(layout.chunk_starts)
    for index, ((start, end), (low, high)) in enumerate(zip(layout.offsets, layout.byte_offsets, strict=True)):
        # Gap and length in characters; the bytes beyond one a character, which is zero for plain ASCII.
        numbers += ((start - at) << 1 | (index in chunk_starts), end - start)
        numbers.append((high - low) - (end - start))
        at = end
    # Bytes in the gaps between sentences cannot be derived from the sentences' own.
    gaps = _gap_bytes(layout)
    numbers.append(int(any(gaps)))
    if any(gaps):
        numbers += gaps
    return _pack_numbers(numbers)


def unpack_layout(blob: bytes) -> Layout:
    """The layout that `pack_layout` packed."""
    numbers = _unpack_numbers(blob)
    count = numbers[0]
    extra = numbers[2 + 3 * count :] if numbers[1 + 3 * count] else [0] * count
    offsets, byte_offsets, starts = [], [], []
    at = byte_at = 0
    for index in range(count):
        gap, length, more = numbers[1 + 3 * index : 4 + 3 * index]
        if gap & 1:
            starts.append(index)
        gap >>= 1
        offsets.append((at + gap, at + gap + length))
        low = byte_at + gap + extra[index]
        byte_offsets.append((low, low + length + more))
        at, byte_at = at + gap + length, low + length + more
    return Layout(offsets, byte_offsets, starts)


def _gap_bytes(layout: Layout) -> list[int]:
    """How many bytes beyond one a character stand before each sentence, after the one before it."""
    gaps, at, byte_at = [], 0, 0
    for (start, end), (low, high) in zip(layout.offsets, layout.byte_offsets, strict=True):
        gaps.append((low - byte_at) - (start - at))
        at, byte_at = end, high
    return gaps


def _byte_offsets(text: str, offsets: list[tuple[int, int]]) -> list[tuple[int, int]]:
    if text.isascii():
        return list(offsets)
    found, at, byte_at = [], 0, 0
    for start, end in offsets:
        low = byte_at + len(text[at:start].encode("utf-8", "surrogatepass"))
        high = low + len(text[start:end].encode("utf-8", "surrogatepass"))
        found.append((low, high))
        at, byte_at = end, high
    return found


def _pack_numbers(numbers: list[int]) -> bytes:
    """Numbers below 2^28 as LEB128."""
    packed = bytearray()
    for number in numbers:
        while number > 0x7F:  # noqa: PLR2004 - seven bits a byte
            packed.append(number & 0x7F | 0x80)
            number >>= 7  # noqa: PLW2901
        packed.append(number)
    return bytes(packed)


def _unpack_numbers(blob: bytes) -> list[int]:
    """The numbers that `_pack_numbers` packed; in numpy, because a book has ten thousand sentences."""
    raw = np.frombuffer(blob, np.uint8)
    ends = np.flatnonzero(raw < 0x80)  # noqa: PLR2004 - the high bit says that more follows
    starts = np.concatenate(([0], ends[:-1] + 1))
    numbers = np.zeros(len(ends), np.int64)
    for step in range(int((ends - starts).max(initial=0)) + 1):
        here = starts + step
        more = here <= ends
        numbers[more] |= (raw[here[more]].astype(np.int64) & 0x7F) << (7 * step)
    found: list[int] = numbers.tolist()
    return found
