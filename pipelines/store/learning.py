"""The part of a store that learns what publishers repeat, and lets articles profit that wait for their part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipelines.habits import Habits, Traces


@dataclass(frozen=True, slots=True)
class Traced:
    """A row that is in no part, with its article's publisher and traces."""

    seq: int
    publisher: str
    traces: Traces


@dataclass(frozen=True, slots=True)
class Revision:
    """A row's new line, `\\n` included, and what the store remembers of its article: the words, their hashes, the traces left."""

    row: Traced
    line: bytes
    id: str
    version: int
    headline: str | None
    body: str
    content_hash: str
    text_hash: str


class Learning(Protocol):
    """`pipelines.store.protocol.Store` has these verbs too."""

    def habits(self, publisher: str) -> Habits:
        """All that the publisher's articles were seen to repeat."""

    def remembered(self) -> list[str]:
        """The ids of the publishers of which anything is remembered, sorted."""

    def merge_habits(self, publisher: str, habits: Habits) -> None:
        """Add what another store learnt of a publisher (`pipelines.history.boilerplate.merged`), in one transaction."""

    def forget_habits(self, publisher: str) -> int:
        """Forget what a publisher repeats; how many habits there were. Articles stay as they are."""

    def traced_rows(self, run_id: str, dt: str, last_seq: int) -> list[Traced]:
        """The rows of one entry of `pending` up to `last_seq` whose articles left traces."""

    def line(self, seq: int) -> bytes:
        """The line of one row of the outbox, `\\n` included. Raises StoreError if it is not there any more."""

    def revise(self, revisions: Sequence[Revision]) -> int:
        """Replace the lines of rows that are still in no part, and their articles' hashes, in one transaction; how many there were."""
