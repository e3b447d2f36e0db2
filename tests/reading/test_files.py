"""PDF, Word and EPUB: the article in order, and files that are bombs, locked or broken."""

import io
import textwrap
import zipfile
import zlib

import pypdf
import pytest

from bot.errors import InputTooLarge, UnreadableInput
from bot.reading.formats import Material, parse_source

TITLE = "Council votes to close harbour bridge"
SEPARATOR = "\n\n"
PROSE = """\
The council of Port Herald voted on Tuesday night to close the harbour bridge, its only crossing, for nine weeks,
after engineers found cracks in four of the bearings that carry the middle arch.

“We have no choice,” said Tom Brennan, the harbour master, who has run the port for eleven years and has seen the
river rise four times. “It is this or a ferry, and we have no ferry.”

Traders said they would ask the mayor, Ines Duarte, for help with their rents until the bridge is open to carts
again, which the well-known builder Hanna Lund expects in the summer."""
BODY = [" ".join(paragraph.split()) for paragraph in PROSE.split(SEPARATOR)]
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def pdf(*pages):
    """A PDF of pages; a page is a list of (x, y, size, text)."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", FONT]
    kids = []
    for page in pages:
        text = "\n".join(f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({line}) Tj ET" for x, y, size, line in page)
        stream = text.encode("cp1252")
        objects.append((f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream").decode("latin-1"))
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def column(x, top, width, size=10):
    """Lines of BODY wrapped into a column, a wider gap between paragraphs."""
    lines, y = [], top
    for paragraph in BODY:
        for line in textwrap.wrap(paragraph, width):
            lines.append((x, y, size, line))
            y -= 12
        y -= 10
    return lines


def read(raw, name="article.pdf"):
    return parse_source(Material(raw=raw, name=name))


def kinds(document, kind):
    return [b.span.slice(document.text) for b in document.blocks if b.kind == kind]


def test_pdf_in_one_column_gives_whole_paragraphs():
    document = read(pdf([(60, 740, 20, TITLE), *column(60, 700, 90)]))

    assert document.head.title == TITLE
    assert kinds(document, "paragraph") == list(BODY)


def test_pdf_in_two_columns_is_read_column_by_column():
    lines = column(60, 700, 46)
    half = len(lines) // 2
    left = [(60, 700 - 12 * i, 10, line[3]) for i, line in enumerate(lines[:half])]
    right = [(320, 700 - 12 * i, 10, line[3]) for i, line in enumerate(lines[half:])]

    mixed = [line for pair in zip(left, right, strict=False) for line in pair] + right[half:]

    document = read(pdf([(60, 740, 20, TITLE), *mixed]))

    assert " ".join(kinds(document, "paragraph")) == " ".join(BODY)


def test_pdf_rejoins_divided_words_and_keeps_real_hyphens():
    lines = [
        (60, 700, 10, "The council of Port Herald voted on Tuesday night to close the har-"),
        (60, 688, 10, "bour bridge, its only crossing, for nine weeks, said the well-"),
        (60, 676, 10, "known builder Hanna Lund, a well-known voice in the old town hall."),
    ]

    document = read(pdf(lines))

    assert "the harbour bridge" in document.text
    assert "the well-known builder" in document.text


def test_pdf_sets_running_heads_and_page_numbers_aside():
    pages = [
        [
            (60, 780, 8, "The Port Herald"),
            (60, 700 - n, 10, f"On day {n} the river rose again, he said."),
            (300, 20, 8, f"Page {n}"),
        ]
        for n in range(1, 4)
    ]

    document = read(pdf(*pages))

    assert not any("Page" in p or p == "The Port Herald" for p in kinds(document, "paragraph"))
    assert "Page 2" in kinds(document, "aside")


def test_pdf_without_text_says_so():
    with pytest.raises(UnreadableInput, match="pictures of text"):
        read(pdf([]))


def locked():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(column(60, 700, 90))))
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (locked, "locked with a password"),
        (lambda: pdf(column(60, 700, 90))[:300], "damaged|pictures"),
        (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 50, "damaged|pictures"),
        (lambda: pdf(column(60, 700, 90)).replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]"), "damaged|pictures"),
    ],
    ids=["locked", "cut-off", "noise", "loop"],
)
def test_bad_pdf_gets_a_sentence(raw, sentence):
    with pytest.raises(UnreadableInput, match=sentence):
        read(raw())


def test_pdf_bomb_is_refused():
    bomb = zlib.compress(bytes(100 * 1024 * 1024))
    stream = f"<< /Length {len(bomb)} /Filter /FlateDecode >>\nstream\n".encode() + bomb + b"\nendstream"
    raw = pdf(column(60, 700, 90))
    start, end = raw.index(b"4 0 obj"), raw.index(b"5 0 obj")

    with pytest.raises((UnreadableInput, InputTooLarge)):
        read(raw[:start] + b"4 0 obj\n" + stream + b"\nendobj\n" + raw[end:])


def archive(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name.replace("__", "/"), content)
    return out.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(*paragraphs):
    return archive(**{"word/document.xml": f"<w:document {W}><w:body>{''.join(paragraphs)}</w:body></w:document>"})


def paragraph(text, style=""):
    mark = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{mark}<w:r><w:t>{text[:20]}</w:t></w:r><w:r><w:t>{text[20:]}</w:t></w:r></w:p>"


def test_word_document_is_read_with_its_title():
    document = read(word(paragraph(TITLE + ".", "Title"), paragraph("By Maria Keane"), *map(paragraph, BODY)), "a.docx")

    assert document.head.title == TITLE + "."
    assert document.head.byline == "Maria Keane"
    assert kinds(document, "paragraph") == list(BODY)


def test_tracked_deletions_are_not_text():
    deleted = "<w:del><w:r><w:t> and no</w:t></w:r></w:del>"
    deleted = f"<w:p><w:r><w:t>He said yes</w:t></w:r>{deleted}<w:r><w:t>.</w:t></w:r></w:p>"

    assert "He said yes." in read(word(paragraph(TITLE), deleted, *map(paragraph, BODY)), "a.docx").text


def book(chapters):
    items = "".join(f'<item id="c{i}" href="c{i}.xhtml"/>' for i in range(len(chapters)))
    spine = "".join(f'<itemref idref="c{i}"/>' for i in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        f"<dc:title>{TITLE}</dc:title><dc:creator>Maria Keane</dc:creator></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    members = {"META-INF/container.xml": container, "OEBPS/book.opf": package}
    return archive(**members, **{f"OEBPS/c{i}.xhtml": f"<html><body>{c}</body></html>" for i, c in enumerate(chapters)})


def test_book_is_read_in_its_own_order():
    document = read(book([f"<p>{p}</p>" for p in BODY]), "a.epub")

    assert document.head.title == TITLE
    assert document.head.byline == "Maria Keane"
    assert kinds(document, "paragraph") == list(BODY)


WHOLE = word(*map(paragraph, BODY))
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(12)
) + f"]><w:document {W}><w:body><w:p><w:r><w:t>&m;</w:t></w:r></w:p></w:body></w:document>"  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    [
        archive(**{"word/document.xml": bytes(40 * 1024 * 1024)}),
        archive(**{f"m{i}": b"" for i in range(6000)}),
        archive(**{"word/document.xml": LAUGHS}),
        archive(**{"word/document.xml": "no XML at all"}),
        archive(**{"META-INF/container.xml": "<container/>"}),
        archive(**{"notes.txt": "Bridge closed."}),
        word(*map(paragraph, BODY))[:-40],
        WHOLE[:60] + WHOLE[200:59:-1] + WHOLE[201:],
        b"PK\x03\x04" + bytes(200),
    ],
    ids=["bomb", "many-members", "laughs", "no-xml", "empty-book", "other-zip", "cut-off", "damaged", "noise"],
)
def test_bad_archive_gets_a_sentence(raw):
    with pytest.raises((UnreadableInput, InputTooLarge), match=r"\.$"):
        read(raw, "a.docx")
