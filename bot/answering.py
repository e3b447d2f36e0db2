"""Use case: a question becomes an Answer of ranked passages, or NoAnswer with the nearest ones."""

from __future__ import annotations

from asyncio import to_thread
from dataclasses import dataclass
from datetime import UTC, datetime
from math import exp
from typing import TYPE_CHECKING

from bot.errors import BadQuestion
from bot.matching.passages import make_passages
from bot.matching.query import parse_question, restrict_speaker
from bot.matching.ranking import rank_sentences
from db.model import Citation, Passage, Search, Span
from db.terms import content_words

if TYPE_CHECKING:
    from datetime import date

    from bot.matching.query import Question
    from bot.matching.ranking import Ranking
    from db.model import Candidates
    from db.store import Store

# Chunks whose sentences are scored. More cost half a millisecond each ten; see docs/matching.md.
_CHUNKS = 40


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
    store: Store,
    library: str,
    question: str,
    *,
    speaker: str | None = None,
    limit: int = 10,
    today: date | None = None,
    threshold: float | None = None,
) -> Answer | NoAnswer:
    """Find the passages that answer `question` in one library.

    Args:
        store: Where the library is kept.
        library: The only one that is looked at.
        question: As typed.
        speaker: Only passages said by whoever bears this name.
        limit: Most passages returned.
        today: The asker's date, for "last week"; the machine's own where None.
        threshold: Confidence from which it counts as an answer; the fitted default where None.

    Raises:
        BadQuestion: The question is empty, too long, or holds no word.
    """
    parsed = parse_question(question, today=today or datetime.now(UTC).date())
    names = content_words(speaker or "")
    if speaker is not None and not names:
        raise BadQuestion(f"“{speaker}” is no name that can be looked up. Give a speaker's name.")
    parsed = restrict_speaker(parsed, names)
    if parsed.is_chatter or not parsed.words:
        return NoAnswer(question, (), 0.0)
    search = Search(parsed.words, parsed.speaker, tuple(names), parsed.since, parsed.until)
    found = await store.find_candidates(library, search, limit=_CHUNKS)
    return await to_thread(_answer, library, question, parsed, found, limit=limit, threshold=threshold)


def _answer(
    library: str, asked: str, question: Question, found: Candidates, *, limit: int, threshold: float | None
) -> Answer | NoAnswer:
    ranking = rank_sentences(question, found)
    shown = make_passages(library, question, found.words, ranking.sentences, limit)
    passages = tuple(
        RankedPassage(one.passage, _score(one.score, ranking), one.highlight, one.also_in) for one in shown
    )
    sure_enough = ranking.threshold if threshold is None else threshold
    if not passages or ranking.which or ranking.confidence < sure_enough:
        return NoAnswer(asked, passages, ranking.confidence, ranking.which)
    return Answer(asked, passages, ranking.confidence)


def _score(score: float, ranking: Ranking) -> float:
    """A sentence's score from 0 to 100: the confidence for the first, falling off with its lead."""
    lead = max(0.0, ranking.sentences[0][1] - score)
    return round(100 * ranking.confidence * 2 / (1 + exp(min(lead, 50.0))), 1)
