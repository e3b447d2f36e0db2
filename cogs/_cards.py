"""Cards: text blocks of bot/render.py laid out as Discord components, text first, inside Discord's limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.limits import COMPONENTS, DISPLAY_TEXT
from bot.markup import ELLIPSIS, escape, label, plain, unescape, window
from bot.render import count, render_difference, render_passage, render_verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.answering import RankedPassage
    from bot.checking import Verdict
    from db.model import Passage

    Item = ui.Item[Any]

# Never the only sign of anything: every card says in words what its colour says.
INK = discord.Colour(0x3D6FA8)
QUIET = discord.Colour(0x80848E)
TONES = {
    "verbatim": discord.Colour(0x3BA55D),
    "altered": discord.Colour(0xD9A441),
    "misattributed": discord.Colour(0xC9653B),
    "not_found": QUIET,
}

OPEN = "Open at the passage"
# The text display that carries the question; buttons read it back from the message.
QUESTION_ID = 7001
QUESTION_PREFIX = "-# Asked: "
# Long enough for nearly every question, short enough to stay small print.
_QUESTION_LIMIT = 300
_NEAREST = 3
_NEAREST_LIMIT = 320
# Three of these and a heading stay under Discord's 4,000 characters.
_ITEM_LIMIT = 1150
_VERDICTS = 5
_SENTENCES = 5


def card(
    items: Iterable[Item | str | None], *, tone: discord.Colour | None = INK, buttons: Sequence[Item] = ()
) -> ui.LayoutView:
    """One framed card. Strings become text displays, None is left out, buttons stand in rows of five below."""
    view = ui.LayoutView(timeout=None)
    view.add_item(frame(items, tone=tone, buttons=buttons))
    return view


def frame(
    items: Iterable[Item | str | None], *, tone: discord.Colour | None = INK, buttons: Sequence[Item] = ()
) -> ui.Container[Any]:
    """The frame of a card alone, for a message of several."""
    container: ui.Container[Any] = ui.Container(accent_colour=tone)
    for item in items:
        kept = fit(item, DISPLAY_TEXT - container.content_length()) if isinstance(item, str) else item
        if isinstance(kept, str):
            if kept.strip():
                container.add_item(ui.TextDisplay(kept))
        elif kept is not None:
            container.add_item(kept)
    for start in range(0, len(buttons), 5):
        container.add_item(ui.ActionRow(*buttons[start : start + 5]))
    return container


def fit(text: str, room: int) -> str:
    """As many whole lines as `room` characters hold: every line closes the marks it opens, so none is cut."""
    lines = text.split("\n")
    while lines and len("\n".join(lines)) > room:
        lines.pop()
    return "\n".join(lines)


def line() -> ui.Separator[Any]:
    """A thin line between two parts of a card."""
    return ui.Separator(spacing=discord.SeparatorSpacing.small)


def note(text: str, *, tone: discord.Colour | None = QUIET, buttons: Sequence[Item] = ()) -> ui.LayoutView:
    """A card of one text."""
    return card([text], tone=tone, buttons=buttons)


def spaced(texts: Sequence[str]) -> list[Item | str]:
    """Texts with a little room between them, for lists."""
    items: list[Item | str] = []
    for number, text in enumerate(texts):
        if number:
            items.append(ui.Separator(visible=False, spacing=discord.SeparatorSpacing.small))
        items.append(text)
    return items


def link_button(url: str | None, text: str = OPEN) -> list[Item]:
    """A link button, or none where there is no usable address."""
    return [ui.Button(label=text, url=url)] if url else []


def question_line(question: str, *, limit: int = _QUESTION_LIMIT) -> ui.TextDisplay[Any]:
    """The question in small print, readable again by `read_question` unless it had to be cut."""
    words = plain(question, limit=limit)
    start, end = window(words, limit=limit)
    shown = escape(words[start:end]) + ("" if end == len(words) else ELLIPSIS)
    return ui.TextDisplay(QUESTION_PREFIX + shown, id=QUESTION_ID)


def read_question(message: discord.Message | None) -> str | None:
    """The question that `question_line` wrote into a message, None where it has none or holds only a part of it."""
    for component in walk(message.components if message else ()):
        if isinstance(component, discord.TextDisplay) and component.id == QUESTION_ID:
            question = unescape(component.content.removeprefix(QUESTION_PREFIX))
            return None if question.endswith(ELLIPSIS) else question
    return None


def walk(components: Iterable[Any]) -> Iterable[Any]:
    """Every component of a received message, nested ones too."""
    for component in components:
        yield component
        yield from walk(getattr(component, "children", ()))


def answer_card(ranked: RankedPassage, *, question: str | None, buttons: Sequence[Item]) -> ui.LayoutView:
    """The best passage: its words, who said them, where they stand."""
    shown = render_passage(ranked.passage, highlight=ranked.highlight, also_in=ranked.also_in)
    return card(
        [question_line(question) if question else None, shown.quote, shown.below, shown.citation],
        buttons=[*link_button(shown.link), *buttons],
    )


def no_answer_card(
    question: str, nearest: Sequence[RankedPassage], *, is_empty: bool, buttons: Sequence[Item] = ()
) -> ui.LayoutView:
    """Says so, then the nearest passages, marked as such."""
    if is_empty:
        text = "### No articles yet\nA moderator can load the first one with `/article paste` or `/article file`."
        return card([text, question_line(question)], tone=QUIET)
    items: list[Item | str | None] = [
        "### The loaded articles do not say",
        question_line(question),
    ]
    if nearest:
        items += [line(), "**Nearest passages** · these do not answer the question"]
        for ranked in nearest[:_NEAREST]:
            items += passage_items(ranked.passage, limit=_NEAREST_LIMIT)
    return card(items, tone=QUIET, buttons=buttons)


def passage_items(passage: Passage, *, limit: int, room: int = _ITEM_LIMIT) -> list[Item]:
    """One of several passages, in at most `room` characters, with a link button beside it where it has an address."""
    shown = render_passage(passage, limit=limit)
    texts: list[ui.TextDisplay[Any]] = []
    for part in (shown.quote, shown.below, shown.citation):
        kept = fit(part, room)
        if kept.strip():
            texts.append(ui.TextDisplay(kept))
            room -= len(kept)
    if shown.link is None:
        return [*texts]
    return [ui.Section(*texts, accessory=ui.Button(label="Open", url=shown.link))]


def verdict_view(verdicts: Sequence[Verdict], *, buttons: Sequence[Item] = ()) -> ui.LayoutView:
    """A card for each checked quote, as many as one message holds."""
    view = ui.LayoutView(timeout=None)
    room = DISPLAY_TEXT - 200
    share = room // min(len(verdicts), _VERDICTS)
    shown = 0
    for verdict in verdicts[:_VERDICTS]:
        container = verdict_frame(verdict, limit=min(1300, share // 3))
        size = container.content_length()
        if size > room or view.total_children_count + container._total_count > COMPONENTS - 4:  # noqa: SLF001 - discord.py counts only there
            break
        view.add_item(container)
        room -= size
        shown += 1
    if shown < len(verdicts):
        view.add_item(ui.TextDisplay(f"-# {count(len(verdicts) - shown, 'more quote')} in this message not shown."))
    if buttons:
        view.add_item(ui.ActionRow(*buttons))
    return view


def verdict_frame(verdict: Verdict, *, limit: int) -> ui.Container[Any]:
    """One verdict: in words first, then the difference, then what is printed and where."""
    tone = TONES[verdict.kind]
    items: list[Item | str | None] = [render_verdict(verdict)]
    links: list[Item] = []
    if verdict.kind == "not_found":
        items.append(f"> {label(verdict.quote, limit=limit)}")
    if verdict.kind in {"altered", "misattributed"} and any(d.op != "equal" for d in verdict.difference):
        items += _difference_items(verdict, limit=limit)
    elif verdict.notes:
        items.append(_bullets(verdict.notes))
    # Matches that could not be proven are gone; then nobody knows which words are whose.
    is_whole = len(verdict.originals) == len(verdict.matches)
    for number, passage in enumerate(verdict.matches[:3], start=1):
        words = verdict.originals[number - 1 : number] if is_whole else ()
        shown = render_passage(passage, highlight=words, limit=limit if number == 1 else limit // 2)
        items += [line() if number > 1 else None, shown.quote, shown.below, shown.citation]
        name = OPEN if len(verdict.matches) == 1 else f"Open passage {number}"
        links += link_button(shown.link, name)
    return frame(items, tone=tone, buttons=links)


def _difference_items(verdict: Verdict, *, limit: int) -> list[Item | str | None]:
    quote, sentences = render_difference(verdict.difference, limit=limit)
    legend = "-# ~~struck~~: not in the article · **bold**: what the article has"
    return [quote, legend, _bullets(list(verdict.notes) or sentences), line(), "**As printed**"]


def _bullets(sentences: Sequence[str]) -> str:
    """A short list in words, for those who do not see struck and bold."""
    shown = [f"- {escape(plain(sentence, limit=200))}" for sentence in sentences[:_SENTENCES]]
    if len(sentences) > len(shown):
        shown.append(f"- and {count(len(sentences) - len(shown), 'more change')}")
    return "\n".join(shown)
