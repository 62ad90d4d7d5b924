"""The SQLite store: links and their leases, memory and outcomes, on top of the outbox.

One machine's store: a file on a local disk, shared by its threads and processes.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pipelines.delivery.schema import to_line
from pipelines.items import Article, ClockSample, Draft, Link, Memory, Page, Rejected
from pipelines.store import habits
from pipelines.store.cells import instant, stored
from pipelines.store.erasure import SqliteErasure
from pipelines.store.keys import link_key, storable
from pipelines.store.listings import RETRIES, RETRY
from pipelines.store.outbox import timestamp
from pipelines.store.protocol import ARTICLE, ClockCount, Count, VersionTaken
from pipelines.store.quarantine import QUARANTINED
from pipelines.store.shelf import SqliteQuarantine
from pipelines.values import PubStatus

# Days and offsets that are kept of a publisher's clocks: more than a year, so that both its seasons are among them.
_CLOCKS = 500
CLOCK = "publisher, day, utc, offset_minutes, articles, how, raw, url, language"
_HINTS = ("title", "description", "published", "modified")

# The first listing's words stand; a later one fills what it left out.
_SEE = """
INSERT INTO links (key, url, publisher, via, source_url, title, description, published, modified, first_seen)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
    title = coalesce(title, excluded.title), description = coalesce(description, excluded.description),
    published = coalesce(published, excluded.published), modified = coalesce(modified, excluded.modified)
WHERE (title IS NULL AND excluded.title IS NOT NULL) OR (description IS NULL AND excluded.description IS NOT NULL)
    OR (published IS NULL AND excluded.published IS NOT NULL) OR (modified IS NULL AND excluded.modified IS NOT NULL)
"""
_LEASE = f"""
UPDATE links SET lease = :run
WHERE key = :key
    AND (lease IS NULL OR lease NOT IN (SELECT value FROM json_each(:live)))
    AND (outcome IS NULL OR (outcome_run IS NOT :run AND {RETRY}))
RETURNING key, title, description, published, modified, first_seen
"""
# A stored article stays one, whatever a later look at its page gives: `watched` says when the next is due.
_OUTCOME = """
UPDATE links SET lease = NULL, outcome_run = :run, outcome_at = :at, attempts = attempts + 1,
    outcome = iif(outcome = 'article', outcome, :outcome), retry = iif(outcome = 'article', 0, :retry)
