"""Who speaks in an article: from what is quoted and who is mentioned to a speaker's name."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.reading.confidence import SURE_ENOUGH, find_factors, load_weights, score_confidence
from bot.reading.continuations import Continuations
from bot.reading.lexicon import load_lexicon
from bot.reading.mentions import find_common_words, is_headline, keep_names
from bot.reading.names import find_mentions
from bot.reading.people import People
from bot.reading.referents import Walk
from bot.reading.setting import Setting
from bot.reading.sources import Resolver
from bot.reading.text import is_read, split_sentences
from db.model import Referent, Span, Speaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.reading.mentions import Mention
    from bot.reading.referents import Link
    from db.model import Block, Head, Quotation

# A pronoun's referent is shown to readers only where it is clear.
_SURE_REFERENT = 0.6
# Below this even what was said is in doubt, and naming somebody would be a guess. At 0.5 the rules without the tagger,
# whose spans are less sure, lose 3 points of right speakers on the labelled articles; all joint F1 on dev is the same.
_NAMED = 0.3


@dataclass(frozen=True, slots=True)
class Cast:
    """Who speaks in an article, who is in it, and whom its pronouns and short forms mean, each in reading order."""

    quotations: tuple[Quotation, ...]
    speakers: tuple[Speaker, ...]
    referents: tuple[Referent, ...]


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
    common = find_common_words(text)
    found = [(block, find_mentions(text, block.span, lexicon, common)) for block in blocks if is_read(block)]
    read = keep_names(found, [s.start for q in quotations for s in q.source])
    quotations = Continuations(text, read, sentences).complete(quotations)
    headlines = {block.span.start for block, _ in read if is_headline(text, block)}
    body = [mentions for block, mentions in read if block.span.start not in headlines]
    people = People(lexicon)
    people.learn(m for mentions in body for m in mentions)
    walk = Walk(text, people, Setting(sentences, quotations), load_weights().antecedent)
    walk.poll_genders(body)
    for block, mentions in read:
        walk.block(mentions, is_headline=block.span.start in headlines)
    links = _settled(walk.links)
    named = _attribute(quotations, Resolver(text, lexicon, links), [block.span.start for block, _ in read])
    return Cast(named, _speakers(people, named), _referents(links))


def _settled(links: Sequence[Link]) -> list[Link]:
    """Links with their final entities, in the order of their ends."""
    settled = [replace(k, entity=k.entity.root) if k.entity and k.entity.same_as else k for k in links]
    return sorted(settled, key=lambda k: k.mention.end)


def _attribute(quotations: Sequence[Quotation], resolver: Resolver, starts: Sequence[int]) -> tuple[Quotation, ...]:
    weights = load_weights()
    paragraphs = [bisect_right(starts, q.content[0].start) for q in quotations]
    sources: dict[int, set[int]] = {}
    for paragraph, quotation in zip(paragraphs, quotations, strict=True):
        sources.setdefault(paragraph, set()).update(s.start for s in quotation.source)
    named: list[Quotation] = []
    for paragraph, quotation in zip(paragraphs, quotations, strict=True):
        found = resolver.attribute(quotation, named)
        is_sure = found.entity and found.belief > SURE_ENOUGH
        name = found.entity.printed or None if found.entity and is_sure else None
        # A pronoun that leads to nobody is worth nothing, however sure it is that nobody named is meant.
        belief = 0.0 if found.way == "pronoun" and not name else found.belief
        factors = find_factors(quotation, found.way, belief, max(len(sources[paragraph]) - 1, 0))
        confidence = score_confidence(factors, weights)
        named.append(replace(quotation, speaker=name if confidence >= _NAMED else None, confidence=confidence))
    return tuple(named)


def _speakers(people: People, quotations: Sequence[Quotation]) -> tuple[Speaker, ...]:
    """People and bodies, and whatever else was quoted; a country that says nothing is no speaker."""
    quoted = {q.speaker for q in quotations}
    entities = [e for e in people.entities if not e.same_as and e.count]
    kept = [e for e in entities if e.kind in {"person", "body"} or e.printed in quoted]
    speakers: dict[str, Speaker] = {}
    for entity in sorted(kept, key=lambda e: -e.count):
        name, earlier = entity.printed, speakers.get(entity.printed)
        forms = dict.fromkeys((*(earlier.aliases if earlier else ()), *entity.forms))
        aliases = tuple(form for form in forms if form not in {name, f"the {name}"})
        speakers[name] = Speaker(name, aliases, (earlier.role if earlier else None) or entity.role or None)
    return tuple(speakers.values())


def _referents(links: Sequence[Link]) -> tuple[Referent, ...]:
    found = (
        Referent(Span(k.mention.start, k.mention.end), k.entity.printed)
        for k in links
        if k.entity
        and k.entity.name
        and k.entity.kind != "people"
        and _needs_name(k.mention)
        and k.belief >= _SURE_REFERENT
    )
    return tuple(sorted(found, key=lambda r: r.span))


def _needs_name(mention: Mention) -> bool:
    """True for a pronoun or description, which a passage shown by itself leaves unclear."""
    return mention.sort != "name"
