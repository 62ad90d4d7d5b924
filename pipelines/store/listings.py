"""The SQLite store's listings, and the links that still wait for an outcome."""

from __future__ import annotations

import json
from dataclasses import astuple, fields
from datetime import datetime
from typing import Any

from pipelines.items import Link
from pipelines.store.cells import instant, stored
from pipelines.store.outbox import SqliteOutbox, timestamp
from pipelines.store.protocol import Verdict
from pipelines.store.schedule import ListingState
from pipelines.values import Via

LISTING = tuple(f.name for f in fields(ListingState))
_TIMES = ("found", "visited", "changed", "failing_since", "retired")
LINK = "links.url, links.publisher, via, source_url, title, links.description, links.published, modified, first_seen"

RETRY = """
    (retry AND (attempts < :attempts OR (
        julianday(:now) - julianday(first_seen) < :days
        AND abs(julianday(:now) - julianday(outcome_at)) > max(60 / 86400.0, :share * (julianday(:now) - julianday(first_seen))))))
"""
"""Whether a failed page may be tried again: five times at once, as a host may only just have stumbled; then ever more seldom.

A time that lies ahead, by a clock that was wrong, counts as far away as it lies.
"""
RETRIES = {"attempts": 5, "days": 7, "share": 0.2}
_OPEN = f"""
SELECT {LINK} FROM links
WHERE publisher = :publisher AND (outcome IS NULL OR retry) AND (outcome IS NULL OR {RETRY})
    AND (lease IS NULL OR lease NOT IN (SELECT value FROM json_each(:live)))
ORDER BY first_seen DESC LIMIT :most
"""


class SqliteListings(SqliteOutbox):
    """The listings' half of `pipelines.store.schedule.Schedule`."""

    def listings(self, publisher: str) -> list[ListingState]:
        with self._database.read() as c:
            rows = c.execute(f"SELECT {', '.join(LISTING)} FROM listings WHERE publisher = ? ORDER BY url", (publisher,))
            return [listing_of(row) for row in rows]

    def keep_listing(self, listing: ListingState) -> None:
        values = [timestamp(value) if isinstance(value, datetime) else value for value in astuple(listing)]
        with self._database.write() as c:
            c.execute(f"INSERT OR REPLACE INTO listings ({', '.join(LISTING)}) VALUES ({', '.join('?' * len(values))})", values)

    def open_links(self, publisher: str, now: datetime, most: int) -> list[Link]:
        with self._database.read() as c:
            live = json.dumps(self._live(c))
            values = {"publisher": publisher, "now": timestamp(now), "most": most, "live": live, **RETRIES}
            return [link_of(row) for row in c.execute(_OPEN, values)]

    def last_good(self, publisher: str) -> datetime | None:
        with self._database.read() as c:
            row = c.execute(
                "SELECT run_id, max(started) FROM runs WHERE verdict IN (?, ?) AND ? IN"
                # A damaged list of names is told where its run is read.
                " (SELECT value FROM json_each(iif(json_valid(sites), sites, '[]')))",
                (Verdict.OK, Verdict.DEGRADED, publisher),
            ).fetchone()
            return _began(row)


@stored("listings")
def listing_of(row: tuple[Any, ...]) -> ListingState:
    """The listing of a row of the columns LISTING."""
    values: dict[str, Any] = dict(zip(LISTING, row, strict=True))
    return ListingState(**values | {name: instant(values[name]) for name in _TIMES if values[name]})


@stored("links")
def link_of(row: tuple[Any, ...]) -> Link:
    """The link of a row of the columns LINK."""
    url, publisher, via, source_url, *hints, first_seen = row
    title, description, published, modified = hints
    return Link(url, publisher, Via(via), source_url, title, description, published, modified, instant(first_seen))


@stored("runs")
def _began(row: tuple[Any, ...]) -> datetime | None:
    return instant(row[1]) if row[1] else None
