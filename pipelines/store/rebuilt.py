"""Rebuilt: what came back when a store was made anew, in values and in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A store that was made anew: why, where the damaged files are, and what came back.

    `articles` are versions that the sink's manifests name, `kept` articles of the outbox that were saved, `broken` records of the
    damaged files that could not be read, `unread_parts` parts that manifests name and the sink has not.
    """

    at: datetime
    reason: str
    aside: str | None
    articles: int
    kept: int
    broken: int
    unread_parts: int

    def __str__(self) -> str:
        moved = f"; the damaged files are {self.aside}*" if self.aside else ""
        lost = f", {self.broken} damaged records of it are lost" if self.broken else ""
        missing = f"; {self.unread_parts} parts that manifests name are not in the sink" if self.unread_parts else ""
        return (
            f"the store was made anew ({self.reason}): {self.articles} articles are known from the sink, "
            f"{self.kept} of the outbox were saved{lost}{missing}{moved}"
        )
