from __future__ import annotations

import pytest

from cogs._answers import WhoButton
from cogs._cards import card, question_line

pytestmark = pytest.mark.anyio

NAMESAKE = """Bakery reopens on Mill Street

The Aldmouth Courier
9 January 2010

“We have missed the smell of bread,” said Ann Delaney, the baker.

Delaney said that the rivets of the oven had been replaced.
"""
FIRST = "what did Martin Oakes say about the crack"


async def test_a_pronoun_keeps_the_speaker_of_the_answer_before(world):
    await world.load()
    await world.member.slash(world.channel, "ask", question=FIRST)

    result = await world.member.slash(world.channel, "ask", question="and what did he say about the town?")

    assert "The town has known about this crack" in world.said(result).replace("**", "")


async def test_a_reply_to_the_bots_message_asks_on(world):
    await world.load()
    await world.member.send(world.channel, f"{world.bot.user.mention} {FIRST}")
    answer = world.channel.last_message

    await world.member.send(
        world.channel, f"{world.bot.user.mention} what did he say about the crack?", reply_to=answer
    )

    assert world.channel.last_message.id != answer.id
    assert "The town has known about this crack" in world.text(world.channel.last_message).replace("**", "")


async def test_following_up_keeps_the_speaker_also_after_a_restart(world):
    await world.load()
    answer = await world.member.slash(world.channel, "ask", question=FIRST)
    await world.restart()

    form = await world.member.click(world.only(answer), label="Follow up")
    more = await world.member.submit_modal(form, {"question": "what about the town"})

    assert "Martin Oakes" in form.modal["components"][0]["description"]
    assert not world.only(more).ephemeral
    assert "The town has known about this crack" in world.said(more).replace("**", "")


async def test_a_private_answer_is_followed_up_privately(world):
    await world.load()
    answer = await world.member.slash(world.channel, "ask", question=FIRST, private=True)

    form = await world.member.click(world.only(answer), label="Follow up")
    more = await world.member.submit_modal(form, {"question": "what about the town"})

    assert world.only(more).ephemeral


async def test_choosing_whom_one_meant_asks_the_same_question_of_that_speaker(world):
    await world.load()
    await world.load(NAMESAKE, link="")
    question = question_line("what did Delaney say about *rivets* & @everyone?", limit=2500)
    with world.env._bot_scope():
        await world.bot.get_channel(world.channel.id).send(
            view=card([question], buttons=[WhoButton("Ruth Delaney"), WhoButton("Ann Delaney")])
        )

    chosen = await world.member.click(world.channel.last_message, label="Ruth Delaney")

    assert world.only(chosen).ephemeral
    assert "Ann Delaney" not in world.said(chosen)
    assert "rivet" in world.said(chosen)


async def test_a_question_too_long_to_be_kept_on_the_card_is_asked_again(world):
    question = question_line("what did Delaney say? " * 90, limit=300)
    with world.env._bot_scope():
        await world.bot.get_channel(world.channel.id).send(view=card([question], buttons=[WhoButton("Ann Delaney")]))

    chosen = await world.member.click(world.channel.last_message, label="Ann Delaney")

    assert "choose the speaker there" in world.said(chosen)


async def test_a_follow_up_opened_before_a_restart_says_what_to_do(world):
    await world.load()
    answer = await world.member.slash(world.channel, "ask", question=FIRST)
    form = await world.member.click(world.only(answer), label="Follow up")
    await world.restart()

    result = await world.member.submit_modal(form, {"question": "what about the town"})

    assert "opened before I was restarted" in world.said(result)
