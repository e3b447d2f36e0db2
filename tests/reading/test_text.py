import pytest

from bot.reading.text import find_words, split_sentences
from db.model import Block, Span


def sentences(text: str, kind: str = "paragraph") -> list[str]:
    return [s.slice(text) for s in split_sentences(text, [Block(kind, Span(0, len(text)))])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. The match was off.", ["It rained.", "The match was off."]),
        ("Dr. Ada Voss met Sen. Cole at 5 p.m. in Arden.", ["Dr. Ada Voss met Sen. Cole at 5 p.m. in Arden."]),
        ("J. R. Okafor won. He smiled.", ["J. R. Okafor won.", "He smiled."]),
        ("“Stop.” She ran.", ["“Stop.”", "She ran."]),
        ("“Why?” Ada Voss said. No one knew.", ["“Why?” Ada Voss said.", "No one knew."]),
        ("“Why?” she asked.", ["“Why?” she asked."]),
        ("The U.S. Senate met. It voted.", ["The U.S. Senate met.", "It voted."]),
        ("It costs 4.5 crowns. Too much!", ["It costs 4.5 crowns.", "Too much!"]),
        ("He said “no.” “Never,” she said.", ["He said “no.”", "“Never,” she said."]),
        ("橋は閉鎖。市長は述べた。", ["橋は閉鎖。", "市長は述べた。"]),
        ("  \n ", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, expected):
    found = sentences(text)

    assert found == expected


@pytest.mark.parametrize("kind", ["byline", "aside"])
def test_bylines_and_asides_have_no_sentences(kind):
    found = sentences("By Ada Voss. All rights reserved.", kind)

    assert found == []


def test_a_word_keeps_its_apostrophe_hyphen_and_inner_full_stop():
    text = "She’s a well-known U.S. writer… “Yes!”"

    words = find_words(text, Span(0, len(text)))

    assert words.forms == ["She’s", "a", "well-known", "U.S", ".", "writer", "…", "“", "Yes", "!", "”"]
    assert [text[s:e] for s, e in zip(words.starts, words.ends, strict=True)] == words.forms


def test_a_run_of_one_mark_is_one_word():
    text = '"' * 1000

    words = find_words(text, Span(0, len(text)))

    assert len(words) == 1
