from __future__ import annotations

import discord
import pytest
from discord import app_commands

import cogs._paste
from bot.client import gate_of
from bot.errors import NotAllowed
from cogs._cards import card
from cogs._checks import anybody, members, moderators
from cogs._views import Form, Knob

pytestmark = pytest.mark.anyio

RULES = {anybody, members, moderators}
# One custom_id for every button that only moderators may press. A new one without an entry fails the matrix.
MODERATOR_BUTTONS = {
    "AgainButton": "again:0123456789abcdef",
    "KeepButton": "keep",
    "ListButton": "list:0",
    "RemoveButton": "remove:yes:1",
    "ShowButton": "show:1:0",
}
MODERATOR_COMMANDS = {
    "article paste": {},
    "article add": {"url": "https://127.0.0.1/article"},
    "article file": {"file": ("a.txt", b"Title\n\nText of an article.")},
    "article list": {},
    "article show": {"article": "1"},
    "article remove": {"article": "1"},
}
REFUSAL = "Articles are the moderators' work"


def _all_commands(bot):
    menus = bot.tree.get_commands(type=discord.AppCommandType.message)
    users = bot.tree.get_commands(type=discord.AppCommandType.user)
    slash = [c for c in bot.tree.walk_commands() if isinstance(c, app_commands.Command)]
    return [*slash, *menus, *users]


def _all_knobs(bot):
    return list(bot._connection._view_store._dynamic_items.values())


def _subclasses(cls):
    return {s for child in cls.__subclasses__() for s in (child, *_subclasses(child))}


async def _show_to_all(world):
    """Let every member see /article, as a server's admin can: what Discord hides is no protection."""
    for command in await world.bot.tree.fetch_commands():
        world.guild.set_command_permissions(command, {world.guild.default_role: True})


async def test_every_command_has_a_rule(world):
    assert {c.qualified_name for c in _all_commands(world.bot) if c.extras.get("gate") not in RULES} == set()


async def test_every_moderator_command_is_in_the_matrix(world):
    found = {c.qualified_name for c in _all_commands(world.bot) if c.extras["gate"] is moderators}

    assert found == set(MODERATOR_COMMANDS)


async def test_every_button_has_a_rule_and_answers_after_a_restart(world):
    knobs = _all_knobs(world.bot)

    assert {k.__name__ for k in knobs if k.gate not in RULES} == set()
    assert {k.__name__ for k in _subclasses(Knob)} == {k.__name__ for k in knobs}
    assert {k.__name__ for k in knobs if k.gate is moderators} == set(MODERATOR_BUTTONS)


async def test_every_form_has_a_rule(world):
    forms = {f.__name__: f.gate for f in _subclasses(Form)}

    assert forms == {"PasteForm": moderators, "FollowForm": members}


async def test_a_command_without_a_rule_is_refused():
    @app_commands.command(name="new", description="No rule yet")
    async def new(interaction: discord.Interaction) -> None: ...

    with pytest.raises(NotAllowed):
        gate_of(new)


async def test_a_button_without_a_rule_is_refused(world):
    with pytest.raises(NotAllowed):
        Knob.gate(type("I", (), {"id": 1})())


@pytest.mark.parametrize("name", MODERATOR_COMMANDS)
async def test_a_member_is_refused_every_moderator_command(world, name):
    await world.load()
    await _show_to_all(world)

    result = await world.member.slash(world.channel, name, **MODERATOR_COMMANDS[name])

    assert REFUSAL in world.said(result)
    assert world.only(result).ephemeral
    assert result.modal is None
    assert (await world.app.store.measure_library(str(world.guild.id))).articles == 1


@pytest.mark.parametrize("name", ["article show", "article remove"])
async def test_a_member_learns_nothing_from_autocomplete(world, name):
    await world.load()
    await _show_to_all(world)

    assert await world.moderator.autocomplete(world.channel, name, "article", "bridge")
    assert await world.member.autocomplete(world.channel, name, "article", "bridge") == []


@pytest.mark.parametrize("name", MODERATOR_BUTTONS)
async def test_a_button_is_refused_once_the_right_is_lost(world, name):
    await world.load()
    message = await _send_button(world, MODERATOR_BUTTONS[name])
    world.take_rights(world.moderator)

    result = await world.moderator.click(message, custom_id=MODERATOR_BUTTONS[name])

    assert REFUSAL in world.said(result)
    assert (await world.app.store.measure_library(str(world.guild.id))).articles == 1


async def _send_button(world, custom_id):
    knob = next(k for k in _all_knobs(world.bot) if k.__discord_ui_compiled_template__.fullmatch(custom_id))
    made = knob.__new__(knob)
    discord.ui.DynamicItem.__init__(made, discord.ui.Button(label="Old", custom_id=custom_id))
    with world.env._bot_scope():
        await world.bot.get_channel(world.channel.id).send(view=card(["An old message"], buttons=[made]))
    return world.channel.last_message


async def test_a_form_is_refused_once_the_right_is_lost(world):
    form = await world.moderator.slash(world.channel, "article paste")
    world.take_rights(world.moderator)

    result = await world.moderator.submit_modal(form, {"text": "A title\n\nSome text of an article."})

    assert REFUSAL in world.said(result)
    assert (await world.app.store.measure_library(str(world.guild.id))).articles == 0


async def test_the_private_removal_card_is_refused_once_the_right_is_lost(world):
    await world.load()
    asked = await world.moderator.slash(world.channel, "article remove", article="1")
    world.take_rights(world.moderator)

    result = await world.moderator.click(world.only(asked), label="Remove for good")

    assert REFUSAL in world.said(result)
    assert (await world.app.store.measure_library(str(world.guild.id))).articles == 1


class TestConfiguredRole:
    @pytest.fixture
    def settings(self, with_settings):
        return with_settings(moderator_role="Editors")

    async def test_the_role_may_load_without_manage_messages(self, world):
        editors = world.guild.create_role("Editors")
        editor = world.guild.add_member(world.env.create_user("ed"), roles=[editors])

        report = await world.load(actor=editor)

        assert "Loaded" in world.said(report)

    async def test_others_are_told_which_role_it_needs(self, world):
        result = await world.member.slash(world.channel, "article list")

        assert "Manage Messages or the role Editors" in world.said(result)


def test_forms_are_where_the_matrix_looks():
    assert issubclass(cogs._paste.PasteForm, Form)
