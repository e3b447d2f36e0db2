"""Ranked sentences become passages: their exact extent, the answer's words in them, and the copies elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from bot.matching.features import FEATURES, TYPE_PATTERNS
from bot.matching.query import SAYING_KINDS
from db.model import Passage, Span
from db.speech import count_shared, is_speech, is_stray
from db.terms import iter_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from bot.matching.features import Scored
    from bot.matching.query import Question
    from db.model import Candidate, Citation, FoundWord, Voice

# Wire copies differ by a comma or a day's name; two sentences about one thing stay below.
_COPY_RATIO = 93.0
_LONGEST_PASSAGE = 1200
_MOST_HIGHLIGHTS = 8
# Where the words themselves are asked for, not who said them.
_SAID_KINDS = frozenset({"what_said", "did_say"})
_NAMED = FEATURES.index("speaker_named")


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
        passage, voice = _make_passage(library, question, scored, forms)
        known = next((at for at, other in enumerate(shown) if _is_same(other.passage, passage)), None)
        if known is not None:
            shown[known] = _with_copy(shown[known], passage)
        elif len(shown) < limit:
            shown.append(Shown(passage, score, find_highlight(question, passage, words, _sources(passage, voice)), ()))
        else:
            break
    return shown


def _make_passage(
    library: str, question: Question, scored: Scored, forms: Mapping[str, float]
) -> tuple[Passage, Voice | None]:
    """A sentence as it is shown, and the quotation it is shown as; None where the article itself speaks.

    A quotation that only names its source here counts where speech was asked for, unless the same speaker's words stand
    here too; where somebody else's do, only that quotation's own sentences are shown.
    """
    candidate, span = scored.candidate, scored.sentence
    voices = [voice for voice in candidate.voices if not _is_stray(candidate, voice)]
    spoken = _find_spoken(candidate, span, voices, forms)
    asked = scored.voice if scored.voice in voices and question.kind in SAYING_KINDS else None
    is_alone = asked is not None and (spoken is None or asked.speaker is None or spoken.speaker != asked.speaker)
    if asked is not None and is_alone and (spoken is None or scored.row[_NAMED] > 0):
        speaks_here = count_shared(asked.content, span) > 0
        wider = _cover_content(candidate, asked, span if speaks_here or spoken is None else asked.content[0])
        if wider is not None or speaks_here:
            return _passage(library, candidate, wider or span, asked), asked
    wider = None if spoken is None else _cover_content(candidate, spoken, span)
    return _passage(library, candidate, wider or span, spoken), spoken


def _find_spoken(candidate: Candidate, span: Span, voices: Iterable[Voice], forms: Mapping[str, float]) -> Voice | None:
    """The quotation whose words stand in a sentence; of several the one that fits the question best."""
    speaking = [voice for voice in voices if is_speech(voice.type, voice.content, span)]
    if len(speaking) < 2:  # noqa: PLR2004 - nothing to choose
        return speaking[0] if speaking else None
    return max(speaking, key=lambda one: (_count_asked(candidate, one, forms), count_shared(one.content, span)))


def _is_stray(candidate: Candidate, voice: Voice) -> bool:
    words = " ".join(_slice(candidate, part) for part in voice.content)
    is_sourced = bool(voice.source or voice.speaker)
    return is_stray(voice.type, words, is_sourced=is_sourced, confidence=voice.confidence)


def _count_asked(candidate: Candidate, voice: Voice, forms: Mapping[str, float]) -> int:
    said = {word for part in voice.content for word, _, _ in iter_words(_slice(candidate, part))}
    return sum(word in forms for word in said)


def _slice(candidate: Candidate, span: Span) -> str:
    """What of a span the candidate's text holds."""
    return candidate.text[max(0, span.start - candidate.offset) : max(0, span.end - candidate.offset)]


def _sources(passage: Passage, voice: Voice | None) -> tuple[Span, ...]:
    """Where a passage prints who speaks in it."""
    if voice is None or passage.quotation_id != voice.id:
        return ()
    return tuple(span for span in voice.source if passage.span.start <= span.start and span.end <= passage.span.end)


def _cover_content(candidate: Candidate, voice: Voice, sentence: Span) -> Span | None:
    """The whole sentences from the quotation's first word to its last, or None when the text at hand ends before.

    Also None where that is too long, or words of a hidden quotation stand between.
    """
    start = min(sentence.start, *(part.start for part in voice.content))
    end = max(sentence.end, *(part.end for part in voice.content))
    for other in candidate.around:
        if other.start < start < other.end:
            start = other.start
        if other.start < end < other.end:
            end = other.end
    if start < candidate.offset or end > candidate.offset + len(candidate.text) or end - start > _LONGEST_PASSAGE:
        return None
    wider = Span(start, end)
    return None if any(part.overlaps(wider) for part in candidate.hidden) else wider


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


def find_highlight(
    question: Question, passage: Passage, words: Sequence[FoundWord], sources: Sequence[Span]
) -> tuple[Span, ...]:
    """The words that answer: the date for when, the number for how many, the name for who; else what matched.

    Of what somebody said only the topic's words are marked, and only inside what was said; `sources` are where the
    passage prints its speaker.
    """
    start, text = passage.span.start, passage.text
    forms = {form for word in words for form in word.forms}
    found: list[Span] = []
    if question.kind in _SAID_KINDS:
        topic = {form for word in words if word.word in question.topic for form in word.forms}
        said = passage.content or (passage.span,)
        found = [span for span in _find_words(passage, topic) if count_shared(said, span) == span.end - span.start]
        return tuple(_join(found)[:_MOST_HIGHLIGHTS])
    pattern = TYPE_PATTERNS.get(question.kind)
    if pattern is not None and question.kind != "what":
        found = [
            Span(start + match.start(), start + match.end())
            for match in pattern.finditer(text)
            if not all(word in forms for word, _, _ in iter_words(match.group()))
        ]
    if question.kind == "who_said" and sources:
        found = list(sources)
    return tuple(_join(found or _find_words(passage, forms))[:_MOST_HIGHLIGHTS])


def _find_words(passage: Passage, forms: Collection[str]) -> list[Span]:
    start = passage.span.start
    return [Span(start + low, start + high) for word, low, high in iter_words(passage.text) if word in forms]


def _join(spans: Sequence[Span]) -> list[Span]:
    """Spans with only one character between them as one."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start - joined[-1].end <= 1:
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return joined
