"""Everything a speaker has said, page by page; the filter is kept in the buttons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote, unquote

from discord import ui

from bot.errors import NotAllowed
from bot.markup import label, plain
from bot.proof import find_proven
from bot.render import render_date
from cogs._cards import card, line, note, passage_items
from cogs._checks import library_of, members
from cogs._passages import page_buttons
from cogs._views import CUSTOM_ID_LIMIT, Knob

if TYPE_CHECKING:
    from cogs._views import Interaction
    from db.model import StoredSpeaker

PAGE = 3
_QUOTE_LIMIT = 700


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose words, and from which articles."""

    speaker_id: int
    since: str = ""
    until: str = ""
    publisher: str = ""

    PATTERN: ClassVar[str] = r"(?P<speaker>\d{1,18}):(?P<since>[\d-]*):(?P<until>[\d-]*):(?P<publisher>[^:]*)"

    def __str__(self) -> str:
        return f"{self.speaker_id}:{self.since}:{self.until}:{quote(self.publisher, safe=' ')}"

    @classmethod
    def parse(cls, match: re.Match[str]) -> Wanted:
        """Read what `str()` wrote."""
        return cls(int(match["speaker"]), match["since"], match["until"], unquote(match["publisher"]))


class SpokenButton(Knob, template=rf"spoken:(?P<page>\d{{1,5}}):{Wanted.PATTERN}"):
    """Turns the pages of what a speaker has said."""

    gate = staticmethod(members)

    def __init__(self, wanted: Wanted, page: int, text: str) -> None:
        super().__init__(ui.Button(label=text, custom_id=f"spoken:{page}:{wanted}"))

    def restore(self, match: re.Match[str]) -> None:
        """Take page and filter from the custom_id."""
        self.page, self.wanted = int(match["page"]), Wanted.parse(match)

    async def press(self, interaction: Interaction) -> None:
        """Show the page in place."""
        await interaction.response.edit_message(view=await spoken_view(interaction, self.wanted, self.page))


async def spoken_view(interaction: Interaction, wanted: Wanted, page: int) -> ui.LayoutView:
    """One page of what a speaker has said, the latest article first."""
    store, library = interaction.client.app.store, library_of(interaction)
    found = await store.find_spoken(
        library,
        wanted.speaker_id,
        since=wanted.since or None,
        until=wanted.until or None,
        publisher=wanted.publisher or None,
        limit=PAGE + 1,
        offset=page * PAGE,
    )
    proven = await find_proven(store, library, found)
    shown = [p for p in found[:PAGE] if p in proven]
    if not shown:
        return note(
            "Nothing more is loaded of this speaker." if page else "The loaded articles have nothing like that."
        )
    items: list[Any] = [f"### {label(shown[0].speaker or 'Unattributed', limit=100)}{_describe(wanted)}"]
    for number, passage in enumerate(shown):
        items += [line() if number else None, *passage_items(passage, limit=_QUOTE_LIMIT)]
    last = page + (len(found) > PAGE)
    return card(items, buttons=page_buttons(page, last, lambda number, text: SpokenButton(wanted, number, text)))


def _describe(wanted: Wanted) -> str:
    parts = [
        f"from {render_date(wanted.since)}" if wanted.since else "",
        f"until {render_date(wanted.until)}" if wanted.until else "",
        f"in {label(wanted.publisher, limit=60)}" if wanted.publisher else "",
    ]
    told = ", ".join(part for part in parts if part)
    return f"\n-# {told}" if told else ""


async def resolve_speaker(interaction: Interaction, typed: str) -> StoredSpeaker:
    """The speaker whose name was chosen or typed.

    Raises:
        NotAllowed: Nobody fits, or several do.
    """
    name = plain(typed, limit=100)
    found = await interaction.client.app.store.find_speakers(library_of(interaction), prefix=typed.strip(), limit=10)
    exact = [s for s in found if typed.strip().casefold() in {n.casefold() for n in (s.name, *s.aliases)}]
    fitting = exact or found
    if not fitting:
        raise NotAllowed(f"Nobody called “{name}” is quoted here. `/speakers` shows who is.")
    if len(fitting) > 1:
        names = ", ".join(plain(s.name, limit=60) for s in fitting[:5])
        raise NotAllowed(f"“{name}” may be several: {names}. Choose one from the list that opens as you type.")
    return fitting[0]


def parse_day(typed: str | None, *, option: str) -> str:
    """An ISO date; a year or a month stands for its first day (`since`) or its last (`until`). Raises NotAllowed."""
    if not typed or not typed.strip():
        return ""
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", typed.strip())
    if match:
        year, month, day = (int(part) if part else None for part in match.groups())
        ending = option == "until"
        month = month or (12 if ending else 1)
        for candidate in (day,) if day else (31, 30, 29, 28) if ending else (1,):
            try:
                return date(year or 0, month, candidate).isoformat()
            except ValueError:
                continue
    raise NotAllowed(f"“{plain(typed, limit=40)}” is not a date for {option}. Write 2026, 2026-04 or 2026-04-02.")


def fits_a_button(wanted: Wanted) -> bool:
    """Whether the buttons can carry this filter."""
    return len(f"spoken:99999:{wanted}") <= CUSTOM_ID_LIMIT
