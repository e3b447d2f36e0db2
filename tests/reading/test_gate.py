"""Pinned quality over the labelled articles: a change cannot lose any of it unseen."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.reading.read import read_document
from db.model import Block, Document, Head, Span

HERE = Path(__file__).parent
LABELLED = sorted((HERE / "labelled").glob("*.toml"))
FLOORS = tomllib.loads((HERE / "floors.toml").read_text("utf-8"))
CHANGELOG = HERE.parents[1] / "CHANGELOG.md"
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Fragment:
    """One unbroken piece of content: where its words start, and who says it."""

    words: frozenset[int]
    speaker: str | None


def load_article(path: Path) -> dict:
    return tomllib.loads(path.read_text("utf-8"))


def as_document(article: dict) -> Document:
    text = article["text"].strip("\n")
    lines = [Span(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    blocks = tuple(Block("paragraph" if i else "title", span) for i, span in enumerate(lines))
    return Document(text, blocks, Head(title=lines[0].slice(text)))


def words_in(text: str, start: int, end: int) -> frozenset[int]:
    return frozenset(m.start() for m in WORD.finditer(text, start, end))


def marked_by_hand(article: dict) -> list[Fragment]:
    text = article["text"].strip("\n")
    fragments = []
    for quotation in article.get("quotations", []):
        for content in quotation["content"]:
            assert text.count(content) == 1, content
            start = text.index(content)
            fragments.append(Fragment(words_in(text, start, start + len(content)), quotation.get("speaker")))
    return fragments


def found_by(article: dict, *, tagger: bool) -> list[Fragment]:
    document = as_document(article)
    reading = read_document(document, tagger=tagger)
    return [
        Fragment(words_in(document.text, span.start, span.end), quotation.speaker)
        for quotation in reading.quotations
        for span in quotation.content
    ]


def measure(*, tagger: bool) -> dict[str, float]:
    """F1 in percent: of fragments with exactly the right words, of those with the right speaker too, and of words."""
    exact = joint = gold = predicted = named = 0
    right_words = gold_words = predicted_words = 0
    for path in LABELLED:
        article = load_article(path)
        hand, found = marked_by_hand(article), found_by(article, tagger=tagger)
        spoken = {fragment.words: fragment.speaker for fragment in found}
        gold, predicted = gold + len(hand), predicted + len(found)
        for fragment in hand:
            is_exact = fragment.words in spoken
            exact += is_exact
            if fragment.speaker:
                named += 1
                joint += is_exact and spoken[fragment.words] == fragment.speaker
        hand_words = frozenset().union(*(f.words for f in hand))
        found_words = frozenset().union(*(f.words for f in found))
        right_words += len(hand_words & found_words)
        gold_words, predicted_words = gold_words + len(hand_words), predicted_words + len(found_words)
    return {
        "exact": 200 * exact / (gold + predicted),
        "speaker": 100 * joint / named,
        "words": 200 * right_words / (gold_words + predicted_words),
    }


def test_there_are_at_least_25_labelled_articles_of_many_kinds():
    articles = [load_article(path) for path in LABELLED]

    assert len(articles) >= 25
    assert len({article["kind"] for article in articles}) >= 20
    assert {"en", "de", "fr", "es"} <= {article["language"] for article in articles}


@pytest.mark.parametrize("path", LABELLED, ids=lambda path: path.stem)
def test_every_mark_by_hand_is_in_the_text(path):
    article = load_article(path)

    for quotation in article.get("quotations", []):
        assert "source" not in quotation or quotation["source"] in article["text"]
    assert all(fragment.words for fragment in marked_by_hand(article))


@pytest.mark.parametrize("way", ["tagger", "rules"])
def test_quality_stays_above_its_floors(way):
    reached = measure(tagger=way == "tagger")

    missed = {
        name: (round(reached[name], 1), floor["now"])
        for name, floor in FLOORS[way].items()
        if reached[name] < floor["now"]
    }
    assert not missed, f"{way}: reached and floor: {missed}"


@pytest.mark.parametrize("way", ["tagger", "rules"])
def test_no_floor_is_lowered_without_a_reason_in_the_changelog(way):
    for name, floor in FLOORS[way].items():
        if floor["now"] < floor["best"]:
            assert floor.get("lowered"), f"{way}.{name}: say why in `lowered`, with the same words in the changelog"
            assert floor["lowered"] in CHANGELOG.read_text("utf-8")
