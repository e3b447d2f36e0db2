"""Fits when a claim counts as copied: misquotes made from PolNeAR's train split, real readings, articles held out."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.misquotes import SHARED, make_misquotes, rows
from bot.checking import trace_claim
from bot.errors import BadQuestion
from bot.matching.judge import measure_evidence
from db.backends import open_store

HIDDEN = 120
CLAIMS = 1_500
FOLDS = 5
_RIDGE = 0.1
NAMES = ("share of words", "log run", "pieces", "said by them", "in a quotation", "edges", "constant")


def fit() -> int:
    """Print weights for claims with a named speaker and without, and how well they do on claims left out."""
    docs = rows(SHARED / "data/polnear/train.jsonl")
    Random(0).shuffle(docs)
    hidden, loaded = docs[:HIDDEN], docs[HIDDEN:]
    claims = make_misquotes(loaded, hidden, seed=0, count=CLAIMS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.db"
        source = Path(folder) / "train.jsonl"
        lines = [
            json.dumps({"id": d["doc_id"], "title": d["text"].split("\n", 1)[0], "text": d["text"]}) for d in loaded
        ]
        source.write_text("\n".join(lines), encoding="utf-8")
        command = [sys.executable, "-m", "bot", "load", "--batch", str(source), "--out", "/dev/null", "--as-is"]
        subprocess.run([*command, "--db", str(path)], check=True)
        named, unnamed, copied = asyncio.run(_measure(path, claims))
    for title, evidence in (("named", named), ("unnamed", unnamed)):
        weights = _fit_logistic(evidence, copied)
        print(title, ", ".join(f"{name} {weight:.2f}" for name, weight in zip(NAMES, weights, strict=True)))
        print(f"  held out, of {len(copied)} claims: F1 copied and not {_cross_validate(evidence, copied):.4f}")
    return 0


async def _measure(path: Path, claims: list[dict]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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
    return np.array(evidence[0]), np.array(evidence[1]), np.array(copied)


def _fit_logistic(evidence: np.ndarray, copied: np.ndarray) -> np.ndarray:
    """Ridge-penalised logistic regression by Newton's method."""
    weights = np.zeros(evidence.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-evidence @ weights))
        slope = evidence.T @ (copied - chance) - _RIDGE * weights
        bend = (evidence * (chance * (1 - chance))[:, None]).T @ evidence + _RIDGE * np.eye(len(weights))
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
