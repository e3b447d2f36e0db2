"""Questions on the shared sample article, where it is present."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering import Answer, NoAnswer, answer_question
from bot.reading.formats import Material, read_material
from db.model import Acquisition
from db.sqlite.store import open_sqlite

ARTICLE = Path(__file__).resolve().parents[3] / "shared/articles/iran-backed-militia.txt"
pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(not ARTICLE.exists(), reason="the shared sample article is not beside the repository"),
]


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def store(tmp_path, anyio_backend):
    opened = await open_sqlite(str(tmp_path / "verbatim.db"))
    reading = read_material(Material(text=ARTICLE.read_text(encoding="utf-8"), tagger=False))
    await opened.add_article("local", reading, Acquisition(way="paste"))
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("when was peter moore released", "December 2009"),
        ("who shot down teh britsh lynx helicoper", "Lynx"),
        ("what did Asaib Ahl al-Haq say", "forces of occupation"),
    ],
)
async def test_first_passage_answers(store, question, words):
    answer = await answer_question(store, "local", question)

    assert isinstance(answer, Answer)
    assert words in answer.passages[0].passage.text


async def test_its_is_explained_by_the_passage(store):
    answer = await answer_question(store, "local", "who shot down teh britsh lynx helicoper")

    assert isinstance(answer, Answer)
    assert [referent.name for referent in answer.passages[0].passage.referents] == ["Asaib Ahl al-Haq"]


async def test_who_is_not_in_the_article_said_nothing(store):
    answer = await answer_question(store, "local", "what did Barack Obama say about the marines?")

    assert isinstance(answer, NoAnswer)
    assert answer.nearest
