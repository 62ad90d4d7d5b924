"""Pages that cannot be processed are kept with their bytes and why, and are processed again when they are asked for."""

from __future__ import annotations

import zlib
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.items import Page, Reason, Rejected
from pipelines.settle import settle
from pipelines.store import Store, open_store
from tests.builders import NOW, make_article, make_draft, make_link
from tests.cli import Cli, steps_of
from tests.conftest import Call
from tests.webserver import Answer, WebServer

ENDLESS = b"<html><body><p " + b" ".join(b"a%d=1" % number for number in range(200_000)) + b">text</p></body></html>"
STORY = "".join(f"<p>The harbour reopened on Wednesday after {number} days of repairs to its walls.</p>" for number in range(8))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = open_store(f"sqlite://{tmp_path}/store.db")
    store.start_run("run-1", "news", NOW)
    return store


def page(number: int = 1, body: bytes = b"<html>") -> Page:
    return Page(
        make_link(number).url, body, NOW, make_link(number, title="half a pair \ud800"), 200, {"content-type": "text/html"}
    )


@pytest.mark.parametrize("reason", [Reason.TIMEOUT, Reason.MEMORY, Reason.CRASHED])
def test_a_page_that_cannot_be_processed_is_kept_with_its_bytes(store: Store, reason: Reason) -> None:
    settle(store, page(body=b"<html>\xff"), Rejected(reason, "why"), "run-1", NOW)
    [kept] = store.quarantined()
    assert (kept.reason, kept.detail, kept.size, kept.status, kept.run_id) == (reason, "why", 7, 200, "run-1")
    again = store.quarantined_page(kept.key)
    assert (again.body, again.url, again.fetched_at, again.headers) == (b"<html>\xff", page().url, NOW, page().headers)
    assert again.link.title == "half a pair ?"
    store.close()


@pytest.mark.parametrize("reason", [Reason.NO_ARTICLE, Reason.TOO_SHORT, Reason.UNCHANGED])
def test_a_page_that_is_no_article_is_not_kept(store: Store, reason: Reason) -> None:
    settle(store, page(), Rejected(reason), "run-1", NOW)
    assert store.quarantined() == []
    store.close()


def test_a_fault_in_our_code_and_what_cannot_be_written_cost_no_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    unwritable = make_draft(make_article(1, keywords=[object()]))
    settled = settle(store, page(1), unwritable, "run-1", NOW)
    assert isinstance(settled, Rejected)
    assert (settled.reason, "TypeError" in settled.detail) == (Reason.CRASHED, True)
    monkeypatch.setattr("pipelines.settle.without_boilerplate", lambda draft, memory: 1 / 0)
    settled = settle(store, page(2), make_draft(make_article(2)), "run-1", NOW)
    assert isinstance(settled, Rejected)
    assert settled.detail.endswith("ZeroDivisionError: division by zero")
    assert len(store.quarantined()) == 2
    assert [(count.outcome, count.pages) for count in store.counts("run-1")] == [("crashed", 2)]
    store.close()


def test_a_page_with_another_outcome_leaves_the_quarantine(store: Store) -> None:
    settle(store, page(), Rejected(Reason.TIMEOUT), "run-1", NOW)
    store.start_run("run-2", "quarantine", NOW)
    settle(store, page(), make_draft(make_article(1)), "run-2", NOW)
    assert store.quarantined() == []
    store.close()


def test_the_oldest_pages_leave_a_full_quarantine(store: Store) -> None:
    for number in range(4):
        settle(store, page(number), Rejected(Reason.TIMEOUT), "run-1", NOW + timedelta(minutes=number))
    one = len(zlib.compress(b"<html>"))
    assert store.trim_quarantine(4 * one) == []
    assert store.trim_quarantine(2 * one) == [make_link(0).url, make_link(1).url]
    assert [kept.url for kept in store.quarantined()] == [make_link(2).url, make_link(3).url]
    store.close()


