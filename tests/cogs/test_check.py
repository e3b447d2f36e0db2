from __future__ import annotations

import discord
import pytest

pytestmark = pytest.mark.anyio

QUOTE = "Nobody is driving over that until we have looked at every rivet"
EXACT, ALTERED, OTHER, NONE = "✅ Exact", "✏️ Altered", "👥 Said by somebody else", "🔍 Not in the loaded articles"


@pytest.mark.parametrize(
    ("quote", "speaker", "verdict"),
    [
        (QUOTE, None, EXACT),
        (QUOTE, "Ruth Delaney", EXACT),
        (QUOTE.replace("rivet", "bolt"), None, ALTERED),
        (QUOTE, "Martin Oakes", OTHER),
        ("The council has sold the bridge to a circus from abroad", None, NONE),
    ],
)
async def test_a_typed_quote_gets_its_verdict(world, quote, speaker, verdict):
    await world.load()
    options = {"speaker": speaker} if speaker else {}

    result = await world.member.slash(world.channel, "check", quote=quote, **options)

    assert verdict in world.said(result)
    assert world.acknowledged_by_deferring()
    assert world.only(result).ephemeral


async def test_changes_are_shown_struck_bold_and_in_words(world):
    await world.load()

    result = await world.member.slash(world.channel, "check", quote=QUOTE.replace("rivet", "bolt"))

    assert "~~bolt~~ **rivet**" in world.said(result)
    assert "“bolt”" in world.said(result)
    assert "**As printed**" in world.said(result)
    assert "The Aldmouth Courier · Old harbour bridge closed" in world.said(result)


@pytest.mark.parametrize("quote", ["...", "“”", "🙂🙂", "a", "\u202e\u202e"])
async def test_a_quote_without_words_gets_a_sentence(world, quote):
    await world.load()

    result = await world.member.slash(world.channel, "check", quote=quote)

    assert world.said(result)
    assert "Something went wrong" not in world.said(result)


async def test_the_message_menu_checks_what_somebody_posted(world):
    await world.load()
    posted = await world.member.send(world.channel, f"Did you see? Ruth Delaney said “{QUOTE}”!")

    result = await world.member.context_menu(world.channel, "Check this quote", posted)

    assert EXACT in world.said(result)
    assert world.only(result).ephemeral


async def test_the_message_menu_looks_into_forwarded_messages(world):
    await world.load()
    posted = await world.member.send(world.channel, f"Ruth Delaney: “{QUOTE.replace('rivet', 'bolt')}”")
    forwarded = await world.member.forward(posted, world.channel)

    result = await world.member.context_menu(world.channel, "Check this quote", forwarded)

    assert ALTERED in world.said(result)


async def test_the_message_menu_looks_into_embeds(world):
    await world.load()
    with world.env._bot_scope():
        sent = await world.bot.get_channel(world.channel.id).send(embed=discord.Embed(description=f"“{QUOTE}”"))
    message = next(m for m in world.channel.history() if m.id == sent.id)

    result = await world.member.context_menu(world.channel, "Check this quote", message)

    assert EXACT in world.said(result)


async def test_a_message_without_text_gets_a_sentence(world):
    posted = await world.member.send(world.channel, "", attachments=[("a.png", b"\x89PNG")])

    result = await world.member.context_menu(world.channel, "Check this quote", posted)

    assert "no text to check" in world.said(result)


async def test_a_verdict_can_be_posted_publicly_also_after_a_restart(world):
    await world.load()
    result = await world.member.slash(world.channel, "check", quote=QUOTE)
    await world.restart()

    posted = await world.member.click(world.only(result), label="Post publicly")

    public = world.only(posted)
    assert not public.ephemeral
    assert EXACT in world.text(public)
    assert "Checked by alice" in world.text(public)
    assert "Post publicly" not in world.buttons(public)
    assert "Context" in world.buttons(public)


async def test_the_context_of_a_verdict_is_shown_privately(world):
    await world.load()
    result = await world.member.slash(world.channel, "check", quote=QUOTE)

    context = await world.member.click(world.only(result), label="Context")

    assert world.only(context).ephemeral
    assert "found a crack in its eastern pier" in world.said(context)


async def test_another_server_has_none_of_the_words(world):
    await world.load()
    other = world.env.create_guild("Other")
    channel = other.create_text_channel("news")
    stranger = other.add_member(world.env.create_user("eve"))

    result = await stranger.slash(channel, "check", quote=QUOTE)

    assert NONE in world.said(result)
    assert "rivet" not in world.said(result).replace(QUOTE, "")


async def test_checking_in_a_direct_message_is_sent_to_a_server(world):
    result = await world.member.user.slash("check", quote=QUOTE)

    assert "Ask me in a server" in world.said(result)
