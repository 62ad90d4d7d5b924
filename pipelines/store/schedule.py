"""What a store remembers of listings, of articles that are looked at again, and of how publishers' pages used to look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pipelines.items import Draft, Link
from pipelines.vitals import Vitals


@dataclass(frozen=True, slots=True)
class ListingState:
    """A publisher's listing. `etag` and `last_modified` are header values as they came; times are aware UTC.

    `via` is file, look where a look at the site found it, or site for the looks themselves; `changed` is when it last brought a link that waited for a
    fetch, `gap_seconds` the mean time between such visits; `failing_since` the first of `failures` in a row.
    """

    url: str
    publisher: str
    found: datetime
    via: str = "file"
    visited: datetime | None = None
    changed: datetime | None = None
    gap_seconds: float | None = None
    etag: str | None = None
    last_modified: str | None = None
    failures: int = 0
    failing_since: datetime | None = None
    retired: datetime | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """A stored article that is looked at again. `gone` counts the looks in a row that found a 404;
    `canceled` is whether its newest version says that it is gone.

    `etag` and `last_modified` are of the page that its newest version came from.
    """

    id: str
    version: int
    link: Link
    stored: datetime
    etag: str | None = None
    last_modified: str | None = None
    gone: int = 0
    canceled: bool = False


class Schedule(Protocol):
    """The part of a store that says what is worth a request."""

    def listings(self, publisher: str) -> list[ListingState]:
        """The listings of a publisher that were ever visited or found, by URL."""

    def keep_listing(self, listing: ListingState) -> None:
        """Write a listing's state, whatever stood there."""

    def open_links(self, publisher: str, now: datetime, most: int) -> list[Link]:
        """The publisher's links that `claim` would lease, the newest first: listings may not name them any more."""

    def last_good(self, publisher: str) -> datetime | None:
        """When the newest run that visited all of the publisher began: one that was neither stopped nor killed."""

    # Articles that are looked at again. `commit` enters them, at the ages that it is told.

    def claim_due(self, publisher: str, run_id: str, now: datetime, most: int) -> list[Watched]:
        """The publisher's articles whose next look is due, leased to the run, the longest due first."""

    def claim_changed(self, changed: Sequence[tuple[Link, datetime]], run_id: str, now: datetime) -> list[Watched]:
        """Of links and the times at which a listing says that they changed, those not looked at since, leased to the run.

        A listing that says so of a page again and again is believed ever more seldom: after half the page's age.
        """

    def watched(self, link: Link) -> Watched | None:
        """The article that a link led to before."""

    def address_of_twin(self, draft: Draft) -> Link | None:
        """The newest link that led to another article of the draft's publisher with its text and headline, unless that is withdrawn."""


class VitalsKept(Protocol):
    """The part of a store that remembers what publishers' pages used to look like."""

    def note_vitals(self, vitals: Vitals) -> list[Vitals]:
        """Add a run's vitals to those of its hour; all that is kept of the publisher, the oldest first, the run's own last.

        A run without a page is not kept, and is the last of what comes back all the same.
        """

    def note_alarms(self, publisher: str, kinds: Iterable[str], now: datetime, since: datetime) -> list[str]:
        """Of these kinds of alarm those that were not raised since that time; they are noted as raised now."""
