from __future__ import annotations

import pytest

from db.errors import ArticleNotFound
from db.model import Acquisition, Fact, Span

pytestmark = pytest.mark.anyio
CLI = Acquisition("cli", actor="7")


async def test_article_comes_back_as_it_was_read(store, make_reading):
    reading = make_reading(
        quotes=[("We sail tomorrow", "Ann Lee"), ("No", None)], url="https://x.example/a", publisher="P"
    )

    added = await store.add_article("here", reading, Acquisition("cli", actor="7", external_id="row-1"))
    article = await store.get_article("here", added.article_id)

    assert (article.text, article.head, article.blocks) == (reading.text, reading.head, reading.blocks)
    assert (article.sentences, article.facts) == (reading.sentences, reading.facts)
    assert tuple(stored.quotation for stored in article.quotations) == reading.quotations
    assert (article.external_id, article.state, article.added_by) == ("row-1", "published", "7")


async def test_new_article_is_reported_as_added(store, make_reading):
    added = await store.add_article("here", make_reading(), Acquisition("cli", external_id="row-1"))

    assert (added.status, added.external_id) == ("added", "row-1")


async def test_article_may_begin_as_a_draft(store, make_reading):
    added = await store.add_article("here", make_reading(), CLI, state="draft")

    assert (await store.get_article("here", added.article_id)).state == "draft"


async def test_same_text_is_not_stored_twice(store, make_reading):
    first = await store.add_article("here", make_reading(), CLI)

    again = await store.add_article("here", make_reading(), CLI)

    assert (again.status, again.article_id) == ("already_loaded", first.article_id)
    assert (await store.measure_library("here")).articles == 1


async def test_same_text_under_another_external_id_names_the_article_that_holds_it(store, make_reading):
    await store.add_article("here", make_reading(), Acquisition("cli", external_id="row-1"))

    again = await store.add_article("here", make_reading(), Acquisition("cli", external_id="row-2"))

    assert (again.status, again.external_id) == ("already_loaded", "row-1")


@pytest.mark.parametrize(
    ("head", "external_id"),
    [({"url": "https://x.example/a"}, None), ({}, "row-1")],
    ids=["same URL", "same external id"],
)
async def test_new_text_of_a_known_article_becomes_its_next_revision(store, make_reading, head, external_id):
    got = Acquisition("cli", external_id=external_id)
    old = await store.add_article("here", make_reading(title="Old", **head), got)
    before = await store.get_article("here", old.article_id)

    new = await store.add_article("here", make_reading(title="New", quotes=[("Not yet", "Ben Ode")], **head), got)
    after = await store.get_article("here", new.article_id)

    assert (new.status, new.article_id) == ("updated", old.article_id)
    assert after.revision_id != before.revision_id
    assert after.head.title == "New"
    assert [stored.quotation.speaker for stored in after.quotations] == ["Ben Ode"]
    assert (await store.measure_library("here")).quotations == 1


async def test_article_may_return_to_an_earlier_text(store, make_reading):
    got = Acquisition("cli", external_id="row-1")
    for title in ("One", "Two"):
        await store.add_article("here", make_reading(title=title), got)

    back = await store.add_article("here", make_reading(title="One"), got)

    assert back.status == "updated"
    assert (await store.get_article("here", back.article_id)).head.title == "One"


async def test_two_external_ids_with_one_url_are_two_articles(store, make_reading):
    one = await store.add_article(
        "here", make_reading(title="A", url="https://x.example"), Acquisition("cli", external_id="a")
    )

    two = await store.add_article(
        "here", make_reading(title="B", url="https://x.example"), Acquisition("cli", external_id="b")
    )

    assert two.status == "added"
    assert two.article_id != one.article_id


async def test_unknown_article_is_named_in_the_error(store):
    with pytest.raises(ArticleNotFound, match="article 99 in this library"):
        await store.get_article("here", 99)


@pytest.mark.parametrize("article_id", [0, -1, 2**63, 2**200])
async def test_impossible_ids_are_not_found(store, make_reading, article_id):
    await store.add_article("here", make_reading(), CLI)

    with pytest.raises(ArticleNotFound):
        await store.get_article("here", article_id)
    with pytest.raises(ArticleNotFound):
        await store.remove_article("here", article_id, actor=None)


