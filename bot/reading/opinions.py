"""What two extractors take for a page's article, as plain text; they vote, they do not decide."""

from __future__ import annotations

import logging
from copy import deepcopy
from typing import Any

import readability
import trafilatura

log = logging.getLogger(__name__)


class _Readable(readability.Document):  # type: ignore[misc]
    """readability on a parsed page whose scripts are gone: half of its time is cleaning and parsing again."""

    def _parse(self, root: Any) -> Any:
        """A copy for each try, because a try takes the page apart."""
        return deepcopy(root)

    def get_clean_html(self) -> str:
        """The summary's text; its markup is not asked for."""
        return str(self._html().text_content())


def _hush() -> None:
    """Both log a page's oddities as errors; a page that cannot be read is told to the person instead."""
    for name in ("readability", "trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def ask_readability(root: Any) -> str:
    """Readability's opinion; empty where it fails, so that its fault does not cost the page."""
    _hush()
    try:
        return str(_Readable(root).summary(html_partial=True))
    except Exception:  # whatever it stumbles over, the other one votes
        log.debug("readability failed", exc_info=True)
        return ""


def ask_trafilatura(root: Any) -> str:
    """Trafilatura's opinion, likewise; it changes the tree it is given."""
    try:
        return trafilatura.extract(root, include_comments=False, favor_recall=True) or ""
    except Exception:  # the same
        log.debug("trafilatura failed", exc_info=True)
        return ""
