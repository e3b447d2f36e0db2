from __future__ import annotations

import asyncio
import json

import pytest

from db.corrections import (
    AddAlias,
    EditHead,
    MergeSpeakers,
    RemoveAlias,
    RenameSpeaker,
    ReviewQuotation,
    SetSpeaker,
    SetState,
)
from db.errors import (
    ArticleNotFound,
    CannotChange,
    ChangedMeanwhile,
    ChangeNotFound,
    QuotationNotFound,
    SpeakerNotFound,
)
from db.model import Acquisition, Head, Search

pytestmark = pytest.mark.anyio
CLI = Acquisition("cli", actor="1")


@pytest.fixture
async def article(store, make_reading):
    """An article in which Ann Lee speaks twice and Ben Ode once."""
    quotes = [("One", "Ann Lee"), ("Two", "Ann Lee"), ("Three", "Ben Ode")]
    added = await store.add_article("here", make_reading(quotes=quotes, aliases={"Ben Ode": ["the cook"]}), CLI)
    return await store.get_article("here", added.article_id)


async def who(store, article):
    now = await store.get_article("here", article.id)
    return [stored.quotation.speaker for stored in now.quotations]


async def ids(store):
    return {speaker.name: speaker.id for speaker in await store.find_speakers("here")}


async def do(store, correction, **options):
    return await store.correct("here", correction, actor="1", **options)


async def test_retracted_article_stays_but_gives_no_passage(store, article):
    [fact] = article.facts

    await do(store, SetState(article.id, "retracted"))

    assert (await store.get_article("here", article.id)).state == "retracted"
    assert await store.find_passage("here", article.id, fact.span.start, fact.span.end) is None


async def test_corrected_head_is_shown_and_found(store, article):
    await do(store, EditHead(article.id, Head(title="Corrected", publisher="Évening Post")))

    [summary] = await store.find_articles("here", title="evening post")
    assert (summary.title, summary.publisher) == ("Corrected", "Évening Post")
    assert (await store.get_article("here", article.id)).text == article.text


@pytest.mark.parametrize("review", ["hidden", "rejected"])
async def test_hidden_or_rejected_quotation_is_neither_listed_nor_counted(store, article, review):
    await do(store, ReviewQuotation(article.quotations[0].id, review))

    assert await who(store, article) == ["Ann Lee", "Ben Ode"]
    assert (await store.measure_library("here")).quotations == 2
    everything = (await store.get_article("here", article.id, with_hidden=True)).quotations
    assert [stored.review for stored in everything] == [review, "open", "open"]


async def test_words_of_a_hidden_quotation_are_in_no_passage(store, article):
    first, second = article.sentences[1:3]
    await do(store, ReviewQuotation(article.quotations[0].id, "hidden"))

    assert await store.find_passage("here", article.id, first.start, first.end) is None
    assert await store.find_passage("here", article.id, first.start, second.end) is None
    assert (await store.find_passage("here", article.id, second.start, second.end)).speaker == "Ann Lee"


async def test_words_of_a_rejected_quotation_are_still_the_articles(store, article):
    sentence = article.sentences[1]
    await do(store, ReviewQuotation(article.quotations[0].id, "rejected"))

    assert (await store.find_passage("here", article.id, sentence.start, sentence.end)).kind == "fact"


async def test_quotation_may_be_given_to_a_known_speaker(store, article):
    await do(store, SetSpeaker(article.quotations[0].id, "ben ode"))

    assert await who(store, article) == ["Ben Ode", "Ann Lee", "Ben Ode"]


async def test_quotation_may_be_given_to_a_new_speaker(store, article):
    await do(store, SetSpeaker(article.quotations[0].id, "Cy Poe"))

    assert await who(store, article) == ["Cy Poe", "Ann Lee", "Ben Ode"]
    assert "Cy Poe" in await ids(store)


async def test_quotation_may_be_left_unattributed(store, article):
    await do(store, SetSpeaker(article.quotations[0].id, None))

    [summary] = await store.find_articles("here")
    assert summary.unattributed_count == 1


async def test_renamed_speaker_is_found_by_both_names(store, article):
    await do(store, RenameSpeaker((await ids(store))["Ann Lee"], "Dame Ann Lee-Poe"))

    assert await who(store, article) == ["Dame Ann Lee-Poe", "Dame Ann Lee-Poe", "Ben Ode"]
    for prefix in ("ann lee", "lee poe"):
        [found] = await store.find_speakers("here", prefix=prefix)
        assert found.name == "Dame Ann Lee-Poe"


async def test_later_article_joins_a_renamed_speaker_by_its_old_name(store, article, make_reading):
    await do(store, RenameSpeaker((await ids(store))["Ann Lee"], "Zed Major"))

    later = await store.add_article("here", make_reading(title="Later", quotes=[("Four", "Ann Lee")]), CLI)

    [stored] = (await store.get_article("here", later.article_id)).quotations
    assert stored.quotation.speaker == "Zed Major"


