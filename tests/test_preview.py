"""The preview: its newsroom in this process, and the command as a person starts it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import urllib.request

import pytest

from bot.app import open_app
from bot.config import Settings, StorageSettings
from bot.preview import SERVER_ID, introduce, load_samples, open_newsroom


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def room(tmp_path, anyio_backend):
    settings = Settings(storage=StorageSettings(url=str(tmp_path / "preview.db")))
    async with open_app(settings) as app, open_newsroom(app) as newsroom:
        await load_samples(app)
        yield newsroom, app


@pytest.mark.anyio
async def test_three_fictional_articles_are_loaded_with_their_heads(room):
    _, app = room

    found = await app.store.find_articles(str(SERVER_ID))

    assert len(found) == 3
    assert {article.publisher for article in found} == {
        "The Larkmoor Gazette", "Vale & Moor Weekly", "The Northern Whistle"
    }  # fmt: skip
    assert all(article.title and article.published and article.quotation_count >= 6 for article in found)


@pytest.mark.anyio
async def test_the_samples_are_loaded_once(room):
    _, app = room

    await load_samples(app)

    assert (await app.store.measure_library(str(SERVER_ID))).articles == 3


@pytest.mark.anyio
async def test_a_typed_mention_is_a_question_to_the_bot(room):
    newsroom, _ = room

    await newsroom.member.send(newsroom.channel, "@Verbatim what did Ruth Delaney say about the bucket?")

    answer = newsroom.channel.history(viewer=newsroom.member)[-1]
    assert answer.author.id == newsroom.env.bot.user.id
    assert "Ruth Delaney" in repr(answer.components)


@pytest.mark.anyio
async def test_a_reply_check_opens_the_message_menu(room):
    newsroom, _ = room
    await introduce(newsroom)
    quoting = newsroom.channel.history(viewer=newsroom.member)[-1]

    await newsroom.member.send(newsroom.channel, "check", reply_to=quoting)
    await newsroom.env.settle()

    verdict = newsroom.channel.history(viewer=newsroom.member)[-1]
    assert verdict.author.id == newsroom.env.bot.user.id
    assert "good bones" in repr(verdict.components)


@pytest.mark.anyio
async def test_the_simulated_clock_shows_today(room):
    newsroom, _ = room

    message = await newsroom.member.send(newsroom.channel, "hello")

    assert abs((message.created_at - newsroom.env.now()).total_seconds()) < 60
    assert newsroom.env.now().year > 2025


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_run_without_a_token_serves_the_preview_until_it_is_told_to_stop(tmp_path, monkeypatch, number):
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    monkeypatch.delenv("DISCORD_TOKEN_FILE", raising=False)
    started = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with started as process:
        shown = ""
        while "Ctrl-C" not in shown:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            shown += line
        address = re.search(r"http://127\.0\.0\.1:\d+/", shown)[0]
        page = urllib.request.urlopen(address, timeout=10).read().decode()
        process.send_signal(number)
        _, err = process.communicate(timeout=30)

    assert "<title>" in page
    assert "No token" in shown
    assert process.returncode == 0
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())
