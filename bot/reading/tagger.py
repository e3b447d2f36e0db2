"""A linear-chain model that labels each word: said, by whom, which word says so. Fitted by benchmarks/fit_tagger.py."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.reading.decoding import decode
from bot.reading.wordfeatures import Vocabulary, hash_features, tabulate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.reading.wordfeatures import Keys, ReadBlock

    Floats = NDArray[np.float32]

MODEL_FILE = "tagger.npz"
_SLOT_BITS = 18
_ROUNDS = 40
# The price of a quotation that begins or ends in the middle of marks: marks are right more often than the model.
_EDGE_IN_MARKS = 6.0
_NEVER = -1e4
# What a word outside content costs, outside and inside marks. An L1 prior leans to "nothing here"; this leans back.
# Half of what is best on articles of the train split that a model had not seen (all words F1 +0.7, marks +1.5).
_SILENCE = (0.05, 0.15)


@dataclass(frozen=True, slots=True)
class Segment:
    """Words `first` up to but not including `after` of one block, with one label.

    Labels: S a source before its cue, T one after it, Q a cue; content is two letters, L (left of its cue) or
    R (right of it, or without one), then D direct, M mixed, I indirect. `margin` is how much worse the best labelling
    is that has another kind of label at the segment's least certain word.
    """

    label: str
    first: int
    after: int
    margin: float = 0.0


@dataclass(frozen=True, slots=True)
class Tagger:
    """A fitted model: weights by feature key, and what may follow what."""

    vocabulary: Vocabulary
    labels: tuple[str, ...]
    keys: NDArray[np.uint32]
    slots: NDArray[np.int32]
    weights: Floats
    transitions: Floats

    def find_segments(self, read: Sequence[ReadBlock]) -> list[list[Segment]]:
        """Label the words of every block and join them to segments, block by block in reading order."""
        table = tabulate(read, self.vocabulary)
        scores = self._score(hash_features(table.columns))
        decoded = decode(scores, table.bounds, self.transitions, table.is_inside)
        margins = decoded.margins(np.array([_kind_number(label) for label in self.labels]))
        return [_segments(self.labels, decoded.best[a:z].tolist(), margins[a:z].tolist()) for a, z in table.bounds]

    def _score(self, keys: Keys) -> Floats:
        """Sum the weights of each place's features. Shape (places, labels)."""
        short = shorten(keys)
        rows = _look_up(short, self.keys, self.slots)
        scores = np.zeros((len(keys), len(self.labels)), np.float32)
        for template in range(rows.shape[1]):
            scores += self.weights[rows[:, template]]
        return scores


def shorten(keys: Keys) -> NDArray[np.uint32]:
    """The upper half of each key: enough to tell 100,000 features apart."""
    return (keys >> np.uint64(32)).astype(np.uint32)


@cache
def load_tagger() -> Tagger:
    """Read the model that ships with the package."""
    raw = resources.files(__package__).joinpath(MODEL_FILE).read_bytes()
    with np.load(io.BytesIO(raw)) as arrays:
        return unpack_model(dict(arrays))


