"""`make screenshots`: the pictures of docs/images, taken from the preview in Chromium, wide and narrow."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.browser.page import MEMBER, MODERATOR, Page, find_chromium, open_browser, serve_preview

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SIZES = {"": (900, 760), "-narrow": (420, 860)}
ARTICLE = """The lighthouse keeper said that the lamp had been lit every night since 1871.

"My grandmother climbed these stairs with a can of oil," said Idris Penhallow, who keeps the light at Gull Point.

The harbour board will decide in November whether the lamp is switched off.
"""


def main() -> int:
    """Take every picture; 1 where there is no Chromium."""
    if find_chromium() is None:
        sys.stderr.write("No Chromium with its driver is installed, so no pictures can be taken.\n")
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    for suffix, (width, height) in SIZES.items():
        with (
            tempfile.TemporaryDirectory() as folder,
            serve_preview(Path(folder)) as url,
            open_browser(width=width, height=height) as page,
        ):
            page.open(url)
            page.hide_workbench()
            take(page, suffix)
    return 0


def take(page: Page, suffix: str) -> None:
    """Ask, check and load once, and keep a picture of each card."""
    page.be(MEMBER)
    page.reply(1, "check")
    page.shoot(IMAGES / f"altered{suffix}.png")
    page.slash("ask", "what did Ruth Delaney say about the bucket?")
    page.shoot(IMAGES / f"ask{suffix}.png")
    page.shoot(IMAGES / f"preview{suffix}.png", whole=True)
    page.slash("check", "Nobody should be driving over that, and nobody will.")
    page.shoot(IMAGES / f"exact{suffix}.png")
    page.be(MODERATOR)
    page.slash("article paste")
    page.submit(
        text=ARTICLE,
        title="The last lamp at Gull Point",
        publisher="The Penwith Echo",
        date="2026-04-02",
        link="https://penwith-echo.example/last-lamp",
    )
    page.shoot(IMAGES / f"loaded{suffix}.png")


if __name__ == "__main__":
    raise SystemExit(main())
