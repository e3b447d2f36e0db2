"""Which words signal speech, language by language; a language is one file under languages/."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("en", "de", "fr", "es")
_GUESS_CHARS = 20_000
_GUESS_WORDS = 8
_LAST_LATIN = "\u2fff"  # from here on CJK; other scripts share no common word with a table either
_COMMON_SHARE = 12  # running text has one of a language's commonest words in every twelve, at the least


@dataclass(frozen=True, slots=True)
class CueTable:
    """The words of one language, lower-case.

    `verbs` open any quotation, `weak` ones only with marks; `phrases` come before the source ("according to");
    `common` are its commonest words, by which it is known.
    """

    language: str
    verbs: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]
    weak: frozenset[str]
    complementizers: frozenset[str]
    auxiliaries: frozenset[str]
    never_sources: frozenset[str]
    source_ends: frozenset[str]
    clause_starts: frozenset[str]
    common: frozenset[str]


@cache
def load_cues(language: str = "en") -> CueTable:
    """Read a language's table; an unsupported language gets one with no words in it."""
    table: dict[str, Any] = {}
    if language in LANGUAGES:
        table = tomllib.loads(resources.files(__package__).joinpath(f"languages/{language}.toml").read_text("utf-8"))
    lists = {field.name: frozenset(table.get(field.name, "").split()) for field in fields(CueTable)[3:]}
    return CueTable(
        language=language,
        verbs=frozenset(table.get("verbs", "").split()),
        phrases=tuple(tuple(phrase.split()) for phrase in table.get("phrases", ())),
        **lists,
    )


def guess_language(text: str) -> str:
    """The supported language whose commonest words stand most often in the text's first 20,000 characters, or "".

    English where nothing speaks against it: a text too short to tell counts as English. Languages share words, so the
    best must be half as common again as the next: Italian comes out as neither Spanish nor French.
    """
    start = text[:_GUESS_CHARS]
    if sum(letter > _LAST_LATIN for letter in start) * 3 > len(start):
        return ""
    words = start.lower().split()
    hits = {language: sum(w in load_cues(language).common for w in words) for language in LANGUAGES}
    best = max(hits, key=lambda language: hits[language])
    if len(words) < _GUESS_WORDS or (hits["en"] == hits[best] and hits["en"]):
        return "en" if hits["en"] == hits[best] else best
    second = max(count for language, count in hits.items() if language != best)
    is_clear = hits[best] * _COMMON_SHARE >= len(words) and 2 * hits[best] >= 3 * second
    return best if is_clear else ""
