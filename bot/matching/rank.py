"""Putting sentences in order and saying how sure the first is, by fitted weights kept in ranking.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.matching.features import FEATURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]


_MOST_LEAVES = 16


@dataclass(frozen=True, slots=True)
class Forest:
    """Gradient-boosted regression trees, all evaluated at once (QuickScorer, Lucchese et al., SIGIR 2015).

    A node whose test fails rules out the leaves on its left: `rules_out` keeps the others as bits. What is left after
    all nodes of a tree have spoken begins with the leaf that the row falls into. Tables are (tree, node), `value` is
    (tree, leaf).
    """

    feature: npt.NDArray[np.int64]
    threshold: Matrix
    rules_out: npt.NDArray[np.uint16]
    value: Matrix

    def score(self, rows: Matrix) -> Matrix:
        """The sum of all trees for each row."""
        fails = rows[:, self.feature] > self.threshold
        left = np.bitwise_and.reduce(np.where(fails, self.rules_out, np.uint16(0xFFFF)), axis=2)
        leaf = np.log2((left & -left).astype(np.float64)).astype(np.int64)
        scores: Matrix = self.value[np.arange(len(self.value)), leaf].sum(axis=1)
        return scores


def read_forest(trees: Sequence[dict[str, Any]]) -> Forest:
    """The forest of a data file: one dict a tree with lists `feature`, `threshold`, `left`, `right`, `value` by node.

    A node that is its own left child is a leaf.
    """
    shape = (len(trees), _MOST_LEAVES - 1)
    feature, threshold = np.zeros(shape, np.int64), np.full(shape, np.inf)
    rules_out, value = np.full(shape, 0xFFFF, np.uint16), np.zeros((len(trees), _MOST_LEAVES))
    for at, tree in enumerate(trees):
        inner, leaves = 0, 0

        def walk(node: int, at: int = at, tree: dict[str, Any] = tree) -> int:
            """Number the leaves below a node from left to right; their bits."""
            nonlocal inner, leaves
            if tree["left"][node] == node:
                value[at, leaves] = tree["value"][node]
                leaves += 1
                return 1 << (leaves - 1)
            here, inner = inner, inner + 1
            left = walk(tree["left"][node])
            feature[at, here], threshold[at, here] = tree["feature"][node], tree["threshold"][node]
            rules_out[at, here] = 0xFFFF & ~left
            return left | walk(tree["right"][node])

        walk(0)
    return Forest(feature, threshold, rules_out, value)


@dataclass(frozen=True, slots=True)
class Ranker:
    """The fitted order of sentences and the fitted confidence in the first of them."""

    order: Forest
    sure: Forest
    threshold: float

    def score(self, rows: Sequence[tuple[float, ...]]) -> Matrix:
        """One number a sentence, higher is better; comparable within one question only."""
        return self.order.score(np.array(rows, np.float64))

    def confidence(self, row: Sequence[float]) -> float:
        """How likely the first passage is right, 0 to 1, from `confidence_row`."""
        return float(1 / (1 + np.exp(-self.sure.score(np.array([row], np.float64))[0])))


@cache  # one immutable file of the package, read when the first question comes
def load_ranker() -> Ranker:
    """The ranker of this package."""
    kept = json.loads(resources.files("bot.matching").joinpath("ranking.json").read_text(encoding="utf-8"))
    if tuple(kept["features"]) != FEATURES:
        raise ValueError("ranking.json was fitted on other features; run `make fit`")
    return Ranker(read_forest(kept["order"]), read_forest(kept["sure"]), kept["threshold"])


def confidence_row(rows: Sequence[tuple[float, ...]], scores: Sequence[float], group: Sequence[int]) -> list[float]:
    """What the confidence is judged by: the first sentence's features and its lead.

    Args:
        rows: Features in ranked order, best first.
        scores: Their scores.
        group: A number a sentence that is equal for sentences of one chunk; the lead is counted over other chunks.
    """
    other = next((score for score, chunk in zip(scores, group, strict=True) if chunk != group[0]), scores[0] - 5.0)
    second = scores[1] if len(scores) > 1 else scores[0] - 5.0
    third = scores[min(len(scores) - 1, 4)]
    return [*rows[0], scores[0], scores[0] - second, scores[0] - other, scores[0] - third, float(len(rows))]
