"""Who a source is: from its words to a speaker's name."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.reading.confidence import SURE_ENOUGH, Way, find_factors, load_weights, score_confidence
from bot.reading.continuations import Continuations
from bot.reading.lexicon import load_lexicon
from bot.reading.names import find_common_words, find_mentions, is_headline, keep_names
from bot.reading.people import Entity, People
from bot.reading.referents import Link, Walk
from bot.reading.text import is_read, split_sentences
from db.model import Referent, Span, Speaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.reading.lexicon import Lexicon
    from bot.reading.names import Mention
    from db.model import Block, Head, Quotation


@dataclass(frozen=True, slots=True)
class Cast:
    """Who speaks in an article and whom its pronouns and short forms mean."""

    quotations: tuple[Quotation, ...]
    speakers: tuple[Speaker, ...]
    referents: tuple[Referent, ...]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whom a source means, by which way, and how much of the belief it has."""

    entity: Entity | None
    way: Way
    belief: float = 1.0


def resolve_speakers(
    text: str, blocks: Sequence[Block], quotations: Sequence[Quotation], head: Head
) -> tuple[list[Quotation], list[Speaker]]:
    """Name the speaker of each quotation, or leave it open where that is uncertain.

    Args:
        text: The article, as stored.
        blocks: Its blocks in reading order.
        quotations: As found, in reading order; `confidence` how sure it is that this is speech by this source.
        head: What stands over the article.

    Returns:
        The quotations with `speaker` and calibrated `confidence`, and the article's people and bodies, most spoken of
        first, each under its fullest proper name.
    """
    del head
    cast = read_cast(text, blocks, split_sentences(text, blocks), quotations)
    return list(cast.quotations), list(cast.speakers)


def read_cast(text: str, blocks: Sequence[Block], sentences: Sequence[Span], quotations: Sequence[Quotation]) -> Cast:
    """Like `resolve_speakers`, with the referents that facts need, from one walk through the article."""
    lexicon = load_lexicon()
    people = People(lexicon)
    common = find_common_words(text)
    found = [(block, find_mentions(text, block.span, lexicon, common)) for block in blocks if is_read(block)]
    read = keep_names(found, [s.start for q in quotations for s in q.source])
    headlines = {block.span.start for block in blocks if is_headline(text, block)}
    quotations = Continuations(text, read).complete(quotations)
    people.learn(m for block, mentions in read for m in mentions if block.span.start not in headlines)
    walk = Walk(text, people, sentences, quotations, load_weights().antecedent)
    walk.poll_genders(mentions for block, mentions in read if block.span.start not in headlines)
    for block, mentions in read:
        walk.block(mentions, is_headline=block.span.start in headlines)
    links = sorted(walk.links, key=lambda k: k.mention.end)
    ends = [k.mention.end for k in links]
    resolver = _Resolver(text, lexicon, links, ends)
    named = _attribute(quotations, resolver, read)
    referents = (
        Referent(Span(k.mention.start, k.mention.end), k.entity.printed)
        for k in walk.links
        if k.entity and k.entity.name and k.mention.sort != "name" and k.belief >= _SURE_REFERENT
    )
    return Cast(
        tuple(named),
        tuple(_speakers(people, {q.speaker for q in named})),
        tuple(sorted(referents, key=lambda r: r.span)),
    )


def _attribute(
    quotations: Sequence[Quotation], resolver: _Resolver, read: Sequence[tuple[Block, Sequence[Mention]]]
) -> list[Quotation]:
    weights = load_weights()
    starts = [block.span.start for block, _ in read]
    paragraphs = [bisect_right(starts, q.content[0].start) for q in quotations]
    sources: dict[int, set[int]] = {}
    for paragraph, quotation in zip(paragraphs, quotations, strict=True):
        sources.setdefault(paragraph, set()).update(s.start for s in quotation.source)
    named: list[Quotation] = []
    for paragraph, quotation in zip(paragraphs, quotations, strict=True):
        found = resolver.attribute(quotation, named)
        is_sure = found.entity and found.entity.name and found.belief >= SURE_ENOUGH
        factors = find_factors(quotation, found.way, found.belief, max(len(sources[paragraph]) - 1, 0))
        named.append(
            replace(
                quotation,
                speaker=found.entity.printed if found.entity and is_sure else None,
                confidence=score_confidence(factors, weights),
            )
        )
    return named


# A pronoun's referent is shown to readers only where it is clear.
_SURE_REFERENT = 0.6


def _speakers(people: People, quoted: set[str | None]) -> list[Speaker]:
    """People and bodies, and whatever else was quoted; a country that says nothing is no speaker."""
    kept = [e for e in people.entities if e.count and (e.kind in {"person", "body"} or e.printed in quoted)]
    kept.sort(key=lambda e: -e.count)
    speakers: dict[str, Speaker] = {}
    for entity in kept:
        name = entity.printed
        aliases = tuple(form for form in entity.forms if form != name)
        if name in speakers:
            aliases = tuple(dict.fromkeys((*speakers[name].aliases, *aliases)))
        speakers[name] = Speaker(name, aliases, entity.role or None)
    return list(speakers.values())


