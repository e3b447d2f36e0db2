"""Loading: what a person hands in becomes a reading, or a clear sentence."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from bot.config import ReadingSettings
from bot.errors import InputTooLarge, UnreadableInput, VerbatimError
from bot.fetching.fetcher import Fetched
from bot.loading import Source, load_article, read_source
from bot.worker import open_worker
from db.backends import open_store
from db.model import Acquisition

SETTINGS = ReadingSettings(deadline_s=60.0, max_text_bytes=1024 * 1024)
ARTICLE = """Council votes to close harbour bridge

Port Herald

By Ines Duarte

The council voted on Tuesday to close the bridge for nine weeks, the harbour master said.

“We have no choice,” said Tom Brennan, who runs the port.
"""


def read(source, settings=SETTINGS):
    async def scenario():
        async with open_worker(settings, inline=True) as worker:
            return await read_source(worker, source)

    return asyncio.run(scenario())


def paragraphs(reading):
    return [b.span.slice(reading.text) for b in reading.blocks if b.kind == "paragraph"]


def test_pasted_article_is_read_with_its_head():
    reading = read(Source(text=ARTICLE))

    assert reading.head.title == "Council votes to close harbour bridge"
    assert reading.head.publisher == "Port Herald"
    assert reading.head.byline == "Ines Duarte"
    assert len(paragraphs(reading)) == 2


def test_given_head_wins_over_what_is_read():
    reading = read(
        Source(text=ARTICLE, publisher="The Daily Gull", published="2024-05-01", url="https://gull.example/1")
    )

    assert (reading.head.publisher, reading.head.published) == ("The Daily Gull", "2024-05-01")
    assert reading.head.url == "https://gull.example/1"


@pytest.mark.parametrize(
    ("typed", "published"),
    [("5 March 2024", "2024-03-05"), ("2024-03-05T18:30:00Z", "2024-03-05T18:30+00:00"), ("last Tuesday", None)],
)
def test_given_date_is_kept_as_iso_or_left_out_with_a_warning(typed, published):
    reading = read(Source(text=ARTICLE, published=typed))

    assert reading.head.published == published
    assert bool(reading.warnings) == (published is None)


def test_link_is_fetched_and_read_as_a_page():
    class Library:
        async def fetch(self, url):
            page = "<p>The council closed the bridge on Tuesday, the harbour master said.</p>" * 1
            page += "".join(
                f"<p>Paragraph {i} tells what else happened in the harbour that week.</p>" for i in range(6)
            )
            body = f"<title>Bridge</title><article><h1>Bridge</h1>{page}</article>".encode()
            return Fetched(url + "/moved", body, "text/html", "utf-8", None, None)

    async def scenario():
        async with open_worker(SETTINGS, inline=True) as worker:
            return await read_source(worker, Source(url="https://gull.example/a"), Library())

    reading = asyncio.run(scenario())

    assert reading.head.url == "https://gull.example/a/moved"
    assert len(paragraphs(reading)) == 7


def test_link_without_a_fetcher_is_refused():
    with pytest.raises(UnreadableInput, match="Links cannot be loaded here"):
        read(Source(url="https://gull.example/a"))


def test_as_is_leaves_every_character_where_it_was():
    text = "  Bridge closed\r\n\r\n\tBy the sea,\xa0he waited. \nShare\n"

    reading = read(Source(text=text, as_is=True))

    assert reading.text == text
    assert [b.span.slice(text) for b in reading.blocks] == ["Bridge closed", "By the sea,\xa0he waited.", "Share"]
    assert [b.kind for b in reading.blocks] == ["title", "paragraph", "paragraph"]


def test_as_is_keeps_offsets_when_a_character_cannot_be_stored():
    text = "Bridge closed\n\nA lone \ud800 and a \x00 stood here.\n\nThe end came."

    reading = read(Source(text=text, as_is=True))

    assert len(reading.text) == len(text)
    assert reading.text.index("The end") == text.index("The end")
    reading.text.encode("utf-8")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (Source(), "nothing to read"),
        (Source(text=""), "no text"),
        (Source(text=" \n\t\n"), "no text"),
        (Source(text="... !!! —"), "no words"),
        (Source(raw=b"", name="empty.txt"), "no text"),
        (Source(raw=b"\x89PNG\r\n\x1a\n" + bytes(100), name="photo.txt"), "PNG image"),
        (Source(raw=bytes(range(256)) * 40, name="noise.txt"), "no text that can be read"),
        (Source(raw=b"{\\rtf1 hello}", name="letter.txt"), "RTF"),
        (Source(raw=b"<html><body><nav>Home</nav></body></html>", name="page.html"), "No article"),
    ],
    ids=["nothing", "empty", "blank", "no-words", "empty-file", "image", "binary", "rtf", "page-without-article"],
)
def test_bad_input_gets_a_sentence(source, sentence):
    with pytest.raises(UnreadableInput, match=sentence):
        read(source)


def test_oversized_text_is_refused_with_its_size():
    with pytest.raises(InputTooLarge, match=r"2\.0 MB.*at most 1 MB"):
        read(Source(text="word " * 420_000))


def test_size_counts_bytes_not_characters():
    with pytest.raises(InputTooLarge):
        read(Source(text="жизнь " * 120_000))


@pytest.mark.parametrize(
    "text",
    [
        "One line only",
        "“Unbalanced, he said.\n\nThe end.",
        "عنوان الخبر\n\nقال الوزير: «لن نغلق الجسر» يوم الثلاثاء.",
        "🙂 🙃\n\nWords.",
    ],
    ids=["one-line", "unbalanced", "right-to-left", "emoji"],
)
def test_odd_text_is_read_and_nothing_is_lost(text):
    reading = read(Source(text=text))

    kept = "".join(b.span.slice(reading.text) for b in reading.blocks)
    assert "".join(kept.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Bridge café\n\nIt closed.".encode("utf-8-sig"), "Bridge café"),
        ("Bridge café\n\nIt closed.".encode("utf-16"), "Bridge café"),
        ("Bridge café\n\nIt closed.".encode("utf-16-le"), "Bridge café"),
        ("Bridge “café”\n\nIt closed.".encode("cp1252"), "Bridge “café”"),
    ],
    ids=["utf-8-bom", "utf-16-bom", "utf-16", "windows-1252"],
)
def test_file_is_decoded_whatever_its_encoding(raw, expected):
    reading = read(Source(raw=raw, name="article.txt"))

    assert reading.head.title == expected


def test_page_saved_as_text_is_read_as_a_page_and_said_so():
    page = (
        "<!doctype html><title>Bridge</title><article>"
        + "<p>The council closed the bridge on Tuesday, he said.</p>" * 1
    )
    page += (
        "".join(f"<p>Paragraph {i} tells what else happened in the harbour that week.</p>" for i in range(6))
        + "</article>"
    )

    reading = read(Source(raw=page.encode(), name="bridge.txt"))

    assert "HTML" in reading.warnings[0]
    assert not any("<p>" in paragraph for paragraph in paragraphs(reading))


@pytest.mark.parametrize(
    "raw", ["Мост закрыт.\n\nОн рухнул.".encode("cp1251"), "橋は閉鎖。\n\n終わり。".encode("shift_jis")]
)
def test_an_encoding_that_was_guessed_is_said(raw):
    reading = read(Source(raw=raw, name="article.txt"))

    assert any("not UTF-8" in warning for warning in reading.warnings)


def test_a_western_file_that_is_not_utf_8_needs_no_warning():
    reading = read(Source(raw="Le pont fermé\n\nIl s’est effondré à midi.".encode("cp1252"), name="article.txt"))

    assert reading.warnings == ()


@pytest.mark.parametrize(("name", "promised"), [("article.pdf", "PDF"), ("article.docx", "Word or EPUB")])
def test_text_named_as_another_format_is_read_and_said_so(name, promised):
    reading = read(Source(raw=ARTICLE.encode(), name=name))

    assert f"named as {promised} but holds plain text" in reading.warnings[0]
    assert len(paragraphs(reading)) == 2


def test_text_named_html_is_read_as_text_and_said_so():
    reading = read(Source(raw=ARTICLE.encode(), name="article.html"))

    assert "plain text" in reading.warnings[0]
    assert len(paragraphs(reading)) == 2


SAMPLE = Path(__file__).resolve().parents[2] / "shared/articles/iran-backed-militia.txt"


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample article lies outside the repository, in ../shared")
def test_pasted_sample_is_whole_and_clean():
    reading = read(Source(text=SAMPLE.read_text("utf-8")))

    counts = Counter(block.kind for block in reading.blocks)
    assert counts == {"title": 1, "standfirst": 1, "byline": 1, "paragraph": 18, "caption": 3, "aside": 3}
    assert reading.head.publisher == "The Telegraph"


def test_load_stores_once_and_reports(tmp_path):
    async def scenario():
        store = await open_store(f"sqlite:///{tmp_path}/verbatim.db")
        try:
            async with open_worker(SETTINGS, inline=True) as worker:
                got = Acquisition("paste", external_id="a1")
                first = await load_article(store, worker, "local", Source(text=ARTICLE), got)
                second = await load_article(store, worker, "local", Source(text=ARTICLE), got)
            return first, second
        finally:
            await store.close()

    first, second = asyncio.run(scenario())

    assert (first.status, second.status) == ("added", "already_loaded")
    assert first.article_id == second.article_id
    assert first.external_id == "a1"


def test_child_process_reads_like_this_one():
    async def scenario():
        async with open_worker(ReadingSettings(deadline_s=60.0)) as worker:
            return await read_source(worker, Source(text=ARTICLE))

    assert asyncio.run(scenario()) == read(Source(text=ARTICLE))


def test_errors_of_the_child_arrive_as_sentences():
    async def scenario():
        async with open_worker(ReadingSettings(deadline_s=60.0)) as worker:
            return await read_source(worker, Source(text="..."))

    with pytest.raises(VerbatimError, match="no words"):
        asyncio.run(scenario())
