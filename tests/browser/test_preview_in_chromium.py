"""The preview in a real browser: a moderator loads, a member asks and checks, and both see the cards."""

from __future__ import annotations

import pytest

from tests.browser.page import MEMBER, MODERATOR, find_chromium, open_browser, serve_preview

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium with its driver is installed"),
]

ARTICLE = """The lighthouse keeper said that the lamp had been lit every night since 1871.

"My grandmother climbed these stairs with a can of oil," said Idris Penhallow, who keeps the light at Gull Point.

The harbour board will decide in November whether the lamp is switched off.
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serve_preview(tmp_path_factory.mktemp("preview")) as url:
        yield url


@pytest.fixture
def page(address):
    with open_browser() as browser:
        browser.open(address)
        yield browser


def test_a_member_asks_about_what_a_moderator_has_pasted(page):
    page.be(MODERATOR)
    page.slash("article paste")
    page.submit(title="The last lamp at Gull Point", text=ARTICLE, publisher="The Penwith Echo", date="2026-04-02")
    loaded = page.last_message()
    page.be(MEMBER)
    page.slash("ask", "what did Idris Penhallow say about his grandmother?")

    card = page.last_message()
    assert "The last lamp at Gull Point" in loaded
    assert "My grandmother climbed these stairs with a can of oil" in card
    assert "Idris Penhallow" in card
    assert "The Penwith Echo" in card


def test_a_typed_mention_is_answered(page):
    page.be(MEMBER)

    page.send("@Verbatim what did Ruth Delaney say about the bucket?")

    assert "We passed that bucket round this ground" in page.last_message()


def test_a_reply_check_shows_what_was_altered(page):
    page.be(MEMBER)

    page.reply(1, "check")

    assert "good bones" in page.last_message()


def test_what_the_articles_do_not_say_is_said(page):
    page.be(MEMBER)

    page.slash("ask", "who won the chess olympiad in Reykjavik?")

    assert "do not say" in page.last_message()


def test_a_member_is_not_offered_the_moderators_commands(page):
    page.be(MEMBER)

    offered = page.commands()

    assert "/ask" in offered
    assert "/article paste" not in offered
