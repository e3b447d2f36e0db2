from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.checking import MIN_WORDS, check_message, check_quote
from bot.errors import BadQuestion
from bot.matching.normalise import split_words
from bot.reading.formats import Material, read_material
from db.model import Acquisition
from db.sqlite.store import open_sqlite

HARBOUR = """Northport will keep its ferry, mayor says

The mayor of Northport, Orla Dunne, promised on Monday to keep the ferry to the islands running.

“We will not sell the ferry to anybody, and we will keep all 42 crossings a week,” Ms Dunne told the council.

“The islands,” she said, “have paid for this harbour since 1911.”

Ivo Marsh, who leads the Harbour Board, disagreed. “The ferry costs the town 3,000 crowns a day,” Mr Marsh said.

The Harbour Board runs the ferry with two ships, both built in the last century.

A fisherman on the quay said: “Nobody has ever asked the [island] families what they need.”
"""
OTHER = """Schools stay closed in Westfold after the storm

Pupils in Westfold will stay at home for a third week, the school office said on Friday.

“Every roof in the valley has to be looked at before a single child comes back,” Runa Holt, the head teacher, said.
"""


@asynccontextmanager
async def library(path, *texts):
    store = await open_sqlite(str(path / "checks.db"))
    try:
        for text in texts:
            await store.add_article("harbour", read_material(Material(text=text)), Acquisition(way="paste"))
        yield store
    finally:
        await store.close()


def check(tmp_path, quote, speaker=None, *, texts=(HARBOUR, OTHER), library_name="harbour"):
    async def run():
        async with library(tmp_path, *texts) as store:
            return await check_quote(store, library_name, quote, speaker=speaker)

    return asyncio.run(run())


def check_all(tmp_path, message):
    async def run():
        async with library(tmp_path, HARBOUR, OTHER) as store:
            return await check_message(store, "harbour", message)

    return asyncio.run(run())


@pytest.mark.parametrize(
    "quote",
    [
        "We will not sell the ferry to anybody, and we will keep all 42 crossings a week",
        "we will not sell the ferry to anybody and we will keep all 42 crossings a week",
        '"we will keep all 42 crossings a week"',
        "We will not sell the ferry ... and we will keep all 42 crossings",
        "The islands have paid for this harbour since 1911.",
        "Nobody has ever asked the families what they need",
    ],
    ids=["exact", "no marks", "part", "ellipsis", "interrupted", "brackets passed over"],
)
def test_words_as_printed_are_verbatim(tmp_path, quote):
    verdict = check(tmp_path, quote)

    assert (verdict.kind, verdict.matches[0].citation.title) == (
        "verbatim",
        "Northport will keep its ferry, mayor says",
    )


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        ("We will sell the ferry to anybody, and we will keep all 42 crossings", "negation"),
        ("we will keep all 52 crossings a week", "number"),
        ("The ferry costs the county 3,000 crowns a day", "“county” for “town”"),
        ("The ferry costs the town 3,000 crowns a week", "“week” for “day”"),
        ("Every roof has to be looked at before a single child comes back", "left out: “in the valley”"),
    ],
    ids=["negation", "number", "word", "last word", "left out"],
)
def test_a_change_makes_a_quote_altered_and_is_named(tmp_path, quote, told):
    verdict = check(tmp_path, quote)

    assert verdict.kind == "altered"
    assert told in " ".join(verdict.notes)


def test_halves_of_two_quotes_are_altered_with_both_originals(tmp_path):
    verdict = check(tmp_path, "We will not sell the ferry to anybody before a single child comes back")

    assert (verdict.kind, verdict.is_stitched) == ("altered", True)
    assert [match.speaker for match in verdict.matches] == ["Orla Dunne", "Runa Holt"]


@pytest.mark.parametrize(
    "speaker", ["Orla Dunne", "Dunne", "Ms Dunne", "orla dunne", "Mayor Orla Dunne", "Orla Dunnne"]
)
def test_the_speaker_s_names_are_accepted(tmp_path, speaker):
    verdict = check(tmp_path, "we will keep all 42 crossings a week", speaker)

    assert (verdict.kind, verdict.speaker) == ("verbatim", "Orla Dunne")


