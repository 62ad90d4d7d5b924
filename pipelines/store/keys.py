"""Keys and texts as the SQLite store writes them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pipelines.normalizers.urls import url_key

_ADDRESSES = ("url", "requestedUrl", "canonicalUrl", "ampUrl")


# One commit asks for the same few addresses again and again.
@lru_cache(maxsize=4096)
def link_key(url: str) -> str:
    """The URL's key; a URL that no parser takes (`http://a:99999/`) still has one, or it would stop its whole listing."""
    try:
        return url_key(url)
    except ValueError:
        return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def article_keys(article: Mapping[str, Any]) -> set[str]:
    """The keys of an article's addresses, which are as its line has them."""
    return {link_key(url) for name in _ADDRESSES if (url := article.get(name))}


def storable(text: str | None) -> str | None:
    """The text as SQLite takes it: half a surrogate pair, which a listing may hold, becomes a question mark."""
    return text if text is None or text.isascii() else text.encode("utf-8", "replace").decode()
