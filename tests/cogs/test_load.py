from __future__ import annotations

import pytest

pytestmark = pytest.mark.anyio


async def test_moderator_loads_by_paste_and_sees_what_was_read(world):
    report = await world.load()

    assert world.only(report).ephemeral
    assert "Old harbour bridge closed after crack is found" in world.said(report)
    assert "The Aldmouth Courier" in world.said(report)
    assert "3 January 2010" in world.said(report)
    assert set(world.buttons(world.only(report))) == {"Show", "Remove"}
