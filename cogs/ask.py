"""Asking: /ask, a mention with a question, and the buttons on an answer."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.answering import Answer
from bot.client import defer
from bot.errors import NotAllowed
from bot.markup import plain
from cogs._cards import QUIET, answer_card, card, no_answer_card, note, question_line, read_question
from cogs._checks import ONLY_IN_A_SERVER, Cooldown, library_of, may_answer_in, members
from cogs._passages import ContextButton, MoreButton
from cogs._views import CUSTOM_ID_LIMIT, Knob, register

if TYPE_CHECKING:
    from bot.answering import NoAnswer
    from bot.client import VerbatimBot
    from cogs._views import Interaction

_CHOICES = 25
_NAME_LIMIT = 100
_WHO_LIMIT = 5

HELP = (
    "### Ask me who said what\n"
    "Mention me with a question, or use `/ask`. I answer in the exact words of the articles that this server's "
    "moderators have loaded, and say where they stand.\n"
    "-# To check a quote: `/check`, or the menu of a message → Apps → Check this quote"
)


class WhoButton(Knob, template=r"who:(?P<speaker>.+)"):
    """Asks the question of the card again, of one speaker."""

    gate = staticmethod(members)

    def __init__(self, speaker: str) -> None:
        super().__init__(ui.Button(label=plain(speaker, limit=80), custom_id=f"who:{speaker}"))

    def restore(self, match: re.Match[str]) -> None:
        """Take the speaker from the custom_id."""
        self.speaker = match["speaker"]

    async def press(self, interaction: Interaction) -> None:
        """Ask again."""
        question = read_question(interaction.message)
        if question is None:
            raise NotAllowed("Ask again with `/ask` and choose the speaker there.")
        await defer(interaction)
        view = await answer_view(interaction.client, library_of(interaction), question, speaker=self.speaker)
        await interaction.followup.send(view=view, ephemeral=True)


async def answer_view(
    bot: VerbatimBot, library: str, question: str, *, speaker: str | None = None, echo: bool = True
) -> ui.LayoutView:
    """Ask the library and lay the result out. Raises BadQuestion and StoreError."""
    answer = await bot.app.ask(library, question, speaker=speaker)
    if isinstance(answer, Answer) and answer.passages:
        best, *others = answer.passages
        buttons = [ContextButton(best.passage), *MoreButton.of([r.passage for r in others])]
        return answer_card(best, question=question if echo else None, buttons=buttons)
    return await _no_answer_view(bot, library, answer)


async def _no_answer_view(bot: VerbatimBot, library: str, answer: Answer | NoAnswer) -> ui.LayoutView:
    which = [n for n in getattr(answer, "which", ()) if len(f"who:{n}") <= CUSTOM_ID_LIMIT and plain(n, limit=80)]
    if which:
        return card(
            ["### Whom do you mean?", question_line(answer.question, limit=2500)],
            tone=QUIET,
            buttons=[WhoButton(name) for name in dict.fromkeys(which[:_WHO_LIMIT])],
        )
    nearest = getattr(answer, "nearest", ())
    is_empty = not nearest and (await bot.app.store.measure_library(library)).articles == 0
    return no_answer_card(answer.question, nearest, is_empty=is_empty)


class Ask(commands.Cog):
    """Questions from members."""

    def __init__(self, bot: VerbatimBot) -> None:
        self.bot = bot
        self.cooldown = Cooldown(bot.app.settings.discord.cooldown_s)

    @app_commands.command(
        description="Who said what? Answers with the exact words of this server's articles.",
        extras={"gate": members},
    )
    @app_commands.describe(
        question="In your own words",
        speaker="Only what this person or body said",
        private="Show the answer to you alone",
    )
    async def ask(
        self,
        interaction: discord.Interaction[VerbatimBot],
        question: app_commands.Range[str, 1, 2000],
        speaker: app_commands.Range[str, 1, 100] | None = None,
        private: bool | None = None,  # noqa: FBT001 - an option of the command
    ) -> None:
        """Answer a question."""
        library = library_of(interaction)
        self.cooldown.take(int(library), interaction.user.id)
        is_private = self.bot.app.settings.discord.private if private is None else private
        await defer(interaction, is_private=is_private)
        view = await answer_view(self.bot, library, question, speaker=speaker)
        await interaction.followup.send(view=view, ephemeral=is_private)

    @ask.autocomplete("speaker")
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
                self.cooldown.take(message.guild.id, message.author.id)
                view = await answer_view(self.bot, str(message.guild.id), question, echo=False)
            else:
                view = note(HELP)
        except Exception as error:  # noqa: BLE001 - a listener's error would only be logged
            view = note(self.bot.describe(error))
        await self._reply(message, view)

    async def _reply(self, message: discord.Message, view: ui.LayoutView) -> None:
        # Where the bot may not speak, or the question is gone already, there is nobody to tell.
        with suppress(discord.Forbidden, discord.NotFound):
            await message.reply(view=view, mention_author=False)


async def speaker_choices(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Speakers whose names fit what is typed so far, most quoted first."""
    speakers = await interaction.client.app.store.find_speakers(library_of(interaction), prefix=current, limit=_CHOICES)
    names = {plain(s.name, limit=_NAME_LIMIT): s.name[:_NAME_LIMIT] for s in speakers}
    return [app_commands.Choice(name=shown, value=name) for shown, name in names.items() if shown]


async def setup(bot: VerbatimBot) -> None:
    """Add the cog and its buttons."""
    register(bot, ContextButton, MoreButton, WhoButton)
    await bot.add_cog(Ask(bot))
