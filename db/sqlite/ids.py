"""Row ids as SQLite can bind them."""

from __future__ import annotations

_LARGEST_ID = 2**63 - 1


def bound_id(row_id: int) -> int:
    """A row id that SQLite can bind; one beyond 64 bits becomes 0, which no row has."""
    return row_id if 0 < row_id <= _LARGEST_ID else 0