@pytest.mark.parametrize("speaker", ["Ivo Marsh", "Runa Holt", "Angela Merkel", "Ivo Dunne"])
def test_words_of_somebody_else_are_misattributed(tmp_path, speaker):
    verdict = check(tmp_path, "we will keep all 42 crossings a week", speaker)

    assert (verdict.kind, verdict.speaker) == ("misattributed", "Orla Dunne")


def test_an_unnamed_source_is_not_the_claimed_speaker(tmp_path):
    verdict = check(tmp_path, "Nobody has ever asked the families what they need", "Angela Merkel")

    assert verdict.kind == "misattributed"
    assert "does not name Angela Merkel" in " ".join(verdict.notes)


def test_narration_is_found_and_told_to_be_the_article_s_own(tmp_path):
    verdict = check(tmp_path, "The Harbour Board runs the ferry with two ships")

    assert (verdict.kind, verdict.matches[0].kind) == ("verbatim", "fact")
    assert "own voice" in " ".join(verdict.notes)


@pytest.mark.parametrize(
    "quote", ["The moon belongs to those who look at it longest", "I have never heard of such a thing in my life"]
)
def test_words_that_no_article_has_are_not_found(tmp_path, quote):
    verdict = check(tmp_path, quote, "Orla Dunne")

    assert (verdict.kind, verdict.matches, verdict.difference) == ("not_found", (), ())


def test_another_library_s_articles_are_never_found(tmp_path):
    assert check(tmp_path, "we will keep all 42 crossings a week", library_name="other").kind == "not_found"


def test_the_same_words_in_two_articles_are_both_shown(tmp_path):
    again = "Ferry stays\n\n“We will not sell the ferry to anybody, and we will keep it,” Orla Dunne said in town.\n"

    verdict = check(tmp_path, "We will not sell the ferry to anybody", texts=(HARBOUR, again))

    assert len({match.article_id for match in verdict.matches}) == 2


@pytest.mark.parametrize(
    "quote", ["", "  \n", "“…” — !", "\ud800", "ferry", "“the ferry”", "x" * 4_001], ids=lambda text: f"{text:.9}"
)
def test_what_cannot_be_checked_is_refused_with_a_sentence(tmp_path, quote):
    with pytest.raises(BadQuestion, match=r"[A-Z].+\.$"):
        check(tmp_path, quote)


def test_each_quote_of_a_message_is_checked_against_the_speaker_it_names(tmp_path):
    verdicts = check_all(
        tmp_path,
        "Ivo Marsh said “The ferry costs the town 3,000 crowns a day”. “We will keep all 42 crossings” — Ivo Marsh",
    )

    assert [(verdict.kind, verdict.claimed_speaker) for verdict in verdicts] == [
        ("verbatim", "Ivo Marsh"),
        ("misattributed", "Ivo Marsh"),
    ]


@pytest.mark.parametrize("name", ["ivo marsh", "marsh"])
def test_a_lower_case_name_is_held_against_the_words_where_the_library_knows_it(tmp_path, name):
    [verdict] = check_all(tmp_path, f'{name} said "we will keep all 42 crossings a week"')

    assert (verdict.kind, verdict.claimed_speaker) == ("misattributed", name)


@pytest.mark.parametrize("name", ["the poster", "arsh", "run"], ids=["nobody", "inside Marsh", "inside Runa"])
def test_a_lower_case_word_that_names_nobody_is_not_taken_for_a_speaker(tmp_path, name):
    [verdict] = check_all(tmp_path, f'{name} said "we will keep all 42 crossings a week"')

    assert (verdict.kind, verdict.claimed_speaker) == ("verbatim", None)