async def find_spoken(store, name):
    """Quotations that a question about `name` finds."""
    found = await store.find_candidates("here", Search(("ferry",), names=(name,)))
    return {voice.speaker for chunk in found.chunks for voice in chunk.voices}


async def test_question_finds_a_speaker_by_a_corrected_name(store, article):
    known = await ids(store)
    for correction in (
        RenameSpeaker(known["Ann Lee"], "Nan Nevis"),
        MergeSpeakers(known["Ben Ode"], known["Ann Lee"]),
        AddAlias(known["Ann Lee"], "Harbourmistress"),
    ):
        change = await do(store, correction)

    assert await find_spoken(store, "nevis") == {"Nan Nevis"}
    assert await find_spoken(store, "harbourmistress") == {"Nan Nevis"}
    await store.undo_change("here", change.id, actor="1")
    assert await find_spoken(store, "harbourmistress") == set()


async def test_name_of_another_speaker_asks_for_a_merge(store, article):
    with pytest.raises(CannotChange, match="Merge"):
        await do(store, RenameSpeaker((await ids(store))["Ann Lee"], "ben ode"))


async def test_added_alias_joins_later_articles(store, article, make_reading):
    await do(store, AddAlias((await ids(store))["Ann Lee"], "the harbour master"))

    later = await store.add_article("here", make_reading(title="Later", quotes=[("Four", "the Harbour Master")]), CLI)

    [stored] = (await store.get_article("here", later.article_id)).quotations
    assert stored.quotation.speaker == "Ann Lee"


async def test_removed_alias_finds_nobody(store, article):
    await do(store, RemoveAlias((await ids(store))["Ben Ode"], "The Cook"))

    assert await store.find_speakers("here", prefix="cook") == []


@pytest.mark.parametrize("name", ["", "  ", "?!", "\0", "\ud800"])
async def test_name_without_a_letter_is_refused(store, article, name):
    with pytest.raises(CannotChange):
        await do(store, AddAlias((await ids(store))["Ann Lee"], name))


async def test_own_name_cannot_be_removed_as_an_alias(store, article):
    with pytest.raises(CannotChange, match="Rename"):
        await do(store, RemoveAlias((await ids(store))["Ben Ode"], "Ben Ode"))


async def test_merged_speaker_takes_all_quotations_and_names_along(store, article):
    known = await ids(store)

    await do(store, MergeSpeakers(known["Ben Ode"], known["Ann Lee"]))

    assert await who(store, article) == ["Ann Lee"] * 3
    [speaker] = await store.find_speakers("here")
    assert (speaker.id, speaker.quotation_count) == (known["Ann Lee"], 3)
    assert speaker.aliases == ("Ben Ode", "the cook")
    assert (await store.measure_library("here")).speakers == 1


async def test_merges_may_follow_each_other(store, article):
    known = await ids(store)
    await do(store, SetSpeaker(article.quotations[0].id, "Cy Poe"))
    cy = (await ids(store))["Cy Poe"]

    await do(store, MergeSpeakers(known["Ben Ode"], known["Ann Lee"]))
    await do(store, MergeSpeakers(known["Ann Lee"], cy))

    assert await who(store, article) == ["Cy Poe"] * 3


async def test_later_article_joins_the_merged_speaker(store, article, make_reading):
    known = await ids(store)
    await do(store, MergeSpeakers(known["Ben Ode"], known["Ann Lee"]))

    later = await store.add_article("here", make_reading(title="Later", quotes=[("Four", "Ben Ode")]), CLI)

    [stored] = (await store.get_article("here", later.article_id)).quotations
    assert stored.quotation.speaker == "Ann Lee"


async def test_speaker_cannot_be_merged_into_itself(store, article):
    ann = (await ids(store))["Ann Lee"]

    with pytest.raises(CannotChange, match="itself"):
        await do(store, MergeSpeakers(ann, ann))


async def test_merged_speaker_is_no_longer_one_to_correct(store, article):
    known = await ids(store)
    await do(store, MergeSpeakers(known["Ben Ode"], known["Ann Lee"]))

    with pytest.raises(SpeakerNotFound):
        await do(store, RenameSpeaker(known["Ben Ode"], "Bob Ode"))


@pytest.mark.parametrize(
    ("correction", "error"),
    [
        (SetState(99, "retracted"), ArticleNotFound),
        (EditHead(2**70, Head()), ArticleNotFound),
        (ReviewQuotation(99, "hidden"), QuotationNotFound),
        (SetSpeaker(-1, "Ann Lee"), QuotationNotFound),
        (RenameSpeaker(99, "X"), SpeakerNotFound),
        (MergeSpeakers(1, 99), SpeakerNotFound),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, type) else value.__name__,
)
async def test_correction_of_what_is_not_there_is_named(store, article, correction, error):
    with pytest.raises(error):
        await do(store, correction)

    assert len(await store.find_changes("here")) == 1


