"""Use case: a question becomes an Answer of ranked passages, or NoAnswer with the nearest ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.model import Citation, Passage, Span

if TYPE_CHECKING:
    from db.store import Store


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """One passage with why it is shown.

    `score` runs from 0 to 100; `highlight` marks the answer's words in the revision's text, inside the passage;
    `also_in` cites other articles that carry the same words.
    """

    passage: Passage
    score: float
    highlight: tuple[Span, ...] = ()
    also_in: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Passages that answer the question, best first. `confidence` (0 to 1) is that the first one is right."""

    question: str
    passages: tuple[RankedPassage, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The loaded articles do not say. `nearest` is for orientation only; `which` lists speakers a name may mean."""

    question: str
    nearest: tuple[RankedPassage, ...]
    confidence: float
    which: tuple[str, ...] = ()


async def answer_question(
    store: Store, library: str, question: str, *, speaker: str | None = None, limit: int = 10
) -> Answer | NoAnswer:
    """Find the passages that answer `question` in one library.

    Raises:
        BadQuestion: The question is empty, too long, or holds nothing that can be looked up.
    """
    raise NotImplementedError