async def test_articles_are_listed_newest_first_in_pages(store, make_reading):
    for title in ("One", "Two", "Three"):
        await store.add_article("here", make_reading(title=title), CLI)

    first = await store.find_articles("here", limit=2)
    second = await store.find_articles("here", limit=2, offset=2)

    assert [summary.title for summary in first] == ["Three", "Two"]
    assert [summary.title for summary in second] == ["One"]


@pytest.mark.parametrize("wanted", ["ÉCOLE", "ecole", "la gaz", "gazétte"])
async def test_list_filter_ignores_case_and_accents_of_title_and_publisher(store, make_reading, wanted):
    await store.add_article("here", make_reading(title="L’école ferme", publisher="La Gazette"), CLI)
    await store.add_article("here", make_reading(title="Another"), CLI)

    found = await store.find_articles("here", title=wanted)

    assert [summary.title for summary in found] == ["L’école ferme"]


@pytest.mark.parametrize("wanted", ["%", "_", "'", '"', "\0", "\ud800", "*"])
async def test_list_filter_takes_every_character_as_itself(store, make_reading, wanted):
    await store.add_article("here", make_reading(title="Plain words"), CLI)

    assert await store.find_articles("here", title=f"zz{wanted}") == []


async def test_list_keeps_the_state_asked_for(store, make_reading):
    await store.add_article("here", make_reading(title="Draft"), CLI, state="draft")
    await store.add_article("here", make_reading(title="Out"), CLI)

    assert [summary.title for summary in await store.find_articles("here", state="draft")] == ["Draft"]


async def test_summary_counts_quotations_facts_and_unattributed(store, make_reading):
    quotes = [("We sail tomorrow", "Ann Lee"), ("No", None), ("Never", None)]
    await store.add_article("here", make_reading(quotes=quotes), CLI)

    [summary] = await store.find_articles("here")

    assert (summary.quotation_count, summary.unattributed_count, summary.fact_count) == (3, 2, 1)


async def test_library_size_counts_what_is_there(store, make_reading):
    await store.add_article("here", make_reading(), CLI)
    await store.add_article("here", make_reading(title="B", quotes=[("Oh", "Ann Lee"), ("Ah", "Ben Ode")]), CLI)

    size = await store.measure_library("here")

    assert (size.articles, size.quotations, size.facts, size.speakers) == (2, 3, 2, 2)


async def test_empty_library_measures_nothing(store):
    size = await store.measure_library("nobody")

    assert (size.articles, size.quotations, size.facts, size.speakers) == (0, 0, 0, 0)


async def test_removed_article_is_gone_with_all_that_was_read_from_it(store, make_reading):
    added = await store.add_article("here", make_reading(), CLI)

    removed = await store.remove_article("here", added.article_id, actor="9")

    assert removed.title == "Ferry back at Port Ellery"
    with pytest.raises(ArticleNotFound):
        await store.get_article("here", added.article_id)
    size = await store.measure_library("here")
    assert (size.articles, size.quotations, size.facts, size.speakers) == (0, 0, 0, 0)


async def test_removed_text_may_be_loaded_again_under_a_new_id(store, make_reading):
    got = Acquisition("cli", external_id="row-1")
    old = await store.add_article("here", make_reading(), got)
    await store.remove_article("here", old.article_id, actor=None)

    new = await store.add_article("here", make_reading(), got)

    assert new.status == "added"
    assert new.article_id != old.article_id


async def test_passage_of_a_fact_has_its_words_and_citation(store, make_reading):
    reading = make_reading(publisher="The Mail", published="2021-07-01", url="https://x.example/f")
    added = await store.add_article("here", reading, Acquisition("cli", external_id="row-1"))
    [fact] = reading.facts

    passage = await store.find_passage("here", added.article_id, fact.span.start, fact.span.end)

    assert (passage.kind, passage.text, passage.library) == ("fact", fact.span.slice(reading.text), "here")
    assert passage.referents == fact.referents
    cited = passage.citation
    assert (cited.publisher, cited.published, cited.url) == ("The Mail", "2021-07-01", "https://x.example/f")
    assert (cited.article_id, cited.external_id) == (added.article_id, "row-1")


