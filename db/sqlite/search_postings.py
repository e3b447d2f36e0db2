"""How a term's chunk numbers are packed: a first number and steps of one, two or four bytes, growing at the end."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    ChunkNumbers = npt.NDArray[np.int64]

_HEAD = struct.Struct("<BI")
_STEP_TYPES: dict[int, np.dtype[Any]] = {1: np.dtype("<u1"), 2: np.dtype("<u2"), 4: np.dtype("<u4")}
# Rows of a WITHOUT ROWID table over a quarter of a page (1 KiB) spill to overflow pages.
FULL_TAIL_BYTES = 840


def pack_chunks(chunks: Sequence[int]) -> bytes:
    """Ascending chunk numbers as one blob; empty for none."""
    if not chunks:
        return b""
    if len(chunks) == 1:
        return _HEAD.pack(1, chunks[0])
    steps = [b - a for a, b in pairwise(chunks)]
    width = _width(max(steps))
    return _HEAD.pack(width, chunks[0]) + _pack_steps(steps, width)


def unpack_chunks(blob: bytes) -> ChunkNumbers:
    """The chunk numbers of one blob, ascending."""
    if not blob:
        return np.empty(0, np.int64)
    width, first = _HEAD.unpack_from(blob)
    if len(blob) == _HEAD.size:
        return np.array([first], np.int64)
    chunks = np.empty(1 + (len(blob) - _HEAD.size) // width, np.int64)
    chunks[0] = first
    chunks[1:] = np.frombuffer(blob, _STEP_TYPES[width], offset=_HEAD.size)
    return chunks.cumsum(out=chunks)


def extend_tail(tail: bytes, last: int, chunks: Sequence[int]) -> bytes | None:
    """The tail with more chunk numbers at its end; None when it is full, so that a new one must begin.

    Args:
        tail: A packed blob, maybe empty.
        last: Its last chunk number.
        chunks: Ascending and all above `last`.
    """
    if not tail:
        return pack_chunks(chunks)
    width, first = _HEAD.unpack_from(tail)
    steps = [b - a for a, b in pairwise((last, *chunks))]
    wanted = _width(max(steps))
    if wanted > width:
        if len(tail) == _HEAD.size:
            tail = _HEAD.pack(wanted, first)
        elif len(tail) > FULL_TAIL_BYTES // 8:
            return None
        else:
            tail = (
                _HEAD.pack(wanted, first)
                + np.frombuffer(tail, _STEP_TYPES[width], offset=_HEAD.size).astype(_STEP_TYPES[wanted]).tobytes()
            )
        width = wanted
    if len(tail) + width * len(steps) > FULL_TAIL_BYTES:
        return None
    return tail + _pack_steps(steps, width)


def without_chunks(blob: bytes, first: int, end: int) -> tuple[bytes, int]:
    """The blob without the chunk numbers in `[first, end)`, and how many those were."""
    chunks = unpack_chunks(blob)
    kept = chunks[(chunks < first) | (chunks >= end)]
    return pack_chunks(kept.tolist()), len(chunks) - len(kept)


def _width(step: int) -> int:
    return 1 if step <= 0xFF else 2 if step <= 0xFFFF else 4  # noqa: PLR2004 - the widths themselves


def _pack_steps(steps: Iterable[int], width: int) -> bytes:
    return b"".join(step.to_bytes(width, "little") for step in steps) if width > 1 else bytes(steps)
