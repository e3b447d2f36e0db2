"""`verbatim run` and `verbatim preview`: what keeps running until it is told to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.exits import DONE
from bot.cli.opening import open_settings
from bot.cli.output import say
from bot.config import load_settings, load_token
from bot.errors import VerbatimError
from bot.log import set_up_logging

if TYPE_CHECKING:
    from argparse import Namespace


_PREVIEW_MISSING = (
    "The preview needs its extra: pip install 'verbatim-bot[preview]'. To start the bot itself, set DISCORD_TOKEN."
)


class PreviewMissing(VerbatimError):
    """The simulated Discord is not installed."""


async def run(arguments: Namespace) -> int:
    """Start the Discord bot; without a token, the preview."""
    token = load_token()
    if token is None:
        say("No token is configured, so this is a preview: a simulated Discord in your browser.")
        return await preview(arguments)
    from bot.app import open_app
    from bot.client import run_bot
    from bot.gateway import explain_refusals, invite_link

    settings = open_settings(arguments)

    def greet(application_id: int) -> None:
        say(f"Logged in. To bring the bot into a server, open:\n  {invite_link(application_id)}\nCtrl-C stops it.")

    set_up_logging(settings.log)
    async with open_app(settings) as app:
        with explain_refusals():
            await run_bot(app, token, greet=greet)
    return DONE


async def preview(arguments: Namespace) -> int:
    """Start the simulated Discord on loopback until Ctrl-C."""
    try:
        from bot.preview import serve_preview
    except ModuleNotFoundError as error:
        raise PreviewMissing(_PREVIEW_MISSING) from error
    settings = load_settings(arguments.config, db=arguments.db)
    set_up_logging(settings.log)
    await serve_preview(settings, is_kept=arguments.db is not None, port=arguments.port, say=say)
    return DONE
