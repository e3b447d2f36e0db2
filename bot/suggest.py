"""What to offer while a name or title is being typed: what contains it, and failing that what looks like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from db.model import ArticleSummary, StoredSpeaker
    from db.store import Store

# The names held against what is typed; cdist over 500 takes about a millisecond and lets go of the interpreter.
_POOL = 500
# "delayny" against "Ruth Delaney" scores 77, an unrelated surname below 60.
_ALIKE = 70


async def suggest_speakers(store: Store, library: str, typed: str, *, limit: int = 25) -> list[StoredSpeaker]:
    """Speakers any of whose names contains what is typed, most quoted first; failing that, those spelt alike."""
    typed = typed.strip()
    found = await store.find_speakers(library, prefix=typed, limit=limit)
    if found or not typed:
        return found
    pool = await store.find_speakers(library, limit=_POOL)
    alike = _score(typed, [name for speaker in pool for name in (speaker.name, *speaker.aliases)])
    best: list[tuple[float, StoredSpeaker]] = []
    for speaker in pool:
        own = [next(alike) for _ in (speaker.name, *speaker.aliases)]
        best.append((max(own), speaker))
    return [speaker for score, speaker in sorted(best, key=lambda b: -b[0]) if score >= _ALIKE][:limit]


async def suggest_articles(store: Store, library: str, typed: str, *, limit: int = 25) -> list[ArticleSummary]:
    """Articles whose title or publisher contains what is typed, newest first; failing that, those spelt alike."""
    typed = typed.strip()
    found = await store.find_articles(library, title=typed or None, limit=limit)
    if found or not typed:
        return found
    pool = await store.find_articles(library, limit=_POOL)
    scores = _score(typed, [row.title or "" for row in pool])
    best = sorted(zip(scores, pool, strict=True), key=lambda b: -b[0])
    return [row for score, row in best if score >= _ALIKE][:limit]


def _score(typed: str, names: Sequence[str]) -> Iterator[float]:
    if not names:
        return iter(())
    scores = process.cdist([typed], names, scorer=fuzz.partial_ratio, processor=default_process, dtype=np.float32)
    return iter(scores[0].tolist())
