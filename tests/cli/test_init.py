"""`verbatim init`: files that load, a token that stays private, and nothing overwritten."""

from __future__ import annotations

import base64
import os
import pty
import select
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.cli import main
from bot.cli.setup import fill_example, find_application_id
from bot.config import Settings, load_settings

TOKEN = base64.b64encode(b"123456789012345678").decode() + ".GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB"

# getpass hides what is typed only on a controlling terminal.
ON_A_TERMINAL = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from bot.cli import main
sys.exit(main(["init"]))
"""


def read_until(terminal: int, words: bytes) -> bytes:
    shown = b""
    while words not in shown:
        assert select.select([terminal], [], [], 30)[0], shown
        shown += os.read(terminal, 1000)
    return shown


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VERBATIM_DB", raising=False)
    return tmp_path


def test_without_questions_the_defaults_are_written(empty, capsys):
    assert main(["init", "--yes"]) == 0

    written = load_settings(Path("config.toml"), environ={})
    assert written.storage.url == "data/verbatim.db"
    assert written.discord == Settings().discord
    assert (empty / "data").is_dir()
    assert "DISCORD_TOKEN" in capsys.readouterr().out


def test_nothing_is_overwritten(empty, capsys):
    Path("config.toml").write_text("# mine\n", encoding="utf-8")

    assert main(["init", "--yes"]) == 1
    assert Path("config.toml").read_text(encoding="utf-8") == "# mine\n"
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize("role", ['Editors "A"', "back\\slash", "Übersicht 🗞", "line\nbreak"])
def test_any_answer_becomes_valid_toml(role):
    parsed = tomllib.loads(fill_example(moderator_role=role))

    assert parsed["discord"]["moderator_role"] == role


def test_the_application_id_is_read_from_a_token():
    assert find_application_id(TOKEN) == 123456789012345678
    assert find_application_id("not.a.token") is None
    assert find_application_id("") is None


def test_a_person_is_asked_and_the_token_stays_private(empty):
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", ON_A_TERMINAL], stdin=follower, stdout=follower, stderr=follower, start_new_session=True
    ) as process:
        os.close(follower)
        shown = read_until(leader, b"kept?")
        for answer, next_words in (("news/articles.db", b"none)"), ("Editors", b"later): "), (TOKEN, b"verbatim run")):
            os.write(leader, f"{answer}\n".encode())
            shown += read_until(leader, next_words)
        assert process.wait(timeout=30) == 0
    os.close(leader)

    written = load_settings(Path("config.toml"), environ={})
    assert (written.storage.url, written.discord.moderator_role) == ("news/articles.db", "Editors")
    assert b"client_id=123456789012345678" in shown
    assert TOKEN.encode() not in shown
    assert TOKEN not in Path("config.toml").read_text(encoding="utf-8")
    assert Path("discord-token").stat().st_mode & 0o777 == 0o600
