"""How an answer reaches the asker: the card, which speaker was meant, and asking on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from discord import ui

from bot.answering import Answer
from bot.client import defer, whisper
from bot.errors import NotAllowed
from bot.markup import plain
from cogs._cards import QUIET, answer_card, card, no_answer_card, question_line, read_question
from cogs._checks import library_of, members
from cogs._passages import ContextButton, MoreButton
from cogs._views import CUSTOM_ID_LIMIT, Form, Knob

if TYPE_CHECKING:
    import re

    from bot.answering import NoAnswer
    from bot.client import VerbatimBot
    from cogs._views import Interaction

_WHO_LIMIT = 5
_WHOLE_QUESTION = 2500


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer laid out; `is_private` when only the asker needs it."""

    view: ui.LayoutView
    is_private: bool = False


async def ask(
    bot: VerbatimBot,
    library: str,
    question: str,
    *,
    place: tuple[int, ...],
    speaker: str | None = None,
    echo: bool = True,
) -> Reply:
    """Ask the library and lay the result out.

    Args:
        bot: Knows the app and the conversations.
        library: The server's.
        question: As typed.
        place: Server, channel and member, for whom "he" means the speaker of the answer before.
        speaker: Only what this speaker said.
        echo: Repeat the question on the card, where nothing else shows it.

    Raises:
        BadQuestion: There is nothing to look up.
        StoreError: The database cannot be read.
    """
    speaker = speaker or bot.conversations.resolve_speaker(place, question)
    answer = await bot.app.ask(library, question, speaker=speaker)
    if isinstance(answer, Answer) and answer.passages:
        best, *others = answer.passages
        bot.conversations.remember(place, best.passage.speaker)
        buttons: list[ui.Item[Any]] = [ContextButton(best.passage), *MoreButton.of([r.passage for r in others])]
        buttons += FollowButton.of(best.passage.speaker)
        return Reply(answer_card(best, question=question if echo else None, buttons=buttons))
    return await _no_answer(bot, library, answer)


async def _no_answer(bot: VerbatimBot, library: str, answer: Answer | NoAnswer) -> Reply:
    which = [n for n in getattr(answer, "which", ()) if len(f"who:{n}") <= CUSTOM_ID_LIMIT and plain(n, limit=80)]
    if which:
        buttons = [WhoButton(name) for name in dict.fromkeys(which[:_WHO_LIMIT])]
        question = question_line(answer.question, limit=_WHOLE_QUESTION)
        return Reply(card(["### Whom do you mean?", question], tone=QUIET, buttons=buttons), is_private=True)
    nearest = getattr(answer, "nearest", ())
    is_empty = not nearest and (await bot.app.store.measure_library(library)).articles == 0
    return Reply(no_answer_card(answer.question, nearest, is_empty=is_empty))


async def send(interaction: Interaction, reply: Reply, *, is_private: bool) -> None:
    """Send a reply to a deferred interaction: as promised, or privately after all."""
    if reply.is_private and not is_private:
        await whisper(interaction, view=reply.view)
    else:
        await interaction.followup.send(view=reply.view, ephemeral=is_private)


def place_of(interaction: Interaction) -> tuple[int, ...]:
    """Server, channel and member of an interaction."""
    return interaction.guild_id or 0, interaction.channel_id or 0, interaction.user.id


class WhoButton(Knob, template=r"who:(?P<speaker>.+)"):
    """Asks the question of the card again, of one speaker."""

    gate = staticmethod(members)

    def __init__(self, speaker: str) -> None:
        super().__init__(ui.Button(label=plain(speaker, limit=80), custom_id=f"who:{speaker}"))

    def restore(self, match: re.Match[str]) -> None:
        """Take the speaker from the custom_id."""
        self.speaker = match["speaker"]

    async def press(self, interaction: Interaction) -> None:
        """Ask again, for the presser alone."""
        question = read_question(interaction.message)
        if question is None:
            raise NotAllowed("Ask again with `/ask` and choose the speaker there.")
        await defer(interaction)
        library, place = library_of(interaction), place_of(interaction)
        reply = await ask(interaction.client, library, question, place=place, speaker=self.speaker)
        await send(interaction, reply, is_private=True)


class FollowButton(Knob, template=r"follow:(?P<speaker>.+)"):
    """Opens a form for another question about the same speaker."""

    gate = staticmethod(members)

    def __init__(self, speaker: str) -> None:
        super().__init__(ui.Button(label="Follow up", custom_id=f"follow:{speaker}"))

    @classmethod
    def of(cls, speaker: str | None) -> list[ui.Item[Any]]:
        """The button, where there is a speaker whose name it can carry."""
        fits = speaker and len(f"follow:{speaker}") <= CUSTOM_ID_LIMIT and "\n" not in speaker
        return [cls(speaker)] if speaker and fits else []

    def restore(self, match: re.Match[str]) -> None:
        """Take the speaker from the custom_id."""
        self.speaker = match["speaker"]

    async def press(self, interaction: Interaction) -> None:
        """Open the form."""
        is_private = interaction.message is not None and interaction.message.flags.ephemeral
        await FollowForm(self.speaker, is_private=is_private).show(interaction)


class FollowForm(Form, title="Follow up"):
    """One more question; the answer is what the same speaker said."""

    gate = staticmethod(members)

    def __init__(self, speaker: str, *, is_private: bool) -> None:
        super().__init__(timeout=3600)
        self.speaker, self.is_private = speaker, is_private
        self.question: ui.TextInput[Any] = ui.TextInput(custom_id="question", max_length=500)
        hint = plain(f"Answered with the words of {speaker}", limit=100)
        self.add_item(ui.Label(text="Question", description=hint, component=self.question))

    async def hand_in(self, interaction: Interaction) -> None:
        """Answer as publicly as the card that was followed up."""
        place = place_of(interaction)
        interaction.client.cooldown.take(*place[::2])
        await defer(interaction, is_private=self.is_private)
        question, library = self.question.value, library_of(interaction)
        reply = await ask(interaction.client, library, question, place=place, speaker=self.speaker)
        await send(interaction, reply, is_private=self.is_private)
