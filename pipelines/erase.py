"""Erasure: an article leaves the lake and the store for good, with a record that says why and holds nothing of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson

from pipelines.deliver import recover
from pipelines.delivery.batches import PREFIX, Limits, Packed, pack
from pipelines.delivery.compression import unpack_lines
from pipelines.delivery.lake import ERASURES, LakeDamaged, erasure, live, manifests, part_lines
from pipelines.delivery.manifest import Kind, ManifestPart, rfc3339
from pipelines.delivery.rewriting import Day, Rewriting, day_of, due, rewrite
from pipelines.delivery.sinks import Sink
from pipelines.errors import ConfigurationError
from pipelines.runreports import count_reports, redact_reports
from pipelines.store import place
from pipelines.store.keys import article_keys, link_key
from pipelines.store.open import store_path
from pipelines.store.protocol import Store

_ID = re.compile(r"[0-9a-f]{32}")
_DAY = re.compile(rf"{re.escape(PREFIX)}/dt=(\d{{4}}-\d\d-\d\d)/")


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did. `held` are runs and objects that hold the article still: erase again when those runs have ended.

    `reports` are runs whose report named its address, `copies` files that may hold it and that only a person may delete.
    """

    ids: list[str]
    rows: int
    days: list[str]
    removed: int
    waiting: int
    reports: int
    held: list[str]
    copies: list[str]


@dataclass(slots=True)
class _Asked:
    """The articles to erase: their ids, and the keys of their addresses; more of both are found on the way."""

    ids: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)


def erase(
    store: Store,
    sink: Sink,
    article: str,
    reason: str,
    now: datetime,
    *,
    limits: Limits,
    tell: Callable[[int], None] = lambda rows: None,
) -> Erased:
    """Erase every version of an article, given by its id or one of its addresses. Raises ConfigurationError, DeliveryError.

    Killed anywhere it may be done again. The order: the store takes it no more, its record is put, parts without it take
    the place of those that hold it, and these are removed at once with all their versions. `tell` hears of rows as they
    are read.
    """
    asked = _found(store, sink, article, tell)
    forgotten = store.erase(asked.ids, asked.keys, now)
    asked.keys |= forgotten.keys
    # The rows of dead runs whose parts are fixed are delivered, to leave the lake with the others; those of live runs stay.
    runs = set(forgotten.held) - {run.run_id for run in recover(store, sink, now, limits=limits) if run.manifest}
    holders = _holders(sink, asked, tell)
    store.erase(asked.ids, asked.keys, now)
    _put_records(sink, asked, reason, now)
    reports = redact_reports(sink, asked.keys)
    days = _days(holders)
    rows = sum(_rewrite_day(sink, day, asked.ids, holders, now, limits) for day in days)
    removed, left = _remove(sink, holders, now)
    store.scrub()
    return Erased(sorted(asked.ids), rows, days, removed, forgotten.rows, reports, [*sorted(runs), *left], _copies(store))


def plan_erasure(store: Store | None, sink: Sink, article: str, *, tell: Callable[[int], None] = lambda rows: None) -> Erased:
    """What `erase` would do now, with this store or without one; nothing is written. Raises ConfigurationError, DeliveryError."""
    asked = _found(store, sink, article, tell)
    waiting = store.waiting_rows(asked.ids) if store else []
    under_way = {run_id for run_id, _ in waiting if store and store.is_live(run_id)}
    holders = {key: rows for key, rows in _holders(sink, asked, tell).items() if rows}
    known = manifests(sink)
    alive, replaced = {part.key for part in live(known)}, {key for manifest in known for key in manifest.replaces}
    # A dead run's parts get their manifest first, and go then; those of others, live or unknown here, stay.
    dead = {run_id for run_id, part in waiting if part is not None} - under_way
    free = [key for key in holders if key in alive | replaced or any(f"part-{run_id}-" in key for run_id in dead)]
    return Erased(
        sorted(asked.ids),
        sum(rows for key, rows in holders.items() if key in alive),
        _days(holders),
        len(free),
        sum(part is None for _, part in waiting),
        count_reports(sink, asked.keys),
        [*sorted({run_id for run_id, part in waiting if part is not None} & under_way), *sorted(set(holders) - set(free))],
        _copies(store),
    )


def learn_erased(store: Store, sink: Sink, now: datetime) -> int:
    """How many articles the sink's records say are erased and this store did not know: another machine's, or from before it was
    made. It takes them no more. Raises DeliveryError; LakeDamaged if a record cannot be read, after all others were learnt.
    """
    known, damaged, learnt = store.erased(), None, 0
    records = {key: key.rpartition("/")[2].removesuffix(".json").removeprefix("link-") for key in sink.list(f"{ERASURES}/")}
    for key in [key for key, name in records.items() if name not in known]:
        try:
            record = erasure(sink, key)
        except LakeDamaged as error:
            damaged = error
            continue
        store.erase(filter(None, [record["id"]]), record["links"], now)
        learnt += 1
    if damaged:
        raise damaged
    return learnt


