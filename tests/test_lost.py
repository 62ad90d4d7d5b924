"""A sink that loses what it was given: what the store still has is put again, what it has not is told."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from examples.newsroom.server import Newsroom
from pipelines.compact import compact
from pipelines.deliver import deliver, finish_run, recover
from pipelines.delivery.batches import Limits
from pipelines.delivery.compression import Compression
from pipelines.delivery.lake import lines
from pipelines.delivery.manifest import build, manifest_key
from pipelines.delivery.sinks import Sink, open_sink
from pipelines.errors import DeliveryError, StoreDamaged
from pipelines.lost import Lost, find_lost, last_is_lost
from pipelines.normalizers.urls import normalize_url
from pipelines.rebuild import rebuild
from pipelines.store import Store, Verdict, open_store
from tests.builders import NOW, make_article, make_link
from tests.cli import Cli
from tests.conftest import Call
from tests.lakes import DAY
from tests.test_kill import EXPECTED

LATER = NOW + timedelta(hours=1)


def commit(store: Store, run_id: str, *numbers: int) -> None:
    store.start_run(run_id, "news", NOW)
    for number in numbers:
        store.commit(make_link(number), make_article(number), run_id=run_id, now=NOW)


def run_of(store: Store, sink: Sink, run_id: str, *numbers: int) -> None:
    commit(store, run_id, *numbers)
    finish_run(store, sink, run_id, NOW, verdict=Verdict.OK)


def found(sink: Sink) -> list[str]:
    return sorted(json.loads(line)["id"] for line in lines(sink))


def expected(*numbers: int) -> list[str]:
    return sorted(make_article(number).id for number in numbers)


def test_a_part_that_is_gone_before_its_manifest_is_put_again(sink: Sink, store: Store) -> None:
    commit(store, "run-1", 1, 2)
    deliver(store, sink, "run-1", NOW, close=True)
    [key] = sink.list("articles/")
    sink.remove(key)
    finish_run(store, sink, "run-1", LATER, verdict=Verdict.OK)
    assert found(sink) == expected(1, 2)


def test_a_run_that_was_delivered_but_not_marked_so_puts_back_no_part_that_was_replaced(folder: Sink, store: Store) -> None:
    run_of(store, folder, "run-1", 1)
    commit(store, "run-2", 2)

    class Unmarked:
        """The sink of a process that dies after its manifest."""

        def __getattr__(self, name: str) -> object:
            return getattr(folder, name)

        def put(self, key: str, body: bytes, **options: str) -> object:
            if key.endswith("_SUCCESS"):
                raise DeliveryError("killed")
            return folder.put(key, body, **options)

    with pytest.raises(DeliveryError, match="killed"):
        finish_run(store, Unmarked(), "run-2", NOW, verdict=Verdict.OK)  # type: ignore[arg-type]
    compact(folder, DAY, LATER, limits=Limits(), grace=timedelta(0))
    finish_run(store, folder, "run-2", LATER, verdict=Verdict.OK)
    assert (len(folder.list("articles/")), found(folder)) == (1, expected(1, 2))


def test_a_manifest_that_never_arrived_names_the_parts_as_they_were_put_again(folder: Sink, store: Store) -> None:
    """Its parts are gone, and the next release compresses in another way."""
    commit(store, "run-1", 1, 2)
    deliver(store, folder, "run-1", NOW, close=True)
    run = store.close_run("run-1", NOW, Verdict.OK)
    store.seal_manifest("run-1", build(run, store.parts("run-1"), store.counts("run-1")).to_bytes())
    folder.remove(store.parts("run-1")[0].key or "")
    finish_run(store, folder, "run-1", LATER, verdict=Verdict.OK, limits=Limits(compression=Compression.ZSTD))
    assert (found(folder), folder.list("articles/")[0].rpartition(".")[2]) == (expected(1, 2), "zst")


def test_a_store_that_was_made_anew_knows_what_the_sink_has_to_have(folder: Sink, store: Store) -> None:
    run_of(store, folder, "run-1", 1)
    store.close()
    rebuild(store.url, folder, LATER, "asked for")
    folder.remove(manifest_key("run-1"))
    made = open_store(store.url)
    assert find_lost(made, folder) == Lost(again=("run-1",))
    made.close()
    assert found(folder) == expected(1)


def test_a_manifest_that_is_gone_is_put_again(sink: Sink, store: Store) -> None:
    for number in (1, 2):
        run_of(store, sink, f"run-{number}", number)
    assert (last_is_lost(store, sink), find_lost(store, sink)) == (False, Lost())
    body = sink.get(manifest_key("run-2"))
    sink.remove(manifest_key("run-2"))
    assert last_is_lost(store, sink)
    assert find_lost(store, sink) == Lost(again=("run-2",))
    assert (sink.get(manifest_key("run-2")), found(sink)) == (body, expected(1, 2))


def test_the_manifest_of_a_run_whose_parts_were_replaced_is_put_again(folder: Sink, store: Store) -> None:
    for number in (1, 2):
        run_of(store, folder, f"run-{number}", number)
    compact(folder, DAY, LATER, limits=Limits(), grace=timedelta(0))
    folder.remove(manifest_key("run-1"))
    assert find_lost(store, folder) == Lost(again=("run-1",))
    assert found(folder) == expected(1, 2)


def test_a_sink_of_another_address_has_lost_nothing(folder: Sink, store: Store, tmp_path: Path) -> None:
    run_of(store, folder, "run-1", 1)
    other = open_sink(f"file://{tmp_path}/other")
    assert (last_is_lost(store, other), find_lost(store, other)) == (False, Lost())


def test_a_listing_that_lags_is_no_loss(folder: Sink, store: Store) -> None:
    class Lagging:
        def __getattr__(self, name: str) -> object:
            return getattr(folder, name)

        def list(self, prefix: str) -> list[str]:
            return [key for key in folder.list(prefix) if "run-2" not in key]

    run_of(store, folder, "run-1", 1)
    run_of(store, folder, "run-2", 2)
    assert not find_lost(store, Lagging())  # type: ignore[arg-type]


def test_what_a_copy_of_the_store_delivered_does_not_hold_the_rest_for_ever(folder: Sink, store: Store, tmp_path: Path) -> None:
    """A machine's image was started twice in the middle of a run."""
    commit(store, "run-1", 1, 2)
    store.scrub()
    shutil.copy(tmp_path / "store.db", tmp_path / "copy.db")
    shutil.copy(tmp_path / "store.db-wal", tmp_path / "copy.db-wal")
    copy = open_store(f"sqlite://{tmp_path}/copy.db")
    assert [run.error for run in recover(copy, folder, LATER)] == [None]
    copy.close()
    store.commit(make_link(3), make_article(3), run_id="run-1", now=NOW)
    with pytest.raises(StoreDamaged, match="it is an older state, from before run run-1"):
        finish_run(store, folder, "run-1", LATER, verdict=Verdict.OK)
    store.close()
    rebuild(store.url, folder, LATER, "older")
    made = open_store(f"sqlite://{tmp_path}/store.db")
    assert [run.error for run in recover(made, folder, LATER)] == [None]
    made.close()
    assert found(folder) == expected(1, 2, 3)


