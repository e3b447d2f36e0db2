"""Kill a loading process again and again and say what the database looked like afterwards.

Run as a program: `python kill_loop.py DATABASE SEED SECONDS`. It forks instead of starting Python anew, so that some
hundred kills fit into a few seconds. Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field

from db.errors import ArticleNotFound
from db.model import Acquisition, Block, Fact, Head, Quotation, Reading, Span, Speaker
from db.sqlite.store import open_sqlite

NAMES = 6
ABSENT = 0


def make_reading(name, version):
    """Version `version` of article `name`; every part of it follows from the two numbers."""
    title = f"Article {name} version {version}"
    sentences = [f"“Claim {name}x{version}x{i} stands,” said Ann{i % 7} Lee{version % 3}." for i in range(version % 30)]
    text = "\n\n".join([title, *sentences])
    spans, start = [], 0
    for part in (title, *sentences):
        spans.append(Span(start, start + len(part)))
        start += len(part) + 2
    quotations = tuple(
        Quotation(
            "direct",
            (Span(span.start, text.index("”", span.start) + 1),),
            None,
            (Span(span.end - 10, span.end - 1),),
            f"Ann{i % 7} Lee{version % 3}",
            0.5,
            "rule",
        )
        for i, span in enumerate(spans[1:])
    )
    blocks = tuple(Block("paragraph" if i else "title", span) for i, span in enumerate(spans))
    speakers = tuple(Speaker(one, ("the captain",)) for one in dict.fromkeys(q.speaker for q in quotations))
    return Reading(text, Head(title=title), blocks, tuple(spans), quotations, (Fact(spans[0]),), speakers)


async def load_for_ever(path, seed, ids, report):
    """Change articles at random, saying before and after each change what it is."""
    choose = random.Random(seed)
    store = await open_sqlite(path)
    os.write(report, b"open\n")
    version = seed * 10_000
    while True:
        name, version = choose.randrange(NAMES), version + 1
        if name in ids and choose.random() < 0.2:
            os.write(report, f"begin {name} {ABSENT} 0\n".encode())
            await store.remove_article("here", ids.pop(name), actor=None)
            os.write(report, f"done {name} {ABSENT} 0\n".encode())
        else:
            os.write(report, f"begin {name} {version} 0\n".encode())
            got = Acquisition("cli", external_id=str(name))
            added = await store.add_article("here", make_reading(name, version), got)
            ids[name] = added.article_id
            os.write(report, f"done {name} {version} {added.article_id}\n".encode())


@dataclass
class Ledger:
    """What was acknowledged, and what was under way at the kill: article name → version, and → row id."""

    acknowledged: dict[int, int] = field(default_factory=dict)
    under_way: dict[int, int] = field(default_factory=dict)
    ids: dict[int, int] = field(default_factory=dict)

    def read(self, lines):
        for line in lines:
            word, *numbers = line.split()
            if word == "open":
                continue
            name, version, article_id = map(int, numbers)
            if word == "begin":
                self.under_way[name] = version
            else:
                del self.under_way[name]
                self.acknowledged[name] = version
                self.ids[name] = article_id


def check_file(path):
    """What SQLite itself finds wrong, and rows that belong to no article or are missing from the index."""
    with closing(sqlite3.connect(path)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA quick_check") if row[0] != "ok"]
        found += [str(row) for row in connection.execute("PRAGMA foreign_key_check")]
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            return found
        queries = {
            "an article without its text": """
                SELECT count(*) FROM article AS a LEFT JOIN revision AS r ON r.id = a.revision_id
                WHERE r.id IS NULL""",
            "an article missing from the index": """
                SELECT count(*) FROM article AS a LEFT JOIN search_article AS s
                ON s.library_id = a.library_id AND s.article_id = a.id AND s.revision_id = a.revision_id
                WHERE s.article_id IS NULL""",
            "an index entry without an article": """
                SELECT count(*) FROM search_article AS s LEFT JOIN article AS a
                ON s.library_id = a.library_id AND s.article_id = a.id AND s.revision_id = a.revision_id
                WHERE a.id IS NULL""",
            "a change that no log line tells of": """
                SELECT (SELECT count(*) FROM revision)
                    > (SELECT count(*) FROM change WHERE verb IN ('add', 'update'))""",
        }
        return found + [what for what, query in queries.items() if connection.execute(query).fetchone()[0]]


async def check_articles(path, ledger):
    """Compare every article with what it must be; returns what is wrong and how the change under way ended."""
    wrong, ended = [], None
    store = await open_sqlite(path)
    listed = {int(summary.external_id): summary.id for summary in await store.find_articles("here", limit=100)}
    for name in range(NAMES):
        version = ABSENT
        try:
            if name in listed:
                article = await store.get_article("here", listed[name])
                version = int(article.head.title.rpartition(" ")[2])
                wrong += compare(article, make_reading(name, version))
        except (ArticleNotFound, ValueError, IndexError) as error:
            wrong.append(f"article {name}: {error!r}")
        expected = ledger.acknowledged.get(name, ABSENT)
        if name in ledger.under_way:
            ended = "before" if version == expected else "after"
        if version not in {expected, ledger.under_way.get(name, expected)}:
            wrong.append(f"article {name} is version {version}, acknowledged was {expected}")
        ledger.acknowledged[name] = version
    wrong += await store.check_index("here")
    await store.close()
    ledger.ids = listed
    ledger.under_way.clear()
    return wrong, ended


def compare(article, reading):
    stored = (article.text, article.blocks, article.sentences, article.facts)
    read = (reading.text, reading.blocks, reading.sentences, reading.facts)
    quotations = tuple(one.quotation for one in article.quotations)
    return [] if stored == read and quotations == reading.quotations else [f"{reading.head.title} is not whole"]


def run_and_kill(path, seed, ledger, choose):
    """Start one loading process and kill it at a random moment, sometimes before it has opened the database."""
    reading_end, writing_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading_end)
        asyncio.run(load_for_ever(path, seed, dict(ledger.ids), writing_end))
    os.close(writing_end)
    with os.fdopen(reading_end) as told:
        lines = [told.readline()] if choose.random() < 0.8 else []
        time.sleep(choose.random() * choose.choice([0.002, 0.01, 0.04]))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        # A line is written in one call, so none is torn.
        ledger.read(line for line in [*lines, *told] if line)


def main(path, seed, seconds):
    choose, ledger = random.Random(seed), Ledger()
    ended, wrong, kills, stop = [], [], 0, time.monotonic() + seconds
    while time.monotonic() < stop and not wrong:
        kills += 1
        run_and_kill(path, kills, ledger, choose)
        wrong += check_file(path)
        found, how = asyncio.run(check_articles(path, ledger))
        wrong += found
        ended.append(how)
    report = {"kills": kills, "wrong": wrong, "before": ended.count("before"), "after": ended.count("after")}
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
