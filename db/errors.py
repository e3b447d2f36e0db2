"""What can go wrong with storage, each with a sentence fit for a reader."""

from __future__ import annotations


class StoreError(Exception):
    """Root of all storage errors; `str()` is a sentence for a person."""


class ArticleNotFound(StoreError):
    """No article with this id in this library."""

    def __init__(self, article_id: int | str) -> None:
        super().__init__(f"There is no article {article_id} in this library. `/article list` shows what is loaded.")


class QuotationNotFound(StoreError):
    """No quotation with this id in this library's current articles."""

    def __init__(self, quotation_id: int) -> None:
        super().__init__(f"There is no quotation {quotation_id} in this library any more. Look at the article again.")


class SpeakerNotFound(StoreError):
    """No speaker with this id in this library."""

    def __init__(self, speaker_id: int) -> None:
        super().__init__(f"There is no speaker {speaker_id} in this library. Choose one from the list.")


class ChangeNotFound(StoreError):
    """No change with this id in this library's log."""

    def __init__(self, change_id: int) -> None:
        super().__init__(f"There is no change {change_id} in this library's log. `/history` shows what was changed.")


class ChangedMeanwhile(StoreError):
    """Somebody else changed the row since it was shown."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Somebody changed this {what} since you opened it. Look at it again before you change it.")


class CannotChange(StoreError):
    """A correction or an undo would leave the library in a state that makes no sense; nothing was changed."""


class SchemaTooNew(StoreError):
    """The database was written by a newer Verbatim."""

    def __init__(self, path: str, *, found: int, known: int) -> None:
        super().__init__(
            f"The database {path} has schema {found}, but this version of Verbatim knows only up to {known}. "
            "Install the newer version again, or restore a backup made before the upgrade."
        )


class StoreUnavailable(StoreError):
    """The database cannot be opened, read or written right now."""
