"""The example newsroom: that it serves what it says, and that its truth agrees with its pages."""

from __future__ import annotations

import gzip
import json
import re
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import pytest
from lxml import etree, html

from examples.newsroom.server import PUBLISHERS, SITES, Newsroom, PortTaken, find, hosts, newsroom
from pipelines.items import Reason
from pipelines.normalizers.urls import normalize_url
from pipelines.publishers import load_publishers
from pipelines.values import ArticleType, AuthorType, BlockType, Precision

HERE = SITES.parent
ROOT = HERE.parent.parent
DEADLINE_S = 20

EXPECTED = [json.loads(line) for line in (HERE / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
REJECTED = [json.loads(line) for line in (HERE / "rejected.jsonl").read_text(encoding="utf-8").splitlines()]
JUNK = (HERE / "junk.txt").read_text(encoding="utf-8").splitlines()
UNDATED = [row["url"] for row in EXPECTED if row["datePublished"] is None]

articles = pytest.mark.parametrize("row", EXPECTED, ids=[row["url"].rpartition("/")[2][:40] for row in EXPECTED])


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with newsroom() as running:
        yield running


def ask(url: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    """The answer to one request on a connection of its own."""
    parts = urlsplit(url)
    assert parts.hostname
    connection = HTTPConnection(parts.hostname, parts.port, timeout=DEADLINE_S)
    try:
        connection.request(method, urlunsplit(("", "", parts.path, parts.query, "")), headers=headers)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def path_of(url: str) -> Path | None:
    """The file behind a URL of the newsroom."""
    parts = urlsplit(url)
    return find(SITES / parts.netloc, parts.path)


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@cache
def text_of(url: str) -> str:
    """A page's visible text, white space squeezed, decoded as its own meta element says."""
    file = path_of(url)
    assert file
    tree = html.fromstring(file.read_bytes())
    etree.strip_elements(tree, "script", "style", "noscript", with_tail=False)
    return squeeze(tree.text_content())


@cache
def every_text() -> str:
    return "\n".join(text_of(row["url"]) for row in EXPECTED)


def listed(host: str) -> list[tuple[str, str | None]]:
    """Every (URL, raw date) of a site's feed and sitemaps, as written."""
    publisher = next(p for p in load_publishers([PUBLISHERS]).values() if host in p.hosts)
    found = []
    for address in [*publisher.discover.feeds, *publisher.discover.sitemaps]:
        file = path_of(address)
        assert file, address
        found += _json_feed(file) if file.suffix == ".json" else _xml_listing(etree.parse(file).getroot())
    return found


def _json_feed(file: Path) -> list[tuple[str, str | None]]:
    return [(item["url"], item.get("date_published")) for item in json.loads(file.read_text(encoding="utf-8"))["items"]]


def _xml_listing(root: etree._Element) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for loc in root.iter("{*}sitemap"):
        child = path_of(loc.findtext("{*}loc") or "")
        assert child
        found += _xml_listing(etree.parse(child).getroot())
    for entry in root.iter("{*}url", "{*}item", "{*}entry"):
        link = entry.find("{*}link")
        url = entry.findtext("{*}loc") or (link.get("href") or link.text if link is not None else None)
        dates = [e.text for e in entry.iter("{*}publication_date", "{*}pubDate", "{*}published")]
        assert url
        found.append((url, dates[0] if dates else None))
    return found


def clean(url: str) -> str:
    return url.partition("?")[0]


# --- the server


def test_every_site_answers_on_its_own_port(room: Newsroom) -> None:
    assert list(room.origins) == hosts()
    assert len(set(room.origins.values())) == 5
    for origin in room.origins.values():
        response, body = ask(f"{origin}/")
        assert response.status == 200
        assert b'rel="alternate"' in body or b"rel='alternate'" in body


def test_served_text_names_only_loopback(room: Newsroom) -> None:
    for row in EXPECTED:
        _, body = ask(room.live(row["url"]))
        for host in room.origins:
            assert f"http://{host}".encode() not in body
        assert urlsplit(room.live(row["url"])).netloc.encode() in body


def test_live_and_example_are_inverse(room: Newsroom) -> None:
    for row in EXPECTED:
        assert room.example(room.live(row["url"])) == row["url"]


def test_types_and_charsets_are_the_files_own(room: Newsroom) -> None:
    kinds = {
        "http://www.business-ledger.example/rss/latest.rss": "application/rss+xml; charset=utf-8",
        "http://www.business-ledger.example/robots.txt": "text/plain; charset=utf-8",
        "http://latest-dispatch.example/feed.xml": "application/xml; charset=utf-8",
        "http://kyiv-courier.example/": "text/html; charset=utf-8",
        "http://english.levant-today.example/feed/": "application/rss+xml; charset=utf-8",
        "http://english.levant-today.example/sitemaps/news-1.xml.gz": "application/gzip",
        "http://english.levant-today.example/documents/water-levels-of-the-litani-july-2025.pdf": "application/pdf",
        "http://www.balkan-wire.example/": "text/html",
        "http://www.balkan-wire.example/feed.json": "application/feed+json",
    }
    assert {url: ask(room.live(url))[0].headers["Content-Type"] for url in kinds} == kinds


def test_a_gz_address_is_its_xml_compressed_the_same_each_time(room: Newsroom) -> None:
    url = room.live("http://english.levant-today.example/sitemaps/news-1.xml.gz")
    (_, first), (_, second), (_, plain) = ask(url), ask(url), ask(url.removesuffix(".gz"))
    assert first == second
    assert gzip.decompress(first) == plain
    assert b"http://127.0.0.1:" in plain


def test_an_unknown_path_is_404(room: Newsroom) -> None:
    origin = next(iter(room.origins.values()))
    for path in ("/nothing", "/news/", "/../server.py", "/%2e%2e/%2e%2e/server.py", "/.gz", "/sites/"):
        assert ask(origin + path)[0].status == 404


def test_conditional_requests_are_answered_304(room: Newsroom) -> None:
    url = room.live(EXPECTED[0]["url"])
    response, body = ask(url)
    etag, modified = response.headers["ETag"], response.headers["Last-Modified"]
    assert body
    for headers in ({"If-None-Match": etag}, {"If-None-Match": f'"x", W/{etag}'}, {"If-Modified-Since": modified}):
        again, nothing = ask(url, **headers)
        assert (again.status, nothing) == (304, b"")
        assert again.headers["ETag"] == etag


def test_a_changed_validator_gets_the_page_again(room: Newsroom) -> None:
    url = room.live(EXPECTED[0]["url"])
    modified = ask(url)[0].headers["Last-Modified"]
    assert ask(url, **{"If-None-Match": '"other"', "If-Modified-Since": modified})[0].status == 200
    assert ask(url, **{"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"})[0].status == 200
    assert ask(url, **{"If-Modified-Since": "yesterday"})[0].status == 200


def test_head_answers_as_get_without_the_body(room: Newsroom) -> None:
    url = room.live(EXPECTED[0]["url"])
    (get, body), (head, nothing) = ask(url), ask(url, "HEAD")
    assert nothing == b""
    assert head.headers["Content-Length"] == get.headers["Content-Length"] == str(len(body))


def test_requests_are_kept_and_logged_as_json_lines(tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    with newsroom(log=log) as running:
        host, origin = next(iter(running.origins.items()))
        ask(f"{origin}/robots.txt?a=b")
        ask(f"{origin}/missing")
    assert [(r.host, r.path, r.status) for r in running.requests] == [(host, "/robots.txt?a=b", 200), (host, "/missing", 404)]
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [line["path"] for line in lines] == ["/robots.txt?a=b", "/missing"]
    assert set(lines[0]) == {"time", "host", "method", "path", "status", "size"}


def test_written_publisher_files_load_and_name_what_is_served(tmp_path: Path) -> None:
    with newsroom(publishers_to=tmp_path / "publishers") as running:
        publishers = load_publishers([tmp_path / "publishers"])
        assert {host for p in publishers.values() for host in p.hosts} == {urlsplit(o).netloc for o in running.origins.values()}
        for publisher in publishers.values():
            for address in [*publisher.discover.feeds, *publisher.discover.sitemaps]:
                assert ask(address)[0].status == 200


def test_a_taken_port_is_refused_by_name_and_leaves_none_open() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"port {port}, for {re.escape(hosts()[0])}.*--port"), newsroom(port):
            pass


def run_server(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "examples.newsroom.server", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_prints_its_table_and_ends_quietly_on_a_signal(number: signal.Signals, tmp_path: Path) -> None:
    with run_server("--port", "0", "--publishers-to", str(tmp_path)) as process:
        assert process.stdout and process.stderr
        try:
            lines = [process.stdout.readline() for _ in range(6)]
            table = dict(line.split() for line in lines[:5])
            assert list(table) == hosts()
            assert "5 sites ready" in lines[5]
            assert ask(table[hosts()[0]])[0].status == 200
            process.send_signal(number)
            assert process.wait(DEADLINE_S) == 0
            assert process.stderr.read() == ""
        finally:
            process.kill()
    assert len(load_publishers([tmp_path])) == 5


def test_the_command_exits_2_when_a_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with run_server("--port", str(port)) as process:
            _, errors = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 2
    assert f"port {port}" in errors
    assert "Traceback" not in errors


# --- the truth and the pages


def test_five_sites_with_seven_articles_or_more_each() -> None:
    assert len(hosts()) == 5
    assert set(load_publishers([PUBLISHERS])) == {row["publisher"] for row in EXPECTED}
    assert min(Counter(row["publisher"] for row in EXPECTED).values()) >= 7


@pytest.mark.parametrize("host", hosts())
def test_every_listed_url_is_expected_or_rejected_and_the_reverse(host: str) -> None:
    known = {row["url"] for row in EXPECTED + REJECTED if urlsplit(row["url"]).netloc == host}
    assert {clean(url) for url, _ in listed(host)} == known


@pytest.mark.parametrize("host", hosts())
def test_feed_and_sitemap_each_list_something_that_the_other_does_not(host: str) -> None:
    counts = Counter(normalize_url(url) for url, _ in listed(host))
    assert set(counts.values()) == {1, 2}


def test_one_article_stands_at_two_urls_with_one_normal_form() -> None:
    urls = [url for url, _ in listed("www.business-ledger.example")]
    tracked = [url for url in urls if "utm_source" in url]
    assert len(tracked) == 1
    assert clean(tracked[0]) in urls
    assert normalize_url(tracked[0]) == normalize_url(clean(tracked[0]))


@pytest.mark.parametrize("host", hosts())
def test_listed_dates_agree_with_the_truth(host: str) -> None:
    truth = {row["url"]: row for row in EXPECTED}
    zone = next(p.timezone for p in load_publishers([PUBLISHERS]).values() if host in p.hosts)
    for url, raw in listed(host):
        if raw is None or clean(url) not in truth:
            continue
        published = truth[clean(url)]["datePublished"]
        assert published, f"{url} gives no date, so no listing may"
        instant = datetime.fromisoformat(published).astimezone(ZoneInfo(zone or "UTC"))
        assert raw == instant.strftime("%Y-%m-%d") if len(raw) == 10 else instant_of(raw) == instant


def instant_of(raw: str) -> datetime:
    instant = datetime.fromisoformat(raw) if raw[0].isdigit() else parsedate_to_datetime(raw)
    assert instant.tzinfo, raw
    return instant.astimezone(UTC)


def test_listings_write_dates_in_several_ways() -> None:
    raws = [raw for host in hosts() for _, raw in listed(host) if raw]
    for shape in (r" GMT$", r" \+0300$", r" \+0530$", r"T.*\+03:00$", r"^\d{4}-\d\d-\d\d$"):
        assert any(re.search(shape, raw) for raw in raws), shape


def test_three_articles_or_more_give_no_date() -> None:
    assert len(UNDATED) >= 3


@articles
def test_a_page_is_of_a_real_page_s_size(row: dict[str, object]) -> None:
    file = path_of(str(row["url"]))
    assert file
    assert 8_000 <= file.stat().st_size <= 40_000


@articles
def test_every_expected_text_stands_in_its_page(row: dict) -> None:  # type: ignore[type-arg]
    text = text_of(row["url"])
    texts = [row["headline"], row["copyrightNotice"], *(a["name"] for a in row["authors"]), *row["keywords"]]
    texts += [item["headline"] for item in row["relatedItems"]]
    texts += [image["caption"] for image in row["images"] if image["caption"]]
    texts += [image["creditText"] for image in row["images"] if image["creditText"]]
    for block in row["blocks"]:
        texts += re.split(r" \| |\n", block["text"]) if block["type"] == "table" else [block["text"]]
    assert [t for t in texts if squeeze(t) not in text] == []


@articles
def test_a_description_is_the_standfirst_or_the_meta_element(row: dict) -> None:  # type: ignore[type-arg]
    file = path_of(row["url"])
    assert file
    meta = html.fromstring(file.read_bytes()).xpath("string(//meta[@name='description']/@content)")
    assert row["description"] in text_of(row["url"]) or row["description"] == meta


@articles
def test_values_are_of_the_contract(row: dict) -> None:  # type: ignore[type-arg]
    ArticleType(row["type"])
    for author in row["authors"]:
        AuthorType(author["type"])
    for block in row["blocks"]:
        kind = BlockType(block["type"])
        assert block["text"] == block["text"].strip() != ""
        assert (block.get("level") is not None) == (kind is BlockType.HEADING)
        assert (block.get("time") is not None) == (kind is BlockType.LIVE_UPDATE)
    assert (row["datePublished"] is None) == (row["datePublishedPrecision"] is None)
    if row["datePublishedPrecision"]:
        Precision(row["datePublishedPrecision"])
    times = [row["datePublished"], row["dateModified"], *(item["datePublished"] for item in row["relatedItems"])]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", time) for time in times if time)


@articles
def test_a_canonical_link_names_the_expected_url(row: dict) -> None:  # type: ignore[type-arg]
    file = path_of(row["url"])
    assert file
    assert html.fromstring(file.read_bytes()).xpath("//link[@rel='canonical']/@href") == [row["url"]]


@articles
def test_an_index_page_links_to_the_article(row: dict) -> None:  # type: ignore[type-arg]
    parts = urlsplit(row["url"])
    pages = [html.fromstring(file.read_bytes()) for file in (SITES / parts.netloc).rglob("index.html")]
    links = {link for page in pages for link in page.xpath("//a/@href")}
    assert parts.path in links


@pytest.mark.parametrize("junk", JUNK)
def test_a_junk_string_stands_in_a_page_and_in_no_body(junk: str) -> None:
    assert squeeze(junk) in every_text()
    assert [row["url"] for row in EXPECTED for block in row["blocks"] if junk in block["text"]] == []


def test_blank_paragraph_and_empty_list_item_stand_in_their_pages() -> None:
    pages = [file.read_bytes() for row in EXPECTED if (file := path_of(row["url"]))]
    assert sum(b"<p>&nbsp;</p>" in page for page in pages) == 1
    assert sum(b"<li>-</li>" in page for page in pages) == 1


def test_rejected_pages_are_what_their_reason_says(room: Newsroom) -> None:
    for row in REJECTED:
        Reason(row["reason"])
        response, body = ask(room.live(row["url"]))
        kind = response.headers["Content-Type"].partition(";")[0]
        seen = (response.status == 404, body == b"", kind == "application/pdf")
        assert seen == (row["reason"] == "http_status", row["reason"] == "empty", row["reason"] == "not_html")
    assert len({row["reason"] for row in REJECTED}) == len(REJECTED)


def test_robots_txt_names_the_sitemap_and_forbids_only_what_is_rejected(room: Newsroom) -> None:
    for host, origin in room.origins.items():
        lines = ask(f"{origin}/robots.txt")[1].decode().splitlines()
        maps = [line.removeprefix("Sitemap: ") for line in lines if line.startswith("Sitemap: ")]
        closed = tuple(line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: "))
        assert [ask(url)[0].status for url in maps] == [200]
        assert "/search" in closed
        for row in EXPECTED + REJECTED:
            if urlsplit(row["url"]).netloc == host:
                assert urlsplit(row["url"]).path.startswith(closed) == (row.get("reason") == "robots")


def test_one_page_is_windows_1251_by_its_meta_element_alone(room: Newsroom) -> None:
    row = next(r for r in EXPECTED if r["url"].endswith("knigite-na-kovachevitsa-se-vrashtat-v-uchilishteto"))
    response, body = ask(room.live(row["url"]))
    assert "charset" not in response.headers["Content-Type"]
    assert b"charset=windows-1251" in body
    assert row["headline"] in body.decode("windows-1251")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_articles_only_match_their_publisher_s_expression() -> None:
    publishers = load_publishers([PUBLISHERS])
    for row in EXPECTED + [r for r in REJECTED if r["reason"] not in ("not_html", "robots", "no_article")]:
        expression = publishers[row["publisher"]].discover.article
        assert expression is None or re.search(expression, row["url"])
