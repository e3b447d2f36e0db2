from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answering import RankedPassage
from bot.checking import Difference, Verdict
from bot.limits import find_message_faults, walk
from bot.loading import LoadReport
from bot.markup import CUT_MARK, unescape
from bot.render import find_stand_ins
from cogs._articles import article_card, removal_card, report_card
from cogs._cards import answer_card, no_answer_card, verdict_view
from cogs._passages import ContextButton, MoreButton
from cogs._views import CUSTOM_ID_LIMIT, PassageRef, pack
from cogs.check import verdict_card
from db.model import (
    Article,
    Block,
    Citation,
    Fact,
    Head,
    Passage,
    Quotation,
    Reading,
    Referent,
    Span,
    Speaker,
    StoredQuotation,
)

ATTACKS = [
    "@everyone",
    "<@123456789>",
    "<@&42>",
    "[click](https://evil.example)",
    "https://evil.example/a_b",
    "discord.gg/raid",
    "||hidden||",
    "# HUGE",
    "> quoted",
    "- item\n- item",
    "```\ncode\n```",
    "**bold** _it_ ~~no~~",
    "\u202eesrever\u2069\u202e",
    "Z\u0301\u0302\u0303\u0304\u0305\u0306",
    "שלום עולם",
    "😀" * 20,
    "x" * 4000,
    "*" * 3000,
    "word " * 900,
    "\n" * 50 + "x",
    "\x00\ud800",
    "<t:1700000000:R>",
    "-# tiny",
    "\\",
]
WORDS = st.one_of(
    st.sampled_from(ATTACKS),
    st.lists(st.sampled_from(ATTACKS), min_size=2, max_size=3).map(" ".join),
    st.text(min_size=1, max_size=60),
).filter(lambda text: text.strip())
MAYBE = st.one_of(st.none(), WORDS)
PROBE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _passage(text, speaker=None, source=None, citation=None, *, kind="quotation", start=10, referents=()):
    return Passage(
        library="1",
        article_id=3,
        revision_id=4,
        span=Span(start, start + len(text)),
        kind=kind,
        text=text,
        citation=citation or Citation(3, None, "Title", "Paper", "2010-01-03", "https://paper.example/a"),
        speaker=speaker,
        source_text=source,
        referents=referents,
    )


CITATIONS = st.builds(
    Citation,
    article_id=st.just(3),
    external_id=st.none(),
    title=MAYBE,
    publisher=MAYBE,
    published=st.one_of(st.sampled_from(["2010-01-03", "2010-01-03T10:00:00+00:00", "May 2010"]), MAYBE),
    url=st.one_of(
        st.sampled_from(["https://paper.example/a", "javascript:alert(1)", "https://paper.example/" + "a" * 600]), MAYBE
    ),
)
PASSAGES = st.builds(
    _passage, WORDS, MAYBE, MAYBE, CITATIONS, kind=st.sampled_from(["quotation", "fact"]), start=st.integers(0, 10**6)
)


def _payload(view):
    return {"flags": 1 << 15, "components": view.to_components()}


def _texts(view):
    return [c["content"] for c in walk(view.to_components()) if c["type"] == 10]


def assert_harmless(view):
    """Inside the limits, and with every escaped sign blanked nothing is left that Discord would act on but our own."""
    assert find_message_faults(_payload(view)) == []
    for text in _texts(view):
        left = re.sub(r"\\[^0-9A-Za-z\s]", "\u25a1", text)
        left = re.sub(r"^-# <https?://[!-;=?-~]+>$", "", left, flags=re.MULTILINE)
        left = re.sub(r"`/[a-z ]+`", "", left)
        assert not re.search(r"[<@\[\]`|]|://", left), left
        assert not re.search(r"^(?!> |-# |### |- )[ \t]*([#>+-]|\d+[.)])", left, re.MULTILINE), left
        assert not re.search(r"^(> |-# |### |- )[ \t]*([#>+-]|\d+[.)])", left, re.MULTILINE), left
        assert left.count("**") % 2 == 0, left
        assert left.count("~~") % 2 == 0, left


