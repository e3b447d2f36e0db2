"""The first promise, kept at one place: what is shown equals its slice of the stored article, or is not shown."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answering import Answer, NoAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.checking import Verdict
    from db.model import Passage
    from db.store import Store

log = logging.getLogger(__name__)


async def prove_answer(store: Store, library: str, answer: Answer | NoAnswer) -> Answer | NoAnswer:
    """The answer with its proven passages; one whose best passage is not proven becomes no answer."""
    ranked = answer.passages if isinstance(answer, Answer) else answer.nearest
    proven = await find_proven(store, library, [r.passage for r in ranked])
    if len(proven) == len({r.passage for r in ranked}):
        return answer
    kept = tuple(r for r in ranked if r.passage in proven)
    if isinstance(answer, NoAnswer):
        return replace(answer, nearest=kept)
    if ranked[0].passage in proven:
        return replace(answer, passages=kept)
    return NoAnswer(answer.question, nearest=kept, confidence=0.0)


async def prove_verdict(store: Store, library: str, verdict: Verdict) -> Verdict:
    """The verdict with its proven matches; without any it says `not_found` and shows no word of an article."""
    proven = await find_proven(store, library, verdict.matches)
    if len(proven) == len(set(verdict.matches)):
        return verdict
    if not proven:
        return replace(verdict, kind="not_found", speaker=None, matches=(), difference=(), notes=())
    return replace(verdict, matches=tuple(m for m in verdict.matches if m in proven), difference=())


async def find_proven(store: Store, library: str, passages: Iterable[Passage]) -> set[Passage]:
    """Those passages whose text is the slice they name of a text that is still, by its hash, the one stored."""
    wanted = tuple(passages)
    texts = await store.find_texts(library, [p.revision_id for p in wanted])
    proven: set[Passage] = set()
    for passage in wanted:
        text = texts.get(passage.revision_id, "")
        if passage.text and passage.span.slice(text) == passage.text:
            proven.add(passage)
        else:
            log.error("article %s does not hold what was found at %s; not shown", passage.article_id, passage.span)
    return proven
