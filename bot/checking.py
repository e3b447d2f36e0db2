"""Use case: a claimed quote becomes a Verdict with a word-by-word difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.errors import BadQuestion
from bot.matching.attribution import is_one_of, split_name
from bot.matching.claims import find_claims
from bot.matching.difference import Comparison, Difference, Op, compare
from bot.matching.judge import Attribution, attribute, describe_change, is_copied
from bot.matching.normalise import split_words
from bot.matching.pieces import Piece, Support, Window, cover_claim, find_again, find_gaps, measure_support
from bot.matching.windows import (
    cut_windows,
    expand_to_quotation,
    expand_to_sentences,
    find_limit,
    find_spoken,
    rank_candidates,
)
from db.errors import ArticleNotFound, SpeakerNotFound
from db.model import Citation, Passage, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.matching.normalise import Words
    from db.model import Article, ClaimCandidate
    from db.store import Store

__all__ = ["Difference", "Op", "Verdict", "VerdictKind", "check_message", "check_quote"]

VerdictKind = Literal["verbatim", "altered", "misattributed", "not_found"]

MAX_QUOTE_CHARS = 4_000
MAX_MESSAGE_CHARS = 6_000
# One message is answered by one card; more quotes than this are not read there.
MAX_CLAIMS = 10
MIN_WORDS = 3
# How many chunks are looked at and articles fetched: for the claim as a whole, then for what is left of it. Alignment
# and fetching are what a check costs; a search for common words alone needs more chunks to meet the right one.
_ROUNDS = ((40, 6), (150, 3), (150, 3))
# A short claim of common words is searched for again, more widely, before it is given up.
_SHORT_WORDS = 12
_MAX_PLACES = 5
# How many speakers whose names contain a doubtful one are looked at.
_MAX_NAMESAKES = 10


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the loaded articles say of one claimed quote.

    `speaker` is who said the first match according to the articles; `notes` are sentences about differences that do
    not matter (marks, case, ellipsis) or kinds of change ("a number was changed"). `originals` are the words, inside
    each match, that the claim was held against: the joined `original` sides of the difference are the first one's
    text, or all of them in a row where `is_stitched`.
    """

    quote: str
    claimed_speaker: str | None
    kind: VerdictKind
    speaker: str | None
    matches: tuple[Passage, ...]
    difference: tuple[Difference, ...]
    notes: tuple[str, ...] = ()
    originals: tuple[Span, ...] = ()
    is_stitched: bool = False


async def check_quote(store: Store, library: str, quote: str, *, speaker: str | None = None) -> Verdict:
    """Hold one claimed quote against a library.

    Raises:
        BadQuestion: The quote is empty, too long, or too short to check.
    """
    claim = parse_claim(quote)
    claimed = speaker.strip() if speaker and len(split_words(speaker)) else None
    places, support = await _trace(store, library, claim, claimed)
    is_same = len(places) == 1 and not places[0][0].comparison.changes
    if is_same or is_copied(support, [row[0].attribution for row in places], is_named=claimed is not None):
        return _conclude(library, quote, claimed, places)
    return Verdict(quote, claimed, "not_found", None, (), ())


async def trace_claim(store: Store, library: str, quote: str, speaker: str | None) -> tuple[Support, list[Attribution]]:
    """What `check_quote` decides by, for fitting. Raises BadQuestion like it."""
    places, support = await _trace(store, library, parse_claim(quote), speaker)
    return support, [row[0].attribution for row in places]


async def check_message(store: Store, library: str, message: str) -> tuple[Verdict, ...]:
    """Find every quoted stretch of a message, whom it names, and check each; the whole message if nothing is quoted.

    Raises:
        BadQuestion: The message holds no words that can be checked.
    """
    if len(message) > MAX_MESSAGE_CHARS:
        raise BadQuestion(
            f"This message has {len(message):,} characters; at most {MAX_MESSAGE_CHARS:,} can be checked at once."
        )
    if not len(split_words(message)):
        raise BadQuestion("There are no words in this message that could be checked.")
    claims = find_claims(message, min_words=MIN_WORDS)[:MAX_CLAIMS]
    names = dict.fromkeys(claim.speaker for claim in claims)
    speakers = {name: await _confirm_speaker(store, library, name) for name in names}
    verdicts = [await check_quote(store, library, claim.quote, speaker=speakers[claim.speaker]) for claim in claims]
    return tuple(verdicts)


