"""The killable child process for parsing: deadline, memory limit, bounded queue."""

from __future__ import annotations
