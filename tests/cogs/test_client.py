from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from types import SimpleNamespace

import discord
import pytest

from bot.client import VerbatimBot, find_cogs, tree_note
from bot.config import Settings
from db.errors import StoreUnavailable

pytestmark = pytest.mark.anyio


def _syncs(world):
    return [r for r in world.env.http_requests if r.method == "PUT" and r.path.endswith("/commands")]


def test_no_privileged_intent_is_asked_for():
    bot = VerbatimBot(SimpleNamespace(settings=Settings()))

    assert bot.intents == discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    assert bot.allowed_mentions.to_dict() == {"parse": []}


def test_cogs_are_found_by_name():
    assert find_cogs() == ["cogs.about", "cogs.articles", "cogs.ask", "cogs.check", "cogs.compare", "cogs.library"]


async def test_commands_are_sent_once_and_not_again_at_a_restart(world):
    assert len(_syncs(world)) == 1

    await world.restart()

    assert len(_syncs(world)) == 1


def test_a_failing_database_is_told_without_the_operators_paths(caplog):
    bot = VerbatimBot(SimpleNamespace(settings=Settings()))

    sentence = bot.describe(StoreUnavailable("The database /srv/verbatim/verbatim.db is read-only. Run chown."))

    assert "/srv" not in sentence
    reference = sentence.split("`")[1]
    assert reference in caplog.text
    assert "/srv/verbatim/verbatim.db is read-only" in caplog.text


async def test_changed_commands_are_sent_again(world):
    @world.bot.tree.command(name="new", description="A new command")
    async def new(interaction: discord.Interaction) -> None: ...

    with world.env._bot_scope():
        assert await world.bot.sync_if_changed()
        assert not await world.bot.sync_if_changed()


async def test_commands_that_discord_lost_are_sent_again(world):
    with world.env._bot_scope():
        await world.bot.http.bulk_upsert_global_commands(world.bot.application_id, payload=[])
        assert await world.bot.sync_if_changed()


async def test_a_read_only_folder_does_not_keep_the_bot_from_starting(world, settings, caplog):
    note = tree_note(world.app)
    note.unlink()
    note.mkdir()

    with world.env._bot_scope():
        assert await world.bot.sync_if_changed()

    assert "cannot remember that the commands were sent" in caplog.text


async def test_an_answer_that_comes_too_late_is_no_unforeseen_error(world, caplog):
    world.env.inject_error("POST", "/interactions/*/*/callback", status=404)

    await world.member.slash(world.channel, "about")

    assert "an answer came too late" in caplog.text
    world.env._errors.clear()


async def test_an_unforeseen_error_shows_its_reference_and_logs_it(world, monkeypatch, caplog):
    async def broken(*args, **kwargs):
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(type(world.app.store), "measure_library", broken)

    result = await world.member.slash(world.channel, "about")

    reference = world.said(result).split("`")[1]
    assert reference in caplog.text
    assert "the secret inside" not in world.said(result)
    world.env._errors.clear()
    caplog.clear()


async def test_a_public_promise_that_fails_is_answered_privately(world):
    await world.load()

    result = await world.member.slash(world.channel, "ask", question="?!?")

    assert result.response is None
    assert [message.ephemeral for message in result.followups] == [True]


async def test_stopping_waits_for_what_is_in_hand():
    bot = VerbatimBot(SimpleNamespace(settings=Settings()))
    done = []

    async def work():
        bot.hold()
        await asyncio.sleep(0.01)
        done.append(True)

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    await bot.finish()

    assert done == [True]
    await task


async def test_stopping_does_not_wait_for_ever():
    bot = VerbatimBot(SimpleNamespace(settings=Settings()))

    async def work():
        bot.hold()
        await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    await bot.finish(grace_s=0.01)

    assert not task.done()
    task.cancel()


RUNNING = """
import asyncio, sys
from types import SimpleNamespace
from bot import client
from bot.config import Settings

class Offline(client.VerbatimBot):
    async def login(self, token): ...

    async def connect(self):
        async def work():
            self.hold()
            print("working", flush=True)
            await asyncio.sleep(0.3)
            print("finished", flush=True)
        self.task = asyncio.create_task(work())
        while not self.is_closed():
            await asyncio.sleep(0.01)

client.VerbatimBot = Offline
asyncio.run(client.run_bot(SimpleNamespace(settings=Settings()), "token", greet=print))
print("left in order", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_stopped_process_finishes_what_is_in_hand(number):
    with subprocess.Popen(
        [sys.executable, "-c", RUNNING], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "working\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=20)

    assert out == "finished\nleft in order\n"
    assert err == ""
    assert process.returncode == 0
