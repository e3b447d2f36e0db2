"""Quotations found by rule: marks, cue words and their order in the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.reading.text import find_words
from db.model import Quotation, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.reading.cues import CueTable
    from bot.reading.marks import Stretch
    from bot.reading.text import Words
    from db.model import QuotationType

_BREAKS = frozenset(",;:.—–-()")
_LONGEST_SOURCE = 14
_SPEECH_SPACES = 4  # five words in marks are speech nine times in ten, fewer are not
_SHORTEST_STRETCH = 6
_LONGEST_APPOSITION = 25
_LONGEST_RECIPIENT = 12


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


def marked_stretches(text: str, stretches: Sequence[Stretch]) -> list[Quotation]:
    """Every longer stretch in marks, unattributed: all that can be said of a language without a table."""
    return [
        Quotation("direct", (s.span,), None, (), None, 0.3, "marks")
        for s in stretches
        if s.is_closed and len(s.inner.slice(text).strip()) >= _SHORTEST_STRETCH
    ]


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
                return _at_phrase(text, s, i, i + len(phrase), cues)
    return None


def _at_verb(text: str, s: Sentence, verb: int, cues: CueTable) -> Quotation | None:
    """Judge one cue verb: content before it ("…, she said"), or behind it ("She said that …")."""
    forms = s.words.forms
    first = verb
    while first and forms[first - 1].lower() in cues.auxiliaries and s.marked[first - 1] < 0:
        first -= 1
    left = _left_edge(s, first)
    is_preceded = left > 0 and (s.marked[left - 1] >= 0 or forms[left - 1] == ",")
    source = (left, _source_end(s, left, first)) if _is_source(s, left, first, cues) else None
    if is_preceded and left == first and s.marked[left - 1] < 0 and _opens_content(s, verb + 1, cues):
        # The minister, Ada Voss, said that …: what stands before is the source, not the content.
        is_preceded, source = False, (0, _source_before_clause(s, left - 1, cues))
    if source is None and is_preceded:
        source = _source_after(s, verb + 1, cues)
    rest = max(verb, source[1] - 1 if source else verb) + 1
    if is_preceded:
        content = [_content(s, 0, left), *(x.span for x in s.stretches if x.span.start >= s.words.ends[rest - 1])]
    else:
        start = _content_start(s, rest, cues, is_weak=forms[verb].lower() not in cues.verbs) if source else None
        if start is None:
            return None
        content = [_content(s, start, len(forms))]
    sources = [s.words.span(*source)] if source else []
    return _quotation(text, s, content, cue=s.words.span(first, verb + 1), source=sources, rule="cue")


def _opens_content(s: Sentence, at: int, cues: CueTable) -> bool:
    if at >= len(s.words) or not all(mark < 0 for mark in s.marked[:at]):
        return False
    return s.marked[at] >= 0 or s.words.forms[at] == ":" or s.words.forms[at].lower() in cues.complementizers


def _source_before_clause(s: Sentence, end: int, cues: CueTable) -> int:
    """Where a source ends: before "who was elected in 2019", but behind an apposition."""
    for i in range(1, end):
        if s.words.forms[i - 1] == "," and s.words.forms[i].lower() in cues.never_sources:
            return i - 1
    return end


def _left_edge(s: Sentence, first: int) -> int:
    """Where the words before a cue begin: behind the nearest mark, or behind the nearest comma without one."""
    left = first
    while left and s.words.forms[left - 1] not in _BREAKS and s.marked[left - 1] < 0:
        left -= 1
    mark = first
    while mark and s.marked[mark - 1] < 0 and first - mark <= _LONGEST_APPOSITION:
        mark -= 1
    # "…," Smith, the minister, said: the apposition's commas end no clause.
    if mark < first and s.words.forms[mark] == ",":  # the comma stands outside the marks: „…“, sagte sie
        mark += 1
    is_apposition = mark < left and s.marked[mark - 1] >= 0 and s.words.forms[first - 1] == ","
    return mark if is_apposition else left


def _source_end(s: Sentence, left: int, first: int) -> int:
    return next((i for i in range(left + 1, first) if s.words.forms[i] == ","), first)


def _at_phrase(text: str, s: Sentence, first: int, after: int, cues: CueTable) -> Quotation | None:
    forms = s.words.forms
    end = after
    while end < len(forms) and forms[end] not in _BREAKS and s.marked[end] < 0:
        end += 1
    if end == after:
        return None
    resumed = end + 1
    if not first and resumed < len(forms) and forms[resumed].lower() in cues.never_sources and "," in forms[resumed:]:
        resumed = forms.index(",", resumed) + 1  # According to Voss, who runs the harbour, …
    bounds = (0, first) if first else (min(resumed, len(forms)), len(forms))
    if bounds[0] >= bounds[1]:
        return None
    cue, source = s.words.span(first, after), s.words.span(after, end)
    return _quotation(text, s, [_content(s, *bounds)], cue=cue, source=[source], rule="phrase")


def _is_source(s: Sentence, left: int, right: int, cues: CueTable) -> bool:
    return 0 < right - left <= _LONGEST_SOURCE and s.words.forms[left].lower() not in cues.never_sources


def _source_after(s: Sentence, at: int, cues: CueTable) -> tuple[int, int] | None:
    end = at
    forms = s.words.forms
    while end < len(forms) and forms[end] not in _BREAKS and s.marked[end] < 0:
        if forms[end].lower() in cues.source_ends:
            break
        end += 1
    return (at, end) if end > at else None


def _content_start(s: Sentence, at: int, cues: CueTable, *, is_weak: bool) -> int | None:
    """Where the words said begin after the verb: at "that", at a mark or colon, or right away."""
    forms = s.words.forms
    for i in range(at, min(at + _LONGEST_RECIPIENT, len(forms))):
        if forms[i].lower() in cues.complementizers:
            return i
        if s.marked[i] >= 0:
            is_whole = is_weak or i == at or forms[i - 1] in ",:" or _is_capital(forms, i + 1)
            return i if is_whole else at
        if forms[i] == ":" and i + 1 < len(forms):
            return i + 1
        if forms[i] in _BREAKS and forms[i] != ",":
            break
    return at if at < len(forms) and forms[at].lower() in cues.clause_starts and not is_weak else None


def _is_capital(forms: list[str], at: int) -> bool:
    return at < len(forms) and forms[at][0].isupper()


def _content(s: Sentence, first: int, after: int) -> Span:
    while after - 1 > first and s.words.forms[after - 1] in _BREAKS and s.marked[after - 1] < 0:
        after -= 1
    inside = [x for x in s.stretches if s.words.starts[first] <= x.span.start < s.words.ends[after - 1]]
    return Span(s.words.starts[first], max(s.words.ends[after - 1], *(x.span.end for x in inside), 0))


def _by_marks(text: str, s: Sentence, found: list[Quotation]) -> Quotation | None:
    """Speech without a cue of its own: a stretch of five words or more, or a whole sentence in marks."""
    long = [x.span for x in s.stretches if x.inner.slice(text).count(" ") >= _SPEECH_SPACES]
    if not long and found and found[-1].type == "direct" and all(mark >= 0 for mark in s.marked):
        long = [x.span for x in s.stretches]
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
