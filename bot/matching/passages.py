"""Ranked sentences become passages: their exact extent, the answer's words in them, and the copies elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from bot.matching.features import TYPE_PATTERNS
from bot.matching.query import SAYING_KINDS
from db.model import Passage, Span
from db.terms import iter_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.matching.features import Scored
    from bot.matching.query import Question
    from db.model import Candidate, Citation, FoundWord, Voice

# Wire copies differ by a comma or a day's name; two sentences about one thing stay below.
_COPY_RATIO = 93.0
_LONGEST_PASSAGE = 1200
_MOST_HIGHLIGHTS = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage ready to be shown, with the score of the sentence it came from."""

    passage: Passage
    score: float
    highlight: tuple[Span, ...]
    also_in: tuple[Citation, ...]


def make_passages(
    library: str, question: Question, words: Sequence[FoundWord], ranked: Iterable[tuple[Scored, float]], limit: int
) -> list[Shown]:
    """The first `limit` different passages of ranked sentences.

    Sentences of one quotation are one passage; near-identical passages of other articles become its further citations.
    """
    forms = {form: fit for word in words for form, fit in word.forms.items()}
    shown: list[Shown] = []
    for scored, score in ranked:
        passage = _make_passage(library, question, scored)
        known = next((at for at, other in enumerate(shown) if _is_same(other.passage, passage)), None)
        if known is not None:
            shown[known] = _with_copy(shown[known], passage)
        elif len(shown) < limit:
            shown.append(Shown(passage, score, find_highlight(question, passage, forms), ()))
        else:
            break
    return shown


def _make_passage(library: str, question: Question, scored: Scored) -> Passage:
    candidate, voice = scored.candidate, scored.voice
    span = scored.sentence
    if voice is not None and _speaks(question, voice, span):
        wider = _cover_content(candidate, voice, span)
        if wider is not None:
            return _passage(library, candidate, wider, voice)
    return _passage(library, candidate, span, None)


def _speaks(question: Question, voice: Voice, sentence: Span) -> bool:
    """Whether the quotation is what answers, rather than a name that happens to speak in the sentence."""
    said = sum(max(0, min(part.end, sentence.end) - max(part.start, sentence.start)) for part in voice.content)
    return question.kind in SAYING_KINDS or 2 * said > sentence.end - sentence.start


def _cover_content(candidate: Candidate, voice: Voice, sentence: Span) -> Span | None:
    """The whole sentences from the quotation's first word to its last, or None when the text at hand ends before."""
    start = min(sentence.start, *(part.start for part in voice.content))
    end = max(sentence.end, *(part.end for part in voice.content))
    for other in candidate.around:
        if other.start < start < other.end:
            start = other.start
        if other.start < end < other.end:
            end = other.end
    if start < candidate.offset or end > candidate.offset + len(candidate.text) or end - start > _LONGEST_PASSAGE:
        return None
    return Span(start, end)


def _passage(library: str, candidate: Candidate, span: Span, voice: Voice | None) -> Passage:
    return Passage(
        library=library,
        article_id=candidate.citation.article_id,
        revision_id=candidate.revision_id,
        span=span,
        kind="fact" if voice is None else "quotation",
        text=candidate.text[span.start - candidate.offset : span.end - candidate.offset],
        citation=candidate.citation,
        quotation_id=None if voice is None else voice.id,
        content=() if voice is None else voice.content,
        speaker=None if voice is None else voice.speaker,
        source_text=None if voice is None else voice.source_text,
        referents=tuple(r for r in candidate.referents if span.start <= r.span.start and r.span.end <= span.end),
    )


def _is_same(one: Passage, other: Passage) -> bool:
    if one.revision_id == other.revision_id:
        return one.span.overlaps(other.span)
    return fuzz.ratio(one.text, other.text, score_cutoff=_COPY_RATIO) > 0


def _with_copy(shown: Shown, copy: Passage) -> Shown:
    cited = {shown.passage.article_id, *(citation.article_id for citation in shown.also_in)}
    if copy.article_id in cited:
        return shown
    return Shown(shown.passage, shown.score, shown.highlight, (*shown.also_in, copy.citation))


def find_highlight(question: Question, passage: Passage, forms: Mapping[str, float]) -> tuple[Span, ...]:
    """The words that answer: the date for when, the number for how many, the name for who; else what matched."""
    start, text = passage.span.start, passage.text
    found: list[Span] = []
    pattern = TYPE_PATTERNS.get(question.kind)
    if pattern is not None and question.kind != "what":
        found = [
            Span(start + match.start(), start + match.end())
            for match in pattern.finditer(text)
            if not all(word in forms for word, _, _ in iter_words(match.group()))
        ]
    if question.kind == "who_said" and passage.source_text:
        at = text.find(passage.source_text)
        if at >= 0:
            found = [Span(start + at, start + at + len(passage.source_text))]
    if not found:
        found = [Span(start + low, start + high) for word, low, high in iter_words(text) if word in forms]
    return tuple(_join(found)[:_MOST_HIGHLIGHTS])


def _join(spans: Sequence[Span]) -> list[Span]:
    """Spans with only one character between them as one."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start - joined[-1].end <= 1:
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return joined
