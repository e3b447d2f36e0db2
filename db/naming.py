"""When two names mean one speaker: the keys names are compared by, and the rule that joins articles."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_HONORIFICS = frozenset("the mr mrs ms miss mx dr sir dame lord lady prof professor rev".split())  # noqa: SIM905
# Words that stand for an office, not for who holds it. A name made of nothing else joins no articles.
_OFFICE_WORDS = frozenset(
    """
    president vice prime deputy minister ministry secretary state chancellor chief executive officer director general
    manager head leader chairman chairwoman chair spokesman spokeswoman spokesperson official officials governor mayor
    senator judge justice attorney lawyer prosecutor police sheriff captain colonel major lieutenant sergeant admiral
    king queen prince princess pope bishop archbishop cardinal doctor professor government department foreign defense
    defence interior finance treasury home interim acting former first second senior national party court board
    council committee commission agency bureau office union association bank company group club team coach of and
    for the
    """.split()  # noqa: SIM905 - reads as a list of words
)
_PERSON_NAME_WORDS = range(2, 5)
_NOT_A_WORD = re.compile(r"[\W_]+")
_APOSTROPHES = re.compile("['’‘ʼ`´]")


def storable(text: str) -> str:
    """`text` as SQLite and Discord can carry it: lone surrogates become U+FFFD, NUL goes."""
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return paired.replace("\0", "")


def fold(text: str) -> str:
    """Lower case without accents, for finding; "Zoë" and "zoe" fold to the same."""
    decomposed = unicodedata.normalize("NFKD", storable(text).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def name_key(name: str) -> str:
    """What two spellings of one name have in common.

    Case, accents, punctuation, and "the" or "Mr" in front do not count.

    Empty for a name without a letter or digit.
    """
    words = [word for word in _NOT_A_WORD.split(_APOSTROPHES.sub("", fold(name))) if word]
    while len(words) > 1 and words[0] in _HONORIFICS:
        words = words[1:]
    return " ".join(words)


def surname_key(name: str) -> str | None:
    """The last word of a name of two to four words, by which a bare surname finds it; None for any other name."""
    words = name_key(name).split()
    return words[-1] if len(words) in _PERSON_NAME_WORDS else None


@dataclass(frozen=True, slots=True)
class Known:
    """A speaker already in the library that one of the names in question points to, and through what.

    `root_id` is the speaker it was merged into, at the end of all merges, or itself.
    """

    speaker_id: int
    root_id: int
    key: str
    is_main: bool = False
    is_curated: bool = False
    is_surname: bool = False


def choose_speaker(name: str, known: Iterable[Known]) -> int | None:
    """Which known speaker an article's speaker called `name` is, or None for a new one.

    The rule, first that holds: (1) a name that a moderator gave to exactly one speaker; (2) exactly one speaker's main
    name; (3) a name of several words that articles print for exactly one speaker; (4) a single word that is the surname
    of exactly one speaker. Aliases read from an article ("the prime minister") join nothing unless they are proper
    names, because another article may mean somebody else by them: a wrong speaker is worse than two entries, which
    a moderator joins with one command.
    """
    key = name_key(name)
    hits = list(known)
    same = [hit for hit in hits if hit.key == key and not hit.is_surname]
    steps = [
        [hit for hit in same if hit.is_curated],
        [hit for hit in same if hit.is_main],
        [hit for hit in same if " " in key and is_proper_name(name)],
        [hit for hit in hits if hit.is_surname and hit.key == key],
    ]
    for step in steps:
        if len({hit.root_id for hit in step}) == 1:
            return step[0].speaker_id
        if step:
            return None
    return None


def is_proper_name(name: str) -> bool:
    """True when every longer word is capitalised and at least one is not the name of an office."""
    words = re.findall(r"[^\W\d_]+", _APOSTROPHES.sub("", name))
    capitalised = all(word[0].isupper() for word in words if len(word) > 3)  # noqa: PLR2004 - al, of, de, von
    return capitalised and any(word[0].isupper() and fold(word) not in _OFFICE_WORDS for word in words)
