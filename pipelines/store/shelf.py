"""The SQLite store's quarantine: pages with their bytes, compressed."""

from __future__ import annotations

import json
import sqlite3
import zlib
from datetime import datetime
from types import NoneType
from typing import Any

from pipelines.items import Link, Page, Rejected
from pipelines.store.cells import instant, is_a, stored, table_of
from pipelines.store.keys import link_key, storable
from pipelines.store.outbox import SqliteOutbox, timestamp
from pipelines.store.quarantine import Quarantined
from pipelines.values import Via

QUARANTINE = "key, url, link, reason, detail, at, run_id, status, headers, fetched_at, size"


class SqliteQuarantine(SqliteOutbox):
    """`pipelines.store.quarantine.Quarantine` in one file."""

    def quarantined(self, prefix: str = "") -> list[Quarantined]:
        with self._database.read() as c:
            rows = c.execute(
                f"SELECT {QUARANTINE} FROM quarantine WHERE substr(key, 1, length(?1)) = ?1 ORDER BY at, key", (prefix,)
            ).fetchall()
            return [quarantined_of(row) for row in rows]

    def quarantined_page(self, key: str) -> Page:
        with self._database.read() as c:
            row = c.execute(f"SELECT {QUARANTINE}, body FROM quarantine WHERE key = ?", (key,)).fetchone()
            if row:
                return page_of(row)
        raise KeyError(key)

    def trim_quarantine(self, most_bytes: int) -> list[str]:
        dropped = []
        with self._database.write() as c:
            kept = c.execute("SELECT coalesce(sum(length(body)), 0) FROM quarantine").fetchone()[0]
            for key, url, size in c.execute("SELECT key, url, length(body) FROM quarantine ORDER BY at, key").fetchall():
                if kept <= most_bytes:
                    break
                c.execute("DELETE FROM quarantine WHERE key = ?", (key,))
                kept -= size
                dropped.append(url)
        return dropped

    def _set_aside(
        self, c: sqlite3.Connection, page: Page, rejected: Rejected, run_id: str, now: datetime, body: bytes
    ) -> None:
        link = page.link
        first_seen = timestamp(link.first_seen) if link.first_seen else None
        texts = (
            link.url,
            link.publisher,
            str(link.via),
            link.source_url,
            link.title,
            link.description,
            link.published,
            link.modified,
        )
        row = (
            *(link_key(link.url), storable(page.url), json.dumps([*map(storable, texts), first_seen]), str(rejected.reason)),
            *(storable(rejected.detail), timestamp(now), run_id, page.status, json.dumps(page.headers)),
            *(timestamp(page.fetched_at), len(page.body), body),
        )
        c.execute(f"INSERT OR REPLACE INTO quarantine ({QUARANTINE}, body) VALUES ({', '.join('?' * 12)})", row)


@stored("quarantine")
def page_of(row: tuple[Any, ...]) -> Page:
    """The page of a row of the columns QUARANTINE and its body."""
    known = quarantined_of(row[:-1])
    return Page(known.url, zlib.decompress(row[-1]), known.fetched_at, known.link, known.status, known.headers)


@stored("quarantine")
def quarantined_of(row: tuple[Any, ...]) -> Quarantined:
    """The page of a row of the columns QUARANTINE."""
    key, url, link, reason, detail, at, run_id, status, headers, fetched_at, size = row
    address, publisher, via, *texts, first_seen = (is_a(each, str, NoneType) for each in is_a(json.loads(link), list))
    source_url, title, description, published, modified = texts
    seen = instant(first_seen) if first_seen else None
    made = Link(address, publisher, Via(via), source_url, title, description, published, modified, seen)
    told = table_of(json.loads(headers), str)
    return Quarantined(key, url, made, reason, detail, instant(at), run_id, status, told, instant(fetched_at), size)
