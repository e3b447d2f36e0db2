"""Word and EPUB files: ZIP archives opened with a cap on what they unpack to."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from lxml import etree
from lxml import html as lxml_html

from bot.errors import InputTooLarge, UnreadableInput
from bot.reading.characters import tidy
from bot.reading.layout import fill_head
from bot.reading.pageblocks import cut_blocks
from bot.reading.plain import arrange
from db.model import Head

if TYPE_CHECKING:
    from db.model import Document

# What zipfile lets through on a damaged archive; KeyError means a missing member, RuntimeError a locked one.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    RuntimeError,
)
MOST_MEMBERS = 5_000
MOST_UNPACKED_BYTES = 32 * 1024 * 1024
MOST_PARTS = 500
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
TITLE_STYLE = re.compile(r"^(?:title|titel|titre|título|titolo)$", re.IGNORECASE)
MARKED_DELETED = {f"{WORD}del", f"{WORD}moveFrom", f"{WORD}instrText", f"{WORD}footnoteReference"}


def read_archive(raw: bytes, given: Head) -> Document:
    """Read a Word document or an EPUB book.

    Raises:
        UnreadableInput: It is damaged, locked, or another kind of archive.
        InputTooLarge: It unpacks to more than 32 MB.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _check_members(archive)
            names = set(archive.namelist())
            if "word/document.xml" in names:
                return _read_word(archive, given)
            if "META-INF/container.xml" in names:
                return _read_book(archive, given)
    except BROKEN as error:
        raise UnreadableInput("This file is damaged and cannot be opened. Paste the article's text instead.") from error
    raise UnreadableInput("This archive is neither a Word document nor an EPUB book. Unpack it and load its files.")


def _check_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableInput("This file is locked with a password. Save it without one, or paste the article's text.")
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED_BYTES:
        raise InputTooLarge(f"This file unpacks to over {MOST_UNPACKED_BYTES // 1024**2} MB. Paste the article's text.")


def _read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """One member; what its header says of its size is not believed."""
    with archive.open(name) as member:
        content = member.read(MOST_UNPACKED_BYTES + 1)
    if len(content) > MOST_UNPACKED_BYTES:
        raise InputTooLarge(f"This file unpacks to over {MOST_UNPACKED_BYTES // 1024**2} MB. Paste the article's text.")
    return content


def _parse_xml(content: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableInput("This file is damaged inside. Paste the article's text instead.") from error
    if root is None:
        raise UnreadableInput("This file is damaged inside. Paste the article's text instead.")
    return root


def _read_word(archive: zipfile.ZipFile, given: Head) -> Document:
    root = _parse_xml(_read_member(archive, "word/document.xml"))
    units: list[str] = []
    title: str | None = None
    for paragraph in root.iter(f"{WORD}p"):
        text = tidy(_word_text(paragraph)).strip()
        if not text:
            continue
        style = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
        if title is None and style is not None and TITLE_STYLE.match(style.get(f"{WORD}val") or ""):
            title = text
        units.append(text)
    return arrange(units, fill_head(given, Head(title=title)))


def _word_text(paragraph: Any) -> str:
    """A paragraph's text as it stands: insertions in, tracked deletions and field codes out."""
    parts: list[str] = []
    for element in paragraph.iter():
        if element.tag == f"{WORD}t" and not any(a.tag in MARKED_DELETED for a in element.iterancestors()):
            parts.append(element.text or "")
        elif element.tag in (f"{WORD}tab", f"{WORD}br", f"{WORD}cr"):
            parts.append(" ")
        elif element.tag == f"{WORD}noBreakHyphen":
            parts.append("-")
    return " ".join("".join(parts).split())


def _read_book(archive: zipfile.ZipFile, given: Head) -> Document:
    """Every chapter in the book's own order."""
    container = _parse_xml(_read_member(archive, "META-INF/container.xml"))
    rootfile = next((e for e in container.iter() if isinstance(e.tag, str) and e.tag.endswith("rootfile")), None)
    if rootfile is None or not rootfile.get("full-path"):
        raise UnreadableInput("This book does not say what is in it. Paste the article's text instead.")
    path = rootfile.get("full-path")
    package = _parse_xml(_read_member(archive, path))
    items = {e.get("id"): e.get("href") for e in package.iter("{*}item") if e.get("href")}
    order = [items[e.get("idref")] for e in package.iter("{*}itemref") if e.get("idref") in items]
    units: list[str] = []
    for href in order[:MOST_PARTS]:
        name = str(PurePosixPath(path).parent / unquote(href)) if "/" in path else unquote(href)
        if name in archive.NameToInfo:
            units += _chapter_units(_read_member(archive, name))
    found = Head(
        title=_dublin(package, "title"), byline=_dublin(package, "creator"), language=_dublin(package, "language")
    )
    return arrange(units, fill_head(given, found))


def _chapter_units(content: bytes) -> list[str]:
    try:
        root = lxml_html.document_fromstring(
            content, parser=lxml_html.HTMLParser(encoding="utf-8", remove_comments=True)
        )
    except (etree.LxmlError, ValueError):
        return []
    return [text for block in cut_blocks(root) if (text := tidy(block.text).strip())]


def _dublin(package: Any, name: str) -> str | None:
    element = next(package.iter(f"{DUBLIN_CORE}{name}"), None)
    return (element.text or "").strip() or None if element is not None else None