@pytest.mark.parametrize("message", ["", "🤷", "she said “never”", "\n> \n"])
def test_a_message_without_a_checkable_quote_is_refused(tmp_path, message):
    with pytest.raises(BadQuestion):
        check_all(tmp_path, message)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A loop, a store with the articles and their text, kept for all examples of the property tests."""
    loop = asyncio.new_event_loop()
    opened = library(tmp_path_factory.mktemp("loaded"), HARBOUR, OTHER)
    store = loop.run_until_complete(opened.__aenter__())
    listed = loop.run_until_complete(store.find_articles("harbour"))
    articles = [loop.run_until_complete(store.get_article("harbour", summary.id)) for summary in listed]
    yield loop, store, articles
    loop.run_until_complete(opened.__aexit__(None, None, None))
    loop.close()


PROPERTY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def said(articles):
    return [part.slice(a.text) for a in articles for q in a.quotations for part in q.quotation.content]


@PROPERTY
@given(st.data())
def test_any_slice_of_a_quotation_is_verbatim(loaded, data):
    loop, store, articles = loaded
    words = data.draw(st.sampled_from([w for text in said(articles) if len(w := text.split()) >= 6]))
    start = data.draw(st.integers(0, len(words) - 4))
    quote = " ".join(words[start : data.draw(st.integers(start + 4, len(words)))])

    verdict = loop.run_until_complete(check_quote(store, "harbour", quote))

    assert verdict.kind == "verbatim"


OTHER_WORDS = [
    "prison", "seven", "never", "Westport", "13", "%", "ferrry", "[not]", "no", "4,200", "43", "€", "₿", "We’ll",
    "wont", "…not", "“nothing”", "*sells*", "4²", "-42", "-$42", "none [sic]", "any-body-else", "5％",
]  # fmt: skip


@PROPERTY
@given(st.data())
def test_a_quote_with_one_changed_word_is_never_verbatim(loaded, data):
    loop, store, articles = loaded
    words = data.draw(st.sampled_from([w for text in said(articles) if len(w := text.split()) >= 6]))
    place = data.draw(st.integers(0, len(words) - 1))
    other = data.draw(st.sampled_from(OTHER_WORDS))
    assume(split_words(other).forms != split_words(words[place]).forms)
    quote = " ".join([*words[:place], other, *words[place + 1 :]])

    verdict = loop.run_until_complete(check_quote(store, "harbour", quote))

    assert verdict.kind in {"altered", "not_found"}


@PROPERTY
@given(st.data())
def test_what_is_shown_is_cut_from_the_article_and_the_difference_adds_up(loaded, data):
    loop, store, articles = loaded
    pool = [word for text in said(articles) for word in text.split()] + ["…", "[sic]", "not", "prison", "\n> ", "😀"]
    quote = " ".join(data.draw(st.lists(st.sampled_from(pool), min_size=6, max_size=30)))
    texts = {article.id: article.text for article in articles}
    assume(len(split_words(quote)) >= MIN_WORDS)

    verdict = loop.run_until_complete(check_quote(store, "harbour", quote))

    originals = [
        span.slice(texts[match.article_id]) for match, span in zip(verdict.matches, verdict.originals, strict=True)
    ]
    held = "".join(originals if verdict.is_stitched else originals[:1])
    assert all(match.text == match.span.slice(texts[match.article_id]) for match in verdict.matches)
    assert "".join(step.claim for step in verdict.difference) == (quote if verdict.matches else "")
    assert "".join(step.original for step in verdict.difference) == held


@pytest.mark.parametrize(
    "quote",
    ["ferry " * 660, "we will " * 500, "a b c d e " * 400, "“[x] … ” " * 440, "zq" + "z " * 1_990, "42 " * 1_300],
    ids=["one word", "two words", "letters", "marks", "unknown", "numbers"],
)
def test_four_thousand_characters_of_anything_are_checked_in_bounded_time(loaded, quote):
    loop, store, _ = loaded
    started = time.process_time()

    loop.run_until_complete(check_quote(store, "harbour", quote))

    assert time.process_time() - started < 2


SAMPLE = Path(__file__).resolve().parents[2] / "shared/articles/iran-backed-militia.txt"
STATEMENT = (
    "If the US administration doesn't withdraw its forces immediately we will deal with them as forces of occupation"
)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample article is not part of the repository")
@pytest.mark.parametrize(
    ("quote", "speaker", "kind"),
    [
        (STATEMENT, None, "verbatim"),
        (STATEMENT, "the League", "verbatim"),
        (STATEMENT, "League of the Righteous", "verbatim"),
        (STATEMENT, "Asaib Ahl al-Haq", "verbatim"),
        (STATEMENT, "Qassem Suleimani", "misattributed"),
        (STATEMENT.replace("forces of occupation", "terrorists"), "the League", "altered"),
    ],
)
def test_statement_of_the_sample_article(tmp_path, quote, speaker, kind):
    assert check(tmp_path, quote, speaker, texts=(SAMPLE.read_text("utf-8"),)).kind == kind
