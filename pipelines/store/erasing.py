"""Erasing: what a store promises of articles that must be forgotten and never taken again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ErasedRows:
    """The rows that left the outbox; the unfinished runs whose parts hold the article; the keys of its addresses."""

    rows: int
    held: tuple[str, ...]
    keys: frozenset[str]


class Erasing(Protocol):
    """The part of `pipelines.store.protocol.Store` that erases."""

    def article_ids(self, keys: Iterable[str]) -> set[str]:
        """The ids of the articles that links of these keys led to, as far as the outbox and the looks to come know."""

    def waiting_rows(self, ids: Iterable[str]) -> list[tuple[str, int | None]]:
        """(run, part or None) of each row of these articles in the outbox, of runs that have not ended."""

    def erase(self, ids: Iterable[str], keys: Iterable[str], now: datetime) -> ErasedRows:
        """Forget what these articles said, and never take them again, nor links of these keys. May be done again.

        Their rows that are in no part leave the outbox, and the counts of their runs.
        """

    def erased(self) -> set[str]:
        """The ids and the links' keys that are not taken again."""

    def scrub(self) -> bool:
        """Write the store's files anew without what deleted rows left in them. False, and nothing happens, while a run is live."""
