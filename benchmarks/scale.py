"""Speed and size: a million passages in one library, a thousand libraries of a thousand, fifty questions while loading.

The million is the PolNeAR news articles plus made-up articles of spliced sentences: the first half of one real sentence
and the second half of another, with every third attributed to somebody who speaks in the corpus. No half comes from an
article that a question is about, because a copy of the right words would be as right.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import tempfile
import time
from contextlib import closing
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from benchmarks.articles import SHARED, create_database, fill_library, read_articles
from bot.answering import Answer, answer_question
from db.backends import open_store
from db.model import Acquisition, Block, Fact, Head, Quotation, Reading, Span, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

_SENTENCES = 40


def splice_articles(readings: list[Reading], seed: int) -> Iterator[tuple[str, Reading]]:
    """Endless made-up articles of 40 sentences."""
    random = Random(seed)
    halves = [
        (words[: len(words) // 2], words[len(words) // 2 :])
        for reading in readings
        for span in reading.sentences
        if 6 <= len(words := span.slice(reading.text).split()) <= 60
    ]
    names = sorted({q.speaker for reading in readings for q in reading.quotations if q.speaker})
    number = 0
    while True:
        number += 1
        yield f"spliced-{seed}-{number}", _splice(random, halves, names)


def _splice(random: Random, halves: list[tuple[list[str], list[str]]], names: list[str]) -> Reading:
    parts, sentences, quotations, facts, at = [], [], [], [], 0
    speakers = random.sample(names, min(4, len(names)))
    for index in range(_SENTENCES):
        words = " ".join([*random.choice(halves)[0], *random.choice(halves)[1]])
        speaker = random.choice(speakers) if index % 3 == 2 else None
        line = f"“{words}” said {speaker}." if speaker else words
        span = Span(at, at + len(line))
        sentences.append(span)
        if speaker:
            content, source = Span(at, at + len(words) + 2), Span(span.end - len(speaker) - 1, span.end - 1)
            quotations.append(Quotation("direct", (content,), None, (source,), speaker, 0.9, "spliced"))
        else:
            facts.append(Fact(span))
        parts.append(line)
        at = span.end + 2
    return Reading(
        text="\n\n".join(parts),
        head=Head(title=" ".join(parts[0].split()[:8])),
        blocks=tuple(Block("paragraph", span) for span in sentences),
        sentences=tuple(sentences),
        quotations=tuple(quotations),
        facts=tuple(facts),
        speakers=tuple(Speaker(name) for name in speakers),
    )


def read_questions(count: int) -> list[dict]:
    """A fixed sample of the news dev questions whose article is loaded."""
    folder = SHARED / "data/questions"
    hidden = set(json.loads((folder / "news_hidden_docs.dev.json").read_text()))
    lines = (folder / "news_questions.dev.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if any(g["doc"] not in hidden for g in row["gold"])]
    return Random(1).sample(rows, min(count, len(rows)))


async def ask_all(path: Path, library: str, questions: list[dict], form: str) -> dict[str, float]:
    """CPU time a question through the store and the ranking, R@1, and the longest stall of the event loop."""
    store = await open_store(str(path))
    await answer_question(store, library, "who said anything about taxes")  # reads the weights
    times, right = [], 0
    watch = asyncio.create_task(_watch_stall())
    for row in questions:
        begun = time.process_time()
        answer = await answer_question(store, library, row[form])
        times.append(time.process_time() - begun)
        passages = answer.passages if isinstance(answer, Answer) else answer.nearest
        right += bool(passages) and _is_right(passages[0].passage, row["gold"])
    watch.cancel()
    stall = max(_stalls, default=0.0)
    _stalls.clear()
    await store.close()
    times.sort()
    return {
        "p50 ms": 1000 * times[len(times) // 2],
        "p95 ms": 1000 * times[int(0.95 * len(times))],
        "R@1": right / len(questions),
        "stall ms": 1000 * stall,
    }


_stalls: list[float] = []


async def _watch_stall() -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.002)
        _stalls.append(time.perf_counter() - before - 0.002)


def _is_right(passage, gold: list[dict]) -> bool:
    for one in gold:
        shared = min(one["end"], passage.span.end) - max(one["start"], passage.span.start)
        shorter = min(one["end"] - one["start"], passage.span.end - passage.span.start)
        if one["doc"] == passage.citation.external_id and 2 * shared >= shorter:
            return True
    return False


def count_passages(path: Path) -> int:
    """How many sentences a database holds."""
    with closing(sqlite3.connect(path)) as connection:
        [(sentences,)] = connection.execute("SELECT coalesce(sum(sentence_count), 0) FROM search_library").fetchall()
    return int(sentences)


def measure_index(path: Path) -> float:
    """Bytes of the search tables and their indexes for each sentence."""
    with closing(sqlite3.connect(path)) as connection:
        [(size,)] = connection.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search_%'").fetchall()
        [(sentences,)] = connection.execute("SELECT sum(sentence_count) FROM search_library").fetchall()
    return size / sentences


async def measure_add(path: Path, library: str, articles: list[tuple[str, Reading]]) -> float:
    """CPU milliseconds until an article of 40 sentences is stored and searchable, median."""
    store = await open_store(str(path))
    times = []
    for external_id, reading in articles:
        begun = time.process_time()
        await store.add_article(library, reading, Acquisition(way="cli", external_id=external_id))
        times.append(time.process_time() - begun)
    await store.close()
    return 1000 * sorted(times)[len(times) // 2]


async def ask_while_loading(path: Path, library: str, questions: list[dict], articles: Iterator) -> tuple[float, float]:
    """Wall p95 of fifty questions at once, idle and while articles are being added."""
    store = await open_store(str(path))

    async def ask(row: dict) -> float:
        begun = time.perf_counter()
        await answer_question(store, library, row["noisy"])
        return time.perf_counter() - begun

    async def load() -> None:
        for external_id, reading in articles:
            await store.add_article(library, reading, Acquisition(way="cli", external_id=external_id))

    idle = sorted(await asyncio.gather(*map(ask, questions[:50])))
    loading = asyncio.create_task(load())
    busy = sorted(await asyncio.gather(*map(ask, questions[:50])))
    loading.cancel()
    await asyncio.gather(loading, return_exceptions=True)
    await store.close()
    return idle[47], busy[47]


async def _run(folder: Path, passages: int, libraries: int, asked: int) -> None:
    news = read_articles("news")
    questions = read_questions(asked)
    big = folder / "million.db"
    asked_about = {gold["doc"] for row in read_questions(10**6) for gold in row["gold"]}
    others = [reading for name, reading in news + read_articles("squad") if name not in asked_about]
    spliced = splice_articles(others, seed=count_passages(big) if big.exists() else 0)
    if not big.exists():
        await create_database(big)
        fill_library(big, "local", news)
    for form in ("q", "noisy"):
        print(f"news alone, {form}: {_line(await ask_all(big, 'local', questions, form))}")
    begun = time.process_time()
    fill_library(big, "local", islice(spliced, passages // _SENTENCES))
    total = count_passages(big)
    print(f"{passages:,} passages added in {time.process_time() - begun:.0f} s of CPU")
    for form in ("q", "noisy"):
        print(f"with {total:,} passages, {form}: {_line(await ask_all(big, 'local', questions, form))}")
    print(f"index: {measure_index(big):.0f} bytes a passage")
    print(f"an article of 40 sentences: {await measure_add(big, 'local', list(islice(spliced, 50))):.1f} ms of CPU")
    idle, busy = await ask_while_loading(big, "local", questions, islice(spliced, 400))
    print(f"50 questions at once, wall p95: idle {1000 * idle:.0f} ms, while loading {1000 * busy:.0f} ms")
    many = folder / "many.db"
    await create_database(many)
    for number in range(libraries):
        fill_library(many, f"library-{number}", islice(spliced, 1000 // _SENTENCES))
        if number == 0:
            print(f"one library of 1,000: {_line(await ask_all(many, 'library-0', questions, 'noisy'))}")
    print(f"among {libraries:,} such: {_line(await ask_all(many, 'library-0', questions, 'noisy'))}")


def _line(measures: dict[str, float]) -> str:
    return "  ".join(
        f"{name} {value:.3f}" if name == "R@1" else f"{name} {value:.1f}" for name, value in measures.items()
    )


def main(argv: list[str]) -> int:
    """Build, ask and print; `--passages 20000 --libraries 20` for a quick look."""
    parser = argparse.ArgumentParser(prog="benchmarks scale", description=__doc__)
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--libraries", type=int, default=1000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--folder", type=Path, help="where the databases are built (a temporary folder)")
    options = parser.parse_args(argv)
    if not (SHARED / "data/questions").is_dir():
        print("skipped: the question sets are not here (../shared/data)")
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        asyncio.run(_run(folder, options.passages, options.libraries, options.questions))
    return 0
