"""Which words of a vocabulary a typed word may have been meant as: slips of the keyboard and spellings by ear."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# Shorter words have too many neighbours: "bat" is one letter from fifty words.
_SHORTEST = 3
_LONG = 6
_MOST_FOUND = 6

# Letters that sound alike, coarse on purpose: it only breaks ties between words at the same distance.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ph", "f"), ("gh|kh|ck|q", "k"), ("sch|sh|tch|ch", "S"), ("c(?=[eiy])", "s"), ("c", "k"), ("x", "ks"),
        ("z", "s"), ("w|v", "f"), ("d(?=t)", ""), ("[aeiouyj]+", "a"), ("h", ""), (r"(.)\1+", r"\1"), ("a$", ""),
    )
)  # fmt: skip


def _neighbours() -> dict[str, str]:
    """Keys beside each key of a QWERTY keyboard, each row being half a key further right."""
    beside: dict[str, set[str]] = {key: set() for row in _ROWS for key in row}
    for upper, row in enumerate(_ROWS):
        for at, key in enumerate(row):
            beside[key].update(row[max(0, at - 1) : at] + row[at + 1 : at + 2])
            if upper + 1 < len(_ROWS):
                for below in _ROWS[upper + 1][max(0, at - 1) : at + 1]:
                    beside[key].add(below)
                    beside[below].add(key)
    return {key: "".join(sorted(keys)) for key, keys in beside.items()}


KEYS_BESIDE = _neighbours()


def sound_of(word: str) -> str:
    """A word reduced to how it sounds: "sulaimani" and "suleimani" are the same."""
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


def most_slips(word: str) -> int:
    """How many slips a typed word of this length may hold."""
    return 0 if len(word) < _SHORTEST else 1 if len(word) < _LONG else 2


def rank_spellings(typed: str, words: Sequence[str]) -> list[tuple[str, float]]:
    """The words that `typed` may mean, best first, each with how well it fits (0 to 1).

    Distance is optimal string alignment (a swap of neighbours counts one). `process.cdist` lets go of the interpreter
    lock, `process.extract` does not.
    """
    slips = most_slips(typed)
    if not slips or not words:
        return []
    distances = process.cdist([typed], words, scorer=OSA.distance, score_cutoff=slips, dtype=np.uint8)[0]
    near = np.flatnonzero(distances <= slips)
    sound = sound_of(typed)
    found = [(words[at], _fit(typed, words[at], int(distances[at]), sound)) for at in near.tolist()]
    return sorted(found, key=lambda item: (-item[1], item[0]))[:_MOST_FOUND]


def _fit(typed: str, word: str, distance: int, sound: str) -> float:
    """How likely a slip is, by its kind: hands and ears err in known ways."""
    fit = 1.0 - 0.14 * distance
    if sound_of(word) == sound:
        fit += 0.05
    elif distance == 1 and _is_usual_slip(typed, word):
        fit += 0.06
    if typed[0] != word[0]:
        fit -= 0.08
    if distance > 1 and len(typed) <= _LONG:
        fit -= 0.1
    return fit


def _is_usual_slip(typed: str, word: str) -> bool:
    """One swap, one letter left out or doubled, or one key beside the right one."""
    if sorted(typed) == sorted(word):
        return True
    at = next((i for i, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), min(len(typed), len(word)))
    if len(typed) == len(word):
        return typed[at] in KEYS_BESIDE.get(word[at], "")
    if len(typed) < len(word):
        return True
    near = {typed[at - 1 : at], typed[at + 1 : at + 2]}
    return any(key == typed[at] or typed[at] in KEYS_BESIDE.get(key, "") for key in near)
