"""Where one-shot commands log, and what a person is told of an error that nobody expected."""

from __future__ import annotations

import errno
import logging
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import LogSettings
from bot.log import log_failure, set_up_logging

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import TextIOWrapper

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def command_log() -> Iterator[None]:
    """Keep log lines off the terminal: warnings and worse go to a file in the user's state folder."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    set_up_logging(LogSettings(level="warning"))
    log = _CommandLog(_state_folder() / "verbatim.log")
    log.setFormatter(root.handlers[0].formatter)
    root.handlers[:] = [log]
    try:
        yield
    finally:
        log.close()
        root.handlers[:] = before
        root.setLevel(level)


def explain_failure(doing: str, error: BaseException) -> str:
    """Log the traceback with a reference and return the sentence that names both; a full disk needs neither."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return f"Nothing more can be written: {error.strerror}. Free some room, or write elsewhere."
    reference = log_failure(logging.getLogger("bot.cli"), doing, error)
    where = "in the log"
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _CommandLog):
            where = f"nowhere, because {handler.path} cannot be written," if handler.is_lost else f"in {handler.path}"
    return f"Something went wrong that Verbatim did not expect. The details are {where} under {reference}."


class _CommandLog(logging.FileHandler):
    """A log file that is made when the first line is written, and given up silently where it cannot be."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8", errors="backslashreplace", delay=True)
        self.path = path
        self.is_lost = False

    def _open(self) -> TextIOWrapper:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            return super()._open()
        except OSError:
            self.is_lost = True
            return Path(os.devnull).open("w", encoding="utf-8")


def _state_folder() -> Path:
    """The user's state folder as XDG or Windows name it."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home())
    else:
        base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "verbatim"
