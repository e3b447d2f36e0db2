"""Whom each mention means: one walk through the article that keeps who was last spoken of, and how.

The choice of an antecedent is a sum of weighted features in the tradition of Lappin and Leass (1994): recency,
grammatical role, gender, number, who spoke last. The weights live in `speaker_weights.toml`.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.reading.people import Entity, People, name_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.reading.names import Mention
    from db.model import Block, Quotation, Span

# How many of the entities last spoken of may be meant by a pronoun.
_MAX_RECENT = 14
_HEADLINE_WORD = re.compile(r"[\w’'.&-]+")


@dataclass(frozen=True, slots=True)
class Link:
    """A mention and whom it means; None where that is nobody known. `margin` is the lead over the next candidate."""

    mention: Mention
    entity: Entity | None
    margin: float = math.inf
    rivals: int = 0


@dataclass(slots=True)
class _Seen:
    """The last mention of an entity: where it stood and what it did there."""

    sentence: int
    paragraph: int
    offset: int
    is_subject: bool = False
    is_oblique: bool = False
    is_possessive: bool = False
    is_pronoun: bool = False
    is_source: bool = False
    is_spoken: bool = False
    is_first: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each feature of a candidate counts."""

    sentence: float = -0.8
    paragraph: float = -0.25
    subject: float = 0.9
    oblique: float = -0.6
    possessive: float = -0.6
    pronoun: float = 0.5
    source: float = 0.9
    last_speaker: float = 0.8
    spoken: float = -1.5
    first: float = 0.3
    count: float = 0.35
    total: float = 0.25
    gender_sure: float = 1.0
    gender_known: float = 0.8
    unknown_kind: float = -0.8
    unnamed: float = -0.2
    in_content: float = -2.5


