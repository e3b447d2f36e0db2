"""Checking quotes: /check, and the message menu "Check this quote"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client import defer
from bot.errors import BadQuestion, NotAllowed
from bot.markup import label
from cogs._cards import verdict_view, walk
from cogs._checks import library_of, members
from cogs._passages import ContextButton
from cogs._views import Knob, register
from cogs.ask import speaker_choices

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.checking import Verdict
    from bot.client import VerbatimBot
    from cogs._views import Interaction

MENU_NAME = "Check this quote"
_TEXT_LIMIT = 20_000


class PostButton(Knob, template=r"post"):
    """Shows a private verdict to the whole channel, just as it stands."""

    gate = staticmethod(members)

    def __init__(self) -> None:
        super().__init__(ui.Button(label="Post publicly", custom_id="post", style=discord.ButtonStyle.primary))

    async def press(self, interaction: Interaction) -> None:
        """Send the private card again without this button, and say who wanted it posted."""
        if interaction.message is None:
            raise NotAllowed("This verdict is gone. Check the quote again.")
        view = ui.LayoutView.from_message(interaction.message, timeout=None)
        for item in list(view.walk_children()):
            if isinstance(item, ui.ActionRow) and any(getattr(i, "custom_id", "") == "post" for i in item.children):
                _drop_post(view, item)
        view.add_item(ui.TextDisplay(f"-# Checked by {label(interaction.user.display_name, limit=80)}"))
        view.stop()  # its buttons answer by their custom_id; nothing has to be kept for it in memory
        await interaction.response.send_message(view=view)


def _drop_post(view: ui.LayoutView, row: ui.ActionRow[ui.LayoutView]) -> None:
    for button in [b for b in row.children if getattr(b, "custom_id", "") == "post"]:
        row.remove_item(button)
    if not row.children:
        view.remove_item(row)


def verdict_card(verdicts: Sequence[Verdict]) -> ui.LayoutView:
    """The private card of one or several verdicts, with its buttons."""
    matched = [v.matches[0] for v in verdicts if v.matches]
    context = [ContextButton(matched[0])] if len(verdicts) == 1 and matched else []
    return verdict_view(verdicts, buttons=[*context, PostButton()])


def read_message(message: discord.Message) -> str:
    """All that a message says: its text, its embeds and cards, and the same of what it forwards."""
    sources: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    parts = [part.strip() for source in sources for part in _texts(source)]
    return "\n\n".join(dict.fromkeys(part for part in parts if part))[:_TEXT_LIMIT]


def _texts(message: discord.Message | discord.MessageSnapshot) -> Iterator[str]:
    yield message.content
    for embed in message.embeds:
        yield from (embed.title or "", embed.description or "")
        for field in embed.fields:
            yield f"{field.name}\n{field.value}"
    for component in walk(message.components):
        if isinstance(component, discord.TextDisplay):
            yield component.content


class Check(commands.Cog):
    """Quotes held against the loaded articles."""

    def __init__(self, bot: VerbatimBot) -> None:
        self.bot = bot
        self.menu = app_commands.ContextMenu(
            name=MENU_NAME,
            callback=self.check_message,
            extras={"gate": members},
        )

    async def cog_load(self) -> None:
        """Add the menu, which discord.py does not take from a cog by itself."""
        self.bot.tree.add_command(self.menu)

    async def cog_unload(self) -> None:
        """Take the menu away."""
        self.bot.tree.remove_command(self.menu.name, type=self.menu.type)

    @app_commands.command(
        description="Is this quote exact? Compares it word by word with this server's articles.",
        extras={"gate": members},
    )
    @app_commands.describe(quote="The words to check", speaker="Who is supposed to have said them")
    async def check(
        self,
        interaction: discord.Interaction[VerbatimBot],
        quote: app_commands.Range[str, 1, 4000],
        speaker: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        """Check a typed quote, privately."""
        await defer(interaction)
        verdict = await self.bot.app.check(library_of(interaction), quote, speaker=speaker)
        await interaction.followup.send(view=verdict_card([verdict]), ephemeral=True)

    @check.autocomplete("speaker")
    async def complete_speaker(
        self, interaction: discord.Interaction[VerbatimBot], current: str
    ) -> list[app_commands.Choice[str]]:
        """Speakers of this server's library."""
        return await speaker_choices(interaction, current)

    async def check_message(self, interaction: discord.Interaction[VerbatimBot], message: discord.Message) -> None:
        """Check every quote in a message, privately."""
        await defer(interaction)
        text = read_message(message)
        if not text:
            raise BadQuestion("This message has no text to check.")
        verdicts = await self.bot.app.check_message(library_of(interaction), text)
        await interaction.followup.send(view=verdict_card(verdicts), ephemeral=True)


async def setup(bot: VerbatimBot) -> None:
    """Add the cog and its button."""
    register(bot, ContextButton, PostButton)
    await bot.add_cog(Check(bot))
