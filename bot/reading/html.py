"""Web pages: the article's paragraphs as published, without what the page carries beside them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lxml import etree
from lxml import html as lxml_html

from bot.errors import UnreadableInput
from bot.reading.characters import CONTROL, make_storable, tidy
from bot.reading.jsonld import read_article_body
from bot.reading.layout import Unit, assemble, fill_head
from bot.reading.metadata import is_same_site, read_metadata
from bot.reading.obstacles import is_opening_only, name_obstacle
from bot.reading.opinions import ask_readability, ask_trafilatura
from bot.reading.pageblocks import cut_blocks
from bot.reading.pagebody import choose_blocks

if TYPE_CHECKING:
    from bot.reading.pageblocks import PageBlock
    from db.model import BlockKind, Document, Head

# libxml2 is quadratic in the attributes of one tag, and every extractor in the number of tags; news pages have
# 500 to 8,000 tags.
MOST_TAGS = 50_000
MOST_ATTRIBUTES = 500
_ATTRIBUTE = r"""(?:\s++[^\s"'<>/=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'<>]++))?+)"""
CROWDED_TAG = re.compile(rf"<[a-zA-Z][\w:-]*+{_ATTRIBUTE}{{{MOST_ATTRIBUTES}}}")
# Below this share of the article that a page's own metadata carry, its visible text is only an opening.
VISIBLE_SHARE = 0.4
CLOSING_PARAGRAPHS = 3
BIOGRAPHY = re.compile(
    r"(?:is|was|has been|covers|writes|reports|works|can be reached|contributed|joined)\b|\(|[,–—-]\s"
)
UNSEEN = ("script", "style", "noscript", "template", "svg", "iframe", "link", "canvas", "object", "embed")
SNAPSHOT = re.compile(
    r"https?://(?:web\.archive\.org/web/\d{4,14}[a-z_]*|archive\.(?:today|ph|is)/\d{4,14})/(https?://.+)"
)
OPENING_ONLY = "The page speaks of a paywall: this may be only the article's opening."
LISTS = frozenset(("ul", "ol", "dl"))


def read_html(text: str, given: Head) -> Document:
    """Read one web page.

    Paragraph breaks and quotation marks are the page's own; two extractors only vote on which pieces belong to the
    article. A list is one paragraph with its items on lines of their own.

    Raises:
        UnreadableInput: The page is built to exhaust a reader, or holds no article.
    """
    _check_markup(text)
    text = CONTROL.sub("", make_storable(text))
    root = _parse(text)
    url = _leave_archive(root, given.url)
    head, titles = read_metadata(root, url)
    if url != given.url or is_same_site(head.url, given.url):
        given = replace(given, url=None)
    blocks = cut_blocks(root)
    for block in blocks:
        block.text = tidy(block.text).strip()
    body = read_article_body(root)
    _prune(root)
    opinions = [ask_readability(root), ask_trafilatura(root), body]
    kinds = choose_blocks(blocks, opinions, (*titles, given.title or ""))
    _set_aside_biography(blocks, kinds, head.byline)
    units = _join(blocks, kinds)
    said = sum(len(unit.text) for unit in units if unit.kind == "paragraph")
    if said < VISIBLE_SHARE * len(body):
        units = [Unit("paragraph", line) for line in body.split("\n") if line]
    article = " ".join(unit.text for unit in units if unit.kind == "paragraph")
    if obstacle := name_obstacle(text, article):
        raise UnreadableInput(obstacle)
    standfirst = next((unit.text for unit in units if unit.kind == "standfirst"), None)
    # The block is the page's own title, even where a person gave the article another.
    if head.title:
        units.insert(0, Unit("title", head.title))
    head = fill_head(given, replace(head, standfirst=standfirst))
    return assemble(units, head, (OPENING_ONLY,) if is_opening_only(text, article) else ())


def _leave_archive(root: Any, url: str | None) -> str | None:
    """Take an archive's toolbar off a snapshot; returns the link of the page that was archived."""
    archived = SNAPSHOT.match(url or "")
    if archived is None and root.find(".//*[@id='wm-ipp-base']") is None:
        return url
    for element in root.xpath("//*[starts-with(@id, 'wm-') or @id='donato' or @id='playback']"):
        element.drop_tree()
    return archived[1] if archived else url


def _check_markup(text: str) -> None:
    tags = text.count("<")
    if tags > MOST_TAGS:
        raise UnreadableInput(f"This page has {tags} tags, too many for an article. Paste the article's text instead.")
    if CROWDED_TAG.search(text):
        raise UnreadableInput(
            f"A tag of this page has over {MOST_ATTRIBUTES} attributes. Paste the article's text instead."
        )


def _parse(text: str) -> Any:
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableInput("This page cannot be read as HTML. Paste the article's text instead.") from error
    return root


def _prune(root: Any) -> None:
    """Take out what no extractor looks at; half of a page's bytes are scripts and drawings."""
    etree.strip_elements(root, *UNSEEN, with_tail=False)


def _set_aside_biography(blocks: list[PageBlock], kinds: list[BlockKind | None], byline: str | None) -> None:
    """Under an article, a paragraph that begins with its author's name says who the author is."""
    if not byline:
        return
    names = tuple(f"{name} " for name in re.split(r",\s*| and ", byline) if " " in name)
    paragraphs = [i for i, kind in enumerate(kinds) if kind == "paragraph"]
    for i in paragraphs[-CLOSING_PARAGRAPHS:]:
        if names and len(paragraphs) > CLOSING_PARAGRAPHS and BIOGRAPHY.match(_after(blocks[i].text, names)):
            kinds[i] = "aside"


def _after(text: str, names: tuple[str, ...]) -> str:
    return next((text[len(name) :] for name in names if text.startswith(name)), "")


def _join(blocks: list[PageBlock], kinds: list[BlockKind | None]) -> list[Unit]:
    """Units in reading order, the items of a list and the cells of a table's row together."""
    units: list[Unit] = []
    before: tuple[Any, Any] | None = None
    grids: dict[Any, bool] = {}
    for block, kind in zip(blocks, kinds, strict=True):
        if kind is None or not block.text:
            continue
        group, row = _group(block.element, grids) if kind == "paragraph" else (None, None)
        if group is not None and before is not None and before[0] is group and units[-1].kind == kind:
            joint = " " if row is not None and row is before[1] else "\n"
            units[-1] = Unit(kind, units[-1].text + joint + block.text)
        else:
            units.append(Unit(kind, block.text))
        before = (group, row)
    return units


def _group(element: Any, grids: dict[Any, bool]) -> tuple[Any, Any]:
    """The outermost list, or the table and row, that an element stands in; (None, None) for a plain paragraph."""
    outer, row, table = None, None, None
    for ancestor in (element, *element.iterancestors()):
        if ancestor.tag in LISTS:
            outer = ancestor
        elif ancestor.tag == "tr" and row is None:
            row = ancestor
        elif ancestor.tag == "table" and table is None:
            table = ancestor
    if table is not None and row is not None:
        if table not in grids:
            grids[table] = _is_grid(table)
        if grids[table]:
            return table, row
    return outer, None


def _is_grid(table: Any) -> bool:
    """A table of short cells, not one that lays out a page."""
    cells = list(table.iter("td", "th"))
    return len(cells) > 3 and sum(len(c.text_content()) for c in cells) < 60 * len(cells)  # noqa: PLR2004
