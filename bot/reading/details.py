"""What a fact tells of: its people, bodies, places, dates and amounts, each as printed and in a form to compare by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from bot.reading.amounts import find_amounts
from bot.reading.datewords import find_dates
from bot.reading.lexicon import load_lexicon
from bot.reading.mentions import is_headline
from bot.reading.names import find_mentions
from bot.reading.people import name_key
from bot.reading.text import LONGEST_PARAGRAPH
from db.model import Block, Span, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from db.model import Reading

DetailKind = Literal["person", "body", "place", "date", "amount"]

_ISO_DAY = len("2009-12-04")
_KINDS: dict[str, DetailKind] = {"person": "person", "body": "body", "place": "place"}
_STOPS = frozenset(".!?")
_MONEY = frozenset("$£€¥₹")


@dataclass(frozen=True, slots=True)
class Detail:
    """One person, body, place, date or amount; `span` is where it is printed, in code points of the article.

    `value` is the full name, an ISO 8601 date, interval or time of day, or a plain number and its unit as printed;
    None where the article does not tell it for certain.
    """

    kind: DetailKind
    span: Span
    value: str | None


@dataclass(frozen=True, slots=True)
class _Known:
    """Somebody the article's registry holds under one of its names; `kind` is None where the names do not tell it."""

    kind: Literal["person", "body"] | None
    name: str | None


def find_fact_details(reading: Reading) -> list[tuple[Detail, ...]]:
    """The details of every fact, in the order of `reading.facts`; linear in the article's length."""
    known, published = _index(reading.speakers), _day(reading.head.published)
    return [_details(reading.text, fact.span, published, known) for fact in reading.facts]


def find_details(
    text: str, span: Span, *, published: str | None = None, speakers: Sequence[Speaker] = ()
) -> tuple[Detail, ...]:
    """Find the people, bodies, places, dates and amounts in one sentence.

    Args:
        text: The article, as stored.
        span: The sentence.
        published: ISO date of the article, from which "Tuesday" is counted; None or no date leaves it open.
        speakers: The article's people and bodies, which lend a surname its full name.

    Returns:
        Details in reading order, none overlapping; none for what is too long to be prose. Pronouns are not among them:
        see the fact's referents.
    """
    return _details(text, span, _day(published), _index(speakers))


def _details(
    text: str, span: Span, published: date | None, known: Mapping[tuple[str, ...], _Known]
) -> tuple[Detail, ...]:
    # As in reading: what is too long to be prose must not cost time.
    if span.end - span.start > LONGEST_PARAGRAPH:
        return ()
    sentence = span.slice(text)
    found: list[Detail] = []
    _claim(found, (_at(span, "date", *one) for one in find_dates(sentence, published=published)))
    _claim(found, _names(text, span, known))
    amounts = sorted(find_amounts(sentence), key=lambda a: (a[0], -a[1]))
    _claim(found, (_at(span, "amount", *one) for one in amounts))
    return tuple(found)


def _at(span: Span, kind: DetailKind, start: int, end: int, value: str | None) -> Detail:
    return Detail(kind, Span(span.start + start, span.start + end), value)


def _claim(found: list[Detail], more: Iterable[Detail]) -> None:
    """Add, in reading order, what overlaps nothing found before: the 4 of "4 May" is no amount."""
    taken, at, added, last = list(found), 0, [], -1
    for detail in more:
        while at < len(taken) and taken[at].span.end <= detail.span.start:
            at += 1
        is_free = at == len(taken) or not taken[at].span.overlaps(detail.span)
        if is_free and detail.span.start >= last:
            added.append(detail)
            last = detail.span.end
    found[:] = sorted([*taken, *added], key=lambda d: d.span)


def _names(text: str, span: Span, known: Mapping[tuple[str, ...], _Known]) -> Iterable[Detail]:
    """Names of a known kind, and of an unknown one where the registry has them; a headline shows no names by itself."""
    # "Ada Okoye of the Harbour Trust moved to Leeds." has as many large words, but ends as sentences do.
    is_large = text[span.end - 1 : span.end] not in _STOPS and is_headline(text, Block("paragraph", span))
    for mention in find_mentions(text, span, load_lexicon()):
        # The US of "US$5" is no place here.
        if mention.sort != "name" or text[mention.end : mention.end + 1] in _MONEY:
            continue
        entry, own = known.get(name_key(mention.words)), _KINDS.get(mention.kind)
        kind = "place" if own == "place" else (entry.kind if entry else None) or own
        if entry and not kind and mention.determiner == "the":
            kind = "body"
        if kind and (entry or not is_large):
            name = entry.name if entry and kind != "place" else " ".join(mention.words)
            yield Detail(kind, Span(mention.start, mention.end), name)


def _index(speakers: Iterable[Speaker]) -> dict[tuple[str, ...], _Known]:
    """Every name of everybody, to its bearer; a name that two people share leads to no one."""
    known: dict[tuple[str, ...], _Known] = {}
    for speaker in speakers:
        kind = _kind(speaker)
        for form in {speaker.name, *speaker.aliases}:
            key = name_key(form.removeprefix("the ").split())
            earlier = known.get(key)
            is_shared = earlier is not None and earlier.name != speaker.name
            known[key] = _Known(kind, None if is_shared else speaker.name)
    return known


def _kind(speaker: Speaker) -> Literal["person", "body"] | None:
    """Bodies are told by the kind of their name, or by an article before it: "the League"."""
    mentions = find_mentions(speaker.name, Span(0, len(speaker.name)), load_lexicon())
    if any(m.kind == "person" for m in mentions):
        return "person"
    if any(m.kind == "body" for m in mentions) or any(form.startswith("the ") for form in speaker.aliases):
        return "body"
    return "person" if speaker.role else None


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat((published or "")[:_ISO_DAY])
    except ValueError:
        return None
