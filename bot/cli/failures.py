"""What a person and the log are told of an error that nobody expected."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from bot.config import LogSettings
from bot.log import log_failure, set_up_logging


def explain_failure(doing: str, error: BaseException) -> str:
    """Log the traceback with a reference and return the sentence that names both.

    A one-shot command has no log of its own on the terminal, so its tracebacks go to a file in the state folder.
    """
    path = log_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a", encoding="utf-8", errors="backslashreplace")
    except OSError:
        return f"Something went wrong that Verbatim did not expect ({type(error).__name__}); no log could be written."
    with stream:
        set_up_logging(LogSettings(), stream=stream)
        reference = log_failure(logging.getLogger("bot.cli"), doing, error)
        logging.getLogger().handlers.clear()
    return f"Something went wrong that Verbatim did not expect. The details are in {path} under {reference}."


def log_path() -> Path:
    """Where one-shot commands leave tracebacks: the user's state folder as XDG or Windows name it."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home())
    else:
        base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "verbatim" / "verbatim.log"
