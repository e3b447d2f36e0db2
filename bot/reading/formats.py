"""The table of input formats: what a person hands in becomes a Document, and a Document a Reading."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bot.errors import InputTooLarge, UnreadableInput
from bot.reading.characters import decode
from bot.reading.dates import parse_moment
from db.model import Document, Head, Reading

if TYPE_CHECKING:
    from collections.abc import Callable

MEBIBYTE = 1024 * 1024
NOTHING_GIVEN = Head()


@dataclass(frozen=True, slots=True)
class Material:
    """One article as handed in: exactly one of `text` and `raw`; `given` overrides what is read from it.

    `declared` is a character set that came with the bytes (an HTTP header's).
    """

    text: str | None = None
    raw: bytes | None = None
    name: str = ""
    is_html: bool = False
    as_is: bool = False
    given: Head = NOTHING_GIVEN
    declared: str | None = None
    limit_bytes: int = 4 * MEBIBYTE
    tagger: bool = True


@dataclass(frozen=True, slots=True)
class Format:
    """One input format; `reader` is "module:function", imported only when such an input comes.

    A text format's function takes (text, given head), a binary one's (bytes, given head).
    """

    name: str
    endings: tuple[str, ...]
    reader: str
    magic: bytes | None = None
    is_binary: bool = False


FORMATS = (
    Format("plain text", (".txt", ".text", ""), "bot.reading.plain:read_plain"),
    Format("Markdown", (".md", ".markdown", ".mdown"), "bot.reading.markdown:read_markdown"),
    Format("HTML", (".html", ".htm", ".xhtml", ".shtml"), "bot.reading.html:read_html"),
    Format("PDF", (".pdf",), "bot.reading.pdf:read_pdf", magic=b"%PDF", is_binary=True),
    Format(
        "Word or EPUB", (".docx", ".epub"), "bot.reading.archives:read_archive", magic=b"PK\x03\x04", is_binary=True
    ),
)
PLAIN, MARKDOWN, HTML = FORMATS[:3]

# What a file starts with that no reader takes, and what to call it.
FOREIGN_MAGIC = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"OggS", "a sound file"),
    (b"ID3", "a sound file"),
    (b"SQLite format 3", "a database"),
)
LOOKS_LIKE_HTML = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article)\b",
    re.IGNORECASE | re.DOTALL,
)
ANY_TAG = re.compile(r"<(?:p|div|br|span|article|h[1-6]|a|ul|table|body|html|section)\b[^>]*>", re.IGNORECASE)
DECLARED = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{3,30})|^<\?xml[^>]{0,100}encoding=["']([\w-]{3,30})""",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]")
HEAD_BYTES = 4096
# Pictures and layout make up most of a PDF or Word file; its text is far smaller.
BINARY_FACTOR = 4
# The tagger holds about 800 bytes a character; longer texts than 20,000 words are read by the rules alone.
MOST_TAGGED_CHARS = 120_000


def parse_source(material: Material) -> Document:
    """Turn what was handed in into a Document.

    Raises:
        InputTooLarge: It is over the limit.
        UnreadableInput: It is empty, no text, or no article.
    """
    form = _find_format(material)
    _check_size(material, form)
    material, doubts = _settle_date(material)
    named = _named_format(material) or form
    if form.is_binary:
        assert material.raw is not None
        doubts = (*doubts, *_misnamed(named, form))
        return _check_article(_with_warnings(_reader(form)(material.raw, material.given), doubts))
    text, warnings = _decode(material)
    warnings = (*doubts, *warnings)
    _check_text(text)
    if material.as_is:
        read_as_is = import_module("bot.reading.plain").read_as_is
        return _with_warnings(read_as_is(text, material.given), warnings)
    actual = _look_inside(form, text, is_html=material.is_html)
    warnings = (*warnings, *_misnamed(named, actual))
    return _check_article(_with_warnings(_reader(actual)(text, material.given), warnings))


