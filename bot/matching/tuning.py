"""The fitted and hand-set numbers of the quote check, read from checking.toml, which says where each comes from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

# What `judge.measure_evidence` measures, in its order.
EVIDENCE = ("share", "run", "pieces", "said_by_them", "in_quotation", "edges", "constant")


@dataclass(frozen=True, slots=True)
class AlignmentCosts:
    """What a step of an alignment costs or gains, in units of a content word that is the same."""

    mismatch: float
    similar: float
    left_out: float
    added: float
    elided: float
    similar_from: float


@dataclass(frozen=True, slots=True)
class PieceFloor:
    """What a further stretch of a claim must share to be held for a copy: words in a row, their weight, its share."""

    run: int
    weight: float
    share: float


@dataclass(frozen=True, slots=True)
class Tuning:
    """All numbers of the file. `named` and `unnamed` hold one weight for each of `EVIDENCE`."""

    named: npt.NDArray[np.float64]
    unnamed: npt.NDArray[np.float64]
    sure_speaker: float
    alignment: AlignmentCosts
    pieces: PieceFloor


def parse_tuning(text: str) -> Tuning:
    """The numbers of a file's text. Raises ValueError where its weights are not those of `EVIDENCE`, in order."""
    table = tomllib.loads(text)
    return Tuning(
        named=_read_weights(table["copied"]["named"]),
        unnamed=_read_weights(table["copied"]["unnamed"]),
        sure_speaker=table["attribution"]["sure_speaker"],
        alignment=AlignmentCosts(**table["alignment"]),
        pieces=PieceFloor(**table["pieces"]),
    )


def _read_weights(row: dict[str, Any]) -> npt.NDArray[np.float64]:
    if tuple(row) != EVIDENCE:
        raise ValueError("checking.toml was fitted on other evidence; run `python -m benchmarks checks --fit`")
    return np.array(list(row.values()), dtype=np.float64)


@cache
def load_tuning() -> Tuning:
    """The shipped numbers, read once."""
    return parse_tuning(resources.files("bot.matching").joinpath("checking.toml").read_text(encoding="utf-8"))