def _quoted(view):
    """The words in the first block quote, as a reader sees them."""
    text = next(t for t in _texts(view) if t.startswith("> "))
    lines = [line.removeprefix("> ") for line in text.split("\n")]
    lines = [re.sub("^\u2068+|\u2069+$", "", line) if line.startswith("\u2068") else line for line in lines]
    body = re.sub(r"(?<!\\)((?:\\\\)*)\*\*", r"\1", "\n".join(lines))
    return unescape(body)


@PROBE
@given(PASSAGES, MAYBE, st.lists(CITATIONS, max_size=6), st.integers(0, 200))
def test_no_answer_card_lets_anything_act(passage, question, also_in, at):
    ranked = RankedPassage(passage, 90.0, (Span(passage.span.start + at, passage.span.start + at + 5),), tuple(also_in))

    assert_harmless(
        answer_card(ranked, question=question, buttons=[ContextButton(passage), *MoreButton.of([passage] * 9)])
    )


@PROBE
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=300).filter(str.strip))
def test_every_quoted_word_is_the_articles(text):
    passage = _passage(text)
    ranked = RankedPassage(passage, 90.0, (Span(10 + len(text) // 3, 10 + len(text) // 2),))

    shown = _quoted(answer_card(ranked, question=None, buttons=[]))

    assert shown.strip("\u2066\u2067\u2068\u2069") == text.strip("\u2066\u2067\u2068\u2069")


@PROBE
@given(st.sampled_from([a for a in ATTACKS if "\x00" not in a and "\u202e" not in a]), st.integers(1, 60))
def test_a_cut_quote_is_still_a_slice(attack, times):
    text = f"{attack} " * times + "end"

    shown = _quoted(answer_card(RankedPassage(_passage(text), 90.0), question=None, buttons=[]))

    assert shown.removesuffix(CUT_MARK).strip() in text


@PROBE
@given(st.lists(PASSAGES, max_size=5), WORDS)
def test_nearest_passages_are_marked_and_harmless(passages, question):
    view = no_answer_card(question, [RankedPassage(p, 10.0) for p in passages], is_empty=False)

    assert_harmless(view)
    assert ("do not answer" in "\n".join(_texts(view))) == bool(passages)


STEPS = st.lists(
    st.builds(
        Difference, op=st.sampled_from(["equal", "replace", "insert", "delete"]), claim=WORDS, original=WORDS
    ).map(
        lambda d: {
            "equal": replace(d, claim=d.original),
            "insert": replace(d, original=""),
            "delete": replace(d, claim=""),
        }.get(d.op, d)
    ),
    max_size=8,
)
VERDICTS = st.builds(
    Verdict,
    quote=WORDS,
    claimed_speaker=MAYBE,
    kind=st.sampled_from(["verbatim", "altered", "misattributed", "not_found"]),
    speaker=MAYBE,
    matches=st.lists(PASSAGES, max_size=3).map(tuple),
    difference=STEPS.map(tuple),
    notes=st.lists(WORDS, max_size=6).map(tuple),
)


@PROBE
@given(PASSAGES)
def test_no_answer_lacks_a_citation(passage):
    last = _texts(answer_card(RankedPassage(passage, 90.0), question=None, buttons=[]))[-1]

    assert last.startswith("-# ")
    assert last.removeprefix("-# ").strip()


@PROBE
@given(st.lists(VERDICTS, min_size=1, max_size=7))
def test_verdicts_are_harmless_and_fit(verdicts):
    view = verdict_card(verdicts)

    assert_harmless(view)
    assert any("###" in text for text in _texts(view))


HEADS = st.builds(
    Head, title=MAYBE, standfirst=MAYBE, byline=MAYBE, publisher=MAYBE, published=MAYBE, url=MAYBE, language=st.none()
)


def _quotation(text, speaker):
    return Quotation("direct", (Span(0, len(text)),), None, (Span(0, min(5, len(text))),), speaker, 0.9, "colon")


@PROBE
@given(HEADS, WORDS, MAYBE, st.lists(WORDS, max_size=12), st.sampled_from(["added", "already_loaded", "updated"]))
def test_reports_and_articles_are_harmless(head, text, speaker, names, status):
    quotations = (_quotation(text, speaker),) * 9
    blocks = (Block("paragraph", Span(0, len(text))),)
    facts = (Fact(Span(0, len(text))),)
    speakers = tuple(Speaker(n) for n in names)
    reading = Reading(text, head, blocks, (), quotations, facts, speakers, tuple(names))
    stored = tuple(StoredQuotation(n, q, None) for n, q in enumerate(quotations))
    article = Article(5, None, "published", 6, head, text, blocks, (), stored, facts, "2026-01-01", None)

    assert_harmless(report_card(LoadReport(5, None, status, reading, tuple(names))))
    assert_harmless(article_card(article, 0))
    assert_harmless(article_card(article, 1))
    assert_harmless(removal_card(article))


def test_the_answer_says_who_where_and_when():
    referents = (Referent(Span(10, 13), "Asa Lind"),)
    passage = _passage("Its crew was safe.", "Asa Lind", "the League", referents=referents)

    shown = "\n".join(_texts(answer_card(RankedPassage(passage, 90.0, (Span(14, 18),)), question="was it", buttons=[])))

    assert "> Its **crew** was safe." in shown
    assert "**Asa Lind** · as printed: “the League”" in shown
    assert "-# “Its” means Asa Lind" in shown
    assert "-# Paper · Title · 3 January 2010" in shown


def test_a_name_that_the_passage_prints_needs_no_note():
    referents = (Referent(Span(36, 51), "Lind family"), Referent(Span(25, 27), "The old bridge"))
    passage = _passage("The clan built it, so say the Lind family", kind="fact", referents=referents)

    assert find_stand_ins(referents, passage) == {"it": "The old bridge"}


def test_an_uncertain_speaker_is_not_guessed():
    shown = "\n".join(
        _texts(answer_card(RankedPassage(_passage("Words.", None, "officials"), 90.0), question=None, buttons=[]))
    )

    assert "*Unattributed* · as printed: “officials”" in shown


def test_a_name_as_printed_is_not_said_twice():
    shown = "\n".join(
        _texts(answer_card(RankedPassage(_passage("W.", "Asa Lind", "Asa Lind"), 90.0), question=None, buttons=[]))
    )

    assert shown.count("Asa Lind") == 1


def test_changes_are_named_in_words_too():
    steps = (
        Difference("equal", "as ", "as "),
        Difference("replace", "terrorists", "forces of occupation"),
        Difference("equal", " here", " here"),
    )
    verdict = Verdict("q", None, "altered", "Asa Lind", (_passage("as forces of occupation here"),), steps)

    shown = "\n".join(_texts(verdict_view([verdict])))

    assert "### ✏️ Altered" in shown
    assert "as ~~terrorists~~ **forces of occupation** here" in shown
    assert "“terrorists” stands where the article has “forces of occupation”" in shown


def test_a_passage_keeps_its_name_over_a_restart():
    passage = _passage("Words that stand here.", start=123456)

    assert PassageRef.parse(str(PassageRef.of(passage))) == PassageRef.of(passage)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=12))
def test_packed_passages_fit_one_button(starts):
    custom_id, packed = pack("more:0:", [_passage("Some words.", start=start) for start in starts])

    assert len(custom_id) <= CUSTOM_ID_LIMIT
    assert 1 <= packed == custom_id.count(",") + 1


@pytest.mark.parametrize("published", ["2010-01-03", "2010-01-03T23:00:00Z"])
def test_dates_are_written_out(published):
    passage = _passage("Words.", citation=Citation(1, None, "T", "P", published, None))

    assert "3 January 2010" in _texts(answer_card(RankedPassage(passage, 1.0), question=None, buttons=[]))[-1]
