"""The store protocol: every question the rest of Verbatim asks of storage, in the domain's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from db.corrections import Change, Correction, Subject
    from db.model import (
        Acquisition,
        AddedArticle,
        Article,
        ArticleState,
        ArticleSummary,
        Candidates,
        ClaimCandidate,
        LibrarySize,
        OpenQuestion,
        Passage,
        Reading,
        Search,
        StoredSpeaker,
    )


class Store(Protocol):
    """One database. Every method takes the library first and never sees another library's rows."""

    async def close(self) -> None:
        """Finish what is being written and close every connection."""

    async def finish_indexing(self) -> None:
        """Wait until corrections of many articles have reached what questions find; what is shown follows at once."""

    async def add_article(
        self, library: str, reading: Reading, got: Acquisition, *, state: ArticleState = "published"
    ) -> AddedArticle:
        """Store one article with all that was read from it, in one transaction.

        A text that the library holds already (by hash) is `already_loaded`, whatever it is called this time. The same
        external id with another text becomes a new revision and is `updated`; so does the same URL, unless two
        different external ids say that two articles share it. A new article begins in `state`; an updated
        one keeps its own.
        """

    async def get_article(self, library: str, article_id: int, *, with_hidden: bool = False) -> Article:
        """One article with its current revision. Raises ArticleNotFound.

        Quotations that moderators hid or rejected are left out unless `with_hidden`.
        """

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

    async def delete_library(self, library: str) -> LibrarySize:
        """Delete everything of one library, its log included, and say how much that was; there is no way back."""

    async def find_speakers(self, library: str, *, prefix: str = "", limit: int = 25) -> list[StoredSpeaker]:
        """Speakers, most quoted first, any of whose names contains `prefix`, ignoring case and accents."""

    async def get_speaker(self, library: str, speaker_id: int) -> StoredSpeaker:
        """One speaker with all its names. Raises SpeakerNotFound, also for one that was merged into another."""

    async def measure_library(self, library: str) -> LibrarySize:
        """How many articles, quotations, facts and speakers a library holds."""

    async def find_passage(self, library: str, article_id: int, start: int, end: int) -> Passage | None:
        """The passage at exactly these offsets of a published article's current revision, or None when it is gone."""

    async def find_spoken(
        self,
        library: str,
        speaker_id: int,
        *,
        since: str | None = None,
        until: str | None = None,
        publisher: str | None = None,
        limit: int = 25,
        offset: int = 0,
    ) -> list[Passage]:
        """What a speaker says in published articles, the latest article first, each in whole sentences.

        `since` and `until` are ISO dates, both inclusive; `publisher` is a part of the publisher's name. An article
        without a date comes last, and not at all between dates.
        """

    async def find_texts(self, library: str, revision_ids: Sequence[int]) -> dict[int, str]:
        """The texts of those revisions that are current, published and, by their hash, still what was stored."""

    async def find_candidates(self, library: str, wanted: Search, *, limit: int = 40) -> Candidates:
        """Chunks of published articles that hold the most and the rarest of the searched words, best first.

        A word that the library does not hold is mended first; the cost is bounded for any search and does not depend
        on other libraries.
        """

    async def check_index(self, library: str) -> list[str]:
        """What is wrong with a library's search index, a sentence each; empty when it is sound."""

    async def rebuild_index(self, library: str) -> int:
        """Write a library's search index anew from its articles, in one transaction; returns how many articles."""

    async def find_claim_candidates(
        self, library: str, words: Sequence[str], *, limit: int = 40
    ) -> list[ClaimCandidate]:
        """Chunks of published articles that share the rarest of `words`, most shared rarity first.

        `words` are a claim's words as typed, in its order and with repeats; the store picks the twelve rarest that its
        vocabulary knows (mended where it does not), so that the cost is bounded for any claim.
        """

    async def correct(
        self, library: str, correction: Correction, *, actor: str | None, version: int | None = None
    ) -> Change | None:
        """Make one correction with its line in the log, or return None where everything is so already.

        `version` is that of the row the moderator looked at; None does not ask.

        Raises:
            ChangedMeanwhile: The row is at another version.
            CannotChange: The correction makes no sense; the sentence says why.
            ArticleNotFound: There is no such row; likewise QuotationNotFound and SpeakerNotFound.
        """

    async def undo_change(self, library: str, change_id: int, *, actor: str | None) -> Change:
        """Take a change back, keeping all later work; undoing an undo brings the change back.

        Whatever the order of changes and undos, the library ends as if only the changes that stand had been made.

        Raises:
            ChangeNotFound: The log has no such change.
            CannotChange: It is undone already, nothing of it is left, or the result would make no sense.
        """

    async def get_change(self, library: str, change_id: int) -> Change:
        """One line of the log. Raises ChangeNotFound."""

    async def find_changes(
        self,
        library: str,
        *,
        subject: Subject | None = None,
        subject_id: int | None = None,
        actor: str | None = None,
        limit: int = 25,
        offset: int = 0,
    ) -> list[Change]:
        """The log, newest first; each filter that is given keeps the lines that match it."""

    async def record_question(self, library: str, question: str, *, answered: bool, keep_days: int = 30) -> None:
        """Count an unanswered question for the moderators, or note that one on their list is answered by now.

        Stores no user id. A question is forgotten when nobody asked it for `keep_days`.
        """

    async def find_questions(self, library: str, *, limit: int = 25) -> list[OpenQuestion]:
        """Questions that are still unanswered, most asked first."""

    async def forget_expired(self, library: str) -> int:
        """Delete what is kept only for a time and is past it; returns how many rows went."""

    async def backup(self, target: Path) -> None:
        """Copy the live database to the new file `target` by the database's own backup call, and check it."""
