"""Logs: their two forms, and what never stands in them."""

from __future__ import annotations

import io
import json
import logging

import pytest

from bot.config import LogSettings
from bot.log import log_failure, set_up_logging

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB"


@pytest.fixture
def stream():
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield io.StringIO()
    root.handlers[:] = before
    root.setLevel(level)


def test_text_lines_carry_time_level_and_logger(stream):
    set_up_logging(LogSettings(), stream=stream)

    logging.getLogger("bot.test").info("ready")

    assert stream.getvalue().endswith("Z INFO bot.test: ready\n")


def test_json_lines_are_objects_with_extra_fields(stream):
    set_up_logging(LogSettings(format="json"), stream=stream)

    logging.getLogger("bot.test").warning("slow\nload", extra={"seconds": 3})

    entry = json.loads(stream.getvalue())
    assert (entry["level"], entry["message"], entry["seconds"]) == ("warning", "slow\nload", 3)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_token_in_a_traceback_is_blotted_out(stream, form):
    set_up_logging(LogSettings(format=form), stream=stream)

    log_failure(logging.getLogger("bot.test"), "ask", ValueError(f"Authorization: Bot {TOKEN}"))

    assert TOKEN not in stream.getvalue()
    assert "[token]" in stream.getvalue()


def test_the_reference_a_person_sees_stands_in_the_log(stream):
    set_up_logging(LogSettings(format="json"), stream=stream)

    reference = log_failure(logging.getLogger("bot.test"), "ask", ValueError("boom"))

    entry = json.loads(stream.getvalue())
    assert entry["reference"] == reference
    assert "boom" in entry["traceback"]


def test_the_level_holds_back_what_is_below_it(stream):
    set_up_logging(LogSettings(level="error"), stream=stream)

    logging.getLogger("bot.test").warning("not now")

    assert stream.getvalue() == ""
