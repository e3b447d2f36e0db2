"""Questions against a small library of fictional articles: the right passage, the right highlight, or silence."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest

from bot.answering import Answer, NoAnswer, answer_question
from bot.errors import BadQuestion
from bot.reading.formats import Material, read_material
from db.model import Acquisition, Head
from db.sqlite.store import open_sqlite

FERRY = """Ferry returns to Port Ellery after two years

The ferry Annalise returned to Port Ellery in March 2021 after two years of repairs at the Halden yard.

“We never stopped believing in this harbour,” said Maren Tolliver, the harbour master.

The repairs cost 4.2 million crowns, paid by the district of Ostrava Bay.

Tolliver said that the quay would be widened before the winter.

“The noise is unbearable,” said Gregor Halloway, who lives beside the quay.
"""
BRIDGE = """Bridge over the Silt closed for inspection

Engineers closed the Kestrel Bridge over the river Silt on Monday after cracks were found in two pillars.

“Nobody was in danger at any time,” said Ines Halloway, the chief engineer.

About 1,300 lorries use the bridge each day.

Halloway said that the inspection would take nine days.
"""


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def store(tmp_path, anyio_backend):
    opened = await open_sqlite(str(tmp_path / "verbatim.db"))
    for number, (text, published) in enumerate(((FERRY, "2021-03-20"), (BRIDGE, "2023-05-02"))):
        reading = read_material(Material(text=text, as_is=True, given=Head(published=published), tagger=False))
        await opened.add_article("local", reading, Acquisition(way="cli", external_id=f"a{number}"))
    yield opened
    await opened.close()


def first(answer):
    return (answer.passages if isinstance(answer, Answer) else answer.nearest)[0]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("when did the annalise return", "March 2021"),
        ("how many lorries use the kestrel bridge", "1,300"),
        ("what did maren tolliver say about the harbour", "never stopped believing"),
        ("what did Toliver say about teh quay", "quay would be widened"),
        ("who said nobody was in danger", "Nobody was in danger"),
        ("did halloway really say the noise is unbearable", "unbearable"),
        ("why was the kestral brigde closed", "cracks were found"),
        ("repairs halden yard", "Halden yard"),
        ("“We never stopped believing in this harbour,”", "never stopped believing"),
    ],
)
async def test_first_passage_holds_the_answer(store, question, words):
    answer = await answer_question(store, "local", question)

    assert words in first(answer).passage.text


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("question", "marked"),
    [("when did the annalise return", "March 2021"), ("how many lorries use the bridge", "1,300")],
)
async def test_highlight_marks_what_was_asked_for(store, question, marked):
    shown = first(await answer_question(store, "local", question))
    text, start = shown.passage.text, shown.passage.span.start

    assert marked in [text[span.start - start : span.end - start] for span in shown.highlight]


@pytest.mark.anyio
async def test_every_shown_text_is_its_slice_of_the_article(store):
    for question in ("what did Halloway say", "bridge inspection", "ferry", "who said something about the winter"):
        answer = await answer_question(store, "local", question)
        for shown in answer.passages if isinstance(answer, Answer) else answer.nearest:
            article = await store.get_article("local", shown.passage.article_id)
            assert shown.passage.span.slice(article.text) == shown.passage.text
            span = shown.passage.span
            assert all(span.start <= mark.start < mark.end <= span.end for mark in shown.highlight)


@pytest.mark.anyio
@pytest.mark.parametrize("question", ["hello", "thanks!", "how are you", "who invented the saxophone", "is the of and"])
async def test_small_talk_and_foreign_topics_get_no_answer(store, question):
    assert isinstance(await answer_question(store, "local", question), NoAnswer)


@pytest.mark.anyio
async def test_unknown_speaker_gets_no_answer_but_the_nearest(store):
    answer = await answer_question(store, "local", "what did Zebulon Quarrick say about the bridge?")

    assert isinstance(answer, NoAnswer)
    assert answer.nearest


@pytest.mark.anyio
async def test_name_of_several_speakers_is_asked_back(store):
    answer = await answer_question(store, "local", "what did Halloway say")

    assert isinstance(answer, NoAnswer)
    assert set(answer.which) == {"Gregor Halloway", "Ines Halloway"}


@pytest.mark.anyio
async def test_speaker_given_beside_the_question_restricts(store):
    answer = await answer_question(store, "local", "noise danger", speaker="Ines Halloway")

    shown = answer.passages if isinstance(answer, Answer) else answer.nearest
    assert {ranked.passage.speaker for ranked in shown} == {"Ines Halloway"}


@pytest.mark.anyio
async def test_time_restricts_to_articles_of_that_time(store):
    answer = await answer_question(store, "local", "what did Halloway say since May 2022", today=date(2023, 6, 1))

    shown = answer.passages if isinstance(answer, Answer) else answer.nearest
    assert {ranked.passage.citation.external_id for ranked in shown} == {"a1"}


@pytest.mark.anyio
async def test_wire_copy_is_one_answer_with_two_citations(store):
    copy = read_material(Material(text=FERRY.replace("Ferry returns", "The ferry is back"), as_is=True, tagger=False))
    await store.add_article("local", copy, Acquisition(way="cli", external_id="copy"))

    shown = first(await answer_question(store, "local", "when did the annalise return"))

    assert {shown.passage.citation.external_id, *(c.external_id for c in shown.also_in)} == {"a0", "copy"}


@pytest.mark.anyio
@pytest.mark.parametrize("question", ["", "   ", "?!…", "\u200b\u202e", "x" * 4001], ids=repr)
async def test_nothing_to_look_up_is_a_clear_sentence(store, question):
    with pytest.raises(BadQuestion, match=r"\.$"):
        await answer_question(store, "local", question)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "question",
    [
        '"OR" AND NEAR(ferry* -quay) title:^',
        "'; DROP TABLE search_term; --",
        " ".join(f"qz{number}w" for number in range(500)),
        "фермата на моста 橋は閉鎖 الجسر",
        "fer\u200bry \u202eannalise\u202c \ud800 \x00",
        "a" * 4000,
        "the " * 900,
    ],
    ids=["operators", "sql", "500 words", "scripts", "invisible", "one long word", "stop words"],
)
async def test_hostile_questions_are_survived(store, question):
    answer = await answer_question(store, "local", question)

    assert isinstance(answer, (Answer, NoAnswer))


@pytest.mark.anyio
async def test_removed_article_is_found_no_more(store):
    found = first(await answer_question(store, "local", "annalise ferry repairs"))
    await store.remove_article("local", found.passage.article_id, actor=None)

    answer = await answer_question(store, "local", "annalise ferry repairs")

    shown = answer.passages if isinstance(answer, Answer) else answer.nearest
    assert all(ranked.passage.article_id != found.passage.article_id for ranked in shown)


@pytest.mark.anyio
async def test_libraries_never_meet(store):
    answer = await answer_question(store, "elsewhere", "annalise ferry repairs")

    assert answer == NoAnswer("annalise ferry repairs", (), 0.0)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM search_term",
        "DELETE FROM search_article",
        "DROP TABLE search_run",
        "UPDATE search_term SET tail = substr(tail, 1, 3)",
        "UPDATE search_library SET chunk_count = 99",
    ],
)
async def test_damaged_index_is_found_and_rebuilt_from_the_articles(store, tmp_path, damage):
    assert await store.check_index("local") == []
    with sqlite3.connect(tmp_path / "verbatim.db") as connection:
        connection.execute(damage)
    connection.close()

    faults = await store.check_index("local")
    rebuilt = await store.rebuild_index("local")

    assert faults
    assert rebuilt == 2
    assert await store.check_index("local") == []
    assert "March 2021" in first(await answer_question(store, "local", "when did the annalise return")).passage.text
