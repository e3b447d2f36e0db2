"""The first promise, kept at one place: what is shown equals its slice of the stored article, or is not shown."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from db.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.answering import RankedPassage
    from bot.checking import Verdict
    from db.model import Article, Passage
    from db.store import Store

log = logging.getLogger(__name__)


async def keep_proven(store: Store, library: str, ranked: Iterable[RankedPassage]) -> tuple[RankedPassage, ...]:
    """The ranked passages that are, at this moment, the slices of their articles that they claim to be."""
    wanted = tuple(ranked)
    proven = await find_proven(store, library, [r.passage for r in wanted])
    return tuple(r for r in wanted if r.passage in proven)


async def prove_verdict(store: Store, library: str, verdict: Verdict) -> Verdict:
    """The verdict with its proven matches; without any it says `not_found` and shows no word of an article."""
    proven = await find_proven(store, library, verdict.matches)
    if len(proven) == len(set(verdict.matches)):
        return verdict
    if not proven:
        return replace(verdict, kind="not_found", speaker=None, matches=(), difference=(), notes=())
    return replace(verdict, matches=tuple(m for m in verdict.matches if m in proven), difference=())


async def find_proven(store: Store, library: str, passages: Iterable[Passage]) -> set[Passage]:
    """Those passages whose text is the slice of the current revision that they name."""
    proven: set[Passage] = set()
    articles: dict[int, Article | None] = {}
    for passage in passages:
        if passage.article_id not in articles:
            articles[passage.article_id] = await _find_article(store, library, passage.article_id)
        article = articles[passage.article_id]
        if article is not None and is_slice(passage, article):
            proven.add(passage)
        else:
            log.error("article %s does not hold what was indexed at %s", passage.article_id, passage.span)
    return proven


def is_slice(passage: Passage, article: Article) -> bool:
    """Whether the passage's words stand in the article at just its offsets."""
    span = passage.span
    return (
        passage.article_id == article.id
        and passage.revision_id == article.revision_id
        and 0 <= span.start < span.end <= len(article.text)
        and span.slice(article.text) == passage.text
    )


async def _find_article(store: Store, library: str, article_id: int) -> Article | None:
    try:
        return await store.get_article(library, article_id)
    except StoreError:
        return None
