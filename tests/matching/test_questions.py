"""What a question is taken to ask."""

from __future__ import annotations

from datetime import date

import pytest

from bot.matching.query import parse_question
from bot.matching.times import Period, find_period
from db.spelling import rank_spellings
from db.terms import fold_word, iter_words

TODAY = date(2024, 8, 14)


@pytest.mark.parametrize(
    ("typed", "kind", "speaker", "topic"),
    [
        ("What did Ada Okoye say about the harbour tax?", "what_said", ("ada", "okoye"), ("harbour", "tax")),
        ("whats okoyes take on harbour tax", "what_said", ("okoyes",), ("harbour", "tax")),
        ("any qyotes from okoye abuot taxes", "what_said", ("okoye",), ("taxes",)),
        ("what has Okoye siad about taxes", "what_said", ("okoye",), ("taxes",)),
        ("did the mayor really say that ferries are doomed", "did_say", ("mayor",), ("ferries", "doomed")),
        ("is it true that Okoye said ferries are doomed", "did_say", ("okoye",), ("ferries", "doomed")),
        ("who was it that said ferries are doomed", "who_said", (), ("ferries", "doomed")),
        ("what did Okoye say", "what_said", ("okoye",), ()),
        ("when was the ferry repaired", "when", (), ("ferry", "repaired")),
        ("how many lorries", "how_many", (), ("lorries",)),
        ("ferry repairs", "topic", (), ("ferry", "repairs")),
    ],
)
def test_kind_speaker_and_topic_are_told_apart(typed, kind, speaker, topic):
    question = parse_question(typed, today=TODAY)

    assert (question.kind, question.speaker, question.topic) == (kind, speaker, topic)


@pytest.mark.parametrize(
    ("typed", "period"),
    [
        ("what did Okoye say since March", Period("2024-03-01")),
        ("what did Okoye say since November", Period("2023-11-01")),
        ("ferry news last week", Period("2024-08-05", "2024-08-14")),
        ("ferry news before 2020", Period(None, "2019-12-31")),
        ("how the last week began for ferries", Period()),
        ("the 2008 crisis", Period()),
    ],
)
def test_times_restrict_only_at_the_end_of_a_question(typed, period):
    assert find_period(typed, today=TODAY)[0] == period


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("helicoper", "helicopter"),
        ("hlicopter", "helicopter"),
        ("jelicopter", "helicopter"),
        ("sulaimani", "suleimani"),
        ("hizbolah", "hizbollah"),
        ("feryr", "ferry"),
    ],
)
def test_slips_and_spellings_by_ear_are_mended(typed, meant):
    words = ["helicopters", "helipad", "helicopter", "suleimani", "solomon", "hizbollah", "ferry", "fairy", "very"]

    assert rank_spellings(typed, words)[0][0] == meant


def test_short_words_are_never_mended():
    assert rank_spellings("ab", ["at", "an", "abe"]) == []


@pytest.mark.parametrize(
    ("printed", "folded"),
    [("Trump’s", "trump"), ("J.F.K.", "jfk"), ("1,250.5", "12505"), ("Žižek", "zizek"), ("can't", "cant")],
)
def test_spelling_variants_fold_together(printed, folded):
    assert fold_word(printed) == folded


def test_scripts_without_spaces_become_pairs():
    assert [word for word, _, _ in iter_words("橋は閉鎖")] == ["橋は", "は閉", "閉鎖"]
