"""Quotations found by rule: marks, cue words and their order in the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.reading.text import find_words, word_set
from db.model import Quotation, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.reading.cues import CueTable
    from bot.reading.marks import Stretch
    from bot.reading.text import Words
    from db.model import QuotationType

_BREAKS = frozenset(",;:.—–-()")
_AUXILIARIES = word_set("""
    has have had is are was were be been also then later once often repeatedly
""")
_NOT_SOURCES = word_set("""
    and but or so then that which when as while because if to not n't who
""")
_AFTER_SOURCE = word_set("""
    in on at during after before of when as while who which to about with for from by through via but and told
""")


_LONGEST_SOURCE = 14
_SPEECH_SPACES = 4  # five words in marks are speech nine times in ten, fewer are not


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as rules see it: its words, which of them stand in marks, and the stretches that do."""

    span: Span
    words: Words
    marked: list[int]
    stretches: list[Stretch]


def rule_quotations(
    text: str, sentences: Sequence[Span], stretches: Sequence[Stretch], cues: CueTable
) -> list[Quotation]:
    """Find the quotations of one paragraph without any fitted model."""
    found: list[Quotation] = []
    for sentence in _sentences(text, sentences, stretches):
        quotation = _by_cue(text, sentence, cues) or _by_marks(text, sentence, found)
        if quotation:
            found.append(quotation)
    return _joined(found)


def _sentences(text: str, sentences: Sequence[Span], stretches: Sequence[Stretch]) -> Iterator[Sentence]:
    """Sentences, put together again where a stretch in marks runs over several."""
    start = -1
    for i, sentence in enumerate(sentences):
        start = sentence.start if start < 0 else start
        last = i + 1 == len(sentences)
        if not last and any(s.inner.start < sentence.end < s.inner.end - 1 for s in stretches):
            continue
        span = Span(start, sentence.end)
        inside = [s for s in stretches if span.start <= s.span.start < span.end]
        words = find_words(text, span)
        marked = [next((k for k, s in enumerate(inside) if s.span.start <= at < s.span.end), -1) for at in words.starts]
        yield Sentence(span, words, marked, inside)
        start = -1


def _by_cue(text: str, s: Sentence, cues: CueTable) -> Quotation | None:
    for i, form in enumerate(s.words.forms):
        lower = form.lower()
        if s.marked[i] >= 0:
            continue
        if lower in cues.verbs or (s.stretches and lower in cues.weak):
            found = _at_verb(text, s, i, cues)
            if found:
                return found
        for phrase in cues.phrases:
            if lower == phrase[0] and tuple(f.lower() for f in s.words.forms[i : i + len(phrase)]) == phrase:
                return _at_phrase(text, s, i, i + len(phrase))
    return None


def _at_verb(text: str, s: Sentence, verb: int, cues: CueTable) -> Quotation | None:
    forms = s.words.forms
    first = verb
    while first and forms[first - 1].lower() in _AUXILIARIES and s.marked[first - 1] < 0:
        first -= 1
    left = first
    while left and forms[left - 1] not in _BREAKS and s.marked[left - 1] < 0:
        left -= 1
    before = left > 0 and (s.marked[left - 1] >= 0 or forms[left - 1] == ",")
    source = (left, first) if _is_source(forms, left, first) else None
    if source is None and before:
        source = _source_after(s, verb + 1)
    rest = max(verb, source[1] - 1 if source else verb) + 1
    cue = s.words.span(first, verb + 1)
    content: list[Span] = []
    if before:
        content.append(_content(s, 0, left))
        content.extend(x.span for x in s.stretches if x.span.start >= s.words.ends[rest - 1])
    elif source:
        start = _content_start(s, rest, cues)
        if start is None:
            return None
        content.append(_content(s, start, len(forms)))
    if not content:
        return None
    spans = [s.words.span(*source)] if source else []
    return _quotation(text, s, content, cue=cue, source=spans, rule="cue")


