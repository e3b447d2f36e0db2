from __future__ import annotations

import discord
import pytest

from tests.cogs.conftest import ARTICLE

pytestmark = pytest.mark.anyio

OTHER = """Ferry to run all night

The Aldmouth Courier
5 January 2010

The ferry will run all night while the bridge is closed, the town said on Thursday.

“We have two boats and both are old,” said Martin Oakes, who runs the ferry.
"""


async def test_moderator_loads_by_paste_and_sees_what_was_read(world):
    report = await world.load()

    assert world.only(report).ephemeral
    assert "Old harbour bridge closed after crack is found" in world.said(report)
    assert "The Aldmouth Courier · 3 January 2010" in world.said(report)
    assert "Ruth Delaney" in world.said(report)
    assert set(world.buttons(world.only(report))) == {"Show", "Remove"}


async def test_what_is_typed_beside_the_text_wins(world):
    form = await world.moderator.slash(world.channel, "article paste")

    report = await world.moderator.submit_modal(
        form, {"text": ARTICLE, "title": "Bridge shut", "publisher": "Evening Post", "date": "2011-02-03"}
    )

    assert "### Bridge shut\nEvening Post · 3 February 2011" in world.said(report)


async def test_the_form_asks_for_the_text_alone(world):
    form = await world.moderator.slash(world.channel, "article paste")

    labels = [row["label"] for row in form.modal["components"]]
    required = [row["label"] for row in form.modal["components"] if row["component"]["required"]]
    assert labels == ["Title", "Text", "Publisher", "Date", "Link"]
    assert required == ["Text"]


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("bridge.txt", ARTICLE.encode()),
        ("bridge.md", ("# " + ARTICLE).encode()),
        ("bridge.txt", ARTICLE.encode("utf-16")),
        (
            "bridge.html",
            b"<html><head><title>Old harbour bridge closed after crack is found</title></head><body><article>"
            + b"".join(b"<p>%s</p>" % p.encode() for p in ARTICLE.split("\n\n"))
            + b"</article></body></html>",
        ),
    ],
    ids=["txt", "md", "utf-16", "html"],
)
async def test_moderator_loads_by_file(world, name, raw):
    report = await world.moderator.slash(world.channel, "article file", file=(name, raw))

    assert "Old harbour bridge closed after crack is found" in world.said(report)
    assert world.acknowledged_by_deferring()
    assert world.only(report).ephemeral


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("empty.txt", b""),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
        ("zip.html", b"PK\x03\x04" + bytes(range(256)) * 20),
        ("blank.txt", b" \n \n\t "),
        ("song.mp3", b"ID3" + bytes(500)),
        ("big.txt", b"word " * 900_000),
        ("huge.pdf", b"%PDF" + bytes(11 * 2**20)),
    ],
)
async def test_a_file_that_is_no_article_gets_a_sentence(world, name, raw):
    result = await world.moderator.slash(world.channel, "article file", file=(name, raw))

    assert world.said(result).endswith((".", "`"))
    assert "Traceback" not in world.said(result)
    assert "Something went wrong" not in world.said(result)
    assert (await world.app.store.measure_library(str(world.guild.id))).articles == 0


async def test_a_document_may_be_larger_than_a_text(world):
    raw = b"%PDF-1.7\n" + bytes(5 * 2**20)

    result = await world.moderator.slash(world.channel, "article file", file=("article.pdf", raw))

    assert "larger than" not in world.said(result)
    assert "PDF" in world.said(result)


@pytest.mark.parametrize("text", ["\n", "...", "\u202e\u2066", "\x00", "🙂" * 30, "x" * 4000], ids=repr)
async def test_a_paste_that_is_no_article_is_survived(world, text):
    form = await world.moderator.slash(world.channel, "article paste")

    result = await world.moderator.submit_modal(form, {"text": text})

    assert world.said(result)
    assert "Something went wrong" not in world.said(result)


async def test_what_could_not_be_read_can_be_edited(world):
    form = await world.moderator.slash(world.channel, "article paste")
    failed = await world.moderator.submit_modal(form, {"text": ARTICLE, "link": "bridge news"})

    again = await world.moderator.click(failed.followups[-1], label="Edit and try again")

    kept = {row["label"]: row["component"].get("value") for row in again.modal["components"]}
    assert "“bridge news” is not a web address" in world.said(failed)
    assert kept["Text"] == ARTICLE
    assert kept["Link"] == "bridge news"


async def test_a_paste_that_comes_too_late_leaves_no_stray_error(world, caplog):
    form = await world.moderator.slash(world.channel, "article paste")
    world.env.inject_error("POST", "/interactions/*/*/callback", status=404)
    world.env.inject_error("POST", "/webhooks/*/*", status=404)

    await world.moderator.submit_modal(form, {"text": ARTICLE})

    assert "an answer came too late" in caplog.text
    assert "could not offer a paste again" in caplog.text
    world.env._errors.clear()


async def test_a_draft_is_gone_after_a_restart_and_says_so(world):
    form = await world.moderator.slash(world.channel, "article paste")
    failed = await world.moderator.submit_modal(form, {"text": ARTICLE, "link": "bridge news"})
    await world.restart()

    again = await world.moderator.click(failed.followups[-1], label="Edit and try again")

    assert "no longer kept" in world.said(again)


async def test_the_same_article_twice_is_told_and_stored_once(world):
    await world.load()

    report = await world.load()

    assert "Already loaded" in world.said(report)
    assert (await world.app.store.measure_library(str(world.guild.id))).articles == 1


