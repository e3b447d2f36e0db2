from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.align import align
from bot.matching.difference import compare
from bot.matching.normalise import split_words

ORIGINAL = "We will rebuild the harbour before the 3,000 families of Northport have to leave, and we won’t raise fares."


def held(claim, original=ORIGINAL):
    ours, theirs = split_words(claim), split_words(original)
    alignment = align(ours, theirs)
    return compare(ours, theirs, alignment, free=theirs.bracketed, limit=(0, len(theirs)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("don’t", "don't"),
        ("dont", "don’t"),
        ("Well-known", "well known"),
        ("U.S.", "US"),
        ("3,000", "3000"),
        ("5 %", "5 percent"),
        ("5 per cent", "5 percent"),
        ("black & white", "black and white"),
        ("for\u200bces", "forces"),
        ("soft\u00adware", "software"),
        ("\ufb01ne", "fine"),
        ("cafe\u0301", "café"),
        ("STRASSE", "straße"),
        ("[w]e will", "We will"),
        ("5\uff05", "5 percent"),
        ("5 per\ncent", "5 percent"),
    ],
)
def test_spellings_of_one_word_are_the_same(one, other):
    assert split_words(one).forms == split_words(other).forms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.5", "15"),
        ("$5", "5"),
        ("$5", "€5"),
        ("-5 degrees", "5 degrees"),
        ("schon", "schön"),
        ("5%", "5"),
        ("₿5", "5"),
        ("₺5", "₴5"),
        ("\uff045", "5"),
        ("5\uff05", "5"),
        ("-$5 million", "$5 million"),
        ("±5", "5"),
        ("≤5", "≥5"),
        ("10²", "102"),
        ("नमस्ते", "नमस्ती"),
    ],
)
def test_different_words_stay_different(one, other):
    assert split_words(one).forms != split_words(other).forms


def test_words_of_scripts_without_spaces_are_characters():
    assert len(split_words("私たちは港を守る")) == 8


@pytest.mark.parametrize(
    "claim",
    [
        "we will rebuild the harbour before the 3000 families of northport have to leave and we wont raise fares",
        "WE WILL REBUILD THE HARBOUR",
        "We will rebuild the harbour ... and we won't raise fares",
        "We will rebuild the harbour [sic] before the 3,000 families",
        "[we] will rebuild the har\u00adbour",
        "the 3,000 families of North-port",
    ],
)
def test_marks_case_spaces_ellipsis_and_brackets_are_no_change(claim):
    assert held(claim).changes == ()


@pytest.mark.parametrize(
    ("claim", "kind"),
    [
        ("We will rebuild the harbour before the 4,000 families of Northport have to leave", "number"),
        ("We will not rebuild the harbour before the 3,000 families", "negation"),
        ("We will [not] rebuild the harbour before the 3,000 families", "negation"),
        ("of Northport have to leave, and we will raise fares", "negation"),
        ("We will rebuild the harbour before the families of Northport have to leave", "number"),
        ("We will rebuild the harbour before the 3,000 of Northport have to leave", "left_out"),
        ("We will rebuild the old harbour before the 3,000 families of Northport", "added"),
        ("We will rebuild the prison before the 3,000 families of Northport", "replaced"),
        ("We will rebuild the harbour before the 3,000 families of [Westport] have to leave", "replaced"),
        ("We will rebuild the harbuor before the 3,000 families of Northport", "replaced"),
    ],
)
def test_a_change_is_named_by_its_kind(claim, kind):
    assert [change.kind for change in held(claim).changes] == [kind]


def test_an_ellipsis_must_not_hide_a_negation():
    comparison = held("I would ... sign such a law in this town", "I would never sign such a law in this town")

    assert [change.kind for change in comparison.changes] == ["negation"]


def test_an_ellipsis_may_leave_out_a_whole_sentence_with_a_negation():
    comparison = held("The plan is good. ... It works.", "The plan is good. I do not like it. It works.")

    assert comparison.changes == ()


def test_a_replaced_ending_stands_against_the_whole_ending_of_the_original():
    comparison = held(
        "If they stay we will treat them as guests", "If they stay we will treat them as enemies of the town"
    )

    assert comparison.steps[-1].original == "enemies of the town"


