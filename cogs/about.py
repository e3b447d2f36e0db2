"""/about: what this is, what it promises, and what this server has loaded."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.render import count
from cogs._cards import card, line
from cogs._checks import anybody

if TYPE_CHECKING:
    from bot.client import VerbatimBot

_WHAT = (
    "### Verbatim\n"
    "I say **who said what, and where**, in the exact words of articles that this server's moderators have loaded. "
    "I write nothing of my own: when the articles do not say, I say so."
)
_HOW = (
    "**Ask** · `/ask`, or mention me with a question\n"
    "**Check a quote** · `/check`, or the menu of a message → Apps → Check this quote\n"
    "**Load articles** (moderators) · `/article paste` and `/article file`"
)
_KEPT = "-# I read only messages that mention me or that you hand to me, and keep no list of who asked."


class About(commands.Cog):
    """What this bot is."""

    def __init__(self, bot: VerbatimBot) -> None:
        self.bot = bot

    @app_commands.command(description="What Verbatim is, and what this server has loaded.", extras={"gate": anybody})
    async def about(self, interaction: discord.Interaction[VerbatimBot]) -> None:
        """Explain, privately."""
        holds = None
        if interaction.guild_id is not None:
            size = await self.bot.app.store.measure_library(str(interaction.guild_id))
            holds = (
                f"This server has {count(size.articles, 'article')} with {count(size.quotations, 'quotation')} "
                f"of {count(size.speakers, 'speaker')}."
            )
        version = f"-# Version {metadata.version('verbatim-bot')}, open source under the MIT licence"
        view = card([_WHAT, holds, line(), _HOW, f"{_KEPT}\n{version}"])
        await interaction.response.send_message(view=view, ephemeral=True)


async def setup(bot: VerbatimBot) -> None:
    """Add the cog."""
    await bot.add_cog(About(bot))
