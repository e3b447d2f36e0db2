"""A fact's people, places, dates and amounts: as printed, and resolved only where the article tells."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.amounts import find_amounts
from bot.reading.dates import parse_moment
from bot.reading.datewords import find_dates
from bot.reading.details import find_details, find_fact_details
from bot.reading.read import read_document
from db.model import Block, Document, Head, Span, Speaker

# A Wednesday.
PUBLISHED = "2019-12-11T10:00+00:00"
KINDS = {"person", "body", "place", "date", "amount"}


def details_of(text, *kinds, published=PUBLISHED, speakers=()):
    found = find_details(text, Span(0, len(text)), published=published, speakers=speakers)
    return [(d.span.slice(text), d.value) for d in found if d.kind in (kinds or KINDS)]


@pytest.mark.parametrize(
    ("text", "printed", "value"),
    [
        ("The council met on Tuesday.", "Tuesday", "2019-12-10"),
        ("The council met on Wednesday morning.", "Wednesday morning", "2019-12-11"),
        ("The council will meet on Thursday.", "Thursday", "2019-12-12"),
        ("The mill shut last Wednesday.", "last Wednesday", "2019-12-04"),
        ("The mill opens next Monday.", "next Monday", "2019-12-16"),
        ("The pool was drained yesterday.", "yesterday", "2019-12-10"),
        ("Today the pool is dry.", "Today", "2019-12-11"),
        ("Takings fell last week.", "last week", "2019-12-02/2019-12-08"),
        ("Takings fell last month.", "last month", "2019-11"),
        ("Takings fell last year.", "last year", "2018"),
        ("The fair was held last weekend.", "last weekend", "2019-12-07/2019-12-08"),
        ("It has been shut since October.", "since October", "2019-10/.."),
        ("It was the wettest May since 2006.", "since 2006", "2006/.."),
        ("It stays shut until March 2020.", "until March 2020", "../2020-03"),
        ("The mill was built in 2006.", "2006", "2006"),
        ("The 2006 floods reached the mill.", "2006", "2006"),
        ("It closed in December 2009.", "December 2009", "2009-12"),
        ("It closed in Sept. 2009 for good.", "Sept. 2009", "2009-09"),
        ("It closed on 4 May 2010.", "4 May 2010", "2010-05-04"),
        ("It closed on Tuesday, May 4, 2010, at noon.", "Tuesday, May 4, 2010", "2010-05-04"),
        ("It closed on 28 December.", "28 December", "2019-12-28"),
        ("It closed on 3 March.", "3 March", "2020-03-03"),
        ("It closed in May.", "May", "2019-05"),
        ("It ran from 2006 to 2010.", "2006 to 2010", "2006/2010"),
        ("It ran from October to December 2009.", "October to December 2009", "2009-10/2009-12"),
        ("It ran from 9 to 17 December.", "9 to 17 December", "2019-12-09/2019-12-17"),
        ("They won the 2016-17 season.", "2016-17", "2016/2017"),
        ("Mills closed in the 1990s.", "1990s", "1990/1999"),
        ("It opened three years ago.", "three years ago", "2016"),
        ("It opened two days ago.", "two days ago", "2019-12-09"),
        ("Doors open at 3.30 p.m. sharp.", "3.30 p.m.", "T15:30"),
        ("Doors open at 10:30.", "10:30", "T10:30"),
    ],
)
def test_dates_are_counted_from_the_articles_day(text, printed, value):
    assert (printed, value) in details_of(text, "date")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("By Friday it must be paid.", "Friday"),
        ("It stays shut until October.", "until October"),
        ("It opened more than ten years ago.", "ten years ago"),
        ("The next day it rained.", "The next day"),
        ("It opens this weekend.", "this weekend"),
        ("It closed on 30 February.", "30 February"),
    ],
)
def test_a_date_that_may_be_two_is_kept_without_a_value(text, printed):
    assert (printed, None) in details_of(text, "date")


@pytest.mark.parametrize("published", [None, "", "soon", "2019-13-40"])
def test_without_the_articles_day_only_full_dates_are_resolved(published):
    text = "The mill shut on Tuesday, after it had opened in 2006."

    assert details_of(text, "date", published=published) == [("Tuesday", None), ("2006", "2006")]


@pytest.mark.parametrize(
    "text",
    ["It may rain.", "They march on.", "The Mondays played.", "She reads Harbour Today.", "2000 chairs were sold."],
)
def test_what_only_looks_like_a_date_is_none(text):
    assert details_of(text, "date") == []


@pytest.mark.parametrize(
    ("text", "printed", "value"),
    [
        ("It cost £2.4 million.", "£2.4 million", "2400000 £"),
        ("It cost $5m.", "$5m", "5000000 $"),
        ("It cost US$1,250.50 in all.", "US$1,250.50", "1250.5 US$"),
        ("It cost twenty-five million euros.", "twenty-five million euros", "25000000 euros"),
        ("Several hundred people waited.", "Several hundred people", None),
        ("Dozens of boats sank.", "Dozens of boats", None),
        ("They voted 9–4.", "9–4", "9-4"),
        ("They waited 11 weeks.", "11 weeks", "11 weeks"),
        ("They waited 10 to 15 days.", "10 to 15 days", "10-15 days"),
        ("A share of 40 per cent was sold.", "40 per cent", "40 %"),
        ("A share of 40% was sold.", "40%", "40 %"),
        ("It fell by 3.5 percentage points.", "3.5 percentage points", "3.5 percentage points"),
        ("It sank to minus 12 degrees.", "minus 12 degrees", "-12 degrees"),
        ("They sold 12,500 homes.", "12,500 homes", "12500 homes"),
        ("They sold 2000 chairs.", "2000", "2000"),
        ("Two hundred and five people came.", "Two hundred and five people", "205 people"),
        ("Two-thirds of it burnt.", "Two-thirds", "2/3"),
        ("Half of it burnt.", "Half", "1/2"),
        ("They sold 1.200 tonnes.", "1.200 tonnes", None),
    ],
)
def test_amounts_are_plain_numbers_with_their_unit(text, printed, value):
    assert details_of(text, "amount") == [(printed, value)]


@pytest.mark.parametrize(
    "text",
    [
        "They met on Route 66.", "It was the 7th time.", "One of them left.", "The Seven Sisters fell.",
        "Model B-52 flew.", "In 2016 prices rose.", "It closed on 4 May 2010 at 10:30.",
    ],
)  # fmt: skip
def test_numbers_that_count_nothing_are_no_amounts(text):
    assert details_of(text, "amount") == []


def test_a_surname_is_given_the_full_name_and_a_shared_one_none():
    speakers = (Speaker("Ada Okoye", ("Okoye",)), Speaker("Ben Gray", ("Gray",)), Speaker("Mary Gray", ("Gray",)))

    found = details_of("Okoye met Mr Gray in Leeds.", "person", speakers=speakers)

    assert found == [("Okoye", "Ada Okoye"), ("Gray", None)]


def test_a_sentence_names_its_person_place_and_body():
    text = "Ada Okoye of the Harbour Trust worked in Leeds until 2006."

    found = find_details(text, Span(0, len(text)))

    assert [(d.kind, d.value) for d in found] == [
        ("person", "Ada Okoye"),
        ("body", "Harbour Trust"),
        ("place", "Leeds"),
        ("date", "../2006"),
    ]


def test_every_fact_of_a_reading_has_its_details_in_order():
    text = "The mill shut on Tuesday.\nNobody came.\nIt had cost £3 million."
    blocks = tuple(
        Block("paragraph", Span(text.index(line), text.index(line) + len(line))) for line in text.split("\n")
    )

    reading = read_document(Document(text, blocks, Head(published="2019-12-11")))

    assert [[d.value for d in details] for details in find_fact_details(reading)] == [
        ["2019-12-10"],
        [],
        ["3000000 £"],
    ]


PIECES = st.sampled_from(
    [
        *"\x00\ud800\u200b–-/.,:% £$19ıİſé\n", "Monday", "last ", "May", "2006", " to ", "since ", "from ", "30 ",
        "million", "Ada", "Okoye", "the ", "3 p.m.", " ago", "weeks", "99", "a ", "hundred", "Dec. ", "between ",
        " and ", "１２",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=40).map("".join), st.lists(PIECES).map(" ".join))


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.one_of(st.none(), st.dates().map(str), st.text(max_size=12)), st.lists(TEXTS, max_size=3))
def test_any_text_gives_details_in_order_that_slice(text, published, names):
    speakers = [Speaker(name, (name[:3],)) for name in names]

    found = find_details(text, Span(0, len(text)), published=published, speakers=speakers)

    assert all(d.kind in KINDS and 0 <= d.span.start < d.span.end <= len(text) for d in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "9–", "1,111", "May ", "Monday-", "since ", "last week ", "million ", "£", "2006–"]
)
def test_time_grows_with_length_only(unit):
    text = unit * (300_000 // len(unit))

    start = time.process_time()
    list(find_amounts(text))
    find_dates(text, published=None)

    assert time.process_time() - start < 3


def test_nothing_is_looked_for_in_what_is_too_long_to_be_prose():
    assert details_of("4 men. " * 200_000) == []


@pytest.mark.parametrize("line", ["1 aprıl 2019", "1 Aprİl 2019"])
def test_a_month_with_a_turkish_letter_is_no_date(line):
    assert parse_moment(line) is None
