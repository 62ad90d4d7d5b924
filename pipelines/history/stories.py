"""Stories: which articles of different publishers tell the same."""

from __future__ import annotations

from pipelines.items import Memory


def story_of(article_id: str, memory: Memory) -> str | None:
    """The story's id: that of the first article with the same text; None while an article has no twin."""
    return memory.twin if memory.twin and memory.twin != article_id else None
