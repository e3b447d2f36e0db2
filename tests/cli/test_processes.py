"""`verbatim` as a real process: closed pipes, Ctrl-C, no terminal, and what the disk may do to it."""

from __future__ import annotations

import json
import os
import pty
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

VERBATIM = [sys.executable, "-m", "bot"]
ARTICLE = 'It rained for nine days.\n\n"We have never seen the like of it in this valley," said Ann Lee, the warden.\n'


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A working folder with one article in its library."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("VERBATIM_DB", str(tmp_path / "test.db"))
    Path("rain.txt").write_text(ARTICLE, encoding="utf-8")
    subprocess.run([*VERBATIM, "load", "rain.txt"], check=True, capture_output=True)
    return tmp_path


def test_a_reader_that_leaves_early_is_no_failure(home):
    rows = "".join(json.dumps({"id": number, "text": ARTICLE}) + "\n" for number in range(200))
    Path("in.jsonl").write_text(rows, encoding="utf-8")

    process = subprocess.Popen(
        [*VERBATIM, "read", "--batch", "in.jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read().decode()
    process.stderr.close()

    assert process.wait(timeout=60) == 0
    assert err == ""


def test_chat_answers_line_after_line_without_a_terminal(home):
    said = "what did Ann Lee say?\n\ncheck We have never seen the like of it in this valley\nlist\n?!\nquit\nignored\n"

    done = subprocess.run([*VERBATIM, "chat"], input=said, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0
    assert done.stderr == ""
    assert "never seen the like" in done.stdout
    assert "Verbatim" in done.stdout


@pytest.fixture
def heard_ctrl_c():
    """A shell lets what it starts in the background ignore Ctrl-C, and every child inherits that: undone here."""
    earlier = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, earlier)


def test_ctrl_c_at_the_prompt_ends_the_chat_quietly(home, heard_ctrl_c):
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [*VERBATIM, "chat"], stdin=follower, stdout=follower, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        os.close(follower)
        shown = b""
        while "›".encode() not in shown:
            shown += os.read(leader, 1000)
        process.send_signal(signal.SIGINT)
        try:
            _, err = process.communicate(timeout=30)
        finally:
            process.kill()

        assert process.returncode == 0
        assert err == b""
    os.close(leader)


def test_ctrl_c_during_a_batch_is_code_130_without_a_traceback(home, heard_ctrl_c):
    Path("in.jsonl").write_text(
        "".join(json.dumps({"id": n, "text": ARTICLE * 50}) + "\n" for n in range(2000)), encoding="utf-8"
    )
    process = subprocess.Popen(
        [*VERBATIM, "read", "--batch", "in.jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.readline()

    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert err.decode() == ""


def test_colour_and_boxes_need_no_terminal(home):
    done = subprocess.run([*VERBATIM, "ask", "what did Ann Lee say?"], capture_output=True, text=True, check=False)

    assert done.returncode == 0
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("command", [["ask", "what rained?"], ["load", "rain.txt"], ["list"]], ids=lambda c: c[0])
def test_a_database_written_by_a_newer_version_is_one_sentence(home, command):
    with sqlite3.connect(home / "test.db") as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()

    done = subprocess.run([*VERBATIM, *command], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "999" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_that_is_no_database_is_one_sentence(home):
    Path("test.db").unlink()
    Path("test.db").write_text("Dear diary, " * 1000, encoding="utf-8")

    done = subprocess.run([*VERBATIM, "list"], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_one_sentence_and_keeps_what_was_there(home):
    # A limit on the size of files is the disk that every test machine has.
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 17, 1 << 17));"
        "from bot.cli import main; sys.exit(main(['load', 'long.txt']))"
    )
    Path("long.txt").write_text("\n\n".join(f"{ARTICLE} Day {day}." for day in range(3000)), encoding="utf-8")

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    listed = subprocess.run([*VERBATIM, "list", "--json"], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert len(listed.stdout.splitlines()) == 1
