"""What people really hand in by mistake: each gets one sentence and an exit code, and nothing is stored or lost."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from bot.cli import main

ARTICLE = """Mill to close in June

By Ida Brennan

“We have run out of orders,” said Owen Hale, who manages the mill in Porton.

The mill has employed 140 people since 1971.
"""
LIMIT_BYTES = 4 * 1024 * 1024


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder with a database of its own and a log that is not the user's."""
    monkeypatch.setenv("VERBATIM_DB", str(tmp_path / "test.db"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def count_articles() -> int:
    with sqlite3.connect("test.db") as database:
        (number,) = database.execute("SELECT count(*) FROM article").fetchone()
    database.close()
    return int(number)


@pytest.mark.parametrize(
    ("name", "raw", "sentence"),
    [
        ("empty.txt", b"", "no text"),
        ("blank.txt", b" \n\t\n", "no text"),
        ("marks.txt", b'"' * 900, "no words"),
        ("large.txt", b"word " * (LIMIT_BYTES // 5 + 1024), "at most 4 MB"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a PNG image"),
        ("broken.pdf", b"%PDF-1.7\n" + bytes(range(256)), "PDF"),
        ("broken.docx", b"PK\x03\x04" + bytes(200), "damaged"),
        ("program.html", b"MZ\x90\x00" + bytes(range(256)) * 4, "a program"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_article_is_one_sentence_and_stores_nothing(capsys, name, raw, sentence):
    Path(name).write_bytes(raw)

    code = main(["load", name])

    err = capsys.readouterr().err
    assert code == 1
    assert sentence in err
    assert err.count("\n") == 1
    assert count_articles() == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"Only one line here, said Owen Hale.",
        ARTICLE.encode("utf-16"),
        ARTICLE.encode("cp1252"),
        ARTICLE.replace("mill", "m\0ill").encode(),
        ARTICLE.encode() + b"\xed\xa0\xbd a lone surrogate\n",
        ARTICLE.replace("”", "").encode(),
        'כותרת\n\n\u202e"אנחנו נבנה", אמר ראש העיר. 🇳🇴👩‍👩‍👧\n'.encode(),
    ],
    ids=["one-line", "utf-16", "windows-1252", "nul", "surrogate", "unbalanced", "right-to-left"],
)
def test_an_odd_text_is_stored_and_can_be_asked(capsys, raw):
    Path("odd.txt").write_bytes(raw)

    loaded = main(["load", "odd.txt"])
    asked = main(["ask", "what did Owen Hale say?"])

    assert loaded == 0
    assert asked in {0, 3}
    assert capsys.readouterr().err == ""
    assert count_articles() == 1


@pytest.mark.parametrize(
    "question",
    ["who runs the mill? " * 110, 'title:mill* OR NEAR("orders" -x ^', "who said “We have run out", "a" * 2000],
    ids=["2000-characters", "operators", "marks", "one-word"],
)
def test_any_question_gets_an_answer_or_none(capsys, question):
    Path("mill.txt").write_text(ARTICLE, encoding="utf-8")
    main(["load", "mill.txt"])
    capsys.readouterr()

    code = main(["ask", question[:2000], "--json"])

    out, err = capsys.readouterr()
    assert code == (0 if json.loads(out)["answered"] else 3)
    assert err == ""


def make_newer(path: Path) -> None:
    Path("mill.txt").write_text(ARTICLE, encoding="utf-8")
    main(["load", "mill.txt"])
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 999")
    database.close()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (make_newer, "schema 999"),
        (lambda path: path.write_bytes(b"no database at all"), "is not a Verbatim database"),
        (Path.mkdir, "is a folder"),
    ],
    ids=["newer", "foreign", "folder"],
)
def test_a_database_that_cannot_be_used_is_one_sentence_for_every_command(capsys, folder, spoil, sentence):
    spoil(folder / "test.db")
    capsys.readouterr()

    for command in (["ask", "why?"], ["check", "some words here"], ["load", "mill.txt"], ["list"]):
        assert main(command) == 1
        err = capsys.readouterr().err
        assert sentence in err
        assert err.count("\n") == 1