async def test_correction_that_changes_nothing_leaves_no_line_in_the_log(store, article):
    assert await do(store, SetState(article.id, "published")) is None
    assert await do(store, EditHead(article.id, article.head)) is None

    assert [change.verb for change in await store.find_changes("here")] == ["add"]


async def test_log_says_who_did_what_when_before_and_after(store, article, clock):
    clock.advance(hours=1)

    change = await store.correct("here", EditHead(article.id, Head(title="Corrected")), actor="42")

    assert change == (await store.find_changes("here"))[0] == await store.get_change("here", change.id)
    assert (change.actor, change.at, change.verb) == ("42", "2026-03-01T13:00:00Z", "edit")
    [edit] = change.edits
    assert (edit.kind, edit.row_id, edit.field) == ("article", article.id, "title")
    assert (json.loads(edit.before), json.loads(edit.after)) == (article.head.title, "Corrected")


async def test_log_can_be_filtered_and_paged(store, article):
    await do(store, SetState(article.id, "retracted"))
    await store.correct("here", ReviewQuotation(article.quotations[0].id, "hidden"), actor="2")

    assert [c.verb for c in await store.find_changes("here", subject="article")] == ["set state", "add"]
    assert [c.verb for c in await store.find_changes("here", actor="2")] == ["review"]
    assert [c.verb for c in await store.find_changes("here", limit=1, offset=1)] == ["set state"]


async def test_log_keeps_that_a_removed_article_was(store, article):
    await store.remove_article("here", article.id, actor="9")

    log = await store.find_changes("here", subject="article", subject_id=article.id)

    assert [(change.verb, change.actor, change.summary) for change in log] == [
        ("remove", "9", article.head.title),
        ("add", "1", article.head.title),
    ]


async def test_second_of_two_moderators_is_told(store, article):
    first = article.quotations[0]
    await do(store, SetSpeaker(first.id, "Ben Ode"), version=first.version)

    with pytest.raises(ChangedMeanwhile, match="quotation"):
        await do(store, SetSpeaker(first.id, "Cy Poe"), version=first.version)

    assert await who(store, article) == ["Ben Ode", "Ann Lee", "Ben Ode"]


async def test_of_many_moderators_at_once_one_wins(store, article):
    first = article.quotations[0]
    names = [f"Speaker {number}" for number in range(10)]

    results = await asyncio.gather(
        *(do(store, SetSpeaker(first.id, name), version=first.version) for name in names), return_exceptions=True
    )

    assert [type(result) for result in results].count(ChangedMeanwhile) == 9
    assert (await who(store, article))[0] in names


async def test_version_grows_with_every_change_of_the_row(store, article):
    await do(store, EditHead(article.id, Head(title="Corrected")), version=article.version)

    assert (await store.get_article("here", article.id)).version > article.version


async def test_undo_restores_what_was(store, article):
    known = await ids(store)
    merge = await do(store, MergeSpeakers(known["Ben Ode"], known["Ann Lee"]))

    await store.undo_change("here", merge.id, actor="2")

    assert await who(store, article) == ["Ann Lee", "Ann Lee", "Ben Ode"]
    assert await ids(store) == known


async def test_undo_keeps_later_work(store, article):
    first = article.quotations[0].id
    early = await do(store, SetSpeaker(first, "Ben Ode"))
    await do(store, ReviewQuotation(first, "confirmed"))
    await do(store, EditHead(article.id, Head(title="Corrected")))

    await store.undo_change("here", early.id, actor="2")

    now = await store.get_article("here", article.id)
    assert (now.quotations[0].quotation.speaker, now.quotations[0].review) == ("Ann Lee", "confirmed")
    assert now.head.title == "Corrected"


async def test_undo_of_an_overwritten_change_keeps_the_later_value(store, article):
    first = article.quotations[0].id
    early = await do(store, SetSpeaker(first, "Ben Ode"))
    late = await do(store, SetSpeaker(first, "Cy Poe"))

    await store.undo_change("here", early.id, actor="2")
    assert (await who(store, article))[0] == "Cy Poe"

    await store.undo_change("here", late.id, actor="2")
    assert (await who(store, article))[0] == "Ann Lee"


async def test_undo_can_be_undone_and_done_again(store, article):
    change = await do(store, SetState(article.id, "retracted"))

    states = []
    latest = change.id
    for _ in range(4):
        latest = (await store.undo_change("here", latest, actor="2")).id
        states.append((await store.get_article("here", article.id)).state)

    assert states == ["published", "retracted", "published", "retracted"]


