"""What counts as a word when a quote is held against an article, and where each word stands.

Marks, dashes, case, white space, invisible characters and Unicode compatibility forms do not make a different word;
letters, accents, digits, signs of currency and percent do. Every word keeps its offsets into the text it came from.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Never seen by a reader, and sometimes put inside a word to defeat a comparison.
_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
# Every kind of apostrophe that people type for one, opening mark included.
_APOSTROPHE = "'\u2019\u2018\u02bc\u02bb`\u00b4\uff07"
# Signs that carry meaning of their own: "$5" is not "5". Every sign of currency, and wide and small forms of them.
_CURRENCY = "$¢£¤¥\u20a0-\u20cf\ufe69\uff04\uffe0\uffe1\uffe5\uffe6"
_SIGN = f"{_CURRENCY}&%‰‱°+±≈≠≤≥\u066a\ufe60\ufe62\ufe6a\uff05\uff06\uff0b"
# A word is whatever is none of these, so that an unknown mark makes a quote stricter, never laxer.
_SEPARATOR = (
    r"\s\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb\xbf\xd7\xf7"
    "\u02b9-\u02bf\u02c2-\u02df\u034f\u037e\u0387\u055a-\u055f\u0589\u058a\u05be\u05c0\u05c3\u05c6\u05f3\u05f4"
    "\u0609\u060a\u060c\u060d\u061b\u061c\u061e\u061f\u066a-\u066d\u06d4\u0964\u0965\u0e2f\u0e5a\u0e5b\u1361-\u1368"
    "\u1680\u180e\u1fbd\u1fbf\u2000-\u206f\u20a0-\u20cf\u2117\u2120\u2122\u2190-\u2bff\u2e00-\u2e7f\u3000-\u3004"
    "\u3008-\u3020\u3030\u303d\u30fb\ud800-\udfff\ue000-\uf8ff\ufd3e\ufd3f\ufe00-\ufe1f\ufe30-\ufe6f\ufeff"
    "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffff"
    "\U0001f000-\U0001faff\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
)
# Scripts written without spaces: each character is a word.
_UNSPACED = (
    "\u0e01-\u0e2e\u0e30-\u0e4e\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_LETTER = f"[^{_SEPARATOR}{_UNSPACED}]"

# Each alternative starts with a character of its own class and no repetition is ambiguous: linear in any input.
_WORD = re.compile(
    rf"""
      (?<!{_LETTER})[Pp]er\s{{1,2}}cent(?!{_LETTER})                        # one word in two
    | (?<!{_LETTER})(?:[A-Za-z]\.){{2,}}(?:[A-Za-z](?!{_LETTER}))?         # U.S., a.m., J.F.K
    | (?:(?<![^\s(\[“"‘'])[-\u2212]\.?(?=[0-9])|(?<![^\s(\[“"‘'$€£¥-])\.(?=[0-9]))?  # -5, .5
      (?:\[{_LETTER}{{1,3}}\](?={_LETTER}))?                               # [w]e
      {_LETTER}+
      (?:(?:[{_INVISIBLE}]+(?:[{_APOSTROPHE}][{_INVISIBLE}]*)?
           |[{_APOSTROPHE}][{_INVISIBLE}]*
           |(?<=[0-9])[.,](?=[0-9])
           |\[(?={_LETTER}{{1,3}}\])|(?<=\[{_LETTER})\]|(?<=\[{_LETTER}{{2}})\]|(?<=\[{_LETTER}{{3}})\]
         ){_LETTER}+)*
    | [{_UNSPACED}]
    | (?<![^\s(\[“"‘'])[-\u2212](?=[{_CURRENCY}][0-9])                       # -$5
    | [{_SIGN}]
    """,
    re.VERBOSE,
)
_STRIPPED = re.compile(f"[{_INVISIBLE}{_APOSTROPHE}\\[\\]]")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_ABBREVIATION = re.compile(r"(?:[A-Za-z]\.){2,}[A-Za-z]?")
_BRACKETED = re.compile(r"\[[^\[\]]{1,200}\]")
_ELLIPSIS = re.compile(r"\.{2,}|…|\.(?: \.){2,}")
# 10² is not 102, though Unicode's compatibility form of it is.
_POWER = re.compile("(?<=[0-9])(?=[⁰¹²³⁴-⁹])")
_SAME_FORM = {"&": "and", "%": "percent", "\u066a": "percent", "per cent": "percent", "\u2212": "-"}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, or of a stretch of it.

    `forms[i]` is word i folded for comparison, `spans[i]` its half-open offsets in `text`. `bracketed` holds the words
    inside square brackets; `elided` those that an ellipsis stands before, the word count meaning one at the end.
    """

    text: str
    forms: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    bracketed: frozenset[int]
    elided: frozenset[int]

    def __len__(self) -> int:
        return len(self.forms)

    def between(self, index: int) -> str:
        """The characters between word `index - 1` and word `index`."""
        return self.text[self.spans[index - 1][1] : self.spans[index][0]]

    def slice(self, first: int, last: int) -> str:
        """The text from word `first` to word `last`, the latter not included; empty where they are the same."""
        return self.text[self.spans[first][0] : self.spans[last - 1][1]] if first < last else ""


@lru_cache(maxsize=1 << 14)
def fold_word(word: str) -> str:
    """A word as it is compared: composed, caseless, without apostrophes and invisible characters.

    Accents stay: "schon" is not "schön", and a changed word must never pass for the same.
    """
    if word in _SAME_FORM:
        return _SAME_FORM[word]
    if word.isascii() and word.isalpha():
        return word.lower()
    shown = _POWER.sub("^", " ".join(_STRIPPED.sub("", word).split()))
    folded = unicodedata.normalize("NFKC", shown).casefold().replace("\u2212", "-")
    if _THOUSANDS.fullmatch(folded):
        return folded.replace(",", "")
    if _ABBREVIATION.fullmatch(folded):
        return folded.replace(".", "")
    return _SAME_FORM.get(folded, folded)


def split_words(text: str, start: int = 0, end: int | None = None) -> Words:
    """Find the words of `text[start:end]`; offsets count from the beginning of `text`."""
    end = len(text) if end is None else end
    forms: list[str] = []
    spans: list[tuple[int, int]] = []
    for found in _WORD.finditer(text, start, end):
        if form := fold_word(found.group()):
            forms.append(form)
            spans.append(found.span())
    return Words(
        text=text,
        forms=tuple(forms),
        spans=tuple(spans),
        bracketed=_find_bracketed(text, start, end, spans),
        elided=_find_elided(text, start, end, spans),
    )


def _find_bracketed(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> frozenset[int]:
    inside: set[int] = set()
    index = 0
    for found in _BRACKETED.finditer(text, start, end):
        while index < len(spans) and spans[index][0] <= found.start():
            index += 1
        while index < len(spans) and spans[index][1] < found.end():
            inside.add(index)
            index += 1
    return frozenset(inside)


def _find_elided(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> frozenset[int]:
    places = [found.start() for found in _ELLIPSIS.finditer(text, start, end)]
    elided = set()
    index = 0
    for place in places:
        while index < len(spans) and spans[index][0] < place:
            index += 1
        elided.add(index)
    return frozenset(elided)
