"""Two runs at once: a publisher's listings are read by one of them, nothing is stored twice, and a killed run holds nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable

import pytest

from examples.newsroom.server import SITES, Newsroom
from pipelines.store import Store, Verdict, open_store
from pipelines.store.protocol import PublishersHeld
from tests.builders import NOW
from tests.cli import Cli, troubles, wait_until
from tests.test_kill import ENDS_WITHIN_S

_spawn = multiprocessing.get_context("spawn")
PUBLISHERS = ["balkan_wire", "business_ledger", "kyiv_courier", "latest_dispatch", "levant_today"]


# The store's promise


def test_a_publisher_is_held_by_one_live_run(open_: Callable[[], Store]) -> None:
    one, other = open_(), open_()
    assert one.start_run("run-1", "news", NOW, publishers=["a", "b"]) == {}
    assert other.start_run("run-2", "news", NOW, publishers=["b", "c"]) == {"b": "run-1"}
    with pytest.raises(PublishersHeld, match="run run-1 is crawling a; run run-2 is crawling c"):
        open_().start_run("run-3", "news", NOW, publishers=["a", "c"])
    assert [run.run_id for run in one.runs()] == ["run-2", "run-1"], "the third is not registered"
    assert open_().start_run("run-3", "news", NOW) == {}, "without publishers a run needs no lease, and its id is free"


@pytest.mark.parametrize("end", ["close", "die"])
def test_a_run_that_is_over_holds_no_publisher(open_: Callable[[], Store], end: str) -> None:
    store = open_()
    store.start_run("run-1", "news", NOW, publishers=["a"])
    if end == "close":
        store.close_run("run-1", NOW, Verdict.OK)
    else:
        store.close()
    assert open_().start_run("run-2", "news", NOW, publishers=["a"]) == {}


def test_who_finishes_a_dead_run_does_not_hold_its_publishers(open_: Callable[[], Store]) -> None:
    store = open_()
    store.start_run("run-1", "news", NOW, publishers=["a"])
    store.close()
    assert open_().take_over("run-1")
    assert open_().start_run("run-2", "news", NOW, publishers=["a"]) == {}


def test_a_killed_process_frees_its_publishers_at_once(open_: Callable[[], Store]) -> None:
    store = open_()
    killed = _spawn.Process(target=_lease_and_die, args=(store.url,))
    killed.start()
    killed.join(30)
    assert killed.exitcode == -signal.SIGKILL
    assert store.start_run("run-2", "news", NOW, publishers=["a"]) == {}


def _lease_and_die(url: str) -> None:
    open_store(url).start_run("run-1", "news", NOW, publishers=["a"])
    os.kill(os.getpid(), signal.SIGKILL)


# Crawls


def test_a_second_crawl_of_the_same_publishers_says_so_and_exits_5(scrapy: Cli, room: Newsroom) -> None:
    files = list((scrapy.folder / "publishers").glob("*.toml"))
    for file in files:
        file.write_text(file.read_text().replace("delay    = 0.0", "delay    = 30.0"))
    # The first one waits for its sites until it is asked to stop.
    with scrapy.started("crawl", "news") as first:
        wait_until(lambda: room.requests, "the first request")
        second = scrapy.run("crawl", "news")
        first.process.send_signal(signal.SIGTERM)
        assert first.ended(ENDS_WITHIN_S).code == 0, "it does not wait for what waits for a site's delay"
    assert second.code == 5
    (trouble,) = troubles(second.err)
    for text in ("Nothing is fetched: run ", " is crawling balkan_wire; run ", " is crawling levant_today"):
        assert text in trouble, text
    assert len(scrapy.lake.manifests()) == 1, "the second run is in no list"
    for file in files:
        file.write_text(file.read_text().replace("delay    = 30.0", "delay    = 0.0"))
    assert scrapy.run("crawl", "news").code == 0
    ids = [article["id"] for article in scrapy.lake.articles()]
    assert len(ids) == len(set(ids)) > 30


def test_a_crawl_leaves_out_the_publishers_that_another_run_holds(scrapy: Cli, room: Newsroom) -> None:
    holder = open_store(f"sqlite://{scrapy.store}")
    holder.start_run("holder", "news", NOW, publishers=["kyiv_courier"])
    run = scrapy.run("crawl", "news")
    holder.close()
    assert run.code == 0
    assert [line.partition(": ")[2] for line in troubles(run.err)] == ["kyiv_courier is left out: run holder is crawling it"]
    (manifest,) = scrapy.lake.manifests()
    assert sorted(manifest.sites) == [name for name in PUBLISHERS if name != "kyiv_courier"]
    again = scrapy.run("crawl", "news")
    assert (again.code, len({article["publisher"]["id"] for article in scrapy.lake.articles()})) == (0, 5), again.err


def test_two_crawls_of_given_addresses_share_the_pages_and_double_none(scrapy: Cli, room: Newsroom) -> None:
    pages = sorted(path.relative_to(SITES) for path in SITES.rglob("*.html"))
    urls = scrapy.folder / "urls.txt"
    addresses = [room.live(f"http://{path.with_suffix('')}") for path in pages]
    urls.write_text("\n".join(addresses))
    with scrapy.started("crawl", "urls", "-a", f"urls={urls}") as other:
        run = scrapy.run("crawl", "urls", "-a", f"urls={urls}")
        # 3: of a publisher whose pages the two share, one may not get what its file expects.
        assert {other.ended().code, run.code} <= {0, 3}, run.err
    ids = [article["id"] for article in scrapy.lake.articles()]
    assert len(ids) == len(set(ids)) > 30
    assert sum(manifest.counts.pages for manifest in scrapy.lake.manifests()) == len(pages)
