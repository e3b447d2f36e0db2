"""What operators copy: the systemd unit is one that systemd accepts, and names what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from bot.config import Settings

UNIT = Path(__file__).parent.parent / "deploy" / "verbatim.service"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_accepts_the_unit(tmp_path):
    unit = tmp_path / "verbatim.service"
    unit.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/verbatim/.venv/bin/verbatim", sys.executable))

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False, timeout=60
    )

    complaints = [line for line in done.stderr.splitlines() if "verbatim.service" in line]
    assert complaints == []


def test_the_unit_sets_only_settings_that_exist():
    names = {"VERBATIM_DB", "DISCORD_TOKEN_FILE"}
    names |= {
        f"VERBATIM_{section.name}_{key.name}".upper()
        for section in fields(Settings)
        for key in fields(getattr(Settings(), section.name))
    }

    assert set(re.findall(r"^Environment=(\w+)=", UNIT.read_text(encoding="utf-8"), re.MULTILINE)) <= names
