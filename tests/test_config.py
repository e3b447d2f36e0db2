"""Settings: what is read, what wins, and that every mistake is named with its place."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

import pytest

from bot.config import Settings, load_settings, load_token
from bot.errors import ConfigError

ROOT = Path(__file__).parent.parent


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "config.toml"

    def write(text: str) -> Path:
        path.write_text(text, encoding="utf-8")
        return path

    return write


def every_key() -> list[tuple[str, str]]:
    return [(s.name, key.name) for s in fields(Settings) for key in fields(getattr(Settings(), s.name))]


def test_the_example_file_holds_the_defaults():
    assert load_settings(ROOT / "config.example.toml", environ={}) == Settings()


@pytest.mark.parametrize(("section", "key"), every_key(), ids=lambda part: part)
def test_the_example_file_explains_every_key(section, key):
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")

    body = text.split(f"[{section}]\n")[1].split("\n[")[0]

    assert re.search(rf"^# .+\n(# )?{key} = ", body, re.MULTILINE)


@pytest.mark.parametrize(("section", "key"), every_key(), ids=lambda part: part)
def test_the_operators_page_names_every_key(section, key):
    page = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")

    assert f"`{section}.{key}`" in page


def test_the_default_file_may_be_absent(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert load_settings(environ={}) == Settings()


def test_a_file_that_was_named_must_be_there(tmp_path):
    with pytest.raises(ConfigError, match=r"no configuration file .*none\.toml"):
        load_settings(tmp_path / "none.toml", environ={})


def test_the_environment_may_name_the_file(config):
    path = config('[log]\nlevel = "debug"\n')

    assert load_settings(environ={"VERBATIM_CONFIG": str(path)}).log.level == "debug"


def test_a_file_changes_what_it_names_and_nothing_else(config):
    settings = load_settings(config("[reading]\ndeadline_s = 5\n"), environ={})

    assert settings.reading.deadline_s == 5
    assert settings.reading.tagger is True
    assert settings.storage == Settings().storage


@pytest.mark.parametrize(
    ("text", "sentence", "line"),
    [
        ("[storage]\nurl = 'x'\n\n[reading]\ndeadlin = 5\n", "Unknown setting reading.deadlin", 5),
        ("[log]\n\nlevel = 'loud'\n", "The setting log.level is wrong", 3),
        ("[reading]\ndeadline_s = '5'\n", "The setting reading.deadline_s is wrong", 2),
        ("[reading]\ntagger = 1\n", "The setting reading.tagger is wrong", 2),
        ("reading.tagger = 1\n", "The setting reading.tagger is wrong", 1),
        ("[reading]\ndeadline_s = -1\n", "The setting reading.deadline_s is wrong", 2),
        ("[reading]\ndeadline_s = 2026-01-01\n", "The setting reading.deadline_s is wrong", 2),
        ("[discord]\nchannels = ['news']\n", "The setting discord.channels is wrong", 2),
        ("[dicsord]\nprivate = true\n", "Unknown setting dicsord", 1),
        ("url = 'x'\n", "Unknown setting url", 1),
        ("reading = 1\n", "must be a section", 1),
        ("[log\n", "is not TOML", 1),
        ("[discord]\ntoken = 'abc'\n", "DISCORD_TOKEN", 2),
    ],
)
def test_a_mistake_is_named_with_its_line(config, text, sentence, line):
    with pytest.raises(ConfigError) as caught:
        load_settings(config(text), environ={})

    assert sentence in str(caught.value)
    assert f"line {line}" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_mistake_never_shows_the_value(config):
    with pytest.raises(ConfigError) as caught:
        load_settings(config("[discord]\ncooldown_s = 'hunter2'\ntoken = 'hunter2'\n"), environ={})

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("content", [b"\xff\xfe[\x00l\x00", b"\x80abc"], ids=["utf-16", "no encoding"])
def test_a_file_in_another_encoding_is_refused(tmp_path, content):
    path = tmp_path / "config.toml"
    path.write_bytes(content)

    with pytest.raises(ConfigError, match="UTF-8"):
        load_settings(path, environ={})


def test_the_environment_wins_over_the_file(config):
    settings = load_settings(config("[log]\nlevel = 'debug'\n"), environ={"VERBATIM_LOG_LEVEL": "error"})

    assert settings.log.level == "error"


@pytest.mark.parametrize(
    ("variable", "value", "name", "expected"),
    [
        ("VERBATIM_READING_TAGGER", "false", "reading.tagger", False),
        ("VERBATIM_READING_DEADLINE_S", "7.5", "reading.deadline_s", 7.5),
        ("VERBATIM_DISCORD_CHANNELS", "12, 34", "discord.channels", (12, 34)),
        ("VERBATIM_DISCORD_CHANNELS", "", "discord.channels", ()),
        ("VERBATIM_DISCORD_MODERATOR_ROLE", "123", "discord.moderator_role", "123"),
        ("VERBATIM_STORAGE_URL", "a.db", "storage.url", "a.db"),
        ("VERBATIM_DB", "b.db", "storage.url", "b.db"),
    ],
)
def test_every_kind_of_setting_can_come_from_the_environment(monkeypatch, variable, value, name, expected):
    monkeypatch.chdir("/")

    settings = load_settings(environ={variable: value})

    assert attrgetter(name)(settings) == expected


@pytest.mark.parametrize("variable", ["VERBATIM_READING_TAGER", "VERBATIM_READING_DEADLINE_S"])
def test_a_wrong_variable_is_named(monkeypatch, tmp_path, variable):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ConfigError, match=variable):
        load_settings(environ={variable: "soon"})


def test_the_command_line_wins_over_everything(config):
    settings = load_settings(config("[storage]\nurl = 'a.db'\n"), environ={"VERBATIM_DB": "b.db"}, db="c.db")

    assert settings.storage.url == "c.db"


def test_there_is_no_token_where_none_is_set():
    assert load_token({}) is None
    assert load_token({"DISCORD_TOKEN": "  "}) is None


def test_the_token_comes_from_the_environment_or_a_file(tmp_path):
    path = tmp_path / "token"
    path.write_text("abc.def.ghi\n", encoding="utf-8")

    assert load_token({"DISCORD_TOKEN": "abc.def.ghi\n"}) == "abc.def.ghi"
    assert load_token({"DISCORD_TOKEN_FILE": str(path)}) == "abc.def.ghi"


@pytest.mark.parametrize("content", [None, b"", b"  \n", b"\xff\xfe", b"two words", "tokén".encode()])
def test_a_bad_token_file_is_a_sentence_without_the_token(tmp_path, content):
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ConfigError) as caught:
        load_token({"DISCORD_TOKEN_FILE": str(path)})

    assert "token" in str(caught.value)
    assert "two words" not in str(caught.value)


def test_settings_without_a_file_need_no_validation_library(tmp_path):
    code = (
        "import sys; from bot.config import load_settings; load_settings(environ={}); print('pydantic' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
