from __future__ import annotations

import pytest

from bot.errors import NotAllowed
from cogs._spoken import parse_day

pytestmark = pytest.mark.anyio


async def test_everything_a_speaker_said_is_listed_with_sources(world):
    await world.load()

    result = await world.member.slash(world.channel, "quotes", speaker="Ruth Delaney")

    assert world.only(result).ephemeral
    assert "### Ruth Delaney" in world.said(result)
    assert "Nobody is driving over that" in world.said(result)
    assert "the repair would take six weeks" in world.said(result)
    assert "Martin Oakes" not in world.said(result)
    assert "-# The Aldmouth Courier" in world.said(result)


async def test_pages_turn_and_keep_their_filter_after_a_restart(world):
    for day in range(1, 6):
        head = f"Day {day} at the bridge\n\nThe Echo\n{day} March 2012"
        await world.load(f"{head}\n\n“We found {day} cracks today,” said Ruth Delaney.\n", link="")
    first = await world.member.slash(world.channel, "quotes", speaker="Ruth Delaney", since="2012-03-02")
    await world.restart()

    await world.member.click(world.only(first), label="Next")

    assert "We found 2 cracks" in world.said(first)
    assert "We found 1 cracks" not in world.said(first)
    assert "from 2 March 2012" in world.said(first)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"speaker": "Nobody Known"}, "Nobody called “Nobody Known” is quoted here"),
        ({"speaker": "Ruth Delaney", "since": "soon"}, "“soon” is not a date for since"),
        ({"speaker": "Ruth Delaney", "since": "2030"}, "The loaded articles have nothing like that"),
        ({"speaker": "Ruth Delaney", "publisher": "Evening Star"}, "The loaded articles have nothing like that"),
    ],
)
async def test_what_does_not_fit_is_said(world, options, told):
    await world.load()

    result = await world.member.slash(world.channel, "quotes", **options)

    assert told in world.said(result)


async def test_another_servers_speaker_is_not_found(world):
    await world.load()
    other = world.env.create_guild("Other")
    channel = other.create_text_channel("news")
    stranger = other.add_member(world.env.create_user("eve"))

    result = await stranger.slash(channel, "quotes", speaker="Ruth Delaney")

    assert "Nobody called" in world.said(result)


@pytest.mark.parametrize(
    ("typed", "option", "day"),
    [
        ("2026", "since", "2026-01-01"),
        ("2026", "until", "2026-12-31"),
        ("2026-02", "until", "2026-02-28"),
        ("2024-2", "until", "2024-02-29"),
        ("2026-04-02", "since", "2026-04-02"),
        (None, "since", ""),
    ],
)
def test_years_and_months_stand_for_their_days(typed, option, day):
    assert parse_day(typed, option=option) == day


@pytest.mark.parametrize("typed", ["2026-13", "2026-02-30", "yesterday", "0000", "²⁰²⁶"])
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(NotAllowed):
        parse_day(typed, option="since")
