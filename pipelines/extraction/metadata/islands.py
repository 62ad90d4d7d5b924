"""Data islands: typed JSON that a page's own scripts read, where it names the publication time under a known key."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from pipelines.evidence import DateClue
from pipelines.values import DateSource

# Script types and ids that hold the page's own data. tawsiyat is a recommendation service of Arabic news sites.
_TYPES = frozenset({"text/tawsiyat", "application/json"})
_IDS = frozenset({"__NEXT_DATA__", "__NUXT_DATA__", "fusion-metadata", "dataLayer"})
_KEYS = {
    "datePublished": r"datePublished|published_time|publishedAt|publishedDate|firstPublished(?:At|Date)?|publicationDate|publish_date|publishDate",
    "dateModified": r"dateModified|modified_time|modifiedAt|updatedAt|lastModified(?:Date)?|lastUpdated",
}
_PATTERNS = {field: re.compile(rf'"(?:{keys})"\s*:\s*"?([^",}}\]]{{8,40}})') for field, keys in _KEYS.items()}
# A page's state may hold many articles; then which one is this page's cannot be told from the key.
_MAX_DISTINCT = 1


def dates(tree: HtmlElement) -> list[DateClue]:
    """The publication and modification times that an island gives once; a key with several values says nothing."""
    return [clue for script in tree.iter("script") if _is_island(script) for clue in _clues(script.text or "")]


def _is_island(script: HtmlElement) -> bool:
    return (script.get("type") or "").lower() in _TYPES or script.get("id") in _IDS


def _clues(text: str) -> Iterator[DateClue]:
    for field, pattern in _PATTERNS.items():
        values = {found[1].strip() for found in pattern.finditer(text)}
        if 0 < len(values) <= _MAX_DISTINCT:
            yield DateClue(values.pop(), DateSource.DATA_ISLAND, f"script:{field}", field)
