"""Versions: whether a page that was seen before says something new."""

from __future__ import annotations

from pipelines.items import Memory
from pipelines.values import ChangeClass


def next_version(content_hash: str, memory: Memory) -> int | None:
    """The number of this version: 1 for an article not seen before, the next where its content changed, None where it did not."""
    if memory.version and memory.content_hash == content_hash:
        return None
    return memory.version + 1


def change_class(version: int) -> ChangeClass | None:
    """What kind of change a version is: `first`, or null for a later one until its text is compared."""
    return ChangeClass.FIRST if version == 1 else None
