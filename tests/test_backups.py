"""Backups: whole, compressed, checked; and a restore that loses nothing."""

from __future__ import annotations

import gzip
import json
import sqlite3
from pathlib import Path

import pytest

from bot.backups import name_backup, thin_out
from bot.cli import main

ARTICLE = 'Rain in {}\n\nIt rained for nine days.\n\n"We have never seen the like of it," said Ann Lee, the warden.\n'


@pytest.fixture
def library(tmp_path, monkeypatch, capsys):
    """A folder with a database; `load` adds an article, `titles` lists what is there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERBATIM_DB", "verbatim.db")

    class Library:
        def load(self, town: str) -> None:
            Path("in.txt").write_text(ARTICLE.format(town), encoding="utf-8")
            assert main(["load", "in.txt", "--title", f"Rain in {town}"]) == 0

        def titles(self) -> set[str]:
            capsys.readouterr()
            main(["list", "--json"])
            return {json.loads(line)["title"] for line in capsys.readouterr().out.splitlines()}

    return Library()


def test_a_restored_backup_is_the_library_as_it_was(library, capsys):
    library.load("Aldmouth")
    assert main(["backup", "one.db.gz"]) == 0
    library.load("Corby")

    code = main(["restore", "one.db.gz"])

    said = capsys.readouterr().out
    assert code == 0
    assert library.titles() == {"Rain in Aldmouth"}
    [kept] = Path().glob("verbatim.db.before-restore-*")
    assert kept.name in said
    assert main(["check", "We have never seen the like of it"]) == 0


def test_what_a_restore_replaced_can_be_put_back(library):
    library.load("Aldmouth")
    main(["backup", "one.db.gz"])
    library.load("Corby")
    main(["restore", "one.db.gz"])
    [kept] = Path().glob("verbatim.db.before-restore-*")

    assert main(["restore", str(kept)]) == 0
    assert library.titles() == {"Rain in Aldmouth", "Rain in Corby"}


def test_a_backup_has_a_name_of_its_own_and_the_oldest_go(library, capsys):
    library.load("Aldmouth")
    folder = Path("backups")
    folder.mkdir()
    for day in range(1, 5):
        (folder / f"verbatim-2026010{day}T000000Z.db.gz").write_bytes(b"old")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")

    assert main(["backup", "--keep", "3", "--json"]) == 0

    row = json.loads(capsys.readouterr().out.splitlines()[-1])
    left = sorted(path.name for path in folder.iterdir())
    assert len(left) == 4
    assert left[0] == "notes.txt"
    assert Path(row["backup"]).name == left[-1]
    assert row["size_bytes"] == Path(row["backup"]).stat().st_size
    assert len(row["deleted"]) == 2


def test_a_backup_without_compression_is_a_database(library):
    library.load("Aldmouth")

    assert main(["backup", "plain.db"]) == 0

    with sqlite3.connect("plain.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_a_damaged_backup_changes_nothing(library, capsys):
    library.load("Aldmouth")
    main(["backup", "one.db.gz"])
    whole = gzip.decompress(Path("one.db.gz").read_bytes())
    Path("cut.db.gz").write_bytes(Path("one.db.gz").read_bytes()[:-2000])
    Path("torn.db").write_bytes(whole[:8192] + b"\xff" * 8192 + whole[16384:])
    Path("text.db").write_text("Dear diary, " * 1000, encoding="utf-8")
    with sqlite3.connect("other.db") as connection:
        connection.execute("CREATE TABLE shopping (item TEXT)")
    connection.close()

    for bad in ("cut.db.gz", "torn.db", "text.db", "other.db", "none.db.gz"):
        capsys.readouterr()
        assert main(["restore", bad]) == 1
        err = capsys.readouterr().err
        assert err.count("\n") == 1
        assert "Traceback" not in err

    assert library.titles() == {"Rain in Aldmouth"}
    assert not list(Path().glob("*before-restore*"))


def test_a_backup_of_a_newer_version_is_refused(library, capsys):
    library.load("Aldmouth")
    main(["backup", "one.db"])
    with sqlite3.connect("one.db") as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()

    assert main(["restore", "one.db"]) == 1
    assert "999" in capsys.readouterr().err


def test_a_database_in_use_is_not_replaced(library, capsys):
    library.load("Aldmouth")
    main(["backup", "one.db.gz"])
    library.load("Corby")
    busy = sqlite3.connect("verbatim.db")
    busy.execute("SELECT count(*) FROM article").fetchone()

    code = main(["restore", "one.db.gz"])

    busy.close()
    assert code == 1
    assert "Stop the bot first" in capsys.readouterr().err
    assert len(library.titles()) == 2


def test_a_destroyed_database_is_set_aside_and_replaced(library):
    library.load("Aldmouth")
    main(["backup", "one.db.gz"])
    Path("verbatim.db").write_bytes(b"\x00" * 20000)

    assert main(["restore", "one.db.gz"]) == 0
    assert library.titles() == {"Rain in Aldmouth"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["backup", "--db", "none.db"], "no database none.db"),
        (["backup", "nowhere/one.db.gz"], "cannot be written"),
        (["backup", "verbatim.db"], "exists already"),
        (["restore", "verbatim.db", "--db", "nowhere/verbatim.db"], "mkdir -p nowhere"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_what_cannot_be_done_is_one_sentence(library, capsys, arguments, sentence):
    library.load("Aldmouth")
    capsys.readouterr()

    assert main(arguments) == 1
    assert sentence in capsys.readouterr().err


def test_names_sort_by_time_and_only_our_own_are_thinned_out(tmp_path):
    first = name_backup(tmp_path)
    first.write_bytes(b"")
    (tmp_path / "verbatim-before-move.txt").write_bytes(b"")

    assert thin_out(tmp_path, keep=1) == []
    assert first.exists()
