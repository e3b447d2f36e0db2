"""Buttons below a passage: the sentences round it, and other passages page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import ui

from bot.errors import NotAllowed
from bot.links import passage_link
from bot.proof import find_proven
from bot.render import count, render_attribution, render_citation, render_context, render_referents
from cogs._cards import card, line, link_button, passage_items
from cogs._checks import library_of, members
from cogs._views import GONE, Knob, PassageRef, pack

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence

    from cogs._views import Interaction
    from db.model import Passage

PAGE = 3
_QUOTE_ON_A_PAGE = 700


class ContextButton(Knob, template=rf"context:(?P<ref>{PassageRef.PATTERN})"):
    """Shows the sentences round a passage, to the presser alone."""

    gate = staticmethod(members)

    def __init__(self, passage: Passage) -> None:
        self.ref = PassageRef.of(passage)
        super().__init__(ui.Button(label="Context", custom_id=f"context:{self.ref}"))

    def restore(self, match: re.Match[str]) -> None:
        """Take the passage from the custom_id."""
        self.ref = PassageRef.parse(match["ref"])

    async def press(self, interaction: Interaction) -> None:
        """Look the passage up again and show what stands round it."""
        store, library = interaction.client.app.store, library_of(interaction)
        passage = await self.ref.find(store, library)
        article = await store.get_article(library, passage.article_id)
        if passage not in await find_proven(store, library, [passage]):
            raise NotAllowed(GONE)
        below = "\n".join(p for p in (render_attribution(passage), render_referents(passage.referents, passage)) if p)
        link = passage_link(passage.citation.url, passage.text)
        view = card(
            ["### In context", render_context(article, passage), below, render_citation(passage.citation)],
            buttons=link_button(link),
        )
        await interaction.response.send_message(view=view, ephemeral=True)


class MoreButton(Knob, template=r"(?P<how>more|page):(?P<page>\d{1,2}):(?P<refs>[0-9a-z.,]+)"):
    """Shows other passages, three a page, to the presser alone; `page` turns the pages of such a message."""

    gate = staticmethod(members)

    def __init__(self, custom_id: str, label: str) -> None:
        super().__init__(ui.Button(label=label, custom_id=custom_id))

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> list[ui.Item[Any]]:
        """The button for the passages behind the first; none where there are none."""
        custom_id, packed = pack("more:0:", passages)
        return [cls(custom_id, f"{packed} more")] if packed else []

    def restore(self, match: re.Match[str]) -> None:
        """Take the passages and the page from the custom_id."""
        self.turns = match["how"] == "page"
        self.page = int(match["page"])
        self.refs = match["refs"]

    async def press(self, interaction: Interaction) -> None:
        """Show the page; what is gone by now is left out."""
        store, library = interaction.client.app.store, library_of(interaction)
        found: list[Passage] = []
        for ref in map(PassageRef.parse, self.refs.split(",")):
            try:
                found.append(await ref.find(store, library))
            except NotAllowed:
                continue
        proven = await find_proven(store, library, found)
        passages = [p for p in found if p in proven]
        if not passages:
            raise NotAllowed(GONE)
        view = self._page_view(passages)
        if self.turns:
            await interaction.response.edit_message(view=view)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)

    def _page_view(self, passages: Sequence[Passage]) -> ui.LayoutView:
        last = (len(passages) - 1) // PAGE
        page = min(self.page, last)
        items: list[ui.Item[Any] | str | None] = [f"### {count(len(passages), 'more passage')}"]
        for number, passage in enumerate(passages[page * PAGE : (page + 1) * PAGE]):
            items += [line() if number else None, *passage_items(passage, limit=_QUOTE_ON_A_PAGE)]
        return card(items, buttons=page_buttons(page, last, self._turn))

    def _turn(self, page: int, label: str) -> MoreButton:
        return MoreButton(f"page:{page}:{self.refs}", label)


def page_buttons(page: int, last: int, make: Callable[[int, str], ui.Item[Any]]) -> list[ui.Item[Any]]:
    """Previous and next, where there is such a page; `make` takes a page and a label."""
    buttons = [make(page - 1, "Previous")] if page > 0 else []
    return [*buttons, make(page + 1, "Next")] if page < last else buttons
