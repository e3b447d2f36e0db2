"""How sure an attribution is: a logistic score over a handful of readable factors, fitted on PolNeAR's train split."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

from bot.reading.salience import FEATURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Quotation

# How a source leads to its speaker: by name, through a pronoun or a "who", by description ("the mayor"), as the speaker
# of the words around it ("I"), as one of several, or not at all.
Way = Literal["name", "pronoun", "relative", "nominal", "self", "several", "none"]

FACTORS = (
    "pronoun", "relative", "nominal", "self", "several", "none", "belief", "namesakes", "labelled", "inferred",
    "direct", "indirect", "adjacent", "touching", "inverted", "neighbours", "evidence",
)  # fmt: skip

# At or below this belief another candidate is as likely: the quotation stays unattributed.
SURE_ENOUGH = 0.5
_NAMESAKES = 0.9
_LABELLED = frozenset(["transcript", "signed"])
_INFERRED = frozenset(["announced", "beside", "continued", "marks"])
# What the reader of quotations says of a plain case; more or less than this is evidence.
_PLAIN = math.log(0.8 / 0.2)


@dataclass(frozen=True, slots=True)
class Weights:
    """Fitted numbers: `antecedent` in the order of `FEATURES`, `confidence` in that of `FACTORS`."""

    antecedent: tuple[float, ...]
    confidence: tuple[float, ...]
    bias: float


@cache
def load_weights() -> Weights:
    """Read the table of fitted numbers."""
    table = tomllib.loads(resources.files(__package__).joinpath("speaker_weights.toml").read_text("utf-8"))
    return Weights(
        antecedent=tuple(float(table["antecedent"][name]) for name in FEATURES),
        confidence=tuple(float(table["confidence"][name]) for name in FACTORS),
        bias=float(table["confidence"]["bias"]),
    )


def find_factors(quotation: Quotation, way: Way, belief: float, neighbours: int) -> tuple[float, ...]:
    """What speaks for and against an attribution, in the order of `FACTORS`.

    Args:
        quotation: With its source; `confidence` still says only how sure it is that this is speech.
        way: How the source leads to the speaker.
        belief: The chosen candidate's share of the belief, 0 to 1.
        neighbours: How many other sources speak in the same paragraph.
    """
    source, cue, content = quotation.source[:1], quotation.cue, quotation.content
    evidence = _logit(quotation.confidence) - _PLAIN
    # That these words are somebody's source does not make sure whom they mean.
    is_plain = way in {"name", "nominal"} and quotation.rule not in _INFERRED
    gap = max(source[0].start - cue.end, cue.start - source[0].end) if source and cue else None
    beside = min(abs(source[0].start - content[0].end), abs(content[0].start - source[0].end)) if source else 99
    return (
        way == "pronoun",
        way == "relative",
        way == "nominal",
        way == "self",
        way == "several",
        way == "none",
        _logit(belief) if way == "pronoun" else 0.0,
        way == "name" and belief < _NAMESAKES,
        quotation.rule in _LABELLED,
        quotation.rule in _INFERRED,
        quotation.type == "direct",
        quotation.type == "indirect",
        gap is not None and gap <= 2,  # noqa: PLR2004  # a space, or a comma and a space
        beside <= 4,  # noqa: PLR2004  # mark, comma, mark, space
        bool(source and cue and cue.end <= source[0].start),
        min(neighbours, 3),
        evidence if is_plain else min(evidence, 0.0),
    )


def _logit(share: float) -> float:
    share = min(max(share, 0.1), 0.995)
    return math.log(share / (1 - share))


def score_confidence(factors: Sequence[float], weights: Weights) -> float:
    """The probability that these are words said by this speaker, 0 to 1."""
    total = weights.bias + sum(w * f for w, f in zip(weights.confidence, factors, strict=True))
    return round(1 / (1 + math.exp(-total)), 4)