async def _confirm_speaker(store: Store, library: str, name: str | None) -> str | None:
    """Drop what may be no name: a single word, or words without capitals, that names nobody in the library."""
    if name is None or (len(split_name(name)) > 1 and name != name.lower()):
        return name
    found = await store.find_speakers(library, prefix=name, limit=_MAX_NAMESAKES)
    # The store finds "ann" inside "Joanna Hall" too.
    return name if any(is_one_of(name, (one.name, *one.aliases)) for one in found) else None


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a claim's words were found: whole articles by id, the windows cut from them, pieces of windows."""

    articles: dict[int, Article]
    windows: list[Window]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """One stretch of an article that a claim, or a part of it, was held against."""

    article: Article
    comparison: Comparison
    attribution: Attribution


def parse_claim(quote: str) -> Words:
    """The words of a claimed quote. Raises BadQuestion where it is empty, too long, or too short to check."""
    if len(quote) > MAX_QUOTE_CHARS:
        raise BadQuestion(
            f"This quote has {len(quote):,} characters; at most {MAX_QUOTE_CHARS:,} can be checked at once. "
            "Check it in parts."
        )
    claim = split_words(quote)
    if not len(claim):
        raise BadQuestion("There are no words here to check. Give the words that somebody is said to have said.")
    if len(claim) < MIN_WORDS:
        raise BadQuestion(
            f"“{quote.strip()}” is too short to check: so few words stand in many articles. "
            f"Give at least {MIN_WORDS} words of the quote."
        )
    return claim


async def _trace(store: Store, library: str, claim: Words, claimed: str | None) -> tuple[list[list[_Place]], Support]:
    """Where the claim's words stand, who spoke there, and how much of the claim that accounts for."""
    found = await _search(store, library, claim)
    places = await _attribute(store, library, claim, claimed, found)
    return places, measure_support(claim, found.windows, found.pieces)


async def _search(store: Store, library: str, claim: Words) -> _Found:
    """Fetch the articles most worth aligning with the claim; what they do not explain is searched for once more."""
    articles: dict[int, Article] = {}
    windows: list[Window] = []
    pieces: tuple[Piece, ...] = ()
    wanted = list(range(len(claim)))
    for chunks, max_articles in _ROUNDS:
        typed = [claim.slice(index, index + 1) for index in wanted]
        candidates = await store.find_claim_candidates(library, typed, limit=chunks)
        spans = _choose_spans(rank_candidates(" ".join(typed), candidates), max_articles)
        for article_id, found in spans.items():
            if article_id not in articles:
                try:
                    articles[article_id] = await store.get_article(library, article_id)
                except ArticleNotFound:  # removed since the lookup a moment ago
                    continue
            windows.extend(cut_windows(articles[article_id], found, len(claim.text), known=windows))
        pieces = cover_claim(claim, windows)
        is_lost = len(claim) <= _SHORT_WORDS and measure_support(claim, windows, pieces).share < 1
        wanted = find_gaps(claim, windows, pieces) or (wanted if is_lost and chunks == _ROUNDS[0][0] else [])
        if not wanted:
            break
    return _Found(articles, windows, pieces)


def _choose_spans(ranked: Iterable[ClaimCandidate], max_articles: int) -> dict[int, list[Span]]:
    """The chunks of the first so many articles, by article."""
    spans: dict[int, list[Span]] = {}
    for candidate in ranked:
        if candidate.article_id in spans or len(spans) < max_articles:
            spans.setdefault(candidate.article_id, []).append(candidate.span)
    return spans


