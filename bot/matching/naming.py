"""Whom the words beside a quoted stretch name as its speaker."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_CUE_VERBS = frozenset(
    (  # noqa: SIM905 - reads as a list of words
        "said says say saying tells told wrote writes tweeted tweets posted claimed claims added adds asked asks "
        "announced announces warned warns argued argues stated states declared declares insisted insists replied "
        "replies answered explained explains noted notes quipped joked admitted admits conceded promised promises "
        "vowed vows threatened threatens shouted yelled put remarked continued concluded recalled testified "
        "responded quoted sagte sagt schrieb erklärte dit déclare dijo"
    ).split()
)
# Capitalised for standing first, or for being "I"; none of them is a name.
_NEVER_NAMES = frozenset(
    (  # noqa: SIM905 - reads as a list of words
        "i he she it we they you who what when where why how did does do has have had is are was were so and but or "
        "if then also as that this these those there here yes no ok okay lol lmao omg wow well now today yesterday "
        "because after before while my your his her its our their someone somebody everyone nobody people remember "
        "guys just a an btw apparently supposedly allegedly according to by from in on at of via per quote source "
        "breaking thing check fact headline news update edit reminder fyi til psa question original word words line "
        "claim"
    ).split()
)
_AUXILIARIES = frozenset({"a", "hat", "ha", "has", "had", "have", "once", "also", "later"})
_PARTICLES = frozenset(
    (  # noqa: SIM905 - reads as a list of words
        "al bin ibn von van de der den del della di da du la le el of the and for ter"
    ).split()
)
_LEAD_TITLES = frozenset({"the", "mr", "mrs", "ms", "dr", "sir"})
_MAX_NAME_WORDS = 8
_MAX_LOWER_WORDS = 3
_MAX_CUE_DISTANCE = 14
# "X, the mayor of Northport, said": how long the clause in commas may be.
_MAX_APPOSITION = 10
_MAX_BESIDE_CHARS = 160
_TOKEN = re.compile(r"[^\W_]+(?:[.'’\-][^\W_]+)*\.?|[^\w\s]|_")
_DASH = re.compile(r"[\s*_|>)\]]*(?:[—–―~]|-{1,2})[\s*_>]*")
_BRACKET = re.compile(r"\s*\(([^()\n]{2,60})\)")
# A full stop after one to three letters with a capital is an abbreviation: "J. Trump", "Sen. Roe".
_STOP = r"(?<!\b[A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})\."
_NAME_END = re.compile(rf"[,;:(\[\n|“”\"«»<>—–―~]|\s[-/]\s|{_STOP}\s|\.$|\b(?:19|20)\d\d\b")
_SENTENCE_END = re.compile(rf"(?:{_STOP}|[!?])['\")\]”’*_]*\s+(?=\S)|\n\s*\n")


def find_named_after(text: str) -> str | None:
    """The speaker that the text after a quoted stretch names: "— X", ", says X", ", X said", "(X)"."""
    text = text[:_MAX_BESIDE_CHARS]
    if dash := _DASH.match(text):
        return _read_signature(text[dash.end() :])
    if bracket := _BRACKET.match(text):
        return _read_signature(bracket.group(1))
    tokens = _TOKEN.findall(_SENTENCE_END.split(text.lstrip(" ,.*_|~\t\n"), maxsplit=1)[0])
    while tokens and tokens[0].casefold() in _AUXILIARIES:
        tokens.pop(0)
    if [token.casefold() for token in tokens[:2]] == ["according", "to"]:
        return _take_name(tokens[2:])
    if tokens and _is_cue(tokens[0]):
        return _take_name(tokens[1:])
    return _take_name(tokens, is_cue_due=True)


def find_named_before(text: str) -> str | None:
    """The speaker that the text before a quoted stretch names: "X said", "X told them that", "X:", "according to X"."""
    tokens = _TOKEN.findall(_SENTENCE_END.split(text[-_MAX_BESIDE_CHARS:].rstrip(" \t\n*_|"))[-1])
    for back in range(1, min(_MAX_CUE_DISTANCE, len(tokens)) + 1):
        left, right = tokens[:-back], tokens[len(tokens) - back + 1 :]
        if _is_cue(tokens[-back]):
            return _take_last_name(_drop_apposition(left)) or _take_name(right)
        if tokens[-back].casefold() == "to" and left and left[-1].casefold() == "according":
            return _take_name(right)
    if not tokens or tokens[-1] != ":":
        return None
    clause = tokens[:-1]
    capitalised = _take_capitalised_back(clause) or _take_capitalised(clause)
    return _join(capitalised) if capitalised or len(clause) > _MAX_LOWER_WORDS else _take_last_name(clause)


def _read_signature(text: str) -> str | None:
    """The name in "Angela Merkel, 2015": up to the first mark that no name holds."""
    line = text.strip(" \t*_|>").split("\n", 1)[0]
    name = _NAME_END.split(line, maxsplit=1)[0].strip(" \t*_|~'’\"")
    words = name.split()
    if not words or len(words) > _MAX_NAME_WORDS or words[0].casefold() in _NEVER_NAMES:
        return None
    return name if len(words) <= _MAX_LOWER_WORDS or any(map(_is_capitalised, words)) else None


def _is_cue(token: str) -> bool:
    return token.casefold().rstrip(".") in _CUE_VERBS


def _is_capitalised(token: str) -> bool:
    """True for a word that may be a name; scripts without capitals always may."""
    return token[0].isupper() or (token[0].isalpha() and not token[0].islower())


def _is_name_word(token: str) -> bool:
    return _is_capitalised(token) and token.casefold() not in _NEVER_NAMES


def _drop_apposition(tokens: Sequence[str]) -> Sequence[str]:
    """Cut "Kim Roe, the mayor," to "Kim Roe": what stands in commas before a cue verb says who the name is."""
    if not tokens or tokens[-1] != ",":
        return tokens
    for back in range(2, min(_MAX_APPOSITION, len(tokens) - 1) + 1):
        if tokens[-back] == ",":
            return tokens[:-back]
    return tokens[:-1]


def _take_name(tokens: Sequence[str], *, is_cue_due: bool = False) -> str | None:
    """The name that begins the tokens; if `is_cue_due` only where a cue verb follows in the same clause."""
    if taken := _take_capitalised(tokens):
        rest = tokens[len(taken) : len(taken) + _MAX_CUE_DISTANCE]
        return _join(taken) if not is_cue_due or any(map(_is_cue, rest)) else None
    lower = _take_lower(tokens)
    if not lower or (is_cue_due and not any(map(_is_cue, tokens[len(lower) : len(lower) + 1]))):
        return None
    return _join(lower)


def _take_last_name(tokens: Sequence[str]) -> str | None:
    """The name that ends the tokens, but for an adverb."""
    end = len(tokens)
    while end and (tokens[end - 1].casefold() in _AUXILIARIES or tokens[end - 1].endswith("ly")):
        end -= 1
    if taken := _take_capitalised_back(tokens[:end]):
        return _join(taken)
    lower = _take_lower(tokens[:end][::-1])
    return _join(lower[::-1]) if lower else None


def _take_capitalised(tokens: Sequence[str]) -> list[str]:
    """The run of capitalised words, with the small words of names between them, that begins the tokens."""
    taken: list[str] = []
    for token in tokens[:_MAX_NAME_WORDS]:
        is_small = token.casefold() in (_PARTICLES if taken else _LEAD_TITLES)
        if not is_small and not _is_name_word(token):
            break
        taken.append(token)
    while taken and taken[-1].casefold() in _PARTICLES:
        taken.pop()
    return taken if any(map(_is_name_word, taken)) else []


def _take_capitalised_back(tokens: Sequence[str]) -> list[str]:
    """The same run where it ends the tokens."""
    taken: list[str] = []
    for token in reversed(tokens[-_MAX_NAME_WORDS:]):
        if not _is_name_word(token) and not (taken and token.casefold() in _PARTICLES):
            break
        taken.insert(0, token)
    while taken and taken[0].casefold() in _PARTICLES - _LEAD_TITLES:
        taken.pop(0)
    return taken


def _take_lower(tokens: Sequence[str]) -> list[str]:
    """One to three words typed without capitals that may be a name: "says obama", "angela merkel said"."""
    taken: list[str] = []
    for token in tokens:
        if not token[0].isalpha() or token.casefold() in _NEVER_NAMES or _is_cue(token):
            break
        taken.append(token)
    is_name = 0 < len(taken) <= _MAX_LOWER_WORDS and not _PARTICLES.issuperset(map(str.casefold, taken))
    return taken if is_name else []


def _join(tokens: Sequence[str]) -> str | None:
    return " ".join(tokens).strip(" .") or None
