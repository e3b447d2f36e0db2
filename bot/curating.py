"""Use cases: show what a merge would join before it is made, and take changes back while there is time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.errors import VerbatimError
from db.corrections import MergeSpeakers

if TYPE_CHECKING:
    from db.corrections import Change
    from db.model import StoredSpeaker
    from db.store import Store

UNDO_DAYS = 30


class TooLateToUndo(VerbatimError):
    """A change is older than the time in which it can be taken back."""


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would join: the speaker that goes, the one that stays, and the names and quotations it will have."""

    gone: StoredSpeaker
    kept: StoredSpeaker

    @property
    def aliases(self) -> tuple[str, ...]:
        """Every name that would mean the kept speaker, besides its own."""
        names = dict.fromkeys((*self.kept.aliases, self.gone.name, *self.gone.aliases))
        return tuple(name for name in names if name != self.kept.name)

    @property
    def quotation_count(self) -> int:
        """How many quotations the kept speaker would have."""
        return self.kept.quotation_count + self.gone.quotation_count


async def preview_merge(store: Store, library: str, speaker_id: int, into: int) -> MergePreview:
    """Show what a merge would join, without making it. Raises SpeakerNotFound."""
    return MergePreview(
        gone=await store.get_speaker(library, speaker_id),
        kept=await store.get_speaker(library, into),
    )


async def merge_speakers(store: Store, library: str, preview: MergePreview, *, actor: str | None) -> Change | None:
    """Make the merge that was shown; raises ChangedMeanwhile when the speaker was changed since."""
    correction = MergeSpeakers(preview.gone.id, preview.kept.id)
    return await store.correct(library, correction, actor=actor, version=preview.gone.version)


async def undo_change(
    store: Store, library: str, change_id: int, *, actor: str | None, now: datetime | None = None
) -> Change:
    """Take a change back within `UNDO_DAYS`, keeping all later work.

    Raises:
        TooLateToUndo: The change is older.
        ChangeNotFound: The log has no such change.
        CannotChange: It cannot be taken back; the sentence says why.
    """
    change = await store.get_change(library, change_id)
    age = (now or datetime.now(UTC)) - datetime.fromisoformat(change.at)
    if age > timedelta(days=UNDO_DAYS):
        message = f"Change {change_id} was made on {change.at[:10]}; changes can be undone for {UNDO_DAYS} days."
        raise TooLateToUndo(message)
    return await store.undo_change(library, change_id, actor=actor)
