"""Quote checks against the dev misquotes: verdicts, originals found, CPU time, and what simple matchers make of it."""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from bot.checking import check_quote
from bot.errors import BadQuestion
from db.backends import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.model import Article
    from db.store import Store

SHARED = Path(__file__).resolve().parents[2] / "shared"
CLAIMS = SHARED / "data/questions/news_misquotes.dev.jsonl"
LIBRARY = "local"
# The peer checks every third claim, so that it is done in about half a minute of CPU time.
EVERY = 3
PEER_CUTOFF = 70
PEER_LENGTH = 0.7


def rows(path: Path) -> list[dict]:
    """The objects of a JSON lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def build_library(path: Path) -> None:
    """Load the news articles, without the hidden ones, through the command line."""
    made = subprocess.run(
        [sys.executable, SHARED / "bench/make_articles.py", "news"], check=True, capture_output=True, text=True
    ).stdout
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as articles:
        articles.write(made)
        articles.flush()
        command = [sys.executable, "-m", "bot", "load", "--batch", articles.name, "--out", "/dev/null", "--as-is"]
        subprocess.run([*command, "--db", str(path)], check=True, stdout=subprocess.DEVNULL)


async def check_all(store: Store, claims: list[dict]) -> tuple[list[dict], list[float]]:
    """Verdicts as `verbatim check --batch` writes them, and CPU milliseconds each."""
    verdicts, times = [], []
    for claim in claims:
        started = time.process_time()
        try:
            found = await check_quote(store, LIBRARY, claim["claim"], speaker=claim["speaker"])
        except BadQuestion as refusal:
            times.append((time.process_time() - started) * 1000)
            verdicts.append({"id": claim["qid"], "verdict": "not_found", "matches": [], "notes": [str(refusal)]})
            continue
        times.append((time.process_time() - started) * 1000)
        matches = [
            {"article": m.citation.external_id, "start": m.span.start, "end": m.span.end, "speaker": m.speaker}
            for m in found.matches
        ]
        verdicts.append({"id": claim["qid"], "verdict": found.kind, "matches": matches, "notes": found.notes})
    return verdicts, times


async def _fetch_all(store: Store) -> list[Article]:
    articles: list[Article] = []
    while listed := await store.find_articles(LIBRARY, limit=100, offset=len(articles)):
        articles += [await store.get_article(LIBRARY, summary.id) for summary in listed]
    return articles


def check_with_rapidfuzz(articles: list[Article], claims: list[dict]) -> tuple[list[dict], list[float]]:
    """The peer: `partial_ratio` over every paragraph; 100 is verbatim, 70 altered, the speaker a name in the paragraph.

    Marks and case are evened out first, as anybody would, and paragraphs much shorter than the claim are left out: they
    would be looked for inside the claim, and a paragraph of one word be found there. 70 is the best of 50, 60, 65, 70,
    75 and 80 on dev. It costs a third of a second a claim, however it is called: hence the sample.
    """
    paragraphs = [(a, block.span) for a in articles for block in a.blocks if block.kind == "paragraph"]
    texts = [_even_out(span.slice(article.text)) for article, span in paragraphs]
    verdicts, times = [], []
    for claim in claims:
        started = time.process_time()
        typed = _even_out(claim["claim"])
        wanted = [number for number, text in enumerate(texts) if len(text) >= PEER_LENGTH * len(typed)]
        held = [texts[number] for number in wanted]
        scores = process.cdist([typed], held, scorer=fuzz.partial_ratio, score_cutoff=PEER_CUTOFF)[0]
        likeness, index = scores.max(), wanted[int(scores.argmax())]
        times.append((time.process_time() - started) * 1000)
        article, span = paragraphs[index]
        named = claim["speaker"].split()[-1] in span.slice(article.text)
        label = "altered" if likeness < 99.9 else "verbatim" if named else "misattributed"
        label = label if likeness >= PEER_CUTOFF else "not_found"
        match = {"article": article.external_id, "start": span.start, "end": span.end}
        verdicts.append({"id": claim["qid"], "verdict": label, "matches": [match] if label != "not_found" else []})
    return verdicts, times


def _even_out(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold().replace("’", "'")).split())


def score(verdicts: list[dict], claims: list[dict]) -> dict:
    """What the common scorer says."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("claims.jsonl", "verdicts.jsonl")]
        for path, lines in zip(paths, (claims, verdicts), strict=True):
            path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
        command = [sys.executable, SHARED / "bench/score_checks.py", *paths, "--json"]
        scored: dict = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return scored


