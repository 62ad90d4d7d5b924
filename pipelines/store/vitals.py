"""The SQLite store's vitals: a row a publisher and hour, so that a run every five minutes keeps two months in some hundred rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pipelines.store.outbox import instant, timestamp
from pipelines.store.watched import SqliteWatched
from pipelines.vitals import Vitals

# Hours with pages that are kept of a publisher: sixty days of one that never sleeps.
_HOURS = 1440
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
                    "SELECT vitals FROM vitals WHERE publisher = ? AND hour = ?", (vitals.publisher, hour)
                ).fetchone()
                joined = _vitals(row[0]).joined(vitals) if row else vitals
                c.execute("INSERT OR REPLACE INTO vitals VALUES (?, ?, ?)", (vitals.publisher, hour, _text(joined)))
                c.execute(_FORGET, {"publisher": vitals.publisher, "kept": _HOURS - 1})
            rows = c.execute("SELECT vitals FROM vitals WHERE publisher = ? ORDER BY hour", (vitals.publisher,)).fetchall()
        kept = [_vitals(text) for (text,) in rows]
        return kept if vitals.pages else [*kept, vitals]

    def note_alarms(self, publisher: str, kinds: Iterable[str], now: datetime, since: datetime) -> list[str]:
        new = []
        with self._database.write() as c:
            for kind in kinds:
                row = c.execute("SELECT raised FROM alarms WHERE publisher = ? AND kind = ?", (publisher, kind)).fetchone()
                if row is None or instant(row[0]) <= since:
                    c.execute("INSERT OR REPLACE INTO alarms VALUES (?, ?, ?)", (publisher, kind, timestamp(now)))
                    new.append(kind)
        return new


def _text(vitals: Vitals) -> str:
    return json.dumps({**asdict(vitals), "started": timestamp(vitals.started)})


def _vitals(text: str) -> Vitals:
    values: dict[str, Any] = json.loads(text)
    return Vitals(**values | {"started": instant(values["started"])})
