"""How much and how many a sentence says: sums, shares, scores, counts, in figures and in English words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBER_WORDS = {word: number for number, word in enumerate(_SMALL.split())} | {
    word: 10 * number for number, word in enumerate(_TENS.split(), start=2)
}
_SCALES = {
    "dozen": 12,
    "hundred": 100,
    **dict.fromkeys(("thousand", "k"), 10**3),
    **dict.fromkeys(("million", "m", "mn"), 10**6),
    **dict.fromkeys(("billion", "bn"), 10**9),
    **dict.fromkeys(("trillion", "tn"), 10**12),
}
_SHARES = {"half": "1/2", "third": "1/3", "quarter": "1/4", "thirds": "3", "quarters": "4", "fifths": "5"}
# Plural nouns are units too; this holds what is not told by its ending, and what may follow a hyphen.
UNITS = (
    "percentage points?|per ?cent|people|men|women|children|police|staff|seconds?|minutes?|hours?|days?|weeks?|months?"
    "|years?|decades?|miles?|kilomet(?:re|er)s?|met(?:re|er)s?|feet|foot|inch(?:es)?|yards?|acres?|hectares?|tonnes?"
    "|tons?|kg|km|cm|mm|kilos?|grams?|lit(?:re|er)s?|degrees?|votes?|seats?|points?|dollars?|pounds?|euros?|pence"
    "|cents?|yen|yuan|rupees|roubles|francs|krona|kroner"
)
_NOT_UNITS = frozenset(
    ("was", "has", "his", "this", "its", "yes", "does", "less", "versus", "towards", "across", "perhaps", "thus")
)
_MONEY = r"(?:US|A|C|NZ|HK|S)?[$£€¥₹]|(?:USD|EUR|GBP|CHF|JPY|CNY|INR) "
_FIGURE = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,15})(?:\.[0-9]{1,6})?"
_LOW_WORDS = [*(f"{ten}-{one}" for ten in _TENS.split() for one in _SMALL.split()[1:10]), *NUMBER_WORDS]
_SPELT_NUMBER = "|".join(sorted([*_LOW_WORDS, *(word.capitalize() for word in _LOW_WORDS)], key=len, reverse=True))
_SCALE = r"(?:[ \u00a0]?(?:thousand|million|billion|trillion|bn|mn|tn|m|k)\b|[ \u00a0](?:hundred|dozen)\b)"
_SPELT_SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen)\b"
_UNIT = rf"(?P<unit>%|[ \u00a0-](?:{UNITS})\b|[ \u00a0][a-z]{{3,20}}s\b)"
# What follows a figure must not be more of it: "737-800-2", "10:30", "1.2.3"; nor letters, as in "7th".
_FIGURES = re.compile(
    rf"(?<![\w.,:/\-–−$£€¥₹])(?P<minus>−|minus )?(?P<money>{_MONEY})?(?P<low>{_FIGURE})"
    rf"(?:(?:[-–]| to )(?P<high>{_FIGURE}))?(?![0-9]|[\w-]{{0,20}}[0-9]|[.,:/][0-9])(?P<scale>{_SCALE})?"
    rf"(?:{_UNIT}|(?![^\W\d_]))"
)
_SPELT = re.compile(
    rf"(?<![\w-])(?<!half )(?P<low>{_SPELT_NUMBER}|[Aa](?= {_SPELT_SCALE}))"
    rf"(?:(?P<scale>(?: {_SPELT_SCALE}){{1,2}})(?: and (?P<rest>{_SPELT_NUMBER})\b)?)?(?:{_UNIT}|(?!\w|-[a-z]))"
)
_VAGUE = re.compile(
    r"\b(?:(?:[Ss]everal|[Aa] few|[Mm]any|[Ss]ome|[Tt]ens of|[Hh]undreds of)"
    r" (?:dozen|hundred|thousand|million|billion)s?"
    r"|(?:[Dd]ozens|[Hh]undreds|[Tt]housands|[Mm]illions|[Bb]illions|[Ss]cores)(?= of\b)"
    r"|(?:[Ss]everal|[Aa] few) (?:minutes|hours|days|weeks|months|years|decades))"
    r"(?: (?:of )?[a-z]{3,20}s\b| (?:of )?people\b)?"
)
_PART = re.compile(
    r"\b(?:(?P<count>[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our)[ -](?P<parts>thirds|quarters|fifths|third|quarter)"
    r"|[Aa] (?P<part>third|quarter)(?= of\b)|(?P<half>[Hh]alf)(?= (?:of|the)\b))"
)
_YEAR = re.compile(r"1[5-9][0-9]{2}|20[0-9]{2}")
# "on Route 66", "Boeing 737": the number is part of a name.
_LABEL = re.compile(r"\b(?:[A-Z][\w.]*|number|page|chapter) $")
_LABEL_LENGTH = 24
_CENTS = re.compile(r"per ?cent\b")
_THOUSANDS = 3
_STOPS = frozenset('.!?:“"')


def find_amounts(sentence: str) -> Iterator[tuple[int, int, str | None]]:
    """Find sums, shares, scores and counts, by kind and each kind in reading order; some may overlap.

    Yields:
        Start, end, and number and unit: the number in plain figures, the unit as printed ("2400000 £", "40 %", "11
        weeks", "9-4", "2/3"); None where the words name no number ("several hundred") or may mean two.
    """
    for match in _PART.finditer(sentence):
        yield match.start(), match.end(), _part(match)
    for match in _FIGURES.finditer(sentence):
        if found := _figure(sentence, match):
            yield found
    for match in _SPELT.finditer(sentence):
        if found := _spelt(sentence, match):
            yield found
    for match in _VAGUE.finditer(sentence):
        yield match.start(), match.end(), None


def _part(match: re.Match[str]) -> str:
    if match["count"]:
        whole = _SHARES[match["parts"]].removeprefix("1/")
        return f"{NUMBER_WORDS[match['count'].lower()]}/{whole}"
    return _SHARES[match["part"] or "half"]


def _figure(sentence: str, match: re.Match[str]) -> tuple[int, int, str | None] | None:
    low, high, money, scale = match["low"], match["high"], match["money"] or "", match["scale"] or ""
    is_counted = bool(money or scale)
    # "In 2016 prices rose": a year is no count of what the next word names, unless that can only be a unit.
    is_label = not is_counted and _is_label(sentence, match.start())
    unit, end = _unit(match, is_noun=not (is_label or _YEAR.fullmatch(low)))
    if is_label and not unit:
        return None
    if any(_is_doubtful(n) for n in (low, high) if n) and not scale:
        return match.start(), end, None
    numbers = "-".join(_plain(n, scale) for n in (low, high) if n)
    return match.start(), end, f"{'-' if match['minus'] else ''}{numbers} {money.strip() or unit}".strip()


def _is_label(sentence: str, start: int) -> bool:
    """Whether the number belongs to the word before it, which a sentence's first word ("Some 40") does not show."""
    first = max(0, start - _LABEL_LENGTH)
    found = _LABEL.search(sentence[first:start])
    return found is not None and first + found.start() > 0


def _spelt(sentence: str, match: re.Match[str]) -> tuple[int, int, str | None] | None:
    low, scale = match["low"], match["scale"] or ""
    unit, end = _unit(match, is_noun=True)
    # "one of them", "zero in on": the smallest are mostly no counts.
    if low.lower() in {"one", "zero"} and not (scale or unit):
        return None
    # "the Seven Sisters" are a name; a number is large only where a sentence begins.
    if not low.islower() and match.start() > 0 and sentence[match.start() - 2 : match.start() - 1] not in _STOPS:
        return None
    number = Decimal(_plain(str(_worth(low)), scale)) + _worth(match["rest"])
    return match.start(), end, f"{number} {unit}".strip()


def _worth(words: str | None) -> int:
    """The number that a spelt one below a hundred names; "a" is one, no word is none."""
    return 1 if words in {"a", "A"} else sum(NUMBER_WORDS[word] for word in (words or "zero").lower().split("-"))


def _unit(match: re.Match[str], *, is_noun: bool) -> tuple[str, int]:
    """The unit, and where the amount ends with it; without the word behind the number where that is none."""
    printed = match["unit"]
    if not printed:
        return "", match.end()
    word = printed.strip(" \u00a0-")
    if word in _NOT_UNITS or not (is_noun or word == "%" or re.fullmatch(UNITS, word)):
        return "", match.start("unit")
    return _CENTS.sub("%", word), match.end()


def _is_doubtful(number: str) -> bool:
    """Whether "1.200" may be a thousand and more, as half of Europe writes it."""
    whole, point, decimals = number.partition(".")
    return bool(point) and len(decimals) == _THOUSANDS and whole != "0" and len(whole) <= _THOUSANDS


def _plain(number: str, scale: str) -> str:
    value = Decimal(number.replace(",", ""))
    for word in scale.split():
        value *= _SCALES[word]
    whole, _, decimals = f"{value:f}".partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole
