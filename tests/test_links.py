from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links import passage_link, safe_url


def test_a_short_passage_goes_into_the_link_whole():
    link = passage_link("https://news.example/a", "“Nobody is driving, over that-there & co,” she said.")

    assert (
        link
        == "https://news.example/a#:~:text=Nobody%20is%20driving%2C%20over%20that%2Dthere%20%26%20co%2C%E2%80%9D%20she%20said"
    )


def test_a_long_passage_is_named_by_its_first_and_last_words():
    link = passage_link(
        "https://news.example/a", "one two three four five six seven " * 9 + "the very last words are these here"
    )

    assert link.endswith("#:~:text=one%20two%20three%20four%20five%20six,very%20last%20words%20are%20these%20here")


def test_words_of_different_paragraphs_are_not_joined():
    link = passage_link("https://news.example/a", "First paragraph here.\n\nLast paragraph there.")

    assert link.endswith("text=First%20paragraph%20here,Last%20paragraph%20there")


def test_a_fragment_of_the_page_stays():
    assert passage_link("https://news.example/a#live", "Some words").endswith("/a#live:~:text=Some%20words")


def test_a_link_without_room_for_words_is_the_plain_address():
    url = "https://news.example/" + "a" * 480

    assert passage_link(url, "One passage that does not fit any more, however it is cut") == url


def test_an_address_that_fits_no_button_gives_none():
    assert passage_link("https://news.example/" + "a" * 500, "words") is None


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "ftp://news.example/a",
        "https://",
        "https://user:secret@news.example/",
        "https://bbc.example@evil.example/",
        "https://news.example/a b",
        "https://news.example/\u0000",
        "//news.example/a",
        "discord://-/channels",
        "https://[::1",
        "attachment://a.png",
    ],
)
def test_what_is_no_plain_web_address_is_refused(url):
    assert safe_url(url) is None


def test_other_alphabets_become_ascii():
    assert safe_url("HTTPS://büro.example/straße?q=ä#ö") == "https://xn--bro-hoa.example/stra%C3%9Fe?q=%C3%A4#%C3%B6"
    assert safe_url("https://news.example/100%25") == "https://news.example/100%25"


@given(st.text(max_size=700), st.text(max_size=60))
def test_every_link_fits_a_button_and_is_ascii(text, path):
    link = passage_link(f"https://news.example/{path}", text)

    assert link is None or (len(link) <= 512 and link.isascii() and " " not in link)


@given(st.text(st.characters(codec="utf-8", categories=["L", "Nd", "Zs"]), min_size=1, max_size=80))
def test_the_fragment_carries_the_passages_own_words(text):
    link = passage_link("https://news.example/a", text)

    fragment = unquote(link.partition("#:~:text=")[2])
    assert all(part.strip() in " ".join(text.split()) for part in fragment.split(","))
