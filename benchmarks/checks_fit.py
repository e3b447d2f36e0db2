"""Fits when a claim counts as copied and writes bot/matching/checking.toml.

The claims are misquotes made from PolNeAR's train split, held against the other articles as Verbatim reads them; a
part of the articles is not loaded, for the claims that nobody may find.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.misquotes import SHARED, make_misquotes, rows
from bot.checking import trace_claim
from bot.errors import BadQuestion
from bot.matching import tuning
from bot.matching.judge import measure_evidence
from db.backends import open_store

TARGET = Path(tuning.__file__).with_name("checking.toml")
TRAIN = SHARED / "data/polnear/train.jsonl"
HIDDEN = 120
CLAIMS = 1_500
FOLDS = 5
RIDGE = 0.1
HEADER = """\
# Numbers of the quote check, read by bot/matching/tuning.py and written by `python -m benchmarks checks --fit`,
# which `make fit` runs too; it replaces [copied] and keeps the rest, which is set by hand.

# Logistic weights: from 0 up a claim with differences counts as copied (altered), below it as not in the articles.
# Fitted on PolNeAR v1.0.0, train split only: {loaded} articles loaded, {hidden} left out for the absent claims,
# {used} of {made} misquotes made by benchmarks/misquotes.py (seed 0), those with words enough to check; ridge {ridge}.
# {folds}-fold F1 over copied and not copied: {named:.4f} with the claimed speaker, {unnamed:.4f} without one.
# `share` of the claim's words found; log(1 + weight of the longest `run`); `pieces` it is put together from; whether
# the claimed speaker said one (`said_by_them`); whether one is `in_quotation`; first and last word found (`edges`).
"""
BY_HAND = {
    "attribution": "Below this confidence of the reading a claimed speaker named near the quotation is not ruled out.",
    "alignment": """\
What a step is worth, a content word that is the same being 1; set by hand on misquotes from the train split.
A lower `left_out` joins neighbouring sentences that share function words, a higher one breaks a quote in two where
a clause was left out; `elided` is the same behind an ellipsis. `similar_from` is a likeness of spelling, 0 to 1.""",
    "pieces": """\
A further stretch of a claim counts as copied with `run` words in a row, words of this `weight`, and this `share`
of the stretch's weight; less is what any two English sentences have in common. Set by hand on the same.""",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Evidence by claim, with the claimed speaker and without, and whether the claim is a copy."""

    named: np.ndarray
    unnamed: np.ndarray
    copied: np.ndarray


def fit(*, is_dry: bool = False) -> int:
    """Fit the weights for claims with a named speaker and without, print them, and write the file unless `is_dry`."""
    docs = rows(TRAIN)
    Random(0).shuffle(docs)
    hidden, loaded = docs[:HIDDEN], docs[HIDDEN:]
    claims = make_misquotes(loaded, hidden, seed=0, count=CLAIMS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.db"
        _load(loaded, path)
        measured = asyncio.run(_measure(path, claims))
    copied, f1 = measured.copied, {}
    weights = {}
    for title, evidence in (("named", measured.named), ("unnamed", measured.unnamed)):
        weights[title] = dict(zip(tuning.EVIDENCE, _fit_logistic(evidence, copied).round(1).tolist(), strict=True))
        f1[title] = _cross_validate(evidence, copied)
        print(f"{title}: F1 {f1[title]:.4f} in {FOLDS} folds of {len(copied)} claims;", weights[title])
    if not is_dry:
        about = {"loaded": len(loaded), "hidden": HIDDEN, "used": len(copied), "made": len(claims)}
        TARGET.write_text(format_file(weights, HEADER.format(**about, ridge=RIDGE, folds=FOLDS, **f1)), "utf-8")
        print(f"wrote {TARGET}")
    return 0


def format_file(weights: dict[str, dict[str, float]], header: str) -> str:
    """The whole file: new weights, and the tables set by hand as they stand."""
    kept = tomllib.loads(TARGET.read_text("utf-8"))
    lines = [header.rstrip("\n")]
    for title, row in weights.items():
        lines += [f"[copied.{title}]", *(f"{name} = {value:.1f}" for name, value in row.items()), ""]
    for title, about in BY_HAND.items():
        lines += [*(f"# {line}" for line in about.splitlines()), f"[{title}]"]
        lines += [*(f"{name} = {value}" for name, value in kept[title].items()), ""]
    return "\n".join(lines)


def _load(docs: list[dict], path: Path) -> None:
    """Load articles through the command line, as anybody would."""
    source = path.with_suffix(".jsonl")
    lines = [json.dumps({"id": d["doc_id"], "title": d["text"].split("\n", 1)[0], "text": d["text"]}) for d in docs]
    source.write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "bot", "load", "--batch", str(source), "--out", "/dev/null", "--as-is"]
    subprocess.run([*command, "--db", str(path)], check=True, stdout=subprocess.DEVNULL)


async def _measure(path: Path, claims: list[dict]) -> Measured:
    store = await open_store(f"sqlite:///{path}")
    evidence: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    copied = []
    try:
        for claim in claims:
            try:
                for measured, speaker in zip(evidence, (claim["speaker"], None), strict=True):
                    support, attributions = await trace_claim(store, "local", claim["claim"], speaker)
                    measured.append(measure_evidence(support, attributions))
            except BadQuestion:
                continue
            copied.append(claim["label"] != "not_found")
    finally:
        await store.close()
    return Measured(np.array(evidence[0]), np.array(evidence[1]), np.array(copied))


def _fit_logistic(evidence: np.ndarray, copied: np.ndarray) -> np.ndarray:
    """Ridge-penalised logistic regression by Newton's method."""
    weights = np.zeros(evidence.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-evidence @ weights))
        slope = evidence.T @ (copied - chance) - RIDGE * weights
        bend = (evidence * (chance * (1 - chance))[:, None]).T @ evidence + RIDGE * np.eye(len(weights))
        weights += np.linalg.solve(bend, slope)
    return weights


def _cross_validate(evidence: np.ndarray, copied: np.ndarray) -> float:
    fold = np.arange(len(copied)) % FOLDS
    said = np.zeros(len(copied), bool)
    for k in range(FOLDS):
        said[fold == k] = evidence[fold == k] @ _fit_logistic(evidence[fold != k], copied[fold != k]) > 0
    return float(
        np.mean(
            [2 * np.sum((said == x) & (copied == x)) / np.sum((said == x) * 1 + (copied == x)) for x in (True, False)]
        )
    )
