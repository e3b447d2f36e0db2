"""Any text gives a reading, offsets always slice, and time grows with length only."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.read import read_document
from db.model import Block, Document, Head, Span

PIECES = st.sampled_from(
    [
        *"“”\"'‘’«»„「」.,:?…() \n\x00\ud800\u200béש",
        "said",
        "Ada",
        "Q:",
        "SMITH:",
        "according to",
        "that",
        "1.5",
        "🏛️",
        "--",
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=80).map(" ".join), st.lists(PIECES).map("".join))


def as_document(text: str) -> Document:
    lines = [Span(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    return Document(text, tuple(Block("paragraph" if i else "title", s) for i, s in enumerate(lines)), Head())


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.booleans())
def test_any_text_gives_a_reading_whose_offsets_slice(text, tagger):
    reading = read_document(as_document(text), tagger=tagger)

    assert reading.text == text
    for quotation in reading.quotations:
        spans = [*quotation.content, *quotation.source, *([quotation.cue] if quotation.cue else [])]
        assert quotation.content
        assert all(0 <= s.start < s.end <= len(text) for s in spans)
        assert 0 <= quotation.confidence <= 1
    assert list(reading.sentences) == sorted(reading.sentences)
    assert all(s.slice(text).strip() == s.slice(text) != "" for s in reading.sentences)


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_reading_twice_gives_the_same(text):
    document = as_document(text)

    assert read_document(document) == read_document(document)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ['"', "“", "said ", "said", "a", "\n", "“”", "'a' ", "A. ", "SMITH "])
def test_ten_megabytes_of_one_thing_take_under_three_seconds(unit):
    document = as_document(unit * (10_000_000 // len(unit)))

    start = time.process_time()
    read_document(document)

    assert time.process_time() - start < 3


@pytest.mark.slow
def test_time_grows_linearly_with_an_article():
    paragraph = "“We will rebuild,” said Ada Okoye, who runs the harbour. She said that work begins in May.\n"

    def spent(count: int) -> float:
        document = as_document(paragraph * count)
        start = time.process_time()
        read_document(document)
        return time.process_time() - start

    spent(10)
    assert spent(1600) < 14 * max(spent(200), 0.02)
