"""/article: moderators load, list, show and remove articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import defer
from bot.errors import InputTooLarge, UnreadableInput
from bot.links import safe_url
from bot.loading import MOST_BYTES_FACTOR, Source
from bot.markup import plain
from bot.render import render_date
from bot.suggest import suggest_articles
from cogs._articles import (
    KeepButton,
    ListButton,
    RemoveButton,
    ShowButton,
    article_card,
    list_view,
    removal_card,
    report_card,
    resolve_article,
)
from cogs._checks import library_of, moderators
from cogs._paste import AgainButton, Drafts, PasteForm, revive
from cogs._views import register
from db.model import Acquisition

if TYPE_CHECKING:
    from bot.client import VerbatimBot
    from cogs._views import Interaction

_CHOICES = 25
_CHOICE_LIMIT = 100
_FILE_LIMIT_BYTES = 10 * 1024 * 1024


class Articles(commands.Cog):
    """The moderators' work on the library."""

    article = app_commands.Group(
        name="article",
        description="Load and keep this server's articles.",
        default_permissions=discord.Permissions(manage_messages=True),
    )

    def __init__(self, bot: VerbatimBot) -> None:
        self.bot = bot
        self.drafts = Drafts()

    @article.command(description="Paste the text of an article.", extras={"gate": moderators})
    async def paste(self, interaction: discord.Interaction[VerbatimBot]) -> None:
        """Open the paste form."""
        await PasteForm(self.drafts).show(interaction)

    @article.command(description="Load an article from a link.", extras={"gate": moderators})
    @app_commands.describe(url="The article's address, beginning with https://")
    async def add(self, interaction: discord.Interaction[VerbatimBot], url: app_commands.Range[str, 1, 1000]) -> None:
        """Fetch and load a page."""
        address = safe_url(url)
        if address is None:
            raise UnreadableInput(f"“{plain(url, limit=80)}” is not a web address. A link begins with https://.")
        await defer(interaction)
        got = Acquisition(way="url", actor=str(interaction.user.id), origin=address)
        report = await self.bot.app.load(library_of(interaction), Source(url=address), got)
        await interaction.followup.send(view=report_card(report), ephemeral=True)

    @article.command(name="file", description="Load an article from a file.", extras={"gate": moderators})
    @app_commands.describe(file="Text, Markdown, HTML, PDF, Word or EPUB")
    async def load_file(self, interaction: discord.Interaction[VerbatimBot], file: discord.Attachment) -> None:
        """Load an uploaded file."""
        # What each format may hold is the reading's to say; this only keeps the rest from being downloaded.
        limit = min(MOST_BYTES_FACTOR * self.bot.app.settings.reading.max_text_bytes, _FILE_LIMIT_BYTES)
        if file.size > limit:
            raise InputTooLarge(
                f"{plain(file.filename, limit=80)} is larger than {limit / 2**20:.0f} MiB. "
                "Split it, or load only the article's text."
            )
        await defer(interaction)
        try:
            raw = await file.read()
        except discord.HTTPException as error:
            raise UnreadableInput("Discord did not hand me the file. Send it again.") from error
        report = await self.bot.app.load(
            library_of(interaction),
            Source(raw=raw, name=file.filename),
            Acquisition(way="file", actor=str(interaction.user.id), origin=file.filename),
        )
        await interaction.followup.send(view=report_card(report), ephemeral=True)

    @article.command(name="list", description="What is loaded, newest first.", extras={"gate": moderators})
    async def list_articles(self, interaction: discord.Interaction[VerbatimBot]) -> None:
        """Show the first page of the library."""
        await interaction.response.send_message(view=await list_view(interaction, 0), ephemeral=True)

    @article.command(description="An article with its quotations.", extras={"gate": moderators})
    @app_commands.describe(article="Its title, or its number from the list")
    async def show(
        self, interaction: discord.Interaction[VerbatimBot], article: app_commands.Range[str, 1, 100]
    ) -> None:
        """Show an article."""
        article_id = await resolve_article(interaction, article)
        found = await self.bot.app.store.get_article(library_of(interaction), article_id)
        await interaction.response.send_message(view=article_card(found, 0), ephemeral=True)

    @article.command(description="Remove an article for good; asks first.", extras={"gate": moderators})
    @app_commands.describe(article="Its title, or its number from the list")
    async def remove(
        self, interaction: discord.Interaction[VerbatimBot], article: app_commands.Range[str, 1, 100]
    ) -> None:
        """Ask before removing an article."""
        article_id = await resolve_article(interaction, article)
        found = await self.bot.app.store.get_article(library_of(interaction), article_id)
        await interaction.response.send_message(view=removal_card(found), ephemeral=True)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[VerbatimBot]) -> None:
        """Take forms that were opened before a restart."""
        typed: Any = interaction.data
        if interaction.type is not discord.InteractionType.modal_submit or self.bot.knows_form(typed["custom_id"]):
            return
        self.bot.hold()
        try:
            await revive(interaction, self.drafts)
        except Exception as error:  # noqa: BLE001 - a listener's error would only be logged
            await self.bot.explain(interaction, error)

    @show.autocomplete("article")
    @remove.autocomplete("article")
    async def complete_article(
        self, interaction: discord.Interaction[VerbatimBot], current: str
    ) -> list[app_commands.Choice[str]]:
        """Articles whose title or publisher contains what is typed."""
        return await article_choices(interaction, current)


async def article_choices(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Articles to choose from, newest first, named by title, publisher and date."""
    rows = await suggest_articles(interaction.client.app.store, library_of(interaction), current, limit=_CHOICES)
    choices = []
    for row in rows:
        tail = " · ".join(p for p in (plain(row.publisher or "", limit=30), render_date(row.published)) if p)
        title = plain(row.title or "", limit=_CHOICE_LIMIT - len(tail) - 3) or f"Article {row.id}"
        choices.append(app_commands.Choice(name=f"{title} · {tail}" if tail else title, value=str(row.id)))
    return choices


async def setup(bot: VerbatimBot) -> None:
    """Add the cog and its buttons."""
    register(bot, AgainButton, KeepButton, ListButton, RemoveButton, ShowButton)
    await bot.add_cog(Articles(bot))
    group = bot.tree.get_command("article")
    if bot.app.settings.discord.moderator_role and isinstance(group, app_commands.Group):
        # Discord would hide the commands from the role's members; the gate decides anyway.
        group.default_permissions = None
