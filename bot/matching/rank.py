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


@dataclass(frozen=True, slots=True)
class Forest:
    """Gradient-boosted regression trees as flat tables (tree, node); a node whose children are itself is a leaf."""

    feature: npt.NDArray[np.int64]
    threshold: Matrix
    children: npt.NDArray[np.int64]
    value: Matrix
    depth: int

    def score(self, rows: Matrix) -> Matrix:
        """The sum of all trees for each row; all trees of all rows go down together."""
        count, trees = len(rows), len(self.feature)
        node = np.zeros((count, trees), np.int64)
        tree = np.arange(trees)
        row = np.arange(count)[:, None]
        for _ in range(self.depth):
            goes_right = rows[row, self.feature[tree, node]] > self.threshold[tree, node]
            node = self.children[tree, node, goes_right.astype(np.int64)]
        scores: Matrix = self.value[tree, node].sum(axis=1)
        return scores


def read_forest(trees: Sequence[dict[str, Any]]) -> Forest:
    """The forest of a data file: one dict a tree with lists `feature`, `threshold`, `left`, `right`, `value`."""
    size = max(len(tree["value"]) for tree in trees)
    shape = (len(trees), size)
    feature, threshold, value = np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape)
    children = np.zeros((*shape, 2), np.int64)
    for at, tree in enumerate(trees):
        count = len(tree["value"])
        feature[at, :count] = tree["feature"]
        threshold[at, :count] = tree["threshold"]
        value[at, :count] = tree["value"]
        children[at, :count, 0], children[at, :count, 1] = tree["left"], tree["right"]
    return Forest(feature, threshold, children, value, max(tree["depth"] for tree in trees))


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
