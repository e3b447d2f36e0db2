"""`verbatim init`: ask for what is needed, and leave a commented config.toml, a data folder and a token file."""

from __future__ import annotations

import base64
import binascii
import getpass
import os
import re
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.exits import DONE
from bot.cli.output import say
from bot.config import DEFAULT_CONFIG, load_settings
from bot.errors import VerbatimError

if TYPE_CHECKING:
    from argparse import Namespace

_EXAMPLE = "config.example.toml"
_PORTAL = "https://discord.com/developers/applications"
_TOKEN_FILE = Path("discord-token")


class SetupFailed(VerbatimError):
    """A file that `init` would write is there already or cannot be written."""


async def init(arguments: Namespace) -> int:
    """Write the files, then say what is left to do; never overwrites anything."""
    config = arguments.config or DEFAULT_CONFIG
    if config.exists():
        raise SetupFailed(f"{config} exists already. Edit it, or move it out of the way and run `verbatim init` again.")
    asks = sys.stdin.isatty() and not arguments.yes
    database = _ask("Where shall articles be kept?", arguments.db or "data/verbatim.db", asks=asks)
    role = _ask("Which role, beside Manage Messages, may load articles? (Enter: none)", "", asks=asks)
    token = _ask_token() if asks else ""
    try:
        Path(database.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        config.write_text(fill_example(url=database, moderator_role=role), encoding="utf-8")
        if token:
            _write_token(token)
    except OSError as error:
        raise SetupFailed(f"{error.filename} cannot be written: {error.strerror}.") from error
    load_settings(config, environ={})
    say(f"Wrote {config}; every setting is explained in it.")
    _say_next(token)
    return DONE


def fill_example(**values: str) -> str:
    """The commented example with other values for some keys, as TOML strings."""
    text = _read_example()
    for key, value in values.items():
        escaped = re.sub(r'["\\\x00-\x1f\x7f]', lambda found: f"\\u{ord(found[0]):04x}", value)
        start, _, rest = text.partition(f"\n{key} = ")
        text = f'{start}\n{key} = "{escaped}"\n{rest.partition(chr(10))[2]}'
    return text


def find_application_id(token: str) -> int | None:
    """The application id, which is the first part of a bot's token in base64; None where it is none."""
    first = token.split(".", maxsplit=1)[0]
    try:
        decoded = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (ValueError, binascii.Error):
        return None
    return int(decoded) if re.fullmatch(r"\d{15,20}", decoded) else None


def _read_example() -> str:
    """From the package; in a checkout the file stands at the top, where people look for it."""
    packed = resources.files("bot").joinpath(_EXAMPLE)
    return (packed if packed.is_file() else Path(__file__).parents[2] / _EXAMPLE).read_text(encoding="utf-8")


def _ask(question: str, default: str, *, asks: bool) -> str:
    if not asks:
        return default
    return input(f"{question}{f' [{default}]' if default else ''} ").strip() or default


def _ask_token() -> str:
    say(f"The bot's token: {_PORTAL} → New Application → Bot → Reset Token. Nothing has to be switched on there.")
    return getpass.getpass("Token (not shown; Enter to do it later): ").strip()


def _write_token(token: str) -> None:
    """Readable by this account alone from the first byte on."""
    descriptor = os.open(_TOKEN_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(token + "\n")


def _say_next(token: str) -> None:
    if not token:
        say(f"Next: get a token ({_PORTAL} → New Application → Bot → Reset Token; switch nothing on), then")
        say("  DISCORD_TOKEN=… verbatim run")
        return
    application_id = find_application_id(token)
    if application_id is not None:
        from bot.gateway import invite_link

        say(f"Invite the bot to your server with\n  {invite_link(application_id)}")
    say(f"The token is in {_TOKEN_FILE}, which only you can read. Start the bot with")
    say(f"  DISCORD_TOKEN_FILE={_TOKEN_FILE} verbatim run")
