"""Differences: what two versions of one article say differently, for a person who compares them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

# What a reader sees or sorts by; the rest tells how a version came to be.
FIELDS: Final = (
    "headline", "alternativeHeadline", "description", "authors", "datePublished", "dateModified", "articleSection", "keywords",
    "type", "pubStatus", "url", "canonicalUrl", "isAccessibleForFree", "completeness", "copyrightNotice",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of the contract with its values in the earlier and the later version."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line of the body: `op` is same, removed or added."""

    op: str
    text: str


def fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    """The fields whose values differ, in the contract's order; the body is `lines`' business."""
    return [FieldChange(name, before[name], after[name]) for name in FIELDS if before[name] != after[name]]


def lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[LineChange]:
    """The bodies' lines in order: what both have, what the earlier one had, what the later one has."""
    return list(_lines(before["articleBody"].splitlines(), after["articleBody"].splitlines()))


def _lines(old: list[str], new: list[str]) -> Iterator[LineChange]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (LineChange("same", text) for text in old[a:b])
            continue
        yield from (LineChange("removed", text) for text in old[a:b])
        yield from (LineChange("added", text) for text in new[c:d])
