"""Which storage URL opens which backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.errors import StoreUnavailable

if TYPE_CHECKING:
    from db.store import Store


async def open_store(url: str) -> Store:
    """Open the store a URL names: `sqlite:///relative/path.db`, `sqlite:////absolute/path.db` or a bare path.

    Raises:
        StoreUnavailable: The scheme is unknown, or the database cannot be opened.
        SchemaTooNew: A newer Verbatim wrote it.
    """
    scheme, _, rest = url.partition("://")
    if not rest:
        scheme, rest = "sqlite", f"/{url}"
    if scheme == "sqlite":
        from db.sqlite.store import open_sqlite

        return await open_sqlite(rest.removeprefix("/"))
    message = f"Storage {url!r} is not known. Use sqlite:///data/verbatim.db, or a path to a file."
    raise StoreUnavailable(message)
