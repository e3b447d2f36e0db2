"""What moderators do to what was read: each kind of correction, and the log line it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from db.model import ArticleState, Head

Review = Literal["open", "confirmed", "corrected", "hidden", "rejected"]
Subject = Literal["article", "quotation", "speaker", "library", "feed"]


@dataclass(frozen=True, slots=True)
class SetState:
    """Publish, retract or restore an article; only published ones answer."""

    article_id: int
    state: ArticleState


@dataclass(frozen=True, slots=True)
class EditHead:
    """Correct what stands over an article; the text itself stays as read."""

    article_id: int
    head: Head


@dataclass(frozen=True, slots=True)
class ReviewQuotation:
    """Confirm a quotation, hide it, or reject it as none; `open` takes any of these back."""

    quotation_id: int
    review: Review


@dataclass(frozen=True, slots=True)
class SetSpeaker:
    """Say who said a quotation: a name, known or new, or None for "unattributed"."""

    quotation_id: int
    name: str | None


@dataclass(frozen=True, slots=True)
class RenameSpeaker:
    """Give a speaker another main name; the old one stays an alias."""

    speaker_id: int
    name: str


@dataclass(frozen=True, slots=True)
class AddAlias:
    """Let another name mean this speaker in the whole library."""

    speaker_id: int
    name: str


@dataclass(frozen=True, slots=True)
class RemoveAlias:
    """Let a name no longer mean this speaker."""

    speaker_id: int
    name: str


@dataclass(frozen=True, slots=True)
class MergeSpeakers:
    """Make one speaker part of another: all its quotations and names follow at once."""

    speaker_id: int
    into: int


Correction = SetState | EditHead | ReviewQuotation | SetSpeaker | RenameSpeaker | AddAlias | RemoveAlias | MergeSpeakers


@dataclass(frozen=True, slots=True)
class Edit:
    """One field of one row that a change set; values are JSON."""

    kind: Literal["article", "quotation", "speaker", "alias"]
    row_id: int
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the log: who did what and when; `verb` names it, `summary` says to what, in words.

    `undoes` is the change that this one took back (or brought back); `undone_by` is set while this one is taken back.
    """

    id: int
    at: str
    actor: str | None
    verb: str
    subject: Subject
    subject_id: int | None
    summary: str
    edits: tuple[Edit, ...] = ()
    undoes: int | None = None
    undone_by: int | None = None
