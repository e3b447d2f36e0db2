"""Writing to a person or a program at once, so that a pipe sees each line when it is due."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Write a line to a person."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def write_bytes(line: bytes) -> None:
    """Write a row to a program."""
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()
