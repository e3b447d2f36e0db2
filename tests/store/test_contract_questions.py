from __future__ import annotations

import pytest

pytestmark = pytest.mark.anyio


async def test_unanswered_question_is_kept(store):
    await store.record_question("here", "When does the ferry sail?", answered=False)

    [question] = await store.find_questions("here")

    assert (question.text, question.asked_count) == ("When does the ferry sail?", 1)
    assert question.first_at == question.last_at == "2026-03-01T12:00:00Z"


@pytest.mark.parametrize(
    "again", ["when does the ferry SAIL", "When does the ferry sail??", "  When does the férry sail "]
)
async def test_question_asked_again_is_counted_not_repeated(store, clock, again):
    await store.record_question("here", "When does the ferry sail?", answered=False)
    clock.advance(hours=1)

    await store.record_question("here", again, answered=False)

    [question] = await store.find_questions("here")
    assert (question.text, question.asked_count) == ("When does the ferry sail?", 2)
    assert question.last_at == "2026-03-01T13:00:00Z"


async def test_most_asked_question_comes_first(store):
    for text in ("One?", "Two?", "Two?", "Three?"):
        await store.record_question("here", text, answered=False)

    assert [question.text for question in await store.find_questions("here", limit=2)] == ["Two?", "Three?"]


async def test_answered_question_is_not_kept(store):
    await store.record_question("here", "When?", answered=True)

    assert await store.find_questions("here") == []


async def test_question_leaves_the_list_once_it_is_answered(store):
    await store.record_question("here", "When?", answered=False)

    await store.record_question("here", "when", answered=True)

    assert await store.find_questions("here") == []


async def test_question_is_open_again_when_its_answer_is_gone(store):
    for answered in (False, True, False):
        await store.record_question("here", "When?", answered=answered)

    [question] = await store.find_questions("here")
    assert question.asked_count == 2


async def test_question_is_forgotten_when_its_days_are_over(store, clock):
    await store.record_question("here", "When?", answered=False, keep_days=30)
    clock.advance(days=30)

    assert await store.find_questions("here") == []
    assert await store.forget_expired("here") == 1
    assert await store.forget_expired("here") == 0


async def test_question_asked_again_is_kept_longer(store, clock):
    await store.record_question("here", "When?", answered=False)
    clock.advance(days=20)
    await store.record_question("here", "When?", answered=False)
    clock.advance(days=20)

    assert len(await store.find_questions("here")) == 1


@pytest.mark.parametrize("text", ["", "?!", "\0", "\ud800", "😀", "x" * 100_000, "'; DROP TABLE question; --"])
async def test_any_question_can_be_recorded(store, text):
    await store.record_question("here", text, answered=False)
    await store.record_question("here", text, answered=False)

    [question] = await store.find_questions("here")
    assert question.asked_count == 2
