"""Which sentences make one chunk of an article, and how that is kept: two numbers a chunk."""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Block, Span

CHUNK_SENTENCES = 5
# A chunk of more than this many characters is closed early, so that a wall of text costs no more than prose.
CHUNK_CHARS = 1500

_CHUNK = struct.Struct("<II")


@dataclass(frozen=True, slots=True)
class Layout:
    """How the sentences of one article are cut into chunks.

    `starts` holds the index of each chunk's first sentence, and `byte_starts` where that sentence begins in the text
    as UTF-8; `sentence_count` is their number in all.
    """

    starts: tuple[int, ...]
    byte_starts: tuple[int, ...]
    sentence_count: int

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


def pack_layout(layout: Layout) -> bytes:
    """A layout as a blob, eight bytes a chunk and four at the end."""
    pairs = [_CHUNK.pack(*pair) for pair in zip(layout.starts, layout.byte_starts, strict=True)]
    return b"".join(pairs) + layout.sentence_count.to_bytes(4, "little")


def unpack_layout(blob: bytes) -> Layout:
    """The layout that `pack_layout` packed."""
    pairs = list(_CHUNK.iter_unpack(blob[:-4]))
    return Layout(
        tuple([pair[0] for pair in pairs]), tuple([pair[1] for pair in pairs]), int.from_bytes(blob[-4:], "little")
    )


def _byte_starts(text: str, starts: Sequence[int]) -> tuple[int, ...]:
    if text.isascii():
        return tuple(starts)
    found, at, byte_at = [], 0, 0
    for start in starts:
        byte_at += len(text[at:start].encode("utf-8", "surrogatepass"))
        found.append(byte_at)
        at = start
    return tuple(found)
