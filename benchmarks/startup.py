"""What a running bot costs: CPU until ready, resident memory, and how long a load keeps the event loop from turning.

The bot is real (client, cogs, database, reading process); only the connection to Discord is left out, so nothing here
depends on a network. Each figure is taken in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from importlib import resources
from pathlib import Path

LIMITS = {
    "CPU until ready, s": 1.0,
    "resident memory, MB": 120.0,
    "longest stall of the event loop, ms": 50.0,
    "longest stall by /article file, ms": 50.0,
}
WORDS = 10_000
TICK_S = 0.001


def main(argv: list[str]) -> int:
    """Print the figures beside their limits; 1 where one is over."""
    parser = argparse.ArgumentParser(prog="benchmarks startup", description=__doc__)
    parser.add_argument("--part", choices=list(PARTS), help=argparse.SUPPRESS)
    parser.add_argument("--runs", type=int, default=3, help="take the median of so many processes (default 3)")
    options = parser.parse_args(argv)
    if options.part:
        print(json.dumps(asyncio.run(PARTS[options.part]())))
        return 0
    worst = 0
    for part in PARTS:
        runs = [_run(part) for _ in range(options.runs)]
        for name in runs[0]:
            value = sorted(run[name] for run in runs)[len(runs) // 2]
            limit = LIMITS.get(name)
            worst |= int(limit is not None and value > limit)
            print(f"{name:<58} {value:8.2f}" + (f"   limit {limit:g}" if limit else ""))
    return worst


def _run(part: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "startup", "--part", part], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


async def _ready() -> dict[str, float]:
    """A bot over a library that holds the sample articles: what it took to get there, and what it holds."""
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(folder)
        from bot.app import open_app
        from bot.client import VerbatimBot, find_cogs

        async with open_app(settings) as app:
            bot = VerbatimBot(app)
            for cog in find_cogs():
                await bot.load_extension(cog)
            cpu_s = time.process_time()
            await _load_samples(app)
            await app.ask("samples", "how much will the repair of the bridge cost?")
            memory = _resident_mb(os.getpid())
            children = sum(_resident_mb(pid) for pid in _children())
            await bot.close()
    return {
        "CPU until ready, s": cpu_s,
        "resident memory, MB": memory,
        "  its reading process while kept, MB": children,
    }


async def _stall() -> dict[str, float]:
    """The longest time between two turns of the loop while a long article is loaded, and how long the load took."""
    from bot.app import open_app
    from bot.loading import Source
    from db.model import Acquisition

    with tempfile.TemporaryDirectory() as folder:
        async with open_app(_settings(folder)) as app:
            await _load_samples(app)
            watch = asyncio.create_task(_longest_gap_s())
            await asyncio.sleep(0.1)
            started = time.perf_counter()
            await app.load("samples", Source(text=long_article(WORDS)), Acquisition(way="paste"))
            took_s = time.perf_counter() - started
            watch.cancel()
            return {
                "longest stall of the event loop, ms": (await watch) * 1000,
                f"  while an article of {WORDS:,} words is loaded in, s": took_s,
            }


async def _stall_by_command() -> dict[str, float]:
    """The same through `/article file` of the real client, on the simulated Discord of the preview."""
    from bot.app import open_app
    from bot.preview import load_samples, open_newsroom

    with tempfile.TemporaryDirectory() as folder:
        async with open_app(_settings(folder)) as app, open_newsroom(app) as room:
            await load_samples(app)
            watch = asyncio.create_task(_longest_gap_s())
            await asyncio.sleep(0.1)
            article = ("alder.md", long_article(WORDS).encode())
            await room.moderator.slash(room.channel, "article file", file=article)
            watch.cancel()
            return {"longest stall by /article file, ms": (await watch) * 1000}


async def _longest_gap_s() -> float:
    longest, last = 0.0, time.perf_counter()
    try:
        while True:
            await asyncio.sleep(TICK_S)
            now = time.perf_counter()
            longest, last = max(longest, now - last - TICK_S), now
    except asyncio.CancelledError:
        return longest


def long_article(words: int) -> str:
    """The sample articles' sentences over and over, each time with other numbers, until there are enough words."""
    text = (
        resources.files("bot.samples")
        .joinpath("river-alder.md")
        .read_text(encoding="utf-8")
        .split("By Tomasz Brandt")[1]
    )
    parts = [
        re.sub(r"\d+", lambda found, add=repeat: str(int(found[0]) + add), text.strip())
        for repeat in range(words // len(text.split()) + 1)
    ]
    return "The whole record of the Alder inquiry\n\n" + "\n\n".join(parts)


async def _load_samples(app: object) -> None:
    from bot.loading import Source
    from db.model import Acquisition

    for sample in resources.files("bot.samples").iterdir():
        if not sample.name.endswith((".py", "__")):
            await app.load("samples", Source(raw=sample.read_bytes(), name=sample.name), Acquisition(way="file"))


def _settings(folder: str) -> object:
    from bot.config import load_settings

    return load_settings(db=str(Path(folder) / "bench.db"))


def _resident_mb(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
    return int(found[1]) / 1024 if found else 0.0


def _children() -> list[int]:
    tasks = Path(f"/proc/{os.getpid()}/task").iterdir()
    return [int(pid) for task in tasks for pid in (task / "children").read_text(encoding="ascii").split()]


PARTS = {"ready": _ready, "stall": _stall, "command": _stall_by_command}

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
