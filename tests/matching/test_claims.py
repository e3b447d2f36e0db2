from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.claims import find_claims


def found(message):
    return [(claim.quote.strip(" ,.!?"), claim.speaker) for claim in find_claims(message, min_words=3)]


@pytest.mark.parametrize(
    ("message", "quote", "speaker"),
    [
        ("Orla Dunne said “we will keep the bridge open”", "we will keep the bridge open", "Orla Dunne"),
        ('"We will keep the bridge open," says Orla Dunne.', "We will keep the bridge open", "Orla Dunne"),
        ("“We will keep the bridge open” — Orla Dunne", "We will keep the bridge open", "Orla Dunne"),
        ("„We will keep the bridge open“ (Orla Dunne, 2031)", "We will keep the bridge open", "Orla Dunne"),
        ("«We will keep the bridge open» ~ Orla J. Dunne", "We will keep the bridge open", "Orla J. Dunne"),
        ("> We will keep\n> the bridge open\n— Orla Dunne", "We will keep\nthe bridge open", "Orla Dunne"),
        ("> We will keep the bridge open\n> — Orla Dunne", "We will keep the bridge open", "Orla Dunne"),
        (">>> We will keep the\nbridge open", "We will keep the\nbridge open", None),
        ("Did the Harbour Board really say “we keep the bridge”?", "we keep the bridge", "the Harbour Board"),
        ("Dunne on fares: “we will not raise them”", "we will not raise them", "Dunne"),
        ("According to the Board of Ports, “we keep the bridge”", "we keep the bridge", "the Board of Ports"),
        ("Orla Dunne, the mayor, told them: “we keep the bridge”", "we keep the bridge", "Orla Dunne"),
        ('orla dunne said "we keep the bridge"', "we keep the bridge", "orla dunne"),
        ("he said 'we don't want the dogs' home' and left", "we don't want the dogs' home", None),
        ("She said “we keep the bridge”", "we keep the bridge", None),
        ("BREAKING: “we keep the bridge”", "we keep the bridge", None),
        ("**“we keep the bridge”** - Sen. Orla Dunne", "we keep the bridge", "Sen. Orla Dunne"),
        ("“we keep the bridge, I promise", "we keep the bridge, I promise", None),
        ("Orla Dunne said that we will keep the bridge", "we will keep the bridge", "Orla Dunne"),
        ("we will keep the bridge - Orla Dunne", "we will keep the bridge", "Orla Dunne"),
        ("we will keep the bridge open", "we will keep the bridge open", None),
        ("They “won” a bridge that nobody had asked for", "They “won” a bridge that nobody had asked for", None),
        ("<@12345> is it true? “we keep <:bridge:123456789> it all”", "we keep  it all", None),
    ],
)
def test_quoted_stretch_and_speaker_are_found(message, quote, speaker):
    assert found(message) == [(quote, speaker)]


def test_several_quotes_keep_their_own_speakers():
    message = "Orla Dunne said “we keep the bridge” but Ivo Marsh said “we sell the bridge”."

    assert found(message) == [("we keep the bridge", "Orla Dunne"), ("we sell the bridge", "Ivo Marsh")]


def test_a_quote_that_goes_on_after_the_speaker_has_the_same_speaker():
    message = "“We keep the bridge,” Orla Dunne said. “It is all we have.”"

    assert found(message) == [("We keep the bridge", "Orla Dunne"), ("It is all we have", "Orla Dunne")]


def test_an_opening_mark_at_a_new_paragraph_goes_on_with_the_quote():
    assert len(found("“We keep the bridge.\n\n“It is all we have,” said Orla Dunne.")) == 1


def test_a_quote_of_two_words_that_names_its_speaker_is_returned_as_it_is():
    assert found("Orla Dunne said “never again”") == [("never again", "Orla Dunne")]


@given(st.text(alphabet=st.sampled_from("ab “”\"'‘’„«»>-—~:()\n.,|*_`<@#\ud800\u202e😀"), max_size=200))
def test_any_message_gives_at_least_one_claim(message):
    assert find_claims(message, min_words=3)


HOSTILE = {
    "straight": '"' * 6_000,
    "opening": "“" * 6_000,
    "single": "'a" * 3_000,
    "blocks": "> " * 3_000,
    "empty blocks": ">\n" * 3_000,
    "dashes": "- " * 3_000,
    "blanks": " " * 6_000,
    "cues": "said " * 1_200,
    "quotes": "“a b c” said " * 400,
    "colons": "a: " * 2_000,
    "mentions": "<@1" * 2_000,
    "links": "https://" * 750,
}


@pytest.mark.parametrize("message", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_message_is_read_in_bounded_time(message):
    started = time.process_time()

    find_claims(message, min_words=3)

    assert time.process_time() - started < 0.5
