"""Whom each mention means: one walk through the article that keeps who was last spoken of, and how.

The choice of an antecedent is a sum of weighted features in the tradition of Lappin and Leass (1994): recency,
grammatical role, gender, number, who spoke last. The weights live in `speaker_weights.toml`.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import mul
from typing import TYPE_CHECKING

from bot.reading.people import Entity, People, name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.reading.lexicon import Gender
    from bot.reading.names import Mention
    from db.model import Quotation, Span

# How many of the entities last spoken of may be meant by a pronoun.
_MAX_RECENT = 14
_HEADLINE_WORD = re.compile(r"[\w’'.&-]+")


@dataclass(frozen=True, slots=True)
class Link:
    """A mention and whom it means; None where that is nobody known. `belief` is its share against the others."""

    mention: Mention
    entity: Entity | None
    belief: float = 1.0


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
    is_reported: bool = False
    is_asked: bool = False
    is_first: bool = False
    count: int = 0


FEATURES = (
    "sentence", "paragraph", "subject", "near_subject", "oblique", "possessive", "pronoun", "source", "near_source",
    "continued", "last_speaker", "latest", "spoken", "reported", "first", "asked", "count", "total", "gender_sure",
    "gender_known", "unknown_kind", "single", "unnamed", "in_content",
)  # fmt: skip


class Walk:
    """One walk through an article in reading order."""

    def __init__(
        self,
        text: str,
        people: People,
        sentences: Sequence[Span],
        quotations: Sequence[Quotation],
        weights: Sequence[float],
    ) -> None:
        self.text, self.people, self.weights = text, people, weights
        self.sentence_starts = [s.start for s in sentences]
        self.spoken = sorted((c.start, c.end) for q in quotations if q.type == "direct" for c in q.content)
        self.spoken_starts = [s for s, _ in self.spoken]
        self.reported = sorted((c.start, c.end) for q in quotations if q.type != "direct" for c in q.content)
        self.reported_starts = [s for s, _ in self.reported]
        self.narrative = _narrative_ordinals(sentences, self.spoken)
        self.sources = {s.start: q for q in quotations for s in q.source}
        self.source_starts = sorted(self.sources)
        self.links: list[Link] = []
        self.seen: dict[int, _Seen] = {}
        self.recent: list[Entity] = []
        self.recent_people: list[Entity] = []
        self.is_continued = False
        self.last_speaker: Entity | None = None
        self.unnamed: dict[str, Entity] = {}
        self.sentence = self.paragraph = -1
        self.has_first = False
        self.modifiers: frozenset[int] = frozenset()
        self.heads: frozenset[int] = frozenset()

    def poll_genders(self, paragraphs: Iterable[Sequence[Mention]]) -> None:
        """Learn the gender of those whose name does not tell it, from the pronouns in the sentences they open."""
        votes: dict[int, dict[str, int]] = {}
        voters: dict[int, Entity] = {}
        for mentions in paragraphs:
            subject, sentence = None, -1
            for m in mentions:
                at = bisect_right(self.sentence_starts, m.start) - 1
                if at != sentence:
                    subject, sentence = None, at
                if m.sort == "name" and subject is None and not m.is_oblique and m.kind in {"person", "unknown"}:
                    subject = m
                elif subject and m.gender in _PERSONAL and m.sort == "pronoun":
                    found = self.people.find(subject)
                    is_own = len(found) == 1 and not found[0].gender and not self._is_spoken(m.start)
                    if is_own and not self._is_reported(m.start):
                        voters[id(found[0])] = found[0]
                        tally = votes.setdefault(id(found[0]), {"male": 0, "female": 0})
                        tally[m.gender] += 1
        for key, tally in votes.items():
            gender: Gender = "male" if tally["male"] > tally["female"] else "female"
            needed = 1 if voters[key].kind == "person" else 2
            if tally[gender] >= needed and tally[gender] > 2 * (sum(tally.values()) - tally[gender]):
                voters[key].gender = gender

    def block(self, mentions: Sequence[Mention], *, is_headline: bool) -> None:
        """Walk through one block."""
        self.paragraph += 1
        if is_headline:
            mentions = [known for mention in mentions for known in self._in_headline(mention)]
        self.modifiers = _find_modifiers(self.text, mentions)
        self.heads = self._find_heads(mentions)
        for mention in mentions:
            sentence = bisect_right(self.sentence_starts, mention.start) - 1
            if sentence != self.sentence:
                self.sentence, self.has_first = sentence, False
            is_spoken = self._is_spoken(mention.start)
            link = self._link(mention, is_spoken=is_spoken)
            named = self._named_now(link)
            self.links.append(link)
            if link.entity:
                self._see(link.entity, mention, is_spoken=is_spoken)
            if named and link.entity:
                self.seen[id(link.entity)].is_subject |= named.is_subject
                self.seen[id(link.entity)].is_first |= named.is_first

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

    def _named_now(self, link: Link) -> _Seen | None:
        """ "One local woman, Ada Okoye," : who was unnamed a moment ago has a name; forget the unnamed one."""
        last = self.links[-1] if self.links else None
        if (
            not last
            or not last.entity
            or last.entity.name
            or link.mention.sort != "name"
            or last.mention.kind != "person"
        ):
            return None
        if self.text[last.mention.end : link.mention.start] not in {", ", " named ", " — ", " - "}:
            return None
        self.recent_people = [e for e in self.recent_people if e is not last.entity]
        return self.seen.pop(id(last.entity), None)

    def _find_heads(self, mentions: Sequence[Mention]) -> frozenset[int]:
        """Starts of the mentions that sources are about: in "Ada Okoye, director for Gray" it is the first."""
        inside: dict[int, list[Mention]] = {}
        for mention in mentions:
            at = bisect_right(self.source_starts, mention.start + 1) - 1
            if at >= 0 and any(s.start <= mention.start < s.end for s in self.sources[self.source_starts[at]].source):
                inside.setdefault(self.source_starts[at], []).append(mention)
        heads: set[int] = set()
        for start, found in inside.items():
            free = [m for m in found if m.start == start or not (m.is_oblique or m.start in self.modifiers)]
            names = [m for m in free if m.sort == "name" and not (m.is_possessive and m is not found[-1])]
            segment = [m for m in names if "," not in self.text[start : m.start]]
            heads.add((segment[-1:] or names[:1] or free[:1] or found[:1])[0].start)
        return frozenset(heads)

    def _is_reported(self, offset: int) -> bool:
        """Inside words that the article gives as somebody's, without marks round all of them."""
        at = bisect_right(self.reported_starts, offset) - 1
        return any(offset < end for _, end in self.reported[max(at - 2, 0) : at + 1])

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
        entity, belief = found[0], 1.0
        if len(found) > 1:
            scored = sorted(((self._prominence(e), -i) for i, e in enumerate(found)), reverse=True)
            entity, belief = found[-scored[0][1]], 1 / (1 + math.exp(scored[1][0] - scored[0][0]))
        owns = (
            mention.noun in lex.body_nouns
            and not mention.is_possessive
            and (entity.kind in {"person", "place"} or (entity.kind == "unknown" and len(mention.words) == 1))
        )
        if owns and not self._has_head_behind(mention):
            return Link(mention, people.body_of(entity, mention.noun))
        people.note(entity, mention, self.text)
        self._join_alias(entity, mention)
        return Link(mention, entity, belief)

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
        is_alias = any(trimmed.endswith((f" {cue}", f",{cue}")) for cue in cues) and trimmed.count(",") <= 1
        is_alias = (
            is_alias
            and "." not in trimmed
            and _ALIKE.get(entity.kind, entity.kind) == _ALIKE.get(before.entity.kind, before.entity.kind)
        )
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
            self.recent_people = [e for e in self.recent_people if e is not entity]
            self.links = (
                [Link(k.mention, before.entity, k.belief) if k.entity is entity else k for k in self.links]
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
        last = self.links[-1] if self.links else None
        if (
            mention.kind == "person"
            and last
            and last.entity
            and last.mention.sort == "name"
            and last.mention.end < mention.start
        ):
            gap = self.text[last.mention.end : mention.start]
            if gap in _EQUATES:
                return Link(mention, last.entity if last.entity.kind in {"person", "unknown"} else None)
        if mention.kind == "person" and self.text[mention.start - 4 : mention.start] == " as ":
            return Link(mention, None)
        if mention.determiner in {"'s", "his", "her", "their", "its"} and mention.kind == "body":
            owner = next(
                (
                    k.entity
                    for k in reversed(self.links[-3:])
                    if k.mention.start <= mention.start + 1 and k.mention.end >= mention.start - 4
                ),
                None,
            )
            if owner and owner.name and owner.kind in {"person", "body"}:
                return Link(mention, self.people.body_of(owner, noun) if owner.kind == "person" else None)
        if mention.determiner in {"the", "this", "that"}:
            known = self._known_by(noun, mention)
            if known:
                return Link(mention, known, 0.9)
        if mention.determiner in lex.indefinite or mention.kind == "body":
            self.unnamed[noun] = Entity(mention.kind, gender=mention.gender, is_gender_sure=bool(mention.gender))
        return Link(mention, self.unnamed.get(noun))

    def _known_by(self, noun: str, mention: Mention) -> Entity | None:
        if mention.kind == "person":
            if noun in self.unnamed:
                return self.unnamed[noun]
            people = self.people.with_role(noun)
            return people[0] if len(people) == 1 else None
        bodies = [e for e in self.recent if e.kind == "body" and e.name and (noun in e.nouns or _is_of_kind(noun, e))]
        return bodies[0] if bodies else self.unnamed.get(noun)

    def _pronoun(self, mention: Mention) -> Link:
        weighed = self.weigh(mention)
        if not weighed:
            return Link(mention, None, 0.0)
        scores = [sum(map(mul, row, self.weights)) for _, row in weighed]
        best = max(range(len(scores)), key=scores.__getitem__)
        total = sum(math.exp(x - scores[best]) for x in scores)
        return Link(mention, weighed[best][0], 1 / total)

    def weigh(self, mention: Mention) -> list[tuple[Entity, tuple[float, ...]]]:
        """The entities that a pronoun may mean, latest first, each with its features."""
        quotation = self.source_of(mention)
        named = self._named_in(quotation) if quotation else frozenset()
        self.is_continued = bool(quotation) and quotation.content[0].start < mention.start  # type: ignore[union-attr]
        recent = self.recent_people if mention.gender in _PERSONAL else self.recent
        candidates = [e for e in recent if _agrees(e, mention)]
        return [
            (e, self.features(e, mention, is_named=id(e) in named, is_latest=i == 0)) for i, e in enumerate(candidates)
        ]

    def _named_in(self, quotation: Quotation) -> frozenset[int]:
        """Who is named inside the words said; a speaker seldom speaks of himself by name."""
        return frozenset(
            id(k.entity)
            for k in self.links[-40:]
            if k.entity
            and k.mention.sort == "name"
            and any(c.start <= k.mention.start < c.end for c in quotation.content)
        )

    def features(self, entity: Entity, mention: Mention, *, is_named: bool, is_latest: bool) -> tuple[float, ...]:
        """What speaks for and against a candidate, in the order of `FEATURES`."""
        seen = self.seen[id(entity)]
        sentences = min(self.narrative[max(self.sentence, 0)] - self.narrative[max(seen.sentence, 0)], 6)
        paragraphs = min(self.paragraph - seen.paragraph, 8)
        is_speaker = entity is self.last_speaker
        agrees = entity.gender == mention.gender and mention.gender in _PERSONAL
        return (
            sentences,
            paragraphs,
            seen.is_subject,
            seen.is_subject and sentences <= 1,
            seen.is_oblique,
            seen.is_possessive,
            seen.is_pronoun,
            seen.is_source,
            seen.is_source and paragraphs <= 1,
            is_speaker and paragraphs <= 1 and self.is_continued,
            is_speaker,
            is_latest,
            seen.is_spoken,
            seen.is_reported,
            seen.is_first,
            seen.is_asked,
            math.log1p(seen.count),
            math.log1p(entity.count),
            agrees and entity.is_gender_sure,
            agrees,
            entity.kind == "unknown",
            len(entity.name) == 1,
            not entity.name,
            is_named,
        )

    def _see(self, entity: Entity, mention: Mention, *, is_spoken: bool) -> None:
        last = self.seen.get(id(entity))
        count = (last.count if last else 0) + 1
        if is_spoken and last and not last.is_spoken and self.paragraph - last.paragraph < 3:
            last.count = count
            return
        is_reported = self._is_reported(mention.start)
        source = self.source_of(mention) if mention.start in self.heads and not is_reported else None
        is_first = not self.has_first and not is_spoken and mention.start not in self.modifiers
        self.has_first = self.has_first or is_first
        now = _Seen(
            self.sentence,
            self.paragraph,
            mention.start,
            is_subject=bool(source) or (is_first and not mention.is_oblique and not mention.is_possessive),
            is_oblique=mention.is_oblique and not source,
            is_possessive=mention.is_possessive and not source,
            is_pronoun=mention.sort == "pronoun",
            is_source=bool(source),
            is_spoken=is_spoken,
            is_reported=is_reported,
            is_asked=mention.is_asked,
            is_first=is_first,
            count=count,
        )
        if last and last.sentence == self.sentence:
            now.is_subject |= last.is_subject
            now.is_source |= last.is_source
            now.is_first |= last.is_first
            now.is_asked |= last.is_asked
            now.is_oblique &= last.is_oblique
            now.is_possessive &= last.is_possessive
            now.is_spoken &= last.is_spoken
            now.is_reported &= last.is_reported
        self.seen[id(entity)] = now
        if source and entity.kind != "people":
            self.last_speaker = entity
        if entity.kind in {"person", "unknown"}:
            self.recent_people = [entity, *(e for e in self.recent_people if e is not entity)][:_MAX_RECENT]
        if entity.kind != "person":
            self.recent = [entity, *(e for e in self.recent if e is not entity)][:_MAX_RECENT]


# Kinds of which one may be another name of the other.
_ALIKE = {"unknown": "body", "thing": "body", "people": "none"}
_PERSONAL = frozenset(["male", "female"])
# What stands between a name and what it is said to be: "Gray, a former mayor", "Gray is the mayor".
_EQUATES = frozenset([", ", ", now ", ", then ", " is ", " was ", ", who is ", ", who was ", " — ", " – ", " -- "])
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


def _find_modifiers(text: str, mentions: Sequence[Mention]) -> frozenset[int]:
    """Starts of the names that only describe the next one: "Clinton spokeswoman Ada Okoye", "Okoye's lawyer, Ben Gray"."""
    found: set[int] = set()
    for a, b in pairwise(mentions):
        if a.sort == "name" and b.sort == "name" and b.start - a.end < 60 and (b.role or b.title):
            gap = text[a.end : b.start]
            if _MODIFIES.fullmatch(gap):
                found.add(a.start)
    return frozenset(found)


_MODIFIES = re.compile(r"(?:['’]s?)?(?: [a-z][\w-]*){1,4},? (?:[A-Z][\w.]* )*")


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
