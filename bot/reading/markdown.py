"""Markdown text: front matter, headings, links and emphasis become the plain article they stand for."""

from __future__ import annotations

import re

from bot.reading.characters import tidy
from bot.reading.layout import fill_head
from bot.reading.plain import arrange
from db.model import Document, Head

FRONT_MATTER = re.compile(r"\A---[ ]*\n(.*?)\n(?:---|\.\.\.)[ ]*(?:\n|\Z)", re.DOTALL)
FIELD = re.compile(r"""^(\w+)\s*:\s*["']?(.*?)["']?\s*$""", re.MULTILINE)
FIELDS = {
    name: field
    for field, names in {
        "title": "title headline",
        "standfirst": "subtitle description standfirst",
        "byline": "author byline",
        "publisher": "publisher outlet site",
        "published": "date published",
        "url": "url link source canonical",
        "language": "lang language",
    }.items()
    for name in names.split()
}
HEADING = re.compile(r"^(#{1,6})[ ]+(.*?)[ ]*#*$")
UNDERLINE = re.compile(r"^(=+|-{3,})\s*$")
RULE = re.compile(r"^[ ]*(?:(?:\*[ ]*){3,}|(?:-[ ]*){3,}|(?:_[ ]*){3,})$")
QUOTE = re.compile(r"^[ ]{0,3}>[ ]?")
ITEM = re.compile(r"^[ ]*(?:[-*+]|\d{1,3}[.)])[ ]+")
FENCE = re.compile(r"^[ ]{0,3}(?:```|~~~)")
DEFINITION = re.compile(r"^[ ]{0,3}\[[^\]]+\]:\s+\S+.*$")
IMAGE = re.compile(r"!\[([^\]]*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)?(?:\s+[\"'][^\"']*[\"'])?\)")
LINK = re.compile(r"\[([^\[\]]+)\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)?(?:\s+[\"'][^\"']*[\"'])?\)|\[[^\[\]]*\])")
AUTOLINK = re.compile(r"<(https?://[^<>\s]+|[\w.+-]+@[\w-]+\.[\w.]+)>")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>|<!--.*?-->")
EMPHASIS = (
    re.compile(r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]+?)(?<=\S)\1(?![\w*])"),
    re.compile(r"(?<![\w_])(_{1,3})(?=\S)([^_\n]+?)(?<=\S)\1(?![\w_])"),
    re.compile(r"(~~)(?=\S)([^~\n]+?)(?<=\S)\1"),
    re.compile(r"(?<!`)(`{1,2})([^`\n]+?)\1(?!`)"),
)
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|\"'])")
HARD_BREAK = re.compile(r"(?:[ ]{2,}|\\)$")


def read_markdown(text: str, given: Head) -> Document:
    """Read Markdown as CommonMark writes it: a paragraph's lines are joined, marks of layout are taken off."""
    text = tidy(text)
    front = FRONT_MATTER.match(text)
    found: dict[str, str] = {}
    if front:
        text = text[front.end() :]
        for key, value in FIELD.findall(front[1]):
            if key.casefold() in FIELDS and value:
                found.setdefault(FIELDS[key.casefold()], value)
    units, title = _split(text.split("\n"))
    head = fill_head(given, Head(**found))
    return arrange([unit for unit in units if unit], fill_head(head, Head(title=title)))


def _split(lines: list[str]) -> tuple[list[str], str | None]:
    """Units of text, and the first heading."""
    units: list[str] = []
    title: str | None = None
    is_open = is_code = False
    for raw in lines:
        line = QUOTE.sub("", raw)
        if FENCE.match(line):
            is_code, is_open = not is_code, False
            continue
        if is_code:
            units.append(line.strip())
            continue
        if is_open and UNDERLINE.match(line) and units[-1]:
            title, is_open = title or units[-1], False
            continue
        if not line.strip() or RULE.match(line) or DEFINITION.match(line):
            is_open = False
            continue
        if heading := HEADING.match(line):
            units.append(to_plain(heading[2]))
            title, is_open = title or units[-1], False
            continue
        if ITEM.match(line):
            units.append(to_plain(ITEM.sub("", line)))
        elif is_open:
            units[-1] += " " + to_plain(line)
        else:
            units.append(to_plain(line))
        is_open = not HARD_BREAK.search(raw) or not ITEM.match(line)
    return units, title


def to_plain(line: str) -> str:
    """One line without marks of layout: links keep their words, images their description."""
    line = IMAGE.sub(r"\1", line)
    line = LINK.sub(r"\1", line)
    line = AUTOLINK.sub(r"\1", line)
    line = TAG.sub("", line)
    for mark in EMPHASIS:
        line = mark.sub(r"\2", line)
    return " ".join(ESCAPED.sub(r"\1", line).split())
