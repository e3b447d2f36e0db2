from __future__ import annotations

import sqlite3

import discord
import pytest

pytestmark = pytest.mark.anyio

BUILT = "when was the bridge built"


async def test_a_member_gets_the_exact_words_with_their_source(world):
    await world.load()

    result = await world.member.slash(world.channel, "ask", question=BUILT)

    card = world.only(result)
    assert not card.ephemeral
    assert world.acknowledged_by_deferring()
    assert "built in 1931 by the Carrow Iron Company." in world.text(card).replace("**", "")
    assert "The Aldmouth Courier · Old harbour bridge closed after crack is found · 3 January 2010" in world.text(card)
    link = world.buttons(card)["Open at the passage"]
    assert link.startswith("https://courier.example/news/bridge-closed#:~:text=")


async def test_a_quotation_names_its_speaker(world):
    await world.load()

    result = await world.member.slash(world.channel, "ask", question="who said nobody is driving over that")

    assert "**Ruth Delaney**" in world.said(result)
    assert "Nobody is driving over that" in world.said(result).replace("**", "")


async def test_a_private_question_is_answered_privately(world):
    await world.load()

    result = await world.member.slash(world.channel, "ask", question=BUILT, private=True)

    assert world.only(result).ephemeral


async def test_what_the_articles_do_not_say_is_not_answered(world):
    await world.load()

    result = await world.member.slash(world.channel, "ask", question="who won the chess tournament in Reykjavik")

    assert "The loaded articles do not say" in world.said(result)
    assert "Open at the passage" not in world.buttons(world.only(result))


async def test_an_empty_library_says_what_a_moderator_can_do(world):
    result = await world.member.slash(world.channel, "ask", question=BUILT)

    assert "No articles yet" in world.said(result)


@pytest.mark.parametrize("question", ["???", "“”", "- - -", "🙂", "\u202e", "the of and"])
async def test_a_question_without_words_is_told_privately(world, question):
    await world.load()

    result = await world.member.slash(world.channel, "ask", question=question)

    assert "Something went wrong" not in world.said(result)
    assert world.said(result)


@pytest.mark.parametrize(
    "question",
    [
        "bridge " * 285,
        'when was "the bridge" built? AND OR NOT NEAR(',
        "bridge'; DROP TABLE article; --",
        "* bridge : ^ (",
        "@everyone when was the bridge built [x](https://evil.example)",
    ],
    ids=["2000 characters", "operators", "sql", "fts", "mentions"],
)
async def test_any_question_is_survived(world, question):
    await world.load()

    result = await world.member.slash(world.channel, "ask", question=question[:2000])

    assert world.said(result)
    assert "Something went wrong" not in world.said(result)


async def test_context_shows_the_sentences_around_privately(world):
    await world.load()
    answer = await world.member.slash(world.channel, "ask", question="who said nobody is driving over that")

    context = await world.member.click(world.only(answer), label="Context")

    assert world.only(context).ephemeral
    assert "found a crack in its eastern pier" in world.said(context)
    assert "The bridge was built in 1931" in world.said(context)


async def test_buttons_of_an_answer_work_after_a_restart(world):
    await world.load()
    answer = await world.member.slash(world.channel, "ask", question=BUILT)
    await world.restart()

    context = await world.member.click(world.only(answer), label="Context")

    assert "In context" in world.said(context)


async def test_buttons_fail_gently_when_the_passage_is_gone(world):
    await world.load()
    answer = await world.member.slash(world.channel, "ask", question=BUILT)
    await world.app.store.remove_article(str(world.guild.id), 1, actor=None)

    context = await world.member.click(world.only(answer), label="Context")

    assert "no longer in the library" in world.said(context)
    assert world.only(context).ephemeral


async def test_more_shows_other_passages_privately_page_by_page(world):
    await world.load()
    answer = await world.member.slash(
        world.channel, "ask", question="what did Ruth Delaney say about the bridge repair"
    )
    more = next(label for label in world.buttons(world.only(answer)) if label.endswith("more"))

    pages = await world.member.click(world.only(answer), label=more)

    assert world.only(pages).ephemeral
    assert "more passage" in world.said(pages)
    assert "-# The Aldmouth Courier" in world.said(pages)


async def test_a_corrupted_row_is_never_shown(world, settings):
    await world.load()
    with sqlite3.connect(settings.storage.url) as database:
        (text,) = database.execute("SELECT text FROM revision").fetchone()
        database.execute("UPDATE revision SET text = ?", (text.replace(b"1931", b"1899"),))

    result = await world.member.slash(world.channel, "ask", question=BUILT)

    assert "1899" not in world.said(result)
    assert "Open at the passage" not in world.buttons(world.only(result))


async def test_speakers_are_offered_by_any_part_of_their_name(world):
    await world.load()

    offered = await world.member.autocomplete(world.channel, "ask", "speaker", "delan")

    assert [c["value"] for c in offered] == ["Ruth Delaney"]


@pytest.mark.parametrize("typed", ["delayny", "rth delaney", "Dleaney"])
async def test_speakers_are_offered_in_spite_of_slips(world, typed):
    await world.load()

    offered = await world.member.autocomplete(world.channel, "ask", "speaker", typed)

    assert [c["value"] for c in offered] == ["Ruth Delaney"]


async def test_nobody_is_offered_for_another_name(world):
    await world.load()

    assert await world.member.autocomplete(world.channel, "ask", "speaker", "Xavier Quigg") == []


