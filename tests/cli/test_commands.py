"""The command line over real files and a real database: rows, exit codes, and what a person is told."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from bot.cli import main

ARTICLE = """Library to open on Sundays from March

By Ida Brennan
The Millbrook Courier
3 February 2026

The town library in Millbrook will open on Sundays from 1 March, the council decided on Tuesday.

"People have asked for this for eleven years," said Ruth Calloway, the head librarian. "We will need four more staff."

Mayor Tom Essien said that the extra hours would cost £84,000 a year.
"""
PRONOUN = """Library to open on Sundays

Ruth Calloway, the head librarian, has worked in Millbrook for eleven years with her brother. She plays the cello in
the town orchestra.
"""
QUOTE = "We will need four more staff."


@pytest.fixture
def run(tmp_path, capfdbinary, monkeypatch):
    """Run one command against a database of its own; the code, the text of standard output and of standard error."""
    monkeypatch.setenv("VERBATIM_DB", str(tmp_path / "test.db"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(os.fdopen(os.dup(1), "wb"), encoding="utf-8"))
        monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(os.fdopen(os.dup(2), "wb"), encoding="utf-8"))
        try:
            code = main(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
        for stream in (sys.stdout, sys.stderr):
            stream.close()
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return call


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "library.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return str(path)


def batch(run, command: str, rows: list[object], *options: str) -> list[dict]:
    lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    Path("in.jsonl").write_bytes(b"\n".join(lines))
    code, _, _ = run(command, "--batch", "in.jsonl", "--out", "out.jsonl", *options)
    assert code == 0
    return [json.loads(line) for line in Path("out.jsonl").read_bytes().splitlines()]


def test_read_prints_a_row_whose_offsets_are_slices_of_its_text(run, article):
    code, out, _ = run("read", article, "--json")

    row = json.loads(out)
    text = row["text"]
    assert code == 0
    assert (row["title"], row["publisher"], row["published"]) == (
        "Library to open on Sundays from March",
        "The Millbrook Courier",
        "2026-02-03",
    )
    assert any(QUOTE in text[s:e] for q in row["quotations"] for s, e in q["content"])
    assert all(0 <= s < e <= len(text) for s, e in row["facts"])
    assert len(row["fact_details"]) == len(row["facts"])
    assert all(
        fact[0] <= d["start"] < d["end"] <= fact[1] and set(d) == {"kind", "start", "end", "value"}
        for fact, details in zip(row["facts"], row["fact_details"], strict=True)
        for d in details
    )
    assert any(row["fact_details"])
    assert set(row["quotations"][0]) == {
        "type", "content", "cue", "source", "source_text", "speaker", "confidence", "rule"
    }  # fmt: skip


def test_read_stores_nothing(run, article, tmp_path):
    run("read", article)

    assert not list(tmp_path.glob("*.db*"))


def test_read_as_is_leaves_the_text_unchanged(run, tmp_path):
    text = "One  line\r\n\r\n“Two,”\u00a0said Ann Lee. \n\n\nShare this\n"
    (tmp_path / "odd.txt").write_bytes(text.encode())

    _, out, _ = run("read", "odd.txt", "--as-is", "--json")

    assert json.loads(out)["text"] == text


def test_load_says_what_became_of_the_article_and_knows_it_again(run, article):
    first = json.loads(run("load", article, "--json")[1])
    second = json.loads(run("load", article, "--json")[1])

    assert (first["status"], second["status"]) == ("added", "already_loaded")
    assert first["article"] == second["article"]
    assert set(first) == {"id", "article", "status", "quotations", "facts", "unattributed", "warnings"}


def test_load_takes_standard_input(run):
    code, out, _ = run("load", "-", "--json", stdin=ARTICLE.encode())

    assert code == 0
    assert json.loads(out)["status"] == "added"


def test_options_override_what_is_read(run, article):
    run("load", article, "--publisher", "The Echo", "--url", "https://echo.example/1", "--published", "2026-02-04")

    row = json.loads(run("list", "--json")[1])
    assert (row["publisher"], row["url"], row["published"]) == ("The Echo", "https://echo.example/1", "2026-02-04")


def test_ask_answers_with_a_slice_and_its_citation(run, article):
    run("load", article, "--url", "https://courier.example/library")

    code, out, _ = run("ask", "how much will the extra hours cost?", "--json")

    row = json.loads(out)
    best = row["passages"][0]
    assert code == 0
    assert row["answered"] is True
    assert "£84,000" in best["text"]
    assert best["end"] - best["start"] == len(best["text"])
    assert best["link"].startswith("https://courier.example/library#:~:text=")
    assert set(best) == {
        "article", "start", "end", "text", "kind", "speaker", "source_text", "score", "title", "publisher",
        "published", "url", "link", "highlight",
    }  # fmt: skip
    assert all(best["start"] <= s < e <= best["end"] for s, e in best["highlight"])


def test_ask_exits_with_three_when_the_articles_do_not_say(run, article):
    run("load", article)

    code, out, _ = run("ask", "who won the chess olympiad in Reykjavik?")

    assert code == 3
    assert "do not say" in out


def test_an_empty_library_says_how_to_fill_it(run):
    code, out, _ = run("ask", "who said that?", "--library", "new")

    assert code == 3
    assert "verbatim load" in out
    assert "“new”" in out


def test_the_words_of_a_question_need_no_quotation_marks(run, article):
    run("load", article)

    code, out, _ = run("ask", "who", "is", "the", "head", "librarian")

    assert code == 0
    assert "Ruth Calloway" in out


def test_check_gives_the_verdict_and_the_difference(run, article):
    run("load", article)

    exact = json.loads(run("check", QUOTE, "--json")[1])
    code, out, _ = run("check", "People have asked for this for twelve years", "--json")

    changed = json.loads(out)
    assert exact["verdict"] == "verbatim"
    assert (code, changed["verdict"]) == (0, "altered")
    assert "".join(step["claim"] for step in changed["difference"]) == "People have asked for this for twelve years"
    assert {step["op"] for step in changed["difference"]} <= {"equal", "insert", "delete", "replace"}


def test_check_exits_with_three_when_no_article_has_it(run, article):
    run("load", article)

    code, out, _ = run("check", "Purple elephants never pay their parking fines in Antwerp.")

    assert code == 3
    assert "Not in the loaded articles" in out


def test_list_shows_what_is_loaded_and_exits_with_three_when_nothing_is(run, article):
    empty, out, _ = run("list")
    run("load", article)
    code, listed, _ = run("list")

    assert (empty, code) == (3, 0)
    assert "No articles" in out
    assert "Library to open on" in listed


def test_libraries_do_not_see_each_other(run, article):
    run("--library", "one", "load", article)

    assert run("list", "--library", "one")[0] == 0
    assert run("list", "--library", "two")[0] == 3
    assert run("check", QUOTE, "--library", "two")[0] == 3


def test_a_batch_keeps_order_and_turns_bad_rows_into_errors(run):
    rows = batch(
        run,
        "load",
        [
            {"id": "a", "text": ARTICLE, "title": "Sundays"},
            b"{not json",
            {"id": "b"},
            ["a list"],
            {"id": "c", "text": 5},
            {"id": {"x": 1}, "text": "Some text that would be fine."},
            b"\xff\xfe\x00",
            {
                "id": 7,
                "html": "<article><h1>Rain</h1><p>It rained for nine days in Millbrook, the mayor said.</p></article>",
            },
        ],
    )

    assert [row["id"] for row in rows] == ["a", None, "b", None, "c", {"x": 1}, None, 7]
    assert [("error" in row) for row in rows] == [False, True, True, True, True, True, True, False]
    assert rows[0]["article"] == "a"
    assert rows[7]["article"] == "7"


def test_the_id_given_on_load_comes_back_as_the_article(run):
    batch(run, "load", [{"id": "courier-17", "text": ARTICLE}])

    asked = batch(run, "ask", [{"id": 1, "question": "what will the extra hours cost?"}])
    checked = batch(run, "check", [{"id": 2, "quote": QUOTE, "speaker": "Ruth Calloway"}])

    assert asked[0]["passages"][0]["article"] == "courier-17"
    assert checked[0]["matches"][0]["article"] == "courier-17"
    assert (asked[0]["id"], checked[0]["id"]) == (1, 2)


def test_a_batch_of_readings_is_as_one_reading(run, article):
    [row] = batch(run, "read", [{"id": "x", "text": ARTICLE}])

    single = json.loads(run("read", article, "--json")[1])
    assert row["id"] == "x"
    assert row["quotations"] == single["quotations"]


def test_a_batch_never_empties_the_file_it_reads(run, tmp_path):
    (tmp_path / "rows.jsonl").write_bytes(b'{"id": 1, "question": "why?"}\n')

    code, _, err = run("ask", "--batch", "rows.jsonl", "--out", "./rows.jsonl")

    assert code == 2
    assert "emptied" in err
    assert (tmp_path / "rows.jsonl").read_bytes() == b'{"id": 1, "question": "why?"}\n'


def test_the_speaker_option_holds_for_rows_that_name_none(run, article):
    run("load", article)

    rows = batch(
        run, "check", [{"id": 1, "quote": QUOTE}, {"id": 2, "quote": QUOTE, "speaker": "Ruth Calloway"}],
        "--speaker", "Tom Essien",
    )  # fmt: skip

    assert [row["verdict"] for row in rows] == ["misattributed", "verbatim"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which is always full")
def test_output_to_a_full_disk_is_one_sentence(run, article, tmp_path):
    run("load", article)
    (tmp_path / "rows.jsonl").write_bytes(b'{"id": 1, "quote": "We will need four more staff."}\n')

    code, _, err = run("check", "--batch", "rows.jsonl", "--out", "/dev/full")

    assert code == 1
    assert err == "Nothing more can be written: No space left on device. Free some room, or write elsewhere.\n"


@pytest.mark.parametrize(
    "text",
    ["\ud83d alone", "a\x00b", "\u202eright to left\u202c", "🇳🇴👩‍👩‍👧", "(" * 3000, '"AND" OR NEAR( *', "\x1b[31m"],
    ids=["surrogate", "nul", "bidi", "emoji", "brackets", "operators", "escape"],
)
@pytest.mark.parametrize("command", ["ask", "check", "read", "load"])
def test_no_string_breaks_a_batch(run, command, text):
    field = {"ask": "question", "check": "quote"}.get(command, "text")
    run("load", "-", stdin=ARTICLE.encode())

    rows = batch(run, command, [{"id": 1, field: text}, {"id": 2, field: f"{text} {QUOTE}"}])

    assert [row["id"] for row in rows] == [1, 2]
    assert "did not expect" not in json.dumps(rows)


def test_an_external_id_is_printed_as_it_is(run, article):
    batch(run, "load", [{"id": "[/red] 17", "text": ARTICLE}])

    code, out, _ = run("load", article)

    assert code == 0
    assert "article [/red] 17 · " in out


def test_the_terminal_says_whom_a_pronoun_means_only_where_the_name_is_missing(run):
    run("load", "-", stdin=PRONOUN.encode())

    _, missing, _ = run("ask", "who plays the cello?", "--limit", "1")
    _, printed, _ = run("ask", "who is the head librarian?", "--limit", "1")

    assert "“She” means Ruth Calloway" in missing
    assert "means" not in printed


def test_an_article_cannot_steer_the_terminal(run):
    run("load", "-", stdin=ARTICLE.replace("eleven", "\x1b[31meleven\x07").encode())

    out = (
        run("check", "People have asked for this for")[1]
        + run("ask", "what have people asked for?")[1]
        + run("list")[1]
    )

    assert "\x1b" not in out
    assert "\x07" not in out


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["ask"], 2, "Write the question"),
        (["check"], 2, "Write the quote"),
        (["read"], 2, "Name a file"),
        (["load", "none.txt"], 1, "none.txt cannot be read: No such file"),
        (["load", "."], 1, "cannot be read: Is a directory"),
        (["load", "nul\0byte.txt"], 1, "cannot be read"),
        (["ask", "--batch", "none.jsonl"], 1, "none.jsonl cannot be opened"),
        (["ask", "why?", "--limit", "0"], 2, "1 to 1000"),
        (["ask", "why?", "--limit", "ten"], 2, "a number from 1 to 1000"),
        (["preview", "--port", "99999"], 2, "a port from 0 to 65535"),
        (["list", "--library", " "], 2, "a name is wanted"),
        (["ask", "why?", "--out", "answers.jsonl"], 2, "without --batch"),
        (["check", "some words", "--batch", "in.jsonl"], 2, "nothing else can be named"),
        (["fly"], 2, "invalid choice"),
        ([], 2, "COMMAND"),
        (["list", "--config", "none.toml"], 2, "no configuration file none.toml"),
        (["list", "--db", "postgres://x"], 1, "is not known"),
        (["ask", "  "], 1, ""),
        (["ask", "?!…"], 1, ""),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_use_is_one_sentence(run, arguments, code, sentence):
    got, out, err = run(*arguments)

    assert got == code
    assert sentence in err
    assert "Traceback" not in out + err


def test_a_broken_setting_is_wrong_use(run, tmp_path):
    (tmp_path / "config.toml").write_text("[log]\nlevl = 'info'\n", encoding="utf-8")

    code, _, err = run("list")

    assert code == 2
    assert err == "Unknown setting log.levl (config.toml, line 2). Keys here: format, level.\n"


@pytest.mark.parametrize("link", ["http://127.0.0.1:1/private", "https://user@host.example/", "http://[::1]/x"])
def test_a_link_that_must_not_be_fetched_is_one_sentence(run, link):
    code, _, err = run("load", link)
    [row] = batch(run, "load", [{"id": 1, "url": link}])

    assert code == 1
    assert err.count("\n") == 1
    assert row["error"]
    assert "did not expect" not in err + row["error"]


def test_one_bad_file_does_not_stop_the_others(run, article):
    code, out, err = run("load", "none.txt", article, "--json")

    assert code == 1
    assert [("error" in json.loads(line)) for line in out.splitlines()] == [True, False]
    assert err.startswith("none.txt: none.txt cannot be read")


def test_what_nobody_foresaw_is_a_sentence_and_the_log_has_the_traceback(run, monkeypatch, tmp_path):
    def fall(*_: object, **__: object) -> None:
        raise RuntimeError("the sky fell")

    monkeypatch.setattr("bot.cli.commands.open_settings", fall)

    code, out, err = run("list")

    log = (tmp_path / "state" / "verbatim" / "verbatim.log").read_text(encoding="utf-8")
    assert code == 1
    assert err.count("\n") == 1
    assert "Traceback" not in out + err
    assert "the sky fell" in log
    assert err.rstrip(".\n").split()[-1] in log


def test_the_operators_page_names_every_command_option_and_exit_code(run):
    from bot.cli import exits
    from bot.cli.arguments import build_parser

    page = (Path(__file__).parents[2] / "docs" / "operators.md").read_text(encoding="utf-8")
    commands = next(a for a in build_parser()._actions if a.dest == "name").choices

    for name, parser in commands.items():
        assert f"`verbatim {name}" in page
        for action in parser._actions:
            assert not action.option_strings or action.option_strings[0] == "-h" or action.option_strings[0] in page
    for code in {value for name, value in vars(exits).items() if name.isupper()}:
        assert f"| {code} |" in page
