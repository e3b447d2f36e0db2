"""What a word is to the search index: cutting text into words, folding spelling variants together, stemming."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import Stemmer

if TYPE_CHECKING:
    from collections.abc import Iterator

# "J.F.K." is one word, as are "can't" and "1,250.5"; hyphens separate, since people type "holtz eakin" as well.
WORD = re.compile(
    r"(?<!\w)(?:[^\W\d_]\.)+[^\W\d_](?!\w)|(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*(?:st|nd|rd|th|s)?(?!\w)|[^\W_]+(?:['’][^\W_]+)*"
)
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\u0e00-\u0e7f]")
_POSSESSIVE = re.compile("['’][sS]$")
_INNER_MARKS = re.compile("['’.,]")

MAX_WORD_CHARS = 40

# Function words carry no place to look: indexing them costs a third of the postings, and ORing them costs the time.
STOP_WORDS = frozenset(
    [
        "a",
        "about",
        "above",
        "after",
        "again",
        "against",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "arent",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "being",
        "below",
        "between",
        "both",
        "but",
        "by",
        "can",
        "cant",
        "cannot",
        "could",
        "couldnt",
        "did",
        "didnt",
        "do",
        "does",
        "doesnt",
        "doing",
        "dont",
        "down",
        "during",
        "each",
        "few",
        "for",
        "from",
        "further",
        "had",
        "hadnt",
        "has",
        "hasnt",
        "have",
        "havent",
        "having",
        "he",
        "hed",
        "hell",
        "her",
        "here",
        "heres",
        "hers",
        "herself",
        "hes",
        "him",
        "himself",
        "his",
        "how",
        "hows",
        "i",
        "id",
        "if",
        "ill",
        "im",
        "in",
        "into",
        "is",
        "isnt",
        "it",
        "its",
        "itself",
        "ive",
        "just",
        "lets",
        "me",
        "more",
        "most",
        "my",
        "myself",
        "no",
        "nor",
        "not",
        "of",
        "off",
        "on",
        "once",
        "only",
        "or",
        "other",
        "our",
        "ours",
        "ourselves",
        "out",
        "over",
        "own",
        "really",
        "same",
        "she",
        "shed",
        "shell",
        "shes",
        "should",
        "shouldnt",
        "so",
        "some",
        "such",
        "than",
        "that",
        "thats",
        "the",
        "their",
        "theirs",
        "them",
        "themselves",
        "then",
        "there",
        "theres",
        "these",
        "they",
        "theyd",
        "theyll",
        "theyre",
        "theyve",
        "this",
        "those",
        "through",
        "to",
        "too",
        "under",
        "until",
        "up",
        "upon",
        "very",
        "was",
        "wasnt",
        "we",
        "wed",
        "were",
        "werent",
        "weve",
        "what",
        "whats",
        "when",
        "whens",
        "where",
        "wheres",
        "which",
        "while",
        "who",
        "whom",
        "whose",
        "whos",
        "why",
        "whys",
        "will",
        "with",
        "wont",
        "would",
        "wouldnt",
        "you",
        "youd",
        "youll",
        "your",
        "youre",
        "yours",
        "yourself",
        "yourselves",
        "youve",
        "s",
        "t",
        "d",
        "ll",
        "m",
        "re",
        "ve",
        "said",
        "say",
        "says",
        "saying",
        "tell",
        "told",
        "tells",
    ]
)


class _Stems(dict[str, str]):
    """Word → stem; PyStemmer is not safe across threads, so each indexer or query makes its own through `Terms`."""

    def __init__(self) -> None:
        super().__init__()
        self._stemmer = Stemmer.Stemmer("english", 0)

    def __missing__(self, word: str) -> str:
        stem: str = self._stemmer.stemWord(word)
        if len(self) > 50_000:  # noqa: PLR2004 - about 6 MB; a vocabulary's common half
            self.clear()
        self[word] = stem
        return stem


def make_stemmer() -> dict[str, str]:
    """A word → stem mapping that fills itself (Snowball English). One a thread."""
    return _Stems()


def fold_word(word: str) -> str:
    """A word as the index knows it: lower case, without accents, possessive, inner apostrophes and points."""
    if not word.isalnum():
        word = _INNER_MARKS.sub("", _POSSESSIVE.sub("", word))
    word = word.lower()
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
        word = word.replace("ß", "ss").replace("ø", "o").replace("ł", "l")
    return word[:MAX_WORD_CHARS]


def iter_words(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[str, int, int]]:
    """Folded words of a text with their half-open offsets, stop words included, in reading order.

    Scripts without spaces come as overlapping pairs of characters.
    """
    for match in WORD.finditer(text, start, len(text) if end is None else end):
        word = match.group()
        if not word.isascii() and _CJK.search(word):
            at = match.start()
            for i in range(max(1, len(word) - 1)):
                yield word[i : i + 2], at + i, at + min(i + 2, len(word))
        elif folded := fold_word(word):
            yield folded, match.start(), match.end()


def distinct_words(text: str, start: int = 0, end: int | None = None) -> set[str]:
    """The folded words of a stretch of text, each once; twice as quick as `iter_words`, because repeats fold once."""
    found = set[str]()
    for word in set(WORD.findall(text, start, len(text) if end is None else end)):
        if not word.isascii() and _CJK.search(word):
            found.update(pair for pair, _, _ in iter_words(word))
        elif folded := fold_word(word):
            found.add(folded)
    return found


def content_words(text: str) -> list[str]:
    """The folded words of a text that are indexed, in order and with repeats."""
    return [word for word, _, _ in iter_words(text) if word not in STOP_WORDS]
