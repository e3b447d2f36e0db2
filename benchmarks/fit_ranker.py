"""Fits bot/matching/ranking.json: the order of sentences and the confidence in the first; needs lightgbm.

Fitted on questions made by template from PolNeAR's *train* split (benchmarks/questions.py), asked of a library without
a hundred of their articles, and on half of the SQuAD dev questions (articles drawn by a fixed seed). The news dev
questions and the other half of SQuAD are only looked at. A third part asks the same questions of libraries that
hold a single article, so that a server's first article is answered as well as its ten-thousandth.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.answers import read_rows
from benchmarks.articles import SHARED, create_database, fill_library, read_articles
from benchmarks.questions import make_questions, rows
from bot.errors import BadQuestion
from bot.matching.features import FEATURES, score_sentences
from bot.matching.query import parse_question
from bot.matching.rank import confidence_row
from db.model import Search
from db.sqlite import search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Candidates

TODAY = date(2026, 1, 1)
TARGET = Path(__file__).resolve().parents[1] / "bot/matching/ranking.json"
# Half as many again as answering reads, so that the order has been shown what it must leave behind.
CHUNKS = 60
TREES = {
    "num_leaves": 15,
    "min_child_samples": 40,
    "subsample": 0.8,
    "subsample_freq": 1,
    "colsample_bytree": 0.6,
    "reg_lambda": 5,
    "n_jobs": 1,
    "verbose": -1,
    "random_state": 0,
}
# A confidence may only rise with what speaks for a passage and fall with what is missing, whatever the sample says.
RISING = {"topic_cover", "topic_cover_near", "cover", "pair_share", "loose_pair_share", "run_share", "run_words"}
RISING |= {"speaker_named", "speaker_exact", "topic_in_content", "exact_share", "number_share", "has_type"}
RISING |= {"printed_share", "voice_confidence"}
FALLING = {"missing_rarest", "unknown_share", "top_gap"}


@dataclass(slots=True)
class Asked:
    """Feature rows of many questions; `groups` holds (size, answerable) for each."""

    features: list[tuple[float, ...]] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    chunks: list[int] = field(default_factory=list)
    groups: list[tuple[int, bool]] = field(default_factory=list)

    def ask(
        self, connection: sqlite3.Connection, library: str, question: str, gold: Sequence[tuple], *, hide: bool = True
    ) -> None:
        """Look one question up; where `hide`, of every second answerable one also what its article's absence leaves."""
        try:
            parsed = parse_question(question, today=TODAY)
        except BadQuestion:
            return
        [(library_id,)] = connection.execute("SELECT id FROM library WHERE name = ?", (library,)).fetchall()
        found = search.find_candidates(connection, library_id, Search(parsed.words, parsed.speaker), limit=CHUNKS)
        self._add(parsed, found, gold)
        if hide and gold and len(self.groups) % 2:
            docs = {article for article, _, _ in gold}
            kept = tuple(chunk for chunk in found.chunks if chunk.citation.external_id not in docs)
            self._add(parsed, dataclasses.replace(found, chunks=kept), ())

    def _add(self, parsed: Any, found: Candidates, gold: Sequence[tuple]) -> None:
        scored = score_sentences(parsed, found)
        places: dict[tuple[int, int], int] = {}
        for one in scored:
            key = (one.candidate.citation.article_id, one.candidate.offset)
            self.features.append(one.row)
            self.right.append(is_right(one.candidate.citation.external_id, one.sentence, gold))
            self.chunks.append(places.setdefault(key, len(places)))
        if scored:
            self.groups.append((len(scored), bool(gold)))


def is_right(article: str | None, span: Any, gold: Sequence[tuple]) -> bool:
    """As score_answers.py has it: half of the shorter one's characters are shared."""
    return any(
        article == doc and 2 * (min(end, span.end) - max(start, span.start)) >= min(end - start, span.end - span.start)
        for doc, start, end in gold
    )


