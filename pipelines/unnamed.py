"""Unnamed: parts in the sink that no manifest names, such as what a run had put whose store was lost. No reader takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import orjson

from pipelines.delivery.batches import PREFIX
from pipelines.delivery.compression import unpack_lines
from pipelines.delivery.lake import live, manifests, part_lines
from pipelines.delivery.sinks import Sink
from pipelines.store.protocol import Store

_Version = tuple[str, int]


class State(StrEnum):
    """What an unnamed part is; only copies may go."""

    WAITING = "waiting"  # its run is not finished: the manifest will name it
    YOUNG = "young"  # of a day that is not over for longer than the grace: another store's run may be at it
    COPY = "copy"  # named parts have all of its articles
    ALONE = "alone"  # it has articles that no named part has
    DAMAGED = "damaged"  # it cannot be read


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A part that no manifest names, its rows, and whether it was removed."""

    key: str
    rows: int
    state: State
    removed: bool = False


def find_unnamed(
    store: Store | None, sink: Sink, now: datetime, grace: timedelta, tell: Callable[[int], None] = lambda rows: None
) -> list[Unnamed]:
    """The sink's parts that no manifest names, by key. Raises DeliveryError. `tell` hears of rows as they are read."""
    there = sink.list(f"{PREFIX}/")
    # Manifests after objects: what is put and named meanwhile is named in them.
    known = manifests(sink)
    named = {part.key for manifest in known for part in manifest.parts} | {key for each in known for key in each.replaces}
    found = {key: _versions(sink, key) for key in there if key not in named}
    if not found:
        return []
    missing = {version for versions in found.values() for version in versions or ()}
    for part in live(known):
        missing -= _of(part_lines(sink, part)) if missing else set()
        tell(part.rows)
    waiting = {part.key for run in store.runs() if run.ended is None for part in store.parts(run.run_id)} if store else set()
    return [
        Unnamed(key, len(versions or ()), _state(key, versions, missing, waiting, now - grace))
        for key, versions in found.items()
    ]


def remove_copies(sink: Sink, found: Iterable[Unnamed]) -> list[Unnamed]:
    """The same parts after the copies among them were removed. Raises DeliveryError."""
    after = []
    for part in found:
        if part.state is State.COPY:
            sink.remove(part.key)
        after.append(replace(part, removed=part.state is State.COPY))
    return after


def _state(
    key: str, versions: set[_Version] | None, missing: set[_Version], waiting: set[str | None], since: datetime
) -> State:
    if key in waiting:
        return State.WAITING
    if versions is None:
        return State.DAMAGED
    if versions & missing:
        return State.ALONE
    ends = datetime.fromisoformat(key.removeprefix(f"{PREFIX}/dt=")[:10]).replace(tzinfo=UTC) + timedelta(days=1)
    return State.YOUNG if ends > since else State.COPY


def _versions(sink: Sink, key: str) -> set[_Version] | None:
    """The articles of a part with their versions; None where it cannot be read."""
    body = sink.get(key)
    try:
        return _of(unpack_lines(body)) if body is not None else None
    except (ValueError, KeyError, TypeError):
        return None


def _of(lines: Iterable[bytes]) -> set[_Version]:
    return {(row["id"], row["version"]) for row in map(orjson.loads, lines)}
