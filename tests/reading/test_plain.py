"""Pasted text: what is article, what is set aside, and that nothing is lost."""

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.plain import read_as_is, read_plain
from db.model import Head

TITLE = "Council votes to close harbour bridge for nine weeks"
STANDFIRST = "Engineers found cracks in four of the bearings and traders fear for their summer"
BODY = (
    "The council of Port Herald voted on Tuesday night to close the harbour bridge, its only crossing, for nine weeks.",
    "“We have no choice,” said Tom Brennan, the harbour master. “It is this or a ferry, and we have no ferry either.”",
    "He paused.",
    "Share prices of the ferry company rose by 4 percent the next morning, the first rise since last autumn.",
    "By Friday the river had risen two metres, and the old quay was closed to lorries as well as to people on foot.",
    "Traders said they would ask the mayor, Ines Duarte, for help with rents until the bridge is open to carts again.",
)
CAPTION = "The harbour bridge seen from the old quay Photo: Coast Picture Agency/Lena Hart"
PASTE = (
    TITLE,
    CAPTION,
    "Share",
    "The Port Herald",
    STANDFIRST,
    CAPTION,
    *BODY,
    "By: Maria Keane",
    "Share this article",
)


def read(text, head=Head()):  # noqa: B008 (frozen)
    return read_plain(text, head)


def kinds(document, kind):
    return [b.span.slice(document.text) for b in document.blocks if b.kind == kind]


SHAPES = {
    "plain": "\n\n".join,
    "windows": "\r\n\r\n".join,
    "single-feeds": "\n".join,
    "indented": lambda units: "\n\n".join("    " + unit for unit in units),
    "quoted": lambda units: "\n".join("> " + line if line else ">" for line in "\n\n".join(units).split("\n")),
    "wrapped": lambda units: "\n\n".join(textwrap.fill(u, 72, break_on_hyphens=False) for u in units),
    "wrapped-mail": lambda units: "\n".join(
        "> " + line for unit in units for line in [*textwrap.wrap(unit, 66, break_on_hyphens=False), ""]
    ),
    "no-break-spaces": lambda units: "\n\n".join(units).replace(" t", "\u00a0t"),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_article_is_whole_and_clean_in_every_shape(shape):
    document = read(shape(PASTE))

    assert kinds(document, "paragraph") == list(BODY)
    assert document.head.title == TITLE
    assert document.head.standfirst == STANDFIRST
    assert document.head.byline == "Maria Keane"
    assert document.head.publisher == "The Port Herald"
    assert kinds(document, "caption") == [CAPTION, CAPTION]
    assert kinds(document, "aside") == ["Share", "The Port Herald", "Share this article"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Share on Facebook", "aside"),
        ("12 Comments", "aside"),
        ("ADVERTISEMENT", "aside"),
        ("You may also like...", "aside"),
        ("Read more: Five things we learned about the bridge", "aside"),
        ("Related: How the quay was lost", "aside"),
        ("Sign up for our morning newsletter", "aside"),
        ("Follow us on Twitter @portgull", "aside"),
        ("4 min read", "aside"),
        ("Updated 3 hours ago", "aside"),
        ("19 November 2019 • 5:44pm", "aside"),
        ("Tempo de leitura: 2 minutos", "aside"),
        ("Traders wait at the quay (Photo by Lena Hart/Getty Images)", "caption"),
        ("© Lena Hart/Alamy", "caption"),
        ("Credit: AFP", "caption"),
        ("Firefighters at the quay on Monday EPA-EFE/Lena Hart", "caption"),
        ("The quay on Monday. Picture: PA Wire/T.J. Brennan", "caption"),
        ("Share prices fell 4 percent on Tuesday.", "paragraph"),
        ("By Friday the river had risen two metres.", "paragraph"),
        ("“Print the legend,” the editor said.", "paragraph"),
        ("The Reuters/Ipsos poll put her four points ahead.", "paragraph"),
        ("Published in 1954, the book never sold.", "paragraph"),
        ("Follow the money, he said.", "paragraph"),
        ("Save the date, they were told.", "paragraph"),
        ("Credit Suisse declined to comment.", "paragraph"),
        ("More than 40 people came.", "paragraph"),
    ],
)
def test_line_in_the_body_is_told_by_its_shape(line, kind):
    document = read("\n\n".join([TITLE, *BODY[:3], line, *BODY[3:]]))

    assert line in kinds(document, kind)


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("By Maria Keane", "Maria Keane"),
        ("by: Tom Ó Briain", "Tom Ó Briain"),
        ("By MARIA KEANE, political editor", "MARIA KEANE"),
        ("By Anna Nowak and Piotr Zieliński in Warsaw", "Anna Nowak and Piotr Zieliński"),
        ("Words by Ann-Sofie Lund | @aslund", "Ann-Sofie Lund"),
        ("By Fatima al-Sayed for The Port Herald", "Fatima al-Sayed"),
    ],
)
def test_byline_is_the_people_as_printed(line, byline):
    document = read("\n\n".join([TITLE, line, *BODY]))

    assert document.head.byline == byline
    assert kinds(document, "byline") == [line]


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Published 10:02 AM EST Nov 19, 2019", "2019-11-19T10:02-05:00"),
        ("19 November 2019 • 5:44pm", "2019-11-19T17:44"),
        ("2019-11-19 17:44 UTC", "2019-11-19T17:44+00:00"),
        ("31/12/2019", "2019-12-31"),
        ("04/05/2019", None),
        ("Updated 3 hours ago", None),
    ],
)
def test_time_line_gives_the_date_only_where_it_is_certain(line, published):
    assert read("\n\n".join([TITLE, line, *BODY])).head.published == published


