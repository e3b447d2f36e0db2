"""From candidates to ranked sentences, a confidence in the first, and the speakers a name may mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.matching.features import FEATURES, score_sentences
from bot.matching.query import SAYING_KINDS
from bot.matching.rank import confidence_row, load_ranker
from db.terms import content_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.matching.features import Scored
    from bot.matching.query import Question
    from db.model import Candidates

_NAMED = FEATURES.index("speaker_named")
_EXACT = FEATURES.index("speaker_exact")
_DIRECT = FEATURES.index("is_direct")
_FULLY = 0.9
# A question that only names a speaker is answered by anything that speaker said; nothing fitted decides there.
_SURE_OF_SPEAKER = 0.9
_UNSURE = 0.1
# Two speakers of one surname whose best passages lie closer than this are both meant; in units of the fitted score,
# where 1 is about a 2.7-fold likelier passage.
_CLOSE = 0.7


@dataclass(frozen=True, slots=True)
class Ranking:
    """Sentences with their scores, best first; `which` names speakers where the asked name fits several."""

    sentences: tuple[tuple[Scored, float], ...]
    confidence: float
    threshold: float
    which: tuple[str, ...] = ()


def rank_sentences(question: Question, found: Candidates) -> Ranking:
    """Rank the sentences of candidates and judge whether the first one answers."""
    ranker = load_ranker()
    scored = score_sentences(question, found)
    if found.names:
        scored = [one for one in scored if one.row[_NAMED] >= _FULLY]
    if not scored:
        return Ranking((), 0.0, ranker.threshold)
    if question.speaker and not question.topic:
        return _rank_by_speaker(question, scored, ranker.threshold)
    scores = ranker.score([one.row for one in scored])
    order = (-scores).argsort(kind="stable").tolist()
    ranked = tuple((scored[at], float(scores[at])) for at in order)
    chunks = [one.candidate.offset + (one.candidate.citation.article_id << 32) for one, _ in ranked]
    row = confidence_row([one.row for one, _ in ranked], [score for _, score in ranked], chunks)
    confidence = ranker.confidence(row)
    if _is_speaker_unknown(question, found):
        confidence = min(confidence, _UNSURE)
    return Ranking(ranked, confidence, ranker.threshold, _find_which(question, ranked))


def _rank_by_speaker(question: Question, scored: Sequence[Scored], threshold: float) -> Ranking:
    """What a speaker said, whatever about: quotations in the speaker's own words first."""
    keyed = [(one, 4 * one.row[_NAMED] + one.row[_EXACT] + 0.5 * one.row[_DIRECT]) for one in scored]
    ranked = tuple(sorted(keyed, key=lambda item: -item[1]))
    confidence = _SURE_OF_SPEAKER if ranked[0][0].row[_NAMED] >= _FULLY else _UNSURE
    return Ranking(ranked, confidence, threshold, _find_which(question, ranked))


def _is_speaker_unknown(question: Question, found: Candidates) -> bool:
    """Whether the library holds not one word of the speaker's name, nor anything spelt like it."""
    known = [bool(word.forms) for word in found.words if word.word in question.speaker]
    return question.kind in SAYING_KINDS and bool(known) and not any(known)


def _find_which(question: Question, ranked: Sequence[tuple[Scored, float]]) -> tuple[str, ...]:
    """Different full names that a single asked name fits equally well, best passage first."""
    if len(question.speaker) != 1:
        return ()
    best: dict[str, tuple[float, tuple[str, ...]]] = {}
    for one, score in ranked:
        voice = one.voice
        if voice is None or voice.speaker is None or one.row[_NAMED] < _FULLY:
            continue
        words = tuple(content_words(voice.speaker))
        if len(words) > 1:
            best.setdefault(voice.speaker, (score, words))
    rivals = list(best.items())
    if len(rivals) < 2 or (question.topic and rivals[0][1][0] - rivals[1][1][0] > _CLOSE):  # noqa: PLR2004 - a pair
        return ()
    surname = rivals[0][1][1][-1]
    same = [name for name, (_, words) in rivals if words[-1] == surname and words[0] != rivals[0][1][1][0]]
    return (rivals[0][0], *same) if same else ()
