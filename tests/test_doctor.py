"""`verbatim doctor`: every fault is found, named, and comes with what mends it."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from bot.cli import main
from bot.doctor import examine

ARTICLE = 'It rained for nine days.\n\n"We have never seen the like of it," said Ann Lee, the warden.\n'


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


@pytest.fixture
def examined(tmp_path, monkeypatch, capsys):
    """Run `doctor --json` over a database with one article; the checks by name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    monkeypatch.delenv("DISCORD_TOKEN_FILE", raising=False)
    monkeypatch.setenv("VERBATIM_DB", "verbatim.db")
    Path("rain.txt").write_text(ARTICLE, encoding="utf-8")
    assert main(["load", "rain.txt"]) == 0

    def run(*options: str) -> tuple[int, dict[str, dict]]:
        capsys.readouterr()
        code = main(["doctor", "--json", *options])
        out = capsys.readouterr().out
        return code, {check["name"]: check for check in json.loads(out)["checks"]}

    return run


def change(statement: str) -> None:
    with sqlite3.connect("verbatim.db") as connection:
        connection.execute(statement)
    connection.close()


def test_a_sound_installation_passes_every_check(examined):
    code, checks = examined()

    assert code == 0
    assert [name for name, check in checks.items() if not check["ok"]] == []
    assert set(checks) == {
        "configuration", "token", "sqlite", "data folder", "disk", "schema", "integrity", "passages", "search index",
        "reading",
    }  # fmt: skip
    assert all(set(check) == {"name", "ok", "detail", "fix"} for check in checks.values())


def test_the_operators_page_names_every_check(examined):
    page = (Path(__file__).parent.parent / "docs" / "operators.md").read_text(encoding="utf-8")

    assert [name for name in examined()[1] if f"`{name}`" not in page] == []


@pytest.mark.parametrize(
    ("damage", "failing"),
    [
        ("UPDATE revision SET sentences = x'000000000100000000000000ffffff7f'", "passages"),
        ("UPDATE revision SET text = x'ff'", "passages"),
        ("UPDATE revision SET blocks = x'01'", "passages"),
        ("DELETE FROM search_article", "search index"),
        ("UPDATE article SET library_id = 77", "integrity"),
        ("PRAGMA user_version = 999", "schema"),
    ],
)
def test_damage_is_found_and_comes_with_a_remedy(examined, damage, failing):
    change(damage)

    code, checks = examined()

    assert code == 1
    assert not checks[failing]["ok"]
    assert checks[failing]["fix"]


def test_a_torn_page_is_found(examined):
    change("VACUUM")
    whole = Path("verbatim.db").read_bytes()
    for page in range(8, len(whole) // 4096, 4):
        whole = whole[: page * 4096] + b"\xff" * 4096 + whole[(page + 1) * 4096 :]
    Path("verbatim.db").write_bytes(whole)

    code, checks = examined()

    assert code == 1
    assert not all(checks[name]["ok"] for name in ("database", "integrity") if name in checks)


def test_the_look_changes_nothing(examined):
    before = Path("verbatim.db").read_bytes()

    examined()

    assert Path("verbatim.db").read_bytes() == before


def test_a_token_file_open_to_others_is_closed_by_fix(examined, monkeypatch):
    Path("token").write_text("secret.secret.secret", encoding="utf-8")
    Path("token").chmod(0o644)
    monkeypatch.setenv("DISCORD_TOKEN_FILE", "token")

    found = examined()[1]["token"]
    code, mended = examined("--fix")

    assert (found["ok"], found["fix"]) == (False, "chmod 600 token")
    assert (code, mended["token"]["ok"]) == (0, True)
    assert Path("token").stat().st_mode & 0o077 == 0
    assert "secret" not in json.dumps([found, mended])


def test_a_missing_folder_is_made_by_fix(examined, monkeypatch):
    monkeypatch.setenv("VERBATIM_DB", "deep/er/verbatim.db")

    found = examined()[1]["data folder"]
    code, _ = examined("--fix")

    assert found["fix"] == "mkdir -p deep/er"
    assert code == 0
    assert Path("deep/er").is_dir()


def test_a_broken_setting_is_the_finding(examined):
    Path("config.toml").write_text("[reading]\ndeadline = 3\n", encoding="utf-8")

    code, checks = examined()

    assert code == 1
    assert "line 2" in checks["configuration"]["detail"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_folder_is_named_with_the_command_that_mends_it(examined):
    Path("locked").mkdir(mode=0o555)

    code, checks = examined("--db", "locked/verbatim.db")

    assert code == 1
    assert checks["data folder"]["fix"].startswith("chown")


@pytest.mark.anyio
async def test_a_reader_without_time_is_found(tmp_path, anyio_backend):
    environ = {"VERBATIM_READING_DEADLINE_S": "0.0001", "VERBATIM_DB": str(tmp_path / "x.db")}

    findings = await examine(None, None, environ=environ)

    [reading] = [finding for finding in findings if finding.name == "reading"]
    assert not reading.ok
    assert "reading.deadline_s" in reading.fix


def test_for_people_each_fault_is_followed_by_its_remedy(examined, capsys):
    change("DELETE FROM search_article")

    main(["doctor"])

    lines = capsys.readouterr().out.splitlines()
    fault = next(i for i, line in enumerate(lines) if line.startswith("FAIL"))
    assert lines[fault + 1].strip().startswith("→ ")
