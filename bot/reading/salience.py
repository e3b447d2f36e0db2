"""What speaks for one antecedent rather than another, after Lappin and Leass (1994): recency, role, gender, number.

The features are numbers; how much each counts is fitted (`speaker_weights.toml`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.reading.lexicon import Gender
    from bot.reading.mentions import Mention
    from bot.reading.people import Entity

FEATURES = (
    "sentence", "paragraph", "subject", "near_subject", "oblique", "possessive", "pronoun", "source", "near_source",
    "continued", "last_speaker", "latest", "spoken", "reported", "first", "asked", "count", "total", "gender_sure",
    "gender_known", "unknown_kind", "single", "unnamed", "in_content",
)  # fmt: skip

PERSONAL: frozenset[Gender] = frozenset(["male", "female"])
# Farther back makes no difference any more.
_FAR_SENTENCES = 6
_FAR_PARAGRAPHS = 8


@dataclass(slots=True)
class Seen:
    """The last sentence in which an entity was mentioned, and the strongest part it played there."""

    sentence: int
    paragraph: int
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

    def strengthen(self, other: Seen) -> None:
        """Take over what an earlier mention in the same sentence counts for."""
        self.is_subject |= other.is_subject
        self.is_source |= other.is_source
        self.is_first |= other.is_first
        self.is_asked |= other.is_asked
        self.is_oblique &= other.is_oblique
        self.is_possessive &= other.is_possessive
        self.is_spoken &= other.is_spoken
        self.is_reported &= other.is_reported


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pronoun stands, and what is known of the quotation that it is the source of."""

    ordinal: int
    paragraph: int
    last_speaker: Entity | None
    follows_content: bool
    named: frozenset[int]


def find_features(
    entity: Entity, seen: Seen, seen_ordinal: int, mention: Mention, place: Place, *, is_latest: bool
) -> tuple[float, ...]:
    """What speaks for and against a candidate, in the order of `FEATURES`."""
    sentences = min(place.ordinal - seen_ordinal, _FAR_SENTENCES)
    paragraphs = min(place.paragraph - seen.paragraph, _FAR_PARAGRAPHS)
    is_speaker = entity is place.last_speaker
    agrees = entity.gender == mention.gender and mention.gender in PERSONAL
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
        is_speaker and paragraphs <= 1 and place.follows_content,
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
        id(entity) in place.named,
    )


def may_mean(entity: Entity, mention: Mention) -> bool:
    """Gender and number allow that the pronoun means this entity."""
    if mention.gender in PERSONAL:
        return entity.kind in {"person", "unknown"} and entity.gender in {mention.gender, ""}
    if mention.gender == "thing":
        return entity.kind in {"body", "place", "thing"} or (entity.kind == "unknown" and not entity.gender)
    return entity.kind in {"people", "body"}
