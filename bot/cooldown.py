"""How often one member may ask: a waiting time per member and server, in memory only."""

from __future__ import annotations

import time
from collections import OrderedDict
from math import ceil

from bot.errors import NotAllowed

_REMEMBERED = 10_000


class Cooldown:
    """Who asked last when."""

    def __init__(self, cooldown_s: float) -> None:
        self._cooldown_s = cooldown_s
        self._last: OrderedDict[tuple[int, int], float] = OrderedDict()

    def take(self, guild_id: int, user_id: int) -> None:
        """Count one question. Raises NotAllowed with the time left when it comes too soon."""
        now = time.monotonic()
        left = self._last.get((guild_id, user_id), now - self._cooldown_s) + self._cooldown_s - now
        if left > 0:
            raise NotAllowed(f"One moment: you can ask again in {ceil(left)} s.")
        self._last[guild_id, user_id] = now
        self._last.move_to_end((guild_id, user_id))
        while len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)
