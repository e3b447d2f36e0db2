from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.curating import UNDO_DAYS, TooLateToUndo, merge_speakers, preview_merge, undo_change
from db.backends import open_store
from db.corrections import RenameSpeaker, SetState
from db.errors import ChangedMeanwhile, SpeakerNotFound
from db.model import Acquisition, Block, Head, Quotation, Reading, Span, Speaker

pytestmark = pytest.mark.anyio
TEXT = "“We sail,” said Ann Lee. “We stay,” said Annie Leigh."


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def store(tmp_path, anyio_backend):
    opened = await open_store(str(tmp_path / "v.db"))
    quotations = (
        Quotation("direct", (Span(0, 10),), Span(11, 15), (Span(16, 23),), "Ann Lee", 0.9, "rule"),
        Quotation("direct", (Span(25, 35),), Span(36, 40), (Span(41, 52),), "Annie Leigh", 0.9, "rule"),
    )
    speakers = (Speaker("Ann Lee", ("the captain",)), Speaker("Annie Leigh", ("the skipper",)))
    sentences = (Span(0, 24), Span(25, 53))
    blocks = (Block("paragraph", Span(0, 53)),)
    reading = Reading(TEXT, Head(title="Ferry"), blocks, sentences, quotations, (), speakers)
    await opened.add_article("here", reading, Acquisition("paste"))
    yield opened
    await opened.close()


async def find_id(store, name):
    [speaker] = [speaker for speaker in await store.find_speakers("here") if speaker.name == name]
    return speaker.id


async def test_merge_is_shown_before_it_is_made(store):
    preview = await preview_merge(store, "here", await find_id(store, "Annie Leigh"), await find_id(store, "Ann Lee"))

    assert (preview.kept.name, preview.quotation_count) == ("Ann Lee", 2)
    assert preview.aliases == ("the captain", "Annie Leigh", "the skipper")
    assert await store.find_changes("here", subject="speaker") == []


async def test_merge_does_what_was_shown(store):
    preview = await preview_merge(store, "here", await find_id(store, "Annie Leigh"), await find_id(store, "Ann Lee"))

    await merge_speakers(store, "here", preview, actor="1")

    [speaker] = await store.find_speakers("here")
    assert (speaker.name, speaker.aliases, speaker.quotation_count) == ("Ann Lee", preview.aliases, 2)


async def test_merge_of_a_speaker_changed_since_it_was_shown_is_refused(store):
    annie = await find_id(store, "Annie Leigh")
    preview = await preview_merge(store, "here", annie, await find_id(store, "Ann Lee"))
    await store.correct("here", RenameSpeaker(annie, "Anna Lay"), actor="2")

    with pytest.raises(ChangedMeanwhile):
        await merge_speakers(store, "here", preview, actor="1")


async def test_unknown_speaker_has_no_preview(store):
    with pytest.raises(SpeakerNotFound):
        await preview_merge(store, "here", 99, await find_id(store, "Ann Lee"))


async def test_change_can_be_undone_while_there_is_time(store):
    change = await store.correct("here", SetState(1, "retracted"), actor="1")

    await undo_change(store, "here", change.id, actor="1")

    assert (await store.get_article("here", 1)).state == "published"


async def test_old_change_stays(store):
    change = await store.correct("here", SetState(1, "retracted"), actor="1")
    later = datetime.now(UTC) + timedelta(days=UNDO_DAYS, hours=1)

    with pytest.raises(TooLateToUndo, match="30 days"):
        await undo_change(store, "here", change.id, actor="1", now=later)

    assert (await store.get_article("here", 1)).state == "retracted"
