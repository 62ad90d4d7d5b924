"""Parts that no manifest names: what each is, and that only copies are removed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.deliver import deliver
from pipelines.delivery.sinks import Sink, open_sink
from pipelines.store import Store, open_store
from pipelines.unnamed import State, Unnamed, find_unnamed, remove_copies
from tests.builders import NOW, make_article, make_link
from tests.cli import Cli
from tests.conftest import Call
from tests.lakes import deliver_run, make_row, put_part

GRACE = timedelta(days=1)
LATER = NOW + timedelta(days=3)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite://{tmp_path}/store.db")
    yield opened
    opened.close()


def test_each_unnamed_part_has_its_state_and_only_copies_go(sink: Sink, store: Store) -> None:
    deliver_run(sink, "run-1", [1, 2, 3])
    copy = put_part(sink, "lost-1", map(make_row, [1, 3])).key
    alone = put_part(sink, "lost-2", map(make_row, [2, 4])).key
    other = put_part(sink, "lost-3", [make_row(1, version=2)]).key
    damaged = copy.replace("lost-1", "lost-4")
    sink.put(damaged, b"no part")
    store.start_run("run-2", "news", NOW)
    store.commit(make_link(1), make_article(1), run_id="run-2", now=NOW)
    deliver(store, sink, "run-2", NOW, close=True)
    [waiting] = [part.key for part in store.parts("run-2")]
    found = find_unnamed(store, sink, LATER, GRACE)
    states = {copy: State.COPY, alone: State.ALONE, other: State.ALONE, damaged: State.DAMAGED, waiting: State.WAITING}
    assert {part.key: part.state for part in found} == states
    assert [part.key for part in remove_copies(sink, found) if part.removed] == [copy]
    assert {part.key for part in find_unnamed(store, sink, LATER, GRACE)} == set(states) - {copy}


def test_a_copy_of_a_day_that_is_hardly_over_stays(folder: Sink, store: Store) -> None:
    """A run on another machine may be about to name it."""
    deliver_run(folder, "run-1", [1])
    copy = put_part(folder, "lost-1", [make_row(1)]).key
    assert find_unnamed(store, folder, NOW + timedelta(days=1), GRACE) == [Unnamed(copy, 1, State.YOUNG)]


def test_a_lake_whose_parts_are_all_named_has_none(folder: Sink) -> None:
    deliver_run(folder, "run-1", [1])
    assert find_unnamed(None, folder, LATER, GRACE) == []


def test_the_command_lists_and_removes(scrapy: Cli, call: Call) -> None:
    sink = open_sink(scrapy.sink)
    deliver_run(sink, "run-1", [1, 2])
    copy = put_part(sink, "lost-1", [make_row(1)]).key
    listed = call("store", "unnamed")
    assert (listed.code, listed.rows) == (0, [{"key": copy, "rows": 1, "state": "copy", "removed": False}])
    assert call("store", "unnamed", "--remove").rows[0]["removed"] is True
    assert call("store", "unnamed").rows == []
    assert not scrapy.store.exists()