def test_standfirst_with_a_full_stop_is_told_by_the_byline_under_it():
    document = read("\n\n".join([TITLE, STANDFIRST + ".", "By Maria Keane", *BODY]))

    assert document.head.standfirst == STANDFIRST + "."
    assert kinds(document, "paragraph") == list(BODY)


def test_short_first_paragraph_without_a_byline_stays_a_paragraph():
    document = read("\n\n".join([TITLE, "The bridge is closed.", *BODY]))

    assert kinds(document, "paragraph")[0] == "The bridge is closed."


def test_section_over_the_title_is_neither_title_nor_publisher():
    document = read("\n\n".join(["World news", TITLE, *BODY]))

    assert document.head.title == TITLE
    assert document.head.publisher is None


def test_given_title_is_found_in_the_text():
    document = read("\n\n".join(["Some kicker", TITLE, *BODY]), Head(title=TITLE.upper()))

    assert kinds(document, "title") == [TITLE]


def test_lines_of_one_length_that_end_sentences_are_paragraphs():
    lines = [
        f"The council voted for the {name} time that night, he said." for name in ("third", "fifth", "sixth", "tenth")
    ]

    assert kinds(read("\n".join([TITLE, *lines])), "paragraph") == lines


def test_headline_with_a_full_stop_is_told_by_the_byline_under_it():
    assert read("\n\n".join(["The bridge is closed.", "By Maria Keane", *BODY])).head.title == "The bridge is closed."


def test_text_without_a_title_has_none():
    assert read("\n\n".join(BODY)).head.title is None


def test_as_is_takes_a_given_title_only_where_it_stands():
    document = read_as_is("\n".join([TITLE, *BODY]), Head(title="Something else"))

    assert kinds(document, "title") == []
    assert document.head.title == "Something else"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_no_word_is_ever_lost(text):
    document = read(text)

    kept = "".join(b.span.slice(document.text) for b in document.blocks)
    words = lambda s: [c for c in s if c.isalnum()]  # noqa: E731
    assert words(kept) == words(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_as_is_never_moves_a_character(text):
    document = read_as_is(text, Head())

    assert len(document.text) == len(text)
    ends = [0, *(position for b in document.blocks for position in (b.span.start, b.span.end)), len(text)]
    assert ends == sorted(ends)


def test_a_title_and_one_line_without_a_full_stop_are_an_article():
    document = read("Harbour bridge closed\n\nThe council closed the harbour bridge last night, the mayor said 🌉")

    assert document.head.standfirst is None
    assert kinds(document, "paragraph") == ["The council closed the harbour bridge last night, the mayor said 🌉"]
