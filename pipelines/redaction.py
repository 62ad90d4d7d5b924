"""Redaction: texts and JSON values lose the addresses of erased articles, in whatever spelling they stand there."""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from typing import Any

from pipelines.store.keys import link_key

ERASED = "(erased)"
"""What stands where an erased article's address stood."""
# In a text, in JSON or in HTML; an address may end a sentence.
_ADDRESS = re.compile(r"https?://[^\s\"'<>\\]+")
_END = ".,;:!?)]}"


def redacted(text: str, keys: Collection[str]) -> str:
    """The text without the addresses of links with these keys, escaped as in HTML or not.

    >>> redacted("slow: https://www.example.com/a?utm_source=x.", {link_key("https://www.example.com/a")})
    'slow: (erased).'
    """

    def replaced(found: re.Match[str]) -> str:
        for address in (found[0].rstrip(_END), found[0]):
            if link_key(html.unescape(address)) in keys:
                return ERASED + found[0][len(address) :]
        return found[0]

    return _ADDRESS.sub(replaced, text)


def redacted_values(value: Any, keys: Collection[str]) -> Any:
    """JSON values whose texts are redacted; an address that is a text of its own may hold anything."""
    if isinstance(value, dict):
        return {name: redacted_values(each, keys) for name, each in value.items()}
    if isinstance(value, list):
        return [redacted_values(each, keys) for each in value]
    if isinstance(value, str):
        is_address = value.startswith(("http://", "https://")) and link_key(value) in keys
        return ERASED if is_address else redacted(value, keys)
    return value
