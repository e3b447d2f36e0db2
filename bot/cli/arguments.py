"""The commands of `verbatim` and their options."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.model import LOCAL_LIBRARY

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

_EPILOG = """exit codes: 0 done, 1 failed, 2 wrong use, 3 nothing found
settings: config.toml (see config.example.toml) and VERBATIM_SECTION_KEY in the environment;
the bot's token comes only from DISCORD_TOKEN or the file DISCORD_TOKEN_FILE names"""


def find_command(arguments: argparse.Namespace) -> Callable[[argparse.Namespace], Coroutine[Any, Any, int]]:
    """The coroutine function of the chosen command; imported now, so that `--help` and a slip cost nothing."""
    module, _, function = arguments.entry.partition(":")
    command: Callable[[argparse.Namespace], Coroutine[Any, Any, int]] = getattr(
        import_module(f"bot.cli.{module}"), function
    )
    return command


def parse_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The command and its options; exits with 2 and a sentence on wrong use."""
    parser = build_parser()
    arguments = parser.parse_args(argv)
    batch, out = getattr(arguments, "batch", None), getattr(arguments, "out", None)
    if out and not batch:
        parser.error("--out is where --batch writes; without --batch, send standard output where you want it")
    if batch and any(getattr(arguments, name, None) for name in ("question", "quote", "sources")):
        parser.error("with --batch everything comes from its rows, so nothing else can be named")
    if batch and out and _is_same_file(batch, out):
        parser.error(f"--batch and --out are both {batch}, which would be emptied before it is read")
    return arguments


def _is_same_file(one: str, other: str) -> bool:
    try:
        return Path(one).samefile(other)
    except (OSError, ValueError):
        return False  # one of them is not there yet, or is no path at all


def build_parser() -> argparse.ArgumentParser:
    """The parser with one subparser a command."""
    parser = argparse.ArgumentParser(
        prog="verbatim",
        description="Who said what, and where: answers with the exact words of loaded articles, and checks quotes.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=_version())
    _add_common(parser, suppress=False)
    commands = parser.add_subparsers(dest="name", metavar="COMMAND", required=True)

    def add(name: str, entry: str, summary: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        command.set_defaults(entry=entry)
        _add_common(command, suppress=True)
        return command

    init = add("init", "setup:init", "ask for what is needed, and write config.toml, a data folder and a token file")
    init.add_argument("--yes", action="store_true", help="ask nothing and take the defaults")

    run = add("run", "serve:run", "start the Discord bot; without a token, the preview")
    run.add_argument("--port", type=_port, default=0, help="loopback port of the preview (default: a free one)")
    preview = add("preview", "serve:preview", "start a simulated Discord in the browser, without a token")
    preview.add_argument("--port", type=_port, default=0, help="loopback port (default: a free one)")

    chat = add("chat", "chat:chat", "a prompt that keeps asking")
    chat.add_argument("--limit", type=_count, default=3, help="passages shown (default 3)")

    ask = add("ask", "commands:ask", "answer a question from the loaded articles")
    ask.add_argument("question", nargs="*", metavar="QUESTION")
    ask.add_argument("--speaker", help="only the words of this speaker")
    ask.add_argument("--limit", type=_count, help="passages at most (default 3 on screen, 10 as JSON)")
    _add_machine(ask)

    check = add("check", "commands:check", "check a quote against the loaded articles")
    check.add_argument("quote", nargs="*", metavar="QUOTE")
    check.add_argument("--speaker", help="who is claimed to have said it")
    _add_machine(check)

    for name, summary in (
        ("read", "show what is read from an article, and store nothing"),
        ("load", "read articles and store them"),
    ):
        reader = add(name, f"commands:{name}", summary)
        reader.add_argument("sources", nargs="*", metavar="FILE|URL", help="a file, a link, or - for standard input")
        reader.add_argument("--as-is", action="store_true", help="take the text unchanged, without clean-up")
        for field, meaning in (
            ("title", "its title"),
            ("publisher", "who published it"),
            ("published", "the date, as YYYY-MM-DD"),
            ("url", "where it can be read"),
        ):
            reader.add_argument(f"--{field}", help=f"{meaning}, instead of what is read from the text")
        _add_machine(reader)

    listing = add("list", "commands:list_articles", "list the loaded articles, newest first")
    listing.add_argument("--title", help="only those whose title or publisher contains this")
    listing.add_argument("--limit", type=_count, default=25, help="how many at most (default 25)")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")

    doctor = add(
        "doctor", "checkup:doctor", "check settings, token, disk, database and reading, and say what mends a fault"
    )
    doctor.add_argument("--fix", action="store_true", help="mend what can be mended safely")
    doctor.add_argument("--json", action="store_true", help="one JSON object")

    backup = add("backup", "keeping:backup", "copy the database while the bot runs, compressed and checked")
    backup.add_argument("target", nargs="?", type=Path, metavar="FILE", help="default: backups/ beside the database")
    backup.add_argument("--keep", type=_count, metavar="N", help="delete all but the newest N backups of that folder")
    backup.add_argument("--json", action="store_true", help="one JSON object")

    restore = add("restore", "keeping:restore", "put a backup in the database's place; what was there is kept")
    restore.add_argument("source", type=Path, metavar="FILE")
    restore.add_argument("--json", action="store_true", help="one JSON object")
    return parser


def _add_common(parser: argparse.ArgumentParser, *, suppress: bool) -> None:
    """Options that stand before or after the command; a subparser must not reset what stood before it."""
    parser.add_argument(
        "--config", type=Path, default=argparse.SUPPRESS if suppress else None, help="settings (default: config.toml)"
    )
    parser.add_argument(
        "--db", metavar="URL", default=argparse.SUPPRESS if suppress else None, help="storage URL or database file"
    )
    parser.add_argument(
        "--library",
        metavar="NAME",
        type=_name,
        default=argparse.SUPPRESS if suppress else LOCAL_LIBRARY,
        help=f"library to work in (default: {LOCAL_LIBRARY})",
    )


def _add_machine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--batch", metavar="IN.jsonl", help="many rows in one process, in order; - is standard input")
    parser.add_argument("--out", metavar="OUT.jsonl", help="where --batch writes (default: standard output)")


def _count(raw: str) -> int:
    return _number(raw, 1, 1000)


def _port(raw: str) -> int:
    return _number(raw, 0, 65535, what="port")


def _number(raw: str, least: int, most: int, *, what: str = "number") -> int:
    try:
        value = int(raw)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise argparse.ArgumentTypeError(f"a {what} from {least} to {most} is wanted")
    return value


def _name(raw: str) -> str:
    if not raw.strip():
        raise argparse.ArgumentTypeError("a name is wanted")
    return raw


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"verbatim {version('verbatim-bot')}"
    except PackageNotFoundError:
        return "verbatim, not installed"
