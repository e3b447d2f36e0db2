from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markup import block_quote, emphasise, escape, isolate, label, merge, plain, unescape, window, wrap

HOSTILE = st.text(
    st.sampled_from(list("ab12 .\n\\*_~`|<>[]()#-+@:/!&é”“\u202e\u2066\u2067\u2068\u2069\u200f\u05d0\u0628😀\u0301")),
    max_size=80,
)
ANYTHING = st.one_of(HOSTILE, st.text(max_size=120))


def _inert(marked_up):
    """The Markdown with every escaped character blanked: what is left is what Discord would act on."""
    return re.sub(r"\\[^0-9A-Za-z\s]", "\u25a1", marked_up)


@given(ANYTHING)
def test_unescaping_gives_the_words_back(text):
    sendable = re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", text)

    assert unescape(escape(text)) == sendable


@given(ANYTHING)
def test_escaped_text_has_nothing_that_acts(text):
    left = _inert(escape(text))

    assert not re.search(r"[*_~`|<\[\]@]|://", left)
    assert not re.search(r"^\s*([#>+-]|\d+[.)])", left, re.MULTILINE)


@pytest.mark.parametrize(
    "text",
    [
        "@everyone",
        "<@123>",
        "<@&123>",
        "<#123>",
        "</ask:123>",
        "<t:1700000000:R>",
        "<:smile:123>",
        ":smile:",
        "[here](https://evil.example)",
        "https://evil.example/a_b_c",
        "discord.gg/abc",
        "discord.com/invite/abc",
        "||spoiler||",
        "# big",
        "-# small",
        "> quote",
        ">>> quote",
        "- item",
        "1. item",
        "```code```",
        "¯\\_(ツ)_/¯",
    ],
)
def test_nothing_of_discords_own_is_left_alive(text):
    left = _inert(escape(text))

    assert not re.search(
        r"@everyone|<[@#/t:]|:\w+:|\]\(|://|discord\.(gg|com)|\|\||^(#|-|>|\d+\.)|```|\\_", left, re.MULTILINE
    )
    assert unescape(escape(text)) == text


@given(ANYTHING, st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=4))
def test_bold_adds_only_marks(text, bold):
    shown = emphasise(text, bold)

    stripped = re.sub(r"(?<!\\)((?:\\\\)*)\*\*", r"\1", shown)
    assert unescape(stripped) == unescape(escape(text))


def test_bold_marks_hug_the_words():
    assert emphasise("in December 2009, he", [(3, 16)]) == "in **December 2009**, he"
    assert wrap(" a\n\nb ", "**") == " **a**\n\n**b** "


@given(st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=6))
def test_merged_spans_are_sorted_apart_and_inside(spans):
    merged = merge(spans, length=40)

    assert all(0 <= start < end <= 40 for start, end in merged)
    assert all(a[1] < b[0] for a, b in pairwise(merged))


@given(ANYTHING)
def test_isolates_are_balanced_so_that_nothing_leaks_out(text):
    line = text.replace("\n", " ")
    depth = 0

    for position, character in enumerate(isolate(line)):
        depth += (character in "\u2066\u2067\u2068") - (character == "\u2069")
        assert depth >= 0
        if isolate(line) != line and 0 < position < len(isolate(line)) - 1:
            assert depth > 0
    assert depth == 0 or isolate(line) == line


def test_latin_text_gets_no_invisible_character():
    assert isolate("plain — “text”") == "plain — “text”"
    assert block_quote("one\ntwo") == "> one\n> two"


@given(ANYTHING, st.integers(2, 60))
def test_a_label_is_one_short_line_without_controls(text, limit):
    short = plain(text, limit=limit)

    assert len(short) <= limit
    assert not re.search("[\n\x00-\x1f\u202a-\u202e\u2066-\u2069\u200b]", short)
    assert not re.search(r"[*_~`|<\[\]@]|://", _inert(label(text, limit=limit)))


def test_zalgo_is_calmed_in_names_only():
    zalgo = "Z" + "\u0301" * 40

    assert len(plain(zalgo, limit=100)) == 4
    assert unescape(escape(zalgo)) == zalgo


@given(st.text(st.sampled_from(list("ab *_\n")), max_size=400), st.integers(20, 100), st.integers(0, 400))
def test_a_window_fits_and_is_a_slice(text, limit, focus):
    start, end = window(text, limit=limit, focus=min(focus, len(text)))

    assert 0 <= start <= end <= len(text)
    assert len(escape(text[start:end])) <= limit + 1 or not text[start:end].count(" ")
    if text.strip():
        assert end > start or not text[start:].strip()


def test_a_window_keeps_what_matters_in_sight():
    text = "word " * 400 + "December 2009 " + "word " * 400

    start, end = window(text, limit=300, focus=text.index("December"))

    assert "December 2009" in text[start:end]


def test_our_own_sentences_keep_their_code():
    assert escape("Use `/article list` for *all*", keep_code=True) == r"Use `/article list` for \*all\*"


def test_megabytes_are_cut_before_they_are_cleaned():
    huge = "é\u0301 " * 2_000_000
    before = time.process_time()

    short, (start, end) = plain(huge, limit=100), window(huge, limit=1000, focus=5_000_000)

    assert len(short) <= 100
    assert end - start <= 1000
    assert time.process_time() - before < 0.2
