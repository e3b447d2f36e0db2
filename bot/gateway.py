"""Getting onto Discord: the invite link, and one plain sentence for every way Discord refuses a bot."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.errors import VerbatimError

if TYPE_CHECKING:
    from collections.abc import Iterator

# What cards, replies to mentions and message menus need; nothing that moderates.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)
_PORTAL = "https://discord.com/developers/applications"
_WRONG_TOKEN = (
    f"Discord does not accept this token. Under Bot on {_PORTAL} press Reset Token, and put the new one into "
    "DISCORD_TOKEN or the file DISCORD_TOKEN_FILE names."
)
# https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
CLOSE_CODES = {
    4004: _WRONG_TOKEN,
    4010: "Discord refused the shard number; Verbatim runs as one shard, so remove any other process with this token.",
    4011: "The bot is in too many servers for one connection; Discord asks for sharding, which Verbatim does not do.",
    4012: "Discord no longer speaks this version of its gateway; upgrade Verbatim.",
    4013: "Discord did not understand which events were asked for; upgrade Verbatim.",
    4014: f"Discord refused an intent that the application may not use. Verbatim needs none: see Bot on {_PORTAL}.",
}


class GatewayRefused(VerbatimError):
    """Discord does not let the bot in; the sentence says why and what to do."""


def invite_link(application_id: int) -> str:
    """The link that brings the bot into a server, with the scopes and permissions it needs."""
    return discord.utils.oauth_url(application_id, permissions=PERMISSIONS, scopes=("bot", "applications.commands"))


@contextmanager
def explain_refusals() -> Iterator[None]:
    """Turn whatever login and connection raise into GatewayRefused with its sentence."""
    try:
        yield
    except discord.LoginFailure as error:
        raise GatewayRefused(_WRONG_TOKEN) from error
    except discord.PrivilegedIntentsRequired as error:
        raise GatewayRefused(CLOSE_CODES[4014]) from error
    except discord.ConnectionClosed as error:
        sentence = CLOSE_CODES.get(error.code, f"Discord closed the connection with code {error.code}.")
        raise GatewayRefused(sentence) from error
    except discord.HTTPException as error:
        raise GatewayRefused(f"Discord answered {error.status} when the bot logged in. Try again later.") from error
    except (discord.GatewayNotFound, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise GatewayRefused("Discord cannot be reached. Check this machine's connection and clock.") from error