WHERE key = :key
"""
_SHOWED = """
INSERT INTO clocks VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?)
ON CONFLICT (publisher, day, offset_minutes) DO UPDATE SET articles = articles + 1
RETURNING articles
"""
_FORGET_CLOCKS = """
DELETE FROM clocks WHERE publisher = :publisher AND day < (
    SELECT day FROM clocks WHERE publisher = :publisher ORDER BY day DESC LIMIT 1 OFFSET :kept
)
"""
# Another spelling of a page that ended: done too, unless it ended by itself before.
_SAME_OUTCOME = """
UPDATE links SET lease = NULL, outcome = :outcome, outcome_run = :run, outcome_at = :at, retry = 0
WHERE key = :key AND (outcome IS NULL OR retry)
"""


class SqliteStore(SqliteErasure, SqliteQuarantine):
    """`pipelines.store.protocol.Store` in one file."""

    def claim(self, links: Sequence[Link], run_id: str, now: datetime) -> list[Link]:
        keyed: dict[str, Link] = {}
        with self._database.write() as c:
            self._open_run(c, run_id)
            for link in links:
                keyed.setdefault(link_key(link.url), link)
            c.executemany(_SEE, [_seen(link_key(link.url), link, now) for link in links])
            self._blank(c, links)
            # Inside the transaction: a run that started after this question could not have leased anything yet.
            live = json.dumps(self._live(c))
            claimed = []
            for key, link in keyed.items():
                values = {"run": run_id, "key": key, "live": live, "now": timestamp(now), **RETRIES}
                if row := c.execute(_LEASE, values).fetchone():
                    claimed.append(replace(link, **_hints(row)))
            return claimed

    def release(self, run_id: str, links: Iterable[Link] | None = None) -> int:
        with self._database.write() as c:
            if links is None:
                return c.execute("UPDATE links SET lease = NULL WHERE lease = ?", (run_id,)).rowcount
            keys = [(link_key(link.url), run_id) for link in links]
            return c.executemany("UPDATE links SET lease = NULL WHERE key = ? AND lease = ?", keys).rowcount

    def recall(self, draft: Draft, link: Link | None = None) -> Memory:
        with self._database.read() as c:
            newest, known_as = self._newest(c, draft.id), None
            if newest is None and link and (watched := self._watched_as(c, link)):
                newest, known_as = self._newest(c, watched), watched
            article_id = known_as or draft.id
            first = c.execute("SELECT id FROM versions WHERE text_hash = ? ORDER BY seq LIMIT 1", (draft.text_hash,)).fetchone()
            shown = habits.recalled(c, draft.publisher.id, draft.traces)
            previous = self._previous(c, article_id) if newest else None
            erased = self._is_erased(c, draft.id, known_as)
        version, content_hash, page_hash = newest or (0, None, None)
        twin = first[0] if first and first[0] != article_id else None
        return Memory(version, content_hash, twin, shown, previous, known_as, page_hash, erased)

    def _newest(self, c: sqlite3.Connection, article_id: str) -> tuple[int, str, str | None] | None:
        query = "SELECT version, content_hash, page_hash FROM versions WHERE id = ? ORDER BY version DESC LIMIT 1"
        row: tuple[int, str, str | None] | None = c.execute(query, (article_id,)).fetchone()
        return row

    def commit(
        self,
        link: Link,
        outcome: Article | Rejected,
        *,
        run_id: str,
        now: datetime,
        draft: Draft | None = None,
        urls: Iterable[str] = (),
        ages: Sequence[timedelta] = (),
        page: Page | None = None,
    ) -> bool:
        # Serialised before the transaction, so that the write lock is held for the writes alone.
        line = to_line(outcome) if isinstance(outcome, Article) else None
        aside = isinstance(outcome, Rejected) and outcome.reason in QUARANTINED
        body = zlib.compress(page.body) if aside and page else b""
        key = link_key(link.url)
        with self._database.write() as c:
            self._open_run(c, run_id)
            if c.execute("SELECT 1 FROM outcomes WHERE run_id = ? AND key = ?", (run_id, key)).fetchone():
                return False
            self._settle(c, link, outcome, run_id, now, urls)
            if page and not aside:
                c.execute("DELETE FROM quarantine WHERE key = ?", (key,))
            if isinstance(outcome, Rejected):
                self._look(c, link, outcome, draft, now, ages)
                if page and aside and not self._is_erased(c, key, link_key(page.url)):
                    self._set_aside(c, page, outcome, run_id, now, body)
            elif line is not None:
                self._watch(c, link, outcome, now, ages)
                self._remember(c, outcome, run_id, draft, now)
                at = timestamp(now)
                # A withdrawn article's words are gone, whatever its page repeats.
                swept = draft if outcome.pubStatus is PubStatus.USABLE else None
                traces = habits.to_json(swept.publisher.id, swept.traces) if swept else None
                c.execute(
                    "INSERT INTO outbox (run_id, dt, at, bytes, line, traces, crc) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (run_id, at[:10], at, len(line), line, traces, zlib.crc32(line)),
                )
        return True

    def counts(self, run_id: str) -> list[Count]:
        with self._database.read() as c:
            rows = c.execute(
                "SELECT publisher, outcome, count(*), sum(undated) FROM outcomes WHERE run_id = ?"
                " GROUP BY publisher, outcome ORDER BY publisher, outcome",
                (run_id,),
            ).fetchall()
        return [Count(*row) for row in rows]

    def clocks(self, publisher: str) -> list[ClockCount]:
        with self._database.read() as c:
            rows = c.execute(
                f"SELECT {CLOCK} FROM clocks WHERE publisher = ? ORDER BY day, offset_minutes",
                (publisher,),
            ).fetchall()
            return [clock_of(row) for row in rows]

    def clocked(self) -> list[str]:
        with self._database.read() as c:
            return [publisher for (publisher,) in c.execute("SELECT DISTINCT publisher FROM clocks ORDER BY publisher")]

    def robots_txt(self, host: str, now: datetime) -> bytes | None:
        with self._database.read() as c:
            row = c.execute("SELECT body FROM robots_txt WHERE host = ? AND fresh_until > ?", (host, timestamp(now))).fetchone()
        return row[0] if row else None

    def keep_robots_txt(self, host: str, body: bytes, fresh_until: datetime, now: datetime) -> None:
        with self._database.write() as c:
            c.execute("DELETE FROM robots_txt WHERE fresh_until <= ?", (timestamp(now),))
            c.execute("INSERT OR REPLACE INTO robots_txt VALUES (?, ?, ?)", (host, timestamp(fresh_until), body))

    def _settle(
        self,
        c: sqlite3.Connection,
        link: Link,
        outcome: Article | Rejected,
        run_id: str,
        now: datetime,
        urls: Iterable[str],
    ) -> None:
        """Write a page's outcome for its link, and for the other spellings of its URL."""
        rejected = outcome if isinstance(outcome, Rejected) else None
        name = str(rejected.reason) if rejected else ARTICLE
        undated = isinstance(outcome, Article) and outcome.datePublished is None
        key, retry = link_key(link.url), bool(rejected and rejected.retry)
        others = {} if retry else {link_key(url): url for url in urls}
        others.pop(key, None)
        c.execute(_SEE, _seen(key, link, now))
        c.execute(_OUTCOME, {"key": key, "outcome": name, "run": run_id, "at": timestamp(now), "retry": retry})
        for other, url in others.items():
            c.execute(_SEE, _seen(other, replace(link, url=url), now))
            c.execute(_SAME_OUTCOME, {"key": other, "outcome": name, "run": run_id, "at": timestamp(now)})
        c.execute(
            "INSERT INTO outcomes VALUES (?, ?, ?, ?, ?, ?, ?)",
            (run_id, key, link.publisher, name, storable(rejected.detail) if rejected else None, undated, timestamp(now)),
        )

    def _remember(self, c: sqlite3.Connection, article: Article, run_id: str, draft: Draft | None, now: datetime) -> None:
        if self._is_erased(c, article.id):
            raise VersionTaken(f"article {article.id} was erased; recall and finish it again")
        newest = c.execute("SELECT max(version) FROM versions WHERE id = ?", (article.id,)).fetchone()[0] or 0
        if article.version <= newest:
            raise VersionTaken(f"article {article.id} has version {newest} already; recall and finish it again")
        hashes = (draft.text_hash or None, draft.page_hash) if draft else (None, None)
        c.execute(
            "INSERT INTO versions (id, version, content_hash, text_hash, page_hash, run_id) VALUES (?, ?, ?, ?, ?, ?)",
            (article.id, article.version, article.contentHash, *hashes, run_id),
        )
        if draft is None or article.version > 1:
            return
        # Distinct articles are counted: a later version, and the same text at another address, repeat all their blocks.
        if article.duplicateOf is None:
            seen = timestamp(now)[:10]
            habits.note(c, article.publisher.id, draft.traces, day=(article.datePublished or seen)[:10], seen=seen)
        if draft.clock is not None:
            self._note_clock(c, article, draft.clock)

    def _note_clock(self, c: sqlite3.Connection, article: Article, clock: ClockSample) -> None:
        """Count an article in its publisher's clocks; with each new day or offset the oldest days beyond the bound go."""
        publisher, utc = article.publisher.id, timestamp(clock.utc)
        texts = (clock.how, storable(clock.raw), storable(article.url), article.inLanguage)
        row = c.execute(_SHOWED, (publisher, utc[:10], clock.offset_minutes, utc, *texts)).fetchone()
        if row == (1,):
            c.execute(_FORGET_CLOCKS, {"publisher": publisher, "kept": _CLOCKS - 1})


def _seen(key: str, link: Link, now: datetime) -> tuple[str | None, ...]:
    first_seen = timestamp(link.first_seen or now)
    texts = (link.url, link.publisher, link.via, link.source_url, link.title, link.description, link.published, link.modified)
    return (key, *(storable(text) for text in texts), first_seen)


@stored("links")
def _hints(row: tuple[Any, ...]) -> dict[str, Any]:
    """What listings said of a link, and when it was seen first."""
    return {**dict(zip(_HINTS, row[1:], strict=False)), "first_seen": instant(row[-1])}


@stored("clocks", names=2)
def clock_of(row: tuple[Any, ...]) -> ClockCount:
    """The count of a row of the columns CLOCK."""
    return ClockCount(instant(row[2]), *row[3:])
