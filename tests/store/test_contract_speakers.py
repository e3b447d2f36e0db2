from __future__ import annotations

import pytest

from db.model import Acquisition
from db.naming import Known, choose_speaker, is_proper_name, name_key

pytestmark = pytest.mark.anyio
CLI = Acquisition("cli")


async def add(store, make_reading, name, aliases=(), *, words="Yes", library="here"):
    reading = make_reading(title=f"{name}: {words}", quotes=[(words, name)], aliases={name: aliases})
    added = await store.add_article(library, reading, CLI)
    [stored] = (await store.get_article(library, added.article_id)).quotations
    return added.article_id, stored


async def test_speakers_are_listed_most_quoted_first(store, make_reading):
    quotes = [("One", "Ann Lee"), ("Two", "Ben Ode"), ("Three", "Ben Ode")]
    await store.add_article("here", make_reading(quotes=quotes), CLI)

    found = await store.find_speakers("here")

    assert [(speaker.name, speaker.quotation_count) for speaker in found] == [("Ben Ode", 2), ("Ann Lee", 1)]


@pytest.mark.parametrize("prefix", ["zoe", "ZOË", "harbour m", "müller", "muller", "e mü"])
async def test_any_name_of_a_speaker_finds_it(store, make_reading, prefix):
    await add(store, make_reading, "Zoë Müller", ["the Harbour Master"])
    await add(store, make_reading, "Ann Lee")

    found = await store.find_speakers("here", prefix=prefix)

    assert [speaker.name for speaker in found] == ["Zoë Müller"]


async def test_speaker_carries_its_aliases_but_not_its_name_again(store, make_reading):
    await add(store, make_reading, "Ann Lee", ["Ms Lee", "the captain", "Ann Lee"])

    [speaker] = await store.find_speakers("here")

    assert speaker.aliases == ("Ms Lee", "the captain")


@pytest.mark.parametrize("limit", [1, 2])
async def test_speaker_list_keeps_to_its_limit(store, make_reading, limit):
    for name in ("Ann Lee", "Ben Ode", "Cy Poe"):
        await add(store, make_reading, name)

    assert len(await store.find_speakers("here", limit=limit)) == limit


@pytest.mark.parametrize("spelling", ["Zoë Müller", "zoe muller", "Ms Zoë Müller", "ZOË  MÜLLER"])
async def test_one_full_name_in_two_articles_is_one_speaker(store, make_reading, spelling):
    _, first = await add(store, make_reading, "Zoë Müller", words="One")

    _, second = await add(store, make_reading, spelling, words="Two")

    assert second.speaker_id == first.speaker_id


async def test_bare_surname_joins_the_only_person_it_fits(store, make_reading):
    _, full = await add(store, make_reading, "Ann Lee")

    _, bare = await add(store, make_reading, "Lee")

    assert bare.speaker_id == full.speaker_id
    assert bare.quotation.speaker == "Ann Lee"


async def test_bare_surname_of_two_people_joins_neither(store, make_reading):
    _, ann = await add(store, make_reading, "Ann Lee")
    _, bob = await add(store, make_reading, "Bob Lee")

    _, bare = await add(store, make_reading, "Lee")

    assert bare.speaker_id not in {ann.speaker_id, bob.speaker_id}


async def test_proper_name_printed_as_an_alias_joins(store, make_reading):
    _, first = await add(store, make_reading, "Kestrel Bay Dockers", ["Brotherhood of the Quay", "the Brotherhood"])

    _, second = await add(store, make_reading, "the Brotherhood of the Quay")

    assert second.speaker_id == first.speaker_id


@pytest.mark.parametrize("office", ["the prime minister", "Prime Minister", "the harbour master", "Police"])
async def test_office_read_as_an_alias_joins_nobody_elsewhere(store, make_reading, office):
    _, first = await add(store, make_reading, "Ann Lee", [office])

    _, second = await add(store, make_reading, office, words="Other")

    assert second.speaker_id != first.speaker_id


async def test_same_name_in_another_library_is_another_speaker(store, make_reading):
    _, here = await add(store, make_reading, "Ann Lee")

    _, there = await add(store, make_reading, "Ann Lee", library="there")

    assert here.speaker_id != there.speaker_id


async def test_two_spellings_in_one_article_are_one_speaker(store, make_reading):
    await store.add_article("here", make_reading(quotes=[("One", "Zoë Müller"), ("Two", "Zoe Muller")]), CLI)

    [speaker] = await store.find_speakers("here")

    assert speaker.quotation_count == 2


async def test_names_that_only_a_removed_article_printed_go_with_it(store, make_reading):
    await add(store, make_reading, "Ann Lee", ["the captain"], words="One")
    removed, _ = await add(store, make_reading, "Ann Lee", ["the pirate"], words="Two")

    await store.remove_article("here", removed, actor=None)

    [speaker] = await store.find_speakers("here")
    assert speaker.aliases == ("the captain",)


async def test_speaker_without_any_visible_character_is_unattributed(store, make_reading):
    _, stored = await add(store, make_reading, " \u200b ")

    assert stored.speaker_id is None


async def test_quotation_of_a_name_missing_from_the_list_makes_its_speaker(store, make_reading):
    reading = make_reading(quotes=[("One", "Ann Lee")])
    nobody = type(reading)(
        reading.text, reading.head, reading.blocks, reading.sentences, reading.quotations, reading.facts, speakers=()
    )

    await store.add_article("here", nobody, CLI)

    assert [speaker.name for speaker in await store.find_speakers("here")] == ["Ann Lee"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The League", "league"),
        ("Mr. Obama", "Obama"),
        ("Asaib Ahl al-Haq", "Asa'ib Ahl al Haq"),
        ("O’Brien", "O'Brien"),
        ("Dr Zoë Müller", "zoe muller"),
    ],
)
async def test_spellings_share_a_key(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize("name", ["Prime Minister", "the foreign secretary", "a spokesman", "officials", "Police"])
async def test_office_is_no_proper_name(name):
    assert not is_proper_name(name)


@pytest.mark.parametrize("name", ["League of the Righteous", "Ann Lee", "Asaib Ahl al-Haq", "Bank of Kestrel"])
async def test_name_is_a_proper_name(name):
    assert is_proper_name(name)


async def test_moderators_alias_goes_before_a_main_name():
    known = [Known(1, 1, "lee", is_main=True), Known(2, 2, "lee", is_curated=True)]

    assert choose_speaker("Lee", known) == 2


async def test_alias_given_to_two_speakers_joins_neither():
    known = [Known(1, 1, "lee", is_curated=True), Known(2, 2, "lee", is_curated=True)]

    assert choose_speaker("Lee", known) is None
