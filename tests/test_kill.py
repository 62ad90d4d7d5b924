"""Runs that are killed, stopped, or whose sink or store goes away: nothing is lost, nothing is twice in the manifests."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest

from examples.newsroom.server import SITES, Newsroom
from pipelines.errors import DatelineError
from pipelines.normalizers.urls import normalize_url
from tests.cli import Cli, Running, troubles, wait_until
from tests.servers import S3Server, altering_proxy
from tests.webserver import Answer, WebServer

HERE = SITES.parent
EXPECTED = sorted(
    normalize_url(json.loads(line)["url"]) for line in (HERE / "expected.jsonl").read_text(encoding="utf-8").splitlines()
)
PAGES = len(EXPECTED) + len((HERE / "rejected.jsonl").read_text(encoding="utf-8").splitlines())
ENDS_WITHIN_S = 20
# libxml2 compares every attribute with every other: this page holds its parser for some 20 s. A larger one might take all the memory
# that pages have together, and the article beside it would wait.
ENDLESS = b"<html><body><p " + b" ".join(b"a%d=1" % number for number in range(125_000)) + b">text</p></body></html>"

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found by /proc")
Reached = Callable[[Newsroom, Cli], bool]


def asked(pages: int) -> Reached:
    """So many pages and listings are asked for."""
    return lambda room, scrapy: len(room.requests) >= pages


def committed(pages: int) -> Reached:
    """So many pages have an outcome."""
    return lambda room, scrapy: len(scrapy.outcomes()) >= pages


def delivering(room: Newsroom, scrapy: Cli) -> bool:
    """The part is there, the manifest perhaps not."""
    return bool(list((scrapy.folder / "lake" / "articles").rglob("part-*")))


MOMENTS: dict[str, Reached] = {
    "at the first request": asked(1),
    "among the pages": asked(30),
    "while it delivers": delivering,
}


def assert_all_once(room: Newsroom, scrapy: Cli) -> None:
    lake = scrapy.lake
    assert sorted(normalize_url(room.example(article["url"])) for article in lake.articles()) == EXPECTED
    assert lake.unnamed() == []
    # A rejection that may pass is tried again, and counted, by each run: the newsroom has such a page.
    assert sum(manifest.counts.pages for manifest in lake.manifests()) >= PAGES


@needs_proc
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_crawl_killed_at_any_moment_is_completed_by_the_next(moment: str, scrapy: Cli, room: Newsroom) -> None:
    with scrapy.started("crawl", "news") as run:
        wait_until(lambda: MOMENTS[moment](room, scrapy) or run.over(), moment)
        run.process.kill()
        run.process.wait()
        wait_until(lambda: not run.family(), "the end of what the killed process had started")
    again = scrapy.run("crawl", "news")
    assert (again.code, "Traceback" in again.err) == (0, False), again.err
    assert_all_once(room, scrapy)


def test_a_crawl_killed_again_and_again_is_completed(scrapy: Cli, room: Newsroom) -> None:
    for outcomes in (10, 20):
        with scrapy.started("crawl", "news"):
            wait_until(partial(committed(outcomes), room, scrapy), f"{outcomes} outcomes")
    again = scrapy.run("crawl", "news")
    assert again.code == 0, again.err
    assert_all_once(room, scrapy)
    assert [manifest.verdict for manifest in scrapy.lake.manifests()] == ["killed", "killed", "ok"]


def test_a_reader_sees_whole_parts_of_whole_manifests_while_crawls_are_killed_and_delivered(
    scrapy: Cli, room: Newsroom
) -> None:
    with reader_of(scrapy) as (read, wrong):
        for outcomes in (10, 20):
            with scrapy.started("crawl", "news"):
                wait_until(partial(committed(outcomes), room, scrapy), f"{outcomes} outcomes")
        delivered = scrapy.run("deliver")
        wait_until(lambda: (read and read[-1]) or wrong, "the reader to see what was delivered")
        again = scrapy.run("crawl", "news")
    assert (delivered.code, again.code, wrong) == (0, 0, []), delivered.err + again.err
    assert read == sorted(read), "what a reader has seen stays"
    assert_all_once(room, scrapy)


@contextmanager
def reader_of(scrapy: Cli) -> Iterator[tuple[list[int], list[Exception]]]:
    """How many articles a reader found each time it read the whole lake, again and again; and what was wrong with it."""
    read: list[int] = []
    wrong: list[Exception] = []
    done = threading.Event()

    def poll() -> None:
        while not done.wait(0.01):
            try:
                read.append(len(scrapy.lake.articles()))
            except (AssertionError, DatelineError, ValueError) as error:
                wrong.append(error)

    thread = threading.Thread(target=poll)
    thread.start()
    try:
        yield read, wrong
    finally:
        done.set()
        thread.join()


def test_sigterm_to_the_whole_group_ends_a_crawl_with_what_it_has_delivered(scrapy: Cli, room: Newsroom) -> None:
    """`timeout` and systemd signal the group: workers must not end by themselves, their pages would be lost."""
    with scrapy.started("crawl", "news") as run:
        wait_until(lambda: committed(8)(room, scrapy), "eight outcomes")
        os.killpg(run.pid, signal.SIGTERM)
        done = run.ended(ENDS_WITHIN_S)
    assert (done.code, troubles(done.err)) == (0, [])
    first = scrapy.lake.manifests()[0]
    assert (first.counts.pages, "crashed" in first.counts.rejected) == (len(scrapy.outcomes()), False)
    assert len(scrapy.lake.articles()) == first.counts.articles
    assert first.verdict == "stopped"
    assert scrapy.run("crawl", "news").code == 0
    assert_all_once(room, scrapy)


@contextmanager
def silent_server() -> Iterator[tuple[str, list[socket.socket]]]:
    """The address of a server that takes connections and never answers, and the connections it has."""
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener, ExitStack() as stack:

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                held.append(connection)

        thread = threading.Thread(target=accept)
        thread.start()
        stack.callback(lambda: [connection.close() for connection in held])
        stack.callback(thread.join)
        # A closed listener does not wake its accept; its end for reading does.
        stack.callback(listener.shutdown, socket.SHUT_RDWR)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", held


@contextmanager
def slow_crawl(scrapy: Cli, room: Newsroom) -> Iterator[Running]:
    """A crawl that has done what it can and waits: for a site that does not answer, and for a page that takes long."""
    routes = {"/robots.txt": Answer(status=404), "/endless": Answer(ENDLESS)}
    with silent_server() as (silent, held), WebServer(routes) as server:
        addresses = scrapy.folder / "urls.txt"
        article = room.live("http://kyiv-courier.example/article/lviv-students-print-spare-parts-for-a-clinics-wheelchairs")
        addresses.write_text(f"{article}\n{silent}/a\n{server.url}/endless\n", encoding="utf-8")
        variables = {"NEWS_PAGE_SECONDS": "60", "NEWS_WORKERS": "2"}
        with scrapy.started("crawl", "urls", "-a", f"urls={addresses}", "-s", "DOWNLOAD_DELAY=0", **variables) as run:
            wait_until(lambda: held and "/endless" in server.paths() and scrapy.outcomes(), "the crawl to hang")
            yield run


@needs_proc
def test_sigterm_does_not_wait_for_a_silent_site_or_an_endless_page(scrapy: Cli, room: Newsroom) -> None:
    with slow_crawl(scrapy, room) as run:
        run.process.send_signal(signal.SIGTERM)
        done = run.ended(ENDS_WITHIN_S)
        wait_until(lambda: not run.family(), "the end of the workers")
    assert (done.code, "Traceback" in done.err, "never retrieved" in done.err) == (0, False, False), done.err
    manifest = scrapy.lake.manifests()[0]
    assert (manifest.verdict, manifest.counts.articles) == ("stopped", 1)
    assert set(manifest.counts.rejected) <= {"fetch", "robots"}, "what was on its way is for a later run"


@needs_proc
def test_a_second_sigterm_ends_at_once_and_the_next_run_delivers(scrapy: Cli, room: Newsroom) -> None:
    with slow_crawl(scrapy, room) as run:
        run.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "shutting down gracefully" in run.log().lower(), "the first signal to be heard")
        run.process.send_signal(signal.SIGTERM)
        done = run.ended(5)
        wait_until(lambda: not run.family(), "the end of the workers")
    assert done.code == 4
    assert done.log[-1] == "scrapy crawl: ended by force; what was extracted is safe, the next run delivers it"
    assert scrapy.lake.manifests() == []
    again = scrapy.run("crawl", "news")
    assert again.code == 0, again.err
    assert sorted(normalize_url(room.example(article["url"])) for article in scrapy.lake.articles()) == EXPECTED


def test_a_sink_that_goes_away_during_a_run_costs_nothing(scrapy: Cli, room: Newsroom, s3: S3Server, bucket: str) -> None:
    scrapy.variables = {**s3.environment, "NEWS_SINK": f"s3://{bucket}/lake"}
    with ExitStack() as stack:
        through = stack.enter_context(altering_proxy(s3.endpoint, b"", b""))
        with scrapy.started("crawl", "news", AWS_ENDPOINT_URL=through) as run:
            wait_until(lambda: room.requests, "the first request")
            stack.close()
            done = run.ended()
    assert done.code == 4
    assert "Not all is delivered; it is safe in sqlite://" in done.err and "the server does not answer" in done.err
    assert "Traceback" not in done.err and s3.environment["AWS_SECRET_ACCESS_KEY"] not in done.err
    assert (scrapy.lake.manifests(), len(scrapy.outcomes())) == ([], PAGES)
    again = scrapy.run("crawl", "news")
    assert (again.code, troubles(again.err)) == (0, [])
    assert_all_once(room, scrapy)
    assert [manifest.verdict for manifest in scrapy.lake.manifests()] == ["ok", "ok"]


def test_a_full_disk_ends_the_run_with_exit_4_and_the_next_one_fetches_the_rest(scrapy: Cli, room: Newsroom) -> None:
    full = scrapy.run("crawl", "news", file_bytes=400_000)
    assert full.code == 4, full.err
    assert f"The run ends: the store {scrapy.store}: " in full.err
    assert "Traceback" not in full.err
    again = scrapy.run("crawl", "news")
    assert again.code == 0, again.err
    assert_all_once(room, scrapy)
