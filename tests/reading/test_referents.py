"""Facts say whom their pronouns mean; nothing breaks on any text; time grows with length only."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.facts import find_facts
from bot.reading.lexicon import load_lexicon
from bot.reading.mentions import find_common_words, is_headline
from bot.reading.names import find_mentions
from bot.reading.speakers import read_cast
from bot.reading.text import split_sentences
from db.model import Block, Quotation, Span

PARAGRAPH = 3000


def cast_of(text, quotations=()):
    blocks = tuple(Block("paragraph", Span(m.start(), m.end())) for m in re.finditer(r"[^\n]+", text))
    sentences = split_sentences(text, blocks)
    return blocks, sentences, read_cast(text, blocks, sentences, quotations)


def facts_of(text, quotations=()):
    blocks, sentences, cast = cast_of(text, quotations)
    return find_facts(text, blocks, sentences, cast.quotations, cast.speakers, referents=cast.referents)


def names_in(text):
    mentions = find_mentions(text, Span(0, len(text)), load_lexicon(), find_common_words(text))
    return [(" ".join(m.words), m.kind) for m in mentions if m.sort == "name"]


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("The Marlow League met. Its members left.", "Its", "Marlow League"),
        ("The Marlow League met. The group left.", "The group", "Marlow League"),
        ("Bill Gray, the mayor, met Ada Okoye. The mayor left.", "The mayor", "Bill Gray"),
        ("Ada Okoye came. She left.", "She", "Ada Okoye"),
    ],
)
def test_fact_says_whom_its_pronoun_means(text, words, name):
    last = facts_of(text)[-1]

    assert [(r.span.slice(text), r.name) for r in last.referents] == [(words, name)]


@pytest.mark.parametrize("text", ["It is not clear whether the League won.", "A man came. He left.", "They left."])
def test_fact_without_anybody_known_has_no_referent(text):
    assert all(not f.referents for f in facts_of(text))


def test_sentence_with_speech_is_no_fact():
    text = "The bridge opened. “It holds,” said Ada Okoye."
    quotation = Quotation("direct", (Span(19, 30),), Span(31, 35), (Span(36, 45),), None, 0.9, "tagger")

    assert [f.span.slice(text) for f in facts_of(text, [quotation])] == ["The bridge opened."]


def test_fact_carries_the_kind_of_its_block():
    text = "A photo of Ada Okoye."
    blocks = (Block("caption", Span(0, len(text))),)

    [fact] = find_facts(text, blocks, split_sentences(text, blocks), [], [])

    assert fact.block == "caption"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We met Ada Okoye of Marlow.", [("Ada Okoye", "person"), ("Marlow", "unknown")]),
        ("The Institute for the Study of Rivers met.", [("Institute for the Study of Rivers", "body")]),
        ("Texas Sen. Ada N. Okoye spoke.", [("Ada N. Okoye", "person")]),
        ("On Monday Ada Okoye spoke.", [("Ada Okoye", "person")]),
        ("Republican Ada Okoye spoke in New York.", [("Ada Okoye", "person"), ("New York", "place")]),
        ("They read The Marlow Times there.", [("Marlow Times", "body")]),
        ("Jean-Luc d’Arcy spoke with Leila bin Saud.", [("Jean-Luc d’Arcy", "person"), ("Leila bin Saud", "person")]),
        ("Ada Okoye’s house stood.", [("Ada Okoye", "person")]),
        ("You’re right and I’m not.", []),
        ("We met Li Wei, 34, there.", [("Li Wei", "person")]),
        ("The Marlow Traders' Association met.", [("Marlow Traders' Association", "body")]),
        ("Sen. Ada Okoye (R-Wis.) spoke.", [("Ada Okoye", "person")]),
    ],
)
def test_names_are_found_and_told_apart(text, expected):
    assert names_in(text) == expected


def test_word_written_small_elsewhere_is_no_name_at_a_sentence_start():
    assert names_in("Bridges stand. Many bridges fall.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Mayor Ada Okoye Opens Bridge", True), ("The mayor, Ada Okoye, opened the bridge today.", False)],
)
def test_headline_is_told_by_its_capitals(text, expected):
    assert is_headline(text, Block("paragraph", Span(0, len(text)))) is expected


PIECES = st.sampled_from(
    [
        "Ada Okoye",
        "Gray",
        "he",
        "She",
        "it",
        "the mayor",
        "said",
        "“",
        "”",
        ", ",
        ". ",
        "\n",
        ": ",
        "known as ",
        " (",
        ")",
        "The League of the ",
        "'s",
        "’",
        "—",
        "\ud800",
        "\0",
        "ﷺ",
        "😀",
        "李",
        "MARLOW:",
        "Mr. ",
        "A.",
        "who ",
        " of ",
        "and ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=120), st.data())
def test_any_text_and_any_spans_give_a_cast(text, data):
    def span():
        start = data.draw(st.integers(0, max(len(text) - 1, 0)))
        return Span(start, data.draw(st.integers(start, len(text))))

    kinds = st.sampled_from(["direct", "mixed", "indirect"])
    quotations = sorted(
        (
            Quotation(
                data.draw(kinds),
                (span(),),
                data.draw(st.sampled_from([None, span()])),
                data.draw(st.sampled_from([(), (span(),)])),
                None,
                data.draw(st.floats(0, 1)),
                "tagger",
            )
            for _ in range(data.draw(st.integers(0, 4)))
        ),
        key=lambda q: q.content[0],
    )

    _, _, cast = cast_of(text, quotations)

    assert [q.content for q in cast.quotations] == [q.content for q in quotations]
    assert all(0 <= q.confidence <= 1 for q in cast.quotations)
    assert all(0 <= s.start <= s.end <= len(text) for q in cast.quotations for s in q.source)
    assert all(r.span.slice(text) and r.name for r in cast.referents)


@pytest.mark.parametrize(
    "unit",
    [
        "he ",
        "Ada Okoye ",
        "Ab Cd (EF) ",
        "Ada, known as Bo, ",
        "the mayor ",
        "Ada’s ",
        "League of the ",
        "A. ",
        "SMITH: x ",
    ],
)
def test_time_grows_with_length_only(unit):
    def seconds(size):
        text = "\n".join((unit * (PARAGRAPH // len(unit)),) * (size // PARAGRAPH))
        start = time.process_time()
        cast_of(text)
        return time.process_time() - start

    seconds(PARAGRAPH)
    small, large = seconds(10 * PARAGRAPH), seconds(40 * PARAGRAPH)

    assert large < 10 * max(small, 0.02)