def _at_phrase(text: str, s: Sentence, first: int, after: int) -> Quotation | None:
    forms = s.words.forms
    end = after
    while end < len(forms) and forms[end] not in _BREAKS and s.marked[end] < 0:
        end += 1
    if end == after:
        return None
    bounds = (0, first) if first else (min(end + 1, len(forms)), len(forms))
    if bounds[0] >= bounds[1]:
        return None
    cue, source = s.words.span(first, after), s.words.span(after, end)
    return _quotation(text, s, [_content(s, *bounds)], cue=cue, source=[source], rule="phrase")


def _is_source(forms: list[str], left: int, right: int) -> bool:
    return 0 < right - left <= _LONGEST_SOURCE and forms[left].lower() not in _NOT_SOURCES


def _source_after(s: Sentence, at: int) -> tuple[int, int] | None:
    end = at
    forms = s.words.forms
    while end < len(forms) and forms[end] not in _BREAKS and s.marked[end] < 0 and forms[end] not in _AFTER_SOURCE:
        end += 1
    return (at, end) if end > at else None


def _content_start(s: Sentence, at: int, cues: CueTable) -> int | None:
    """Where the words said begin after the verb: at `that`, a mark, a colon, or right away."""
    forms = s.words.forms
    for i in range(at, min(at + 12, len(forms))):
        if forms[i].lower() in cues.complementizers or s.marked[i] >= 0:
            return i
        if forms[i] == ":" and i + 1 < len(forms):
            return i + 1
        if forms[i] in _BREAKS and forms[i] != ",":
            break
    nxt = forms[at].lower() if at < len(forms) else ""
    return at if nxt in {"he", "she", "it", "they", "the", "we", "i", "there"} else None


def _content(s: Sentence, first: int, after: int) -> Span:
    while after - 1 > first and s.words.forms[after - 1] in _BREAKS and s.marked[after - 1] < 0:
        after -= 1
    inside = [x for x in s.stretches if s.words.starts[first] <= x.span.start < s.words.ends[after - 1]]
    return Span(s.words.starts[first], max(s.words.ends[after - 1], *(x.span.end for x in inside), 0))


def _by_marks(text: str, s: Sentence, found: list[Quotation]) -> Quotation | None:
    """Speech without a cue of its own: a stretch of five words or more, or a whole sentence in marks."""
    long = [x.span for x in s.stretches if x.inner.slice(text).count(" ") >= _SPEECH_SPACES]
    if not long:
        return None
    source = found[-1].source if found else ()
    return _quotation(text, s, long, cue=None, source=list(source), rule="continued" if found else "marks")


def _quotation(
    text: str, s: Sentence, content: list[Span], *, cue: Span | None, source: list[Span], rule: str
) -> Quotation:
    kinds: set[QuotationType] = {quotation_type(text, span, s.stretches) for span in content}
    kind: QuotationType = kinds.pop() if len(kinds) == 1 else "mixed"
    confidence = {"cue": 0.8, "phrase": 0.8, "continued": 0.6}.get(rule, 0.4)
    return Quotation(kind, tuple(content), cue, tuple(source), None, confidence, rule)


def quotation_type(text: str, span: Span, stretches: Sequence[Stretch]) -> QuotationType:
    """Direct: every word of the span stands in marks; indirect: none does; mixed: some do."""
    inside = outside = 0
    words = find_words(text, span)
    for start, form in zip(words.starts, words.forms, strict=True):
        if form[0].isalnum():
            if any(x.span.start <= start < x.span.end for x in stretches):
                inside += 1
            else:
                outside += 1
    return "indirect" if not inside else "mixed" if outside else "direct"


def _joined(found: list[Quotation]) -> list[Quotation]:
    """Make speech that goes on after its cue the second part of that quotation: ("A," he said. "B.")."""
    joined: list[Quotation] = []
    for q in found:
        last = joined[-1] if joined else None
        if last and q.rule == "continued" and last.type == q.type == "direct":
            joined[-1] = Quotation(
                last.type, (*last.content, *q.content), last.cue, last.source, None, last.confidence, last.rule
            )
        else:
            joined.append(q)
    return joined
