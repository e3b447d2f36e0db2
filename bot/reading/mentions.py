"""What a mention is, and which mentions are no names after all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.reading.lexicon import Gender
    from db.model import Block

Sort = Literal["name", "pronoun", "noun"]
Kind = Literal["person", "body", "place", "people", "thing", "unknown"]

_SMALL = re.compile(r"(?<![\w'’\-])[a-zà-öø-ÿ]{2,}(?![\w'’\-])")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
# A subheading is short and has most of its longer words written large.
_MAX_HEADLINE = 160
_MIN_HEADLINE_WORDS = 4
_HEADLINE_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Mention:
    """A name, a pronoun, or a noun for a person or body, where it stands.

    The span covers the name without title and possessive ending, or the noun with its determiner. `words` are the
    name's words as printed, or the pronoun or head noun in lower case. `title` is what stands before the name in lower
    case ("sen."), `noun` the common word right behind it ("militia"), `role` an apposition as printed.
    """

    start: int
    end: int
    sort: Sort
    words: tuple[str, ...]
    kind: Kind
    gender: Gender = ""
    title: str = ""
    determiner: str = ""
    noun: str = ""
    role: str = ""
    is_possessive: bool = False
    is_oblique: bool = False
    is_asked: bool = False
    is_initial: bool = False


def find_common_words(text: str) -> frozenset[str]:
    """The words that an article writes small; one of them at the start of a sentence is no name."""
    return frozenset(_SMALL.findall(text))


def is_headline(text: str, block: Block) -> bool:
    """Whether most words of a block are written large, as in a title or a subheading."""
    if block.kind == "title":
        return True
    if block.span.end - block.span.start > _MAX_HEADLINE:
        return False
    words = _LONG_WORD.findall(block.span.slice(text))
    return len(words) >= _MIN_HEADLINE_WORDS and sum(w[0].isupper() for w in words) >= _HEADLINE_SHARE * len(words)


def keep_names(
    found: Sequence[tuple[Block, list[Mention]]], sources: Iterable[int]
) -> list[tuple[Block, list[Mention]]]:
    """Drop what is no name: a single word that only ever stands large at the start of a sentence.

    Args:
        found: Blocks with their mentions.
        sources: Offsets at which sources begin; whoever says something is kept.
    """
    names = [m for _, mentions in found for m in mentions if m.sort == "name"]
    proper = {w for m in names if len(m.words) > 1 or not m.is_initial for w in m.words}
    speaking = frozenset(sources)

    def is_kept(m: Mention) -> bool:
        if m.sort != "name" or m.kind != "unknown" or not m.is_initial or len(m.words) > 1:
            return True
        return m.words[0] in proper or m.start in speaking or m.gender != ""

    return [(block, [m for m in mentions if is_kept(m)]) for block, mentions in found]
