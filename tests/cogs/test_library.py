from __future__ import annotations

import pytest

pytestmark = pytest.mark.anyio


async def test_members_see_which_articles_are_loaded(world):
    await world.load()

    result = await world.member.slash(world.channel, "articles")

    assert world.only(result).ephemeral
    assert "**Old harbour bridge closed after crack is found**" in world.said(result)
    assert "The Aldmouth Courier · 3 January 2010 · " in world.said(result)


async def test_members_see_who_is_quoted_most_quoted_first(world):
    await world.load()

    result = await world.member.slash(world.channel, "speakers")

    assert "**Ruth Delaney**\n-# 2 quotations" in world.said(result)
    assert world.said(result).index("Ruth Delaney") < world.said(result).index("Martin Oakes")


async def test_pages_turn_in_place(world):
    for number in range(10):
        await world.load(
            f"Article number {number}\n\nThe ferry ran {number} times on Monday, the town said.\n", link=""
        )
    first = await world.member.slash(world.channel, "articles")

    await world.member.click(world.only(first), label="Next")
    later = world.said(first)
    await world.member.click(world.only(first), label="Previous")

    assert "Article number 0" in later
    assert "Article number 9" in world.said(first)


@pytest.mark.parametrize("name", ["articles", "speakers"])
async def test_an_empty_library_says_so(world, name):
    result = await world.member.slash(world.channel, name)

    assert world.said(result).endswith(".")


@pytest.mark.parametrize("name", ["articles", "speakers"])
async def test_another_server_sees_nothing(world, name):
    await world.load()
    other = world.env.create_guild("Other")
    channel = other.create_text_channel("news")
    stranger = other.add_member(world.env.create_user("eve"))

    result = await stranger.slash(channel, name)

    assert "bridge" not in world.said(result)
    assert "Delaney" not in world.said(result)
