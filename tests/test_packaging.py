"""The wheel: everything the command needs is in it, and it runs in an empty environment outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]


def run(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("VERBATIM_", "DISCORD_"))}
    environment |= {"HOME": str(cwd), "PYTHONPATH": "", "PYTHONWARNINGS": ""}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    if run(*PIP, "download", "--no-deps", "--dest", folder / "probe", "hatchling", cwd=folder).returncode:
        pytest.skip("no package registry can be reached from here")

    built = run(*PIP, "wheel", "--no-deps", "--wheel-dir", folder, ROOT, cwd=folder)

    assert built.returncode == 0, built.stderr
    return next(folder.glob("verbatim_bot-*.whl"))


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check", "--quiet", "install")
    # pip older than 23.3 fails on lxml's doubled extra.
    for wanted in (("--upgrade", "pip"), (wheel,)):
        installed = run(*pip, *wanted, cwd=folder)
        assert installed.returncode == 0, installed.stderr
    return python


@pytest.mark.slow
def test_the_wheel_holds_every_file_that_is_not_code(wheel):
    tracked = run("git", "ls-files", "bot", "cogs", "db", cwd=ROOT).stdout.split()

    packed = set(zipfile.ZipFile(wheel).namelist())

    assert [name for name in tracked if name not in packed and not name.endswith(".gitkeep")] == []


@pytest.mark.slow
def test_the_installed_command_loads_asks_checks_and_lists(python, tmp_path):
    verbatim = python.with_name("verbatim")
    sample = ROOT / "bot" / "samples" / "river-alder.md"

    loaded = run(verbatim, "load", sample, cwd=tmp_path)
    asked = run(verbatim, "ask", "how much has the company offered?", cwd=tmp_path)
    checked = run(python, "-m", "bot", "check", "It was switched off eleven times", "--json", cwd=tmp_path)
    listed = run(verbatim, "list", cwd=tmp_path)

    assert [done.returncode for done in (loaded, asked, checked, listed)] == [0, 0, 0, 0], loaded.stderr + asked.stderr
    assert "£1.1 million" in asked.stdout
    assert '"verdict": "verbatim"' in checked.stdout
    assert "Who pays to clean" in listed.stdout
    assert (tmp_path / "data" / "verbatim.db").is_file()


@pytest.mark.slow
def test_without_the_preview_extra_run_says_what_is_missing(python, tmp_path):
    done = run(python.with_name("verbatim"), "run", cwd=tmp_path)

    assert done.returncode == 1
    assert "verbatim-bot[preview]" in done.stderr
    assert "DISCORD_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_installed_samples_and_cogs_are_found(python, tmp_path):
    code = (
        "from importlib import resources; from bot.client import find_cogs;"
        "names = [s.suffix for s in resources.files('bot.samples').iterdir()];"
        "print(names.count('.txt') + names.count('.md') + names.count('.html'), find_cogs())"
    )

    done = run(python, "-c", code, cwd=tmp_path)

    assert done.stdout.startswith("3 ['cogs.")
