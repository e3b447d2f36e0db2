"""The worker: what a dead, hung or greedy child costs."""

import asyncio
import contextlib
import os
import signal
import sys
import time

import pytest

from bot.config import ReadingSettings
from bot.errors import ReadingTimedOut, UnreadableInput, WorkerBusy
from bot.worker import Worker, open_worker

MIB = 1024 * 1024
SETTINGS = ReadingSettings(deadline_s=20.0, memory_limit_bytes=256 * MIB)
HASTY = ReadingSettings(deadline_s=0.5, memory_limit_bytes=256 * MIB)


# Jobs are named functions of the standard library, because the child does not know this test file.
def run(job):
    return asyncio.run(job)


async def in_worker(settings, *jobs):
    """Outcomes of jobs run one after another in one worker; an exception counts as an outcome."""
    outcomes = []
    async with open_worker(settings) as worker:
        for function, *args in jobs:
            try:
                outcomes.append(await worker.run(function, *args))
            except Exception as error:  # noqa: BLE001 (the outcome is what is looked at)
                outcomes.append(error)
    return outcomes


def test_job_runs_in_another_process():
    (pid,) = run(in_worker(SETTINGS, (os.getpid,)))

    assert pid != os.getpid()


def test_one_child_serves_many_jobs():
    first, second = run(in_worker(SETTINGS, (os.getpid,), (os.getpid,)))

    assert first == second


def test_child_starts_only_when_there_is_a_job():
    worker = Worker(SETTINGS)

    assert worker._child is None
    worker.close()


def test_hung_job_is_killed_and_the_next_one_works():
    hung, after = run(in_worker(HASTY, (time.sleep, 60), (len, "four")))

    assert isinstance(hung, ReadingTimedOut)
    assert "0.5 seconds" in str(hung)
    assert after == 4


def test_child_that_dies_costs_one_job():
    dead, after = run(in_worker(SETTINGS, (os._exit, 3), (len, "four")))

    assert isinstance(dead, ReadingTimedOut)
    assert after == 4


def test_child_killed_from_outside_costs_one_job():
    async def scenario():
        async with open_worker(SETTINGS) as worker:
            pid = await worker.run(os.getpid)
            os.kill(pid, signal.SIGKILL)
            outcomes = []
            for _ in range(2):
                try:
                    outcomes.append(await worker.run(len, "four"))
                except ReadingTimedOut:
                    outcomes.append(None)
            return outcomes

    assert run(scenario())[-1] == 4


def test_greedy_job_meets_the_memory_limit_and_the_next_one_works():
    greedy, after = run(in_worker(SETTINGS, (bytearray, 1024 * MIB), (len, "four")))

    assert isinstance(greedy, ReadingTimedOut)
    assert "memory" in str(greedy)
    assert after == 4


def test_unforeseen_error_becomes_a_sentence_with_a_reference(caplog):
    failed, after = run(in_worker(SETTINGS, (int, "no number"), (len, "four")))

    assert isinstance(failed, UnreadableInput)
    reference = str(failed).split("reference ")[1][:8]
    assert reference in caplog.text
    assert "ValueError" in caplog.text
    assert after == 4


def test_what_a_library_prints_does_not_disturb_the_exchange():
    printed, after = run(in_worker(SETTINGS, (print, "noise" * 1000), (len, "four")))

    assert (printed, after) == (None, 4)


def test_full_queue_refuses_in_a_sentence():
    settings = ReadingSettings(deadline_s=20.0, memory_limit_bytes=256 * MIB, queue_limit=1)

    async def scenario():
        async with open_worker(settings) as worker:
            waiting = [asyncio.ensure_future(worker.run(time.sleep, 0.2)) for _ in range(2)]
            await asyncio.sleep(0)
            with pytest.raises(WorkerBusy, match="try again"):
                await worker.run(len, "four")
            await asyncio.gather(*waiting)
            return await worker.run(len, "four")

    assert run(scenario()) == 4


def test_cancelled_job_ends_its_child():
    async def scenario():
        async with open_worker(SETTINGS) as worker:
            pid = await worker.run(os.getpid)
            task = asyncio.ensure_future(worker.run(time.sleep, 60))
            await asyncio.get_running_loop().run_in_executor(None, time.sleep, 0.1)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            return pid, await worker.run(os.getpid)

    before, after = run(scenario())

    assert before != after


def test_closing_leaves_no_process():
    async def scenario():
        async with open_worker(SETTINGS) as worker:
            return await worker.run(os.getpid)

    pid = run(scenario())

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_child_imports_nothing_of_the_parents_main_module():
    (names,) = run(in_worker(SETTINGS, (eval, "sorted(__import__('sys').modules)")))

    assert "pytest" in sys.modules
    assert not {"pytest", "discord", "aiosqlite", "numpy"} & set(names)


def test_inline_worker_runs_here():
    async def scenario():
        async with open_worker(SETTINGS, inline=True) as worker:
            return await worker.run(os.getpid)

    assert run(scenario()) == os.getpid()
