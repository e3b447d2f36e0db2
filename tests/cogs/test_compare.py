from __future__ import annotations

import pytest

pytestmark = pytest.mark.anyio


async def test_two_speakers_stand_side_by_side_each_with_sources(world):
    await world.load()

    result = await world.member.slash(
        world.channel, "compare", first="Ruth Delaney", second="Martin Oakes", about="what was said about the crack"
    )

    said = world.said(result).replace("**", "")
    assert world.only(result).ephemeral
    assert "The town has known about this crack for two years" in said.split("\nMartin Oakes")[1]
    assert "The town has known" not in said.split("\nMartin Oakes")[0]
    assert "contradict" not in said


@pytest.mark.parametrize(
    ("second", "told"),
    [("Nobody Known", "Nobody called"), ("a", "may be several")],
)
async def test_a_name_that_is_not_clear_is_asked_back(world, second, told):
    await world.load()

    result = await world.member.slash(world.channel, "compare", first="Ruth Delaney", second=second, about="the crack")

    assert told in world.said(result)


async def test_both_names_are_offered_as_they_are_typed(world):
    await world.load()

    for option in ("first", "second"):
        offered = await world.member.autocomplete(world.channel, "compare", option, "oak")
        assert [c["value"] for c in offered] == ["Martin Oakes"]