def read_material(material: Material) -> Reading:
    """Turn what was handed in into a Reading; the worker's one job. Raises like `parse_source`."""
    from bot.reading.read import read_document

    document = parse_source(material)
    return read_document(document, tagger=material.tagger and len(document.text) <= MOST_TAGGED_CHARS)


def _check_article(document: Document) -> Document:
    if not any(block.kind == "paragraph" for block in document.blocks):
        raise UnreadableInput("No article was found in this. Paste its text, title first.")
    return document


def _settle_date(material: Material) -> tuple[Material, tuple[str, ...]]:
    """A given date in ISO 8601; one that cannot be told for certain is left out, with a warning."""
    typed = material.given.published
    if not typed:
        return material, ()
    found = parse_moment(typed)
    doubts = () if found else (f"The date “{typed[:40]}” was not understood; write it as 2024-03-31.",)
    return replace(material, given=replace(material.given, published=found)), doubts


def _check_size(material: Material, form: Format) -> None:
    limit_bytes = BINARY_FACTOR * material.limit_bytes if form.is_binary else material.limit_bytes
    if material.raw is not None:
        size = len(material.raw)
    else:
        size = len(material.text or "")
        if size <= limit_bytes < 4 * size:
            size = len((material.text or "").encode("utf-8", "surrogatepass"))
    if size > limit_bytes:
        raise InputTooLarge(
            f"This is {size / MEBIBYTE:.1f} MB; at most {limit_bytes / MEBIBYTE:g} MB can be read. Load it in parts."
        )


def _check_text(text: str) -> None:
    if not text.strip():
        raise UnreadableInput("There is no text in this. Paste the article's text, title first.")
    if not WORD.search(text):
        raise UnreadableInput("There are no words in this. Paste the article's text, title first.")


def _find_format(material: Material) -> Format:
    """By what the bytes begin with, then by the file's name."""
    raw = material.raw or b""
    for form in FORMATS:
        if form.magic and raw.startswith(form.magic):
            return form
    for magic, what in FOREIGN_MAGIC:
        if raw.startswith(magic):
            name = f"{material.name} is" if material.name else "This is"
            raise UnreadableInput(
                f"{name} {what}, which cannot be read. Save the article as text or HTML, or paste its text."
            )
    if material.is_html:
        return HTML
    named = _named_format(material)
    return PLAIN if named is None or named.is_binary else named


def _named_format(material: Material) -> Format | None:
    """What the ending of the file's name promises; None where it promises nothing."""
    ending = PurePosixPath(material.name.replace("\\", "/").casefold()).suffix
    return next((form for form in FORMATS if ending and ending in form.endings), None)


def _misnamed(named: Format, actual: Format) -> tuple[str, ...]:
    if actual is named:
        return ()
    return (f"The file is named as {named.name} but holds {actual.name}; it was read as {actual.name}.",)


def _decode(material: Material) -> tuple[str, tuple[str, ...]]:
    if material.raw is None:
        return material.text or "", ()
    found = DECLARED.search(material.raw[:HEAD_BYTES])
    in_page = (found[1] or found[2]).decode("ascii", "replace") if found else None
    return decode(material.raw, material.declared or in_page)


def _look_inside(form: Format, text: str, *, is_html: bool) -> Format:
    """The format a text really is in: pages saved as .txt, and .html files that hold no tag."""
    if form is PLAIN and LOOKS_LIKE_HTML.match(text[:HEAD_BYTES]):
        return HTML
    if form is HTML and not is_html and not ANY_TAG.search(text):
        return PLAIN
    return form


def _reader(form: Format) -> Callable[..., Document]:
    module, _, function = form.reader.partition(":")
    reader: Callable[..., Document] = getattr(import_module(module), function)
    return reader


def _with_warnings(document: Document, warnings: tuple[str, ...]) -> Document:
    if not warnings:
        return document
    return Document(document.text, document.blocks, document.head, (*warnings, *document.warnings))
