from __future__ import annotations

import pytest

from bot.conversation import KEPT_S, Conversations


@pytest.fixture
def clock():
    return [1000.0]


@pytest.fixture
def talks(clock):
    kept = Conversations(clock=lambda: clock[0])
    kept.remember("place", "Ruth Delaney")
    return kept


@pytest.mark.parametrize(
    "question",
    [
        "and what did she say about taxes?",
        "has he ever denied it",
        "What do they think of the bridge",
        "did it warn anyone",
    ],
)
def test_a_pronoun_that_speaks_means_the_last_speaker(talks, question):
    assert talks.resolve_speaker("place", question) == "Ruth Delaney"


@pytest.mark.parametrize("question", ["when did he die", "what did Martin Oakes say", "who said that", "it rained", ""])
def test_other_questions_keep_nobody(talks, question):
    assert talks.resolve_speaker("place", question) is None


def test_another_place_knows_nothing(talks):
    assert talks.resolve_speaker("elsewhere", "what did she say") is None


def test_a_conversation_ends_after_ten_minutes(talks, clock):
    clock[0] += KEPT_S + 1

    assert talks.resolve_speaker("place", "what did she say") is None


def test_an_answer_without_speaker_ends_it(talks):
    talks.remember("place", None)

    assert talks.resolve_speaker("place", "what did she say") is None