# Characters between a name and the "who" that goes on from it.
_MAX_RELATIVE_GAP = 3
_CASELESS = re.compile(r"^[^\W\d_]+(?:[ ·・.][^\W\d_]+)*$")


class _Resolver:
    """Reads sources against the links of one article."""

    def __init__(self, text: str, lexicon: Lexicon, links: Sequence[Link], ends: Sequence[int]) -> None:
        self.text, self.lexicon, self.links, self.ends = text, lexicon, links, ends

    def attribute(self, quotation: Quotation, earlier: Sequence[Quotation]) -> Attribution:
        """Whom the quotation's source means."""
        if not quotation.source:
            return Attribution(None, "none", 0.0)
        span = quotation.source[0]
        words = span.slice(self.text).strip().lower()
        if words in self.lexicon.speaking_pronouns:
            return self._speaking(words, span, earlier)
        links = [k for s in quotation.source for k in self._inside(s)]
        if words in self.lexicon.pronouns:
            link = links[0] if links else None
            return (
                Attribution(link.entity, "pronoun", link.belief)
                if link
                else Attribution(None, "pronoun", 0.0)
            )
        if words in self.lexicon.relative_pronouns:
            return self._relative(span)
        return self._phrase(span, links)

    def _inside(self, span: Span) -> list[Link]:
        first = bisect_left(self.ends, span.start + 1)
        found: list[Link] = []
        for link in self.links[first : first + 60]:
            if link.mention.end > span.end:
                break
            if link.mention.start >= span.start - 5:
                found.append(link)
        return found

    def _speaking(self, words: str, span: Span, earlier: Sequence[Quotation]) -> Attribution:
        """ "I" inside somebody's speech is that somebody; in the article's own voice it is the reporter."""
        if words in {"i", "me", "my", "mine", "myself"}:
            for outer in reversed(earlier[-12:]):
                if outer.speaker and any(c.start <= span.start and span.end <= c.end for c in outer.content):
                    return Attribution(Entity("person", tuple(outer.speaker.split())), "self", 1.0)
        return Attribution(None, "self", 0.0)

    def _relative(self, span: Span) -> Attribution:
        at = bisect_left(self.ends, span.start + 1) - 1
        if at < 0 or span.start - self.ends[at] > _MAX_RELATIVE_GAP:
            return Attribution(None, "relative", 0.0)
        return Attribution(self.links[at].entity, "relative")

    def _phrase(self, span: Span, links: Sequence[Link]) -> Attribution:
        """The head of a source of several words: the name it is about, or nobody named."""
        for i, link in enumerate(links):
            m, after = link.mention, links[i + 1] if i + 1 < len(links) else None
            if m.sort == "name":
                if any(k.mention.sort == "noun" and k.mention.start < m.start < k.mention.end for k in links[i + 1 :]):
                    continue
                if m.is_possessive and self.text[m.end : span.end].strip(" ’'s,"):
                    continue
                if self._is_modifier(link, span):
                    continue
                if self._is_oblique(m.start, span):
                    return Attribution(None, "nominal", 1.0)
                if link.entity and link.entity.kind in {"people", "thing"}:
                    return Attribution(None, "nominal", 1.0)
                if self._is_joined(m.end, span):
                    return Attribution(None, "several", 1.0)
                return Attribution(link.entity, "name", link.belief)
            if m.sort == "noun":
                if (
                    after
                    and after.mention.sort == "name"
                    and 0 < after.mention.start - m.end <= 2
                    and not self._is_modifier(after, span)
                ):
                    continue
                named = link.entity if m.kind != "people" else None
                return Attribution(named, "nominal", link.belief if named else 1.0)
        text = span.slice(self.text).strip()
        if _CASELESS.match(text) and text.lower() == text.upper() and len(text) <= 30:
            return Attribution(Entity("person", tuple(text.split())), "name", 1.0)
        return Attribution(None, "nominal", 1.0)

    def _is_modifier(self, link: Link, span: Span) -> bool:
        """A name in front of the noun that the source is about: "Okoye supporters"."""
        m, lex = link.mention, self.lexicon
        if not m.noun or m.end >= span.end - 1 or m.is_possessive:
            return False
        if link.entity and link.entity.name[-1:] == (m.noun,):
            return False
        if m.noun in lex.body_nouns:
            return False
        return (
            m.noun in lex.plural_nouns
            or m.noun in lex.roles
            or self.text[m.end : span.end].strip()[:1].islower()
            and m.noun.endswith("s")
        )

    def _is_oblique(self, start: int, span: Span) -> bool:
        before = self.text[span.start : start].lower().split()
        while before and before[-1] in {"the", "a", "an", "former"}:
            before.pop()
        if not before or before[-1] not in self.lexicon.prepositions:
            return False
        return before[-1] not in {"by", "from", "of", "in"} or self.lexicon.documents.isdisjoint(before)

    def _is_joined(self, end: int, span: Span) -> bool:
        return (
            bool(re.match(r"(?:,[^,]*)?,? and (?:[A-Z]|(?:his|her|the) )", self.text[end : span.end]))
            and "," not in self.text[end : end + 1]
        )
