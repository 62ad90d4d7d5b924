"""What owners say of indexing, archiving, training and text mining: in robots.txt, in meta tags and in headers."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from crawler.network.tdm import Reservations
from pipelines.extract import extract
from pipelines.items import Draft, Link, Page
from pipelines.publishers import Publisher
from tests.cli import Cli
from tests.hostile.answers import answer, page
from tests.hostile.crawls import crawl, host_of_fault, run
from tests.hostile.transport import then_reset

URL = "https://news.example/2026/11/20/a-story"
# (meta tags, headers, allowed, aiTraining, noarchive, flags)
Said = tuple[str, dict[str, str], bool | None, bool | None, bool | None, set[str]]
CASES: dict[str, Said] = {
    "nothing": ("", {}, None, None, None, set()),
    "index": ('<meta name=robots content="index, follow">', {}, True, None, False, set()),
    "noindex": ('<meta name=ROBOTS content="NOINDEX,nofollow">', {}, False, None, False, {"robots.noindex"}),
    "none": ("<meta name=robots content=none>", {}, False, None, False, {"robots.none"}),
    "noarchive": ("<meta name=robots content='noarchive'>", {}, True, None, True, set()),
    "another's noindex": ("<meta name=googlebot content=noindex>", {}, None, None, None, set()),
    "ours by name": ("<meta name=dateline content=noindex>", {}, False, None, False, {"robots.noindex"}),
    "a max-snippet": ('<meta name=robots content="max-snippet:-1, max-image-preview:large">', {}, True, None, False, set()),
    "header": ("", {"x-robots-tag": "noindex, noarchive"}, False, None, True, {"robots.noindex"}),
    "header of another": ("", {"x-robots-tag": "googlebot: noindex, nofollow"}, None, None, None, set()),
    "header of another, then all": ("", {"x-robots-tag": "googlebot: noindex\nnoarchive"}, True, None, True, set()),
    "header of two": ("", {"x-robots-tag": "otherbot: noindex, dateline: noarchive"}, True, None, True, set()),
    "over": ("", {"x-robots-tag": "unavailable_after: 25 Jun 2010 15:00:00 GMT"}, False, None, False, {"robots.unavailable_after"}),
    "over, with a comma": (
        '<meta name=robots content="unavailable_after: Fri, 25 Jun 2010 15:00:00 GMT">', {}, False, None, False, {"robots.unavailable_after"},
    ),
    "not over": ("", {"x-robots-tag": "unavailable_after: 2099-01-01"}, True, None, False, set()),
    "noai": ('<meta name=robots content="noai, noimageai">', {}, True, False, False, {"robots.ai_meta"}),
    "noai in a header": ("", {"x-robots-tag": "noai"}, True, False, False, {"robots.ai_header"}),
    "an AI crawler by name": ("<meta name=GPTBot content=noindex>", {}, None, False, None, {"robots.ai_meta"}),
    "an AI crawler in a header": ("", {"x-robots-tag": "CCBot: noindex"}, None, False, None, {"robots.ai_header"}),
    "tdm reserved": ("<meta name=tdm-reservation content=1>", {}, None, False, None, {"robots.tdm"}),
    "tdm reserved in a header": ("", {"tdm-reservation": "1"}, None, False, None, {"robots.tdm"}),
    "tdm waived": ("", {"tdm-reservation": "0"}, None, True, None, set()),
    "content usage": ("", {"content-usage": "train-ai=n"}, None, False, None, {"robots.ai_header"}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_a_page_says_to_robots_is_recorded_with_its_evidence(case: str) -> None:
    markup, headers, *expected, flags = CASES[case]
    now = datetime(2026, 11, 22, tzinfo=UTC)
    fetched = Page(URL, page(case, markup), now, Link(URL, "news"), headers={"content-type": "text/html", **headers})
    draft = extract(fetched, Publisher(id="news"))
    assert isinstance(draft, Draft)
    assert [draft.robots.allowed, draft.robots.aiTraining, draft.robots.noarchive] == expected
    assert {flag for flag in draft.flags if flag.startswith("robots.")} == flags


def test_a_crawl_keeps_no_page_that_wants_no_index_and_records_what_robots_txt_says_of_ai(scrapy: Cli) -> None:
    rules = b"User-agent: *\nDisallow: /private\n\nUser-agent: GPTBot\nUser-agent: ClaudeBot\nDisallow: /good-2\n"
    signal = b"User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /\n"
    routes = {
        "named": host_of_fault(answer(page("meta", "<meta name=robots content=noindex>")), "named") | {"/robots.txt": answer(rules, kind="text/plain")},
        "signal": host_of_fault(answer(page("header"), "X-Robots-Tag: googlebot: noindex", "X-Robots-Tag: noindex"), "signal")
        | {"/robots.txt": answer(signal, kind="text/plain")},
    }  # fmt: skip
    with crawl(scrapy, routes) as crawled:
        for host in routes:
            assert (crawled.outcome(host), crawled.missing(host)) == ("robots", [])
            assert crawled.outcomes[host, "/bad"].detail == "the page says robots.noindex"
        training = {
            (host, path): crawled.article(host, path)["robots"]["aiTraining"]
            for host in routes
            for path in ("/good-1", "/good-2")
        }
    assert training == {
        ("named", "/good-1"): None,
        ("named", "/good-2"): False,
        ("signal", "/good-1"): False,
        ("signal", "/good-2"): False,
    }
    assert "robots.ai_robots_txt" in crawled.article("named", "/good-2")["flags"]


TDM = b'[{"location": "/good-1", "tdm-reservation": 0}, {"location": "/*d-", "tdm-reservation": 1, "tdm-policy": "https://x.example"}]'


def test_a_hosts_file_on_data_mining_is_asked_for_once_and_kept(scrapy: Cli) -> None:
    routes = {
        "reserved": host_of_fault(answer(page("own", "<meta name=tdm-reservation content=0>")), "reserved")
        | {"/.well-known/tdmrep.json": answer(TDM, kind="application/json")},
        "broken": host_of_fault(answer(page("broken")), "broken") | {"/.well-known/tdmrep.json": answer(b"<html>none here")},
        "reset": host_of_fault(answer(page("reset")), "reset") | {"/.well-known/tdmrep.json": then_reset(b"")},
    }
    with crawl(scrapy, routes, NEWS_TDM_FILE="true") as crawled:
        said = {
            (host, path): crawled.article(host, path)["robots"]["aiTraining"]
            for host in routes
            for path in ("/good-1", "/good-2", "/bad")
        }
        asked = [len(crawled.site.asked(host, "/.well-known/tdmrep.json")) for host in routes]
        again = run(scrapy, crawled.site, NEWS_TDM_FILE="true")
    assert said == dict.fromkeys(said, None) | {
        ("reserved", "/good-1"): True,
        ("reserved", "/good-2"): False,
        ("reserved", "/bad"): True,
    }
    assert asked == [1, 1, 1]
    assert len(again.site.asked("reserved", "/.well-known/tdmrep.json")) == 1, "it is kept"
    assert (crawled.done.code, again.done.code) == (0, 0)
    assert "robots.tdm" in crawled.article("reserved", "/good-2")["flags"]


@pytest.mark.parametrize(
    ("location", "path", "reserved"),
    [
        ("/", "/a", True), ("/news/*.html$", "/news/a/b.html", True), ("/news/*.html$", "/news/b.htmlx", None), ("/a$", "/a", True),
        ("/a$", "/ab", None), ("*/x", "/a/x/b", True), ("/" + "*a" * 500 + "z", "/" + "a" * 5000, None), ("/%7Emia", "/~mia/1", True),
    ],
)  # fmt: skip
def test_a_location_is_matched_as_robots_txt_does(location: str, path: str, reserved: bool | None) -> None:
    rules = Reservations(json.dumps([{"location": location, "tdm-reservation": 1}]).encode())
    assert rules.of(f"https://news.example{path}") is reserved


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[1, null, []]", b'[{"location": 5, "tdm-reservation": 1}]', b"[" * 60_000, b"\xff\xfe"]
)
def test_a_file_that_is_none_reserves_nothing(body: bytes) -> None:
    assert Reservations(body).of("https://news.example/") is None
