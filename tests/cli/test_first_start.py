"""The first start: the default data folder is made, one that somebody configured is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VERBATIM_DB", raising=False)
    return tmp_path


def test_the_default_data_folder_needs_no_preparation(empty, capsys):
    assert main(["list"]) == 3
    assert (empty / "data" / "verbatim.db").is_file()


def test_a_configured_folder_is_never_made(empty, capsys):
    code = main(["list", "--db", "volume/verbatim.db"])

    assert code == 1
    assert "mkdir -p volume" in capsys.readouterr().err
    assert not (empty / "volume").exists()


def test_a_data_folder_that_cannot_be_made_is_said(empty, capsys):
    Path("data").write_text("a file", encoding="utf-8")

    code = main(["list"])

    assert code == 1
    assert "--db" in capsys.readouterr().err


def test_reading_makes_no_folder(empty, capsys):
    Path("note.txt").write_text("The mayor said that it would rain.", encoding="utf-8")

    assert main(["read", "note.txt"]) == 0
    assert not (empty / "data").exists()
