"""VerbatimBot: the Discord client, its command tree, and the one place where errors meet a person."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import json
import logging
import pkgutil
import secrets
import signal
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.conversation import Conversations
from bot.cooldown import Cooldown
from bot.errors import NotAllowed, VerbatimError
from bot.markup import escape
from db.errors import SchemaTooNew, StoreError, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.app import App

    Gate = Callable[[discord.Interaction[Any]], None]

log = logging.getLogger(__name__)

COGS = "cogs"
GRACE_S = 10.0
_FORMS = 10_000


class Tree(app_commands.CommandTree["VerbatimBot"]):
    """The command tree. A command without a gate (`extras={"gate": ...}`) is refused to everybody."""

    async def interaction_check(self, interaction: discord.Interaction[VerbatimBot], /) -> bool:
        """Ask the command's gate, for calls and for autocomplete alike."""
        bot = interaction.client
        bot.hold()
        try:
            gate_of(interaction.command)(interaction)
        except VerbatimError as error:
            if interaction.type is discord.InteractionType.autocomplete:
                await interaction.response.autocomplete([])
            else:
                await bot.explain(interaction, error)
            return False
        return True

    async def on_error(
        self, interaction: discord.Interaction[VerbatimBot], error: app_commands.AppCommandError, /
    ) -> None:
        """Hand every failure of a command to the client."""
        await interaction.client.explain(interaction, error)


def gate_of(command: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu | None) -> Gate:
    """The rule that says who may use a command. Raises NotAllowed for a command that has none."""
    gate: Gate | None = command.extras.get("gate") if command else None
    if gate is None:
        raise NotAllowed("This command has no rule that says who may use it, so nobody may.")
    return gate