class Walk:
    """One walk through an article in reading order."""

    def __init__(
        self,
        text: str,
        people: People,
        sentences: Sequence[Span],
        quotations: Sequence[Quotation],
        weights: Weights | None = None,
    ) -> None:
        self.text, self.people, self.weights = text, people, weights or Weights()
        self.sentence_starts = [s.start for s in sentences]
        self.spoken = sorted((c.start, c.end) for q in quotations if q.type == "direct" for c in q.content)
        self.spoken_starts = [s for s, _ in self.spoken]
        self.narrative = _narrative_ordinals(sentences, self.spoken)
        self.sources = {s.start: q for q in quotations for s in q.source}
        self.source_starts = sorted(self.sources)
        self.links: list[Link] = []
        self.seen: dict[int, _Seen] = {}
        self.recent: list[Entity] = []
        self.last_speaker: Entity | None = None
        self.unnamed: dict[str, Entity] = {}
        self.sentence = self.paragraph = -1
        self.has_first = False

    def block(self, block: Block, mentions: Sequence[Mention]) -> None:
        """Walk through one block."""
        self.paragraph += 1
        if block.kind == "title":
            mentions = [known for mention in mentions for known in self._in_headline(mention)]
        for mention in mentions:
            sentence = bisect_right(self.sentence_starts, mention.start) - 1
            if sentence != self.sentence:
                self.sentence, self.has_first = sentence, False
            is_spoken = self._is_spoken(mention.start)
            link = self._link(mention, is_spoken=is_spoken)
            self.links.append(link)
            if link.entity:
                self._see(link.entity, mention, is_spoken=is_spoken)

    def _in_headline(self, mention: Mention) -> list[Mention]:
        """A headline may write every word large: keep the names that the article's body knows."""
        if mention.sort != "name":
            return [mention]
        found: list[Mention] = []
        words = [
            (m.start(), m.end(), m.group()) for m in _HEADLINE_WORD.finditer(self.text, mention.start, mention.end)
        ]
        at = 0
        while at < len(words):
            for n in (4, 3, 2, 1):
                key = name_key([w.removesuffix("’s").removesuffix("'s") for _, _, w in words[at : at + n]])
                if at + n <= len(words) and self.people.knows(key):
                    part = words[at : at + n]
                    found.append(
                        replace(mention, start=part[0][0], end=part[-1][1], words=tuple(w for _, _, w in part))
                    )
                    break
            else:
                n = 1
            at += n
        return found

    def _is_spoken(self, offset: int) -> bool:
        at = bisect_right(self.spoken_starts, offset) - 1
        return at >= 0 and offset < self.spoken[at][1]

    def source_of(self, mention: Mention) -> Quotation | None:
        """The quotation whose source this mention stands in."""
        at = bisect_right(self.source_starts, mention.start) - 1
        if at < 0:
            return None
        start = self.source_starts[at]
        quotation = self.sources[start]
        return quotation if any(s.start <= mention.start < s.end for s in quotation.source) else None

    def _link(self, mention: Mention, *, is_spoken: bool) -> Link:
        if mention.sort == "name":
            return self._name(mention)
        if mention.sort == "noun":
            return self._noun(mention)
        if is_spoken and not self.source_of(mention):
            return Link(mention, None)
        return self._pronoun(mention)

    def _name(self, mention: Mention) -> Link:
        people, lex = self.people, self.people.lexicon
        found = people.find(mention)
        entity, margin = found[0], math.inf
        if len(found) > 1:
            scored = sorted(((self._prominence(e), -i) for i, e in enumerate(found)), reverse=True)
            entity, margin = found[-scored[0][1]], scored[0][0] - scored[1][0]
        owns = mention.noun in lex.body_nouns and not mention.is_possessive and entity.kind in {"person", "place"}
        if owns and not self._has_head_behind(mention):
            return Link(mention, people.body_of(entity, mention.noun))
        people.note(entity, mention, self.text)
        self._join_alias(entity, mention)
        return Link(mention, entity, margin, len(found) - 1)

    def _has_head_behind(self, mention: Mention) -> bool:
        """Whether another noun follows the body's: "the Okoye campaign manager"."""
        behind = _TWO_WORDS.match(self.text, mention.end, mention.end + 60)
        lex = self.people.lexicon
        return bool(behind) and (behind.group(2) in lex.roles or behind.group(2) in lex.plural_nouns)  # type: ignore[union-attr]

    def _join_alias(self, entity: Entity, mention: Mention) -> None:
        """ "X, known as Y" and "X (Y)": two names of one thing."""
        before = next((k for k in reversed(self.links[-3:]) if k.mention.sort == "name"), None)
        if not before or not before.entity or before.entity is entity or mention.start - before.mention.end > 60:
            return
        gap = self.text[before.mention.end : mention.start]
        cues = self.people.lexicon.alias_cues
        trimmed = gap.lower().rstrip(" “\"'‘").removesuffix(" the").rstrip()
        is_alias = any(trimmed.endswith(cue) for cue in cues) and trimmed.count(",") <= 1 and "." not in trimmed
        is_bracket = (
            gap in {" (", " (the ", " (The "}
            and self.text[mention.end : mention.end + 1] == ")"
            and before.entity.kind != "person"
            and len(mention.words[-1]) > 1
            and entity.kind in {"body", "unknown"}
        )
        if is_alias or is_bracket:
            self.people.merge(before.entity, entity)
            seen = self.seen.pop(id(entity), None)
            self.recent = [e for e in self.recent if e is not entity]
            self.links = (
                [Link(k.mention, before.entity, k.margin, k.rivals) if k.entity is entity else k for k in self.links]
                if seen
                else self.links
            )

    def _prominence(self, entity: Entity) -> float:
        """Who a bare surname means where a family shares it: the one spoken of most, or just now."""
        seen = self.seen.get(id(entity))
        score = math.log1p(entity.count)
        if seen:
            score += 1.5 / (1 + self.paragraph - seen.paragraph) + 0.5
        return score

    def _noun(self, mention: Mention) -> Link:
        lex, noun = self.people.lexicon, mention.words[0]
        if mention.kind == "people":
            return Link(mention, Entity("people", gender="plural"))
        if mention.determiner in {"'s", "his", "her", "their", "its"} and mention.kind == "body":
            owner = next(
                (
                    k.entity
                    for k in reversed(self.links[-3:])
                    if k.mention.start <= mention.start + 1 and k.mention.end >= mention.start - 1
                ),
                None,
            )
            if owner and owner.name and owner.kind in {"person", "body"}:
                return Link(mention, self.people.body_of(owner, noun) if owner.kind == "person" else None)
        if mention.determiner in {"the", "this", "that"}:
            known = self._known_by(noun, mention)
            if known:
                return Link(mention, known, 1.0)
        if mention.determiner in lex.indefinite or noun not in self.unnamed:
            self.unnamed[noun] = Entity(mention.kind, gender=mention.gender, is_gender_sure=bool(mention.gender))
        return Link(mention, self.unnamed[noun])

    def _known_by(self, noun: str, mention: Mention) -> Entity | None:
        if mention.kind == "person":
            if noun in self.unnamed:
                return self.unnamed[noun]
            people = self.people.with_role(noun)
            return people[0] if len(people) == 1 else None
        bodies = [e for e in self.recent if e.kind == "body" and e.name and (noun in e.nouns or _is_of_kind(noun, e))]
        return bodies[0] if bodies else self.unnamed.get(noun)

    def _pronoun(self, mention: Mention) -> Link:
        quotation = self.source_of(mention)
        named = self._named_in(quotation) if quotation else frozenset()
        scored = [
            (self.score(e, mention, is_named=id(e) in named), -i)
            for i, e in enumerate(self.recent)
            if _agrees(e, mention)
        ]
        if not scored:
            return Link(mention, None, 0.0)
        scored.sort(reverse=True)
        best = self.recent[-scored[0][1]]
        margin = scored[0][0] - scored[1][0] if len(scored) > 1 else 3.0
        return Link(mention, best, margin, len(scored) - 1)

    def _named_in(self, quotation: Quotation) -> frozenset[int]:
        """Who is named inside the words said; a speaker seldom speaks of himself by name."""
        return frozenset(
            id(k.entity)
            for k in self.links[-40:]
            if k.entity
            and k.mention.sort == "name"
            and any(c.start <= k.mention.start < c.end for c in quotation.content)
        )

    def score(self, entity: Entity, mention: Mention, *, is_named: bool) -> float:
        """How likely a pronoun means this candidate; only differences between candidates matter."""
        seen, w = self.seen[id(entity)], self.weights
        total = (
            w.sentence * min(self.narrative[max(self.sentence, 0)] - self.narrative[max(seen.sentence, 0)], 6)
            + w.paragraph * min(self.paragraph - seen.paragraph, 8)
            + w.subject * seen.is_subject
            + w.oblique * seen.is_oblique
            + w.possessive * seen.is_possessive
            + w.pronoun * seen.is_pronoun
            + w.source * seen.is_source
            + w.last_speaker * (entity is self.last_speaker)
            + w.spoken * seen.is_spoken
            + w.first * seen.is_first
            + w.count * math.log1p(seen.count)
            + w.total * math.log1p(entity.count)
            + w.in_content * is_named
        )
        if mention.gender in {"male", "female"} and entity.gender == mention.gender:
            total += w.gender_sure if entity.is_gender_sure else w.gender_known
        if entity.kind == "unknown":
            total += w.unknown_kind
        return total + (w.unnamed if not entity.name else 0.0)

    def _see(self, entity: Entity, mention: Mention, *, is_spoken: bool) -> None:
        last = self.seen.get(id(entity))
        count = (last.count if last else 0) + 1
        if is_spoken and last and not last.is_spoken and self.paragraph - last.paragraph < 3:
            last.count = count
            return
        source = self.source_of(mention)
        is_first = not self.has_first and not is_spoken
        self.has_first = self.has_first or not is_spoken
        self.seen[id(entity)] = _Seen(
            self.sentence, self.paragraph, mention.start,
            is_subject=bool(source) or (is_first and not mention.is_oblique and not mention.is_possessive),
            is_oblique=mention.is_oblique and not source,
            is_possessive=mention.is_possessive and not source,
            is_pronoun=mention.sort == "pronoun", is_source=bool(source), is_spoken=is_spoken, is_first=is_first, count=count,
        )  # fmt: skip
        if source and entity.kind != "people":
            self.last_speaker = entity
        if mention.sort == "pronoun" and entity.gender == "" and entity.kind in {"person", "unknown"}:
            entity.gender = mention.gender if mention.gender in {"male", "female"} else ""
        self.recent = [entity, *(e for e in self.recent if e is not entity)][:_MAX_RECENT]