def _found(store: Store | None, sink: Sink, article: str, tell: Callable[[int], None]) -> _Asked:
    """The article that is asked for; given by an address, with the ids that store and sink know it by."""
    asked = _asked(article)
    if asked.keys:
        asked.ids |= store.article_ids(asked.keys) if store else set()
        asked.ids |= {row["id"] for _, rows in _objects(sink, tell) for row in rows if asked.keys & article_keys(row)}
    for key in (f"{ERASURES}/{article_id}.json" for article_id in asked.ids):
        # Where it was erased before, and that was not finished, its rows tell its addresses no more.
        if sink.get(key) is not None:
            asked.keys |= set(erasure(sink, key)["links"])
    return asked


def _asked(article: str) -> _Asked:
    if _ID.fullmatch(article):
        return _Asked(ids={article})
    if re.match("https?://[^/]", article):
        return _Asked(keys={link_key(article)})
    raise ConfigurationError(f"{article}: give an article's id, 32 hex digits, or its address, http:// or https://")


def _objects(sink: Sink, tell: Callable[[int], None]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """(key, rows) of every part in the lake, whether a manifest names it or not."""
    for key in sink.list(f"{PREFIX}/"):
        body = sink.get(key)
        if body is None:  # a compaction removed it after the listing
            continue
        try:
            rows = [orjson.loads(line) for line in unpack_lines(body)]
        except ValueError as error:
            raise LakeDamaged(f"{sink.address}: {key} cannot be read ({error}); restore or remove it, and run again") from error
        yield key, rows
        tell(len(rows))


def _holders(sink: Sink, asked: _Asked, tell: Callable[[int], None]) -> dict[str, int]:
    """Every part that there is, and how many rows of the articles it holds; their addresses are noted."""
    found: dict[str, int] = {}
    for key, rows in _objects(sink, tell):
        held = [row for row in rows if row["id"] in asked.ids]
        found[key] = len(held)
        for row in held:
            asked.keys |= article_keys(row)
    return found


def _put_records(sink: Sink, asked: _Asked, reason: str, now: datetime) -> None:
    """Say why, once for each article; the first reason stays. Without an article, for the address that is not to be fetched."""
    links = sorted(asked.keys)
    names: dict[str, str | None] = {article_id: article_id for article_id in asked.ids}
    for name, article_id in (names or {f"link-{key}": None for key in asked.keys}).items():
        record = {"erasureVersion": "1.0", "id": article_id, "links": links, "reason": reason, "at": rfc3339(now)}
        body = orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        sink.put(f"{ERASURES}/{name}.json", body, content_type="application/json")


def _copies(store: Store | None) -> list[str]:
    """What a store that was made anew left beside it."""
    return [str(path) for path in place.left_beside(store_path(store.url))] if store else []


def _days(holders: dict[str, int]) -> list[str]:
    matches = (_DAY.match(key) for key, rows in holders.items() if rows)
    return sorted({match[1] for match in matches if match})


def _rewrite_day(sink: Sink, dt: str, ids: set[str], holders: dict[str, int], now: datetime, limits: Limits) -> int:
    """How many rows left the day's live parts."""
    chosen: list[ManifestPart] = []

    def plan(day: Day) -> Rewriting | None:
        for part in day.parts:
            if part.key not in holders:  # it was not there at the scan
                holders[part.key] = sum(_is_of(line, ids) for line in part_lines(sink, part))
        chosen[:] = [part for part in day.parts if holders[part.key]]
        return Rewriting(_without(sink, chosen, ids, limits), [part.key for part in chosen]) if chosen else None

    rewrite(sink, dt, Kind.ERASE, plan, now, limits.compression)
    return sum(holders[part.key] for part in chosen)


def _without(sink: Sink, parts: Iterable[ManifestPart], ids: set[str], limits: Limits) -> Iterator[Packed]:
    """Each part without the rows of these articles; none where no row is left."""
    for part in parts:
        kept = [line for line in part_lines(sink, part) if not _is_of(line, ids)]
        if kept:
            yield pack(kept, limits.compression)


def _is_of(line: bytes, ids: set[str]) -> bool:
    return orjson.loads(line)["id"] in ids


def _remove(sink: Sink, holders: dict[str, int], now: datetime) -> tuple[int, list[str]]:
    """How many objects that hold the article were removed, and which must stay: parts of runs that are not finished."""
    held = {key for key, rows in holders.items() if rows}
    found = manifests(sink)
    free: set[str] = set()
    for dt in _days(holders):
        day = day_of(found, dt)
        free |= day.replaced | set(due(day, held, now, timedelta(0)))
    for key in sorted(free & held):
        sink.remove(key, versions=True)
    return len(free & held), sorted(held - free)
