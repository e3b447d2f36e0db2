"""Sources become the right speakers, or none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.reading.plain import read_plain
from bot.reading.read import read_document
from bot.reading.speakers import read_cast, resolve_speakers
from bot.reading.text import split_sentences
from db.model import Block, Document, Head, Quotation, Span

SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "articles" / "iran-backed-militia.txt"


def article(*lines):
    """Blocks, the first of them the title, and the text they stand in."""
    text = "\n\n".join(lines)
    spans = [Span(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    return text, tuple(Block("paragraph" if i else "title", span) for i, span in enumerate(spans))


def quote(text, content, source, cue="said", *, after=0, kind="direct", rule="tagger"):
    """A quotation as the reader would find it: the first `content` from `after` on, with the source nearest to it."""
    start = text.index(content, after)
    end = start + len(content)
    spans = ()
    if source:
        found = [m.start() for m in re.finditer(rf"\b{re.escape(source)}\b", text) if not start <= m.start() < end]
        at = min(found, key=lambda s: abs(s - end) if s > start else start - s)
        spans = (Span(at, at + len(source)),)
    said = text.find(cue, max(start - 60, 0)) if cue else -1
    return Quotation(
        kind, (Span(start, end),), Span(said, said + len(cue)) if said >= 0 else None, spans, None, 0.9, rule
    )


def speaker(lines, content, source, **options):
    """The name of whoever said `content`."""
    text, blocks = article("A day in Marlow", *lines)
    [found], _ = resolve_speakers(text, blocks, [quote(text, content, source, **options)], Head())
    return found.speaker


def registry(*lines):
    text, blocks = article("A day in Marlow", *lines)
    return {s.name: s for s in read_cast(text, blocks, split_sentences(text, blocks), []).speakers}


@pytest.mark.parametrize(
    ("lines", "source", "name"),
    [
        pytest.param(["Ada Okoye opened the bridge.", "“It holds,” Okoye said."], "Okoye", "Ada Okoye", id="surname"),
        pytest.param(["Ada Okoye opened it. “It holds,” Ms. Okoye said."], "Ms. Okoye", "Ada Okoye", id="title"),
        pytest.param(["Ada Okoye came. “It holds,” Ada said."], "Ada", "Ada Okoye", id="first name"),
        pytest.param(
            ["Gov. William Gray came. “It holds,” Bill Gray said."], "Bill Gray", "William Gray", id="short name"
        ),
        pytest.param(["Ada N. Okoye came. “It holds,” Ada Okoye said."], "Ada Okoye", "Ada N. Okoye", id="fullest"),
        pytest.param(["“It holds,” said Bill Gray, the mayor."], "Bill Gray, the mayor", "Bill Gray", id="apposition"),
        pytest.param(
            ["“It holds,” Gray spokeswoman Ada Okoye said."], "Gray spokeswoman Ada Okoye", "Ada Okoye", id="modifier"
        ),
        pytest.param(
            ["“It holds,” Ludwig van der Berg said."], "Ludwig van der Berg", "Ludwig van der Berg", id="particle"
        ),
        pytest.param(["Omar al-Rashid came. “It holds,” al-Rashid said."], "al-Rashid", "Omar al-Rashid", id="al-"),
        pytest.param(["Seán Ó Briain came. “It holds,” Ó Briain said."], "Ó Briain", "Seán Ó Briain", id="Ó"),
        pytest.param(["“It holds,” 王小明 said."], "王小明", "王小明", id="script without capitals"),
        pytest.param(
            ["“It holds,” says a report by the Marlow Institute."],
            "a report by the Marlow Institute",
            "Marlow Institute",
            id="document",
        ),
        pytest.param(
            ["“It holds,” the Okoye campaign said."], "the Okoye campaign", "Okoye campaign", id="somebody's body"
        ),
    ],
)
def test_name_leads_to_the_fullest_proper_name(lines, source, name):
    assert speaker(lines, "“It holds,”", source) == name


@pytest.mark.parametrize(
    "source",
    [
        "two officials",
        "a spokesman",
        "critics of Ada Okoye",
        "supporters of the mayor",
        "people close to Okoye",
        "Okoye supporters",
        "a Gray spokesman",
        "Republicans",
        "Ada Okoye and Bill Gray",
        "members of the League",
        "some",
    ],
)
def test_unnamed_source_gets_no_name(source):
    lines = ["Ada Okoye met Bill Gray.", f"“It holds,” {source} said."]

    assert speaker(lines, "“It holds,”", source) is None


@pytest.mark.parametrize(
    ("lines", "source", "name"),
    [
        pytest.param(["Bill Gray met Ada Okoye.", "“It holds,” she said."], "she", "Ada Okoye", id="gender"),
        pytest.param(["Ada Okoye praised the crew.", "“It holds,” she said."], "she", "Ada Okoye", id="only one"),
        pytest.param(
            ["Bill Gray spoke of Tom Reed. “It holds,” he said."], "he", "Bill Gray", id="subject before object"
        ),
        pytest.param(["Mr. Quist waved.", "“It holds,” he said."], "he", "Quist", id="gender from the title"),
        pytest.param(["A voter praised Ada Okoye. He waved. “It holds,” he said."], "he", None, id="nobody named"),
        pytest.param(["The Marlow Council met. “It holds,” it said."], "it", "Marlow Council", id="body"),
        pytest.param(["Bill Gray, the mayor, came. “It holds,” the mayor said."], "the mayor", "Bill Gray", id="role"),
        pytest.param(["Ada Okoye, who said “It holds,” left."], "who", "Ada Okoye", id="relative"),
    ],
)
def test_pronoun_resolves_to_whom_it_means(lines, source, name):
    assert speaker(lines, "“It holds,”", source) == name


def test_first_person_inside_speech_is_the_one_who_speaks():
    text, blocks = article("Marlow", "“I think I said it holds,” Ada Okoye said.")
    outer = quote(text, "“I think I said it holds,”", "Ada Okoye")
    at = text.index("I said")
    inner = Quotation("indirect", (Span(at + 7, at + 15),), None, (Span(at, at + 1),), None, 0.8, "tagger")

    found, _ = resolve_speakers(text, blocks, [outer, inner], Head())

    assert [q.speaker for q in found] == ["Ada Okoye", "Ada Okoye"]


def test_reporter_has_no_name():
    assert speaker(["I said “It holds,” to Ada Okoye."], "“It holds,”", "I") is None


def test_family_sharing_a_surname_is_told_apart_by_title():
    lines = ["Ada Gray and Bill Gray came.", "“It holds,” Mr. Gray said."]

    assert speaker(lines, "“It holds,”", "Mr. Gray") == "Bill Gray"


def test_surname_that_fits_two_equally_names_nobody():
    lines = ["Ada Gray and Bea Gray came.", "“It holds,” Gray said."]

    assert speaker(lines, "“It holds,”", "Gray") is None


@pytest.mark.parametrize(
    ("lines", "content", "name", "rule"),
    [
        pytest.param(["“It holds,” Okoye said. “Mostly.”"], "“Mostly.”", "Ada Okoye", "continued", id="same paragraph"),
        pytest.param(["Okoye wrote:", "“Mostly.”"], "“Mostly.”", "Ada Okoye", "announced", id="colon"),
        pytest.param(["“Mostly.” — Ada Okoye"], "“Mostly.”", "Ada Okoye", "signed", id="signature"),
        pytest.param(["OKOYE: Mostly."], "Mostly.", "Ada Okoye", "transcript", id="label"),
        pytest.param(
            ["On Monday Okoye praised the “mostly solid” work."], "“mostly solid”", "Ada Okoye", "beside", id="subject"
        ),
    ],
)
def test_quotation_without_a_source_takes_the_one_told_beside_it(lines, content, name, rule):
    text, blocks = article("A day in Marlow", "Ada Okoye opened the bridge.", *lines)
    quotations = [quote(text, content, None, cue="")]
    if "It holds" in text:
        quotations.insert(0, quote(text, "“It holds,”", "Okoye"))

    found, _ = resolve_speakers(text, blocks, quotations, Head())

    assert (found[-1].speaker, found[-1].rule) == (name, rule)


def test_short_forms_and_known_as_are_aliases_of_one_body():
    found = registry("The Banu Harith militia, known as the League of Light, struck. The League said so.")

    assert set(found["Banu Harith"].aliases) >= {"the League of Light", "the League"}
    assert "League of Light" not in found


def test_abbreviation_in_brackets_is_an_alias():
    found = registry("The Marlow Bridge Authority (MBA) met. The MBA decided.")

    assert "the MBA" in found["Marlow Bridge Authority"].aliases


def test_role_is_kept_as_printed():
    found = registry("Bill Gray, the mayor of Marlow, came with Sen. Ada Okoye.")

    assert found["Bill Gray"].role == "the mayor of Marlow"
    assert found["Ada Okoye"].role == "senator"


def test_places_that_say_nothing_are_no_speakers():
    assert "Norway" not in registry("Ada Okoye flew to Norway.")


def test_sure_attribution_is_more_confident_than_a_guess():
    text, blocks = article("Marlow", "“It holds,” Ada Okoye said.", "Of the work it was “mostly solid” there.")
    quotations = [quote(text, "“It holds,”", "Ada Okoye"), quote(text, "“mostly solid”", None, cue="")]

    sure, guess = resolve_speakers(text, blocks, quotations, Head())[0]

    assert sure.confidence > 0.9
    assert guess.confidence < 0.5


def test_content_is_never_changed():
    text, blocks = article("Marlow", "“It holds,” Ada Okoye said.")
    before = quote(text, "“It holds,”", "Ada Okoye")

    [after], _ = resolve_speakers(text, blocks, [before], Head())

    assert (after.content, after.cue, after.source, after.type) == (
        before.content,
        before.cue,
        before.source,
        before.type,
    )


@pytest.mark.skipif(not SAMPLE.exists(), reason=f"{SAMPLE} is not here")
class TestSampleArticle:
    def test_both_statements_of_the_militia_have_one_speaker(self):
        reading = read_document(read_plain(SAMPLE.read_text("utf-8"), Head()))

        direct = [q for q in reading.quotations if q.type == "direct"]

        assert [q.speaker for q in direct] == ["Asaib Ahl al-Haq"] * 2
        names = {s.name: s for s in reading.speakers}
        assert {"the League of the Righteous", "the League"} <= set(names["Asaib Ahl al-Haq"].aliases)
        assert "Qassem Suleimani" in names

    def test_whose_fighters_is_told(self):
        reading = read_document(read_plain(SAMPLE.read_text("utf-8"), Head()))

        [lynx] = [f for f in reading.facts if "Lynx" in f.span.slice(reading.text)]

        assert [(r.span.slice(reading.text), r.name) for r in lynx.referents] == [("Its", "Asaib Ahl al-Haq")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("“It was cracked,” the chief engineer, Owen Hale, said.", "Owen Hale"),
        ("“We will not gamble,” the council leader, Dagny Holt, told reporters.", "Dagny Holt"),
        ("“We will not gamble,” the deputy council leader Dagny Holt said.", "Dagny Holt"),
    ],
    ids=["role before a name", "body and role before a name", "longer role, no comma"],
)
def test_long_description_before_a_name_leads_to_the_name(text, name):
    reading = read_document(Document(text, (Block("paragraph", Span(0, len(text))),), Head()))

    assert [q.speaker for q in reading.quotations] == [name]
