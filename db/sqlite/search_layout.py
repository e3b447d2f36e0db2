"""Which sentences and quotations make one chunk of an article, and how that is kept: twelve bytes a chunk."""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Block, Span

CHUNK_SENTENCES = 5
# A chunk of more than this many characters is closed early, so that a wall of text costs no more than prose.
CHUNK_CHARS = 1500

_CHUNK = struct.Struct("<IIHH")
_END = struct.Struct("<IQ")
_MOST_QUOTATIONS = 0xFFFF


@dataclass(frozen=True, slots=True)
class Layout:
    """How the sentences of one article are cut into chunks.

    `starts` holds the index of each chunk's first sentence, and `byte_starts` where that sentence begins in the text
    as UTF-8; `sentence_count` is their number in all. `quotations` gives for each chunk the half-open range of
    quotation rows that touch it, counted from the row `first_quotation`.
    """

    starts: tuple[int, ...]
    byte_starts: tuple[int, ...]
    sentence_count: int
    quotations: tuple[tuple[int, int], ...] = ()
    first_quotation: int = 0

    def quotation_ids(self, chunk: int) -> tuple[int, int]:
        """First and last row id of the quotations that touch a chunk; the last is below the first where none does."""
        low, high = self.quotations[chunk]
        return self.first_quotation + low, self.first_quotation + high - 1

    def sentences_of(self, chunk: int) -> range:
        """Indexes of the sentences of one chunk."""
        end = self.starts[chunk + 1] if chunk + 1 < len(self.starts) else self.sentence_count
        return range(self.starts[chunk], end)

    def bytes_of(self, first: int, last: int, size_bytes: int) -> tuple[int, int]:
        """Where chunks `first` to `last` stand in a text of `size_bytes`: from first sentence to the next chunk's."""
        end = self.byte_starts[last + 1] if last + 1 < len(self.byte_starts) else size_bytes
        return self.byte_starts[first], end


def lay_out(text: str, sentences: Sequence[Span], blocks: Sequence[Block]) -> Layout:
    """Cut an article's sentences into chunks of up to five neighbours.

    Title and standfirst are a chunk of their own, so that a headline is found as itself.
    """
    heads = sorted(
        (block.span for block in blocks if block.kind in {"title", "standfirst"}), key=lambda span: span.start
    )
    head_starts = [head.start for head in heads]
    starts: list[int] = []
    was_head = False
    for at, span in enumerate(sentences):
        head = bisect_right(head_starts, span.start) - 1
        is_head = head >= 0 and span.start < heads[head].end
        is_full = (
            not starts or at - starts[-1] >= CHUNK_SENTENCES or span.end - sentences[starts[-1]].start > CHUNK_CHARS
        )
        if is_full or is_head != was_head:
            starts.append(at)
        was_head = is_head
    return Layout(tuple(starts), _byte_starts(text, [sentences[at].start for at in starts]), len(sentences))


def find_extent(*packed: bytes) -> tuple[int, int]:
    """From the first to the last code point of packed spans; each blob is in reading order."""
    lows = [int.from_bytes(blob[:4], "little") for blob in packed if blob]
    highs = [int.from_bytes(blob[-4:], "little") for blob in packed if blob]
    return min(lows, default=0), max(highs, default=0)


def assign_quotations(layout: Layout, sentences: Sequence[Span], quotations: Sequence[tuple[int, int, int]]) -> Layout:
    """The layout with the quotations of each chunk, given as (row id, start, end) in order of ids."""
    if not quotations:
        return replace(layout, quotations=((0, 0),) * len(layout.starts))
    first = quotations[0][0]
    ranges = []
    for chunk in range(len(layout.starts)):
        indexes = layout.sentences_of(chunk)
        start, end = sentences[indexes[0]].start, sentences[indexes[-1]].end
        rows = [row - first for row, low, high in quotations if low < end and start < high]
        low, high = (rows[0], rows[-1] + 1) if rows else (0, 0)
        ranges.append((min(low, _MOST_QUOTATIONS), min(high, _MOST_QUOTATIONS)))
    return replace(layout, quotations=tuple(ranges), first_quotation=first)


def pack_layout(layout: Layout) -> bytes:
    """A layout as a blob, twelve bytes a chunk and twelve at the end."""
    rows = zip(layout.starts, layout.byte_starts, layout.quotations, strict=True)
    chunks = [_CHUNK.pack(start, byte_start, *held) for start, byte_start, held in rows]
    return b"".join(chunks) + _END.pack(layout.sentence_count, layout.first_quotation)


def unpack_layout(blob: bytes) -> Layout:
    """The layout that `pack_layout` packed."""
    rows = list(_CHUNK.iter_unpack(blob[: -_END.size]))
    sentence_count, first_quotation = _END.unpack(blob[-_END.size :])
    starts, byte_starts = tuple([row[0] for row in rows]), tuple([row[1] for row in rows])
    return Layout(starts, byte_starts, sentence_count, tuple([row[2:] for row in rows]), first_quotation)


def _byte_starts(text: str, starts: Sequence[int]) -> tuple[int, ...]:
    if text.isascii():
        return tuple(starts)
    found, at, byte_at = [], 0, 0
    for start in starts:
        byte_at += len(text[at:start].encode("utf-8", "surrogatepass"))
        found.append(byte_at)
        at = start
    return tuple(found)
