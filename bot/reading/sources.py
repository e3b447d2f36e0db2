"""Whom the words of a source mean: a name, a pronoun, a description, several people, or nobody known."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.reading.people import Entity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.reading.confidence import Way
    from bot.reading.lexicon import Lexicon
    from bot.reading.referents import Link
    from db.model import Quotation, Span

# Scripts without capitals cannot be searched for names; there a short source is taken for one.
_CASELESS = re.compile(r"^[^\W\d_]+(?:[ ·・.][^\W\d_]+)*$")
_MAX_CASELESS = 30
_JOINED = re.compile(r",? and (?:[A-Z]|(?:his|her|the) )")
_ARTICLES = frozenset(["the", "a", "an", "former"])
_AUTHOR_WORDS = frozenset(["by", "from", "of", "in"])
# "Republicans", "the deal": as printed, never a speaker's name.
_UNNAMED = frozenset(["people", "thing"])
_FIRST_PERSON = frozenset(["i", "me", "my", "mine", "myself"])
# Characters between a name and the "who" that goes on from it.
_MAX_RELATIVE_GAP = 3
# A source's possessive or determiner may begin a little before its first mention.
_SLACK = 5
_MAX_LINKS = 60
_MAX_OUTER = 12
_LIKELY = 0.9


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whom a source means, by which way, and how much of the belief it has."""

    entity: Entity | None
    way: Way
    belief: float = 1.0


class Resolver:
    """Reads sources against the links of one article, which are given in the order of their ends."""

    def __init__(self, text: str, lexicon: Lexicon, links: Sequence[Link]) -> None:
        self.text, self.lexicon, self.links = text, lexicon, links
        self.ends = [k.mention.end for k in links]

    def attribute(self, quotation: Quotation, earlier: Sequence[Quotation]) -> Attribution:
        """Whom the quotation's source means; `earlier` are the quotations before it, with their speakers."""
        if not quotation.source:
            return Attribution(None, "none", 0.0)
        span = quotation.source[0]
        words = span.slice(self.text).strip().lower()
        if words in self.lexicon.speaking_pronouns:
            return _speaking(words, span, earlier)
        links = [k for s in quotation.source for k in self._inside(s)]
        if words in self.lexicon.pronouns:
            known = links[0] if links and links[0].entity and links[0].entity.kind not in _UNNAMED else None
            return Attribution(known.entity, "pronoun", known.belief) if known else Attribution(None, "pronoun", 0.0)
        if words in self.lexicon.relative_pronouns:
            return self._relative(span)
        return self._phrase(span, links)

    def _inside(self, span: Span) -> list[Link]:
        first = bisect_left(self.ends, span.start + 1)
        window = self.links[first : first + _MAX_LINKS]
        return [k for k in window if k.mention.end <= span.end and k.mention.start >= span.start - _SLACK]

    def _relative(self, span: Span) -> Attribution:
        """Who "who" goes on from: the mention right before it."""
        at = bisect_left(self.ends, span.start + 1) - 1
        if at < 0 or span.start - self.ends[at] > _MAX_RELATIVE_GAP:
            return Attribution(None, "relative", 0.0)
        return Attribution(self.links[at].entity, "relative", _LIKELY)

    def _phrase(self, span: Span, links: Sequence[Link]) -> Attribution:
        """The head of a source of several words: the name it is about, or nobody named."""
        links = _without_beginnings(links)
        for i, link in enumerate(links):
            if link.mention.sort == "name":
                found = self._by_name(link, span, links[i + 1 :])
            else:
                found = self._by_noun(link, links[i + 1 : i + 2], span) if link.mention.sort == "noun" else None
            if found:
                return found
        words = span.slice(self.text).strip()
        if len(words) <= _MAX_CASELESS and words.lower() == words.upper() and _CASELESS.match(words):
            return Attribution(Entity("person", tuple(words.split())), "name", _LIKELY)
        return Attribution(None, "nominal")

    def _by_name(self, link: Link, span: Span, rest: Sequence[Link]) -> Attribution | None:
        """What a name in a source makes of it; None where the name only describes what comes behind it."""
        m = link.mention
        is_covered = any(k.mention.sort == "noun" and k.mention.start < m.start < k.mention.end for k in rest)
        is_owner = m.is_possessive and self.text[m.end : span.end].strip(" ’'s,")
        if is_covered or is_owner or self._is_modifier(link, span):
            return None
        if self._is_oblique(m.start, span) or not link.entity or link.entity.kind in _UNNAMED:
            return Attribution(None, "nominal")
        if _JOINED.match(self.text, m.end, span.end):
            return Attribution(None, "several")
        return Attribution(link.entity, "name", link.belief)

    def _by_noun(self, link: Link, rest: Sequence[Link], span: Span) -> Attribution | None:
        """Who "the mayor" is known to be; None where the name comes right behind: "the mayor Bill Gray"."""
        m = link.mention
        after = rest[0] if rest else None
        if (
            after
            and after.mention.sort == "name"
            and 0 < after.mention.start - m.end <= len(", ")
            and not self._is_modifier(after, span)
        ):
            return None
        known = link.entity if m.kind != "people" else None
        return Attribution(known, "nominal", link.belief if known else 1.0)

    def _is_modifier(self, link: Link, span: Span) -> bool:
        """A name in front of the noun that the source is about: "Okoye supporters"."""
        m, lex = link.mention, self.lexicon
        if not m.noun or m.is_possessive or m.end >= span.end - 1 or m.noun in lex.body_nouns:
            return False
        if link.entity and link.entity.name[-1:] == (m.noun,):
            return False
        is_plural = m.noun.endswith("s") and self.text[m.end : span.end].strip()[:1].islower()
        return is_plural or m.noun in lex.plural_nouns or m.noun in lex.roles

    def _is_oblique(self, start: int, span: Span) -> bool:
        """Behind a preposition: "critics of Okoye"; but a report by the Institute speaks for the Institute."""
        before = self.text[span.start : start].lower().split()
        while before and before[-1] in _ARTICLES:
            before.pop()
        if not before or before[-1] not in self.lexicon.prepositions:
            return False
        return before[-1] not in _AUTHOR_WORDS or self.lexicon.documents.isdisjoint(before)


def _without_beginnings(links: Sequence[Link]) -> list[Link]:
    """Without the descriptions that only begin a longer one: "the chief" in "the chief engineer, Owen Hale"."""
    behind = [*links[1:], None]
    return [
        k
        for k, after in zip(links, behind, strict=False)
        if k.mention.sort != "noun" or after is None or after.mention.start > k.mention.start
    ]


def _speaking(words: str, span: Span, earlier: Sequence[Quotation]) -> Attribution:
    """Who "I" is: inside somebody's speech that somebody, in the article's own voice the reporter, who has no name."""
    if words in _FIRST_PERSON:
        for outer in reversed(earlier[-_MAX_OUTER:]):
            if outer.speaker and any(c.start <= span.start and span.end <= c.end for c in outer.content):
                return Attribution(Entity("person", tuple(outer.speaker.split())), "self", _LIKELY)
    return Attribution(None, "self", 0.0)
