"""Markdown: layout marks go, words stay."""

import pytest

from bot.reading.formats import Material, parse_source

ARTICLE = """---
title: Bridge to close
author: Maria Keane
date: 2024-03-05
---

# Bridge to close

The council **voted** on Tuesday to close the [harbour bridge](https://gull.example/b "the bridge"),
its only crossing, for nine weeks.

## What it costs

- Carts use the *upper* ford until June.
- Boats pass at high water.

> “We have no choice,” said Tom Brennan, the harbour_master_of Port Herald.
"""


def read(text):
    return parse_source(Material(raw=text.encode(), name="bridge.md"))


def paragraphs(document):
    return [b.span.slice(document.text) for b in document.blocks if b.kind == "paragraph"]


def test_article_is_read_without_its_marks():
    document = read(ARTICLE)

    assert document.head.title == "Bridge to close"
    assert document.head.byline == "Maria Keane"
    assert document.head.published == "2024-03-05"
    assert paragraphs(document) == [
        "The council voted on Tuesday to close the harbour bridge, its only crossing, for nine weeks.",
        "What it costs",
        "Carts use the upper ford until June.",
        "Boats pass at high water.",
        "“We have no choice,” said Tom Brennan, the harbour_master_of Port Herald.",
    ]


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("He said 5 * 3 * 2 is thirty.", "He said 5 * 3 * 2 is thirty."),
        (r"A star \* stays, he said.", "A star * stays, he said."),
        ("The <b>old</b> quay was closed.", "The old quay was closed."),
        ("See <https://gull.example/a> for more of it.", "See https://gull.example/a for more of it."),
        ("He used `code` in his speech.", "He used code in his speech."),
    ],
)
def test_inline_marks(line, plain):
    assert plain in paragraphs(read(f"# Bridge to close\n\nThe council met on Tuesday night.\n\n{line}\n"))
