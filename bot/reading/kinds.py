"""What a capitalised name is the name of, from its words alone: person, body, place, people or thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.reading.lexicon import Gender, Lexicon
    from bot.reading.mentions import Kind

INITIAL = re.compile(r"^(?:\w\.)*\w$")
# A single word in capitals of this length is an abbreviation: FBI, UNESCO.
_ABBREVIATION = range(2, 7)
_FIRST_AND_LAST = 2


def after_title(lows: Sequence[str], lexicon: Lexicon) -> int:
    """Index of the first word of the name proper, behind titles, peoples and places: "Texas Sen. Ted Cruz" → 2.

    Args:
        lows: The words of a capitalised run, lower-case, without the small words between them.
        lexicon: The word tables.

    Returns:
        `len(lows)` where the run is a title and nothing else: "the Prime Minister".
    """
    if len(lows) == 1:
        return int(lows[0] in lexicon.titles and lows[0] in lexicon.roles)
    bare = [w.rstrip(".") for w in lows]
    last = _last_title(bare, lexicon)
    if last >= 0 and any(w in lexicon.body_words for w in bare[last + 1 :]):
        return 0
    if last == len(bare) - 1:
        is_person = bare[0] in lexicon.first_names and bare[0] not in lexicon.titles
        is_pair = len(bare) == _FIRST_AND_LAST and not _is_attribute(bare[0], lexicon)
        return 0 if is_person or is_pair or bare[last] not in lexicon.roles else len(bare)
    if last >= 0:
        return last + 1
    if any(w in lexicon.body_words or w in lexicon.things for w in bare):
        return 0
    return next((i for i, w in enumerate(bare[:-1]) if w not in lexicon.peoples), len(bare) - 1)


def _last_title(bare: Sequence[str], lexicon: Lexicon) -> int:
    last, i = -1, 0
    while i < len(bare):
        size = next((n for n in (3, 2) if i + n <= len(bare) and tuple(bare[i : i + n]) in lexicon.title_phrases), 0)
        is_role = (
            last == i - 1
            and bare[i] in lexicon.roles
            and bare[i + 1 : i + 2] != []
            and bare[i + 1] in lexicon.first_names
        )
        if size or is_role or bare[i] in lexicon.titles:
            last = i + max(size, 1) - 1
        i += max(size, 1)
    return last


def _is_attribute(word: str, lexicon: Lexicon) -> bool:
    """A word that goes before a role rather than being somebody's first name."""
    return any(word in table for table in (lexicon.titles, lexicon.peoples, lexicon.places, lexicon.body_words))


def classify(lows: Sequence[str], words: Sequence[str], title: str, lexicon: Lexicon) -> tuple[Kind, Gender]:
    """What kind of thing a name names, and the gender its title or first name tells.

    Args:
        lows: The name's words, lower-case, without its title.
        words: The same as printed.
        title: What stands before it, lower-case.
        lexicon: The word tables.
    """
    last = lows[-1]
    is_short = title and len(lows) <= _FIRST_AND_LAST and last not in lexicon.body_words
    if not is_short and any(w in lexicon.body_words for w in lows):
        return "body", "thing"
    if title:
        told: Gender = next((g for w in title.split() if (g := lexicon.titles.get(w.rstrip("."), ""))), "")
        return "person", told or (lexicon.first_names.get(lows[0], "") if len(lows) > 1 else "")
    if len(lows) == 1:
        return _classify_single(last, words[0], lexicon)
    return _classify_untitled(lows, words, lexicon)


def _classify_untitled(lows: Sequence[str], words: Sequence[str], lexicon: Lexicon) -> tuple[Kind, Gender]:
    """Two words or more without a title: first names make persons, last words the rest."""
    last = lows[-1]
    kind = _kind_of_last(lows, lexicon)
    gender: Gender = "plural" if kind == "people" else "thing"
    if not kind and lows[0] in lexicon.first_names and last not in lexicon.place_tails:
        kind, gender = "person", lexicon.first_names[lows[0]]
    elif not kind and (last in lexicon.places or last in lexicon.place_tails):
        kind = "place"
    elif not kind and words[-1].isupper() and len(words[-1]) > 1 and not all(w.isupper() for w in words):
        kind = "body"
    elif not kind:
        has_initial = len(lows) > _FIRST_AND_LAST and INITIAL.match(words[-2])
        kind, gender = ("person" if has_initial else "unknown"), ""
    return kind, gender


def _kind_of_last(lows: Sequence[str], lexicon: Lexicon) -> Kind | None:
    if lows[-1] in lexicon.things:
        return "thing"
    if lows[-1] in lexicon.peoples:
        return "people"
    return "place" if all(w in lexicon.places for w in lows) else None


def _classify_single(low: str, word: str, lexicon: Lexicon) -> tuple[Kind, Gender]:
    if low in lexicon.peoples:
        return "people", "plural"
    if low.rstrip(".") in lexicon.places or low in lexicon.places:
        return "place", "thing"
    if low in lexicon.things:
        return "thing", "thing"
    if word.isupper() and len(word) in _ABBREVIATION:
        return "body", "thing"
    return "unknown", lexicon.first_names.get(low, "")
