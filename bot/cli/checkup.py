"""`verbatim doctor`."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from bot.cli.batch import encode_row
from bot.cli.exits import DONE, FAILED
from bot.cli.output import say, write_bytes
from bot.doctor import examine

if TYPE_CHECKING:
    from argparse import Namespace


async def doctor(arguments: Namespace) -> int:
    """Print every check, mend what can be mended with `--fix`, and fail where something is left."""
    findings = await examine(arguments.config, arguments.db)
    if arguments.fix and any(finding.repair for finding in findings):
        for finding in findings:
            # What could not be mended is found again below, with the command that a person may run.
            with suppress(OSError):
                if finding.repair:
                    finding.repair()
        findings = await examine(arguments.config, arguments.db)
    if arguments.json:
        checks = [{"name": f.name, "ok": f.ok, "detail": f.detail, "fix": f.fix} for f in findings]
        write_bytes(encode_row({"checks": checks}))
    else:
        for finding in findings:
            say(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.name}: {finding.detail}")
            if finding.fix:
                say(f"      → {finding.fix}")
    return DONE if all(finding.ok for finding in findings) else FAILED
