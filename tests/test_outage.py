"""The sink is away, the outbox fills: fetching stops in order at its limit, and nothing is lost or stored twice when it is back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from examples.newsroom.server import Newsroom
from pipelines.configuration import configuration
from pipelines.deliver import finish_run, recover
from pipelines.delivery.batches import Limits
from pipelines.delivery.sinks import open_sink
from pipelines.errors import DeliveryError
from pipelines.store import Verdict, open_store
from tests.builders import NOW, make_article, make_link
from tests.cli import Cli
from tests.test_delivery import Refusing, ids
from tests.test_kill import assert_all_once


def test_three_runs_without_a_sink_and_it_is_back(tmp_path: Path) -> None:
    sink = open_sink(f"file://{tmp_path}/lake")
    away = Refusing(sink, refused=set(range(1, 10_000)))
    for number in range(3):
        store, now = open_store(f"sqlite://{tmp_path}/store.db"), NOW + timedelta(hours=number)
        assert [run.error for run in recover(store, away, now)] == ["refused"] * (number > 0), "the first refusal ends the try"
        run_id = f"run-{number}"
        store.start_run(run_id, "news", now)
        for link in store.claim([make_link(place) for place in range(10 * number + 12)], run_id, now):
            store.commit(link, make_article(int(link.url.rpartition("-")[2])), run_id=run_id, now=now)
        with pytest.raises(DeliveryError):
            finish_run(store, away, run_id, now, verdict=Verdict.OK, limits=Limits(part_bytes=1))
        store.close()
    store = open_store(f"sqlite://{tmp_path}/store.db")
    assert store.waiting().rows == 32
    assert [run.error for run in recover(store, sink, NOW + timedelta(days=1))] == [None] * 3
    assert sorted(ids(sink)) == sorted(make_article(number).id for number in range(32))
    assert store.waiting().rows == 0
    store.close()


def test_a_full_outbox_ends_a_run_in_order_and_the_next_ones_fetch_the_rest(scrapy: Cli, room: Newsroom) -> None:
    limited = scrapy.run("crawl", "news", NEWS_OUTBOX_MIB="0.02")
    assert limited.code == 4, limited.err
    assert "The run ends: 0.02 MiB wait in the outbox, as much as NEWS_OUTBOX_MIB allows" in limited.err
    assert "Traceback" not in limited.err
    [manifest] = scrapy.lake.manifests()
    assert (manifest.verdict, manifest.counts.pages) == ("stopped", len(scrapy.outcomes()))
    assert scrapy.run("crawl", "news").code == 0
    assert_all_once(room, scrapy)


def test_nothing_is_fetched_while_the_outbox_is_full(scrapy: Cli, room: Newsroom) -> None:
    other = open_store(f"sqlite://{scrapy.store}")
    other.start_run("other", "archive", NOW)
    for number in range(40):
        other.commit(make_link(number), make_article(number), run_id="other", now=NOW)
    full = scrapy.run("crawl", "news", NEWS_OUTBOX_MIB="0.05")
    assert (full.code, room.requests) == (4, []), full.err
    assert "Nothing is fetched: 0 MiB wait in the outbox, NEWS_OUTBOX_MIB allows 0.05" in full.err
    other.close()
    assert scrapy.run("crawl", "news", NEWS_OUTBOX_MIB="1").code == 0, "the other run is over: it is delivered first"
    assert len(scrapy.lake.articles()) > 40


def test_a_part_closes_before_the_outbox_is_full() -> None:
    values = {"NEWS_SINK": "file:///x", "NEWS_STORE": "sqlite:///x", "NEWS_OUTBOX_MIB": "100"}
    config = configuration(values.get)
    assert config.limits.full_bytes == config.outbox_bytes / 2, "where the sink is well, half the limit is never passed by far"