@pytest.mark.parametrize("whole", [True, False], ids=["sentence", "content alone"])
async def test_passage_of_a_quotation_names_its_speaker(store, make_reading, whole):
    reading = make_reading()
    added = await store.add_article("here", reading, CLI)
    [quotation] = reading.quotations
    span = reading.sentences[1] if whole else quotation.content[0]

    passage = await store.find_passage("here", added.article_id, span.start, span.end)

    assert (passage.kind, passage.speaker, passage.source_text) == ("quotation", "Ann Lee", "Ann Lee")
    assert passage.content == quotation.content
    assert passage.text == span.slice(reading.text)


@pytest.mark.parametrize("span", [(0, 3), (-5, 4), (5, 5), (9, 2), (0, 10**9), (10**30, 10**31)])
async def test_no_passage_where_nothing_was_read(store, make_reading, span):
    added = await store.add_article("here", make_reading(quotes=[]), CLI)

    assert await store.find_passage("here", added.article_id, *span) is None


@pytest.mark.parametrize("state", ["draft", "retracted"])
async def test_only_published_articles_give_passages(store, make_reading, state):
    reading = make_reading()
    added = await store.add_article("here", reading, CLI, state=state)
    [fact] = reading.facts

    assert await store.find_passage("here", added.article_id, fact.span.start, fact.span.end) is None


async def test_passage_is_gone_with_its_article(store, make_reading):
    reading = make_reading()
    added = await store.add_article("here", reading, CLI)
    [fact] = reading.facts
    await store.remove_article("here", added.article_id, actor=None)

    assert await store.find_passage("here", added.article_id, fact.span.start, fact.span.end) is None


@pytest.mark.parametrize(
    "words",
    ["nul \0 inside", "lone \ud800 surrogate", "😀 emoji 👩‍👩‍👧", "שלום עליכם", "e\u0301 combining", "x" * 200_000],
    ids=["nul", "surrogate", "emoji", "right-to-left", "combining", "long"],
)
async def test_any_text_comes_back_unchanged(store, make_reading, words):
    reading = make_reading(title=words, quotes=[(words, words)], facts=(words,), byline=words, publisher=words)

    added = await store.add_article("here", reading, Acquisition("file", origin=words, actor="7", warnings=(words,)))
    article = await store.get_article("here", added.article_id)

    assert article.text == reading.text
    assert article.quotations[0].quotation.content[0].slice(article.text) == f"“{words},”"
    assert isinstance(article.facts[0], Fact)
    assert article.blocks[0].span == Span(0, len(words))


async def test_quotations_stand_in_reading_order(store, make_reading):
    reading = make_reading(quotes=[("One", "Ann Lee"), ("Two", "Ben Ode")])
    shuffled = type(reading)(
        reading.text,
        reading.head,
        reading.blocks,
        reading.sentences,
        reading.quotations[::-1],
        reading.facts,
        reading.speakers,
    )

    added = await store.add_article("here", shuffled, CLI)
    article = await store.get_article("here", added.article_id)

    assert [stored.quotation.speaker for stored in article.quotations] == ["Ann Lee", "Ben Ode"]


async def test_deleted_library_leaves_nothing_behind(store, make_reading):
    added = await store.add_article("here", make_reading(), CLI)
    await store.record_question("here", "When?", answered=False)

    size = await store.delete_library("here")

    assert (size.articles, size.quotations) == (1, 1)
    assert (await store.measure_library("here")).articles == 0
    assert await store.find_speakers("here") == []
    with pytest.raises(ArticleNotFound):
        await store.get_article("here", added.article_id)


async def test_deleted_library_may_be_filled_again(store, make_reading):
    await store.add_article("here", make_reading(), CLI)
    await store.delete_library("here")

    added = await store.add_article("here", make_reading(), CLI)

    assert added.status == "added"
