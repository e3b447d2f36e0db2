"""Settings for commands that use the database, with the default data folder in place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import StorageSettings, load_settings
from bot.errors import VerbatimError

if TYPE_CHECKING:
    from argparse import Namespace

    from bot.config import Settings


class NoDataFolder(VerbatimError):
    """The default data folder cannot be made."""


def open_settings(arguments: Namespace) -> Settings:
    """The settings; makes the folder of the default database, so that a first start needs no preparation.

    A folder that somebody configured is never made: where it is missing, a volume is probably not mounted.

    Raises:
        ConfigError: A setting is wrong.
        NoDataFolder: The default folder cannot be made.
    """
    settings = load_settings(arguments.config, db=arguments.db)
    if settings.storage == StorageSettings():
        folder = Path(settings.storage.url.removeprefix("sqlite:///")).parent
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise NoDataFolder(
                f"The folder {folder} cannot be made in {Path.cwd()}: {error.strerror}. Name a database with --db."
            ) from error
    return settings
