"""/compare: what two speakers said about one thing, side by side; the reader judges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.answering import Answer
from bot.client import defer
from bot.markup import label
from cogs._cards import card, line, passage_items
from cogs._checks import library_of, members
from cogs._spoken import resolve_speaker
from cogs.ask import speaker_choices

if TYPE_CHECKING:
    from bot.client import VerbatimBot
    from cogs._views import Interaction

_EACH = 2
_QUOTE_LIMIT = 420


class Compare(commands.Cog):
    """Two speakers beside each other."""

    def __init__(self, bot: VerbatimBot) -> None:
        self.bot = bot

    @app_commands.command(description="What two speakers said about one thing.", extras={"gate": members})
    @app_commands.describe(first="A person or body", second="Another one", about="What they spoke about")
    async def compare(
        self,
        interaction: discord.Interaction[VerbatimBot],
        first: app_commands.Range[str, 1, 100],
        second: app_commands.Range[str, 1, 100],
        about: app_commands.Range[str, 1, 200],
    ) -> None:
        """Show both, privately."""
        library = library_of(interaction)
        self.bot.cooldown.take(int(library), interaction.user.id)
        names = [(await resolve_speaker(interaction, typed)).name for typed in (first, second)]
        await defer(interaction)
        items: list[ui.Item[Any] | str | None] = [f"### About “{label(about, limit=150)}”"]
        for name in names:
            items += [line(), f"**{label(name, limit=80)}**", *await self._find(library, name, about)]
        await interaction.followup.send(view=card(items), ephemeral=True)

    async def _find(self, library: str, name: str, about: str) -> list[ui.Item[Any] | str]:
        answer = await self.bot.app.ask(library, about, speaker=name)
        ranked = answer.passages if isinstance(answer, Answer) else ()
        if not ranked:
            return ["-# The loaded articles have nothing of theirs about this."]
        return [item for r in ranked[:_EACH] for item in passage_items(r.passage, limit=_QUOTE_LIMIT, room=700)]

    @compare.autocomplete("first")
    @compare.autocomplete("second")
    async def complete_speaker(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """Speakers of this server's library."""
        return await speaker_choices(interaction, current)


async def setup(bot: VerbatimBot) -> None:
    """Add the cog."""
    await bot.add_cog(Compare(bot))
