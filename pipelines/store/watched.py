"""The SQLite store's articles that are looked at again: when, with which validators, and what they said."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pipelines.items import Article, Content, Draft, Link, Previous, Reason, Rejected
from pipelines.store.cells import instant, stored
from pipelines.store.keys import link_key, storable
from pipelines.store.listings import LINK, RETRIES, SqliteListings, link_of
from pipelines.store.outbox import timestamp
from pipelines.store.schedule import Watched
from pipelines.validate import INCOMPLETE
from pipelines.values import PubStatus

PREVIOUS = "id, headline, description, published, body"
_FREE = "(lease IS NULL OR lease NOT IN (SELECT value FROM json_each(:live)))"
_WATCHED = f"""
SELECT id, version, stored, etag, watched.last_modified, gone, canceled, {LINK} FROM watched JOIN links USING (key)
"""
_DUE = f"{_WATCHED} WHERE watched.publisher = :publisher AND due <= :now AND {_FREE} ORDER BY due LIMIT :most"
_CHANGED = f"""
{_WATCHED} WHERE key = :key AND {_FREE} AND (checked > :now OR (checked < :changed
    AND julianday(:now) - julianday(checked) >= 0.5 * (julianday(:now) - julianday(stored))))
"""
"""A look that is still to come was noted by a clock that was ahead; it tells nothing."""
_WATCH = """
INSERT INTO watched (key, id, publisher, version, stored, checked, due, etag, last_modified, headline, description, published, body)
VALUES (:key, :id, :publisher, :version, :now, :now, :due, :etag, :last_modified, :headline, :description, :published, :body)
ON CONFLICT (key) DO UPDATE SET
    id = excluded.id, version = excluded.version, checked = excluded.checked, due = excluded.due, etag = excluded.etag,
    last_modified = excluded.last_modified, gone = 0, canceled = 0, headline = excluded.headline, description = excluded.description,
    published = excluded.published, body = excluded.body
