"""Asking: /ask, a mention with a question, and the buttons on an answer."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client import defer
from bot.markup import plain
from bot.suggest import suggest_speakers
from cogs._answers import FollowButton, WhoButton, ask, place_of, send
from cogs._cards import note
from cogs._checks import ONLY_IN_A_SERVER, library_of, may_answer_in, members
from cogs._passages import ContextButton, MoreButton
from cogs._views import register

if TYPE_CHECKING:
    from bot.client import VerbatimBot
    from cogs._views import Interaction

log = logging.getLogger(__name__)

_CHOICES = 25
_NAME_LIMIT = 100

HELP = (
    "### Ask me who said what\n"
    "Mention me with a question, or use `/ask`. I answer in the exact words of the articles that this server's "
    "moderators have loaded, and say where they stand.\n"
    "-# To check a quote: `/check`, or the menu of a message → Apps → Check this quote"
)


class Ask(commands.Cog):
    """Questions from members."""

    def __init__(self, bot: VerbatimBot) -> None:
        self.bot = bot

    @app_commands.command(
        name="ask",
        description="Who said what? Answers with the exact words of this server's articles.",
        extras={"gate": members},
    )
    @app_commands.describe(
        question="In your own words",
        speaker="Only what this person or body said",
        private="Show the answer to you alone",
    )
    async def ask_question(
        self,
        interaction: discord.Interaction[VerbatimBot],
        question: app_commands.Range[str, 1, 2000],
        speaker: app_commands.Range[str, 1, 100] | None = None,
        private: bool | None = None,  # noqa: FBT001 - an option of the command
    ) -> None:
        """Answer a question."""
        library = library_of(interaction)
        self.bot.cooldown.take(int(library), interaction.user.id)
        is_private = self.bot.app.settings.discord.private if private is None else private
        await defer(interaction, is_private=is_private)
        reply = await ask(self.bot, library, question, place=place_of(interaction), speaker=speaker)
        await send(interaction, reply, is_private=is_private)

    @ask_question.autocomplete("speaker")
    async def complete_speaker(
        self, interaction: discord.Interaction[VerbatimBot], current: str
    ) -> list[app_commands.Choice[str]]:
        """Speakers of this server's library."""
        return await speaker_choices(interaction, current)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a mention; people only, no bots and no webhooks."""
        if message.author.bot or message.webhook_id or self.bot.user is None:
            return
        if message.guild is None:
            await self._reply(message, note(ONLY_IN_A_SERVER))
        elif self.bot.user in message.mentions and may_answer_in(
            message.channel, self.bot.app.settings.discord.channels
        ):
            await self._answer_mention(message, self.bot.user.id)

    async def _answer_mention(self, message: discord.Message, bot_id: int) -> None:
        self.bot.hold()
        question = re.sub(rf"<@!?{bot_id}>", " ", message.content).strip()
        assert message.guild is not None
        try:
            if question:
                self.bot.cooldown.take(message.guild.id, message.author.id)
                place = (message.guild.id, message.channel.id, message.author.id)
                view = (await ask(self.bot, str(message.guild.id), question, place=place, echo=False)).view
            else:
                view = note(HELP)
        except Exception as error:  # noqa: BLE001 - a listener's error would only be logged
            view = note(self.bot.describe(error))
        await self._reply(message, view)

    async def _reply(self, message: discord.Message, view: ui.LayoutView) -> None:
        try:
            await message.reply(view=view, mention_author=False)
        except discord.HTTPException as error:
            # Where the bot may not speak, or the question is gone already, there is nobody to tell.
            log.info("no reply in channel %s: %s", message.channel.id, error)


async def speaker_choices(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Speakers whose names fit what is typed so far, most quoted first."""
    speakers = await suggest_speakers(interaction.client.app.store, library_of(interaction), current, limit=_CHOICES)
    names = {plain(s.name, limit=_NAME_LIMIT): s.name[:_NAME_LIMIT] for s in speakers}
    return [app_commands.Choice(name=shown, value=name) for shown, name in names.items() if shown]


async def setup(bot: VerbatimBot) -> None:
    """Add the cog and its buttons."""
    register(bot, ContextButton, FollowButton, MoreButton, WhoButton)
    await bot.add_cog(Ask(bot))
