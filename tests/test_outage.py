"""The sink is away, the outbox fills: fetching stops in order at its limit, and nothing is lost or stored twice when it is back."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import ExitStack, closing
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
from tests.cli import DEADLINE_S, Cli, troubles, wait_until
from tests.faults import Fault, fault_proxy
from tests.servers import Radosgw, S3Server
from tests.test_delivery import Refusing, ids
from tests.test_kill import assert_all_once
from tests.webserver import Answer, WebServer


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


def test_three_crawls_without_a_sink_and_the_next_delivers_each_article_once(
    scrapy: Cli, room: Newsroom, s3: S3Server, bucket: str
) -> None:
    scrapy.variables = {**s3.environment, "NEWS_SINK": f"s3://{bucket}/lake", "AWS_MAX_ATTEMPTS": "1"}
    with ExitStack() as stack:
        closed = stack.enter_context(fault_proxy(s3.endpoint, listening=threading.Event()))
        slow = stack.enter_context(fault_proxy(s3.endpoint, *[Fault.SLOW_DOWN] * 1000))
        faulty = stack.enter_context(fault_proxy(s3.endpoint, *[Fault.ERROR] * 1000))
        waiting = 0
        for proxy in (closed, slow, faulty):
            away = scrapy.run("crawl", "news", "-a", "limit=8", AWS_ENDPOINT_URL=proxy.endpoint)
            assert away.code == 4, away.err
            assert away.err.startswith("scrapy crawl: WARNING: the sink is away: "), away.err
            assert "Not all is delivered; it is safe in sqlite://" in away.err and "Traceback" not in away.err
            assert len(scrapy.outcomes()) > waiting, "it crawls although the sink is away"
            waiting = len(scrapy.outcomes())
    assert scrapy.lake.keys() == []
    back = scrapy.run("crawl", "news")
    assert (back.code, troubles(back.err)) == (0, [])
    assert_all_once(room, scrapy)
    assert len(scrapy.lake.manifests()) == 4


def test_credentials_that_expire_during_a_run_cost_nothing(scrapy: Cli, gateway: Radosgw, bucket: str) -> None:
    released = threading.Event()

    def late(before: int) -> Answer:
        released.wait(DEADLINE_S)
        return Answer(_story("The late ferry"))

    scrapy.variables = {**gateway.environment, "NEWS_SINK": f"s3://{bucket}/lake", "NEWS_PART_SECONDS": "0.1"}
    routes = {"/robots.txt": Answer(status=404), "/early": Answer(_story("The early ferry")), "/late": late}
    with WebServer(routes) as server, fault_proxy(gateway.endpoint) as proxy:
        urls = scrapy.folder / "urls.txt"
        urls.write_text(f"{server.url}/early\n{server.url}/late\n", encoding="utf-8")
        crawl = ("crawl", "urls", "-a", f"urls={urls}")
        with scrapy.started(*crawl, AWS_ENDPOINT_URL=proxy.endpoint, NEWS_PUBLISHERS="") as run:
            wait_until(lambda: scrapy.lake.unnamed(), "the first part")
            proxy.script[:] = [Fault.EXPIRED] * 1000
            released.set()
            done = run.ended()
        assert (done.code, scrapy.lake.manifests()) == (4, []), done.err
        assert "the credentials have expired; renew them" in done.err and "Traceback" not in done.err
        refused = scrapy.run(*crawl, AWS_ENDPOINT_URL=proxy.endpoint, NEWS_PUBLISHERS="")
        assert (refused.code, "the credentials have expired" in refused.err) == (2, True), "a new run needs them renewed"
    delivered = scrapy.run("deliver", NEWS_PUBLISHERS="")
    assert delivered.code == 0, delivered.err
    assert sorted(article["headline"] for article in scrapy.lake.articles()) == ["The early ferry", "The late ferry"]
    assert scrapy.lake.unnamed() == []


def test_a_sink_that_falls_silent_holds_a_runs_end_no_longer_than_allowed(
    scrapy: Cli, room: Newsroom, gateway: Radosgw, bucket: str
) -> None:
    scrapy.variables = {**gateway.environment, "NEWS_SINK": f"s3://{bucket}/lake", "NEWS_PART_SECONDS": "0.1"}
    crawl = ("crawl", "news", "-a", "publishers=kyiv_courier", "-a", "limit=3")
    with ExitStack() as stack:
        proxy = stack.enter_context(fault_proxy(gateway.endpoint))
        run = stack.enter_context(scrapy.started(*crawl, AWS_ENDPOINT_URL=proxy.endpoint, NEWS_END_SECONDS="0.5"))
        wait_until(lambda: room.requests, "the first request")
        proxy.script[:] = [Fault.SILENT] * 1000
        done = run.ended(30)
    assert done.code == 4, done.err
    assert "has not taken it within the 0.5 s of NEWS_END_SECONDS; see that it can be reached" in done.err
    assert "Traceback" not in done.err and "never retrieved" not in done.err
    committed = len(scrapy.outcomes())
    assert (scrapy.run("deliver").code, scrapy.lake.unnamed()) == (0, [])
    assert [manifest.counts.pages for manifest in scrapy.lake.manifests()] == [committed]


def _story(headline: str) -> bytes:
    text = "".join(
        f"<p>{headline} left the harbour {number} minutes after its time on Wednesday.</p>" for number in range(2, 12)
    )
    return (
        f"<html><head><title>{headline}</title></head><body><article><h1>{headline}</h1>{text}</article></body></html>".encode()
    )


def test_a_damaged_store_is_not_made_anew_without_its_sink(scrapy: Cli, room: Newsroom, bucket: str) -> None:
    open_store(f"sqlite://{scrapy.store}").close()
    scrapy.store.write_bytes(b"")
    away = {"NEWS_SINK": f"s3://{bucket}/lake", "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "a"}
    done = scrapy.run("crawl", "news", **away, AWS_SECRET_ACCESS_KEY="b")
    assert (done.code, room.requests, scrapy.store.read_bytes()) == (4, [], b"")
    assert done.err.startswith("scrapy crawl: nothing is fetched: the sink s3://"), done.err


def test_a_store_that_takes_no_run_is_told_before_anything_is_fetched(scrapy: Cli, room: Newsroom) -> None:
    """A disk that fills, or another process that holds the file, between the checks and the run's first write."""
    open_store(f"sqlite://{scrapy.store}").close()
    with closing(sqlite3.connect(scrapy.store)) as other:
        other.execute("CREATE TRIGGER held BEFORE INSERT ON runs BEGIN SELECT RAISE(FAIL, 'database is locked'); END")
    done = scrapy.run("crawl", "news")
    assert (done.code, room.requests, "Traceback" in done.err) == (2, [], False), done.err
    assert f"Nothing is fetched: the store {scrapy.store}: database is locked: another process has held it" in done.err


