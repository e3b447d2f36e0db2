"""The best labels for a row of scored words, and how sure each is: max-marginals of a linear chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Bounds = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Decoded:
    """Per place the best label's number, and for every label the score of the best labelling that has it there."""

    best: NDArray[np.intp]
    totals: Floats

    def margins(self, kinds: NDArray[np.intp]) -> Floats:
        """Per place, how much better the best labelling is than the best with a label of another kind here."""
        by_kind = np.stack([self.totals[:, kinds == kind].max(axis=1) for kind in np.unique(kinds)], axis=1)
        by_kind.sort(axis=1)
        margins: Floats = by_kind[:, -1] - by_kind[:, -2]
        return margins


def decode(scores: Floats, bounds: Bounds, transitions: Floats, inside: NDArray[np.bool_]) -> Decoded:
    """Run max-product over all blocks at once, one word of each a step, longest block first.

    Args:
        scores: Shape (places, labels).
        bounds: First place of each block and the place after its last.
        transitions: Shape (2, labels, labels): outside and inside marks.
        inside: Per place, whether it stands in the same marks as the place before it.
    """
    order = sorted(bounds, key=lambda b: b[0] - b[1])
    starts = np.array([start for start, _ in order], np.intp)
    ends = np.array([end for _, end in order], np.intp)
    lengths = ends - starts
    steps = int(lengths.max(initial=0))
    active = np.searchsorted(-lengths, -np.arange(steps), side="left")
    turned = np.ascontiguousarray(transitions.swapaxes(1, 2))
    moves = inside.astype(np.intp)
    forward, backward = scores.copy(), np.zeros_like(scores)
    for step in range(1, steps):
        count = active[step]
        here = starts[:count] + step
        forward[here] += (forward[here - 1][:, :, None] + transitions[moves[here]]).max(axis=1)
        there = ends[:count] - step  # from the other end: `there` is known, the place before it is not
        # Turned over, so that the maximum runs over the middle axis, which is the quick one.
        backward[there - 1] = ((scores[there] + backward[there])[:, :, None] + turned[moves[there]]).max(axis=1)
    totals = forward + backward
    return Decoded(totals.argmax(axis=1), totals)
