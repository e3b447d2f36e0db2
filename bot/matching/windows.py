"""Cuts the stretches of an article in which a claimed quote is looked for, and finds who said what stands there."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.matching.align import weigh
from bot.matching.normalise import split_words
from bot.matching.pieces import Window
from db.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.matching.normalise import Words
    from db.model import Article, ClaimCandidate, Quotation

# "…," the mayor of Northport, who had come by train, said, "…": what stands inside a quotation is seldom longer.
_MAX_INTERRUPTION_CHARS = 250
_MIN_MARGIN_CHARS = 400
# A quotation up to here is shown whole round the words that matched: about what one card holds.
_LONGEST_WHOLE_CHARS = 700
_ROUGH_WORD = re.compile(r"[^\W_]+")
_LONE_WORD = 0.1
# Each one ranked costs a look at all that are left.
_MAX_RANKED = 24


def rank_candidates(claimed: str, candidates: Iterable[ClaimCandidate]) -> list[ClaimCandidate]:
    """The two dozen best chunks by how much of the claim they add to those before them, pairs of words first.

    Words are cut roughly here, which is four times as fast as `split_words`: the order decides only what is aligned.
    """
    words = _cut_roughly(claimed)
    weights = [weigh(form) for form in words]
    open_chunks = [(candidate, _find_shared(words, candidate.text)) for candidate in candidates]
    missing = set(range(len(words)))
    ranked: list[ClaimCandidate] = []
    while open_chunks and len(ranked) < _MAX_RANKED:
        gains = [_measure_gain(weights, shared, missing) for _, shared in open_chunks]
        best = gains.index(max(gains))
        candidate, shared = open_chunks.pop(best)
        ranked.append(candidate)
        missing -= shared.in_pairs
    return ranked


@dataclass(frozen=True, slots=True)
class _Shared:
    """Which of a claim's words, by position, a chunk has beside the same neighbour; `merit` is what it has in all."""

    in_pairs: frozenset[int]
    merit: float


def _cut_roughly(text: str) -> list[str]:
    return _ROUGH_WORD.findall(text.lower().replace("’", "").replace("'", "").replace("‘", ""))


def _find_shared(claimed: Sequence[str], text: str) -> _Shared:
    words = _cut_roughly(text)
    known, pairs = set(words), set(pairwise(words))
    paired = [k for k, pair in enumerate(pairwise(claimed)) if pair in pairs]
    in_pairs = frozenset(paired).union([k + 1 for k in paired])
    merit = _LONE_WORD * (sum([weigh(form) for form in claimed if form in known]) + len(in_pairs))
    return _Shared(in_pairs, merit)


def _measure_gain(weights: Sequence[float], shared: _Shared, missing: set[int]) -> float:
    """New words in pairs count in full, all others little, so that ties go to the chunk with more of the claim."""
    added = shared.in_pairs & missing
    return shared.merit + sum([weights[k] for k in added]) if added else shared.merit


def cut_windows(
    article: Article, spans: Iterable[Span], claim_chars: int, *, known: Sequence[Window] = ()
) -> list[Window]:
    """Windows round the given spans of an article, wide enough for a claim of that length, joined where they touch.

    A span that a `known` window of the article holds already gets none.
    """
    margin = max(_MIN_MARGIN_CHARS, 2 * claim_chars)
    joined: list[tuple[int, int]] = []
    held = [window.span for window in known if window.article_id == article.id]
    for span in sorted(spans):
        if any(there.start <= span.start and span.end <= there.end for there in held):
            continue
        start, end = max(0, span.start - margin), min(len(article.text), span.end + margin)
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    interruptions = list(find_interruptions([stored.quotation for stored in article.quotations]))
    hidden = sorted(expand_to_sentences(article, part) for part in article.hidden)
    clear = [left for stretch in joined for left in _leave_out(_expand_to_words(article.text, *stretch), hidden)]
    return [
        _make_window(article, one.start, one.end, interruptions)
        for one in clear
        if not any(there.start <= one.start and one.end <= there.end for there in held)
    ]


def _leave_out(stretch: Span, hidden: Iterable[Span]) -> Iterator[Span]:
    """What is left of a stretch without the sentences that moderators hid, given in reading order."""
    start = stretch.start
    for span in hidden:
        if span.overlaps(stretch):
            if start < span.start:
                yield Span(start, span.start)
            start = max(start, span.end)
    if start < stretch.end:
        yield Span(start, stretch.end)


