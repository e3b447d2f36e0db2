import pytest

from bot.reading.quotations import find_quotations
from db.model import Block, Span


def read(text: str, *, tagger: bool = True, language: str = "en") -> list[tuple[list[str], str]]:
    blocks, start = [], 0
    for line in text.split("\n"):
        blocks.append(Block("paragraph", Span(start, start + len(line))))
        start += len(line) + 1
    found = find_quotations(text, blocks, tagger=tagger, language=language)
    return [([c.slice(text) for c in q.content], q.source_text(text)) for q in found]


BOTH = pytest.mark.parametrize("tagger", [True, False], ids=["tagger", "rules"])


@BOTH
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("“We will rebuild,” said Ada Okoye.", [(["“We will rebuild,”"], "Ada Okoye")], id="inverted"),
        pytest.param("“We will rebuild,” Ada Okoye said.", [(["“We will rebuild,”"], "Ada Okoye")], id="plain"),
        pytest.param(
            "“We will rebuild,” said Ada Okoye. “It will take a year.”",
            [(["“We will rebuild,”", "“It will take a year.”"], "Ada Okoye")],
            id="split",
        ),
        pytest.param("She said: “We will rebuild it.”", [(["“We will rebuild it.”"], "She")], id="colon"),
        pytest.param("Okoye said that the wall would stand.", [(["that the wall would stand"], "Okoye")], id="that"),
        pytest.param('"We will rebuild," Okoye said.', [(['"We will rebuild,"'], "Okoye")], id="straight marks"),
        pytest.param("‘We will rebuild,’ Okoye said.", [(["‘We will rebuild,’"], "Okoye")], id="single marks"),
        pytest.param("The wall was built in 1871. It is ten feet high.", [], id="no speech"),
    ],
)
def test_a_quotation_is_found_with_its_source(text, expected, tagger):
    assert read(text, tagger=tagger) == expected


@BOTH
def test_according_to_is_a_cue(tagger):
    found = read("The bridge will close in May, according to the Harbour Board.", tagger=tagger)

    assert found == [(["The bridge will close in May"], "the Harbour Board")]


@BOTH
def test_a_transcript_gives_one_quotation_a_turn(tagger):
    text = "HALL: When was it found?\nOMAR: In April.\nHALL: By whom?\nOMAR: By me, I am afraid."

    found = read(text, tagger=tagger)

    assert found == [
        (["When was it found?"], "HALL"),
        (["In April."], "OMAR"),
        (["By whom?"], "HALL"),
        (["By me, I am afraid."], "OMAR"),
    ]


def test_a_list_of_facts_is_no_transcript():
    found = read("Date: May 4\nPlace: Arden\nEntry: free")

    assert found == []


@pytest.mark.parametrize(
    ("language", "text", "content", "source"),
    [
        ("de", "„Wir bauen neu“, sagte Klara Wendt.", "„Wir bauen neu“", "Klara Wendt"),
        ("fr", "« Nous reconstruirons », a déclaré Claire Dubreuil.", "« Nous reconstruirons »", "Claire Dubreuil"),
        ("es", "«Vamos a reconstruir», dijo Lucía Ferrán.", "«Vamos a reconstruir»", "Lucía Ferrán"),
    ],
)
def test_a_language_is_read_by_its_table(language, text, content, source):
    assert read(text, language=language) == [([content], source)]


def test_an_unsupported_language_keeps_its_stretches_without_a_source():
    found = read("市長は「危険を冒すことはできません」と述べた。", language="ja")

    assert found == [(["「危険を冒すことはできません」"], "")]


def test_bylines_and_asides_are_not_read():
    text = "“Share this,” said Ada Okoye."

    found = find_quotations(text, [Block("aside", Span(0, len(text)))])

    assert found == []
