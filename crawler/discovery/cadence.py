"""Cadence: when a listing is worth the next visit, learnt from what its visits brought.

The longer nothing came, the longer the wait: a tenth of that time, as HTTP caches guess freshness from Last-Modified
(https://www.rfc-editor.org/rfc/rfc9111#section-4.2.2). A listing that is known to bring something once a day is not asked every
minute after it did, either: at most GAP_SHARE of its usual gap is waited for that. One that fails is asked again after a tenth of the
time that it has failed: how long it was silent before says nothing of when its host is back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from pipelines.store.schedule import ListingState

AGE_SHARE: Final = 0.1
GAP_SHARE: Final = 0.05
# Weight of the newest gap in the mean: some five gaps are remembered.
_NEWEST: Final = 0.2
# A listing that was gone (404, 410) for a week, asked three times or more, is retired.
RETIRE_AFTER: Final = timedelta(days=7)
RETIRE_FAILURES: Final = 3
# A retired one is asked again once in this time: sites come back.
_RETIRED_PAUSE: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest time from one visit to the next."""

    shortest: timedelta = timedelta(0)
    longest: timedelta = timedelta(hours=24)


def due(listing: ListingState, bounds: Bounds) -> datetime | None:
    """When the listing is worth a visit; None where it was never visited, so now."""
    if listing.visited is None:
        return None
    if listing.retired:
        return listing.visited + _RETIRED_PAUSE
    if listing.failing_since:
        return listing.visited + _bounded((listing.visited - listing.failing_since) * AGE_SHARE, bounds)
    age = listing.visited - (listing.changed or listing.found)
    wait = max(age * AGE_SHARE, timedelta(seconds=GAP_SHARE * (listing.gap_seconds or 0)))
    return listing.visited + _bounded(wait, bounds)


def visited(
    listing: ListingState, now: datetime, *, brought: bool, etag: str | None = None, last_modified: str | None = None
) -> ListingState:
    """The listing after a visit that could be read; `brought` says whether it named links that waited for a fetch."""
    state = replace(listing, visited=now, etag=etag, last_modified=last_modified, failures=0, failing_since=None, retired=None)
    if not brought:
        return state
    return replace(state, changed=now, gap_seconds=_gap(listing, now))


def unchanged(listing: ListingState, now: datetime) -> ListingState:
    """The listing after a 304: its validators stay."""
    return visited(listing, now, brought=False, etag=listing.etag, last_modified=listing.last_modified)


def failed(listing: ListingState, now: datetime, *, gone: bool) -> ListingState:
    """The listing after a visit that gave nothing; `gone` where the site said that it is not there (404, 410)."""
    failures, since = listing.failures + 1, listing.failing_since or now
    over = gone and failures >= RETIRE_FAILURES and now - since >= RETIRE_AFTER
    return replace(
        listing, visited=now, failures=failures, failing_since=since, retired=listing.retired or (now if over else None)
    )


def _bounded(wait: timedelta, bounds: Bounds) -> timedelta:
    return min(max(wait, bounds.shortest), bounds.longest)


def _gap(listing: ListingState, now: datetime) -> float | None:
    """The mean gap between visits that brought something, in seconds; unknown until the second of them."""
    if listing.changed is None:
        return None
    # Less than nothing where the clock was ahead and is right again.
    newest = max(0.0, (now - listing.changed).total_seconds())
    return newest if listing.gap_seconds is None else listing.gap_seconds + _NEWEST * (newest - listing.gap_seconds)