def test_a_listing_whose_links_the_store_did_not_take_is_read_again(scrapy: Cli, room: Newsroom) -> None:
    """A disk that is full for a moment: the links find no room, what the visit left would."""
    open_store(f"sqlite://{scrapy.store}").close()
    with closing(sqlite3.connect(scrapy.store)) as other:
        other.execute("CREATE TRIGGER held BEFORE INSERT ON links BEGIN SELECT RAISE(FAIL, 'disk I/O error'); END")
        full = scrapy.run("crawl", "news")
        assert (
            full.code,
            other.execute("SELECT url FROM listings WHERE visited IS NOT NULL AND via <> 'site'").fetchall(),
        ) == (4, [])
        other.execute("DROP TRIGGER held")
    assert scrapy.run("crawl", "news").code == 0
    assert_all_once(room, scrapy)


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


def test_a_full_outbox_holds_a_runs_start_no_longer_than_its_end(
    scrapy: Cli, room: Newsroom, gateway: Radosgw, bucket: str
) -> None:
    """The sink is well while it is checked, and then takes nothing."""
    store = open_store(f"sqlite://{scrapy.store}")
    store.start_run("dead", "archive", NOW)
    for number in range(40):
        store.commit(make_link(number), make_article(number), run_id="dead", now=NOW)
    store.close()
    scrapy.variables = {**gateway.environment, "NEWS_SINK": f"s3://{bucket}/lake"}
    full = {"NEWS_OUTBOX_MIB": "0.05", "NEWS_END_SECONDS": "0.5"}
    # What the check of the sink asks, twice for a put, and what asks for the mark of the store and of the run.
    with fault_proxy(gateway.endpoint, *[Fault.PASS] * 6, *[Fault.SILENT] * 1000) as proxy:
        held = scrapy.run("crawl", "news", AWS_ENDPOINT_URL=proxy.endpoint, **full)
    assert (held.code, room.requests) == (4, []), held.err
    assert held.seconds < 20
    assert "The outbox is full: before anything is fetched it is delivered, for 0.5 s at most" in held.err
    assert "has not taken all of it within the 0.5 s of NEWS_END_SECONDS" in held.err and "Traceback" not in held.err
    assert "Nothing is fetched: 0 MiB wait in the outbox" in held.err
    assert scrapy.run("crawl", "news", NEWS_OUTBOX_MIB="1").code == 0
    assert len(scrapy.lake.articles()) > 40


def test_a_part_closes_before_the_outbox_is_full() -> None:
    values = {"NEWS_SINK": "file:///x", "NEWS_STORE": "sqlite:///x", "NEWS_OUTBOX_MIB": "100"}
    config = configuration(values.get)
    assert config.limits.full_bytes == config.outbox_bytes / 2, "where the sink is well, half the limit is never passed by far"
