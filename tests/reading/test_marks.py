import pytest

from bot.reading.marks import pair_marks
from db.model import Span


def inner(text: str) -> list[str]:
    return [s.inner.slice(text) for s in pair_marks(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("He said “yes” and “no”.", ["yes", "no"], id="curly"),
        pytest.param('He said "yes" and "no".', ["yes", "no"], id="straight"),
        pytest.param("He said ‘yes’ and left.", ["yes"], id="single curly"),
        pytest.param("He said 'don't go' and left.", ["don't go"], id="single straight with an apostrophe inside"),
        pytest.param("„Ja“, sagte er. »Nein«, sagte sie.", ["Ja", "Nein"], id="German"),
        pytest.param("« Oui », dit-il. «Non», dit-elle.", [" Oui ", "Non"], id="French"),
        pytest.param("市長は「はい」と述べた。", ["はい"], id="CJK"),
        pytest.param('“Yes," he said. “No.”', ["Yes,", "No."], id="curly closed by straight"),
        pytest.param("“Yes,“ he said. “No.“", ["Yes,", "No."], id="closed by an opening mark"),
        pytest.param("“He said ‘never’ and left.”", ["He said ‘never’ and left."], id="nested: outermost only"),
        pytest.param('"They call it “home” here," he said.', ["They call it “home” here,"], id="curly inside straight"),
        pytest.param("“It goes on.", ["It goes on."], id="left open: to the end of the paragraph"),
        pytest.param('A 12" pipe and 6\'2" men.', [], id="inches and feet"),
        pytest.param("The workers' club and the boys' room.", [], id="plural possessives"),
        pytest.param("It was the '90s, and rock 'n' roll.", [], id="dropped letters"),
        pytest.param("Don't, can’t, won't.", [], id="apostrophes"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_marks_are_paired_as_a_reader_pairs_them(text, expected):
    assert inner(text) == expected


def test_an_odd_mark_never_leaves_its_paragraph():
    text = "“Open.\nNot in marks. “Closed.”"
    paragraphs = [Span(0, 6), Span(7, len(text))]

    found = [s.inner.slice(text) for p in paragraphs for s in pair_marks(text, p)]

    assert found == ["Open.", "Closed."]


def test_an_open_stretch_says_so():
    closed, still_open = (pair_marks(t, Span(0, len(t)))[0].is_closed for t in ("“a b”", "“a b"))

    assert closed
    assert not still_open
