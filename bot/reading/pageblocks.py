"""A web page's text, cut where a browser would start a new line, each piece with where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.reading.wordlists import ordered

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK_TAGS = frozenset(
    ordered("""
    address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre section summary table tbody td tfoot th
    thead tr ul iframe video audio object canvas picture
    """)
)
# Not "head": libxml2 leaves an <article> that follows the title inside it.
SILENT_TAGS = frozenset(
    ordered("""
    script style noscript template svg math iframe object embed video audio canvas select option textarea input
    button map area datalist meter progress link meta title base param source track amp-ad amp-analytics
    """)
)
# Cards that open when a pointer rests on a name stand in the middle of a sentence's markup.
HOVER_CARD = re.compile(
    r"rollover\S*-block|tooltip|popover|hover-?card|screen-reader-text|visually-?hidden|sr-only", re.IGNORECASE
)
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
SPACE = re.compile(r"[ \t\n\r\f]+")


@dataclass(slots=True)
class PageBlock:
    """One stretch of text between two breaks; `element` is the nearest block element that holds it.

    `text` has white space folded, a single `<br>` kept as a line feed; `link_chars` counts characters inside links,
    `strong_chars` inside emphasis.
    """

    text: str
    element: Any
    order: int
    link_chars: int = 0
    strong_chars: int = 0
    is_hidden: bool = False
    marks: dict[str, float] = field(default_factory=dict)


def cut_blocks(root: Any) -> list[PageBlock]:
    """Every piece of visible text below `root`, in reading order. Works on any depth: nothing here recurses."""
    cutter = _Cutter()
    for event, element in _walk(root):
        if event == "start":
            cutter.open(element)
        else:
            cutter.close(element)
    cutter.flush()
    return cutter.blocks


def _walk(root: Any) -> Iterator[tuple[str, Any]]:
    """Start and end of each element that can show text."""
    stack = [(root, iter(root))]
    yield "start", root
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            yield "end", element
        elif isinstance(child.tag, str) and child.tag not in SILENT_TAGS and not _is_hover_card(child):
            yield "start", child
            stack.append((child, iter(child)))
        else:
            yield "skip", child


class _Cutter:
    """Gathers text until a break comes."""

    def __init__(self) -> None:
        self.blocks: list[PageBlock] = []
        self.holders: list[Any] = []
        self.parts: list[str] = []
        self.link_depth = self.strong_depth = self.hidden_depth = 0
        self.link_chars = self.strong_chars = 0

    def open(self, element: Any) -> None:
        tag = element.tag
        if tag in BLOCK_TAGS or not self.holders:
            self.flush()
            self.holders.append(element)
        elif tag == "br":
            self._break()
        self.link_depth += tag == "a"
        self.strong_depth += tag in _STRONG
        self.hidden_depth += is_hidden(element)
        self._add(element.text)

    def close(self, element: Any) -> None:
        if not isinstance(element.tag, str) or element.tag in SILENT_TAGS or _is_hover_card(element):
            if isinstance(element.tag, str) and element.tag in BLOCK_TAGS:
                self.flush()
            self._add(element.tail)
            return
        tag = element.tag
        self.link_depth -= tag == "a"
        self.strong_depth -= tag in _STRONG
        if self.holders and self.holders[-1] is element:
            self.flush()
            self.holders.pop()
        self.hidden_depth -= is_hidden(element)
        if self.holders:
            self._add(element.tail)

    def flush(self) -> None:
        """End the block under way."""
        text = _fold("".join(self.parts))
        if text:
            self.blocks.append(
                PageBlock(
                    text, self.holders[-1], len(self.blocks), self.link_chars, self.strong_chars, self.hidden_depth > 0
                )
            )
        self.parts.clear()
        self.link_chars = self.strong_chars = 0

    def _break(self) -> None:
        """A second `<br>` in a row ends a paragraph; one alone is a line feed."""
        if self.parts and not "".join(self.parts[-3:]).rsplit("\v", 1)[-1].strip() and "\v" in "".join(self.parts[-3:]):
            self.flush()
        else:
            self.parts.append("\v")

    def _add(self, text: str | None) -> None:
        if not text:
            return
        self.parts.append(text)
        length = len(text.strip())
        if self.link_depth:
            self.link_chars += length
        if self.strong_depth:
            self.strong_chars += length


_STRONG = frozenset(("b", "strong", "i", "em", "u"))


def is_hidden(element: Any) -> bool:
    """Hidden by the page itself, whatever scripts may do later."""
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and HIDDEN_STYLE.search(style))


def _is_hover_card(element: Any) -> bool:
    hint = element.get("class")
    return bool(hint) and element.tag in ("span", "div", "small", "i") and bool(HOVER_CARD.search(hint))


def _fold(text: str) -> str:
    lines = (SPACE.sub(" ", line).strip() for line in text.split("\v"))
    return "\n".join(line for line in lines if line)
