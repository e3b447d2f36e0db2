"""What speaks for and against a sentence as the answer: one row of numbers a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING

from db.terms import STOP_WORDS, WORD, fold_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.matching.query import Question
    from db.model import Candidate, Candidates, Span, Voice

# Only the sentences that hold most of the question are looked at closely; measured on the news train questions, the
# right one is among the first 40 in all but 0.2 % of those where it was fetched at all.
_MOST_CLOSELY = 40

# A referent is itself read by rule, and wrong now and then.
_REFERENT_FIT = 0.9

FEATURES = (
    "is_who_said", "is_what_said", "is_did_say", "is_who", "is_when", "is_where", "is_how_many", "is_other",
    "topic_words", "topic_cover", "topic_cover_near", "topic_cover_chunk", "cover", "cover_chunk", "missing_rarest",
    "exact_share", "pair_share", "loose_pair_share", "run_share", "run_words", "window_share", "density",
    "sentence_words", "is_heading", "has_voice", "is_direct", "topic_in_content", "speaker_named", "speaker_exact",
    "speaker_printed", "speaker_near", "has_type", "type_near", "has_other_name", "number_share", "chunk_rank",
    "title_cover", "unknown_share", "place", "top_gap",
    "printed_share", "voice_confidence",
)  # fmt: skip

_PLAIN_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Initials and numbers with points are cut differently; most chunks hold none and take the quick way. Both begin with
# what is rare in a text, so that the search for them skips the rest.
_INITIAL = re.compile(r"\.(?<=\b[^\W\d_]\.)")
_ODD_NUMBER = re.compile(r"\d(?:[.,]\d|_|[^\W\d_]|(?<=[^\W\d]\d))")
_DATE = re.compile(
    r"\b(?:(?:jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?\s+\d+(?:,?\s\d{4})?|\d{1,2}\s(?:jan|feb|mar|apr|may|jun|jul"
    r"|aug|sep|oct|nov|dec)[a-z]*(?:\s\d{4})?|(?:1[0-9]|20)\d\ds?)\b|\b(?:january|february"
    r"|march|april|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday|yesterday|today|tomorrow|tonight|century|decade|ago|last (?:week|month|year))\b"
    r"|\bMay \d+(?:,?\s\d{4})?",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"[$€£]?\d[\d.,]*(?:\s?(?:%|percent|per cent|million|billion|trillion|thousand|hundred))?|\b(?:one|two|three|four"
    r"|five|six"
    r"|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|hundred|thousands?|millions?|billions?|dozens?|half|twice|third|quarter)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.!?“”\"'‘]\s)(?<!^)\b[A-Z][\w’'-]+(?:\s+(?:of|the|de|van|von|al|bin|[A-Z][\w’'.-]+))*")
_PLACE = re.compile(r"\b(?:in|at|near|from|to|of|outside|across|around)\s+(?:the\s+)?[A-Z]\w+")
_REASON = re.compile(
    r"\b(?:because|since|due to|in order|so that|therefore|as a result|reason|owing to|to \w+)\b", re.IGNORECASE
)
TYPE_PATTERNS = {"when": _DATE, "how_many": _NUMBER, "who": _NAME, "where": _PLACE, "why": _REASON, "what": _NAME}


@dataclass(frozen=True, slots=True)
class Scored:
    """One sentence with its features, in the order of `FEATURES`."""

    candidate: Candidate
    sentence: Span
    voice: Voice | None
    row: tuple[float, ...]


@dataclass(slots=True)
class _Wanted:
    """A question against one library: which printed words count for which of its words."""

    question: Question
    forms: dict[str, tuple[tuple[int, float], ...]]
    rarity: list[float]
    topic: frozenset[int]
    speaker: frozenset[int]
    topic_total: float
    total: float
    speaker_total: float
    unknown_share: float
    numbers: frozenset[int]
    pairs: frozenset[tuple[int, int]]
    runs: Mapping[str, tuple[int, ...]]
    typed: Mapping[str, int]


@dataclass(slots=True)
class _Line:
    """One sentence while it is being scored."""

    candidate: Candidate
    index: int
    words: list[str]
    hits: list[tuple[int, int, float]]
    found: dict[int, float]
    quick: float = 0.0


def score_sentences(question: Question, found: Candidates) -> list[Scored]:
    """Features of the sentences that may answer, in no particular order.

    Args:
        question: As parsed.
        found: What the store found for its words.
    """
    wanted = _read_question(question, found)
    names: dict[tuple[str, ...], tuple[float, float]] = {}
    lines: list[tuple[int, list[_Line], dict[int, float]]] = []
    for rank, candidate in enumerate(found.chunks):
        group = _read_chunk(candidate, wanted)
        lines.append((rank, group, _merge(line.found for line in group)))
    _rank_quickly(lines, wanted)
    ordered = sorted((line.quick for _, group, _ in lines for line in group), reverse=True)
    least = ordered[_MOST_CLOSELY] if len(ordered) > _MOST_CLOSELY else -1.0
    best = max((candidate.score for candidate in found.chunks), default=1.0)
    scored = []
    for rank, group, chunk_found in lines:
        title = _title_cover(group, wanted)
        scored += [
            _score_line(line, group, chunk_found, wanted, names, rank=rank, title=title, best=best)
            for line in group
            if line.quick > least or not rank
        ]
    return scored


def _read_question(question: Question, found: Candidates) -> _Wanted:
    words = found.words
    forms: dict[str, list[tuple[int, float]]] = {}
    for at, word in enumerate(words):
        for form, fit in word.forms.items():
            forms.setdefault(form, []).append((at, fit))
    # As shares of the rarest possible, so that an article alone and a million passages give alike numbers.
    most = log(2 + found.chunk_count)
    rarity = [max(word.rarity / most, 0.01) for word in words]
    speaking, asked = frozenset(question.speaker), frozenset(question.topic)
    speaker = frozenset(at for at, word in enumerate(words) if word.word in speaking)
    topic = frozenset(at for at, word in enumerate(words) if word.word in asked)
    at_of = {word.word: at for at, word in enumerate(words)}
    order = [at_of[token] for token in question.tokens if token in at_of]
    positions: dict[str, list[int]] = {}
    for at, token in enumerate(question.tokens):
        for form in words[at_of[token]].forms if token in at_of else (token,):
            positions.setdefault(form, []).append(at)
    total = sum(rarity) or 1.0
    return _Wanted(
        question,
        {form: tuple(hits) for form, hits in forms.items()},
        rarity,
        topic or speaker,
        speaker,
        sum(rarity[at] for at in topic or speaker) or 1.0,
        total,
        sum(rarity[at] for at in speaker) or 1.0,
        sum(rarity[at] for at, word in enumerate(words) if not word.forms) / total,
        frozenset(at for at, word in enumerate(words) if word.word[:1].isdigit()),
        frozenset(pairwise(order)),
        {form: tuple(at) for form, at in positions.items()},
        {word: at_of[fold_word(word)] for word in WORD.findall(question.text) if at_of.get(fold_word(word)) in topic},
    )


def _read_chunk(candidate: Candidate, wanted: _Wanted) -> list[_Line]:
    text, offset, forms = candidate.text, candidate.offset, wanted.forms
    lower = text.lower()
    if len(lower) != len(text):
        lower = text
    pattern = WORD if _INITIAL.search(lower) or _ODD_NUMBER.search(lower) else _PLAIN_WORD
    group = []
    for index, sentence in enumerate(candidate.sentences):
        words = pattern.findall(lower, sentence.start - offset, sentence.end - offset)
        letters = "".join(words)
        if not (letters.isascii() and letters.isalnum()):
            words = [word if word.isalnum() and word.isascii() else fold_word(word) for word in words]
        hits = [(at, *hit) for at, word in enumerate(words) if word in forms for hit in forms[word]]
        found: dict[int, float] = {}
        for _, which, fit in hits:
            if fit > found.get(which, 0.0):
                found[which] = fit
        for referent in candidate.referents:
            if sentence.start <= referent.span.start < sentence.end:
                _add_referent(found, referent.name, forms)
        group.append(_Line(candidate, index, words, hits, found))
    return group


def _add_referent(found: dict[int, float], name: str, forms: Mapping[str, tuple[tuple[int, float], ...]]) -> None:
    """Count the name that a pronoun or short form stands for as said: "Mr Moore" is Peter Moore."""
    for word in WORD.findall(name):
        for which, fit in forms.get(fold_word(word), ()):
            found[which] = max(found.get(which, 0.0), _REFERENT_FIT * fit)


def _merge(parts: Iterable[dict[int, float]]) -> dict[int, float]:
    merged: dict[int, float] = {}
    for part in parts:
        for which, fit in part.items():
            if fit > merged.get(which, 0.0):
                merged[which] = fit
    return merged


def _cover(found: Mapping[int, float], which: Iterable[int], rarity: Sequence[float]) -> float:
    return sum(rarity[at] * found[at] for at in which if at in found)


def _rank_quickly(lines: Sequence[tuple[int, list[_Line], dict[int, float]]], wanted: _Wanted) -> None:
    for _, group, chunk_found in lines:
        around = _cover(chunk_found, wanted.topic, wanted.rarity)
        speaker = _cover(chunk_found, wanted.speaker, wanted.rarity)
        for line in group:
            own = _cover(line.found, wanted.topic, wanted.rarity)
            line.quick = own + 0.3 * around + 0.3 * speaker + 0.01 * len(line.hits)


def _title_cover(group: Sequence[_Line], wanted: _Wanted) -> float:
    title = group[0].candidate.citation.title or ""
    words = [word.strip(".,:;!?'\"“”‘’()") for word in title.lower().split()]
    found = {which: fit for word in words for which, fit in wanted.forms.get(word, ())}
    return _cover(found, range(len(wanted.rarity)), wanted.rarity) / wanted.total


def _score_line(
    line: _Line,
    group: Sequence[_Line],
    chunk_found: Mapping[int, float],
    wanted: _Wanted,
    names: dict[tuple[str, ...], tuple[float, float]],
    *,
    rank: int,
    title: float,
    best: float,
) -> Scored:
    candidate, question, rarity = line.candidate, wanted.question, wanted.rarity
    sentence = candidate.sentences[line.index]
    near = _merge(other.found for other in group[max(0, line.index - 1) : line.index + 2])
    text = candidate.text[sentence.start - candidate.offset : sentence.end - candidate.offset]
    voice, named, exact = _best_voice(candidate, sentence, wanted, names)
    kind = question.kind
    pattern = TYPE_PATTERNS.get(kind)
    near_text = candidate.text[
        group[max(0, line.index - 1)].candidate.sentences[max(0, line.index - 1)].start
        - candidate.offset : candidate.sentences[min(len(group) - 1, line.index + 1)].end - candidate.offset
    ]
    missing = [rarity[at] for at in wanted.topic if at not in line.found]
    run, run_pairs = _longest_run(line.words, wanted.runs, len(question.tokens))
    at_hits = [at for at, which, _ in line.hits if which in wanted.topic]
    tokens = max(1, len(question.tokens) - 1)
    in_content = _content_share(line, sentence, candidate, voice, wanted) if voice else 0.0
    row = (
        float(kind == "who_said"), float(kind == "what_said"), float(kind == "did_say"), float(kind == "who"),
        float(kind == "when"), float(kind == "where"), float(kind == "how_many"),
        float(kind in {"what", "why", "topic"}),
        float(len(wanted.topic)),
        _cover(line.found, wanted.topic, rarity) / wanted.topic_total,
        _cover(near, wanted.topic, rarity) / wanted.topic_total,
        _cover(chunk_found, wanted.topic, rarity) / wanted.topic_total,
        _cover(line.found, range(len(rarity)), rarity) / wanted.total,
        _cover(chunk_found, range(len(rarity)), rarity) / wanted.total,
        max(missing, default=0.0),
        sum(fit >= 1.0 for fit in line.found.values()) / max(1, len(line.found)),
        _pair_share(line.hits, wanted.pairs),
        run_pairs / tokens,
        run / max(1, len(question.tokens)),
        float(run),
        len(at_hits) / (at_hits[-1] - at_hits[0] + 1) if at_hits else 0.0,
        len(at_hits) / max(1, len(line.words)),
        float(min(len(line.words), 60)),
        float(sentence.end <= len(candidate.citation.title or "") + 2),
        float(voice is not None),
        float(voice is not None and voice.type != "indirect"),
        in_content,
        named,
        exact,
        _cover(line.found, wanted.speaker, rarity) / wanted.speaker_total,
        _cover(chunk_found, wanted.speaker, rarity) / wanted.speaker_total,
        float(pattern is not None and pattern.search(text) is not None),
        float(pattern is not None and pattern.search(near_text) is not None),
        _other_names(text, wanted) if kind in {"who", "where", "what", "topic"} else 0.0,
        sum(at in line.found for at in wanted.numbers) / max(1, len(wanted.numbers)),
        float(rank),
        title,
        wanted.unknown_share,
        float(line.index),
        (best - candidate.score) / max(best, 0.01),
        _printed_share(text, wanted),
        0.0 if voice is None else voice.confidence,
    )  # fmt: skip
    return Scored(candidate, sentence, voice, row)


def _best_voice(
    candidate: Candidate,
    sentence: Span,
    wanted: _Wanted,
    names: dict[tuple[str, ...], tuple[float, float]],
) -> tuple[Voice | None, float, float]:
    """The quotation here whose speaker fits best, how much of the asked name it carries, and how exactly."""
    best: tuple[Voice | None, float, float] = (None, 0.0, 0.0)
    for voice in candidate.voices:
        if not (voice.extent.start < sentence.end and sentence.start < voice.extent.end):
            continue
        named, exact = _name_fit((*voice.names, voice.source_text), wanted, names)
        if best[0] is None or (named, exact) > best[1:]:
            best = (voice, named, exact)
    return best


def _name_fit(
    printed: tuple[str, ...], wanted: _Wanted, names: dict[tuple[str, ...], tuple[float, float]]
) -> tuple[float, float]:
    """How much of the asked speaker any of the names carries, and how much of that name was asked."""
    known = names.get(printed)
    if known is not None:
        return known
    best = (0.0, 0.0)
    for name in printed:
        words = [fold_word(word) for word in WORD.findall(name)]
        found: dict[int, float] = {}
        matched = 0
        for word in words:
            hits = [hit for hit in wanted.forms.get(word, ()) if hit[0] in wanted.speaker]
            matched += bool(hits)
            for which, fit in hits:
                found[which] = max(fit, found.get(which, 0.0))
        if found:
            counted = sum(word not in STOP_WORDS for word in words)
            best = max(
                best, (_cover(found, wanted.speaker, wanted.rarity) / wanted.speaker_total, matched / max(1, counted))
            )
    names[printed] = best
    return best


def _content_share(line: _Line, sentence: Span, candidate: Candidate, voice: Voice, wanted: _Wanted) -> float:
    """The share of the topic found in this sentence that stands inside the voice's content, by text position."""
    del sentence
    words: set[str] = set()
    for span in voice.content:
        low, high = max(0, span.start - candidate.offset), max(0, span.end - candidate.offset)
        words.update(fold_word(word) for word in WORD.findall(candidate.text, low, high))
    found = {which: fit for word in words for which, fit in wanted.forms.get(word, ())}
    return _cover(found, wanted.topic, wanted.rarity) / wanted.topic_total if line.hits else 0.0


