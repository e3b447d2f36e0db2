"""Settings: a TOML file and the environment become one frozen value, or a sentence that names the bad key."""

from __future__ import annotations

import json
import os
import re
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt, Le

from bot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError

DEFAULT_CONFIG = Path("config.toml")
_PREFIX = "VERBATIM_"
# pydantic reads this from each class: unknown keys are errors, "12" is no number and 1 no boolean.
_STRICT: dict[str, Any] = {"extra": "forbid", "strict": True}
_HEADER = re.compile(r"\s*\[\s*([\w.\"-]+)\s*\]")
_KEY = re.compile(r"\s*([\w.\"-]+)\s*=")


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """Where articles are kept: `sqlite:///relative.db`, `sqlite:////absolute.db` or a path."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    url: str = "sqlite:///data/verbatim.db"


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """Limits of the worker that parses what people hand in; `tagger` switches the shipped model."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    deadline_s: Annotated[float, Gt(0), Le(600)] = 12.0
    memory_limit_bytes: Annotated[int, Ge(128 * 1024 * 1024)] = 280 * 1024 * 1024
    max_text_bytes: Annotated[int, Ge(1024), Le(64 * 1024 * 1024)] = 4 * 1024 * 1024
    queue_limit: Annotated[int, Ge(1), Le(1000)] = 16
    # Long enough to serve a moderator's next paste, short enough that an idle bot stays small.
    idle_s: Annotated[float, Ge(0), Le(86400)] = 60.0
    tagger: bool = True


@dataclass(frozen=True, slots=True)
class FetchingSettings:
    """How links are fetched: `contact` stands in the User-Agent, so that a site's keeper can reach the operator."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    contact: str = ""


@dataclass(frozen=True, slots=True)
class AnswersSettings:
    """When to answer: passages are shown as an answer from confidence `threshold` (0 to 1) on."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    threshold: Annotated[float, Ge(0), Le(1)] | None = None


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """Who may load articles and where questions are answered.

    `moderator_role` is a role's name or id that may load and remove articles beside Manage Messages; `channels` are
    the ids in which members may ask (empty: everywhere); `private` shows answers to the asker alone by default.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    moderator_role: str = ""
    channels: tuple[int, ...] = ()
    cooldown_s: Annotated[float, Ge(0), Le(3600)] = 3.0
    private: bool = False


@dataclass(frozen=True, slots=True)
class LogSettings:
    """How the log is written, to standard error."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    format: Literal["text", "json"] = "text"
    level: Literal["debug", "info", "warning", "error"] = "info"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting. The token is not among them, so that no print or log of settings can show it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    storage: StorageSettings = field(default_factory=StorageSettings)
    reading: ReadingSettings = field(default_factory=ReadingSettings)
    fetching: FetchingSettings = field(default_factory=FetchingSettings)
    answers: AnswersSettings = field(default_factory=AnswersSettings)
    discord: DiscordSettings = field(default_factory=DiscordSettings)
    log: LogSettings = field(default_factory=LogSettings)


def load_settings(
    path: Path | None = None, *, environ: Mapping[str, str] | None = None, db: str | None = None
) -> Settings:
    """Settings from a TOML file, then the environment, then `db` (the storage URL of the command line).

    Args:
        path: The file; without it `VERBATIM_CONFIG`, else `config.toml`, which alone may be absent.
        environ: The environment, `os.environ` where not given.
        db: Overrides `storage.url` and `VERBATIM_DB`.

    Raises:
        ConfigError: A file cannot be read, or a key is unknown or of the wrong type; it names the key and its line.
    """
    environ = os.environ if environ is None else environ
    named = path or (Path(environ["VERBATIM_CONFIG"]) if environ.get("VERBATIM_CONFIG") else None)
    text = _read_config(named)
    origins = _locate_keys(text, str(named or DEFAULT_CONFIG))
    sections = _parse_sections(text, str(named or DEFAULT_CONFIG))
    for (section, key), (variable, value) in _environment_keys(environ).items():
        sections.setdefault(section, {})[key] = value
        origins[section, key] = f"the environment variable {variable}"
    settings = _validate(sections, origins) if sections else Settings()
    url = db or environ.get("VERBATIM_DB")
    return replace(settings, storage=StorageSettings(url=url)) if url else settings