def test_a_crawls_quarantine_is_listed_shown_and_retried(scrapy: Cli, call: Call) -> None:
    # Long enough that no machine reads it in the millisecond that it is given first.
    html = f"<html><head><title>Harbour</title></head><body><article><h1>Harbour</h1>{STORY * 150}</article></body></html>".encode()
    routes = {"/robots.txt": Answer(status=404), "/slow": Answer(html), "/endless": Answer(ENDLESS)}
    with WebServer(routes) as server:
        urls = scrapy.folder / "urls.txt"
        urls.write_text(f"{server.url}/slow\n{server.url}/endless\n")
        crawled = scrapy.run("crawl", "urls", "-a", f"urls={urls}", NEWS_PAGE_SECONDS="0.001", NEWS_PUBLISHERS="")
    assert crawled.code == 0
    assert f"{server.url}/slow is in quarantine: timeout: " in crawled.err
    listed = {row["url"]: row for row in call("quarantine", "list", NEWS_PUBLISHERS="").rows}
    assert sorted(listed) == [f"{server.url}/endless", f"{server.url}/slow"]
    key = listed[f"{server.url}/slow"]["page"]
    (shown,) = call("quarantine", "show", key[:12], NEWS_PUBLISHERS="").rows
    assert (shown["reason"], shown["status"], shown["size"]) == ("timeout", 200, len(html))
    assert scrapy.run("quarantine", "show", key, "--raw", NEWS_PUBLISHERS="").out.encode() == html
    retried = scrapy.run("quarantine", "retry", NEWS_PAGE_SECONDS="3", NEWS_PUBLISHERS="")
    outcomes = {row["url"]: row["outcome"] for row in retried.rows}
    assert (retried.code, outcomes) == (1, {f"{server.url}/slow": "article", f"{server.url}/endless": "timeout"}), retried.err
    (article,) = scrapy.lake.articles()
    assert (article["headline"], article["provenance"]["spider"]) == ("Harbour", "quarantine")
    assert [row["url"] for row in call("quarantine", "list", NEWS_PUBLISHERS="").rows] == [f"{server.url}/endless"]


def test_a_page_that_is_not_there_is_refused(scrapy: Cli, call: Call) -> None:
    open_store(f"sqlite://{scrapy.store}").close()
    done = call("quarantine", "show", "ffff", NEWS_PUBLISHERS="")
    assert (done.code, done.err.startswith("scrapy quarantine: ffff: no such page;")) == (2, True)
    assert call("quarantine", "retry", NEWS_PUBLISHERS="").code == 0


@pytest.mark.long
def test_a_page_is_in_quarantine_or_stored_once_after_a_kill_at_any_step(tmp_path: Path) -> None:
    """SIGKILL before each change of the store, in a run that puts a page aside and in its retry; then a run and a retry more."""
    steps = steps_of("dies_shelving", tmp_path)
    expected = [make_article(number).url for number in (1, 2)]
    for step in steps:
        assert (step["urls"], step["left"]) == (expected, [0, 0, 0]), f"{step['scenario']} killed at {step['moment']}"
    killed = [step["scenario"] for step in steps if step["died"]]
    assert killed.count("crawl") > 15
    assert killed.count("retry") > 8


def test_a_page_that_a_full_disk_does_not_take_is_fetched_and_kept_by_the_next_run(scrapy: Cli) -> None:
    with WebServer({"/robots.txt": Answer(status=404), "/endless": Answer(ENDLESS)}) as server:
        urls = scrapy.folder / "urls.txt"
        urls.write_text(f"{server.url}/endless\n")
        crawl = ("crawl", "urls", "-a", f"urls={urls}")
        full = scrapy.run(*crawl, file_bytes=400_000, NEWS_PAGE_SECONDS="0.5", NEWS_PUBLISHERS="")
        assert (full.code, "Traceback" in full.err) == (4, False), full.err
        assert f"The run ends: the store {scrapy.store}: " in full.err
        again = scrapy.run(*crawl, NEWS_PAGE_SECONDS="0.5", NEWS_PUBLISHERS="")
    assert again.code == 0, again.err
    store = open_store(f"sqlite://{scrapy.store}")
    [kept] = store.quarantined()
    assert (kept.url, kept.reason, store.quarantined_page(kept.key).body) == (f"{server.url}/endless", "timeout", ENDLESS)
    store.close()
