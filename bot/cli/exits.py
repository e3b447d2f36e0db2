"""What the exit codes of `verbatim` mean."""

from __future__ import annotations

DONE = 0
FAILED = 1
WRONG_USE = 2
NOTHING_FOUND = 3
INTERRUPTED = 130
"""By Ctrl-C, as shells count it: 128 and the number of SIGINT."""
