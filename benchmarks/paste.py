"""Pasted text to article: what is kept, what is set aside, beside the floors and goals."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Any

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
# Measure, floor, goal; `all_kept` is the share of texts that lost nothing, `clean` of those also without junk.
TARGETS = {
    "all_kept": (1.0, 1.0),
    "clean": (0.90, 0.97),
    "title": (0.95, 0.98),
    "standfirst": (0.95, 0.98),
    "byline": (0.95, 0.98),
    "outlet": (0.95, 0.98),
}


def parse(text: str) -> dict[str, Any]:
    """One pasted text, in the form that the scorer asks for."""
    from bot.reading.plain import read_plain
    from db.model import Head

    document = read_plain(text, Head())
    head = document.head
    paragraphs = [b.span.slice(document.text) for b in document.blocks if b.kind == "paragraph"]
    return {
        "title": head.title,
        "standfirst": head.standfirst,
        "byline": head.byline,
        "outlet": head.publisher,
        "paragraphs": paragraphs,
    }


def main(argv: list[str]) -> int:
    """Score both kinds of text; 1 where a floor is missed."""
    options = argparse.ArgumentParser(prog="benchmarks paste", description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--show", type=int, default=0, help="print this many texts that went wrong")
    args = options.parse_args(argv)
    if not (SHARED / "bench/score_paste.py").exists():
        print("paste: ../shared is not here; nothing measured")
        return 0
    missed = False
    for name, source in (
        ("news texts", ("--polnear", SHARED / "data/polnear/dev.jsonl")),
        ("page texts", ("--ground-truth", SHARED / "data/pages/ground-truth.json")),
    ):
        scores, report = _score(source, args)
        print(f"{name}: {report[0]}")
        for measure, (floor, goal) in TARGETS.items():
            value = scores[measure]
            missed |= value < floor
            verdict = "   MISSED" if value < floor else ""
            print(f"  {measure:12} {value:.4f}   floor {floor:.2f}   goal {goal:.2f}{verdict}")
        print("\n".join(line for line in report[1:] if line.startswith("--")), end="")
    return int(missed)


def _score(source: tuple[str, Path], args: argparse.Namespace) -> tuple[dict[str, float], list[str]]:
    command = [sys.executable, SHARED / "bench/score_paste.py", *source, "--callable", "benchmarks.paste:parse"]
    command += ["--path", Path(__file__).parents[1], "--seed", str(args.seed), "--show", str(args.show)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.split() for line in lines if "(" in line and not line.startswith(("--", "texts", "whole"))]
    report = [line for line in lines if line.startswith("texts")] + [line for line in lines if line.startswith("--")]
    return {row[0]: float(row[1]) for row in rows}, report


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
