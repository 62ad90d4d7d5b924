"""The store of an address."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from pipelines.errors import StoreError
from pipelines.store.protocol import Store

_ALLOWED = "sqlite:///absolute/path.db (for instance sqlite:///var/lib/dateline/store.db)"


def open_store(url: str, *, must_exist: bool = False) -> Store:
    """The store at `sqlite:///path`; the path is absolute, the file and its folder are made unless it `must_exist`. Raises StoreError.

    As in `file:///dir`, the third slash begins the path; a fourth one changes nothing.
    """
    path = store_path(url)
    from pipelines.store.sqlite import SqliteStore  # sqlite3 only where a store is used

    return SqliteStore(path, must_exist=must_exist)


def store_path(url: str) -> Path:
    """The file of `sqlite:///path`. Raises StoreError for any other address."""
    scheme, _, rest = url.partition("://")
    path = Path("/" + unquote(rest).lstrip("/"))
    if scheme != "sqlite" or not rest.startswith("/") or path == Path("/"):
        raise StoreError(f"the store {url!r} is not an address of a store; allowed is {_ALLOWED}")
    return path
