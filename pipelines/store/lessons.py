"""The SQLite store's lessons: what publishers repeat, shown, exchanged and forgotten, and applied to rows that wait for a part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

from pipelines.errors import StoreError
from pipelines.habits import Habits
from pipelines.history.boilerplate import merged
from pipelines.store import habits
from pipelines.store.cells import stored
from pipelines.store.learning import Revision, Traced
from pipelines.store.rows import line_of
from pipelines.store.vitals import SqliteVitals


class SqliteHabits(SqliteVitals):
    """`pipelines.store.learning.Learning` in one file."""

    def habits(self, publisher: str) -> Habits:
        with self._database.read() as c:
            return habits.all_habits(c, publisher)

    def remembered(self) -> list[str]:
        with self._database.read() as c:
            return [publisher for (publisher,) in c.execute("SELECT DISTINCT publisher FROM layouts ORDER BY publisher")]

    def merge_habits(self, publisher: str, learnt: Habits) -> None:
        with self._database.write() as c:
            habits.replace_all(c, publisher, merged(habits.all_habits(c, publisher), learnt))

    def forget_habits(self, publisher: str) -> int:
        with self._database.write() as c:
            return habits.forget(c, publisher)

    def traced_rows(self, run_id: str, dt: str, last_seq: int) -> list[Traced]:
        with self._database.read() as c:
            rows = c.execute(
                "SELECT seq, traces FROM outbox WHERE run_id = ? AND part IS NULL AND dt = ? AND seq <= ? AND traces IS NOT NULL",
                (run_id, dt, last_seq),
            ).fetchall()
            return [traced_of(row) for row in rows]

    def line(self, seq: int) -> bytes:
        with self._database.read() as c:
            found = c.execute("SELECT seq, crc, line FROM outbox WHERE seq = ?", (seq,)).fetchone()
            if found:
                return line_of(found)
        raise StoreError(f"the store {self._database.path} has no row {seq} any more; its run was ended by another process")

    def revise(self, revisions: Sequence[Revision]) -> int:
        revised = 0
        with self._database.write() as c:
            for each in revisions:
                traces = habits.to_json(each.row.publisher, each.row.traces)
                changed = c.execute(
                    "UPDATE outbox SET line = ?, bytes = ?, crc = ?, traces = ? WHERE seq = ? AND part IS NULL",
                    (each.line, len(each.line), crc32(each.line), traces, each.row.seq),
                ).rowcount
                if changed:
                    c.execute(
                        "UPDATE versions SET content_hash = ?, text_hash = ? WHERE id = ? AND version = ?",
                        (each.content_hash, each.text_hash, each.id, each.version),
                    )
                    self._reword(c, each.id, each.version, each.headline, each.body)
                revised += changed
        return revised


@stored("outbox")
def traced_of(row: tuple[Any, ...]) -> Traced:
    """The traces of a row of its number and its traces."""
    return Traced(row[0], *habits.from_json(row[1]))
