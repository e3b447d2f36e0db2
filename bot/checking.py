"""Use case: a claimed quote becomes a Verdict with a word-by-word difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from db.model import Passage

if TYPE_CHECKING:
    from db.store import Store

VerdictKind = Literal["verbatim", "altered", "misattributed", "not_found"]
Op = Literal["equal", "insert", "delete", "replace"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One step from the original to the claim; joined `claim` texts give the claim, joined `original` the original."""

    op: Op
    claim: str
    original: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the loaded articles say of one claimed quote.

    `speaker` is who said the first match according to the articles; `notes` are sentences about differences that do
    not matter (marks, case, ellipsis) or kinds of change ("a number was changed").
    """

    quote: str
    claimed_speaker: str | None
    kind: VerdictKind
    speaker: str | None
    matches: tuple[Passage, ...]
    difference: tuple[Difference, ...]
    notes: tuple[str, ...] = ()


async def check_quote(store: Store, library: str, quote: str, *, speaker: str | None = None) -> Verdict:
    """Hold one claimed quote against a library.

    Raises:
        BadQuestion: The quote is empty, too long, or too short to check.
    """
    raise NotImplementedError


async def check_message(store: Store, library: str, message: str) -> tuple[Verdict, ...]:
    """Find every quoted stretch of a message, whom it names, and check each; the whole message if nothing is quoted.

    Raises:
        BadQuestion: The message holds no words that can be checked.
    """
    raise NotImplementedError