def _printed_share(text: str, wanted: _Wanted) -> float:
    """The share of the topic that stands here letter for letter: a capital or an ending may tell two senses apart."""
    printed = {wanted.typed[word] for word in WORD.findall(text) if word in wanted.typed}
    return sum(wanted.rarity[at] for at in printed) / wanted.topic_total


def _pair_share(hits: Sequence[tuple[int, int, float]], pairs: frozenset[tuple[int, int]]) -> float:
    """The share of neighbouring content words of the question that are near neighbours here, in the same order."""
    if not pairs:
        return 0.0
    seen = set()
    for at, (place, which, _) in enumerate(hits):
        for other_place, other, _ in hits[at + 1 : at + 5]:
            if 0 < other_place - place <= 3 and (which, other) in pairs:  # noqa: PLR2004 - two words may stand between
                seen.add((which, other))
    return len(seen) / len(pairs)


def _longest_run(words: Sequence[str], places: Mapping[str, tuple[int, ...]], size: int) -> tuple[int, int]:
    """The longest stretch of the question, function words and all, that stands here; and how many pairs do."""
    longest = pairs = 0
    ends: dict[int, int] = {}
    seen: set[int] = set()
    for word in words:
        now: dict[int, int] = {}
        for place in places.get(word, ()):
            length = ends.get(place - 1, 0) + 1
            now[place] = length
            if length > 1 and place not in seen:
                seen.add(place)
                pairs += 1
            longest = max(longest, length)
        ends = now
    return min(longest, size), pairs


def _other_names(text: str, wanted: _Wanted) -> float:
    """Whether a name stands here that the question does not hold already: that may be who or what was asked for."""
    for match in _NAME.finditer(text):
        if not any(fold_word(word) in wanted.forms for word in match.group().split()):
            return 1.0
    return 0.0
