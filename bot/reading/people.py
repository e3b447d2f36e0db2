"""Who and what an article is about: its people, bodies and places, each with all the names it goes by."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.reading.lexicon import Gender, Lexicon
    from bot.reading.mentions import Kind, Mention

_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])
_SMALL_WORDS = frozenset(["of", "for", "the", "and", "on", "&"])
_TITLED = frozenset(["male", "female"])
_ROLE_WORD = re.compile(r"[\w-]+")
_ROLE_HEAD_WORDS = 6
# Names sharing one word that are compared with each other; real articles have a handful, hostile text a million.
_MAX_NAMESAKES = 24
_MAX_WORDS = 8
# A shorter surname is one letter away from too many others.
_MIN_MISSPELT = 5


@dataclass(slots=True, eq=False)
class Entity:
    """One person, body or place of an article. `name` is empty for somebody who is never named ("a voter").

    `same_as` leads to the entity that this turned out to be another name of.
    """

    kind: Kind
    name: tuple[str, ...] = ()
    gender: Gender = ""
    is_gender_sure: bool = False
    forms: dict[str, int] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)
    role: str = ""
    nouns: set[str] = field(default_factory=set)
    count: int = 0
    same_as: Entity | None = None

    @property
    def printed(self) -> str:
        """The fullest proper name, as printed."""
        return " ".join(self.name)

    @property
    def root(self) -> Entity:
        """The entity that all its other names were joined to."""
        entity = self
        while entity.same_as:
            entity.same_as = entity.same_as.same_as or entity.same_as
            entity = entity.same_as
        return entity


class People:
    """The registry of one article. Names are learnt longest first, then every mention is looked up."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.entities: list[Entity] = []
        self._by_key: dict[tuple[str, ...], Entity] = {}
        self._by_last: dict[str, list[Entity]] = {}
        self._by_first: dict[str, list[Entity]] = {}
        self._by_initial: dict[str, list[Entity]] = {}
        self._by_word: dict[str, list[Entity]] = {}
        self._by_acronym: dict[str, Entity] = {}
        self._by_role: dict[str, list[Entity]] = {}

    def learn(self, mentions: Iterable[Mention]) -> None:
        """Make entities from the names of two words and more."""
        seen: dict[tuple[str, ...], Mention] = {}
        for mention in mentions:
            if mention.sort == "name" and 1 < len(mention.words) <= _MAX_WORDS:
                key = name_key(mention.words)
                if key not in seen or (seen[key].kind == "unknown" and mention.kind != "unknown"):
                    seen[key] = mention
        for key in sorted(seen, key=len, reverse=True):
            if len(key) > 1:
                self._learn_name(key, seen[key])

    def _learn_name(self, key: tuple[str, ...], mention: Mention) -> None:
        same: Entity | None = None
        if mention.kind in {"person", "unknown"}:
            namesakes = self._by_last.get(key[-1], ())[:_MAX_NAMESAKES]
            same = next((e for e in namesakes if self._is_same_person(key, name_key(e.name))), None)
        elif mention.kind == "body":
            words, sharing = frozenset(key), self._by_word.get(key[-1], ())[:_MAX_NAMESAKES]
            same = next((e for e in sharing if e.kind == "body" and words <= frozenset(name_key(e.name))), None)
        if same:
            self._by_key[key] = same
        else:
            self._add(Entity(mention.kind, mention.words, mention.gender), key)

    def _add(self, entity: Entity, key: tuple[str, ...]) -> Entity:
        self.entities.append(entity)
        self._by_key[key] = entity
        if entity.kind in {"person", "unknown"}:
            self._by_last.setdefault(key[-1], []).append(entity)
            if len(key) > 1:
                self._by_initial.setdefault(key[-1][0], []).append(entity)
                self._by_first.setdefault(key[0], []).append(entity)
        if entity.kind in {"body", "unknown", "thing"} and len(key) > 1:
            for word in set(key):
                self._by_word.setdefault(word, []).append(entity)
            self._by_acronym.setdefault("".join(w[0] for w in entity.name if w[0].isupper()).lower(), entity)
        if entity.kind == "body":
            entity.nouns.update(w for w in key if w in self.lexicon.body_nouns)
        return entity

    def _is_same_person(self, key: tuple[str, ...], other: tuple[str, ...]) -> bool:
        """Ada Okoye is Ada N. Okoye and A. Okoye, and Bill Gray is William Gray; Ben Okoye is not Ada Okoye."""
        if key[-1] != other[-1]:
            return False
        if key == other[-len(key) :] or key[0] == other[0]:
            return True
        if len(key[0]) == 1 or len(other[0]) == 1:
            return key[0][0] == other[0][0]
        short = self.lexicon.short_forms
        return other[0] in short.get(key[0], ()) or key[0] in short.get(other[0], ())

    def knows(self, key: tuple[str, ...]) -> bool:
        """Whether the article's body uses this name, or the surname of somebody it names in full."""
        return key in self._by_key or (len(key) == 1 and key[0] in self._by_last)

    def find(self, mention: Mention) -> list[Entity]:
        """The entities a name may mean: usually one, several where a family shares the surname, never none."""
        key = name_key(mention.words)
        found = self._by_key.get(key)
        if len(key) == 1:
            namesakes = self._namesakes(key[0], mention) if mention.kind != "place" else []
            if namesakes:
                return namesakes
            found = found or self._short_form(key[0], mention)
        return [(found or self._add(Entity(mention.kind, mention.words, mention.gender), key)).root]

    def _namesakes(self, word: str, mention: Mention) -> list[Entity]:
        people = [e for e in self._by_last.get(word, ())[:_MAX_NAMESAKES] if len(e.name) > 1]
        if mention.gender in _TITLED and mention.title:
            people = [e for e in people if e.gender in {mention.gender, ""}] or people
        if not people and not mention.title:
            people = [e for e in self._by_first.get(word, ())[:_MAX_NAMESAKES] if e.kind == "person"]
        people = people or self._misspelt(word, mention)
        return list(dict.fromkeys(e.root for e in people))

    def _misspelt(self, word: str, mention: Mention) -> list[Entity]:
        """Newsrooms slip: McLenney is McClenney where nobody of the first name was ever introduced."""
        if len(word) < _MIN_MISSPELT or mention.kind not in {"unknown", "person"} or (word,) in self._by_key:
            return []
        bucket = self._by_initial.get(word[0], ())[:_MAX_NAMESAKES]
        near = [e for e in bucket if OSA.distance(word, name_key(e.name)[-1], score_cutoff=1) == 1]
        return near if len(near) == 1 else []

    def _short_form(self, word: str, mention: Mention) -> Entity | None:
        """FBI for the Federal Bureau of Investigation, "the League" for the one body with that word in its name."""
        if mention.words[-1].isupper() and len(word) > 1 and word in self._by_acronym:
            return self._by_acronym[word]
        if mention.determiner != "the" and word not in self.lexicon.body_words:
            return None
        bodies = {e.root for e in self._by_word.get(word, ())[:_MAX_NAMESAKES] if e.root.kind == "body"}
        return bodies.pop() if len(bodies) == 1 else None

    def body_of(self, owner: Entity, noun: str) -> Entity:
        """The body that belongs to somebody: "the Okoye campaign", "Okoye's campaign"."""
        last = owner.name[-1] if owner.kind == "person" else owner.printed
        key = (last.lower(), noun)
        found = self._by_key.get(key)
        if not found:
            found = self._add(Entity("body", (last, noun), "thing"), key)
            found.nouns.add(noun)
        found.count += 1
        return found.root

    def is_of_kind(self, entity: Entity, noun: str) -> bool:
        """Whether a common noun may mean this body: "the group" a league, "the paper" a gazette."""
        kinds = self.lexicon.general_bodies.get(noun, frozenset())
        return noun in entity.nouns or not (kinds.isdisjoint(entity.nouns) and kinds.isdisjoint(name_key(entity.name)))

    def with_role(self, noun: str) -> list[Entity]:
        """The named people of whom the article says that they are a `noun`."""
        return list(dict.fromkeys(e.root for e in self._by_role.get(noun, ())[:_MAX_NAMESAKES]))

    def note(self, entity: Entity, mention: Mention, text: str) -> None:
        """Remember what one mention tells of its entity: a form of the name, title, role, gender, fuller name."""
        entity.count += 1
        form = text[mention.start : mention.end]
        if mention.determiner == "the" and entity.kind != "person":
            form = f"the {form}"
        entity.forms[form] = entity.forms.get(form, 0) + 1
        if mention.kind == "person" and entity.kind == "unknown":
            entity.kind = "person"
        if entity.kind == "person" and len(entity.name) < len(mention.words) <= _MAX_WORDS:
            entity.name = mention.words
        if entity.kind == "body" and mention.noun in self.lexicon.body_nouns:
            entity.nouns.add(mention.noun)
        self._note_gender(entity, mention)
        self._note_role(entity, mention)

    def _note_role(self, entity: Entity, mention: Mention) -> None:
        if not mention.role and not mention.title:
            return
        entity.role = entity.role or mention.role or self.lexicon.title_roles.get(mention.title, mention.title)
        for word in _ROLE_WORD.findall(f"{mention.title} {mention.role}".lower()):
            noun = self.lexicon.title_roles.get(word, word)
            if noun in self.lexicon.roles and noun not in entity.roles:
                entity.roles.add(noun)
                self._by_role.setdefault(noun, []).append(entity)

    def _note_gender(self, entity: Entity, mention: Mention) -> None:
        """A title is sure, a first name likely; a role ("spokesman Hope Hicks") only helps where there is neither."""
        lex = self.lexicon
        genders = (lex.titles.get(w.rstrip("."), "") for w in mention.title.split())
        told: Gender = next((g for g in genders if g), "")
        if told in _TITLED and not entity.is_gender_sure:
            entity.gender, entity.is_gender_sure = told, True
        elif entity.gender == "":
            head = next((w for w in mention.role.lower().split()[:_ROLE_HEAD_WORDS] if w in lex.roles), "")
            # Chris Christie's surname is a woman's first name.
            is_surname = len(mention.words) == 1 < len(entity.name) and mention.words[0] != entity.name[0]
            entity.gender = (mention.gender if not is_surname else "") or lex.roles.get(head, "")

    def merge(self, kept: Entity, other: Entity) -> None:
        """Two names of one thing: everything known of `other` goes to `kept`."""
        for form, count in other.forms.items():
            kept.forms[form] = kept.forms.get(form, 0) + count
        kept.count += other.count
        kept.nouns |= other.nouns
        kept.roles |= other.roles
        if kept.kind == "unknown":
            kept.kind, kept.gender = other.kind, other.gender
        other.same_as = kept


def name_key(words: Sequence[str]) -> tuple[str, ...]:
    """A name for comparison: lower case, without full stops, "Jr." and the small words inside a body's name."""
    lows = [w.lower().replace(".", "").replace("’", "'") for w in words]
    kept = tuple(w for w in lows if w and w not in _SUFFIXES and w not in _SMALL_WORDS)
    return kept or tuple(lows)
