"""Whom each mention means: one walk through the article that keeps who was last spoken of, and how."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from operator import mul
from typing import TYPE_CHECKING

from bot.reading.people import Entity, People, name_key
from bot.reading.salience import PERSONAL, Place, Seen, find_features, may_mean
from bot.reading.setting import Setting, find_modifiers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.reading.lexicon import Gender
    from bot.reading.mentions import Mention
    from db.model import Quotation

# How many of the entities last spoken of a pronoun may mean.
_MAX_RECENT = 14
# How many mentions back a quotation's words may begin.
_MAX_NAMED = 40
_HEADLINE_WORD = re.compile(r"[\w’'.&-]+")
_HEADLINE_SIZES = (4, 3, 2, 1)
_TWO_WORDS = re.compile(r"[ \u00a0]([a-z][\w-]{,29})[ \u00a0]([a-z][\w-]{,29})")
# What stands between a name and what it is said to be: "Gray, a former mayor", "Gray is the mayor".
_EQUATES = frozenset([", ", ", now ", ", then ", " is ", " was ", ", who is ", ", who was ", " — ", " – ", " -- "])
# What stands between somebody just introduced and the name: "one local woman, Ada Okoye".
_NAMES = frozenset([", ", " named ", " — ", " – ", " - "])
_MAX_ALIAS_GAP = 60
# "It is not clear whether ...": the word stands for nothing said before.
_PLEONASTIC = re.compile(
    r"(?:['’]s| is| was| seems| appears| remains| emerged| (?:would|will|may|might|could) be)"
    r"(?: not| still| too| very)?(?: (?:clear|unclear|possible|impossible|likely|unlikely|hard|difficult|easy|important"
    r"|true|good|best|time|known|fair|unknown|said|thought|believed|understood|reported|certain|uncertain|obvious|vital|crucial|worth|better"
    r"|wrong|right))? (?:that|if|whether|to|how|why|what|who|when)\b"
)
_MAX_PLEONASTIC = 80
_OPEN_BRACKETS = frozenset([" (", " (the ", " (The "])
# Kinds of which one may be another name of the other; a people ("Republicans") is never a name of somebody.
_ALIKE = {"unknown": "body", "thing": "body", "people": "none"}
_OWNED = frozenset(["'s", "his", "her", "their", "its"])
_DEFINITE = frozenset(["the", "this", "that"])
# "The mayor" is a little less certain than a name.
_BY_ROLE = 0.9


@dataclass(frozen=True, slots=True)
class Link:
    """A mention and whom it means; None where that is nobody known. `belief` is its share against the others."""

    mention: Mention
    entity: Entity | None
    belief: float = 1.0


class Walk:
    """One walk through an article in reading order; `links` holds what was found."""

    def __init__(self, text: str, people: People, setting: Setting, weights: Sequence[float]) -> None:
        self.text, self.people, self.setting, self.weights = text, people, setting, weights
        self.links: list[Link] = []
        self.seen: dict[int, Seen] = {}
        self.recent: list[Entity] = []
        self.recent_people: list[Entity] = []
        self.last_speaker: Entity | None = None
        self.unnamed: dict[str, Entity] = {}
        self.sentence = self.paragraph = -1
        self.has_first = False
        self.modifiers: frozenset[int] = frozenset()
        self.heads: frozenset[int] = frozenset()

    def poll_genders(self, paragraphs: Iterable[Sequence[Mention]]) -> None:
        """Learn the gender of those whose name does not tell it, from pronouns in sentences about them alone."""
        votes: dict[int, tuple[Entity, list[Gender]]] = {}
        for mentions in paragraphs:
            subject, sentence, was_alone = None, -1, True
            for m in mentions:
                at = self.setting.sentence_at(m.start)
                if at != sentence:
                    subject, sentence, was_alone = None, at, True
                if m.sort == "name" and m.kind in {"person", "unknown"}:
                    is_alone, was_alone = not m.is_oblique and was_alone, False
                    subject = m if is_alone else None
                elif subject and m.sort == "pronoun" and m.gender in PERSONAL and not self._is_said(m.start):
                    found = self.people.find(subject)
                    if len(found) == 1 and not found[0].gender:
                        votes.setdefault(id(found[0]), (found[0], []))[1].append(m.gender)
        for entity, told in votes.values():
            gender = max(PERSONAL, key=told.count)
            needed = 1 if entity.kind == "person" else 2
            if told.count(gender) >= needed and 3 * told.count(gender) > 2 * len(told):
                entity.gender = gender

    def _is_said(self, offset: int) -> bool:
        return self.setting.is_spoken(offset) or self.setting.is_reported(offset)

    def block(self, mentions: Sequence[Mention], *, is_headline: bool) -> None:
        """Walk through one block."""
        self.paragraph += 1
        if is_headline:
            mentions = [known for mention in mentions for known in self._in_headline(mention)]
        self.modifiers = find_modifiers(self.text, mentions)
        self.heads = self.setting.find_heads(self.text, mentions, self.modifiers)
        for mention in mentions:
            sentence = self.setting.sentence_at(mention.start)
            if sentence != self.sentence:
                self.sentence, self.has_first = sentence, False
            is_spoken = self.setting.is_spoken(mention.start)
            link = self._link(mention, is_spoken=is_spoken)
            introduced = self._introduced(link)
            self.links.append(link)
            if link.entity:
                self._see(link.entity, mention, is_spoken=is_spoken)
                if introduced:
                    self.seen[id(link.entity)].strengthen(introduced)

    def _in_headline(self, mention: Mention) -> list[Mention]:
        """A headline may write every word large: keep the names that the article's body knows."""
        if mention.sort != "name":
            return [mention]
        words = [(m.start(), m.end(), m[0]) for m in _HEADLINE_WORD.finditer(self.text, mention.start, mention.end)]
        found: list[Mention] = []
        at = 0
        while at < len(words):
            parts = [words[at : at + n] for n in _HEADLINE_SIZES if at + n <= len(words)]
            known = next((p for p in parts if self.people.knows(name_key([_bare(w) for _, _, w in p]))), None)
            if known:
                name = tuple(_bare(w) for _, _, w in known)
                found.append(replace(mention, start=known[0][0], end=known[-1][1], words=name))
            at += len(known) if known else 1
        return found

    def _introduced(self, link: Link) -> Seen | None:
        """Somebody unnamed a moment ago has a name now: "one local woman, Ada Okoye"; forget the unnamed one."""
        last = self.links[-1] if self.links else None
        if not last or not last.entity or last.entity.name or last.mention.kind != "person":
            return None
        is_named = link.entity and link.mention.sort == "name" and link.entity.kind in {"person", "unknown"}
        if not is_named or self.text[last.mention.end : link.mention.start] not in _NAMES:
            return None
        self._forget(last.entity)
        return self.seen.pop(id(last.entity), None)

    def _forget(self, entity: Entity) -> None:
        self.recent = [e for e in self.recent if e is not entity]
        self.recent_people = [e for e in self.recent_people if e is not entity]

    def _link(self, mention: Mention, *, is_spoken: bool) -> Link:
        if mention.sort == "name":
            return self._name(mention)
        if mention.sort == "noun":
            return self._noun(mention)
        if is_spoken and not self.setting.source_of(mention):
            return Link(mention, None)
        return self._pronoun(mention)

    def _name(self, mention: Mention) -> Link:
        found = self.people.find(mention)
        entity, belief = found[0], 1.0
        if len(found) > 1:
            scores = [self._prominence(e) for e in found]
            best = max(range(len(found)), key=scores.__getitem__)
            entity, belief = found[best], 1 / sum(math.exp(s - scores[best]) for s in scores)
        if self._is_owner(entity, mention):
            return Link(mention, self.people.body_of(entity, mention.noun))
        self.people.note(entity, mention, self.text)
        return Link(mention, self._join_alias(entity, mention), belief)

    def _is_owner(self, entity: Entity, mention: Mention) -> bool:
        """Whether the name only says whose body it is: "the Okoye campaign", but not "the Okoye campaign manager"."""
        lex = self.people.lexicon
        is_single = entity.kind == "unknown" and len(mention.words) == 1
        if mention.noun not in lex.body_nouns or not (entity.kind in {"person", "place"} or is_single):
            return False
        behind = _TWO_WORDS.match(self.text, mention.end)
        return not behind or not (behind.group(2) in lex.roles or behind.group(2) in lex.plural_nouns)

    def _join_alias(self, entity: Entity, mention: Mention) -> Entity:
        """Two names of one thing: "X, known as Y" and "X (Y)"."""
        last = next((k for k in reversed(self.links[-3:]) if k.mention.sort == "name"), None)
        if not last or not last.entity or not 0 < mention.start - last.mention.end <= _MAX_ALIAS_GAP:
            return entity
        kept = last.entity.root
        if kept is entity or not self._is_alias(kept, entity, last.mention, mention):
            return entity
        self.people.merge(kept, entity)
        self._forget(entity)
        self.seen.pop(id(entity), None)
        return kept

    def _is_alias(self, kept: Entity, entity: Entity, before: Mention, mention: Mention) -> bool:
        gap = self.text[before.end : mention.start]
        if gap in _OPEN_BRACKETS and self.text[mention.end : mention.end + 1] == ")":
            return kept.kind != "person" and entity.kind in {"body", "unknown"} and len(mention.words[-1]) > 1
        trimmed = gap.lower().rstrip(" “\"'‘").removesuffix(" the").rstrip()
        is_cued = any(trimmed.endswith((f" {cue}", f",{cue}")) for cue in self.people.lexicon.alias_cues)
        alike = _ALIKE.get(entity.kind, entity.kind) == _ALIKE.get(kept.kind, kept.kind)
        return is_cued and alike and trimmed.count(",") <= 1 and "." not in trimmed

    def _prominence(self, entity: Entity) -> float:
        """Who a bare surname means where a family shares it: the one spoken of most, or just now."""
        seen = self.seen.get(id(entity))
        near = 0.5 + 1.5 / (1 + self.paragraph - seen.paragraph) if seen else 0.0
        return math.log1p(entity.count) + near

    def _noun(self, mention: Mention) -> Link:
        if mention.kind == "people":
            return Link(mention, Entity("people", gender="plural"))
        if mention.kind == "person" and self.text[max(mention.start - 4, 0) : mention.start] == " as ":
            return Link(mention, None)
        last = self.links[-1] if self.links else None
        if mention.kind == "person" and last and last.entity and last.mention.sort == "name":
            if self.text[last.mention.end : mention.start] in _EQUATES:
                return Link(mention, last.entity if last.entity.kind in {"person", "unknown"} else None)
        elif mention.kind == "body" and mention.determiner in _OWNED:
            owner = self._owner(mention)
            if owner and owner.name and owner.kind == "person":
                return Link(mention, self.people.body_of(owner, mention.words[0]))
        return self._described(mention)

    def _owner(self, mention: Mention) -> Entity | None:
        """Whose it is: the mention that the noun phrase begins with, or ends before with an 's."""
        for link in reversed(self.links[-3:]):
            if link.mention.start <= mention.start + 1 and link.mention.end >= mention.start - 4:
                return link.entity
        return None

    def _described(self, mention: Mention) -> Link:
        """Somebody known by a role ("the mayor"), or introduced without a name ("a voter")."""
        noun = mention.words[0]
        if mention.determiner in _DEFINITE:
            known = self._known_by(noun, mention)
            if known:
                return Link(mention, known, _BY_ROLE)
        if mention.determiner in self.people.lexicon.indefinite or mention.kind == "body":
            self.unnamed[noun] = Entity(mention.kind, gender=mention.gender, is_gender_sure=bool(mention.gender))
        return Link(mention, self.unnamed.get(noun))

    def _known_by(self, noun: str, mention: Mention) -> Entity | None:
        if mention.kind == "person":
            people = [] if noun in self.unnamed else self.people.with_role(noun)
            return people[0] if len(people) == 1 else self.unnamed.get(noun)
        bodies = (e for e in self.recent if e.kind == "body" and e.name and self.people.is_of_kind(e, noun))
        return next(bodies, self.unnamed.get(noun))

    def _pronoun(self, mention: Mention) -> Link:
        is_empty = mention.words[0] == "it" and _PLEONASTIC.match(self.text, mention.end, mention.end + _MAX_PLEONASTIC)
        weighed = [] if is_empty else self.weigh(mention)
        if not weighed:
            return Link(mention, None, 0.0)
        scores = [sum(map(mul, row, self.weights)) for _, row in weighed]
        best = max(range(len(scores)), key=scores.__getitem__)
        return Link(mention, weighed[best][0], 1 / sum(math.exp(s - scores[best]) for s in scores))

    def weigh(self, mention: Mention) -> list[tuple[Entity, tuple[float, ...]]]:
        """The entities that a pronoun may mean, latest first, each with its features."""
        quotation = self.setting.source_of(mention)
        ordinals = self.setting.ordinals
        place = Place(
            ordinals[max(self.sentence, 0)],
            self.paragraph,
            self.last_speaker,
            follows_content=bool(quotation and quotation.content[0].start < mention.start),
            named=self._named_in(quotation) if quotation else frozenset(),
        )
        recent = self.recent_people if mention.gender in PERSONAL else self.recent
        candidates = [e for e in recent if may_mean(e, mention)]
        return [
            (e, find_features(e, seen, ordinals[seen.sentence], mention, place, is_latest=i == 0))
            for i, (e, seen) in enumerate((e, self.seen[id(e)]) for e in candidates)
        ]

    def _named_in(self, quotation: Quotation) -> frozenset[int]:
        """Who is named inside the words said; a speaker seldom speaks of himself by name."""
        return frozenset(
            id(k.entity)
            for k in self.links[-_MAX_NAMED:]
            if k.entity
            and k.mention.sort == "name"
            and any(c.start <= k.mention.start < c.end for c in quotation.content)
        )

    def _see(self, entity: Entity, mention: Mention, *, is_spoken: bool) -> None:
        last = self.seen.get(id(entity))
        count = (last.count if last else 0) + 1
        if last and is_spoken and not last.is_spoken and self.paragraph - last.paragraph < 3:  # noqa: PLR2004  # near
            last.count = count
            return
        is_reported = self.setting.is_reported(mention.start)
        is_source = mention.start in self.heads and not is_reported
        is_first = not (self.has_first or is_spoken or mention.start in self.modifiers)
        self.has_first |= is_first
        now = Seen(
            max(self.sentence, 0), self.paragraph,
            is_subject=is_source or (is_first and not mention.is_oblique and not mention.is_possessive),
            is_oblique=mention.is_oblique and not is_source,
            is_possessive=mention.is_possessive and not is_source,
            is_pronoun=mention.sort == "pronoun", is_source=is_source, is_spoken=is_spoken, is_reported=is_reported,
            is_asked=mention.is_asked, is_first=is_first, count=count,
        )  # fmt: skip
        if last and last.sentence == now.sentence:
            now.strengthen(last)
        self.seen[id(entity)] = now
        if is_source and entity.kind != "people":
            self.last_speaker = entity
        if entity.kind in {"person", "unknown"}:
            self.recent_people = [entity, *(e for e in self.recent_people if e is not entity)][:_MAX_RECENT]
        if entity.kind != "person":
            self.recent = [entity, *(e for e in self.recent if e is not entity)][:_MAX_RECENT]


def _bare(word: str) -> str:
    return word.removesuffix("’s").removesuffix("'s")
