"""Checkup: a run's pages held against what their publishers used to give. It composes vitals, the store and `history.alarms`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.history.alarms import REPEAT, Alarm, alarms
from pipelines.store.protocol import Store
from pipelines.vitals import Tally, Vitals

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Checkup:
    """The alarms to raise now, and for each publisher that is known for a day its articles of the last 24 hours."""

    alarms: list[Alarm]
    a_day: dict[str, int]


def checkup(store: Store, tally: Tally, publishers: Iterable[str], started: datetime, now: datetime) -> Checkup:
    """Note what a run saw of the publishers it visited, and compare. Raises StoreError."""
    raised: list[Alarm] = []
    a_day: dict[str, int] = {}
    for publisher in publishers:
        past = store.note_vitals(tally.vitals(publisher, started))
        found = {alarm.kind: alarm for alarm in alarms(past, now)}
        raised += [found[kind] for kind in store.note_alarms(publisher, found, now, now - REPEAT)]
        if past[0].started <= now - DAY:
            a_day[publisher] = _articles_since(past, now - DAY)
    return Checkup(raised, a_day)


def _articles_since(past: Sequence[Vitals], since: datetime) -> int:
    return sum(run.articles for run in past if run.started > since)
