"""Offsets as compact blobs: eight bytes a span, packed and unpacked in C."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, get_args

from db.model import Block, BlockKind, Fact, Referent, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# A kind is stored as its place in this tuple; new kinds go to the end.
_KINDS: tuple[BlockKind, ...] = get_args(BlockKind)
_KIND_CODES = {kind: code for code, kind in enumerate(_KINDS)}
_SPAN = struct.Struct("<II")
_KIND_SPAN = struct.Struct("<BII")


def encode_text(text: str) -> bytes:
    """Text as bytes that give exactly the same text back, lone surrogates and NUL included."""
    return text.encode("utf-8", "surrogatepass")


def decode_text(stored: bytes) -> str:
    """The text that `encode_text` was given."""
    return stored.decode("utf-8", "surrogatepass")


def pack_spans(spans: Iterable[Span]) -> bytes:
    """Spans in the order given, eight bytes each."""
    return b"".join([_SPAN.pack(span.start, span.end) for span in spans])


def unpack_spans(packed: bytes) -> tuple[Span, ...]:
    """The spans that `pack_spans` was given."""
    return tuple([Span(start, end) for start, end in _SPAN.iter_unpack(packed)])


def pack_blocks(blocks: Iterable[Block]) -> bytes:
    """Blocks in the order given, nine bytes each."""
    return b"".join([_KIND_SPAN.pack(_KIND_CODES[b.kind], b.span.start, b.span.end) for b in blocks])


def unpack_blocks(packed: bytes) -> tuple[Block, ...]:
    """The blocks that `pack_blocks` was given."""
    return tuple([Block(_KINDS[code], Span(start, end)) for code, start, end in _KIND_SPAN.iter_unpack(packed)])


def pack_facts(facts: Sequence[Fact]) -> tuple[bytes, str | None]:
    """Facts as nine bytes each; their referents as JSON rows [fact, start, end, name], or None without any."""
    packed = b"".join([_KIND_SPAN.pack(_KIND_CODES[f.block], f.span.start, f.span.end) for f in facts])
    referents = [[i, r.span.start, r.span.end, r.name] for i, fact in enumerate(facts) for r in fact.referents]
    # ASCII-escaped: a lone surrogate in a name survives, where UTF-8 would refuse it.
    return packed, json.dumps(referents, separators=(",", ":")) if referents else None


def unpack_facts(packed: bytes, referents: str | None) -> tuple[Fact, ...]:
    """The facts that `pack_facts` was given."""
    named: dict[int, list[Referent]] = {}
    for i, start, end, name in json.loads(referents or "[]"):
        named.setdefault(i, []).append(Referent(Span(start, end), name))
    return tuple(
        [
            Fact(Span(start, end), _KINDS[code], tuple(named.get(i, ())))
            for i, (code, start, end) in enumerate(_KIND_SPAN.iter_unpack(packed))
        ]
    )