def test_words_in_the_article_s_own_brackets_may_be_passed_over():
    assert held("were engaged on his release", "were engaged on [Orla Dunne’s] his release").changes == ()


def test_a_negation_in_the_article_s_brackets_may_not_be_passed_over():
    comparison = held("We will sell the ferry to anybody", "We will [not] sell the ferry to anybody")

    assert [change.kind for change in comparison.changes] == ["negation"]


@pytest.mark.parametrize(
    ("claim", "original"),
    [
        ("we are now-here near the harbour of our town", "we are nowhere near the harbour of our town"),
        ("we are now, here near the harbour of our town", "we are nowhere near the harbour of our town"),
        ("this is not, able seamen say", "this is notable seamen say"),
        ("the M15 carries ships of the town", "the M1-5 carries ships of the town"),
    ],
    ids=["a negation cut", "a comma", "a comma that makes a negation", "digits joined"],
)
def test_the_same_letters_cut_elsewhere_may_be_another_statement(claim, original):
    assert held(claim, original).changes


@pytest.mark.parametrize(
    ("claim", "original"),
    [
        ("the well\u2010known harbour", "the wellknown harbour"),
        ("the well-\nknown harbour", "the wellknown harbour"),
        ("the G-20 meets in the harbour", "the G20 meets in the harbour"),
        ("the **har**bour of the town", "the harbour of the town"),
        ("there was noone in the harbour", "there was no-one in the harbour"),
    ],
    ids=["hyphen", "line end", "letter and number", "bold", "no-one"],
)
def test_hyphens_and_bold_inside_a_word_are_no_change(claim, original):
    assert held(claim, original).changes == ()


def test_half_of_the_article_s_brackets_left_out_is_a_change():
    comparison = held("Add [the child credit] to the plan", "Add [the child care credit] to the plan")

    assert [change.kind for change in comparison.changes] == ["left_out"]


WORDS = st.lists(
    st.sampled_from(
        ["harbour", "the", "not", "3,000", "[sic]", "—", "…", "“we", "won’t”", "ships", "x\u200by", "\n\n"]
    ),
    min_size=1,
    max_size=40,
)


@given(WORDS, WORDS)
def test_joined_sides_of_a_difference_give_claim_and_original_back(claimed, printed):
    claim, original = split_words(" ".join(claimed)), split_words(" ".join(printed))
    if (alignment := align(claim, original)) is None:
        return

    comparison = compare(claim, original, alignment, free=original.bracketed, limit=(0, len(original)))

    assert "".join(step.claim for step in comparison.steps) == claim.text
    assert "".join(step.original for step in comparison.steps) == comparison.span.slice(original.text)


@given(WORDS, WORDS)
def test_without_a_change_every_claimed_word_is_in_the_original_or_in_brackets(claimed, printed):
    claim, original = split_words(" ".join(claimed)), split_words(" ".join(printed))
    if (alignment := align(claim, original)) is None:
        return

    comparison = compare(claim, original, alignment, free=original.bracketed, limit=(0, len(original)))

    if not comparison.changes:
        said = split_words(comparison.span.slice(original.text)).forms
        assert all(form in said for i, form in enumerate(claim.forms) if i not in claim.bracketed)


@given(st.text(max_size=300))
def test_every_word_is_where_it_says(text):
    words = split_words(text)

    assert list(words.spans) == sorted(words.spans)
    assert all(0 <= start < end <= len(text) for start, end in words.spans)


@pytest.mark.parametrize(
    "text",
    [
        "'" * 20_000,
        "[a]" * 7_000,
        "." * 20_000,
        "a’" * 10_000,
        "\u200b" * 20_000,
        "1," * 10_000,
        "- " * 10_000,
        "A." * 9_000,
    ],
    ids=["apostrophes", "brackets", "stops", "elisions", "invisible", "numbers", "dashes", "initials"],
)
def test_splitting_hostile_text_takes_linear_time(text):
    started = time.process_time()

    split_words(text)

    assert time.process_time() - started < 1
