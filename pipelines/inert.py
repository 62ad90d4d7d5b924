"""Inert: a draft in which no text can do anything to whoever reads it."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlsplit

from pipelines.items import Content
from pipelines.normalizers.urls import MAX_URL_CHARS

# C0 and C1 controls but the line feed, half surrogate pairs, line and paragraph separators, marks of direction, no-characters.
_UNFIT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]+")
_LINE_FEED = re.compile(r"\s*\n\s*")
# Of these the lines are part; everywhere else a line feed is a space.
_LINES: Final = frozenset({"articleBody", "text"})
# A line that readers load is bounded but for the text itself: a page can name a million keywords, or a section of a megabyte. The most
# that 625 evaluation pages have is 4,387 characters in such a field and 172 entries in a list.
MAX_CHARS: Final = 10_000
MAX_ITEMS: Final = 1_000
_WHOLE: Final = frozenset({"blocks"})
# Where an address stands. A licence may be a text, too.
_ADDRESSES: Final = frozenset({"url", "requestedUrl", "canonicalUrl", "ampUrl", "sourceUrl", "isBasedOn"})
# Texts that must be there, and what stands for one of which nothing is left.
_REQUIRED: Final = frozenset({"text", "raw", "name", "nameRaw", "headline", "keywords", "flags"})
_NOTHING: Final = "\ufffd"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_T = TypeVar("_T")


def inert(value: _T, name: str = "") -> _T:
    """The value with every text in it fit to be written; itself where all are. `name` is the field that it stands in."""
    if isinstance(value, str):
        return cast(_T, _text(value, name))
    if isinstance(value, list):
        kept = value if len(value) <= MAX_ITEMS or name in _WHOLE else value[:MAX_ITEMS]
        made = [inert(item, name) for item in kept]
        unchanged = kept is value and all(new is old for new, old in zip(made, kept, strict=True))
        return value if unchanged else cast(_T, made)
    if is_dataclass(value) and not isinstance(value, type):
        return cast(_T, _dataclass(value))
    return value


def _dataclass(value: Any) -> Any:
    changes = {}
    for field, name in _names(cast(type, type(value))):
        old = getattr(value, field)
        if old is not None and (new := inert(old, name)) is not old:
            changes[field] = new
    return replace(value, **changes) if changes else value


@cache
def _names(kind: type[Any]) -> tuple[tuple[str, str], ...]:
    """The fields of a class, each with the name by which its texts are judged: a file that came from no address has a name in its place."""
    own = ("url", "requestedUrl") if issubclass(kind, Content) else ()
    return tuple((field.name, "" if field.name in own else field.name) for field in fields(kind))


def _text(text: str, name: str) -> str | None:
    # What is unfit is not printable: asked first, since it takes a fifth of the time.
    if not text.isprintable() and _UNFIT.search(text):
        text = _UNFIT.sub("", text)
        if not text.strip():
            return _NOTHING if name in _REQUIRED else None
    if "\n" in text and name not in _LINES:
        text = _LINE_FEED.sub(" ", text)
    if len(text) > MAX_CHARS and name not in _LINES:
        text = text[:MAX_CHARS].rstrip()
    # What stands in a text without an address has relative ones, which lead nowhere.
    if (name in _ADDRESSES or name == "license") and _SCHEME.match(text) and not _is_web(text):
        return None
    if name == "isBasedOn" and not _is_web(text):  # a page may name a book there
        return None
    return text


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and len(address) <= MAX_URL_CHARS
    except ValueError:
        return False
