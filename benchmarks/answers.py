"""Questions on the news and SQuAD articles: right passage first, silence where there is none, CPU time a question."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.articles import SHARED, create_database, fill_library, read_articles, write_rows
from bot.answering import Answer, answer_question
from bot.errors import BadQuestion
from db.backends import open_store

if TYPE_CHECKING:
    from db.store import Store

QUESTIONS = SHARED / "data/questions"
SCORER = SHARED / "bench/score_answers.py"
SETS = {"news": ("news_questions", ()), "squad": ("squad_questions", ("squad_out_of_corpus", "squad_unanswerable"))}


def read_rows(name: str) -> list[dict]:
    """The rows of a question set."""
    lines = (QUESTIONS / f"{name}.dev.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


async def answer_rows(store: Store, rows: list[dict], form: str) -> tuple[list[dict], list[float]]:
    """What `verbatim ask --batch` would write for each row, and the CPU seconds of each."""
    answers, times = [], []
    for row in rows:
        begun = time.process_time()
        try:
            answer = await answer_question(store, "local", row[form])
        except BadQuestion:
            continue
        times.append(time.process_time() - begun)
        passages = answer.passages if isinstance(answer, Answer) else answer.nearest
        answers.append(
            {
                "id": row["qid"],
                "answered": isinstance(answer, Answer),
                "confidence": answer.confidence,
                "passages": [
                    {
                        "article": ranked.passage.citation.external_id,
                        "start": ranked.passage.span.start,
                        "end": ranked.passage.span.end,
                    }
                    for ranked in passages
                ],
            }
        )
    return answers, times


def measure(name: str, folder: Path, every: int) -> None:
    """Build one library, ask all its questions in both forms, score them beside SQLite's own full-text search."""
    questions, unanswerable = SETS[name]
    articles = folder / f"{name}_articles.jsonl"
    with articles.open("w", encoding="utf-8") as out:
        subprocess.run([sys.executable, SHARED / "bench/make_articles.py", name], check=True, stdout=out)
    path = folder / f"{name}.db"
    asyncio.run(create_database(path))
    fill_library(path, "local", read_articles(name))
    for form in ("q", "noisy"):
        files, times = asyncio.run(_ask_sets(path, folder, (questions, *unanswerable), form, every))
        p50, p95 = (1000 * times[int(share * len(times))] for share in (0.5, 0.95))
        print(f"\n== {name}, {'as typed' if form == 'q' else 'with slips'}: CPU p50 {p50:.1f} ms, p95 {p95:.1f} ms")
        _score(questions, files[0], articles, files[1:])
        peer = folder / "fts5.jsonl"
        seconds = ask_fts5(articles, read_rows(questions)[::every], form, peer)
        print(f"-- SQLite FTS5 over sentences, any word: CPU {1000 * seconds:.1f} ms")
        _score(questions, peer, articles, [], only="R@1")


async def _ask_sets(
    path: Path, folder: Path, names: tuple[str, ...], form: str, every: int
) -> tuple[list[Path], list[float]]:
    store = await open_store(str(path))
    files, first = [], list[float]()
    for name in names:
        answers, times = await answer_rows(store, read_rows(name)[::every], form)
        files.append(folder / f"{name}.{form}.jsonl")
        write_rows(files[-1], answers)
        first = first or sorted(times)
    await store.close()
    return files, first


def _score(questions: str, answers: Path, articles: Path, unanswerable: list[Path], only: str = "") -> None:
    command = [sys.executable, SCORER, QUESTIONS / f"{questions}.dev.jsonl", answers, "--articles", articles]
    if unanswerable:
        command += ["--unanswerable", *unanswerable]
    table = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout
    print("\n".join(line for line in table.splitlines() if line.startswith(only)))


def ask_fts5(articles: Path, rows: list[dict], form: str, out: Path) -> float:
    """Answers of an FTS5 table of sentences with Porter stems, bm25 over any word; mean CPU seconds a question."""
    answers = []
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE passage USING fts5(text, doc UNINDEXED, start UNINDEXED, tokenize=porter)"
        )
        for line in articles.read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            for match in re.finditer(r"[^\n]+?(?:[.!?][”\"']*(?=\s)|$)", article["text"], re.MULTILINE):
                connection.execute("INSERT INTO passage VALUES (?, ?, ?)", (match[0], article["id"], match.start()))
        begun = time.process_time()
        for row in rows:
            words = re.findall(r"\w+", row[form])
            found = connection.execute(
                "SELECT doc, start, length(text) FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT 10",
                (" OR ".join(f'"{word}"' for word in words) or '""',),
            )
            passages = [{"article": doc, "start": start, "end": start + size} for doc, start, size in found]
            answers.append({"id": row["qid"], "answered": True, "confidence": 1.0, "passages": passages})
        seconds = (time.process_time() - begun) / len(rows)
    write_rows(out, answers)
    return seconds


def main(argv: list[str]) -> int:
    """Load, ask, score and print; `--every 10` asks every tenth question."""
    parser = argparse.ArgumentParser(prog="benchmarks answers", description=__doc__)
    parser.add_argument("--set", choices=SETS, action="append", help="only this set")
    parser.add_argument("--every", type=int, default=1, help="ask every Nth question")
    options = parser.parse_args(argv)
    if not QUESTIONS.is_dir():
        print("skipped: the question sets are not here (../shared/data)")
        return 0
    for name in options.set or SETS:
        with tempfile.TemporaryDirectory() as folder:
            measure(name, Path(folder), options.every)
    return 0
