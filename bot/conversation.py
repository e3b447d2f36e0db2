"""Follow-up questions: "and what did he say about taxes?" keeps the speaker of the answer before, in memory only."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

KEPT_S = 600.0
_MOST = 5_000
# A pronoun as the one who speaks: "what did he say", "has she ever denied it", "what they think of".
_SPEAKS = re.compile(
    r"\b(he|she|they|it)\b(?:\W+\w+){0,2}?\W+"
    r"(say|said|says|tell|told|tells|claim\w*|think\w*|thought|believe\w*|den(?:y|ies|ied)|add\w*|warn\w*|promise\w*"
    r"|argue\w*|mean\w*|meant|call\w*|describe\w*|respond\w*|repl(?:y|ies|ied)|announce\w*|suggest\w*|want\w*)\b",
    re.IGNORECASE,
)


class Conversations:
    """Who was quoted last to whom; each is forgotten after ten minutes and at a restart."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._speakers: OrderedDict[Hashable, tuple[float, str]] = OrderedDict()

    def remember(self, place: Hashable, speaker: str | None) -> None:
        """Keep the speaker of an answer given at `place` (a channel and a member); None forgets."""
        self._speakers.pop(place, None)
        if speaker:
            self._speakers[place] = self._clock(), speaker
        while len(self._speakers) > _MOST:
            self._speakers.popitem(last=False)

    def resolve_speaker(self, place: Hashable, question: str) -> str | None:
        """Whom "he", "she", "they" or "it" means as the speaker in a question; None where the question has no such."""
        kept_at, speaker = self._speakers.get(place, (0.0, ""))
        is_fresh = bool(speaker) and self._clock() - kept_at <= KEPT_S
        return speaker if is_fresh and _SPEAKS.search(question) else None
