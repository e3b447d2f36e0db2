"""What a passage is shown as: whose words they are, which of them are hidden, and what is marked in them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering import Answer, answer_question
from bot.checking import check_quote
from bot.reading.formats import Material, read_material
from bot.render import render_context, render_passage
from db.corrections import MergeSpeakers, ReviewQuotation
from db.model import Acquisition
from db.sqlite.store import open_sqlite

pytestmark = pytest.mark.anyio

CRANES = """Harbour to lose its cranes

“Nobody should lose a berth. They are old,” said Orla Dunne, who has been the mayor of Northport since the spring of \
2011 and leads the berth committee.

“The insurer will not cover the cranes. Nobody will pay for a berth that has none,” said Ivo Marsh, the harbour master.

A ferry carried 900 lorries in May.
"""
LONG = "“{} Nobody has counted the herons since,” Runa Holt said.".format(
    " ".join(f"Field {number} was flooded to the hedge and the sheep had to be moved at night." for number in range(20))
)


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def store(tmp_path, anyio_backend):
    opened = await open_sqlite(str(tmp_path / "verbatim.db"))
    yield opened
    await opened.close()


async def load(store, text, change=lambda reading: reading):
    reading = change(read_material(Material(text=text, as_is=True, tagger=False)))
    added = await store.add_article("local", reading, Acquisition(way="cli"))
    return await store.get_article("local", added.article_id)


async def ask(store, question, **options):
    answer = await answer_question(store, "local", question, **options)
    return answer.passages if isinstance(answer, Answer) else answer.nearest


async def hide(store, article, words):
    [quotation_id] = [q.id for q in article.quotations if words in q.quotation.extent.slice(article.text)]
    await store.correct("local", ReviewQuotation(quotation_id, "hidden"), actor="1")


def marked(shown):
    start = shown.passage.span.start
    return [shown.passage.text[mark.start - start : mark.end - start] for mark in shown.highlight]


async def test_last_words_before_a_long_cue_are_still_the_speaker_s(store):
    await load(store, CRANES)

    shown = (await ask(store, "since when has the mayor of Northport been in office"))[0].passage

    assert (shown.kind, shown.speaker, shown.source_text) == ("quotation", "Orla Dunne", "Orla Dunne")
    assert shown.text.startswith("“Nobody should lose a berth.")


async def test_sentence_of_a_quotation_too_long_to_show_is_a_quotation(store):
    article = await load(store, f"Floods in the valley\n\n{LONG}\n")

    shown = (await ask(store, "how many herons"))[0].passage

    assert (shown.kind, shown.speaker, shown.source_text) == ("quotation", "Runa Holt", "Runa Holt")
    assert shown.content == article.quotations[0].quotation.content
    assert render_passage(shown).quote.startswith("> \\[…")
    found = await store.find_passage("local", article.id, shown.span.start, shown.span.end)
    assert (found.kind, found.speaker) == ("quotation", "Runa Holt")


async def test_guess_at_reported_speech_of_nobody_is_the_article_s(store):
    def doubt(reading):
        facts = [s for s in reading.sentences if "lorries" in s.slice(reading.text)]
        guess = replace(reading.quotations[0], type="indirect", content=tuple(facts), cue=None, source=(), speaker=None)
        return replace(reading, quotations=(*reading.quotations, replace(guess, confidence=0.2)))

    await load(store, CRANES, doubt)

    shown = (await ask(store, "how many lorries did a ferry carry"))[0].passage

    assert (shown.kind, shown.quotation_id, shown.content) == ("fact", None, ())


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("what did Orla Dunne say", []),
        ("what did Dunne say about a berth on the committee", ["berth"]),
        ("did Ivo Marsh say the insurer will not cover the harbour cranes", ["insurer", "cover", "cranes"]),
    ],
)
async def test_of_what_was_said_only_the_topic_inside_it_is_marked(store, question, words):
    await load(store, CRANES)

    assert marked((await ask(store, question))[0]) == words


async def test_source_is_marked_where_it_stands_and_not_inside_a_word(store):
    await load(store, "Herons at Saltley\n\n“Sheds were sheltering two herons,” she said.\n")

    [shown, *_] = await ask(store, "who said sheds were sheltering herons")

    assert [mark.start for mark in shown.highlight] == [
        shown.passage.text.index(" she said") + 1 + shown.passage.span.start
    ]


@pytest.mark.parametrize(
    "question", ["insurer cranes", "what did Ivo Marsh say", "who said the insurer will not cover"]
)
async def test_hidden_words_are_in_no_answer(store, question):
    article = await load(store, CRANES)
    await hide(store, article, "insurer")

    assert not any(
        "insurer" in r.passage.text or "a berth that has" in r.passage.text for r in await ask(store, question)
    )


async def test_passage_of_another_quotation_does_not_reach_over_hidden_words(store):
    text = "Fog\n\n“The horn is loud,” Ann Lee said. “It is broken,” said Ben Ode. “We will mend it,” Lee added.\n"
    article = await load(store, text)
    await hide(store, article, "broken")

    for question in ("what did Ann Lee say", "horn loud", "who said we will mend it"):
        assert not any("broken" in ranked.passage.text for ranked in await ask(store, question))


async def test_check_shows_no_hidden_words(store):
    article = await load(store, CRANES)
    await hide(store, article, "insurer")

    verdict = await check_quote(store, "local", "The insurer will not cover the cranes")

    assert (verdict.kind, verdict.matches) == ("not_found", ())


async def test_context_stops_before_hidden_words(store):
    article = await load(store, CRANES)
    await hide(store, article, "insurer")
    article = await store.get_article("local", article.id)

    [shown, *_] = await ask(store, "how many lorries did a ferry carry")

    assert "a berth that has" not in render_context(article, shown.passage)


async def test_merges_are_followed_to_their_end_with_every_name(store):
    await load(store, "Fog horn\n\n“The horn is loud,” Ann Lee said.\n")
    await load(store, "Fog bell\n\n“The bell is cracked,” Nan Nevis said.\n")
    await load(store, "Fog lamp\n\n“The lamp is out,” Cy Poe said.\n")
    known = {speaker.name: speaker.id for speaker in await store.find_speakers("local")}
    await store.correct("local", MergeSpeakers(known["Ann Lee"], known["Nan Nevis"]), actor="1")
    await store.correct("local", MergeSpeakers(known["Nan Nevis"], known["Cy Poe"]), actor="1")

    for name in known:
        shown = await ask(store, "what about the horn", speaker=name)
        assert "The horn is loud" in shown[0].passage.text
        assert {ranked.passage.speaker for ranked in shown} == {"Cy Poe"}


async def test_check_shows_the_whole_quotation_round_the_words(store):
    await load(store, CRANES)

    [match] = (await check_quote(store, "local", "Nobody will pay for a berth that has none")).matches

    assert match.text == CRANES.split("\n\n")[2]


async def test_check_marks_that_a_long_quotation_goes_on(store):
    await load(store, f"Floods in the valley\n\n{LONG}\n")

    [match] = (await check_quote(store, "local", "Field 7 was flooded to the hedge and the sheep")).matches

    quote = render_passage(match).quote
    assert quote.startswith("> \\[…")
    assert quote.endswith("…\\]")
    assert match.speaker == "Runa Holt"
