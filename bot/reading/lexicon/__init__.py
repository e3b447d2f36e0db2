"""What names, titles and nouns for people and bodies a reader knows before the first article; kept as tables."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Gender = Literal["male", "female", "thing", "plural", ""]
_PEOPLE: dict[str, Gender] = {"male": "male", "female": "female"}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word tables, lower-case. Dictionaries lead from a word to the gender it tells, "" for none."""

    first_names: dict[str, Gender]
    short_forms: dict[str, frozenset[str]]
    particles: frozenset[str]
    titles: dict[str, Gender]
    title_roles: dict[str, str]
    title_phrases: frozenset[tuple[str, ...]]
    roles: dict[str, Gender]
    relatives: frozenset[str]
    indefinite: frozenset[str]
    determiners: frozenset[str]
    nouns: frozenset[str]
    plural_nouns: frozenset[str]
    body_nouns: frozenset[str]
    body_words: frozenset[str]
    documents: frozenset[str]
    general_bodies: dict[str, frozenset[str]]
    pronouns: dict[str, Gender]
    relative_pronouns: frozenset[str]
    speaking_pronouns: frozenset[str]
    subject_pronouns: frozenset[str]
    starters: frozenset[str]
    calendar: frozenset[str]
    peoples: frozenset[str]
    places: frozenset[str]
    place_heads: frozenset[str]
    place_tails: frozenset[str]
    common_bodies: frozenset[str]
    asking: frozenset[str]
    place_prepositions: frozenset[str]
    heads: frozenset[str]
    things: frozenset[str]
    prepositions: frozenset[str]
    joints: frozenset[str]
    alias_cues: tuple[str, ...]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text("utf-8"))


def _gendered(table: dict[str, str], **names: Gender) -> dict[str, Gender]:
    return {word: gender for key, gender in names.items() for word in table[key].split()}


def _read_titles_abroad() -> Iterator[dict[str, str]]:
    """The titles in each language's own file; their words are distinct enough to serve articles in any language."""
    for file in sorted((resources.files("bot.reading") / "languages").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            titles = tomllib.loads(file.read_text("utf-8")).get("titles")
            if titles:
                yield titles


@cache
def load_lexicon() -> Lexicon:
    """Read the tables; the English one serves every language, with titles before names from each language's file."""
    names, english = _read("first_names.toml"), _read("en.toml")
    titles, roles, bodies = english["titles"], english["roles"], english["bodies"]
    words = {key: frozenset(value.split()) for key, value in english["words"].items() if isinstance(value, str)}
    short_forms: dict[str, frozenset[str]] = {}
    for pair in names["short_forms"].split():
        short, full = pair.split("=")
        short_forms[short] = short_forms.get(short, frozenset()) | {full}
    abroad = list(_read_titles_abroad())
    words["starters"] |= frozenset(word for table in abroad for word in table.get("starters", "").split())
    return Lexicon(
        first_names=_gendered(names, either="", male="male", female="female"),
        short_forms=short_forms,
        particles=frozenset(names["particles"].split()),
        titles={
            **{word: gender for table in abroad for word, gender in _gendered(table, **_PEOPLE).items()},
            **_gendered(titles, either="", male="male", female="female"),
        },
        title_roles=dict(pair.split("=") for pair in titles["roles"].split()),
        title_phrases=frozenset(
            tuple(w for w in phrase.split() if w not in {"of", "the"}) for phrase in titles["phrases"]
        ),
        roles=_gendered(roles, either="", male="male", female="female"),
        relatives=frozenset(roles["relatives"].split()),
        indefinite=frozenset(roles["indefinite"].split()),
        determiners=frozenset(f"the this that these those {roles['indefinite']}".split()),
        nouns=frozenset(
            f"{roles['male']} {roles['female']} {roles['either']} {roles['plural']} {bodies['nouns']}".split()
        ),
        plural_nouns=frozenset(roles["plural"].split()),
        body_nouns=frozenset(bodies["nouns"].split()),
        body_words=frozenset(bodies["name_words"].split()),
        documents=frozenset(bodies["documents"].split()),
        general_bodies={noun: frozenset(kinds.split()) for noun, kinds in bodies["general"].items()},
        pronouns=_gendered(english["pronouns"], male="male", female="female", thing="thing", plural="plural"),
        relative_pronouns=frozenset(english["pronouns"]["relative"].split()),
        speaking_pronouns=frozenset(english["pronouns"]["speaking"].split()),
        subject_pronouns=frozenset(english["pronouns"]["subject"].split()),
        joints=frozenset(english["words"]["joints"]),
        alias_cues=tuple(english["words"]["alias_cues"]),
        **words,
    )
