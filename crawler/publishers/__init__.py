"""The publisher files: one TOML file a publisher in this folder, and the folder that NEWS_PUBLISHERS names."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines.errors import ConfigurationError
from pipelines.publishers import Publisher, load_publishers

# Not a path: an egg's files are members of an archive.
FOLDER: Traversable = resources.files(__name__)


def load(settings: BaseSettings) -> dict[str, Publisher]:
    """Every publisher by id: this folder's, then NEWS_PUBLISHERS', which replace those of the same name.

    Raises ConfigurationError if the named folder does not exist, PublisherFileError on the first fault in a file.
    """
    return load_publishers(folders(settings))


def folders(settings: BaseSettings) -> list[Traversable]:
    """This folder and the one that NEWS_PUBLISHERS names. Raises ConfigurationError if that does not exist."""
    named = (settings.get("NEWS_PUBLISHERS") or "").strip()
    if not named:
        return [FOLDER]
    folder = Path(named).expanduser()
    if not folder.is_dir():
        raise ConfigurationError(f"NEWS_PUBLISHERS={named}: no such folder; name one that holds publisher files (*.toml)")
    return [FOLDER, folder]
