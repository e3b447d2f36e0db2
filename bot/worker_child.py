"""The child's side of the worker: takes jobs from standard input until its parent is gone."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import sys
import traceback
from typing import Any, BinaryIO

from bot.errors import ReadingTimedOut, VerbatimError

LENGTH_BYTES = 8


def main() -> None:
    """Serve jobs; `sys.argv` carries the memory limit in bytes and the deadline of one job in seconds."""
    limit_bytes, deadline_s = int(sys.argv[1]), float(sys.argv[2])
    jobs, outcomes = _private_pipes()
    _limit_memory(limit_bytes)
    while header := jobs.read(LENGTH_BYTES):
        message = jobs.read(int.from_bytes(header, "big"))
        # Should the parent die during a job, the alarm ends this process; the parent itself kills earlier.
        signal.alarm(int(deadline_s) + 5)
        reply = _work(message)
        signal.alarm(0)
        try:
            outcomes.write(len(reply).to_bytes(LENGTH_BYTES, "big") + reply)
            outcomes.flush()
        except BrokenPipeError:
            return


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take standard input and output for the exchange, so that nothing a library prints can disturb it."""
    jobs = os.fdopen(os.dup(0), "rb")
    outcomes = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return jobs, outcomes


def _limit_memory(limit_bytes: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = limit_bytes if hard == resource.RLIM_INFINITY else min(limit_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def _work(message: bytes) -> bytes:
    outcome: tuple[str, Any]
    try:
        job, args = pickle.loads(message)  # noqa: S301 (our own parent wrote it)
        outcome = ("done", job(*args))
        return pickle.dumps(outcome, protocol=pickle.HIGHEST_PROTOCOL)
    except VerbatimError as error:
        outcome = ("refused", error)
    except MemoryError:
        outcome = (
            "refused",
            ReadingTimedOut("Reading this took more memory than allowed and was stopped. Paste its text instead."),
        )
    except Exception:  # noqa: BLE001 (the worker loop: the parent logs it with a reference)
        outcome = ("failed", traceback.format_exc())
    return pickle.dumps(outcome, protocol=pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
