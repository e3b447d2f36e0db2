"""What can go wrong with storage, each with a sentence fit for a reader."""

from __future__ import annotations


class StoreError(Exception):
    """Root of all storage errors; `str()` is a sentence for a person."""


class ArticleNotFound(StoreError):
    """No article with this id in this library."""

    def __init__(self, article_id: int | str) -> None:
        super().__init__(f"There is no article {article_id} in this library. `/article list` shows what is loaded.")


class SchemaTooNew(StoreError):
    """The database was written by a newer Verbatim."""

    def __init__(self, path: str, *, found: int, known: int) -> None:
        super().__init__(
            f"The database {path} has schema {found}, but this version of Verbatim knows only up to {known}. "
            "Install the newer version again, or restore a backup made before the upgrade."
        )


class StoreUnavailable(StoreError):
    """The database cannot be opened, read or written right now."""
