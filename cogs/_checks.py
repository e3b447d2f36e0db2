"""Gates: who may use a command, button or form. Asked on every use, since rights may be lost in between."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from bot.errors import NotAllowed

if TYPE_CHECKING:
    import discord

    from bot.client import VerbatimBot

    Interaction = discord.Interaction[VerbatimBot]

_REMEMBERED = 10_000

ONLY_IN_A_SERVER = "Ask me in a server: each server has its own articles, and I have none here."


def anybody(interaction: Interaction) -> None:
    """Everybody, everywhere, direct messages too."""


def members(interaction: Interaction) -> None:
    """Members of a server, in the channels where Verbatim may answer. Raises NotAllowed."""
    if interaction.guild_id is None:
        raise NotAllowed(ONLY_IN_A_SERVER)
    allowed = interaction.client.app.settings.discord.channels
    if not may_answer_in(interaction.channel, allowed):
        places = " ".join(f"<#{channel}>" for channel in allowed[:10])
        raise NotAllowed(f"I answer only in these channels: {places}")


def moderators(interaction: Interaction) -> None:
    """Members with Manage Messages or the configured role. Raises NotAllowed."""
    if interaction.guild_id is None:
        raise NotAllowed(ONLY_IN_A_SERVER)
    if not is_moderator(interaction):
        role = interaction.client.app.settings.discord.moderator_role
        or_role = f" or the role {role}" if role else ""
        raise NotAllowed(f"Articles are the moderators' work: this needs the permission Manage Messages{or_role}.")


def is_moderator(interaction: Interaction) -> bool:
    """Whether the member may load and remove articles at this moment, as Discord says with this interaction."""
    if interaction.permissions.manage_messages:
        return True
    wanted = interaction.client.app.settings.discord.moderator_role
    roles = getattr(interaction.user, "roles", [])
    return bool(wanted) and any(wanted in {str(role.id), role.name} for role in roles)


def may_answer_in(channel: Any, allowed: tuple[int, ...]) -> bool:
    """Whether a channel, or the one its thread hangs in, is among the allowed; none named means everywhere."""
    return not allowed or not {getattr(channel, "id", None), getattr(channel, "parent_id", None)}.isdisjoint(allowed)


def library_of(interaction: Interaction) -> str:
    """The library of the server an interaction came from. Raises NotAllowed outside a server."""
    if interaction.guild_id is None:
        raise NotAllowed(ONLY_IN_A_SERVER)
    return str(interaction.guild_id)


class Cooldown:
    """Who asked last when, by member and server; in memory only."""

    def __init__(self, cooldown_s: float) -> None:
        self._cooldown_s = cooldown_s
        self._last: OrderedDict[tuple[int, int], float] = OrderedDict()

    def left(self, guild_id: int, user_id: int) -> float:
        """Seconds this member still has to wait."""
        return max(0.0, self._last.get((guild_id, user_id), -self._cooldown_s) + self._cooldown_s - time.monotonic())

    def take(self, guild_id: int, user_id: int) -> None:
        """Count one question. Raises NotAllowed with the time left when it comes too soon."""
        left = self.left(guild_id, user_id)
        if left > 0:
            raise NotAllowed(f"One moment: you can ask again in {left:.0f} s." if left >= 1 else "One moment, please.")
        self._last[guild_id, user_id] = time.monotonic()
        self._last.move_to_end((guild_id, user_id))
        while len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)