async def test_speakers_are_offered_before_anything_is_typed(world):
    await world.load()

    offered = await world.member.autocomplete(world.channel, "ask", "speaker", "")

    assert [c["value"] for c in offered][:2] == ["Ruth Delaney", "Martin Oakes"]


async def test_only_the_chosen_speaker_answers(world):
    await world.load()

    result = await world.member.slash(world.channel, "ask", question="what about the bridge", speaker="Martin Oakes")

    assert "Ruth Delaney" not in world.said(result)


class TestMentions:
    async def test_a_mention_with_a_question_is_answered_by_reply(self, world):
        await world.load()

        asked = await world.member.send(world.channel, f"{world.bot.user.mention} {BUILT}?")

        answer = world.channel.last_message
        assert answer.reference.message_id == asked.id
        assert "1931" in world.text(answer)

    async def test_a_mention_without_a_question_gets_a_short_help(self, world):
        await world.member.send(world.channel, world.bot.user.mention)

        assert "Ask me who said what" in world.text(world.channel.last_message)

    async def test_a_bad_question_by_mention_gets_a_sentence(self, world):
        await world.load()

        await world.member.send(world.channel, f"{world.bot.user.mention} ?!")

        assert world.text(world.channel.last_message)
        assert world.channel.last_message.author.id == world.bot.user.id

    async def test_other_messages_are_left_alone(self, world):
        await world.load()

        sent = await world.member.send(world.channel, BUILT)

        assert world.channel.last_message.id == sent.id

    async def test_bots_and_webhooks_get_no_reply(self, world):
        await world.load()
        robot = world.guild.add_member(world.env.create_user("robot", bot=True))
        hook = world.guild.create_webhook(world.channel)

        await robot.send(world.channel, f"{world.bot.user.mention} {BUILT}")
        await hook.send(f"{world.bot.user.mention} {BUILT}")

        assert world.bot.user.id not in {m.author.id for m in world.channel.history()}

    async def test_a_direct_message_is_sent_to_a_server(self, world):
        await world.member.send_dm("when was the bridge built?")

        assert "Ask me in a server" in world.text(world.member.user.dm_channel.last_message)

    async def test_a_channel_where_it_may_not_speak_stays_silent(self, world):
        await world.load()
        hidden = world.guild.create_text_channel(
            "quiet", overwrites={world.guild.default_role: discord.PermissionOverwrite(send_messages=None)}
        )
        world.env.inject_error("POST", f"/channels/{hidden.id}/messages", status=403)

        sent = await world.member.send(hidden, f"{world.bot.user.mention} {BUILT}")

        assert hidden.last_message.id == sent.id


class TestServers:
    async def test_one_servers_articles_answer_nobody_else(self, world):
        await world.load()
        other = world.env.create_guild("Other")
        channel = other.create_text_channel("news")
        stranger = other.add_member(world.env.create_user("eve"))

        result = await stranger.slash(channel, "ask", question=BUILT)
        await stranger.send(channel, f"{world.bot.user.mention} {BUILT}")
        offered = await stranger.autocomplete(channel, "ask", "speaker", "")

        assert "No articles yet" in world.said(result)
        assert "1931" not in world.text(channel.last_message)
        assert offered == []

    async def test_asking_in_a_direct_message_is_sent_to_a_server(self, world):
        result = await world.member.user.slash("ask", question=BUILT)

        assert "Ask me in a server" in world.said(result)

    async def test_about_answers_everywhere(self, world):
        await world.load()

        here = await world.member.slash(world.channel, "about")
        there = await world.member.user.slash("about")

        assert "This server has 1 article" in world.said(here)
        assert "### Verbatim" in world.said(there)


class TestCooldown:
    @pytest.fixture
    def settings(self, with_settings):
        return with_settings(cooldown_s=60.0)

    async def test_a_second_question_comes_too_soon_and_is_told_privately(self, world):
        await world.load()
        await world.member.slash(world.channel, "ask", question=BUILT)

        again = await world.member.slash(world.channel, "ask", question=BUILT)
        another = await world.moderator.slash(world.channel, "ask", question=BUILT)

        assert "you can ask again in" in world.said(again)
        assert world.only(again).ephemeral
        assert "1931" in world.said(another)

    async def test_the_time_passes(self, world):
        await world.load()
        await world.member.slash(world.channel, "ask", question=BUILT)
        await world.env.advance_time(61)

        again = await world.member.slash(world.channel, "ask", question=BUILT)

        assert "1931" in world.said(again)


class TestChosenChannels:
    @pytest.fixture
    def settings(self, with_settings):
        return with_settings(channels=(1,))

    async def test_elsewhere_a_command_is_refused_privately_and_a_mention_gets_nothing(self, world):
        result = await world.member.slash(world.channel, "ask", question=BUILT)
        sent = await world.member.send(world.channel, f"{world.bot.user.mention} {BUILT}")

        assert "I answer only in these channels" in world.said(result)
        assert world.only(result).ephemeral
        assert world.channel.last_message.id == sent.id


class TestPrivateByDefault:
    @pytest.fixture
    def settings(self, with_settings):
        return with_settings(private=True)

    async def test_answers_are_private_unless_asked_otherwise(self, world):
        await world.load()

        default = await world.member.slash(world.channel, "ask", question=BUILT)
        public = await world.member.slash(world.channel, "ask", question=BUILT, private=False)

        assert world.only(default).ephemeral
        assert not world.only(public).ephemeral
