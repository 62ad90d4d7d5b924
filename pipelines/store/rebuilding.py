"""A store made anew beside a damaged one: what the sink knows goes in first, then what can be read of the damaged files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote
from zlib import crc32

from pipelines.errors import StoreError
from pipelines.store import place
from pipelines.store.cells import day_of, instant
from pipelines.store.damage import folder_of
from pipelines.store.erasure import forget
from pipelines.store.keys import link_key
from pipelines.store.locks import StoreUse, gate
from pipelines.store.migrations import MIGRATIONS
from pipelines.store.outbox import timestamp
from pipelines.store.pages import Salvage, Value
from pipelines.store.protocol import ARTICLE, Part
from pipelines.store.rebuilt import Rebuilt
from pipelines.store.soundness import is_sound

_WATCH = """
INSERT INTO watched (key, id, publisher, version, stored, checked, canceled) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET id = excluded.id, version = excluded.version, checked = excluded.checked, canceled = excluded.canceled
WHERE excluded.version >= version
"""
# Tables whose rows are worth what is left of them. Listings are not: what their last visit left would hide lost links.
_COPIED = ("clocks", "layouts", "sightings", "habits", "erased", "quarantine")


@dataclass(frozen=True, slots=True)
class Known:
    """One version of an article, as its line says: what keeps it from being stored again."""

    id: str
    version: int
    content_hash: str
    text_hash: str
    publisher: str
    urls: tuple[str, ...]
    via: str
    first_seen: str
    run_id: str
    undated: bool
    stored: str
    canceled: bool = False


class Rebuilding:
    """`with Rebuilding(path, now) as made`: alone with the store until the block ends; nothing changes before `finish`."""

    def __init__(self, path: Path, now: datetime) -> None:
        self.path, self.now = path, now
        self.stamp = f"{now:%Y%m%dT%H%M%SZ}"
        self.run_id = f"{self.stamp}-rebuild"
        self.articles = self.kept = self.broken = 0
        self._use: StoreUse | None = None
        self._barred: tuple[frozenset[str], frozenset[str]] = frozenset(), frozenset()

    def __enter__(self) -> Self:
        try:
            self._take_hold()
            self._c = self._begun()
        except (sqlite3.Error, OSError) as error:
            self._let_go()
            raise self._cannot(error) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._c.close()
        with suppress(OSError):  # what is left of it is removed by the next one
            place.unfinished(self.path).unlink(missing_ok=True)
        self._let_go()
        if isinstance(error, sqlite3.Error | OSError):
            raise self._cannot(error) from error

    def _let_go(self) -> None:
        if self._use:
            self._use.drop_all()

    def _cannot(self, error: Exception) -> StoreError:
        return StoreError(
            f"the store {self.path} cannot be made anew: {error}; see to its disk and the space on it, and run again"
        )

    def _take_hold(self) -> None:
        """Be alone with the store, and end a replacement that was killed."""
        folder = folder_of(self.path)
        folder.mkdir(parents=True, exist_ok=True)
        with gate(folder):
            self._use = StoreUse(folder)
            if not self._use.is_alone():
                self._let_go()
                raise StoreError(f"the store {self.path} is in use; end the processes that use it, then make it anew")
            place.take_place(self.path)

    def _begun(self) -> sqlite3.Connection:
        """The new store, empty, in a transaction."""
        made = place.unfinished(self.path)
        made.unlink(missing_ok=True)
        connection = sqlite3.connect(made, isolation_level=None)
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + "".join(MIGRATIONS))
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS)}")
        connection.execute("BEGIN")
        return connection

    def remember_run(self, run_id: str, spider: str, started: str, finished: str, verdict: str, manifest: bytes) -> None:
        """A run that the sink has a manifest of: its id is never used again, and `scrapy runs` shows it."""
        self._c.execute(
            "INSERT OR IGNORE INTO runs (run_id, spider, started, closed, verdict, manifest, ended) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (run_id, spider, *map(_time, (started, finished)), verdict, manifest, _time(finished)),
        )

    def remember_parts(self, parts: Iterable[Part]) -> None:
        """The parts that such a run put: should its manifest be lost, they are known to be its own."""
        rows = [(p.run_id, p.seq, p.dt, p.rows, p.key, p.size, p.sha256, p.put_to) for p in parts]
        self._c.executemany("INSERT OR IGNORE INTO parts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def bar(self, ids: Iterable[str], links: Iterable[str]) -> None:
        """Erased articles and the keys of their links: they are not taken again, also where the damaged store did not know."""
        self._barred = frozenset(ids), frozenset(links)

    def remember(self, known: Known) -> bool:
        """A version that is stored; False if it was known."""
        added = self._c.execute(
            "INSERT OR IGNORE INTO versions (id, version, content_hash, text_hash, run_id) VALUES (?, ?, ?, ?, ?)",
            (known.id, known.version, known.content_hash, known.text_hash, known.run_id),
        ).rowcount
        for url in dict.fromkeys(known.urls):
            self._c.execute(
                "INSERT OR IGNORE INTO links (key, url, publisher, via, first_seen, outcome, outcome_run) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (link_key(url), url, known.publisher, known.via, _time(known.first_seen), ARTICLE, known.run_id),
            )
        stored = _time(known.stored)
        watched = (link_key(known.urls[0]), known.id, known.publisher, known.version, stored, stored, known.canceled)
        self._c.execute(_WATCH, watched)
        self.articles += added
        return bool(added)

    def rows(self) -> Iterator[tuple[bytes, str, str]]:
        """(line, crawl day, time) of every row of the damaged outbox that can be read, each possibly several times."""
        with Salvage(self.path) as salvage:
            for _, values in salvage.records():
                if row := _outbox_row(values):
                    yield row[0], *self._when(*row[1:])
            self.broken = salvage.broken

    def keep(self, known: Known, line: bytes, dt: str, at: str) -> None:
        """Put a row into the outbox that the sink does not know; once, and not if the sink does know it."""
        if not self.remember(known):
            return
        self.articles -= 1
        self.kept += 1
        if self.kept == 1:
            self._c.execute(
                "INSERT INTO runs (run_id, spider, started) VALUES (?, 'rebuild', ?)", (self.run_id, timestamp(self.now))
            )
        self._c.execute(
            "INSERT INTO outbox (run_id, dt, at, bytes, line, crc) VALUES (?, ?, ?, ?, ?, ?)",
            (self.run_id, dt, at, len(line), line, crc32(line)),
        )
        self._c.execute(
            "INSERT INTO outcomes VALUES (?, ?, ?, ?, NULL, ?, ?)",
            (self.run_id, f"{known.id}.{known.version}", known.publisher, ARTICLE, known.undated, at),
        )

    def copy_rest(self) -> None:
        """What else can be read by SQLite: links that are open or rejected, when articles are looked at again, clocks, habits.

        A link of an article that is lost is open again: it is fetched anew where it still can be.
        """
        with (
            suppress(sqlite3.Error, UnicodeDecodeError),
            closing(sqlite3.connect(f"file:{quote(str(self.path))}?mode=ro", uri=True)) as old,
        ):
            for table in _COPIED:
                self._insert(table, _readable(old, table))
            hashes = ((row["page_hash"], row["id"], row["version"]) for row in _readable(old, "versions"))
            self._c.executemany("UPDATE versions SET page_hash = ? WHERE id = ? AND version = ?", hashes)
            self._insert("links", map(_without_lost, _readable(old, "links")))
            # With their validators and times, but not those of a version that is lost: a 304 would hide it.
            self._insert("watched", filter(self._knows, _readable(old, "watched")), over="REPLACE")
        forget(self._c, *self._barred, self.now)

    def replaced_id(self) -> str | None:
        """What the damaged store was known by, as far as SQLite reads it; the new one is another."""
        with (
            suppress(sqlite3.Error, UnicodeDecodeError),
            closing(sqlite3.connect(f"file:{quote(str(self.path))}?mode=ro", uri=True)) as old,
        ):
            row = old.execute("SELECT id FROM identity").fetchone()
            return str(row[0]) if row else None
        return None

    def finish(self, reason: str, unread_parts: int, *, is_first: bool) -> Rebuilt:
        """The new store takes the damaged one's place, which is moved aside. No run is told of a store that is the first at its address."""
        there = self.path.exists()
        gone_to = str(place.aside(self.path, self.stamp)) if there else None
        rebuilt = Rebuilt(self.now, reason, gone_to, self.articles, self.kept, self.broken, unread_parts)
        self._c.execute(
            "INSERT INTO rebuilds VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                timestamp(self.now),
                reason,
                gone_to,
                self.articles,
                self.kept,
                self.broken,
                unread_parts,
                "" if is_first else None,
            ),
        )
        self._c.execute("COMMIT")
        self._c.close()
        place.finish(self.path, self.stamp)
        return rebuilt

    def _when(self, dt: str, at: str) -> tuple[str, str]:
        """A row's crawl day and time; of those that are damaged, this day and time."""
        with suppress(ValueError):
            instant(at)
            return day_of(dt), at
        now = timestamp(self.now)
        return now[:10], now

    def _knows(self, row: dict[str, Value]) -> bool:
        found = self._c.execute("SELECT 1 FROM versions WHERE id = ? AND version = ?", (row["id"], row["version"]))
        return found.fetchone() is not None

    def _insert(self, table: str, rows: Iterable[dict[str, Value]], over: str = "IGNORE") -> None:
        columns = [name for _, name, *_ in self._c.execute(f"PRAGMA table_info({table})")]
        for row in rows:
            named = [name for name in columns if name in row]
            marks = ", ".join("?" * len(named))
            with suppress(sqlite3.Error):  # a value that is none of its column: the row is damaged
                self._c.execute(
                    f"INSERT OR {over} INTO {table} ({', '.join(named)}) VALUES ({marks})", [row[name] for name in named]
                )