class VerbatimBot(commands.Bot):
    """The bot over one App. Without a privileged intent; it keeps neither members nor messages in memory."""

    def __init__(self, app: App) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.app = app
        self.conversations = Conversations()
        self.cooldown = Cooldown(app.settings.discord.cooldown_s)
        self._open_forms: OrderedDict[str, None] = OrderedDict()
        self._in_hand: set[asyncio.Task[Any]] = set()

    async def setup_hook(self) -> None:
        """Load every cog, then tell Discord about the commands if they changed."""
        for name in find_cogs():
            await self.load_extension(name)
        await self.sync_if_changed()

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs: there are no prefix commands."""

    def note_form(self, custom_id: str) -> None:
        """Remember that a form was opened since the start; the last 10,000."""
        self._open_forms[custom_id] = None
        while len(self._open_forms) > _FORMS:
            self._open_forms.popitem(last=False)

    def knows_form(self, custom_id: str) -> bool:
        """Whether a form was opened since the start, so that discord.py hands it to its object."""
        return custom_id in self._open_forms

    def hold(self) -> None:
        """Count the running task as work in hand, which a shutdown waits for."""
        task = asyncio.current_task()
        if task is not None:
            self._in_hand.add(task)
            task.add_done_callback(self._in_hand.discard)

    async def finish(self, *, grace_s: float = GRACE_S) -> None:
        """Wait for the work in hand, at most `grace_s` seconds, then disconnect."""
        waiting = self._in_hand - {asyncio.current_task()}
        if waiting:
            await asyncio.wait(waiting, timeout=grace_s)
        await self.close()

    async def sync_if_changed(self) -> bool:
        """Send the commands to Discord if they differ from those sent last, or if Discord has lost them.

        Syncing on every start makes clients say "this command is outdated" and spends a daily allowance.

        Returns:
            True when the commands were sent.
        """
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        text = json.dumps([self.application_id, payload], sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        note = tree_note(self.app)
        if note is not None and note.is_file() and note.read_bytes().strip() == digest.encode():
            there = {(command.type.value, command.name) for command in await self.tree.fetch_commands()}
            if there == {(command.get("type", 1), command["name"]) for command in payload}:
                return False
        await self.tree.sync()
        if note is not None:
            try:
                note.write_text(digest + "\n", encoding="ascii")
            except OSError as error:
                log.warning("cannot remember that the commands were sent: %s", error)
        return True

    async def explain(self, interaction: discord.Interaction[Any], error: BaseException) -> None:
        """Tell the member privately what went wrong; an unforeseen error is logged under the reference shown."""
        cause = getattr(error, "original", error)
        if isinstance(cause, discord.NotFound):
            # Acknowledged too late, or deleted meanwhile: nobody is left to be told, and the host may be overloaded.
            log.warning("an answer came too late: %s", cause)
            return
        sentence = self.describe(error)
        try:
            await whisper(interaction, sentence)
        except discord.HTTPException:
            log.warning("could not tell a member: %s", sentence, exc_info=True)

    def describe(self, error: BaseException) -> str:
        """A sentence for the member; what nobody foresaw is logged with the reference the sentence carries."""
        cause = getattr(error, "original", error)
        if isinstance(cause, StoreUnavailable | SchemaTooNew):
            # Its sentence names the operator's files and how to mend them: theirs to read, in the log.
            reference = secrets.token_hex(3)
            log.error("storage failed %s", reference, exc_info=cause)
            return f"The articles cannot be reached right now. Try again soon, or tell the operator: `{reference}`"
        if isinstance(cause, VerbatimError | StoreError):
            return escape(str(cause), keep_code=True)
        if isinstance(cause, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            return "This command has changed. Reload Discord (Ctrl+R) and try again."
        reference = secrets.token_hex(3)
        log.error("unforeseen error %s", reference, exc_info=cause)
        return f"Something went wrong, and nothing was changed. Tell the operator this reference: `{reference}`"


async def defer(interaction: discord.Interaction[Any], *, is_private: bool = True) -> None:
    """Acknowledge at once: an answer follows within 15 minutes, to the asker alone or to everybody."""
    interaction.extras["is_private"] = is_private
    await interaction.response.defer(ephemeral=is_private, thinking=True)


async def whisper(
    interaction: discord.Interaction[Any], sentence: str = "", *, view: discord.ui.LayoutView | None = None
) -> None:
    """Answer privately with a sentence or a card, also where a public answer was promised."""
    message: dict[str, Any] = {"view": view} if view is not None else {"content": sentence}
    if not interaction.response.is_done():
        await interaction.response.send_message(**message, ephemeral=True)
        return
    is_promised = not interaction.extras.get("is_private", True)
    if is_promised:
        # The first follow-up would fill the promised public message, so that one is used up and taken away.
        await interaction.edit_original_response(content="-# Answered privately.")
    await interaction.followup.send(**message, ephemeral=True)
    if is_promised:
        await interaction.delete_original_response()


def find_cogs() -> list[str]:
    """Dotted names of all cogs; a leading underscore marks what cogs share."""
    spec = importlib.util.find_spec(COGS)
    places = spec.submodule_search_locations if spec else None
    return sorted(f"{COGS}.{module.name}" for module in pkgutil.iter_modules(places) if not module.name.startswith("_"))


def tree_note(app: App) -> Path | None:
    """The file that remembers which commands were sent last: beside the database, None where that is no file."""
    url = app.settings.storage.url
    if ":memory:" in url or ("://" in url and not url.startswith("sqlite:")):
        return None
    return Path(url.removeprefix("sqlite:///")).parent / "commands.sha256"


async def run_bot(app: App, token: str, *, greet: Callable[[int], None]) -> None:
    """Run until SIGTERM or SIGINT, then finish what is in hand.

    Args:
        app: What the bot works with.
        token: The bot's token.
        greet: Called once after login with the application's id.

    Raises:
        discord.DiscordException, aiohttp.ClientError, OSError: see `bot.gateway.explain_refusals`.
    """
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice, so its libraries are not missed
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with VerbatimBot(app) as bot:
        running = asyncio.create_task(_connect(bot, token, greet))
        stopping = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if stopping in done:
            log.info("stopping: finishing what is in hand")
            await bot.finish()
            # A login that was cut short is no fault, and the pause before a reconnection need not be waited out.
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            return
        stopping.cancel()
        await running


async def _connect(bot: VerbatimBot, token: str, greet: Callable[[int], None]) -> None:
    await bot.login(token)
    if bot.application_id is not None:
        greet(bot.application_id)
    await bot.connect()
