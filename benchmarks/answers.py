"""Questions on the news and SQuAD articles: right passage first, silence where there is none, CPU time a question."""

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


async def _measure(name: str, folder: Path, every: int) -> None:
    questions, unanswerable = SETS[name]
    articles = folder / f"{name}_articles.jsonl"
    with articles.open("w", encoding="utf-8") as out:
        subprocess.run([sys.executable, SHARED / "bench/make_articles.py", name], check=True, stdout=out)
    path = folder / f"{name}.db"
    await create_database(path)
    fill_library(path, "local", read_articles(name))
    store = await open_store(str(path))
    for form in ("q", "noisy"):
        files = []
        for which in (questions, *unanswerable):
            answers, times = await answer_rows(store, read_rows(which)[::every], form)
            write_rows(folder / f"{which}.{form}.jsonl", answers)
            files.append(folder / f"{which}.{form}.jsonl")
            if which == questions:
                times.sort()
                p50, p95 = (1000 * times[int(share * len(times))] for share in (0.5, 0.95))
        command = [sys.executable, SCORER, QUESTIONS / f"{questions}.dev.jsonl", files[0], "--articles", articles]
        if unanswerable:
            command += ["--unanswerable", *files[1:]]
        print(f"\n== {name}, {'as typed' if form == 'q' else 'with slips'}: CPU p50 {p50:.1f} ms, p95 {p95:.1f} ms")
        print(
            subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout, end=""
        )
    await store.close()


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
            asyncio.run(_measure(name, Path(folder), options.every))
    return 0
