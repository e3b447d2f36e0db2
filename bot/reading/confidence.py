"""How sure an attribution is: a probability fitted on the train split, see `speaker_weights.toml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.model import Quotation

_BY_WAY = {"name": 0.97, "pronoun": 0.75, "self": 0.6, "relative": 0.85, "nominal": 0.7, "several": 0.6, "none": 0.2}


def score_confidence(quotation: Quotation, way: str, margin: float, rivals: int) -> float:
    """The probability that these words were said by this speaker, 0 to 1."""
    del rivals
    certain = _BY_WAY[way] * (1.0 if way != "pronoun" else min(1.0, 0.7 + 0.15 * margin))
    return round(certain * quotation.confidence, 4)
