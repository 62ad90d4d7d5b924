"""A crawl of the example newsroom from end to end, by the program that users start, into a folder and into S3."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
from scrapy.http import HtmlResponse

from crawler.spiders.reading import Reading
from examples.newsroom.server import SITES, Newsroom, Request, newsroom
from pipelines.delivery.schema import json_schema
from pipelines.items import Reason, Rejected
from pipelines.normalizers.urls import normalize_url
from pipelines.publishers import Publisher
from pipelines.tidemark import STORES
from tests.cli import Cli, Done, troubles, wait_until
from tests.servers import S3Server
from tests.webserver import Answer, WebServer

HERE = SITES.parent
EXPECTED = [json.loads(line) for line in (HERE / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
REJECTED = [json.loads(line) for line in (HERE / "rejected.jsonl").read_text(encoding="utf-8").splitlines()]
INSTANTS = {normalize_url(row["url"]): row["datePublished"] for row in EXPECTED}
LISTINGS = ("robots.txt", ".xml", ".rss", ".gz", "feed.json", "/feed/")
# The newsroom's own publishers wait for nothing; an ad hoc crawl is as polite as any, which a test need not be.
AT_ONCE = ("-s", "DOWNLOAD_DELAY=0")

_names = itertools.count(1)


@dataclass
class Crawl:
    """The newsroom crawled twice, with what was asked of it each time."""

    room: Newsroom
    scrapy: Cli
    first: Done
    second: Done
    asked_first: list[Request]
    asked_second: list[Request]

    @cached_property
    def articles(self) -> list[dict[str, Any]]:
        return self.scrapy.lake.articles()


def crawl_twice(scrapy: Cli) -> Iterator[Crawl]:
    with newsroom(publishers_to=scrapy.folder / "publishers") as room:
        first = scrapy.run("crawl", "news")
        asked = len(room.requests)
        second = scrapy.run("crawl", "news")
        yield Crawl(room, scrapy, first, second, room.requests[:asked], room.requests[asked:])


@pytest.fixture(scope="module")
def into_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    yield from crawl_twice(Cli(tmp_path_factory.mktemp("into_folder")))


@pytest.fixture(scope="module")
def into_s3(tmp_path_factory: pytest.TempPathFactory, s3: S3Server) -> Iterator[Crawl]:
    import boto3

    with pytest.MonkeyPatch.context() as patch:
        for variable, value in s3.environment.items():
            patch.setenv(variable, value)
        bucket = f"crawl-{next(_names)}"
        boto3.session.Session().client("s3").create_bucket(Bucket=bucket)
        variables = {**s3.environment, "NEWS_SINK": f"s3://{bucket}/news/lake"}
        yield from crawl_twice(Cli(tmp_path_factory.mktemp("into_s3"), variables))


@pytest.fixture(params=["into_folder", "into_s3"])
def crawl(request: pytest.FixtureRequest) -> Crawl:
    found: Crawl = request.getfixturevalue(request.param)
    return found


def named(room: Newsroom, articles: list[dict[str, Any]]) -> list[str]:
    """The articles' addresses as the files of the newsroom have them, in one spelling, sorted."""
    return sorted(normalize_url(room.example(article["url"])) for article in articles)


def expected(*publishers: str) -> list[str]:
    return sorted(normalize_url(row["url"]) for row in EXPECTED if not publishers or row["publisher"] in publishers)


def rejected(*publishers: str) -> dict[str, int]:
    return dict(Counter(row["reason"] for row in REJECTED if not publishers or row["publisher"] in publishers))


def test_a_good_crawl_exits_0_without_a_warning_in_its_log(crawl: Crawl) -> None:
    for run in (crawl.first, crawl.second):
        assert (run.code, troubles(run.err), run.out) == (0, [], "")


def test_every_article_is_in_the_manifests_parts_exactly_once(crawl: Crawl) -> None:
    assert named(crawl.room, crawl.articles) == expected()
    assert len({article["id"] for article in crawl.articles}) == len(EXPECTED)
    assert crawl.scrapy.lake.unnamed() == []


def test_every_instant_is_right_and_unknown_where_the_page_gives_none(crawl: Crawl) -> None:
    found = {normalize_url(crawl.room.example(article["url"])): article["datePublished"] for article in crawl.articles}
    assert found == INSTANTS


def test_every_line_keeps_the_contract(crawl: Crawl) -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    for article in crawl.articles:
        validator.validate(article)