async def test_change_is_undone_only_once(store, article):
    change = await do(store, SetState(article.id, "retracted"))
    undo = await store.undo_change("here", change.id, actor="2")

    with pytest.raises(CannotChange, match=f"undone already.*change {undo.id}"):
        await store.undo_change("here", change.id, actor="2")


async def test_old_undo_cannot_be_undone_past_newer_ones(store, article):
    change = await do(store, SetState(article.id, "retracted"))
    undo = await store.undo_change("here", change.id, actor="2")
    redo = await store.undo_change("here", undo.id, actor="2")
    await store.undo_change("here", change.id, actor="2")

    for stale in (undo.id, redo.id):
        with pytest.raises(CannotChange, match="already"):
            await store.undo_change("here", stale, actor="2")


async def test_added_article_can_be_taken_back_and_brought_back(store, article):
    [add] = await store.find_changes("here")

    undo = await store.undo_change("here", add.id, actor="2")
    assert await store.find_articles("here") == []
    with pytest.raises(ArticleNotFound):
        await store.get_article("here", article.id)

    await store.undo_change("here", undo.id, actor="2")
    assert await store.get_article("here", article.id) is not None


async def test_article_loaded_again_is_not_brought_back_twice(store, article, make_reading):
    [add] = await store.find_changes("here")
    undo = await store.undo_change("here", add.id, actor="2")
    quotes = [("One", "Ann Lee"), ("Two", "Ann Lee"), ("Three", "Ben Ode")]
    await store.add_article("here", make_reading(quotes=quotes), CLI)

    with pytest.raises(CannotChange, match="same text"):
        await store.undo_change("here", undo.id, actor="2")


async def test_article_with_the_same_external_id_is_not_brought_back_twice(store, make_reading):
    got = Acquisition("cli", external_id="row")
    await store.add_article("here", make_reading(title="One"), got)
    [add] = await store.find_changes("here")
    undo = await store.undo_change("here", add.id, actor="2")
    await store.add_article("here", make_reading(title="Two"), got)

    with pytest.raises(CannotChange, match="loaded again"):
        await store.undo_change("here", undo.id, actor="2")


async def test_update_can_be_taken_back(store, make_reading):
    got = Acquisition("cli", external_id="row")
    await store.add_article("here", make_reading(title="Old", quotes=[("One", "Ann Lee")]), got)
    added = await store.add_article("here", make_reading(title="New", quotes=[("Two", "Ben Ode")]), got)
    update = (await store.find_changes("here"))[0]

    await store.undo_change("here", update.id, actor="2")

    article = await store.get_article("here", added.article_id)
    assert (article.head.title, [q.quotation.speaker for q in article.quotations]) == ("Old", ["Ann Lee"])
    assert (await store.measure_library("here")).quotations == 1


async def test_change_to_a_removed_article_cannot_be_undone(store, article):
    change = await do(store, SetState(article.id, "retracted"))
    await store.remove_article("here", article.id, actor=None)

    with pytest.raises(CannotChange, match="nothing of what it changed is left"):
        await store.undo_change("here", change.id, actor="2")


async def test_undo_that_would_close_a_circle_of_merges_is_refused(store, article):
    known = await ids(store)
    first = await do(store, MergeSpeakers(known["Ben Ode"], known["Ann Lee"]))
    undo = await store.undo_change("here", first.id, actor="2")
    await do(store, MergeSpeakers(known["Ann Lee"], known["Ben Ode"]))

    with pytest.raises(CannotChange, match="into itself"):
        await store.undo_change("here", undo.id, actor="2")

    assert await who(store, article) == ["Ben Ode"] * 3


async def test_merge_does_not_come_back_under_another_one(store, article):
    known = await ids(store)
    await do(store, SetSpeaker(article.quotations[0].id, "Cy Poe"))
    cy = (await ids(store))["Cy Poe"]
    first = await do(store, MergeSpeakers(known["Ben Ode"], known["Ann Lee"]))
    undo = await store.undo_change("here", first.id, actor="2")
    second = await do(store, MergeSpeakers(known["Ben Ode"], cy))

    with pytest.raises(CannotChange, match=f"another way by change {second.id}"):
        await store.undo_change("here", undo.id, actor="2")


@pytest.mark.parametrize("change_id", [0, -1, 99, 2**70])
async def test_unknown_change_is_named(store, article, change_id):
    with pytest.raises(ChangeNotFound):
        await store.undo_change("here", change_id, actor="2")


async def test_names_of_a_curated_speaker_outlive_its_articles(store, article):
    await do(store, RenameSpeaker((await ids(store))["Ann Lee"], "Ben Nevis"))
    await do(store, SetSpeaker(article.quotations[0].id, "Ann Lee"))

    await store.remove_article("here", article.id, actor=None)

    assert await store.find_speakers("here") == []
    assert (await store.measure_library("here")).articles == 0