def _expand_to_words(text: str, start: int, end: int) -> Span:
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return Span(start, end)


def _make_window(article: Article, start: int, end: int, interruptions: Sequence[Span]) -> Window:
    words = split_words(article.text, start, end)
    starts = [span[0] for span in words.spans]
    free = set(words.bracketed)
    for span in interruptions:
        free.update(range(bisect_left(starts, span.start), bisect_left(starts, span.end)))
    return Window(article_id=article.id, span=Span(start, end), words=words, free=frozenset(free))


def find_interruptions(quotations: Sequence[Quotation]) -> Iterator[Span]:
    """The stretches where an article says who speaks in the middle of what is said, as in: "A," he said. "B".

    Only a stretch that holds the cue or the source, between words of one speaker, is passed over; "bad" and "worse" in
    marks of their own do not become one quotation.
    """
    spoken = sorted(
        (fragment, number)
        for number, quotation in enumerate(quotations)
        if quotation.type != "indirect" or len(quotation.content) > 1
        for fragment in quotation.content
    )
    for (before, one), (after, other) in pairwise(spoken):
        gap = Span(before.end, after.start)
        if not 0 < gap.end - gap.start <= _MAX_INTERRUPTION_CHARS:
            continue
        pair = (quotations[one], quotations[other])
        if one != other and (pair[0].speaker is None or pair[0].speaker != pair[1].speaker):
            continue
        named = [span for q in pair for span in (*q.source, *([q.cue] if q.cue else []))]
        if any(gap.overlaps(span) for span in named):
            yield gap


def find_spoken(article: Article, span: Span) -> list[Quotation]:
    """The quotations whose words overlap a stretch of the article, those that say most of it in marks first."""
    overlaps = [
        (_count_shared(stored.quotation, span), stored.quotation.type != "indirect", stored.quotation)
        for stored in article.quotations
    ]
    found = [entry for entry in overlaps if entry[0]]
    found.sort(key=lambda entry: (entry[1], entry[0]), reverse=True)
    return [entry[2] for entry in found]


def _count_shared(quotation: Quotation, span: Span) -> int:
    return sum(max(0, min(part.end, span.end) - max(part.start, span.start)) for part in quotation.content)


def find_limit(article: Article, span: Span, words: Words) -> tuple[int, int]:
    """The words, half-open, that belong with a stretch: those of its quotation, or else of its sentences."""
    around = expand_to_sentences(article, span)
    for quotation in find_spoken(article, span)[:1]:
        parts = [part for part in quotation.content if part.overlaps(span)]
        around = Span(min(span.start, parts[0].start), max(span.end, parts[-1].end))
    starts = [start for start, _ in words.spans]
    return bisect_left(starts, around.start), bisect_left(starts, around.end)


def expand_to_sentences(article: Article, span: Span) -> Span:
    """The whole sentences that a stretch of an article touches; the stretch itself where none is known."""
    sentences = article.sentences
    first = bisect_right(sentences, span.start, key=lambda s: s.end)
    last = bisect_left(sentences, span.end, key=lambda s: s.start)
    touched = sentences[first:last]
    if not touched:
        return span
    return Span(min(span.start, touched[0].start), max(span.end, touched[-1].end))


def expand_to_quotation(article: Article, span: Span, quotation: Quotation) -> Span:
    """The whole sentences of the quotation that a stretch stands in, with who speaks; only the stretch's where long."""
    own = expand_to_sentences(article, span)
    parts = [part for part in quotation.content if part.overlaps(span)]
    for wanted in (quotation.extent, *([Span(parts[0].start, parts[-1].end)] if parts else [])):
        wider = expand_to_sentences(article, Span(min(own.start, wanted.start), max(own.end, wanted.end)))
        is_clear = not any(part.overlaps(wider) for part in article.hidden)
        if is_clear and wider.end - wider.start <= _LONGEST_WHOLE_CHARS:
            return wider
    return own


def find_paragraph(article: Article, span: Span, *, before: int = 0) -> str:
    """The text of the blocks that a stretch touches, with so many blocks before them."""
    touched = [number for number, block in enumerate(article.blocks) if block.span.overlaps(span)]
    if not touched:
        return article.text[max(0, span.start - 600) : span.end + 300]
    first = article.blocks[max(0, touched[0] - before)].span.start
    return article.text[first : article.blocks[touched[-1]].span.end]