def test_the_manifest_counts_what_came_and_what_was_rejected_why(crawl: Crawl) -> None:
    first = crawl.scrapy.lake.manifests()[0]
    counts = first.counts
    assert (first.spider, first.verdict, first.rows) == ("news", "ok", len(EXPECTED))
    assert (counts.articles, counts.undated, counts.rejected) == (len(EXPECTED), 3, rejected())
    assert counts.pages == len(EXPECTED) + len(REJECTED)
    for publisher, tally in first.sites.items():
        assert (tally.articles, tally.rejected) == (len(expected(publisher)), rejected(publisher)), publisher


def test_provenance_names_the_run_and_the_listing(crawl: Crawl) -> None:
    run = crawl.scrapy.lake.manifests()[0].runId
    for article in crawl.articles:
        provenance = article["provenance"]
        assert (provenance["runId"], provenance["spider"]) == (run, "news")
        assert provenance["discovery"]["via"] in ("feed", "sitemap")
        assert provenance["discovery"]["sourceUrl"].startswith(tuple(crawl.room.origins.values()))
        assert provenance["http"]["status"] == 200


def test_the_log_says_at_the_end_what_came(crawl: Crawl) -> None:
    report = [line for line in crawl.first.log if "35 articles, 3 undated, rejected: " in line]
    assert len(report) == 1
    assert all(f"1 {row['reason']}" in report[0] for row in REJECTED)


def test_a_second_run_fetches_only_listings_and_adds_nothing(crawl: Crawl) -> None:
    paths = {request.path for request in crawl.asked_second}
    assert paths, "the second run asked for nothing"
    assert [path for path in paths if not path.endswith(LISTINGS)] == []
    second = crawl.scrapy.lake.manifests()[1]
    assert (second.rows, second.parts, second.counts.pages, second.verdict) == (0, [], 0, "ok")


def test_no_page_is_fetched_twice(crawl: Crawl) -> None:
    asked = Counter(normalize_url(f"http://{request.host}{request.path}") for request in crawl.asked_first)
    assert [url for url, times in asked.items() if times > 1] == []


def test_a_page_that_robots_txt_forbids_is_not_asked_for(crawl: Crawl) -> None:
    forbidden = urlsplit(next(row["url"] for row in REJECTED if row["reason"] == "robots"))
    assert (forbidden.netloc, forbidden.path) not in {(request.host, request.path) for request in crawl.asked_first}


def test_beside_the_parts_lie_schemas_manifests_and_marks_alone(crawl: Crawl) -> None:
    lake = crawl.scrapy.lake
    runs = [manifest.runId for manifest in lake.manifests()]
    marks = [
        f"_meta/v1/runs/{run}/{name}" for run in runs for name in ("manifest.json", "_SUCCESS", "report.html", "report.json")
    ]
    schema = [f"_meta/v1/schema/{name}" for name in ("article-1.0.json", "athena.sql", "duckdb.sql", "spark.sql")]
    parts = [part.key for manifest in lake.manifests() for part in manifest.parts]
    [tidemark] = lake.sink.list(f"{STORES}/")
    assert set(lake.keys()) - {"_meta/v1/writable"} == {*marks, *schema, *parts, tidemark}


def test_publishers_are_chosen_by_id_and_the_output_file_has_the_parts_lines(scrapy: Cli, room: Newsroom) -> None:
    output = scrapy.folder / "out.jsonl"
    run = scrapy.run("crawl", "news", "-a", "publishers=levant_today, balkan_wire", "-O", str(output))
    assert run.code == 0, run.err
    lines = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    articles = scrapy.lake.articles()
    assert named(room, articles) == expected("levant_today", "balkan_wire")
    assert sorted(map(json.dumps, lines)) == sorted(map(json.dumps, articles)), "the same values, their keys in the same order"
    asked = {request.host for request in room.requests}
    assert asked == {"english.levant-today.example", "www.balkan-wire.example"}


def test_the_default_settings_crawl_loopback_and_the_command_line_overrides_variables(scrapy: Cli, room: Newsroom) -> None:
    other, store = (scrapy.folder / "other").as_uri(), scrapy.folder / "other.db"
    options = ("-s", f"NEWS_SINK={other}", "-s", f"NEWS_STORE=sqlite://{store}")
    run = scrapy.run("crawl", "news", "-a", "publishers=kyiv_courier", *options, SCRAPY_PROJECT="")
    assert (run.code, troubles(run.err)) == (0, [])
    assert named(room, Cli(scrapy.folder, {"NEWS_SINK": other}).lake.articles()) == expected("kyiv_courier")
    assert (store.exists(), scrapy.store.exists(), (scrapy.folder / "lake").exists()) == (True, False, False)


