"""Covers a claimed quote with stretches of articles: one where it was copied whole, several where it was stitched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.matching.align import Alignment, align, weigh
from bot.matching.tuning import load_tuning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.matching.normalise import Words
    from db.model import Span

_MAX_PIECES = 6


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one article in which a claim may stand. `free` are its words that a quote may pass over."""

    article_id: int
    span: Span
    words: Words
    free: frozenset[int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the claim found in one window; `claim_range` are the claim's words it answers for, half-open."""

    window: int
    alignment: Alignment
    claim_range: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Support:
    """How much of a claim its pieces account for.

    `share` is the share of the claim's words found, `run` the weight of the longest run of the same words in a row,
    `edges` how many of the claim's first and last word are among the words found, `pieces` how many pieces there are.
    """

    share: float
    run: float
    edges: int
    pieces: int


def cover_claim(claim: Words, windows: Sequence[Window]) -> tuple[Piece, ...]:
    """Find where the claim's words stand, as few pieces as will do, in the claim's order.

    Args:
        claim: The claimed words.
        windows: Stretches of articles, likeliest first: of equally good ones the first is taken.
    """
    floor = load_tuning().pieces
    order = list(range(len(windows)))
    found: list[Piece] = []
    open_ranges = [(0, len(claim))]
    while open_ranges and len(found) < _MAX_PIECES:
        span = open_ranges.pop()
        if (piece := _find_piece(claim, windows, order, span, is_first=not found)) is None:
            continue
        found.append(piece)
        start, end = piece.alignment.claim_range
        open_ranges.extend(part for part in ((span[0], start), (end, span[1])) if part[1] - part[0] >= floor.run)
        order = [piece.window, *(k for k in order if k != piece.window)]
    found.sort(key=lambda piece: piece.claim_range)
    return tuple(_share_out(found, len(claim)))


def _find_piece(
    claim: Words, windows: Sequence[Window], order: Sequence[int], span: tuple[int, int], *, is_first: bool
) -> Piece | None:
    best: Piece | None = None
    for number in order:
        window = windows[number]
        if (alignment := align(claim, window.words, free=window.free, span=span)) is None:
            continue
        if best is None or alignment.score > best.alignment.score + 1e-3:
            best = Piece(window=number, alignment=alignment, claim_range=alignment.claim_range)
    if best is None or is_first:
        return best
    whole = _weigh_range(claim, range(*span))
    words = windows[best.window].words
    floor = load_tuning().pieces
    enough = best.alignment.weight >= max(floor.weight, floor.share * whole)
    return best if enough and longest_run(claim, words, best.alignment)[0] >= floor.run else None


def _share_out(found: list[Piece], length: int) -> list[Piece]:
    """Let every word of the claim belong to the piece before it, those before the first to the first."""
    starts = [0, *(piece.alignment.claim_range[0] for piece in found[1:]), length]
    return [
        Piece(window=piece.window, alignment=piece.alignment, claim_range=(starts[k], starts[k + 1]))
        for k, piece in enumerate(found)
    ]


def find_gaps(claim: Words, windows: Sequence[Window], pieces: Sequence[Piece]) -> list[int]:
    """The claim's words that no piece explains, where there are enough in a row to have been copied from elsewhere.

    None when no piece is a likely copy: a claim that is not in the library is not worth a second search.
    """
    floor = load_tuning().pieces
    if measure_support(claim, windows, pieces).run < floor.weight:
        return []
    ends = [0, *(end for piece in pieces for end in piece.alignment.claim_range), len(claim)]
    gaps = [range(start, end) for start, end in zip(ends[::2], ends[1::2], strict=True)]
    return [i for gap in gaps if len(gap) >= floor.run and _weigh_range(claim, gap) >= floor.weight for i in gap]


def _weigh_range(claim: Words, indices: range) -> float:
    return sum(weigh(claim.forms[index]) for index in indices)


def find_again(windows: Sequence[Window], claim: Words, piece: Piece) -> list[Piece]:
    """Every place where a piece's words stand in a row, the piece itself first; none is named twice."""
    first, last = piece.alignment.text_range
    printed = windows[piece.window].words.forms[first:last]
    places = {(piece.window, first): piece}
    for number, window in enumerate(windows):
        for wanted in dict.fromkeys((printed, claim.forms)):
            for start in _find_rows(window.words.forms, wanted):
                pairs = tuple((i, start + i) for i in range(len(claim)))
                if wanted != claim.forms:
                    pairs = tuple((i, j - first + start) for i, j in piece.alignment.pairs)
                alignment = Alignment(pairs=pairs, score=piece.alignment.score, weight=piece.alignment.weight)
                places.setdefault(
                    (number, start), Piece(window=number, alignment=alignment, claim_range=piece.claim_range)
                )
    return list(places.values())


def _find_rows(forms: tuple[str, ...], wanted: tuple[str, ...]) -> list[int]:
    size = len(wanted)
    return [k for k in range(len(forms) - size + 1) if forms[k] == wanted[0] and forms[k : k + size] == wanted]


def longest_run(claim: Words, text: Words, alignment: Alignment) -> tuple[int, float]:
    """Count and weight of the longest run of the same words in a row on both sides."""
    best = (0, 0.0)
    count, weight, last = 0, 0.0, (-2, -2)
    for i, j in alignment.pairs:
        if claim.forms[i] != text.forms[j]:
            count, weight, last = 0, 0.0, (-2, -2)
            continue
        if (i - 1, j - 1) != last:
            count, weight = 0, 0.0
        count, weight, last = count + 1, weight + weigh(claim.forms[i]), (i, j)
        best = max(best, (count, weight), key=lambda run: run[1])
    return best


def measure_support(claim: Words, windows: Sequence[Window], pieces: Sequence[Piece]) -> Support:
    """How much of the claim the pieces account for; words in square brackets need not be found."""
    found = {
        i
        for piece in pieces
        for i, j in piece.alignment.pairs
        if claim.forms[i] == windows[piece.window].words.forms[j]
    }
    asked = [i for i in range(len(claim)) if i not in claim.bracketed] or [0]
    return Support(
        share=len(found.intersection(asked)) / len(asked),
        run=max((longest_run(claim, windows[p.window].words, p.alignment)[1] for p in pieces), default=0.0),
        edges=(asked[0] in found) + (asked[-1] in found),
        pieces=len(pieces),
    )
