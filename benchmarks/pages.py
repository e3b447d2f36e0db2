"""Web page to article: this project's reader with trafilatura and readability beside it, in one run."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
# Measure, floor and goal of this project; a negative sign where less is better.
MEASURES = (
    ("f1", 0.978, 0.988),
    ("para_exact", 0.95, 0.985),
    ("quote_verbatim", 0.98, 0.995),
    ("junk_pages", -0.20, -0.08),
    ("lost_paras", -0.7, -0.2),
    ("meta_title", 0.95, 0.98),
    ("meta_byline", 0.85, 0.95),
    ("meta_date", 0.97, 0.98),
    ("meta_site", 0.95, 0.98),
    ("ms_median", -80.0, -25.0),
    ("ms_p95", -250.0, -80.0),
    ("rss_mb", -200.0, -150.0),
)


def read_verbatim(html: bytes, url: str) -> dict[str, Any]:
    """This project's reader."""
    from bot.reading.formats import Material, parse_source
    from db.model import Head

    document = parse_source(Material(raw=html, is_html=True, given=Head(url=url)))
    head = document.head
    return {
        "title": head.title,
        "byline": head.byline,
        "date": head.published,
        "site": head.publisher,
        "paragraphs": [b.span.slice(document.text) for b in document.blocks if b.kind == "paragraph"],
    }


def read_trafilatura(html: bytes, url: str) -> dict[str, Any]:
    """trafilatura as its documentation calls it, without comments."""
    import trafilatura

    found = trafilatura.bare_extraction(html, url=url, include_comments=False, with_metadata=True)
    page = found.as_dict() if found else {}
    return {
        "title": page.get("title"),
        "byline": page.get("author"),
        "date": page.get("date"),
        "site": page.get("sitename"),
        "paragraphs": (page.get("text") or "").split("\n"),
    }


def read_readability(html: bytes, _url: str) -> dict[str, Any]:
    """readability-lxml; its summary cut at the innermost text elements."""
    from lxml import html as lxml_html
    from readability import Document

    page = Document(html.decode("utf-8", "replace"))
    tree = lxml_html.fromstring(page.summary(html_partial=True))
    elements = tree.iter("p", "li", "h2", "h3", "blockquote")
    texts = [
        " ".join(e.text_content().split()) for e in elements if not any(True for _ in e.iterdescendants("p", "li"))
    ]
    return {"title": page.short_title(), "paragraphs": [text for text in texts if text]}


READERS = {"verbatim": "read_verbatim", "trafilatura": "read_trafilatura", "readability": "read_readability"}


def main(argv: list[str]) -> int:
    """Score all readers on the tuning pages; 1 where this project misses a floor (times and memory aside)."""
    options = argparse.ArgumentParser(prog="benchmarks pages", description=__doc__)
    options.add_argument("--only", choices=READERS, help="one reader alone")
    options.add_argument("--worst", type=int, default=0, help="print this many of the worst pages")
    args = options.parse_args(argv)
    if not (SHARED / "data/pages").exists():
        print("pages: ../shared is not here; nothing measured")
        return 0
    names = [args.only] if args.only else list(READERS)
    table = {name: _score(READERS[name], worst=args.worst) for name in names}
    print(f"{'':16}" + "".join(f"{name:>14}" for name in names) + f"{'floor':>10}{'goal':>10}")
    for measure, floor, goal in MEASURES:
        values = "".join(f"{table[name].get(measure, 0.0):14.3f}" for name in names)
        print(f"{measure:16}{values}{abs(floor):10.3f}{abs(goal):10.3f}")
    ours = table.get("verbatim")
    if ours is None:
        return 0
    held = MEASURES[:9]
    missed = [m for m, floor, _ in held if (ours[m] < floor if floor > 0 else ours[m] > -floor)]
    if missed:
        print("below the floor:", ", ".join(missed))
    return int(bool(missed))


def _score(function: str, *, worst: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "scores.json"
        command = [sys.executable, SHARED / "bench/score_pages.py", SHARED / "data/pages"]
        command += ["--metadata", SHARED / "data/pages/metadata.json", "--callable", f"benchmarks.pages:{function}"]
        command += ["--path", Path(__file__).parents[1], "--out", out, "--worst", str(worst)]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        if worst:
            print(run.stdout)
        summary: dict[str, Any] = json.loads(out.read_text("utf-8"))["summary"]
        return summary


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