def format_table(results: dict[str, tuple[dict, list[float]]]) -> Iterator[str]:
    """One line a system, then the kinds of change of the first."""
    yield f"{'':30} {'macro-F1':>8} {'false verbatim':>14} {'found':>6} {'CPU ms p50':>10} {'p95':>6}"
    for name, (scored, times) in results.items():
        ordered = sorted(times)
        p50, p95 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
        yield (
            f"{name:30} {scored['macro_f1']:8.3f} {scored['false_verbatim']:14} {scored['found']:6.3f}"
            f" {p50:10.1f} {p95:6.1f}"
        )
    first = next(iter(results.values()))[0]
    yield "  by kind of change: " + ", ".join(f"{kind} {share:.3f}" for kind, share in first["by kind"].items())
    yield "  F1 by verdict: " + ", ".join(f"{label} {value:.3f}" for label, value in first["f1"].items())


async def run(options: argparse.Namespace) -> int:
    """Check every claim with each system and print the table; 1 where a changed quote was called verbatim."""
    claims = rows(CLAIMS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(options.db or Path(folder) / "news.db")
        if not path.exists():
            build_library(path)
        store = await open_store(f"sqlite:///{path.resolve()}")
        try:
            verdicts, times = await check_all(store, claims)
            results = {f"Verbatim, {len(claims)} claims": (score(verdicts, claims), times)}
            if not options.alone:
                sample = claims[::EVERY]
                ours, peers = f"Verbatim, {len(sample)} of them", f"rapidfuzz partial_ratio, {len(sample)}"
                results[ours] = score(verdicts[::EVERY], sample), times[::EVERY]
                verdicts_peer, times_peer = check_with_rapidfuzz(await _fetch_all(store), sample)
                results[peers] = score(verdicts_peer, sample), times_peer
        finally:
            await store.close()
    print("\n".join(format_table(results)))
    if options.errors:
        print_errors(claims, verdicts)
    return int(next(iter(results.values()))[0]["false_verbatim"] > 0)


def print_errors(claims: list[dict], verdicts: list[dict]) -> None:
    """Each wrong verdict with its claim."""
    for claim, verdict in zip(claims, verdicts, strict=True):
        if claim["label"] != verdict["verdict"]:
            print(f"{claim['qid']} {claim['kind']} → {verdict['verdict']}: {claim['claim'][:160]} ({claim['speaker']})")
            print(f"    {' '.join(verdict['notes'])}")


def main(argv: list[str]) -> int:
    """Run the benchmark; 0 also where the data is absent, which it says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks checks", description=__doc__)
    parser.add_argument("--db", help="a database with the news articles; built there when it does not exist")
    parser.add_argument("--alone", action="store_true", help="leave the other systems out")
    parser.add_argument("--errors", action="store_true", help="print every wrong verdict")
    parser.add_argument("--fit", action="store_true", help="fit bot/matching/checking.toml again, on train")
    parser.add_argument("--dry-run", action="store_true", help="with --fit: print, but leave the file as it is")
    options = parser.parse_args(argv)
    if not CLAIMS.exists():
        print(f"No data in {SHARED}: nothing measured.")
        return 0
    if options.fit:
        from benchmarks.checks_fit import fit

        return fit(is_dry=options.dry_run)
    return asyncio.run(run(options))
