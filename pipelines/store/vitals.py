"""The SQLite store's vitals: a row a publisher and hour, so that a run every five minutes keeps two months in some hundred rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from types import NoneType

from pipelines.store.cells import instant, is_a, stored, table_of
from pipelines.store.outbox import timestamp
from pipelines.store.watched import SqliteWatched
from pipelines.vitals import Vitals

# Hours with pages that are kept of a publisher: sixty days of one that never sleeps.
_HOURS = 1440
VITALS, ALARM = "publisher, hour, vitals", "publisher, kind, raised"
_FORGET = """
DELETE FROM vitals WHERE publisher = :publisher AND hour < (
    SELECT hour FROM vitals WHERE publisher = :publisher ORDER BY hour DESC LIMIT 1 OFFSET :kept
)
"""


class SqliteVitals(SqliteWatched):
    """`pipelines.store.schedule.VitalsKept` in the store's file."""

    def note_vitals(self, vitals: Vitals) -> list[Vitals]:
        hour = timestamp(vitals.started)[:13]
        with self._database.write() as c:
            if vitals.pages:
                row = c.execute(
                    f"SELECT {VITALS} FROM vitals WHERE publisher = ? AND hour = ?", (vitals.publisher, hour)
                ).fetchone()
                joined = vitals_of(row).joined(vitals) if row else vitals
                c.execute("INSERT OR REPLACE INTO vitals VALUES (?, ?, ?)", (vitals.publisher, hour, text_of(joined)))
                c.execute(_FORGET, {"publisher": vitals.publisher, "kept": _HOURS - 1})
            rows = c.execute(f"SELECT {VITALS} FROM vitals WHERE publisher = ? ORDER BY hour", (vitals.publisher,)).fetchall()
            kept = [vitals_of(row) for row in rows]
        return kept if vitals.pages else [*kept, vitals]

    def note_alarms(self, publisher: str, kinds: Iterable[str], now: datetime, since: datetime) -> list[str]:
        new = []
        with self._database.write() as c:
            for kind in kinds:
                row = c.execute(f"SELECT {ALARM} FROM alarms WHERE publisher = ? AND kind = ?", (publisher, kind)).fetchone()
                if row is None or raised_at(row) <= since:
                    c.execute("INSERT OR REPLACE INTO alarms VALUES (?, ?, ?)", (publisher, kind, timestamp(now)))
                    new.append(kind)
        return new


def text_of(vitals: Vitals) -> str:
    """The vitals as their row has them."""
    return json.dumps({**asdict(vitals), "started": timestamp(vitals.started)})


@stored("vitals", names=2)
def vitals_of(row: tuple[str, ...]) -> Vitals:
    """The vitals of a row of the columns VITALS."""
    values = table_of(json.loads(row[2]), str, int, float, dict, NoneType)
    for name, kind in (("filled", int), ("rejected", int), ("layouts", int), ("examples", str)):
        table_of(values.get(name, {}), kind)
    for name in ("words", "junk", "lag_minutes"):
        is_a(values.get(name), int, float, NoneType)
    is_a(values.get("articles", 0), int)
    return Vitals(**values | {"started": instant(values["started"])})


@stored("alarms", names=2)
def raised_at(row: tuple[str, ...]) -> datetime:
    """When an alarm was raised last, of a row of the columns ALARM."""
    return instant(row[2])