def test_a_site_without_a_file_is_found_from_its_home_page_and_robots_txt(scrapy: Cli, room: Newsroom) -> None:
    origin = room.origins["kyiv-courier.example"]
    run = scrapy.run("crawl", "news", "-a", f"site={origin}/", *AT_ONCE, NEWS_PUBLISHERS="")
    assert (run.code, troubles(run.err)) == (0, [])
    articles = scrapy.lake.articles()
    assert named(room, articles) == expected("kyiv_courier")
    assert {article["publisher"]["id"] for article in articles} == {urlsplit(origin).netloc}


def test_a_single_feed_is_crawled_by_its_publishers_rules(scrapy: Cli, room: Newsroom) -> None:
    feed = room.live("http://www.business-ledger.example/rss/latest.rss")
    run = scrapy.run("crawl", "news", "-a", f"feed={feed}")
    assert run.code == 0, run.err
    articles = scrapy.lake.articles()
    assert {article["publisher"]["id"] for article in articles} == {"business_ledger"}
    assert {article["provenance"]["discovery"]["via"] for article in articles} == {"feed"}
    assert set(named(room, articles)) <= set(expected("business_ledger"))
    assert not [request for request in room.requests if "sitemap" in request.path]


def test_a_sitemap_index_of_gzipped_sitemaps_is_followed(scrapy: Cli, room: Newsroom) -> None:
    index = room.live("http://english.levant-today.example/sitemap_index.xml")
    run = scrapy.run("crawl", "news", "-a", f"sitemap={index}", *AT_ONCE, NEWS_PUBLISHERS="")
    assert run.code == 0, run.err
    asked = {request.path for request in room.requests}
    assert {"/sitemaps/news-1.xml.gz", "/sitemaps/news-2.xml.gz"} <= asked
    articles = scrapy.lake.articles()
    assert {article["provenance"]["discovery"]["via"] for article in articles} == {"sitemap"}
    assert set(named(room, articles)) <= set(expected("levant_today"))
    assert len(articles) >= 6


@pytest.mark.parametrize("spider", ["news", "urls"])
def test_given_addresses_are_fetched_and_nothing_else(spider: str, scrapy: Cli, room: Newsroom) -> None:
    chosen = [row for row in EXPECTED if row["publisher"] == "balkan_wire"][:2]
    addresses = scrapy.folder / "urls.txt"
    lines = ["# two articles, one of them twice", "", *(room.live(row["url"]) for row in [*chosen, chosen[0]])]
    addresses.write_text("\n".join(lines) + "\n", encoding="utf-8")
    run = scrapy.run("crawl", spider, "-a", f"urls={addresses}")
    assert run.code == 0, run.err
    articles = scrapy.lake.articles()
    assert named(room, articles) == sorted(normalize_url(row["url"]) for row in chosen)
    assert {article["publisher"]["id"] for article in articles} == {"balkan_wire"}
    assert {article["provenance"]["discovery"]["via"] for article in articles} == {"given"}
    assert len(room.requests) == 3, "robots.txt and the two articles"
    assert scrapy.lake.manifests()[0].spider == spider


def test_a_limit_is_kept_and_the_next_run_fetches_the_rest(scrapy: Cli, room: Newsroom) -> None:
    first = scrapy.run("crawl", "news", "-a", "publishers=kyiv_courier,latest_dispatch", "-a", "limit=4")
    assert first.code == 0, first.err
    assert scrapy.lake.manifests()[0].counts.pages == 4
    second = scrapy.run("crawl", "news", "-a", "publishers=kyiv_courier,latest_dispatch")
    assert second.code == 0, second.err
    assert named(room, scrapy.lake.articles()) == expected("kyiv_courier", "latest_dispatch")


def test_an_archive_is_read_instead_of_the_network(scrapy: Cli) -> None:
    rows = [row for row in EXPECTED if row["publisher"] == "latest_dispatch"]
    warc = scrapy.folder / "pages.warc.gz"
    write_warc(warc, [row["url"] for row in rows])
    run = scrapy.run("crawl", "archive", "-a", f"warc={warc}", "-a", "limit=5", NEWS_PUBLISHERS="")
    assert (run.code, troubles(run.err)) == (0, [])
    articles = scrapy.lake.articles()
    assert sorted(article["url"] for article in articles) == sorted(row["url"] for row in rows[:5])
    assert {article["dateDownloaded"] for article in articles} == {"2025-08-15T00:00:00Z"}


