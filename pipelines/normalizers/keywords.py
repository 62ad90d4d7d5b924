"""Keywords: a page's tags as a list, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_CHARS = 80


def keywords_of(raw: Iterable[str], body: str) -> list[str]:
    """The keywords in order without repeats; a run of words that lost its commas is cut by what the body's text says."""
    words = [" ".join(word.split()).strip(" #,;") for word in raw]
    found = [piece for word in words for piece in (_cut(word, body) if len(word.split()) > 3 else [word])]
    unique: dict[str, str] = {}
    for keyword in found:
        if 1 < len(keyword) <= MAX_CHARS:
            unique.setdefault(keyword.casefold(), keyword)
    return list(unique.values())


def _cut(run: str, body: str) -> list[str]:
    """The keywords of "North Korea Russia Russia Ukraine Conflict": a word repeated parts two of them for certain, and a part
    is cut further only where the whole of it is phrases that stand in the body."""
    parts, words = [], run.split()
    start = 0
    for index in range(1, len(words)):
        if words[index] == words[index - 1]:
            parts.append(words[start:index])
            start = index
    if not parts:
        return [run]
    parts.append(words[start:])
    return [phrase for part in parts for phrase in (_phrases(part, body) or [" ".join(part)])]


def _phrases(words: list[str], body: str) -> list[str]:
    """The words as the longest phrases that stand in the body, or nothing where some word is in none."""
    found: list[str] = []
    while words:
        length = next((n for n in range(len(words), 0, -1) if re.search(rf"\b{re.escape(' '.join(words[:n]))}\b", body)), 0)
        if not length:
            return []
        found.append(" ".join(words[:length]))
        words = words[length:]
    return found
