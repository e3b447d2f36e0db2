"""The pages: every link and picture is there, pictures are described, and nothing is promised that does not run."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from bot.cli.arguments import build_parser

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def name_page(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_page)
def test_every_link_points_to_something_that_is_there(page):
    text = page.read_text(encoding="utf-8")

    links = [target for _, _, target in LINK.findall(text) if "://" not in target]

    missing = [target for target in links if not (page.parent / target.split("#")[0]).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=name_page)
def test_every_heading_that_is_linked_to_exists(page):
    text = page.read_text(encoding="utf-8")
    anchors = {
        re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }

    wanted = {target[1:] for _, _, target in LINK.findall(text) if target.startswith("#")}

    assert wanted <= anchors


@pytest.mark.parametrize("page", PAGES, ids=name_page)
def test_every_picture_is_described(page):
    pictures = [(alt, target) for mark, alt, target in LINK.findall(page.read_text(encoding="utf-8")) if mark]

    assert [target for alt, target in pictures if len(alt) < 20] == []


def test_pictures_are_pictures_of_a_sensible_size():
    for picture in (ROOT / "docs" / "images").glob("*.png"):
        width, height = struct.unpack(">II", picture.read_bytes()[16:24])

        assert 300 <= width <= 1400
        assert 100 <= height <= 1400
        assert picture.stat().st_size < 200_000


@pytest.mark.parametrize("page", PAGES, ids=name_page)
def test_every_command_that_a_page_shows_exists(page):
    commands = next(a for a in build_parser()._actions if a.dest == "name").choices

    shown = re.findall(r"(?:^|`|/)verbatim ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)

    assert set(shown) <= set(commands)


def test_every_target_of_make_that_a_page_shows_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))

    shown = {
        target
        for page in PAGES
        for target in re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert shown <= targets