def _outbox_row(values: list[Value]) -> tuple[bytes, str, str] | None:
    """(line, crawl day, time) of a record of the outbox; None for any other, or one whose line is not whole.

    The line is empty where a bit of it was changed.
    """
    if len(values) < 7 or values[0] is not None:
        return None
    _, run_id, dt, at, _, size, line = values[:7]
    if not (isinstance(run_id, str) and isinstance(dt, str) and isinstance(at, str) and isinstance(line, bytes)):
        return None
    if len(values) > 8 and values[8] not in (None, crc32(line)):
        return b"", dt, at
    return (line, dt, at) if size == len(line) and line.endswith(b"}\n") else None


def _readable(old: sqlite3.Connection, table: str) -> Iterator[dict[str, Value]]:
    """The sound rows of a table up to the first that SQLite cannot read, and from the end back to the last that it cannot."""
    for order in ("ASC", "DESC"):
        cursor = old.execute(f"SELECT * FROM {table} ORDER BY 1 {order}")
        names = [column[0] for column in cursor.description]
        try:
            for values in cursor:
                row = dict(zip(names, values, strict=True))
                if is_sound(table, row):
                    yield row
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            continue
        return


def _without_lost(row: dict[str, Value]) -> dict[str, Value]:
    outcome = None if row["outcome"] == ARTICLE else row["outcome"]
    return row | {"lease": None, "outcome": outcome}


def _time(text: str) -> str:
    return timestamp(datetime.fromisoformat(text))
