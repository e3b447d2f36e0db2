"""Which words signal speech, language by language; a language is one file under languages/."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

LANGUAGES = ("en",)


@dataclass(frozen=True, slots=True)
class CueTable:
    """The cue words of one language, lower-case."""

    language: str
    verbs: frozenset[str]
    weak: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]
    complementizers: frozenset[str]


@cache
def load_cues(language: str = "en") -> CueTable:
    """Read a language's table; an unsupported language gets the English one's shape with no words in it."""
    if language not in LANGUAGES:
        return CueTable(language, frozenset(), frozenset(), (), frozenset())
    table = tomllib.loads(resources.files(__package__).joinpath(f"languages/{language}.toml").read_text("utf-8"))
    return CueTable(
        language=language,
        verbs=frozenset(table["verbs"].split()),
        weak=frozenset(table["weak"].split()),
        phrases=tuple(tuple(phrase.split()) for phrase in table["phrases"]),
        complementizers=frozenset(table["complementizers"]),
    )
