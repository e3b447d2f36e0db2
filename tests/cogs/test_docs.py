from __future__ import annotations

from pathlib import Path

import discord
import pytest
from discord import app_commands

pytestmark = pytest.mark.anyio

DOCS = Path(__file__).parents[2] / "docs"


async def test_every_command_and_option_stands_in_the_docs(world):
    pages = "\n".join((DOCS / name).read_text(encoding="utf-8") for name in ("members.md", "moderators.md"))
    slash = [c for c in world.bot.tree.walk_commands() if isinstance(c, app_commands.Command)]
    menus = world.bot.tree.get_commands(type=discord.AppCommandType.message)

    missing = [f"/{c.qualified_name}" for c in slash if f"`/{c.qualified_name}" not in pages]
    missing += [menu.name for menu in menus if menu.name not in pages]
    missing += [f"/{c.qualified_name} {p.name}" for c in slash for p in c.parameters if p.name not in pages]

    assert missing == []