_TWO_WORDS = re.compile(r"[ \u00a0]([a-z][\w-]*)[ \u00a0]([a-z][\w-]*)")
_GENERIC = {
    "group": frozenset(["league", "militia", "movement", "alliance", "coalition", "union", "association", "committee", "council", "foundation", "front", "institute", "network", "organization", "organisation", "society", "federation", "pac", "club"]),
    "organization": frozenset(["league", "alliance", "union", "association", "committee", "council", "foundation", "institute", "society", "federation", "group"]),
    "organisation": frozenset(["league", "alliance", "union", "association", "committee", "council", "foundation", "institute", "society", "federation", "group"]),
    "newspaper": frozenset(["times", "post", "journal", "herald", "telegraph", "gazette", "tribune", "guardian", "daily", "news"]),
    "paper": frozenset(["times", "post", "journal", "herald", "telegraph", "gazette", "tribune", "guardian", "daily", "news"]),
    "company": frozenset(["inc", "corp", "co", "llc", "ltd", "plc", "corporation", "holdings", "airlines", "bank", "partners"]),
    "network": frozenset(["news", "tv", "television", "broadcasting"]),
    "agency": frozenset(["agency", "administration", "bureau", "department", "service"]),
}  # fmt: skip


def _is_of_kind(noun: str, entity: Entity) -> bool:
    kinds = _GENERIC.get(noun)
    return bool(kinds) and (bool(entity.nouns & kinds) or not kinds.isdisjoint(name_key(entity.name)))  # type: ignore[operator]


def _agrees(entity: Entity, mention: Mention) -> bool:
    """Gender and number allow that the pronoun means this entity."""
    if mention.gender in {"male", "female"}:
        return entity.kind in {"person", "unknown"} and entity.gender in {mention.gender, ""}
    if mention.gender == "thing":
        return entity.kind in {"body", "place", "thing"} or (entity.kind == "unknown" and not entity.gender)
    return entity.kind in {"people", "body"}


def _narrative_ordinals(sentences: Sequence[Span], spoken: Sequence[tuple[int, int]]) -> list[int]:
    """Number the sentences; one that is speech from end to end takes no number of its own, so it adds no distance."""
    ordinals: list[int] = []
    number = at = 0
    for sentence in sentences:
        while at < len(spoken) and spoken[at][1] <= sentence.start:
            at += 1
        is_speech = at < len(spoken) and spoken[at][0] <= sentence.start + 1 and spoken[at][1] >= sentence.end - 1
        number += not is_speech
        ordinals.append(number)
    return ordinals or [0]


def find_links(links: Sequence[Link], starts: Sequence[int], span: Span) -> list[Link]:
    """The links whose mention begins inside a span; `starts` are the links' ends of their heads in order."""
    return list(links[bisect_left(starts, span.start) : bisect_left(starts, span.end)])