def unpack_model(arrays: dict[str, NDArray[Any]]) -> Tagger:
    """Build a tagger from the arrays of a model file; row 0 of the weights stays zero, for features never seen."""
    words = arrays["words"].tobytes().decode().split("\n")
    classes = arrays["classes"].tolist()
    labels = tuple(arrays["labels"].tobytes().decode().split())
    keys = np.concatenate([np.zeros(1, np.uint32), arrays["keys"]])
    weights = np.zeros((len(keys), len(labels)), np.float32)
    row = np.repeat(np.arange(1, len(keys)), arrays["counts"])
    values = arrays["values"].astype(np.float32) / 127
    weights[row, arrays["columns"]] = values * np.abs(values) * float(arrays["scale"])
    entries = {word: (i, c // 8, c % 8) for i, (word, c) in enumerate(zip(words, classes, strict=True), 1)}
    return Tagger(Vocabulary(entries), labels, keys, _fill_slots(keys), weights, arrays["transitions"])


def pack_model(
    vocabulary: Vocabulary,
    labels: Sequence[str],
    keys: NDArray[np.uint32],
    weights: Floats,
    fitted: Floats,
) -> dict[str, NDArray[Any]]:
    """The arrays of a model file: weights as signed bytes, only those that are not zero.

    A byte holds the square root of a weight, so that small weights, of which there are most, stay fine.
    """
    scale = float(np.abs(weights).max())
    values = np.rint(np.sqrt(np.abs(weights) / scale) * np.sign(weights) * 127).astype(np.int8)
    kept = np.flatnonzero(values.any(axis=1))
    rows, columns = np.nonzero(values[kept])
    entries = sorted(vocabulary.entries.items(), key=lambda item: item[1][0])
    return {
        "words": np.frombuffer("\n".join(word for word, _ in entries).encode(), np.uint8),
        "classes": np.array([cue * 8 + source for _, (_, cue, source) in entries], np.uint8),
        "labels": np.frombuffer(" ".join(labels).encode(), np.uint8),
        "keys": keys[kept],
        "counts": np.bincount(rows, minlength=len(kept)).astype(np.uint8),
        "columns": columns.astype(np.uint8),
        "values": values[kept][rows, columns],
        "scale": np.array(scale),
        "transitions": transition_table(labels, fitted).astype(np.float32),
    }


def _fill_slots(keys: NDArray[np.uint32]) -> NDArray[np.int32]:
    """A cuckoo hash table: each key has one place by its low bits and one by its high bits.

    At a load below one fifth a few rounds of pushing out place every key; one that still has none is left out.
    """
    slots = np.zeros((2, 1 << _SLOT_BITS), np.int32)
    places = _places(keys)
    homeless = np.arange(1, len(keys), dtype=np.int32)
    for turn in range(_ROUNDS):
        if not len(homeless):
            break
        table, wanted = slots[turn % 2], places[turn % 2][homeless]
        pushed_out = table[np.unique(wanted)]
        table[wanted] = homeless
        homeless = np.concatenate([homeless[table[wanted] != homeless], pushed_out[pushed_out > 0]])
    return slots


def _places(keys: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    return keys & np.uint32((1 << _SLOT_BITS) - 1), keys >> np.uint32(32 - _SLOT_BITS)


def _look_up(wanted: NDArray[np.uint32], keys: NDArray[np.uint32], slots: NDArray[np.int32]) -> NDArray[np.int32]:
    """Row numbers of `wanted` keys, 0 where a key is not in the table."""
    low, high = _places(wanted)
    first = slots[0, low]
    second = slots[1, high]
    rows = np.where(keys[first] == wanted, first, second)
    return np.where(keys[rows] == wanted, rows, 0)


def transition_table(labels: Sequence[str], fitted: Floats) -> Floats:
    """What may follow what, outside and inside marks. Shape (2, labels, labels).

    Inside a word's label must be begun before it goes on, and inside marks content may neither begin nor end.
    """
    table = np.stack([fitted, fitted])
    for place, price in enumerate(_SILENCE):
        table[place, :, labels.index("O")] -= price
    for i, left in enumerate(labels):
        for j, right in enumerate(labels):
            goes_on = right[0] == "I" and left[1:] == right[1:]
            if right[0] == "I" and not goes_on:
                table[:, i, j] = _NEVER
            elif not goes_on and (left[1:2] in {"L", "R"} or right[1:2] in {"L", "R"}):
                table[1, i, j] -= _EDGE_IN_MARKS
    return table


def _kind_number(label: str) -> int:
    """Labels that differ only in begin or go on, direction or type count as one when asking how sure one is."""
    return "OLSTQ".index("L" if label[1:2] in {"L", "R"} else label[-1])


def _segments(labels: Sequence[str], path: list[int], margins: list[float]) -> list[Segment]:
    segments: list[Segment] = []
    names = [labels[i] for i in path]
    start = -1
    for i, label in enumerate([*names, "O"]):
        if start >= 0 and label != "I" + names[start][1:]:
            segments.append(Segment(names[start][1:], start, i, min(margins[start:i])))
            start = -1
        if start < 0 and label != "O":
            start = i
    return segments
