"""What the /article commands show and ask: the load report, the list, an article, its removal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.errors import NotAllowed
from bot.links import safe_url
from bot.markup import escape, label, plain
from bot.render import count, render_head, render_quotation, render_title
from cogs._cards import QUIET, TONES, card, line, link_button, note, spaced
from cogs._checks import library_of, moderators
from cogs._passages import page_buttons
from cogs._views import Knob
from db.errors import ArticleNotFound

if TYPE_CHECKING:
    import re

    from bot.loading import LoadReport
    from cogs._views import Interaction
    from db.model import Article, ArticleSummary

LIST_PAGE = 8
QUOTATIONS_PAGE = 6
_TEXT_ROOM = 3500
_NO_HEAD = "no publisher or date"
_STATUS = {
    "added": "Loaded",
    "already_loaded": "Already loaded · nothing was stored twice",
    "updated": "Updated · the article has a new revision",
}


class ListButton(Knob, template=r"list:(?P<page>\d{1,6})"):
    """Turns the pages of the article list."""

    gate = staticmethod(moderators)

    def __init__(self, page: int, text: str) -> None:
        super().__init__(ui.Button(label=text, custom_id=f"list:{page}"))

    def restore(self, match: re.Match[str]) -> None:
        """Take the page from the custom_id."""
        self.page = int(match["page"])

    async def press(self, interaction: Interaction) -> None:
        """Show the page in place."""
        await interaction.response.edit_message(view=await list_view(interaction, self.page))


class ShowButton(Knob, template=r"show:(?P<article>\d{1,18}):(?P<page>\d{1,6})"):
    """Shows an article's quotations, page by page."""

    gate = staticmethod(moderators)

    def __init__(self, article_id: int, page: int, text: str) -> None:
        super().__init__(ui.Button(label=text, custom_id=f"show:{article_id}:{page}"))

    def restore(self, match: re.Match[str]) -> None:
        """Take article and page from the custom_id."""
        self.article_id, self.page = int(match["article"]), int(match["page"])

    async def press(self, interaction: Interaction) -> None:
        """Show the page in place."""
        article = await interaction.client.app.store.get_article(library_of(interaction), self.article_id)
        await interaction.response.edit_message(view=article_card(article, self.page))


class RemoveButton(Knob, template=r"remove:(?P<step>ask|yes):(?P<article>\d{1,18})"):
    """Removes an article: `ask` shows what would go, `yes` removes it."""

    gate = staticmethod(moderators)

    def __init__(self, article_id: int, step: str) -> None:
        text, style = {
            "ask": ("Remove", discord.ButtonStyle.secondary),
            "yes": ("Remove for good", discord.ButtonStyle.danger),
        }[step]
        super().__init__(ui.Button(label=text, style=style, custom_id=f"remove:{step}:{article_id}"))

    def restore(self, match: re.Match[str]) -> None:
        """Take step and article from the custom_id."""
        self.step, self.article_id = match["step"], int(match["article"])

    async def press(self, interaction: Interaction) -> None:
        """Ask, or remove."""
        store, library = interaction.client.app.store, library_of(interaction)
        if self.step == "ask":
            view = removal_card(await store.get_article(library, self.article_id))
            await interaction.response.send_message(view=view, ephemeral=True)
            return
        await interaction.response.defer()
        gone = await store.remove_article(library, self.article_id, actor=str(interaction.user.id))
        view = note(f"### Removed\n{render_title(gone.title)}\n-# Its text is gone; the log keeps that it was here.")
        await interaction.edit_original_response(view=view)


class KeepButton(Knob, template=r"keep"):
    """Leaves an article where it is."""

    gate = staticmethod(moderators)

    def __init__(self) -> None:
        super().__init__(ui.Button(label="Keep", custom_id="keep"))

    async def press(self, interaction: Interaction) -> None:
        """Close the question."""
        await interaction.response.edit_message(view=note("Nothing was removed."))


