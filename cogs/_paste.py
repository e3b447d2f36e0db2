"""The paste form, and what was typed into it when it could not be read."""

from __future__ import annotations

import logging
import secrets
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.client import defer
from bot.errors import NotAllowed, UnreadableInput
from bot.links import safe_url
from bot.loading import Source
from bot.markup import plain
from cogs._articles import report_card
from cogs._cards import note
from cogs._checks import library_of, moderators
from cogs._views import Form, Knob
from db.model import Acquisition

if TYPE_CHECKING:
    import re

    from cogs._views import Interaction

log = logging.getLogger(__name__)

_FIELD_LIMIT = 4000
_DRAFTS = 50
_PREFIX = "paste:"
_AT_THE_LIMIT = "The form was full: if the end of the article is missing, send it with /article file"


class Drafts:
    """What was typed into paste forms that could not be read, so that nobody types it twice. In memory, the last 50."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[int, dict[str, str]]] = OrderedDict()

    def keep(self, user_id: int, values: dict[str, str]) -> str:
        """Keep a form's values; returns the key to them."""
        key = secrets.token_hex(8)
        self._kept[key] = user_id, values
        while len(self._kept) > _DRAFTS:
            self._kept.popitem(last=False)
        return key

    def get(self, user_id: int, key: str) -> dict[str, str]:
        """The values that this member typed. Raises NotAllowed when they are gone."""
        owner, values = self._kept.get(key, (None, {}))
        if owner != user_id:
            raise NotAllowed("What was typed is no longer kept. Start again with `/article paste`.")
        return values


class PasteForm(Form, title="Paste an article"):
    """Title, Text, Publisher, Date, Link; what is left empty is read from the text."""

    gate = staticmethod(moderators)

    def __init__(self, drafts: Drafts, values: dict[str, str] | None = None) -> None:
        super().__init__(timeout=None, custom_id=f"{_PREFIX}{secrets.token_hex(8)}")
        self.drafts = drafts
        values = values or {}
        for name, hint, size in (
            ("Title", "Read from the text where empty", 300),
            ("Text", "Up to 4,000 characters; send longer articles with /article file", _FIELD_LIMIT),
            ("Publisher", "The newspaper, agency or site", 100),
            ("Date", "For example 2010-01-03 or 3 January 2010", 40),
            ("Link", "Where readers can open the article", 1000),
        ):
            is_text = name == "Text"
            field: ui.TextInput[Any] = ui.TextInput(
                custom_id=name.lower(),
                style=discord.TextStyle.paragraph if is_text else discord.TextStyle.short,
                required=is_text,
                max_length=size,
                default=values.get(name.lower()) or None,
            )
            self.add_item(ui.Label(text=name, description=hint, component=field))

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by field."""
        fields = [item for item in self.walk_children() if isinstance(item, ui.TextInput)]
        return {field.custom_id: field.value for field in fields}

    async def hand_in(self, interaction: Interaction) -> None:
        """Load what was pasted."""
        values = self.values
        link = values["link"].strip()
        if link and safe_url(link) is None:
            raise UnreadableInput(f"“{plain(link, limit=80)}” is not a web address. A link begins with https://.")
        await defer(interaction)
        source = Source(
            text=values["text"],
            title=values["title"].strip() or None,
            publisher=values["publisher"].strip() or None,
            published=values["date"].strip() or None,
            url=link or None,
        )
        report = await interaction.client.app.load(
            library_of(interaction), source, Acquisition(way="paste", actor=str(interaction.user.id))
        )
        notes = (_AT_THE_LIMIT,) if len(values["text"]) >= _FIELD_LIMIT else ()
        await interaction.followup.send(view=report_card(report, notes=notes), ephemeral=True)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:  # type: ignore[override]
        """Tell what went wrong, and offer what was typed again."""
        await super().on_error(interaction, error)
        if not isinstance(error, NotAllowed) and self.values.get("text"):
            key = self.drafts.keep(interaction.user.id, self.values)
            view = note("Your text is kept for now.", buttons=[AgainButton(key)])
            try:
                await interaction.followup.send(view=view, ephemeral=True)
            except discord.HTTPException as failure:
                log.warning("could not offer a paste again: %s", failure)


async def revive(interaction: Interaction, drafts: Drafts) -> None:
    """Take a form that was opened before a restart: discord.py has no object for it, but what was typed is here."""
    typed: Any = interaction.data or {}
    if not typed.get("custom_id", "").startswith(_PREFIX):
        raise NotAllowed("This form was opened before I was restarted. Open it again.")
    fields = [row.get("component") or row["components"][0] for row in typed["components"]]
    form = PasteForm(drafts, {field["custom_id"]: field.get("value") or "" for field in fields})
    try:
        await form.on_submit(interaction)
    except Exception as error:  # noqa: BLE001 - as discord.py does for a form it knows
        await form.on_error(interaction, error)


class AgainButton(Knob, template=r"again:(?P<key>[0-9a-f]{16})"):
    """Opens the paste form with what was typed before."""

    gate = staticmethod(moderators)

    def __init__(self, key: str) -> None:
        super().__init__(ui.Button(label="Edit and try again", custom_id=f"again:{key}"))

    def restore(self, match: re.Match[str]) -> None:
        """Take the key from the custom_id."""
        self.key = match["key"]

    async def press(self, interaction: Interaction) -> None:
        """Open the form."""
        cog: Any = interaction.client.get_cog("Articles")
        drafts: Drafts = cog.drafts
        await PasteForm(drafts, drafts.get(interaction.user.id, self.key)).show(interaction)
