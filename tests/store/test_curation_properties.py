"""Any random sequence of changes and undos ends as if only the changes that stand had been made."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

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
from db.errors import CannotChange, SpeakerNotFound, StoreError
from db.model import Acquisition, Head, Search

PEOPLE = ("Ann Lee", "Ben Ode", "Cy Poe", "Dee Rue")
QUOTES = [(f"Words number {i}", PEOPLE[i % 4]) for i in range(4)]
TITLES = ("First", "Second")
FIELDS = ("title", "publisher", "byline")

# A step is (name, which row, what). Few rows, so that steps meet on the same fields.
row = st.integers(0, 2)
steps = st.one_of(
    st.tuples(st.just("state"), row, st.sampled_from(["published", "retracted", "draft"])),
    st.tuples(st.just("head"), row, st.tuples(st.sampled_from(FIELDS), st.sampled_from(["One", "Two", "Three", None]))),
    st.tuples(st.just("review"), row, st.sampled_from(["open", "confirmed", "hidden", "rejected"])),
    st.tuples(st.just("speaker"), row, st.sampled_from([*PEOPLE, "Eve Sy", "Flo Tan", None])),
    st.tuples(st.just("rename"), row, st.integers(0, 3)),
    st.tuples(st.just("add alias"), row, st.integers(0, 2)),
    st.tuples(st.just("remove alias"), row, st.integers(0, 2)),
    st.tuples(st.just("merge"), row, row),
)
undo = st.tuples(st.just("undo"), st.integers(0, 30), st.none())
# Not `one_of`, which would give each kind of step the same weight as all undos.
steps_and_undos = st.booleans().flatmap(lambda is_undo: undo if is_undo else steps)


async def load(store, make_reading):
    for title in TITLES:
        await store.add_article("here", make_reading(title=title, quotes=QUOTES), Acquisition("cli"))
    articles = [await store.get_article("here", number) for number in (1, 2)]
    quotations = [stored.id for article in articles for stored in article.quotations]
    named = {speaker.name: speaker.id for speaker in await store.find_speakers("here")}
    return quotations, [named[name] for name in PEOPLE]


def make_correction(step, heads, quotations, speakers):
    """The correction a step means. `heads` holds what a form would show of each article now."""
    kind, which, what = step
    article, quotation, speaker = which % 2 + 1, quotations[which], speakers[which % 4]
    head = {field: getattr(heads[article], field) for field in FIELDS}
    if kind == "head":
        head[what[0]] = what[1]
    # Names are unique to their speaker, because a name that is taken asks for a merge instead.
    return {
        "state": lambda: SetState(article, what),
        "head": lambda: EditHead(article, Head(**head)),
        "review": lambda: ReviewQuotation(quotation, what),
        "speaker": lambda: SetSpeaker(quotation, what),
        "rename": lambda: RenameSpeaker(speaker, f"{PEOPLE[which % 4]} the {what + 2}nd"),
        "add alias": lambda: AddAlias(speaker, f"alias {what} of {which % 4}"),
        "remove alias": lambda: RemoveAlias(speaker, f"alias {what} of {which % 4}"),
        "merge": lambda: MergeSpeakers(speaker, speakers[what % 4]),
    }[kind]()


async def show(store):
    """All that members and moderators see, without versions and without ids of what corrections added."""
    articles = [await store.get_article("here", number) for number in (1, 2)]
    shown = [
        (
            article.state,
            article.head,
            [(one.id, one.quotation.speaker, one.review) for one in article.quotations],
        )
        for article in articles
    ]
    people = [
        (speaker.name, sorted(speaker.aliases), speaker.quotation_count)
        for speaker in await store.find_speakers("here", limit=100)
    ]
    listed = [(one.title, one.quotation_count, one.unattributed_count) for one in await store.find_articles("here")]
    size = await store.measure_library("here")
    found = [
        sorted(
            {
                (voice.id, voice.speaker, tuple(sorted(voice.names)))
                for chunk in (await store.find_candidates("here", Search(("words", "number"), names=(name,)))).chunks
                for voice in chunk.voices
            },
            key=repr,
        )
        for name in ("lee", "ode", "eve", "2nd", "alias")
    ]
    unsound = await store.check_index("here")
    return shown, people, listed, (size.articles, size.quotations, size.facts), found, unsound


async def play(store, make_reading, drawn):
    """Do what was drawn; returns the corrections made, by change, and which of them stand."""
    quotations, speakers = await load(store, make_reading)
    made, stands, log = {}, {}, []
    for step in drawn:
        if step[0] == "undo":
            if log:
                change_id, origin = log[step[1] % len(log)]
                try:
                    undo = await store.undo_change("here", change_id, actor="1")
                except CannotChange:
                    continue
                stands[origin] = not stands[origin]
                log.append((undo.id, origin))
            continue
        heads = {number: (await store.get_article("here", number)).head for number in (1, 2)}
        correction = make_correction(step, heads, quotations, speakers)
        try:
            change = await store.correct("here", correction, actor="1")
        except (CannotChange, SpeakerNotFound, StoreError):
            continue
        if change is not None:
            made[change.id], stands[change.id] = (step, correction), True
            log.append((change.id, change.id))
    return [made[change_id] for change_id in made if stands[change_id]], (quotations, speakers)


async def replay(store, make_reading, standing):
    """On a new database, only the changes that stand; merges last, because a merged speaker is not corrected."""
    await load(store, make_reading)
    for step, correction in sorted(standing, key=lambda made: made[0][0] == "merge"):
        if step[0] == "head":
            # A form shows what is there now; the moderator changed one field of it.
            shown = (await store.get_article("here", correction.article_id)).head
            fields = {field: getattr(shown, field) for field in FIELDS} | {step[2][0]: step[2][1]}
            again = EditHead(correction.article_id, Head(**fields))
        else:
            again = correction
        with suppress(CannotChange, SpeakerNotFound):
            await store.correct("here", again, actor="1")


@given(drawn=st.lists(steps_and_undos, min_size=10, max_size=30))
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[Phase.generate],
)
def test_changes_and_undos_end_as_if_only_the_standing_changes_were_made(open_backend, make_reading, run, drawn):
    async def go():
        with tempfile.TemporaryDirectory() as folder:
            async with open_backend(Path(folder) / "a.db") as store, open_backend(Path(folder) / "b.db") as other:
                standing, _ = await play(store, make_reading, drawn)
                await replay(other, make_reading, standing)
                return await show(store), await show(other)

    played, expected = run(go())

    assert played == expected
    assert played[-1] == []


@given(drawn=st.lists(steps, min_size=4, max_size=12), order=st.randoms(use_true_random=False))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[Phase.generate],
)
def test_undoing_everything_in_any_order_restores_the_beginning(open_backend, make_reading, run, drawn, order):
    async def go():
        with tempfile.TemporaryDirectory() as folder:
            async with open_backend(Path(folder) / "a.db") as store:
                await load(store, make_reading)
                before = await show(store)
            async with open_backend(Path(folder) / "b.db") as store:
                await play(store, make_reading, drawn)
                log = [change.id for change in await store.find_changes("here", limit=100) if change.verb != "add"]
                order.shuffle(log)
                for change_id in log:
                    await store.undo_change("here", change_id, actor="1")
                return before, await show(store)

    before, after = run(go())

    assert after == before