async def test_the_list_names_every_article_and_shows_its_quotations(world):
    await world.load()
    await world.load(OTHER, link="")

    shown = await world.moderator.slash(world.channel, "article list")
    article = await world.moderator.slash(world.channel, "article show", article="crack is found")

    assert "### 2 articles" in world.said(shown)
    assert world.said(shown).index("Ferry to run") < world.said(shown).index("Old harbour bridge")
    assert "Nobody is driving over that" in world.said(article)
    assert "**Ruth Delaney**" in world.said(article)


async def test_long_lists_turn_their_pages(world):
    for number in range(10):
        await world.load(
            f"Article number {number}\n\nThe ferry ran {number} times on Monday, the town said.\n", link=""
        )
    first = await world.moderator.slash(world.channel, "article list")

    await world.moderator.click(world.only(first), label="Next")

    assert "Article number 0" in world.said(first)
    assert "Article number 9" not in world.said(first)
    assert set(world.buttons(world.only(first))) == {"Previous"}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("999", "There is no article 999"),
        ("9" * 100, "There is no article"),
        ("nothing like it", "There is no article nothing like it"),
        ("Aldmouth", "Several articles fit"),
    ],
)
async def test_an_article_that_is_not_named_clearly_is_asked_back(world, typed, told):
    await world.load()
    await world.load(OTHER, link="")

    result = await world.moderator.slash(world.channel, "article show", article=typed)

    assert told in world.said(result)


async def test_articles_are_offered_as_they_are_typed(world):
    await world.load()
    await world.load(OTHER, link="")

    offered = await world.moderator.autocomplete(world.channel, "article show", "article", "ferry")

    assert [c["name"] for c in offered] == ["Ferry to run all night · The Aldmouth Courier · 5 January 2010"]


async def test_articles_are_offered_in_spite_of_slips(world):
    await world.load()

    offered = await world.moderator.autocomplete(world.channel, "article show", "article", "harbor brigde")

    assert [c["value"] for c in offered] == ["1"]


async def test_removing_asks_first_and_can_be_called_off(world):
    await world.load()
    asked = await world.moderator.slash(world.channel, "article remove", article="1")

    await world.moderator.click(world.only(asked), label="Keep")

    assert "Nothing was removed" in world.said(asked)
    assert (await world.app.store.measure_library(str(world.guild.id))).articles == 1


async def test_a_removed_article_is_gone_and_a_second_click_is_gentle(world):
    await world.load()
    asked = await world.moderator.slash(world.channel, "article remove", article="1")
    twin = await world.moderator.slash(world.channel, "article remove", article="1")

    await world.moderator.click(world.only(asked), label="Remove for good")
    second = await world.moderator.click(world.only(twin), label="Remove for good")

    assert "### Removed" in world.said(asked)
    assert "There is no article 1" in world.said(second)
    assert (await world.app.store.measure_library(str(world.guild.id))).articles == 0


async def test_another_server_sees_neither_list_nor_article(world):
    await world.load()
    other = world.env.create_guild("Other")
    channel = other.create_text_channel("news")
    stranger = other.add_member(world.env.create_user("eve"), roles=[_moderators(other)])

    shown = await stranger.slash(channel, "article list")
    article = await stranger.slash(channel, "article show", article="1")
    offered = await stranger.autocomplete(channel, "article show", "article", "bridge")

    assert "No articles yet" in world.said(shown)
    assert "There is no article 1" in world.said(article)
    assert offered == []


def _moderators(guild):
    return guild.create_role("Moderators", permissions=discord.Permissions(manage_messages=True))


async def test_buttons_of_the_report_work_after_a_restart(world):
    report = await world.load()
    await world.restart()

    await world.moderator.click(world.only(report), label="Show")

    assert "Nobody is driving over that" in world.said(report)


async def test_a_form_opened_before_a_restart_is_still_read(world):
    form = await world.moderator.slash(world.channel, "article paste")
    await world.restart()

    report = await world.moderator.submit_modal(form, {"text": ARTICLE, "publisher": "Evening Post"})

    assert "Loaded" in world.said(report)
    assert "Evening Post" in world.said(report)


async def test_a_form_opened_before_a_restart_asks_for_the_right_again(world):
    form = await world.moderator.slash(world.channel, "article paste")
    await world.restart()
    world.take_rights(world.moderator)

    result = await world.moderator.submit_modal(form, {"text": ARTICLE})

    assert "Articles are the moderators' work" in world.said(result)
    assert (await world.app.store.measure_library(str(world.guild.id))).articles == 0


async def test_a_text_that_fills_the_form_is_pointed_out(world):
    text = (ARTICLE + "The ferry ran again on that day, the town said. " * 90)[:4000]

    report = await world.load(text)

    assert "The form was full" in world.said(report)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/private",
        "http://169.254.169.254/latest",
        "javascript:alert(1)",
        "ftp://news.example/a",
        "not a link",
        "https://user:secret@news.example/",
    ],
)
async def test_a_link_that_may_not_be_fetched_is_refused_in_a_sentence(world, url):
    result = await world.moderator.slash(world.channel, "article add", url=url)

    assert world.said(result).endswith(".")
    assert "Something went wrong" not in world.said(result)
    assert world.only(result).ephemeral
    assert (await world.app.store.measure_library(str(world.guild.id))).articles == 0
