"""The SQLite store's runs, rows and parts: what the delivery reads and writes."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from pipelines.errors import StoreError
from pipelines.store.damage import mark
from pipelines.store.database import Database
from pipelines.store.locks import RunLocks
from pipelines.store.place import place_of
from pipelines.store.protocol import Identity, Part, Pending, PublishersHeld, Row, Run, Verdict, Waiting
from pipelines.store.rebuilt import Rebuilt
from pipelines.store.rows import RUN, line_of, pending_of, rebuilt_of, run_of

# A run id stands in keys and file names.
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_PART = "run_id, seq, dt, rows, key, size, sha256, put_to"
_ROWS_A_READ = 200
# By parts first: the index has all that is summed, and only its groups are looked up.
_WAITING = """
SELECT coalesce(sum(held.rows), 0), coalesce(sum(held.bytes), 0)
FROM (SELECT run_id, part, count(*) AS rows, sum(bytes) AS bytes FROM outbox GROUP BY run_id, part) AS held
LEFT JOIN parts ON parts.run_id = held.run_id AND parts.seq = held.part
WHERE parts.put_to IS NULL
"""


class SqliteOutbox:
    """Runs and their way out. `pipelines.store.protocol.Store` says what each verb promises."""

    def __init__(self, path: Path, *, must_exist: bool = False) -> None:
        self._database = Database(path, must_exist=must_exist)
        self._locks = RunLocks(self._database.runs_folder)

    @property
    def url(self) -> str:
        return f"sqlite://{quote(str(self._database.path))}"

    def close(self) -> None:
        self._locks.drop_all()
        self._database.close()

    def start_run(
        self,
        run_id: str,
        spider: str,
        now: datetime,
        *,
        code_hash: str | None = None,
        config_hash: str | None = None,
        publishers: Iterable[str] = (),
    ) -> dict[str, str]:
        if not _RUN_ID.fullmatch(run_id):
            raise StoreError(f"the run id {run_id!r} is refused: letters, digits, dot, dash and underscore, at most 100")
        # Locked before it is registered: whoever sees the run sees it alive.
        if not self._locks.take(run_id):
            raise StoreError(f"the run {run_id} is running already; every run needs an id of its own")
        try:
            with self._database.write() as c:
                if c.execute("SELECT 1 FROM runs WHERE run_id = ?", (run_id,)).fetchone():
                    raise StoreError(f"the run {run_id} was there before; every run needs an id of its own")
                held = self._lease(c, run_id, dict.fromkeys(publishers))
                c.execute(
                    "INSERT INTO runs (run_id, spider, started, code_hash, config_hash) VALUES (?, ?, ?, ?, ?)",
                    (run_id, spider, timestamp(now), code_hash, config_hash),
                )
        except PublishersHeld:
            self._locks.drop(run_id, remove=True)
            raise
        except BaseException:
            self._locks.drop(run_id)
            raise
        return held

    def is_live(self, run_id: str) -> bool:
        return self._locks.is_held(run_id)

    def live_runs(self) -> list[str]:
        with self._database.read() as c:
            return self._live(c)

    def run(self, run_id: str) -> Run:
        with self._database.read() as c:
            return self._run(c, run_id)

    def runs(self, prefix: str = "", most: int | None = None) -> list[Run]:
        with self._database.read() as c:
            rows = c.execute(
                f"SELECT {RUN} FROM runs WHERE substr(run_id, 1, length(?1)) = ?1 ORDER BY started DESC, run_id DESC LIMIT ?2",
                (prefix, -1 if most is None else most),
            ).fetchall()
            return [run_of(row) for row in rows]

    def runs_of(self, article_id: str) -> list[Run]:
        query = f"SELECT {RUN} FROM runs WHERE run_id IN (SELECT run_id FROM versions WHERE id = ?) ORDER BY started, run_id"
        with self._database.read() as c:
            return [run_of(row) for row in c.execute(query, (article_id,))]

    def unfinished_runs(self) -> list[Run]:
        with self._database.read() as c:
            runs = [run_of(row) for row in c.execute(f"SELECT {RUN} FROM runs WHERE ended IS NULL ORDER BY started, run_id")]
        return [run for run in runs if not self.is_live(run.run_id)]

    def delivered_to(self, address: str, most: int | None = None) -> list[str]:
        with self._database.read() as c:
            rows = c.execute(
                "SELECT run_id FROM runs WHERE ended IS NOT NULL AND run_id IN (SELECT run_id FROM parts WHERE put_to = ?)"
                " ORDER BY started DESC, run_id DESC LIMIT ?",
                (address, -1 if most is None else most),
            ).fetchall()
        return [run_id for (run_id,) in rows]

    def take_over(self, run_id: str) -> bool:
        # Inside a transaction: whoever asks for the dead run's publishers finds it dead, or finds them free.
        with self._database.write() as c:
            if self.is_live(run_id) or not self._locks.take(run_id):
                return False
            c.execute("DELETE FROM publisher_leases WHERE run_id = ?", (run_id,))
            if self._run(c, run_id).ended is None:
                return True
        self._locks.drop(run_id, remove=True)
        return False

    def let_go(self, run_id: str) -> None:
        self._locks.drop(run_id)

    def close_run(self, run_id: str, now: datetime, verdict: Verdict, sites: Iterable[str] = ()) -> Run:
        with self._database.write(durable=True) as c:
            c.execute("UPDATE links SET lease = NULL WHERE lease = ?", (run_id,))
            c.execute("DELETE FROM publisher_leases WHERE run_id = ?", (run_id,))
            c.execute(
                "UPDATE runs SET closed = ?, verdict = ?, sites = ? WHERE run_id = ? AND closed IS NULL",
                (timestamp(now), verdict, json.dumps(sorted(set(sites))), run_id),
            )
            return self._run(c, run_id)

    def seal_manifest(self, run_id: str, manifest: bytes) -> None:
        with self._database.write(durable=True) as c:
            c.execute("UPDATE runs SET manifest = ? WHERE run_id = ? AND ended IS NULL", (manifest, run_id))
            c.execute("UPDATE identity SET sealed = ?", (run_id,))
        # Before the manifest is put: a store that does not know it any more would deliver its rows again.
        mark(self._database.path, run_id)

    def identity(self) -> Identity:
        with self._database.read() as c:
            if row := c.execute("SELECT id, sealed FROM identity").fetchone():
                return Identity(row[0], row[1], place_of(self._database.path))
        raise self._database.damaged("its table identity is empty")

    def must_know(self, run_id: str) -> None:
        with self._database.read() as c:
            if c.execute("SELECT 1 FROM runs WHERE run_id = ? AND manifest IS NOT NULL", (run_id,)).fetchone():
                return
        raise self._database.damaged(f"it is an older state, from before run {run_id}, which the sink has of it")

    def end_run(self, run_id: str, now: datetime) -> None:
        with self._database.write(durable=True) as c:
            c.execute("DELETE FROM outbox WHERE run_id = ?", (run_id,))
            c.execute("UPDATE runs SET ended = ? WHERE run_id = ? AND ended IS NULL", (timestamp(now), run_id))
        self._locks.drop(run_id, remove=True)

    def untold(self, run_id: str) -> list[Rebuilt]:
        with self._database.write() as c:
            rows = c.execute(
                "SELECT at, reason, aside, articles, kept, broken, unread_parts FROM rebuilds WHERE told_by IS NULL ORDER BY at"
            ).fetchall()
            c.execute("UPDATE rebuilds SET told_by = ? WHERE told_by IS NULL", (run_id,))
            return [rebuilt_of(row) for row in rows]

    def waiting(self) -> Waiting:
        with self._database.read() as c:
            return Waiting(*c.execute(_WAITING).fetchone())

    def pending(self, run_id: str) -> list[Pending]:
        with self._database.read() as c:
            rows = c.execute(
                "SELECT max(seq), dt, count(*), sum(bytes), min(at) FROM outbox WHERE run_id = ? AND part IS NULL"
                " GROUP BY dt ORDER BY dt",
                (run_id,),
            ).fetchall()
            return [pending_of(row) for row in rows]

    def pending_rows(self, run_id: str, dt: str) -> Iterator[Row]:
        return self._rows("run_id = ? AND part IS NULL AND dt = ?", (run_id, dt))

    def assign_part(self, run_id: str, dt: str, last_seq: int) -> Part | None:
        with self._database.write(durable=True) as c:
            seq = c.execute("SELECT coalesce(max(seq), 0) + 1 FROM parts WHERE run_id = ?", (run_id,)).fetchone()[0]
            rows = c.execute(
                "UPDATE outbox SET part = ?, traces = NULL WHERE run_id = ? AND part IS NULL AND dt = ? AND seq <= ?",
                (seq, run_id, dt, last_seq),
            ).rowcount
            if not rows:
                return None
            c.execute("INSERT INTO parts (run_id, seq, dt, rows) VALUES (?, ?, ?, ?)", (run_id, seq, dt, rows))
            return Part(run_id, seq, dt, rows)

    def parts(self, run_id: str) -> list[Part]:
        with self._database.read() as c:
            return [Part(*row) for row in c.execute(f"SELECT {_PART} FROM parts WHERE run_id = ? ORDER BY seq", (run_id,))]

    def part_rows(self, part: Part) -> Iterator[Row]:
        return self._rows("run_id = ? AND part = ?", (part.run_id, part.seq))

    def seal_part(self, part: Part, *, key: str, size: int, sha256: str) -> Part:
        with self._database.write(durable=True) as c:
            c.execute(
                "UPDATE parts SET key = ?, size = ?, sha256 = ? WHERE run_id = ? AND seq = ?",
                (key, size, sha256, part.run_id, part.seq),
            )
        return replace(part, key=key, size=size, sha256=sha256)

    def mark_put(self, part: Part, address: str) -> None:
        with self._database.write(durable=True) as c:
            c.execute("UPDATE parts SET put_to = ? WHERE run_id = ? AND seq = ?", (address, part.run_id, part.seq))

    def _rows(self, where: str, values: tuple[str | int, ...]) -> Iterator[Row]:
        """The outbox rows of a condition, read in pages so that no read stays open while the caller packs and puts."""
        last = 0
        while True:
            with self._database.read() as c:
                query = f"SELECT seq, crc, line FROM outbox WHERE {where} AND seq > ? ORDER BY seq LIMIT ?"
                page = [Row(row[0], line_of(row)) for row in c.execute(query, (*values, last, _ROWS_A_READ))]
            yield from page
            if len(page) < _ROWS_A_READ:
                return
            last = page[-1].seq

    def _run(self, c: sqlite3.Connection, run_id: str) -> Run:
        row = c.execute(f"SELECT {RUN} FROM runs WHERE run_id = ?", (run_id,)).fetchone()
        if row is None:
            raise StoreError(f"the store {self._database.path} knows no run {run_id}; start_run comes first")
        return run_of(row)

    def _lease(self, c: sqlite3.Connection, run_id: str, publishers: Collection[str]) -> dict[str, str]:
        """Lease those of the publishers that are free; the others with the live runs that hold them."""
        owners = {
            name: owner for name, owner in c.execute("SELECT publisher, run_id FROM publisher_leases") if name in publishers
        }
        held = {name: owner for name, owner in owners.items() if self.is_live(owner)}
        if publishers and len(held) == len(publishers):
            raise PublishersHeld("; ".join(f"run {owner} is crawling {name}" for name, owner in sorted(held.items())))
        free = [(name, run_id) for name in publishers if name not in held]
        c.executemany("INSERT INTO publisher_leases VALUES (?, ?) ON CONFLICT DO UPDATE SET run_id = excluded.run_id", free)
        return held

    def _open_run(self, c: sqlite3.Connection, run_id: str) -> None:
        """Raises StoreError unless the run takes pages: what a closed run committed would be in no manifest."""
        if self._run(c, run_id).closed:
            raise StoreError(f"the run {run_id} is closed and takes no more pages; start a new run")

    def _live(self, c: sqlite3.Connection) -> list[str]:
        rows = c.execute("SELECT run_id FROM runs WHERE ended IS NULL ORDER BY started, run_id").fetchall()
        return [run_id for (run_id,) in rows if self.is_live(run_id)]


def timestamp(now: datetime) -> str:
    """An instant as the store writes it: UTC, always with microseconds, so that texts sort as times. Aware times only."""
    if now.tzinfo is None:
        raise ValueError("a time without zone is no instant; hand in an aware datetime")
    return now.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
