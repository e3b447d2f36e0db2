import pytest

from bot.reading.cues import guess_language
from bot.reading.read import read_document
from db.model import Block, Document, Head, Span


def document(text: str, *, language: str | None = None) -> Document:
    return Document(text, (Block("paragraph", Span(0, len(text))),), Head(language=language))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The mayor said that the bridge was closed and that it would not open before May.", "en"),
        ("Die Bürgermeisterin sagte, dass die Brücke bis zum Mai für den Verkehr gesperrt ist.", "de"),
        ("La maire a déclaré que le pont de la ville est fermé et que les travaux sont en cours.", "fr"),
        ("La alcaldesa dijo que el puente de la ciudad está cerrado y que las obras no han terminado.", "es"),
        ("市長は「危険を冒すことはできません」と述べた。", ""),
        ("Starosta řekl, že most zůstane zavřený až do května, protože pilíře jsou příliš staré.", ""),
        ("Bridge closed", "en"),
        ("", "en"),
    ],
)
def test_a_language_is_known_by_its_commonest_words(text, language):
    assert guess_language(text) == language


def test_the_articles_own_language_is_taken_at_its_word():
    german = document("„Ja“, sagte Klara Wendt.", language="de-AT")

    reading = read_document(german)

    assert reading.quotations[0].source_text(reading.text) == "Klara Wendt"


def test_an_unsupported_language_gets_a_note_and_keeps_its_stretches():
    reading = read_document(document("市長は「危険を冒すことはできません」と述べた。"))

    assert [q.content[0].slice(reading.text) for q in reading.quotations] == ["「危険を冒すことはできません」"]
    assert reading.quotations[0].speaker is None
    assert any("without speakers" in warning for warning in reading.warnings)


def test_a_paragraph_that_is_no_prose_is_skipped_with_a_note():
    reading = read_document(document("“Yes,” she said. " * 5000))

    assert reading.quotations == ()
    assert any("too long" in warning for warning in reading.warnings)


def test_without_the_tagger_the_rules_read_alone():
    text = "“We will rebuild,” said Ada Okoye."

    reading = read_document(document(text), tagger=False)

    assert [q.rule for q in reading.quotations] == ["cue"]
    assert reading.quotations[0].speaker == "Ada Okoye"


def test_a_language_without_a_table_is_not_taken_for_its_neighbour():
    reading = read_document(
        document(
            "Il sindaco ha annunciato la chiusura del ponte per nove settimane e i commercianti della città hanno "
            "protestato. «Non possiamo rischiare la vita dei cittadini», ha detto il sindaco ai giornalisti. La scuola "
            "resta aperta, ma gli studenti dovranno prendere il traghetto ogni mattina per tutta la primavera."
        )
    )

    assert [(q.speaker, q.rule) for q in reading.quotations] == [(None, "marks")]
    assert reading.head.language is None
    assert "language" in reading.warnings[0]


def test_german_office_before_a_name_is_not_part_of_it():
    reading = read_document(
        document(
            "„Wir gehen kein Risiko ein“, sagte die Bürgermeisterin Klara Wendt am Dienstag. Der Händler Jonas Pfeil "
            "sagte: „Das ist eine Katastrophe für die Straße und für alle, die hier arbeiten.“ Die Stadt hat die "
            "Brücke gesperrt, weil sie nach einer Prüfung nicht mehr als sicher gilt."
        )
    )

    assert [q.speaker for q in reading.quotations] == ["Klara Wendt", "Jonas Pfeil"]
    assert reading.head.language == "de"
