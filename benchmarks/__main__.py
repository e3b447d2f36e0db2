"""`python -m benchmarks [NAME …]`: every benchmark, or the named ones."""

from __future__ import annotations

import importlib
import sys

NAMES = ("quotes", "answers", "checks", "pages", "paste", "scale", "startup")


def main(argv: list[str]) -> int:
    """Run one benchmark with its options, or all of them; 2 where the name is unknown."""
    if argv and argv[0] not in NAMES:
        print(f"unknown benchmark {argv[0]!r}: one of {', '.join(NAMES)}", file=sys.stderr)
        return 2
    if argv:
        return int(importlib.import_module(f"benchmarks.{argv[0]}").main(argv[1:]))
    worst = 0
    for name in NAMES:
        try:
            module = importlib.import_module(f"benchmarks.{name}")
        except ModuleNotFoundError as missing:
            if missing.name != f"benchmarks.{name}":
                raise
            continue
        print(f"\n#### {name}")
        worst = max(worst, int(module.main([])))
    return worst


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
