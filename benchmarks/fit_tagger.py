"""Fit the tagger on PolNeAR's train split and write bot/reading/tagger.npz: `make fit`. Reads that split only.

With `--half` it is fitted on every second article, for `benchmarks/read_half.py` to read the others with.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.reading.tagger import MODEL_FILE, pack_model, shorten
from bot.reading.wordfeatures import ReadBlock, Vocabulary, cut_blocks, hash_features, normal_form, tabulate
from db.model import Block, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
TRAIN = ROOT.parent / "shared" / "data" / "polnear" / "train.jsonl"
FEWEST_WORDS = 5  # a rarer word is not in the vocabulary, so that no text can be put together from it
CUE_LIMITS = (0.04, 0.15, 0.35, 0.6)
HALVES = {"even": 0, "odd": 1}  # by place in the file, counted from nought
TYPES = {"direct": "D", "mixed": "M", "indirect": "I"}
SETTINGS = {"c2": 0.05, "feature.minfreq": 0, "feature.possible_transitions": False, "epsilon": 1e-4}


@dataclass(frozen=True)
class Example:
    """One article: its blocks and the label of each word, block by block."""

    read: list[ReadBlock]
    labels: list[list[str]]


def load_examples(path: Path, half: str | None = None) -> list[Example]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [as_example(row) for row in (take_half(rows, half) if half else rows)]


def take_half(rows: list[dict[str, Any]], half: str) -> list[dict[str, Any]]:
    """Every second article."""
    return rows[HALVES[half] :: 2]


def as_example(row: dict[str, Any]) -> Example:
    lines = [Span(m.start(), m.end()) for m in re.finditer(r"[^\n]*\S[^\n]*", row["text"])]
    read = cut_blocks(row["text"], [Block("paragraph" if i else "title", span) for i, span in enumerate(lines)])
    spans = sorted(gold_spans(row["quotes"]), key=lambda item: item[3])
    return Example(read, [label_block(block, spans) for block in read])


def gold_spans(quotes: Iterable[dict[str, Any]]) -> Iterable[tuple[int, int, str, int]]:
    """Start, end, label, and the order in which they overwrite each other."""
    for quote in quotes:
        cue = quote["cue"][0] if quote["cue"] else None
        for (start, end), kind in zip(quote["content"], quote["types"], strict=True):
            yield start, end, ("L" if cue is not None and start < cue else "R") + TYPES[kind], 0
        for start, end in quote["source"]:
            yield start, end, "S" if cue is not None and start < cue else "T", 1
        if quote["cue"]:
            yield *quote["cue"], "Q", 2


def label_block(block: ReadBlock, spans: Sequence[tuple[int, int, str, int]]) -> list[str]:
    words, at = block.words, block.block.span
    labels = ["O"] * len(words)
    for start, end, label, _ in spans:
        if start < at.end and end > at.start:
            first, after = bisect_right(words.ends, start), bisect_left(words.starts, end)
            labels[first:after] = ["I" + label] * (after - first)
            if first < after:
                labels[first] = "B" + label
    return labels


def learn_vocabulary(examples: Sequence[Example]) -> Vocabulary:
    """Frequent words, with how often each is a cue, or in a source, outside content."""
    seen, cues, sources, outside = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for example in examples:
        for block, labels in zip(example.read, example.labels, strict=True):
            for form, label in zip(block.words.forms, labels, strict=True):
                word = normal_form(form)
                seen[word] += 1
                cues[word] += label[-1] == "Q"
                sources[word] += label[-1] in "ST"
                outside[word] += label[-1] in "OSTQ"

    def share(counts: Counter[str], word: str) -> int:
        return sum(counts[word] / (outside[word] + 3) > limit for limit in CUE_LIMITS)

    frequent = [word for word, count in seen.most_common() if count >= FEWEST_WORDS]
    return Vocabulary(
        {w: (i, share(cues, w) if w[0].isalpha() else 0, share(sources, w)) for i, w in enumerate(frequent, 1)}
    )


def keys_of_article(example: Example, vocabulary: Vocabulary) -> list[NDArray[np.uint32]]:
    table = tabulate(example.read, vocabulary)
    keys = shorten(hash_features(table.columns))
    return [keys[start:end] for start, end in table.bounds]


@dataclass(frozen=True)
class Fitted:
    """Weights by key, shape (keys, labels), and transitions, shape (labels, labels)."""

    keys: NDArray[np.uint32]
    weights: NDArray[np.float32]
    transitions: NDArray[np.float32]


def fit_model(
    examples: Sequence[Example],
    keys_of: Callable[[int], list[NDArray[np.uint32]]],
    *,
    fewest: int,
    steps: int,
    prior: float,
) -> tuple[tuple[str, ...], Fitted]:
    """Fit a linear-chain CRF with an L1 and a small L2 prior; features seen fewer than `fewest` times are left out."""
    import pycrfsuite

    keys = [keys_of(number) for number in range(len(examples))]
    found, counts = np.unique(np.concatenate([k.ravel() for blocks in keys for k in blocks]), return_counts=True)
    kept = found[counts >= fewest]
    names = np.array([str(i) for i in range(len(kept))], dtype=object)
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    for example, blocks in zip(examples, keys, strict=True):
        for labels, block in zip(example.labels, blocks, strict=True):
            rows = np.minimum(np.searchsorted(kept, block), len(kept) - 1)
            known = kept[rows] == block
            if labels:
                trainer.append([names[r[k]].tolist() for r, k in zip(rows, known, strict=True)], labels)
    trainer.set_params({**SETTINGS, "c1": prior, "max_iterations": steps})
    with tempfile.NamedTemporaryFile(suffix=".crf") as file:
        trainer.train(file.name)
        tagger = pycrfsuite.Tagger()
        tagger.open(file.name)
        return as_fitted(tagger.info(), tuple(sorted(tagger.labels())), kept)


def as_fitted(fitted: Any, labels: tuple[str, ...], keys: NDArray[np.uint32]) -> tuple[tuple[str, ...], Fitted]:
    number = {label: i for i, label in enumerate(labels)}
    weights = np.zeros((len(keys), len(labels)), np.float32)
    for (name, label), weight in fitted.state_features.items():
        weights[int(name), number[label]] = weight
    moves = np.full((len(labels), len(labels)), -4.0, np.float32)  # what train never shows is unlikely, not impossible
    for (left, right), weight in fitted.transitions.items():
        moves[number[left], number[right]] = weight
    used = weights.any(axis=1)
    return labels, Fitted(keys[used], weights[used], moves)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks fit_tagger", description=__doc__)
    parser.add_argument("--train", type=Path, default=TRAIN)
    parser.add_argument("--half", choices=HALVES, help="fit on every second article only; needs --out")
    parser.add_argument("--out", type=Path, help="where the model goes; without it, the one that ships is replaced")
    parser.add_argument("--steps", type=int, default=75, help="optimiser steps; fewer for a quick try")
    options = parser.parse_args(argv)
    if options.half and not options.out:
        parser.error("--half needs --out: a model of half the articles must not replace the one that ships")
    out = options.out or ROOT / "bot" / "reading" / MODEL_FILE
    if not options.train.exists():
        print(f"fit: {options.train} is not here")
        return 1
    start = time.time()
    examples = load_examples(options.train, options.half)
    vocabulary = learn_vocabulary(examples)
    labels, fitted = fit_model(
        examples, lambda i: keys_of_article(examples[i], vocabulary), fewest=5, steps=options.steps, prior=1.2
    )
    arrays = pack_model(vocabulary, labels, fitted.keys, fitted.weights, fitted.transitions)
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]  # numpy types keywords as its own flag
    print(f"{time.time() - start:5.0f} s  wrote {out}, {out.stat().st_size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
