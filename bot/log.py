"""Logs: text or one JSON object a line on standard error, without question text and without the token."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from bot.config import LogSettings

# Discord's tokens: three base64url parts. A library's error may carry a header, so every line is searched.
_TOKEN = re.compile(r"[\w-]{20,}\.[\w-]{4,}\.[\w-]{20,}")
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_TIME = "%Y-%m-%dT%H:%M:%SZ"
# No 0, 1, i, l, o: a reference is read aloud and typed.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def set_up_logging(settings: LogSettings, *, stream: TextIO | None = None) -> None:
    """Send every log line to `stream` (standard error) in the configured form; replaces earlier handlers."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_JsonFormatter() if settings.format == "json" else _TextFormatter())
    root = logging.getLogger()
    for old in tuple(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(settings.level.upper())
    # Libraries' own chatter holds URLs and payloads; their warnings are enough.
    for noisy in ("discord", "aiosqlite", "asyncio", "trafilatura", "htmldate", "readability", "charset_normalizer"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


def log_failure(logger: logging.Logger, doing: str, error: BaseException) -> str:
    """Log an unexpected error with its traceback and return the short reference that the user is shown.

    `doing` says what was under way ("ask", "load"); never pass it a question or a text.
    """
    reference = "".join(secrets.choice(_ALPHABET) for _ in range(6))
    logger.error("%s failed, reference %s", doing, reference, exc_info=error, extra={"reference": reference})
    return reference


def _redact(line: str) -> str:
    return _TOKEN.sub("[token]", line)


class _TextFormatter(logging.Formatter):
    """`2026-08-01T12:00:00Z info bot.client: message`, in UTC."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt=_TIME)
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        return _redact(super().format(record))


class _JsonFormatter(logging.Formatter):
    """One object a line: time, level, logger, message, then the record's extra fields and the traceback."""

    def __init__(self) -> None:
        super().__init__(datefmt=_TIME)
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "time": self.formatTime(record, _TIME),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry |= {key: value for key, value in record.__dict__.items() if key not in _STANDARD}
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return _redact(json.dumps(entry, default=str))
