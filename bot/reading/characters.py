"""Bytes to characters, and which characters are no part of any text."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, lookup

from bot.errors import UnreadableInput

# Longest first: UTF-32's little-endian mark begins with UTF-16's.
BYTE_ORDER_MARKS = (
    (BOM_UTF32_LE, "utf-32"),
    (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF8, "utf-8-sig"),
    (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
)
# Browsers read these labels as Windows-1252 (WHATWG Encoding), because pages that say them mostly are.
LATIN_LABELS = {"iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii", "cp1252", "windows-1252"}
REPLACEMENT = "\ufffd"
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
LINE_END = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
# Typesetters' spaces carry no meaning for a reader and would hide words from a search.
ODD_SPACE = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Above this share of bad bytes a text is not UTF-8 with a flaw but something else.
FLAWED_UTF8 = 0.02
# Western European languages stay under a tenth of such bytes; Cyrillic, Greek or Japanese ones are mostly made of them.
FOREIGN = 0.3
LAST_ASCII = 127
NOT_UTF8 = "The file is not UTF-8 and was read as Western European (Windows-1252). If it looks wrong, save it as UTF-8."


def decode(raw: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Decode a text file: byte order mark, UTF-8, what it declares, Windows-1252, in this order.

    Returns:
        The text, and a warning for each thing a reader should know.

    Raises:
        UnreadableInput: The bytes are no text.
    """
    for mark, name in BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return raw.decode(name, "replace"), ()
    if b"\x00" in raw:
        return _decode_wide(raw), ()
    try:
        return raw.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _decode_legacy(raw, declared)


def _decode_wide(raw: bytes) -> str:
    """UTF-16 without a mark: in Western text every second byte is zero."""
    even, odd = raw[::2].count(0), raw[1::2].count(0)
    half = len(raw) // 2
    for zeros, others, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros > half * 0.5 and others < half * 0.05:
            return raw.decode(name, "replace")
    if raw.count(0) <= max(2, len(raw) // 1000):
        return decode(raw.replace(b"\x00", b""))[0]
    raise UnreadableInput("This file holds no text that can be read (it looks like a program, an image or an archive).")


def _decode_legacy(raw: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    mended = raw.decode("utf-8", "replace")
    high = sum(byte > LAST_ASCII for byte in raw[:65536])
    bad = mended[:65536].count(REPLACEMENT)
    if bad <= max(1, high * FLAWED_UTF8):
        return mended, (f"{mended.count(REPLACEMENT)} damaged characters are shown as {REPLACEMENT}.",)
    name = (declared or "").strip().strip("\"'").lower()
    if name and name not in LATIN_LABELS:
        try:
            return raw.decode(lookup(name).name), ()
        except (LookupError, UnicodeDecodeError):
            pass
    text = raw.decode("cp1252", "replace")
    is_doubtful = REPLACEMENT in text or high > FOREIGN * len(raw[:65536])
    return text, (NOT_UTF8,) if is_doubtful else ()


def make_storable(text: str) -> str:
    """Replace lone surrogates and NUL one for one, so that every offset stays."""
    return UNSTORABLE.sub(REPLACEMENT, text) if UNSTORABLE.search(text) else text


def tidy(text: str) -> str:
    """Text with line feeds only, plain spaces, and nothing that cannot be seen; words and marks stay."""
    text = LINE_END.sub("\n", text)
    text = INVISIBLE.sub("", text)
    text = CONTROL.sub("", text)
    return make_storable(ODD_SPACE.sub(" ", text))
