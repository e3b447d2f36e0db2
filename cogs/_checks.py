"""Gates: who may use a command, button or form. Asked on every use, since rights may be lost in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import NotAllowed

if TYPE_CHECKING:
    import discord

    from bot.client import VerbatimBot

    Interaction = discord.Interaction[VerbatimBot]

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
