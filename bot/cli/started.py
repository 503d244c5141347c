"""What most commands begin with: the settings, checked, and the data directory."""

from __future__ import annotations

from pathlib import Path

from bot import settings
from bot.cli.output import Failure
from bot.settings import BadSettings, Settings


def load_settings() -> Settings:
    """Return the settings. Raises Failure where the environment cannot be used."""
    try:
        return settings.load()
    except BadSettings as error:
        raise Failure(str(error)) from error


def data_directory() -> Path:
    """Return the data directory, absolute. Raises Failure where the environment cannot be used."""
    return load_settings().data.absolute()