def test_a_crawl_over_an_emptied_sink_says_so_and_a_rebuilt_store_fetches_anew(scrapy: Cli, room: Newsroom) -> None:
    assert scrapy.run("crawl", "news", "-a", "publishers=kyiv_courier").code == 0
    shutil.rmtree(scrapy.folder / "lake")
    emptied = scrapy.run("crawl", "news")
    assert emptied.code == 3, emptied.err
    assert "1 runs were delivered, and their manifests and parts are not there any more" in emptied.err
    [manifest] = scrapy.lake.manifests()
    assert manifest.verdict == "degraded"
    assert scrapy.run("store", "rebuild", "--force").code == 0
    assert scrapy.run("crawl", "news").code == 3, "the store was made anew"
    assert sorted(normalize_url(room.example(article["url"])) for article in scrapy.lake.articles()) == EXPECTED


def test_the_command_puts_manifests_again_and_tells_what_is_gone(scrapy: Cli, call: Call) -> None:
    sink, store = open_sink(scrapy.sink), open_store(f"sqlite://{scrapy.store}")
    for number in (1, 2):
        run_of(store, sink, f"run-{number}", number)
    store.close()
    sink.remove(manifest_key("run-1"))
    again = call("deliver")
    assert (again.code, found(sink)) == (0, expected(1, 2))
    assert "1 manifests that were gone are put again: run-1" in again.err
    shutil.rmtree(scrapy.folder / "lake")
    gone = call("deliver")
    assert gone.code == 3
    assert "2 runs were delivered, and their manifests and parts are not there any more: run-2, run-1. Restore" in gone.err
