"""The store protocol: every question the rest of Verbatim asks of storage, in the domain's words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from db.model import (
    Acquisition,
    AddedArticle,
    Article,
    ArticleState,
    ArticleSummary,
    ClaimCandidate,
    LibrarySize,
    Passage,
    Reading,
    StoredSpeaker,
)


class Store(Protocol):
    """One database. Every method takes the library first and never sees another library's rows."""

    async def close(self) -> None:
        """Finish what is being written and close every connection."""

    async def add_article(self, library: str, reading: Reading, got: Acquisition) -> AddedArticle:
        """Store one article with all that was read from it, in one transaction.

        The same text (by hash), or the same external id or URL with the same text, is `already_loaded`; the same
        external id or URL with another text becomes a new revision and is `updated`.
        """

    async def get_article(self, library: str, article_id: int) -> Article:
        """One article with its current revision. Raises ArticleNotFound."""

    async def find_articles(
        self,
        library: str,
        *,
        title: str | None = None,
        state: ArticleState | None = None,
        limit: int = 25,
        offset: int = 0,
    ) -> list[ArticleSummary]:
        """Articles, newest first; `title` keeps those whose title or publisher contains it, ignoring case."""

    async def remove_article(self, library: str, article_id: int, *, actor: str | None) -> ArticleSummary:
        """Delete an article's text and all that was read from it; the change log keeps that it was."""

    async def find_speakers(self, library: str, *, prefix: str = "", limit: int = 25) -> list[StoredSpeaker]:
        """Speakers, most quoted first, any of whose names contains `prefix`, ignoring case and accents."""

    async def measure_library(self, library: str) -> LibrarySize:
        """How many articles, quotations, facts and speakers a library holds."""

    async def find_passage(self, library: str, article_id: int, start: int, end: int) -> Passage | None:
        """The passage at exactly these offsets of the article's current revision, or None when it is gone."""

    async def find_claim_candidates(
        self, library: str, words: Sequence[str], *, limit: int = 40
    ) -> list[ClaimCandidate]:
        """Chunks of published articles that share the rarest of `words`, most shared rarity first.

        `words` are a claim's words, lower case, in its order and with repeats; the store picks the twelve rarest that
        its vocabulary knows (mended where it does not), so that the cost is bounded for any claim.
        """

    async def record_question(self, library: str, question: str, *, answered: bool) -> None:
        """Keep an unanswered question for the moderators; stores no user id."""

    async def backup(self, target: Path) -> None:
        """Copy the live database to `target` through the database's own backup call."""
