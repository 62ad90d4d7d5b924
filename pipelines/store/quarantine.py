"""Quarantine: pages that could not be processed, with their bytes, in the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pipelines.items import Link, Page, Reason

# Why a page is kept: the fault may be ours, and a later release may read it. Other rejections say what the page is.
QUARANTINED = frozenset((Reason.TIMEOUT, Reason.MEMORY, Reason.CRASHED))


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A page that was put aside. `key` is its link's; `size` is the body's in bytes before compression."""

    key: str
    url: str
    link: Link
    reason: str
    detail: str
    at: datetime
    run_id: str
    status: int | None
    headers: dict[str, str]
    fetched_at: datetime
    size: int


class Quarantine(Protocol):
    """`pipelines.store.protocol.Store` has these verbs too; `commit` puts pages in, and takes them out when they are processed."""

    def quarantined(self, prefix: str = "") -> list[Quarantined]:
        """The pages whose key begins with `prefix`, the oldest first."""

    def quarantined_page(self, key: str) -> Page:
        """A page as it was fetched. Raises KeyError if it is not there any more."""

    def trim_quarantine(self, most_bytes: int) -> list[str]:
        """Drop the oldest pages until the compressed bodies have at most so many bytes; the addresses that were dropped."""