"""
_CANCEL = "UPDATE watched SET version = :version, canceled = 1, etag = NULL, last_modified = NULL WHERE key = :key"
_LOOK = """
UPDATE watched SET checked = :now, due = :due, gone = :gone, body = CASE WHEN :due IS NULL THEN NULL ELSE body END
WHERE key = :key
"""
_SEEN = "UPDATE watched SET etag = :etag, last_modified = :last_modified WHERE key = :key AND NOT canceled"
_TWIN = f"""
SELECT {LINK} FROM versions JOIN watched USING (id) JOIN links USING (key)
WHERE text_hash = ? AND id != ? AND watched.publisher = ? AND headline IS ? AND NOT canceled ORDER BY checked DESC LIMIT 1
"""
_GONE = (f"{Reason.HTTP_STATUS}", ("404", "410"))


class SqliteWatched(SqliteListings):
    """The other half of `pipelines.store.schedule.Schedule`."""

    def claim_due(self, publisher: str, run_id: str, now: datetime, most: int) -> list[Watched]:
        values = {"publisher": publisher, "now": timestamp(now), "most": most}
        with self._database.write() as c:
            return self._leased(c, _DUE, values, run_id)

    def claim_changed(self, changed: Sequence[tuple[Link, datetime]], run_id: str, now: datetime) -> list[Watched]:
        found: list[Watched] = []
        with self._database.write() as c:
            for link, when in changed:
                values = {"key": link_key(link.url), "changed": timestamp(when), "now": timestamp(now)}
                found += self._leased(c, _CHANGED, values, run_id) if when <= now else []
        return found

    def watched(self, link: Link) -> Watched | None:
        with self._database.read() as c:
            row = c.execute(f"{_WATCHED} WHERE key = ?", (link_key(link.url),)).fetchone()
            return watched_of(row) if row else None

    def address_of_twin(self, draft: Draft) -> Link | None:
        values = (draft.text_hash, draft.id, draft.publisher.id, storable(draft.headline))
        with self._database.read() as c:
            row = c.execute(_TWIN, values).fetchone()
            return link_of(row) if row else None

    def _leased(self, c: sqlite3.Connection, query: str, values: dict[str, Any], run_id: str) -> list[Watched]:
        self._open_run(c, run_id)
        found = [watched_of(row) for row in c.execute(query, {**values, "live": json.dumps(self._live(c))})]
        keys = [(run_id, link_key(watched.link.url)) for watched in found]
        c.executemany("UPDATE links SET lease = ? WHERE key = ?", keys)
        return found

    def _watched_as(self, c: sqlite3.Connection, link: Link) -> str | None:
        """The id of the article that the link led to."""
        row = c.execute("SELECT id FROM watched WHERE key = ?", (link_key(link.url),)).fetchone()
        return row[0] if row else None

    def _previous(self, c: sqlite3.Connection, article_id: str) -> Previous | None:
        row = c.execute(f"SELECT {PREVIOUS} FROM watched WHERE id = ? AND body IS NOT NULL", (article_id,)).fetchone()
        return previous_of(row) if row else None

    def _watch(self, c: sqlite3.Connection, link: Link, article: Article, now: datetime, ages: Sequence[timedelta]) -> None:
        """Enter a version. A tombstone keeps what the article said: it may come back."""
        key = link_key(link.url)
        row = c.execute("SELECT id, stored, checked FROM watched WHERE key = ? AND id = ?", (key, article.id)).fetchone()
        due = _due(looked_of(row)[0] if row else now, now, ages)
        if article.pubStatus is PubStatus.CANCELED:
            # Without validators: the page may come back as it was.
            c.execute(_CANCEL, {"key": key, "version": article.version})
            c.execute(_LOOK, {"key": key, "now": timestamp(now), "due": due, "gone": 0})
            return
        texts = {"headline": article.headline, "description": article.description, "published": article.datePublished}
        values = {name: storable(text) for name, text in texts.items()} | _validators(article)
        body = _compressed(article.articleBody) if due else None
        known = {"key": key, "id": article.id, "publisher": article.publisher.id, "version": article.version}
        c.execute(_WATCH, {**known, **values, "now": timestamp(now), "due": due, "body": body})

    def _reword(self, c: sqlite3.Connection, article_id: str, version: int, headline: str | None, body: str) -> None:
        """A version says something else than when it was entered."""
        c.execute(
            "UPDATE watched SET headline = ?, body = ? WHERE id = ? AND version = ? AND body IS NOT NULL",
            (storable(headline), _compressed(body), article_id, version),
        )

    def _look(
        self,
        c: sqlite3.Connection,
        link: Link,
        rejected: Rejected,
        draft: Draft | None,
        now: datetime,
        ages: Sequence[timedelta],
    ) -> bool:
        """Note a look at a stored article that gave no new version; False if the link led to none. `draft` is of what was fetched."""
        key = link_key(link.url)
        row = c.execute("SELECT id, stored, checked, gone FROM watched WHERE key = ?", (key,)).fetchone()
        if row is None:
            return False
        since, checked = looked_of(row)
        if rejected.retry and (again := _again(checked, now, ages)):
            c.execute("UPDATE watched SET due = ? WHERE key = ?", (again, key))
            return True
        gone = row[3] + 1 if (rejected.reason, rejected.detail[:3]) in [(_GONE[0], status) for status in _GONE[1]] else 0
        # One 404 may be a slip of the site: it is asked again soon, also where no look was due any more.
        due = timestamp(now + ages[0]) if gone and ages else _due(since, now, ages)
        c.execute(_LOOK, {"key": key, "now": timestamp(now), "due": due, "gone": gone})
        if draft and rejected.reason is Reason.UNCHANGED:
            # Its furniture is another: with the old validators each later look would fetch all of it.
            c.execute(_SEEN, {"key": key, **_validators(draft)})
        return True


def _validators(content: Content) -> dict[str, str | None]:
    """What a later look asks by. Of an article whose other pages could not be had nothing: its first page's 304 would leave it so."""
    http = content.provenance.http
    known = (None, None) if INCOMPLETE in content.flags else (http.etag, http.lastModified)
    return dict(zip(("etag", "last_modified"), map(storable, known), strict=True))


def _compressed(body: str) -> bytes:
    return zlib.compress(body.encode("utf-8", "replace"))


def _again(checked: datetime, now: datetime, ages: Sequence[timedelta]) -> str | None:
    """The next look after one that got no answer, ever later as for new pages; None where the host has been away for too long."""
    away = now - checked
    if not ages or away >= timedelta(days=RETRIES["days"]):
        return None
    return timestamp(now + max(ages[0], RETRIES["share"] * away))


def _due(stored: datetime, now: datetime, ages: Sequence[timedelta]) -> str | None:
    """The next look at an article that was stored then; None after the last."""
    return next((timestamp(stored + age) for age in sorted(ages) if stored + age > now), None)


@stored("watched")
def previous_of(row: tuple[Any, ...]) -> Previous:
    """What an article said, of a row of the columns PREVIOUS."""
    return Previous(row[1], row[2], zlib.decompress(row[4]).decode(), row[3])


@stored("watched")
def looked_of(row: tuple[Any, ...]) -> tuple[datetime, datetime]:
    """When an article was stored and when it was looked at last, of a row of its id and these two."""
    return instant(row[1]), instant(row[2])


@stored("watched")
def watched_of(row: tuple[Any, ...]) -> Watched:
    """The article of a row of the columns that `_WATCHED` reads."""
    article_id, version, stored, etag, last_modified, gone, canceled, *link = row
    return Watched(article_id, version, link_of(tuple(link)), instant(stored), etag, last_modified, gone, bool(canceled))
