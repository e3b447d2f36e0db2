"""A sentence is speech where enough of it is somebody's words."""

import pytest

from db.model import Span
from db.speech import is_speech

SENTENCE = "Ms Berg, who has led the harbour board since May, said the crane would cost 2 million."


@pytest.mark.parametrize(
    ("kind", "words", "expected"),
    [
        ("indirect", "the crane would cost 2 million", True),
        ("indirect", "2 million", False),
        ("mixed", "2 million", True),
    ],
    ids=["a third reported", "a few words reported", "a few words in marks"],
)
def test_speech_is_told_by_marks_or_by_a_third_of_the_sentence(kind, words, expected):
    start = SENTENCE.index(words)

    assert is_speech(kind, [Span(start, start + len(words))], Span(0, len(SENTENCE))) is expected
