"""/speakers, /articles and /quotes: what a server has loaded, for its members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.errors import NotAllowed
from bot.links import safe_url
from bot.markup import label, plain
from bot.render import count, render_head, render_title
from cogs._cards import QUIET, card, note, spaced
from cogs._checks import library_of, members
from cogs._passages import page_buttons
from cogs._spoken import SpokenButton, Wanted, fits_a_button, parse_day, resolve_speaker, spoken_view
from cogs._views import Knob, register
from cogs.ask import speaker_choices

if TYPE_CHECKING:
    import re

    from bot.client import VerbatimBot
    from cogs._views import Interaction
    from db.model import ArticleSummary, StoredSpeaker

ARTICLES_PAGE = 8
SPEAKERS_PAGE = 12
_LONGEST_LINK = 300


class ArticlesButton(Knob, template=r"articles:(?P<page>\d{1,5})"):
    """Turns the pages of /articles."""

    gate = staticmethod(members)

    def __init__(self, page: int, text: str) -> None:
        super().__init__(ui.Button(label=text, custom_id=f"articles:{page}"))

    def restore(self, match: re.Match[str]) -> None:
        """Take the page from the custom_id."""
        self.page = int(match["page"])

    async def press(self, interaction: Interaction) -> None:
        """Show the page in place."""
        await interaction.response.edit_message(view=await articles_view(interaction, self.page))


class SpeakersButton(Knob, template=r"speakers:(?P<page>\d{1,5})"):
    """Turns the pages of /speakers."""

    gate = staticmethod(members)

    def __init__(self, page: int, text: str) -> None:
        super().__init__(ui.Button(label=text, custom_id=f"speakers:{page}"))

    def restore(self, match: re.Match[str]) -> None:
        """Take the page from the custom_id."""
        self.page = int(match["page"])

    async def press(self, interaction: Interaction) -> None:
        """Show the page in place."""
        await interaction.response.edit_message(view=await speakers_view(interaction, self.page))


async def articles_view(interaction: Interaction, page: int) -> ui.LayoutView:
    """One page of the published articles, newest first."""
    store, library = interaction.client.app.store, library_of(interaction)
    rows = await store.find_articles(library, state="published", limit=ARTICLES_PAGE + 1, offset=page * ARTICLES_PAGE)
    if not rows:
        return await articles_view(interaction, 0) if page else note("No articles are loaded here yet.")
    last = page + (len(rows) > ARTICLES_PAGE)
    lines = [_article_line(row) for row in rows[:ARTICLES_PAGE]]
    return card(["### Articles", *spaced(lines)], tone=QUIET, buttons=page_buttons(page, last, ArticlesButton))


def _article_line(row: ArticleSummary) -> str:
    url = safe_url(row.url)
    link = f" · <{url}>" if url and len(url) <= _LONGEST_LINK else ""
    head = render_head(row, fallback="no publisher or date")
    return f"**{render_title(row.title, limit=100)}**\n-# {head} · {count(row.quotation_count, 'quotation')}{link}"


async def speakers_view(interaction: Interaction, page: int) -> ui.LayoutView:
    """One page of the speakers, most quoted first."""
    store, library = interaction.client.app.store, library_of(interaction)
    wanted = (page + 1) * SPEAKERS_PAGE + 1
    rows = await store.find_speakers(library, limit=wanted)
    shown = rows[page * SPEAKERS_PAGE : wanted - 1]
    if not shown:
        return await speakers_view(interaction, 0) if page else note("Nobody is quoted in the articles loaded here.")
    last = page + (len(rows) == wanted)
    lines = "\n".join(map(_speaker_line, shown))
    return card(["### Speakers", lines], tone=QUIET, buttons=page_buttons(page, last, SpeakersButton))


def _speaker_line(row: StoredSpeaker) -> str:
    others = [label(alias, limit=40) for alias in row.aliases if alias != row.name][:3]
    also = f" · also “{'”, “'.join(others)}”" if others else ""
    return f"**{label(row.name, limit=80)}**\n-# {count(row.quotation_count, 'quotation')}{also}"


class Library(commands.Cog):
    """What is loaded, for members."""

    @app_commands.command(description="Which articles this server has loaded.", extras={"gate": members})
    async def articles(self, interaction: discord.Interaction[VerbatimBot]) -> None:
        """List the published articles, privately."""
        await interaction.response.send_message(view=await articles_view(interaction, 0), ephemeral=True)

    @app_commands.command(description="Who is quoted in this server's articles.", extras={"gate": members})
    async def speakers(self, interaction: discord.Interaction[VerbatimBot]) -> None:
        """List the speakers, privately."""
        await interaction.response.send_message(view=await speakers_view(interaction, 0), ephemeral=True)

    @app_commands.command(description="Everything a speaker has said, the latest first.", extras={"gate": members})
    @app_commands.describe(
        speaker="A person or body that is quoted",
        since="From this day on: 2026, 2026-04 or 2026-04-02",
        until="Up to this day",
        publisher="Only from this publisher",
    )
    async def quotes(
        self,
        interaction: discord.Interaction[VerbatimBot],
        speaker: app_commands.Range[str, 1, 100],
        since: app_commands.Range[str, 4, 10] | None = None,
        until: app_commands.Range[str, 4, 10] | None = None,
        publisher: app_commands.Range[str, 1, 40] | None = None,
    ) -> None:
        """Show what a speaker has said, privately."""
        found = await resolve_speaker(interaction, speaker)
        days = parse_day(since, option="since"), parse_day(until, option="until")
        wanted = Wanted(found.id, *days, plain(publisher or "", limit=40))
        if not fits_a_button(wanted):
            raise NotAllowed("Give a shorter part of the publisher's name.")
        await interaction.response.send_message(view=await spoken_view(interaction, wanted, 0), ephemeral=True)

    @quotes.autocomplete("speaker")
    async def complete_speaker(
        self, interaction: discord.Interaction[VerbatimBot], current: str
    ) -> list[app_commands.Choice[str]]:
        """Speakers of this server's library."""
        return await speaker_choices(interaction, current)


async def setup(bot: VerbatimBot) -> None:
    """Add the cog and its buttons."""
    register(bot, ArticlesButton, SpeakersButton, SpokenButton)
    await bot.add_cog(Library())
