"""Buttons that survive a restart and forms that ask their gate again: the bases of every component in the cogs."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import discord

from bot.errors import NotAllowed

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

    from bot.client import VerbatimBot
    from db.model import Passage
    from db.store import Store

    Interaction = discord.Interaction[VerbatimBot]

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
CUSTOM_ID_LIMIT = 100

NO_RULE = "This has no rule that says who may use it, so nobody may."
GONE = "This passage is no longer in the library: its article was changed or removed."


class Knob(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"(?!)"):
    """A button whose whole state is its custom_id, so that it works after a restart.

    Subclasses set `gate` (who may press), `template` (the custom_id) and `press` (what happens). The gate is asked at
    every press; whatever goes wrong is told to the presser by the client's one error handler.
    """

    @staticmethod
    def gate(interaction: Interaction, /) -> None:
        """Who may press. Raises NotAllowed; without a rule nobody may."""
        raise NotAllowed(f"{NO_RULE} ({interaction.id})")

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from what was pressed."""
        del interaction
        assert isinstance(item, discord.ui.Button)
        knob = cls.__new__(cls)
        discord.ui.DynamicItem.__init__(knob, item)
        knob.restore(match)
        return knob

    def restore(self, match: re.Match[str]) -> None:
        """Take the state from the custom_id."""

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Ask the gate, then press."""
        bot: VerbatimBot = interaction.client
        bot.hold()
        try:
            type(self).gate(interaction)
            await self.press(interaction)
        except Exception as error:  # noqa: BLE001 - discord.py would only log it, and the member would see nothing
            await bot.explain(interaction, error)

    async def press(self, interaction: Interaction) -> None:
        """What the button does."""
        raise NotImplementedError


class Form(discord.ui.Modal):
    """A modal that asks its gate again when it is handed in."""

    @staticmethod
    def gate(interaction: Interaction, /) -> None:
        """Who may hand it in. Raises NotAllowed; without a rule nobody may."""
        raise NotAllowed(f"{NO_RULE} ({interaction.id})")

    async def show(self, interaction: Interaction) -> None:
        """Open the form in answer to an interaction."""
        interaction.client.note_form(self.custom_id)
        await interaction.response.send_modal(self)

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Ask the gate, then hand in. Errors go to `on_error`."""
        interaction.client.hold()
        type(self).gate(interaction)
        await self.hand_in(interaction)

    async def hand_in(self, interaction: Interaction) -> None:
        """What the form does."""
        raise NotImplementedError

    async def on_error(  # type: ignore[override]  # a modal's has no item, in discord.py too
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        """Tell the member through the client's one error handler."""
        await interaction.client.explain(interaction, error)


def register(bot: VerbatimBot, *knobs: type[Knob]) -> None:
    """Make the bot answer to these buttons, also on messages from before a restart."""
    bot.add_dynamic_items(*knobs)


@dataclass(frozen=True, slots=True)
class PassageRef:
    """A passage named in few characters: article, offsets and a checksum of its words."""

    article_id: int
    start: int
    end: int
    check: int

    PATTERN: ClassVar[str] = r"[0-9a-z]+\.[0-9a-z]+\.[0-9a-z]+\.[0-9a-z]+"

    @classmethod
    def of(cls, passage: Passage) -> PassageRef:
        """The name of a passage."""
        return cls(passage.article_id, passage.span.start, passage.span.end, _check(passage.text))

    @classmethod
    def parse(cls, text: str) -> PassageRef:
        """Read a name as `str()` wrote it."""
        article_id, start, length, check = (int(part, 36) for part in text.split("."))
        return cls(article_id, start, start + length, check)

    def __str__(self) -> str:
        return ".".join(_base36(n) for n in (self.article_id, self.start, self.end - self.start, self.check))

    async def find(self, store: Store, library: str) -> Passage:
        """The passage, if it still stands there with the same words. Raises NotAllowed when it is gone."""
        passage = await store.find_passage(library, self.article_id, self.start, self.end)
        if passage is None or _check(passage.text) != self.check:
            raise NotAllowed(GONE)
        return passage


def pack(prefix: str, passages: Iterable[Passage]) -> tuple[str, int]:
    """As many passages as one custom_id holds after `prefix`.

    Returns:
        The custom_id, and how many passages are in it.
    """
    custom_id, packed = prefix, 0
    for passage in passages:
        ref = str(PassageRef.of(passage))
        longer = f"{custom_id}{',' if packed else ''}{ref}"
        if len(longer) > CUSTOM_ID_LIMIT:
            break
        custom_id, packed = longer, packed + 1
    return custom_id, packed


def _check(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "replace")) % 36**3


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if not number:
            return digits
