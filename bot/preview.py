"""The token-free local Discord: a simulated newsroom in the browser, driven by a person on loopback."""

from __future__ import annotations

import asyncio
import re
import signal
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
import simcord
from simcord.actors import MemberActor

from bot.app import open_app
from bot.client import VerbatimBot
from bot.config import StorageSettings
from bot.loading import Source
from db.model import Acquisition

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from simcord.builders import ChannelHandle
    from simcord.env import Env

    from bot.app import App
    from bot.config import Settings

# Fixed, so that a database given with --db is the same server's library at the next start.
SERVER_ID = 1_000_000_000_000_000_001
SAMPLES = "bot.samples"
_MENTION = re.compile(r"@verbatim\b", re.IGNORECASE)
_MENU = "Check this quote"
_MENU_WORDS = frozenset({"check", "check this quote", "/check"})
# simcord takes an action for finished once no timer is due within _SETTLE_S, so an idle reader is kept longer.
_IDLE_S = 86400.0
# A load may use the whole deadline of the worker before the simulated Discord gives up on it.
_SETTLE_S = 60.0
_TICK_S = 1.0

_INTRODUCTION = """
The preview runs at
  {url}
(that address is a key: whoever has it can drive this preview). Choose who you are under “Viewing as”, then try
  /ask question: why is the harbour bridge closed?          as anybody
  @Verbatim what did Ruth Delaney say about the bucket?     the same by mention
  /check quote: nobody should be driving over that          is it a real quote?
  reply “check” to a message that quotes somebody           the message menu “Check this quote”
  /article paste, /article file, /article list              as Sam, who may manage messages
{storage}

To run it on Discord: https://discord.com/developers/applications → New Application → Bot → Reset Token. Nothing has
to be switched on there. Then start again with DISCORD_TOKEN=… before the command. Ctrl-C ends the preview."""


class Visitor(MemberActor):
    """A member as the browser drives it, with what its composer lacks: mentions and the message menu."""

    async def send(self, channel: ChannelHandle, content: str = "", **options: Any) -> discord.Message:
        """Send a message; “@Verbatim” becomes the mention, and a reply “check” opens the message menu."""
        target = options.get("reply_to")
        bot = self._env.bot.user
        addressed = _MENTION.sub(bot.mention, content) if bot else content
        sent = await super().send(channel, addressed, **options)
        if target is not None and content.strip().lower() in _MENU_WORDS:
            await self.context_menu(channel, _MENU, target)
        return sent


@dataclass(frozen=True, slots=True)
class Newsroom:
    """The simulated server: one channel, a member and a moderator."""

    env: Env
    channel: ChannelHandle
    member: Visitor
    moderator: Visitor


async def serve_preview(settings: Settings, *, is_kept: bool, port: int, say: Callable[[str], None]) -> None:
    """Run the preview until it is ended in the browser or by SIGINT or SIGTERM.

    Args:
        settings: As for the bot.
        is_kept: Use the configured storage; else a temporary database that is removed at the end.
        port: Loopback port, 0 for a free one.
        say: Where the address and what to try are written.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="verbatim-preview-") as folder:
        settings = replace(settings, reading=replace(settings.reading, idle_s=_IDLE_S))
        if not is_kept:
            settings = replace(settings, storage=StorageSettings(url=str(Path(folder) / "preview.db")))
        async with open_app(settings) as app, open_newsroom(app) as room:
            await load_samples(app)
            await introduce(room)
            viewers = (room.member, room.moderator)
            async with room.env.preview(room.channel, viewers=viewers, layout="channel", port=port) as page:
                stored = f"Articles are kept in {settings.storage.url}." if is_kept else "Nothing is kept afterwards."
                say(_INTRODUCTION.format(url=page.url, storage=stored))
                await _until_stopped(room.env, page, stop)


@asynccontextmanager
async def open_newsroom(app: App) -> AsyncIterator[Newsroom]:
    """A simulated Discord with the bot connected to it and one server to try it in."""
    env = simcord.Env(VerbatimBot(app), settle_timeout=_SETTLE_S)
    env.backend.bot_user.name = "Verbatim"
    # simcord's clock starts in January 2026; messages should carry today's date.
    env.backend.advance_clock((datetime.now(UTC) - env.now()).total_seconds())
    await env.start()
    try:
        with env.time_context():
            yield await _furnish(env)
    finally:
        await env.shutdown()


async def _furnish(env: Env) -> Newsroom:
    """Make the server, its channel and its two people."""
    server = env.create_guild("The Newsroom", id=SERVER_ID)
    editors = server.create_role(
        "Editors", permissions=discord.Permissions(manage_messages=True), color=0xE67E22, hoist=True
    )
    channel = server.create_text_channel("newsroom", topic="Ask what the loaded articles say, and who said it")
    member = env.create_user("riley", global_name="Riley (member)")
    moderator = env.create_user("sam", global_name="Sam (moderator)")
    server.add_member(member)
    server.add_member(moderator, roles=[editors])
    await env.settle()
    return Newsroom(env, channel, Visitor(env, server, member), Visitor(env, server, moderator))


async def load_samples(app: App) -> None:
    """Load the sample articles into the simulated server's library, if it is empty."""
    library = str(SERVER_ID)
    if (await app.store.measure_library(library)).articles:
        return
    for sample in sorted(resources.files(SAMPLES).iterdir(), key=lambda entry: entry.name):
        if sample.name.endswith((".txt", ".md", ".html")):
            source = Source(raw=sample.read_bytes(), name=sample.name)
            await app.load(library, source, Acquisition(way="file", origin=sample.name))


async def introduce(room: Newsroom) -> None:
    """Leave two messages in the channel, one of them with a quote that is worth checking."""
    await room.moderator.send(
        room.channel,
        "Three articles are loaded: the harbour bridge, the river Alder and the Kestrels’ promotion. "
        "Ask with `/ask`, or mention Verbatim in a question.",
    )
    await room.member.send(
        room.channel,
        "Somebody posted this about the bridge: “She is ninety-two years old and she has bad bones,” said Priya Raman. "
        "Is that right? (Reply “check” to this message.)",
    )


async def _until_stopped(env: Env, page: Any, stop: asyncio.Event) -> None:
    """Let the simulated clock run with the real one until somebody ends the preview."""
    ended = asyncio.create_task(page.wait_closed())
    stopped = asyncio.create_task(stop.wait())
    try:
        while not (ended.done() or stopped.done()):
            await asyncio.wait({ended, stopped}, timeout=_TICK_S, return_when=asyncio.FIRST_COMPLETED)
            # Without an await in between, this cannot overlap what the browser is doing.
            env.backend.advance_clock(_TICK_S)
            page.capture_time = env.now()
    finally:
        ended.cancel()
        stopped.cancel()