def report_card(report: LoadReport, *, notes: tuple[str, ...] = ()) -> ui.LayoutView:
    """What became of a load, and what was read from it; `notes` are further warnings."""
    reading = report.reading
    head = reading.head
    set_aside = sum(b.kind in {"caption", "aside"} for b in reading.blocks)
    counts = [
        count(sum(b.kind == "paragraph" for b in reading.blocks), "paragraph"),
        count(len(reading.quotations), "quotation")
        + (f" ({report.unattributed} unattributed)" if report.unattributed else ""),
        count(len(reading.facts), "fact"),
    ]
    if set_aside:
        counts.append(f"{count(set_aside, 'line')} set aside")
    speakers = ", ".join(label(s.name, limit=60) for s in reading.speakers[:8])
    more = f" and {len(reading.speakers) - 8} more" if len(reading.speakers) > 8 else ""  # noqa: PLR2004 - as above
    missing = [
        name
        for name, value in (("publisher", head.publisher), ("date", head.published), ("link", head.url))
        if not value
    ]
    warnings = [escape(plain(w, limit=200)) for w in (*notes, *report.warnings, *reading.warnings)]
    if missing:
        warnings.append(f"No {' or '.join(missing)} found; citations will lack it")
    return card(
        [
            f"-# {_STATUS[report.status]}\n### {render_title(head.title)}\n{render_head(head, fallback='')}".rstrip(),
            f"> {label(head.standfirst, limit=300)}" if head.standfirst else None,
            " · ".join(counts) + (f"\n-# Speakers: {speakers}{more}" if speakers else ""),
            "\n".join(f"-# ⚠️ {w}" for w in list(dict.fromkeys(warnings))[:6]),
        ],
        tone=TONES["altered"] if warnings else TONES["verbatim"],
        buttons=[ShowButton(report.article_id, 0, "Show"), RemoveButton(report.article_id, "ask")],
    )


async def list_view(interaction: Interaction, page: int) -> ui.LayoutView:
    """One page of the library, newest first."""
    store, library = interaction.client.app.store, library_of(interaction)
    rows = await store.find_articles(library, limit=LIST_PAGE + 1, offset=page * LIST_PAGE)
    if not rows:
        if page:
            return await list_view(interaction, 0)
        return note("### No articles yet\nLoad the first one with `/article paste` or `/article file`.")
    size = await store.measure_library(library)
    items = [f"### {count(size.articles, 'article')}", *spaced([_summary_line(row) for row in rows[:LIST_PAGE]])]
    last = page + (len(rows) > LIST_PAGE)
    return card(items, tone=QUIET, buttons=page_buttons(page, last, ListButton))


def _summary_line(row: ArticleSummary) -> str:
    state = "" if row.state == "published" else f" · *{row.state}*"
    doubts = f", {row.unattributed_count} unattributed" if row.unattributed_count else ""
    head = render_head(row, fallback=_NO_HEAD)
    title = render_title(row.title, limit=100)
    return f"**{title}**{state}\n-# {row.id} · {head} · {count(row.quotation_count, 'quotation')}{doubts}"


def article_card(article: Article, page: int) -> ui.LayoutView:
    """An article's head and one page of its quotations."""
    rows = article.quotations
    last = max(0, (len(rows) - 1) // QUOTATIONS_PAGE)
    page = min(page, last)
    items: list[Any] = [
        f"### {render_title(article.head.title)}\n-# {article.id} · {render_head(article.head, fallback=_NO_HEAD)}",
        f"{count(len(rows), 'quotation')} · {count(len(article.facts), 'fact')}",
        line(),
    ]
    room = _TEXT_ROOM
    for stored in rows[page * QUOTATIONS_PAGE : (page + 1) * QUOTATIONS_PAGE]:
        text = render_quotation(stored.quotation, article.text, speaker=stored.quotation.speaker)
        if len(text) <= room:
            items.append(text)
            room -= len(text)
    turn = page_buttons(page, last, lambda number, text: ShowButton(article.id, number, text))
    link = link_button(_plain_link(article), "Open the article")
    return card(items, buttons=[*link, *turn, RemoveButton(article.id, "ask")])


def _plain_link(article: Article) -> str | None:
    url = safe_url(article.head.url)
    return url if url and len(url) <= 512 else None  # noqa: PLR2004 - Discord's limit for a button


def removal_card(article: Article) -> ui.LayoutView:
    """What a removal would delete."""
    held = count(len(article.facts), "fact")
    return card(
        [
            f"### Remove this article?\n**{render_title(article.head.title)}**",
            f"Its text, {count(len(article.quotations), 'quotation')} and {held} are deleted for good.",
        ],
        tone=TONES["misattributed"],
        buttons=[RemoveButton(article.id, "yes"), KeepButton()],
    )


async def resolve_article(interaction: Interaction, typed: str) -> int:
    """The id of the article that was chosen or typed: an id, or a part of exactly one title.

    Raises:
        ArticleNotFound: Nothing fits.
        NotAllowed: Several fit.
    """
    typed = typed.strip()
    if typed.isascii() and typed.isdigit() and len(typed) <= 15:  # noqa: PLR2004 - fits SQLite's integers
        return int(typed)
    rows = await interaction.client.app.store.find_articles(library_of(interaction), title=typed, limit=2)
    if not rows:
        raise ArticleNotFound(plain(typed, limit=60))
    if len(rows) > 1:
        raise NotAllowed(
            f"Several articles fit “{plain(typed, limit=60)}”. Choose one from the list that opens as you type."
        )
    return rows[0].id
