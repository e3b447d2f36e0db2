"""Compressed bodies opened with a cap, so that a small answer cannot fill the memory."""

from __future__ import annotations

import zlib

from bot.errors import FetchFailed, InputTooLarge

GZIP_WINDOW, ZLIB_WINDOW, RAW_WINDOW = 31, 15, -15
PIECE = 64 * 1024


class Inflater:
    """Takes a body in pieces and gives it decoded, at most `limit_bytes` in all.

    Raises (while feeding):
        InputTooLarge: The decoded body is over the limit.
        FetchFailed: The body is not compressed as its header says, or in a way not asked for.
    """

    def __init__(self, encoding: str, *, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._encoding = encoding.strip().casefold()
        self._size = 0
        self._inner: zlib._Decompress | None = None
        if self._encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise FetchFailed(f"The site answered in a form that was not asked for ({self._encoding[:40]}).")

    def feed(self, piece: bytes) -> bytes:
        """Decode one piece."""
        if self._encoding in ("", "identity"):
            return self._count(piece)
        if self._inner is None:
            self._inner = zlib.decompressobj(self._window(piece))
        decoded = bytearray()
        try:
            while piece:
                decoded += self._count(self._inner.decompress(piece, PIECE))
                piece = self._inner.unconsumed_tail
        except zlib.error as error:
            raise FetchFailed("The site's answer is damaged: it is not compressed as it says.") from error
        return bytes(decoded)

    def _window(self, piece: bytes) -> int:
        if "gzip" in self._encoding:
            return GZIP_WINDOW
        # "deflate" is sent with and without zlib's header; RFC 1950: the first two bytes are a multiple of 31.
        has_header = len(piece) > 1 and piece[0] & 0x0F == 8 and (piece[0] * 256 + piece[1]) % 31 == 0  # noqa: PLR2004
        return ZLIB_WINDOW if has_header else RAW_WINDOW

    def _count(self, piece: bytes) -> bytes:
        self._size += len(piece)
        if self._size > self._limit_bytes:
            raise InputTooLarge(
                f"The page is over {self._limit_bytes // 1024**2} MB. Paste the article's text, or attach its file."
            )
        return piece
