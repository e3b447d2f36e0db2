"""Getting onto Discord: every refusal is one plain sentence, and the invite link asks for no more than is needed."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import aiohttp
import discord
import pytest

from bot.cli import main
from bot.gateway import CLOSE_CODES, GatewayRefused, explain_refusals, invite_link

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB"


def closed(code: int) -> discord.ConnectionClosed:
    return discord.ConnectionClosed(SimpleNamespace(close_code=code), shard_id=None, code=code)


@pytest.mark.parametrize("code", sorted(CLOSE_CODES))
def test_every_close_code_has_its_own_sentence(code):
    with pytest.raises(GatewayRefused) as caught, explain_refusals():
        raise closed(code)

    assert str(caught.value) == CLOSE_CODES[code]
    assert len(set(CLOSE_CODES.values())) == len(CLOSE_CODES)


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (discord.LoginFailure("Improper token has been passed."), "token"),
        (discord.PrivilegedIntentsRequired(None), "intent"),
        (closed(4242), "4242"),
        (discord.HTTPException(SimpleNamespace(status=503, reason="Service Unavailable"), "down"), "503"),
        (aiohttp.ClientConnectionError("no route"), "cannot be reached"),
        (OSError("network is down"), "cannot be reached"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_discord_raises_is_one_sentence(error, word):
    with pytest.raises(GatewayRefused, match=word) as caught, explain_refusals():
        raise error

    assert "\n" not in str(caught.value)


def test_the_invite_link_has_both_scopes_and_no_power_over_people():
    query = parse_qs(urlsplit(invite_link(123)).query)

    granted = discord.Permissions(int(query["permissions"][0]))
    assert query["client_id"] == ["123"]
    assert set(query["scope"][0].split()) == {"bot", "applications.commands"}
    assert granted.send_messages
    assert (
        granted.value & discord.Permissions(administrator=True, manage_messages=True, mention_everyone=True).value == 0
    )


class Refusing(BaseHTTPRequestHandler):
    """A Discord that answers every request with the status of the class."""

    status = 401

    def do_GET(self) -> None:
        body = json.dumps({"message": "refused", "code": 0}).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def discord_says(monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    servers = []

    def start(status: int) -> None:
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Refusing,), {"status": status}))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        monkeypatch.setattr(discord.http.Route, "BASE", f"http://127.0.0.1:{server.server_port}/api/v10")

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("status", "sentence"), [(401, "does not accept this token"), (403, "answered 403")])
def test_a_refused_login_is_one_sentence_and_exit_code_one(discord_says, capsys, tmp_path, status, sentence):
    discord_says(status)

    code = main(["run", "--db", str(tmp_path / "test.db")])

    out, err = capsys.readouterr()
    assert code == 1
    assert len(err.splitlines()) == 1
    assert sentence in err
    assert "Traceback" not in out + err
    assert TOKEN not in out + err


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_being_told_to_stop_while_logging_in_is_no_failure(monkeypatch, capsys, tmp_path):
    is_over = threading.Event()

    class Silent(Refusing):
        """Takes the login, has the process told to stop, and answers nothing before the test is over."""

        def do_GET(self) -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            is_over.wait(30)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(discord.http.Route, "BASE", f"http://127.0.0.1:{server.server_port}/api/v10")
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)

    code = main(["run", "--db", str(tmp_path / "test.db")])

    is_over.set()
    server.shutdown()
    server.server_close()
    assert code == 0
    assert "cannot be reached" not in capsys.readouterr().err


def test_an_unreachable_discord_is_one_sentence(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(discord.http.Route, "BASE", "http://127.0.0.1:9/api/v10")
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)

    code = main(["run", "--db", str(tmp_path / "test.db")])

    assert code == 1
    assert "cannot be reached" in capsys.readouterr().err
