"""The command line: `verbatim` and `python -m bot`."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from bot.cli.arguments import find_command, parse_arguments
from bot.cli.exits import DONE, FAILED, INTERRUPTED, WRONG_USE
from bot.cli.failures import command_log, explain_failure
from bot.errors import ConfigError, VerbatimError
from db.errors import StoreError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; whatever goes wrong is one sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):
        # A lone surrogate in an article must not break a print.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    arguments = parse_arguments(argv)
    with command_log():
        return _run(arguments)


def _run(arguments: Namespace) -> int:
    try:
        code = asyncio.run(find_command(arguments)(arguments))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has what it wanted (`verbatim list | head`); nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except ConfigError as error:
        return _fail(str(error), WRONG_USE)
    except (VerbatimError, StoreError) as error:
        return _fail(str(error), FAILED)
    except Exception as error:  # noqa: BLE001 -- the outermost edge: a person gets a sentence, the log the traceback
        return _fail(explain_failure(arguments.name, error), FAILED)
    return code


def _fail(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code
