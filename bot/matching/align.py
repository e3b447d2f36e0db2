"""Lays the words of a claimed quote over the words of an article: which stand where, and how well.

The alignment is local in both (Smith and Waterman, 1981) with a linear gap cost, one numpy row per claimed word. It
only proposes: whether two words are the same is decided by their folded forms, and what a gap means by `difference`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from bot.matching.tuning import load_tuning

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from bot.matching.normalise import Words

# Words that any two sentences share; they say little about whether one was copied from the other.
FUNCTION_WORDS = frozenset(
    (  # noqa: SIM905 - reads as a list of words
        "a about all also an and any are as at be because been but by can could did do does for from had has have he "
        "her him his how i if in into is it its just me more my no not of on one or our out she so some than that "
        "the their them then there they this those these to up was we were what when where which who will with would "
        "you your im its thats dont were youre theyre weve ive hes shes whats theres the der die das und ist nicht "
        "ein eine zu den von mit le la les de des et un une est que qui pas el los las y en es una por con para"
    ).split()
)
_FUNCTION_WEIGHT = 0.35
# Shorter words look like each other by chance.
_SIMILAR_LENGTH = 4
# A misspelt or replaced word is compared with the article's vocabulary only so often, for claims of 4,000 characters.
_MAX_UNKNOWN = 200


@dataclass(frozen=True, slots=True)
class Alignment:
    """A stretch of a claim laid over a stretch of text.

    `pairs` are (claim word, text word) indices in rising order, one for each step that sets two words against each
    other, the same or not; between them stand the words left out or added. The first and last pair are the same words.
    `weight` sums the weights of the words that are the same.
    """

    pairs: tuple[tuple[int, int], ...]
    score: float
    weight: float

    @property
    def claim_range(self) -> tuple[int, int]:
        """The claim's words that are covered, half-open."""
        return self.pairs[0][0], self.pairs[-1][0] + 1

    @property
    def text_range(self) -> tuple[int, int]:
        """The text's words that are covered, half-open."""
        return self.pairs[0][1], self.pairs[-1][1] + 1


def weigh(form: str) -> float:
    """How much it says that two texts share this word, a content word being 1."""
    return _FUNCTION_WEIGHT if form in FUNCTION_WORDS else 1.0


def align(
    claim: Words, text: Words, *, free: Collection[int] = (), span: tuple[int, int] | None = None
) -> Alignment | None:
    """Find the best stretch of `text` for the best stretch of `claim`.

    Args:
        claim: The claimed words.
        text: The words of an article or of a window of it.
        free: Words of the text that may be left out at no cost ("he said" inside a quotation, editorial brackets).
        span: Only these words of the claim, half-open.

    Returns:
        The alignment, or None when no word is shared.
    """
    first, last = span or (0, len(claim))
    if first >= last or not len(text):
        return None
    forms = claim.forms[first:last]
    vocabulary: dict[str, int] = {}
    ids = np.array([vocabulary.setdefault(form, len(vocabulary)) for form in text.forms], dtype=np.int32)
    if not any(form in vocabulary for form in forms):
        return None
    costs = np.full(len(text), load_tuning().alignment.left_out, dtype=np.float32)
    costs[[index for index in free if index < len(text)]] = 0
    scores = _score_words(forms, ids, vocabulary)
    moves, best = _fill(scores, costs, elided=[index - first for index in claim.elided])
    return _trace(moves, best, forms, text.forms, first)


def _find_similar(forms: tuple[str, ...], vocabulary: dict[str, int]) -> dict[str, npt.NDArray[np.bool_]]:
    """For each claimed word that the text does not have: which of the text's words look like it."""
    unknown = list(dict.fromkeys(form for form in forms if form not in vocabulary and len(form) >= _SIMILAR_LENGTH))[
        :_MAX_UNKNOWN
    ]
    if not unknown:
        return {}
    cutoff = load_tuning().alignment.similar_from
    likeness = cdist(unknown, list(vocabulary), scorer=OSA.normalized_similarity, score_cutoff=cutoff)
    return {form: row > 0 for form, row in zip(unknown, likeness, strict=True) if row.any()}


def _score_words(
    forms: tuple[str, ...], ids: npt.NDArray[np.int32], vocabulary: dict[str, int]
) -> list[npt.NDArray[np.float32]]:
    """For each claimed word: what it scores against every word of the text."""
    similar = _find_similar(forms, vocabulary)
    costs = load_tuning().alignment
    rows = []
    for form in forms:
        scores = np.full(len(ids), -costs.mismatch, dtype=np.float32)
        if form in vocabulary:
            scores[ids == vocabulary[form]] = weigh(form)
        elif form in similar:
            scores[similar[form][ids]] = costs.similar
        rows.append(scores)
    return rows


def _fill(
    scores: list[npt.NDArray[np.float32]], costs: npt.NDArray[np.float32], *, elided: Collection[int]
) -> tuple[npt.NDArray[np.int8], tuple[int, int, float]]:
    """Fill the table row by row. A move: 0 starts here, 1 sets words against each other, 2 adds, 3 leaves out."""
    width = len(costs)
    gaps = np.concatenate((np.zeros(1, dtype=np.float32), np.cumsum(costs)))
    tuned = load_tuning().alignment
    added = np.float32(tuned.added)
    cheap_gaps = gaps * np.float32(tuned.elided / tuned.left_out)
    moves = np.zeros((len(scores) + 1, width + 1), dtype=np.int8)
    row = np.zeros(width + 1, dtype=np.float32)
    pair = np.zeros(width + 1, dtype=np.float32)
    best = (0, 0, 0.0)
    for index, word_scores in enumerate(scores, start=1):
        pair[1:] = row[:-1] + word_scores
        above = row - added
        reached = np.maximum(np.maximum(pair, 0), above)
        gap = cheap_gaps if index in elided else gaps
        padded = reached + gap
        along = np.maximum.accumulate(padded)
        is_left = along > padded + np.float32(1e-4)
        row = np.where(is_left, along - gap, reached)
        moves[index] = np.where(is_left, 3, np.where(reached <= 0, 0, np.where(pair >= above, 1, 2)))
        top = int(row.argmax())
        if row[top] > best[2]:
            best = (index, top, float(row[top]))
    return moves, best


def _trace(
    moves: npt.NDArray[np.int8], best: tuple[int, int, float], claim: tuple[str, ...], text: tuple[str, ...], first: int
) -> Alignment | None:
    i, j, score = best
    pairs: list[tuple[int, int]] = []
    while i > 0 and j > 0 and (move := moves[i, j]):
        if move == 1:
            pairs.append((i - 1, j - 1))
        i -= move in (1, 2)
        j -= move in (1, 3)
    pairs.reverse()
    same = [k for k, (i, j) in enumerate(pairs) if claim[i] == text[j]]
    if not same:
        return None
    pairs = pairs[same[0] : same[-1] + 1]
    weight = sum(weigh(claim[i]) for i, j in pairs if claim[i] == text[j])
    return Alignment(pairs=tuple((i + first, j) for i, j in pairs), score=score, weight=weight)
