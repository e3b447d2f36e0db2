from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field

import discord
import pytest
import simcord
import simcord.http.router
from simcord.components import walk_components

from bot.app import open_app
from bot.client import VerbatimBot
from bot.config import DiscordSettings, ReadingSettings, Settings, StorageSettings
from bot.errors import VerbatimError
from bot.limits import find_choice_faults, find_command_faults, find_message_faults, find_modal_faults
from db.errors import StoreError

ARTICLE = """Old harbour bridge closed after crack is found

By Jo Marsh
The Aldmouth Courier
3 January 2010

The old harbour bridge in Aldmouth was closed on Tuesday after divers found a crack in its eastern pier.

“Nobody is driving over that until we have looked at every rivet,” said Ruth Delaney, the town's chief engineer.

The bridge was built in 1931 by the Carrow Iron Company. It carries 4,000 vehicles a day.

“The town has known about this crack for two years,” said Martin Oakes, who runs the ferry.

Delaney said that the repair would take six weeks.
"""
LINK = "https://courier.example/news/bridge-closed"


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


@dataclass
class World:
    """A simulated Discord with one server, its people, and everything that was wrong with what the bot sent."""

    env: simcord.Env
    app: object
    guild: object
    channel: object
    moderator: object
    member: object
    moderators: object
    faults: list[str] = field(default_factory=list)

    @property
    def bot(self):
        return self.env.bot

    async def load(self, text=ARTICLE, *, link=LINK, actor=None, channel=None):
        """Load an article by paste, as the moderator of the first server unless told otherwise."""
        form = await (actor or self.moderator).slash(channel or self.channel, "article paste")
        return await (actor or self.moderator).submit_modal(form, {"text": text, "link": link})

    def text(self, message) -> str:
        """All that a message says, text by text."""
        shown = [c["content"] for c in walk_components(rows_of(message)) if c.get("type") == 10]
        return "\n".join([message.content, *shown]).strip()

    def buttons(self, message) -> dict[str, str]:
        """Label → custom_id or URL of a message's buttons."""
        found = [c for c in walk_components(rows_of(message)) if c.get("type") == 2]
        return {c["label"]: c.get("custom_id") or c["url"] for c in found}

    def said(self, result) -> str:
        """What the member sees in answer to an interaction."""
        return "\n".join(self.text(message) for message in [result.response, *result.followups] if message)

    def only(self, result):
        """The one message that answers an interaction."""
        messages = [message for message in [result.response, *result.followups] if message]
        assert len(messages) == 1, messages
        return messages[0]

    def acknowledged_by_deferring(self) -> bool:
        """Whether the last interaction was answered by "thinking…" first."""
        kinds = [r.json["type"] for r in self.env.http_requests if r.path.endswith("/callback")]
        return kinds[-1] == 5

    async def restart(self):
        await self.env.restart_bot(VerbatimBot(self.app))

    def take_rights(self, actor):
        """Take every role from a member, as an admin would between two clicks."""
        self.env.backend.get_guild(actor.guild.id).members[actor.id].role_ids.clear()


def rows_of(message):
    """A message's components as JSON, whichever of simcord's two kinds of message it is."""
    if isinstance(message, discord.Message):
        return [component.to_dict() for component in message.components]
    return message.components


def _check(method, path, body, files, faults):
    """Hold everything that leaves against Discord's limits."""
    if not isinstance(body, dict | list):
        return
    if path.endswith("/commands"):
        faults += find_command_faults(body)
    elif path.endswith("/callback"):
        faults += _check_callback(body)
    elif "/messages" in path or path.startswith("/webhooks/"):
        faults += find_message_faults(body, files=files)
        if method == "POST" and body.get("allowed_mentions", {}).get("parse") != []:
            faults.append(f"{path} may ping")


def _check_callback(body):
    kind, sent = body["type"], body.get("data") or {}
    if kind == 8:
        return find_choice_faults(sent["choices"])
    if kind == 9:
        return find_modal_faults(sent)
    faults = find_message_faults(sent)
    if kind == 4 and sent.get("allowed_mentions", {}).get("parse") != []:
        faults.append("a response may ping")
    return faults


@pytest.fixture
def faults(monkeypatch):
    """Everything in this test that Discord would have refused. A test fails when it is not empty at the end."""
    found: list[str] = []
    dispatch = simcord.http.router.dispatch

    def checked(backend, method, path, **given):
        body = given.get("json")
        files = [
            (f.filename, len(f.fp.getvalue()) if hasattr(f.fp, "getvalue") else 0) for f in given.get("files") or []
        ]
        _check(method, path, json.loads(json.dumps(body, default=str)), files, found)
        return dispatch(backend, method, path, **given)

    monkeypatch.setattr(simcord.http.router, "dispatch", checked)
    yield found
    assert not found, found


def _settings(folder, **discord_values):
    return Settings(
        storage=StorageSettings(url=str(folder / "verbatim.db")),
        reading=ReadingSettings(tagger=False),
        discord=DiscordSettings(**{"cooldown_s": 0.0, **discord_values}),
    )


@pytest.fixture
def settings(tmp_path):
    return _settings(tmp_path)


@pytest.fixture
async def app(settings, anyio_backend):
    async with open_app(settings) as opened:
        yield opened


@pytest.fixture
async def world(app, faults, caplog, anyio_backend):
    async with simcord.run(VerbatimBot(app), check_errors=False, settle_timeout=30.0) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("newsroom")
        moderators = guild.create_role("Moderators", permissions=discord.Permissions(manage_messages=True))
        moderator = guild.add_member(env.create_user("sam"), roles=[moderators])
        member = guild.add_member(env.create_user("alice"))
        yield World(env, app, guild, channel, moderator, member, moderators, faults)
        unforeseen = [e for e in env.errors if not isinstance(getattr(e, "original", e), VerbatimError | StoreError)]
    assert not unforeseen, unforeseen
    loud = [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR and r.name != "bot.proof"]
    assert not loud, loud


@pytest.fixture
def with_settings(tmp_path):
    """Settings with other values for Discord than the defaults of these tests."""

    def changed(**values):
        return _settings(tmp_path, **values)

    return changed