def split_squad(articles: Sequence[str]) -> set[str]:
    """The half of the SQuAD articles that is fitted on."""
    shuffled = sorted(articles)
    Random(5).shuffle(shuffled)
    return set(shuffled[: len(shuffled) // 2])


async def ask_everything(folder: Path) -> list[Asked]:
    """The three training parts: news, SQuAD, single articles."""
    path, random = folder / "fit.db", Random(11)
    await create_database(path)
    docs = rows(SHARED / "data/polnear/train.jsonl")
    hidden = set(random.sample([doc["doc_id"] for doc in docs], 100))
    news, squad = read_articles("news"), read_articles("squad")
    made = make_questions(docs, 7, 6)
    fill_library(path, "news", [(name, reading) for name, reading in news if name not in hidden])
    fill_library(path, "squad", squad)
    alone = random.sample([item for item in news if item[0] not in hidden], 150) + squad
    for name, reading in alone:
        fill_library(path, name, [(name, reading)])
    parts = [Asked(), Asked(), Asked()]
    singles = {name for name, _ in alone}
    half = split_squad([name for name, _ in squad])
    text = {name: reading.text for name, reading in squad}
    with closing(sqlite3.connect(path)) as connection:
        for row in made:
            gold = [(g["doc"], g["start"], g["end"]) for g in row["gold"]]
            for form in ("q", "noisy"):
                parts[0].ask(connection, "news", row[form], [] if gold[0][0] in hidden else gold)
            own = gold[0][0] in singles
            library = gold[0][0] if own else random.choice(alone)[0]
            if own or random.random() < 0.2:
                parts[2].ask(connection, library, row[random.choice(("q", "noisy"))], gold if own else [])
        sentence = {row["pid"]: row["text"] for row in read_rows("squad_sentences")}
        for row in read_rows("squad_questions"):
            if row["doc"] in half:
                spans = [
                    (row["doc"], at, at + len(sentence[p]))
                    for p in row["gold_s"]
                    if (at := text[row["doc"]].find(sentence[p])) >= 0
                ]
                for form in ("q", "noisy"):
                    parts[1].ask(connection, "squad", row[form], spans, hide=False)
        for name in ("squad_out_of_corpus", "squad_unanswerable"):
            for row in read_rows(name)[::2]:
                for form in ("q", "noisy"):
                    parts[1].ask(connection, "squad", row[form], [])
    return parts


def select(asked: Asked, groups: Sequence[int]) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Features, labels and sizes of those groups in which a right sentence was found."""
    ends = np.cumsum([size for size, _ in asked.groups])
    features, right = np.array(asked.features), np.array(asked.right)
    kept = [slice(ends[at] - asked.groups[at][0], ends[at]) for at in groups]
    kept = [part for part in kept if right[part].any()]
    return (
        np.concatenate([features[part] for part in kept]),
        np.concatenate([right[part] for part in kept]),
        [part.stop - part.start for part in kept],
    )


def fit_order(parts: Sequence[tuple[Asked, Sequence[int]]]) -> Any:
    """A LambdaRank forest."""
    import lightgbm

    chosen = [select(*part) for part in parts]
    model = lightgbm.LGBMRanker(
        objective="lambdarank", n_estimators=300, learning_rate=0.06, lambdarank_truncation_level=3, **TREES
    )
    return model.fit(
        np.concatenate([part[0] for part in chosen]),
        np.concatenate([part[1] for part in chosen]).astype(int),
        group=[size for part in chosen for size in part[2]],
    )


def judge(asked: Asked, groups: Sequence[int], order: Any) -> tuple[list, list[bool], list[bool]]:
    """Confidence rows of ranked groups, whether their first is right, and whether they could be answered."""
    ends = np.cumsum([size for size, _ in asked.groups])
    features = np.array(asked.features)
    scores = order.predict(features)
    found: tuple[list, list[bool], list[bool]] = ([], [], [])
    for at in groups:
        places = range(ends[at] - asked.groups[at][0], ends[at])
        ranked = sorted(places, key=lambda place: -scores[place])
        found[0].append(
            confidence_row(
                [asked.features[place] for place in ranked],
                [float(scores[place]) for place in ranked],
                [asked.chunks[place] for place in ranked],
            )
        )
        found[1].append(asked.right[ranked[0]])
        found[2].append(asked.groups[at][1])
    return found


def fit_sure(parts: Sequence[Asked]) -> Any:
    """A forest for the confidence, on rankings by forests that did not see the questions they rank."""
    import lightgbm

    judged: list[tuple[list, list[bool], list[bool]]] = []
    for fold in (0, 1):
        seen = [(part, [at for at in range(len(part.groups)) if (at // 4) % 2 == fold]) for part in parts]
        order = fit_order(seen)
        judged += [
            judge(part, [at for at in range(len(part.groups)) if (at // 4) % 2 != fold], order) for part in parts
        ]
    weights = []
    for _, _, answerable in judged:
        share = sum(answerable) / max(1, len(answerable) - sum(answerable))
        weights += [1.0 if able else share for able in answerable]
    first = [1 if name in RISING else -1 if name in FALLING else 0 for name in FEATURES]
    model = lightgbm.LGBMClassifier(
        n_estimators=150,
        learning_rate=0.05,
        monotone_constraints=[*first, 0, 1, 1, 0, 0],
        **(TREES | {"num_leaves": 8, "min_child_samples": 60}),
    )
    return model.fit(
        np.array([row for rows_, _, _ in judged for row in rows_]),
        np.array([ok for _, right, _ in judged for ok in right]).astype(int),
        sample_weight=np.array(weights),
    )


def flatten(model: Any) -> list[dict[str, Any]]:
    """A forest as lists by node; a leaf is its own child."""
    return [_flatten_tree(tree["tree_structure"]) for tree in model.booster_.dump_model()["tree_info"]]


def _flatten_tree(root: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, list] = {key: [] for key in ("feature", "threshold", "left", "right", "value")}

    def add(node: dict[str, Any]) -> int:
        at = len(out["value"])
        for values in out.values():
            values.append(0)
        if "split_feature" not in node:
            out["value"][at] = round(node["leaf_value"], 5)
            out["left"][at] = out["right"][at] = at
        else:
            out["feature"][at], out["threshold"][at] = node["split_feature"], float(f"{node['threshold']:.6g}")
            out["left"][at], out["right"][at] = add(node["left_child"]), add(node["right_child"])
        return at

    add(root)
    return out


def main(argv: list[str]) -> int:
    """Ask, fit, write the data file."""
    parser = argparse.ArgumentParser(prog="benchmarks.fit_ranker", description=__doc__)
    parser.add_argument("--threshold", type=float, default=0.5, help="confidence from which a passage is an answer")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        parts = asyncio.run(ask_everything(Path(folder)))
    order = fit_order([(part, range(len(part.groups))) for part in parts])
    kept = {
        "about": " ".join((__doc__ or "").split()),
        "features": list(FEATURES),
        "threshold": options.threshold,
        "order": flatten(order),
        "sure": flatten(fit_sure(parts)),
    }
    TARGET.write_text(json.dumps(kept).replace('{"feature"', '\n{"feature"') + "\n", encoding="utf-8")
    print(f"wrote {TARGET}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