def load_token(environ: Mapping[str, str] | None = None) -> str | None:
    """The bot's token from `DISCORD_TOKEN` or the file `DISCORD_TOKEN_FILE` names; None where neither is set.

    Raises:
        ConfigError: The file cannot be read or is empty, or what is set cannot be a token. Never shows the token.
    """
    environ = os.environ if environ is None else environ
    origin, token = "DISCORD_TOKEN", environ.get("DISCORD_TOKEN", "")
    if not token.strip() and (name := environ.get("DISCORD_TOKEN_FILE", "")):
        origin = f"The file {name}, which DISCORD_TOKEN_FILE names,"
        try:
            token = Path(name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            raise ConfigError(f"The token file {name} cannot be read: {reason}.") from error
        if not token.strip():
            raise ConfigError(f"The token file {name} is empty. Put the bot's token in it.")
    token = token.strip()
    if not token:
        return None
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise ConfigError(f"{origin} holds spaces or signs that no token has. Copy the token from Discord again.")
    return token


def _read_config(named: Path | None) -> str:
    """The file's text, empty where only the default was looked for and there is none."""
    path = named or DEFAULT_CONFIG
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        if named is None:
            return ""
        raise ConfigError(f"There is no configuration file {path}. `config.example.toml` is one to copy.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"The configuration file {path} is not UTF-8 text.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"The configuration file {path} cannot be read: {reason}.") from error


def _parse_sections(text: str, path: str) -> dict[str, dict[str, Any]]:
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}.") from error
    origins = _locate_keys(text, path)
    for name, value in parsed.items():
        where = origins.get(("", name)) or origins.get((name, "")) or path
        if not isinstance(value, dict) and name in {section.name for section in fields(Settings)}:
            raise ConfigError(f"The setting {name} ({where}) must be a section: [{name}] on a line of its own.")
        if not isinstance(value, dict):
            raise ConfigError(f"Unknown setting {name} ({where}). Every setting stands in a section: {_sections()}.")
    return parsed


def _locate_keys(text: str, path: str) -> dict[tuple[str, str], str]:
    """(section, key) → "FILE, line N", read line by line because tomllib keeps no positions."""
    origins: dict[tuple[str, str], str] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        where = f"{path}, line {number}"
        if header := _HEADER.match(line):
            section = header[1].replace('"', "")
            origins.setdefault((section, ""), where)
        elif key := _KEY.match(line):
            name = f"{section}.{key[1]}".replace('"', "").lstrip(".")
            head, _, tail = name.partition(".")
            origins.setdefault((head, tail) if tail else ("", head), where)
    return origins


def _environment_keys(environ: Mapping[str, str]) -> dict[tuple[str, str], tuple[str, object]]:
    """(section, key) → (variable, value) for every VERBATIM_SECTION_KEY; the values are still to be validated."""
    found: dict[tuple[str, str], tuple[str, object]] = {}
    for section in fields(Settings):
        prefix = f"{_PREFIX}{section.name.upper()}_"
        for variable in sorted(v for v in environ if v.startswith(prefix)):
            key = variable.removeprefix(prefix).lower()
            found[section.name, key] = variable, _environment_value(section.name, key, environ[variable])
    return found


def _environment_value(section: str, key: str, raw: str) -> object:
    """What an environment string means for its key: a list at commas, TOML's own numbers and booleans, else text."""
    default = getattr(getattr(Settings(), section), key, None)
    if isinstance(default, tuple):
        return [_scalar(part) for part in raw.split(",") if part.strip()]
    return raw if isinstance(default, str) else _scalar(raw)


def _scalar(raw: str) -> object:
    try:
        return tomllib.loads(f"value = {raw.strip()}")["value"]
    except tomllib.TOMLDecodeError:
        return raw


def _validate(sections: Mapping[str, object], origins: Mapping[tuple[str, str], str]) -> Settings:
    # Late: without a file and without variables nothing has to be validated, and pydantic costs 0.1 s.
    from pydantic import TypeAdapter, ValidationError

    try:
        # As JSON, where strictness still lets a list become a tuple. TOML dates become text, which no setting takes.
        return TypeAdapter(Settings).validate_json(json.dumps(sections, default=str))
    except ValidationError as error:
        raise ConfigError(_explain(error, origins)) from None


def _explain(error: ValidationError, origins: Mapping[tuple[str, str], str]) -> str:
    """One sentence for the first thing that is wrong, naming the key and where it was set."""
    first = error.errors(include_url=False, include_input=False)[0]
    section, key = ([str(part) for part in first["loc"]] + ["", ""])[:2]
    name = f"{section}.{key}" if key else section
    where = origins.get((section, key)) or origins.get((section, "")) or "configuration"
    if first["type"] in {"unexpected_keyword_argument", "extra_forbidden"}:
        if name == "discord.token":
            return (
                f"The token does not belong in a file of settings ({where}). Set DISCORD_TOKEN or DISCORD_TOKEN_FILE."
            )
        known = _sections() if not key else ", ".join(f.name for f in fields(type(getattr(Settings(), section))))
        return f"Unknown setting {name} ({where}). {'Sections' if not key else 'Keys'} here: {known}."
    reason = first["msg"][0].lower() + first["msg"][1:]
    return f"The setting {name} is wrong ({where}): {reason}."


def _sections() -> str:
    return ", ".join(f.name for f in fields(Settings))
