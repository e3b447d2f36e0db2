"""Web pages: the article's paragraphs as published, without what the page carries beside them."""

from __future__ import annotations

import re

import trafilatura
from lxml import html as lxml_html
from readability import Document as Readable

from bot.reading.characters import tidy
from bot.reading.furniture import is_caption, is_promotion, is_share_line
from bot.reading.layout import Unit, assemble, fill_head
from db.model import Document, Head

BLOCKS = ("p", "h2", "h3", "h4", "li", "blockquote", "pre", "td", "div")


def read_html(text: str, given: Head) -> Document:
    text = tidy(text)
    summary = Readable(text).summary(html_partial=True)
    other = trafilatura.extract(text, include_comments=False, favor_recall=True) or ""
    bag = set(re.findall(r"\w+", other))
    tree = lxml_html.fromstring(summary)
    units = []
    for element in tree.iter(*BLOCKS):
        if any(True for _ in element.iterdescendants(*BLOCKS)):
            continue
        line = " ".join(element.text_content().split())
        words = re.findall(r"\w+", line)
        if not words or is_share_line(line):
            continue
        if sum(w in bag for w in words) < 0.5 * len(words) or is_promotion(line):
            continue
        units.append(Unit("caption" if is_caption(line) else "paragraph", line))
    title = Readable(text).short_title()
    return assemble([Unit("title", title), *units], fill_head(given, Head(title=title)))