async def _find_aliases(
    store: Store, library: str, articles: Iterable[Article], names: Iterable[str | None]
) -> dict[str, tuple[str, ...]]:
    """For each speaker all other names that the library knows, the role included."""
    ids = {q.quotation.speaker: q.speaker_id for article in articles for q in article.quotations}
    known: dict[str, tuple[str, ...]] = {}
    for name in dict.fromkeys(name for name in names if name):
        if (speaker_id := ids.get(name)) is None:
            continue
        try:
            speaker = await store.get_speaker(library, speaker_id)
        except SpeakerNotFound:  # merged or removed since the article was read
            continue
        known[name] = (speaker.name, *speaker.aliases, *([speaker.role] if speaker.role else []))
    return known


async def _attribute(
    store: Store, library: str, claim: Words, claimed: str | None, found: _Found
) -> list[list[_Place]]:
    """For each piece of the claim every place where it stands, with who spoke there; the best place first."""
    held = [[_hold(claim, found, again) for again in find_again(found.windows, claim, p)] for p in found.pieces]
    names = [q.speaker for row in held for article, c in row for q in find_spoken(article, c.span)]
    aliases = await _find_aliases(store, library, found.articles.values(), names) if claimed else {}
    return [
        sorted(
            (_Place(article, c, attribute(article, c.span, claimed, aliases)) for article, c in row),
            key=lambda place: place.attribution.rank,
        )
        for row in held
    ]


def _hold(claim: Words, found: _Found, piece: Piece) -> tuple[Article, Comparison]:
    window = found.windows[piece.window]
    article = found.articles[window.article_id]
    first, last = piece.alignment.text_range
    here = Span(window.words.spans[first][0], window.words.spans[last - 1][1])
    comparison = compare(
        claim,
        window.words,
        piece.alignment,
        free=window.free,
        claim_range=piece.claim_range,
        limit=find_limit(article, here, window.words),
    )
    return article, comparison


def _conclude(library: str, quote: str, claimed: str | None, places: Sequence[Sequence[_Place]]) -> Verdict:
    """Put the verdict together. `places` holds, for each piece of the claim, every place of it, the best first."""
    first = [row[0] for row in places]
    is_stitched = len(first) > 1
    shown = first if is_stitched else places[0][:_MAX_PLACES]
    kind: VerdictKind = "verbatim"
    if is_stitched or first[0].comparison.changes:
        kind = "altered"
    elif first[0].attribution.stance == "contradicts":
        kind = "misattributed"
    notes = [f"Put together from {len(first)} places that do not belong together."] if is_stitched else []
    notes += [describe_change(change) for place in first for change in place.comparison.changes]
    notes += [note for place in first for note in (*place.comparison.notes, place.attribution.note) if note]
    return Verdict(
        quote=quote,
        claimed_speaker=claimed,
        kind=kind,
        speaker=first[0].attribution.speaker,
        matches=tuple(_show(library, place) for place in shown),
        difference=tuple(step for place in first for step in place.comparison.steps),
        notes=tuple(dict.fromkeys(notes)),
        originals=tuple(place.comparison.span for place in shown),
        is_stitched=is_stitched,
    )


def _show(library: str, place: _Place) -> Passage:
    """The quotation that holds the original's words, or their sentences, re-cut from the article."""
    article, quotation = place.article, place.attribution.quotation
    words = place.comparison.span
    span = expand_to_quotation(article, words, quotation) if quotation else expand_to_sentences(article, words)
    head = article.head
    return Passage(
        library=library,
        article_id=article.id,
        revision_id=article.revision_id,
        span=span,
        kind="quotation" if quotation else "fact",
        text=span.slice(article.text),
        citation=Citation(article.id, article.external_id, head.title, head.publisher, head.published, head.url),
        quotation_id=next((stored.id for stored in article.quotations if stored.quotation is quotation), None),
        content=quotation.content if quotation else (),
        speaker=place.attribution.speaker,
        source_text=place.attribution.source_text or None,
    )
