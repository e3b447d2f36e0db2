"""What a site allows robots to read (RFC 9309), remembered for a while."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protego import Protego

KEPT_S = 3600.0
MOST_HOSTS = 500
LIMIT_BYTES = 500 * 1024


@dataclass(frozen=True, slots=True)
class Rules:
    """One host's rules; None for `rules` where everything is allowed."""

    rules: Protego | None
    is_closed: bool
    read_at: float


class RobotsCache:
    """Rules by origin, the oldest forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Rules] = OrderedDict()

    def find(self, origin: str) -> Rules | None:
        """Rules read within the last hour, or None."""
        rules = self._kept.get(origin)
        return rules if rules and time.monotonic() - rules.read_at < KEPT_S else None

    def keep(self, origin: str, status: int, text: str) -> Rules:
        """Keep what a site answered: without a file all is allowed, while it is broken nothing is (RFC 9309, 2.3.1)."""
        from protego import Protego

        is_found = 200 <= status < 300  # noqa: PLR2004
        rules = Rules(Protego.parse(text) if is_found else None, status >= 500, time.monotonic())  # noqa: PLR2004
        self._kept[origin] = rules
        self._kept.move_to_end(origin)
        while len(self._kept) > MOST_HOSTS:
            self._kept.popitem(last=False)
        return rules


def is_allowed(rules: Rules, url: str, agent: str) -> bool:
    """Whether `agent` may fetch `url`."""
    if rules.is_closed:
        return False
    return rules.rules is None or bool(rules.rules.can_fetch(url, agent))