def write_warc(path: Path, urls: list[str]) -> None:
    """The sites' own pages as response records (ISO 28500), each a gzip member."""
    with path.open("wb") as file:
        for url in urls:
            parts = urlsplit(url)
            body = (SITES / parts.netloc / parts.path.lstrip("/")).read_bytes()
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
            lines = ["WARC/1.0", "WARC-Type: response", f"WARC-Target-URI: {url}", "WARC-Date: 2025-08-15T00:00:00Z"]
            lines += ["Content-Type: application/http; msgtype=response", f"Content-Length: {len(answer)}", "", ""]
            file.write(gzip.compress("\r\n".join(lines).encode() + answer + b"\r\n\r\n"))


def test_a_first_page_waits_less_than_three_seconds(scrapy: Cli, room: Newsroom) -> None:
    """From the first answer of a listing to the first committed outcome: what a page waits for the workers."""
    with scrapy.started("crawl", "news", "-a", "publishers=latest_dispatch") as run:
        page = "/news/2025/08/13/"
        wait_until(lambda: [r for r in room.requests if r.path.startswith(page)], "the first page's request")
        asked = datetime.fromisoformat(next(r.time for r in room.requests if r.path.startswith(page)))
        assert run.ended().code == 0
    manifest = scrapy.lake.manifests()[0]
    assert (min(scrapy.outcomes()) - asked).total_seconds() < 3
    assert manifest.counts.articles == 7


def test_a_missed_expectation_is_told_and_exits_3_with_all_delivered(scrapy: Cli, room: Newsroom) -> None:
    file = scrapy.folder / "publishers" / "balkan_wire.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("headline = 1.0", "datePublished = 1.0"), encoding="utf-8")
    run = scrapy.run("crawl", "news", "-a", "publishers=balkan_wire")
    assert run.code == 3
    assert "Expectation missed: balkan_wire: datePublished is filled in 86% of 7 articles, expected are 100%" in run.err
    assert scrapy.lake.manifests()[0].verdict == "degraded"
    assert named(room, scrapy.lake.articles()) == expected("balkan_wire")


def test_a_link_of_any_length_has_its_outcome_and_a_site_without_an_article_is_told(scrapy: Cli) -> None:
    """Scrapy's own limit drops a longer address without a word."""
    long_path = f"/{'a-very-long-way-' * 200}end"
    with WebServer({"/robots.txt": Answer(status=404), long_path: Answer(status=410)}) as server:
        paths = ("/gone", "/lost", long_path)
        links = "".join(f"<item><title>A</title><link>{server.url}{path}</link></item>" for path in paths)
        feed = f'<rss version="2.0"><channel>{links}</channel></rss>'
        server.routes["/feed"] = Answer(feed.encode(), headers={"Content-Type": "application/rss+xml"})
        run = scrapy.run("crawl", "news", "-a", f"feed={server.url}/feed", *AT_ONCE, NEWS_PUBLISHERS="")
    assert run.code == 0, run.err
    assert scrapy.lake.manifests()[0].counts.rejected == {"http_status": 3}
    (alarm,) = troubles(run.err)
    assert alarm.endswith("3 pages and no article, 3 of them http_status")


@pytest.mark.parametrize(("reason", "faults"), [(Reason.CRASHED, 1), (Reason.TIMEOUT, 0)])
def test_a_run_is_not_well_whose_listing_crashed(reason: Reason, faults: int) -> None:
    """A worker that died, or code of ours that raised: the listing brings nothing, and the run would end as if it had nothing to bring."""

    class Pipeline:
        faults = 0

        def __init__(self) -> None:
            self.desk = self

        async def worked(self, *asked: object) -> Rejected:
            return Rejected(reason, "fault")

        def note_fault(self) -> None:
            self.faults += 1

    pipeline = Pipeline()
    response = HtmlResponse("https://www.example.com/feed", body=b"<rss/>", encoding="utf-8")
    found = asyncio.run(Reading(pipeline).newest(response, Publisher(id="example"), None))  # type: ignore[arg-type]
    assert (found, pipeline.faults) == (Rejected(reason, "fault"), faults)
