"""The network layer, against servers on loopback and real crawls, each in a process of its own: a reactor starts once."""

from __future__ import annotations

import gzip
import ipaddress
import json
import os
import socket
import subprocess
import sys
import threading
import zlib
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import brotli
import pytest
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest, ResponseDataLossError
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.network.encodings import Broken, TooLarge, TooMany, Unknown, decoded, unpacked
from crawler.network.failures import rejection
from crawler.network.guard import AddressRefused, allowed, networks_of
from crawler.network.politeness import HostPaused, pause_s
from crawler.network.robots import RobotsRefused
from pipelines.errors import ConfigurationError
from pipelines.items import Reason
from tests.forks import SCRAPY
from tests.webserver import Answer, WebServer

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PROJECT = Path(__file__).resolve().parent.parent
HTML = {"Content-Type": "text/html"}
TEXT = {"Content-Type": "text/plain"}
PAGE = b"<html><body>" + b"".join(b"<p>Paragraph %d of a page.</p>" % n for n in range(20_000)) + b"</body></html>"

NETWORK = {
    "TWISTED_DNS_RESOLVER": "crawler.network.guard.GuardedResolver",
    "DOWNLOADER": "crawler.network.hosts.HostDownloader",
    "SCHEDULER_PRIORITY_QUEUE": "crawler.network.hosts.HostQueue",
    "DOWNLOAD_HANDLERS": {
        "http": "crawler.network.politeness.PoliteHandler",
        "https": "crawler.network.politeness.PoliteHandler",
        "data": None,
        "file": None,
        "ftp": None,
        "s3": None,
    },
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "crawler.network.robots.RobotsMiddleware": 100,
        "crawler.network.limits.WholeBodies": 595,
        "crawler.network.guard.AddressGuard": 860,
    },
    "NEWS_ALLOW_NETWORKS": "127.0.0.0/8,::1/128",
    "ROBOTSTXT_OBEY": False,
    "RETRY_TIMES": 0,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
    "DOWNLOAD_TIMEOUT": 5,
    "LOG_LEVEL": "ERROR",
}

# A name server whose answer for one name changes with each question.
REBINDING = """
import itertools, socket
answers, real = itertools.cycle(["127.0.0.2", "127.0.0.1"]), socket.getaddrinfo

def changing(host, *arguments, **named):
    return real(next(answers) if host == "rebinding.example" else host, *arguments, **named)

socket.getaddrinfo = changing
"""


# A name server that never answers for some names; the rest of the machine's names are as they are.
SILENT = """
import socket, threading
real = socket.getaddrinfo

def waiting(host, *arguments, **named):
    if host.endswith("silent.example"):
        threading.Event().wait()
    return real("127.0.0.1" if host == "good.example" else host, *arguments, **named)

socket.getaddrinfo = waiting
"""


def crawl(urls: list[str], *, before: str = "", **settings: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The outcome of each address by its text, and the crawl's statistics. `before` is code that its process runs first."""
    task = json.dumps({"urls": urls, "settings": {**NETWORK, **settings}}).encode()
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    if before:
        program = [sys.executable, "-c", f"{before}\nfrom tests.probe import main\nmain()"]
        done = subprocess.run(program, input=task, capture_output=True, cwd=PROJECT, env=environment, timeout=90, check=False)
    else:
        done = SCRAPY.run("tests.probe", [], environment, task, 90)
    assert done.returncode == 0, done.stderr.decode()
    result = json.loads(done.stdout)
    return result["outcomes"], result["stats"]


# Who may be connected to


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::808:808",
        "localhost",
        "",
    ],
)
def test_an_address_that_is_not_the_public_internet_is_refused(address: str) -> None:
    assert not allowed(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_is_allowed(address: str) -> None:
    assert allowed(address)


def test_a_named_network_is_allowed_in_each_way_to_write_its_addresses() -> None:
    networks = [ipaddress.ip_network("127.0.0.0/8")]
    assert allowed("127.0.0.1", networks)
    assert allowed("::ffff:127.0.0.1", networks)
    assert not allowed("10.0.0.1", networks)


def test_a_network_that_is_none_is_refused_with_the_settings_name() -> None:
    with pytest.raises(ConfigurationError, match=r"NEWS_ALLOW_NETWORKS: .*10\.0\.0\.0/99"):
        networks_of(Settings({"NEWS_ALLOW_NETWORKS": "127.0.0.0/8,10.0.0.0/99"}))


def test_a_host_that_only_ever_asks_for_pauses_is_left_alone() -> None:
    with WebServer({f"/{number}": Answer(b"", 429) for number in range(12)}) as server:
        urls = [f"{server.url}/{number}" for number in range(12)]
        settings = {"NEWS_PAUSE_SECONDS": 0.4, "NEWS_PAUSE_MAX_SECONDS": 1, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
        outcomes, stats = crawl(urls, **settings)
        asked = server.paths()
    assert len(asked) == 3, "0.4 s, 0.8 s, and what would be more than a second"
    assert [outcomes[url].get("error") for url in urls].count("HostPaused") == 9
    assert stats["network/given_up_hosts"] == 1


def test_names_that_are_never_answered_hold_neither_other_hosts_nor_the_end() -> None:
    with WebServer({"/a": Answer(PAGE)}) as server:
        good = f"http://good.example:{server.port}/a"
        silent = [f"http://n{number}.silent.example/" for number in range(12)]
        outcomes, _ = crawl([*silent, good], before=SILENT, DOWNLOAD_TIMEOUT=1)
    assert outcomes[good]["status"] == 200
    assert {(outcomes[url]["reason"], outcomes[url]["retry"]) for url in silent} == {("fetch", True)}


def test_no_way_to_write_loopback_reaches_a_listening_server() -> None:
    with WebServer({"/": Answer()}) as canary:
        hosts = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0"]
        urls = [f"http://{host}:{canary.port}/" for host in hosts]
        outcomes, stats = crawl(urls, NEWS_ALLOW_NETWORKS="", ROBOTSTXT_OBEY=True)
    assert canary.paths() == []
    assert {outcome["error"] for outcome in outcomes.values()} == {"AddressRefused"}
    assert len(outcomes) == len(urls)
    assert stats["network/refused_address"] >= len(urls)
    assert "not globally routable" in outcomes[urls[0]]["detail"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="127.0.0.2 is there on Linux alone")
def test_a_name_that_changes_its_answer_does_not_lead_inside() -> None:
    """The first answer is an allowed address, the second is not; nothing is cached between them."""
    with (
        WebServer({"/": Answer(), "/again": Answer()}, "127.0.0.2") as outside,
        socket.create_server(("127.0.0.1", outside.port)) as inside,
    ):
        inside.settimeout(0)
        urls = [f"http://rebinding.example:{outside.port}/{path}" for path in ("", "again")]
        settings = {"NEWS_ALLOW_NETWORKS": "127.0.0.2/32", "DNSCACHE_ENABLED": False, "CONCURRENT_REQUESTS": 1}
        outcomes, _ = crawl(urls, before=REBINDING, **settings)
        with pytest.raises(BlockingIOError):
            inside.accept()
    assert outside.paths() == ["/"]
    assert (outcomes[urls[0]]["status"], outcomes[urls[1]]["error"]) == (200, "AddressRefused")


def test_ipv6_loopback_is_refused_and_can_be_opened() -> None:
    try:
        canary = WebServer({"/": Answer()}, "::1")
    except OSError:
        pytest.skip("this machine has no IPv6")
    with canary:
        refused, _ = crawl([f"{canary.url}/"], NEWS_ALLOW_NETWORKS="127.0.0.0/8")
        before = canary.paths()
        opened, _ = crawl([f"{canary.url}/"], NEWS_ALLOW_NETWORKS="::1/128")
    assert before == []
    assert refused[f"{canary.url}/"]["error"] == "AddressRefused"
    assert opened[f"{canary.url}/"]["status"] == 200


def test_a_redirect_and_its_robots_txt_do_not_lead_inside() -> None:
    with WebServer({"/": Answer()}, "127.0.0.2") as canary:
        away = Answer(b"", 302, {"Location": f"{canary.url}/"})
        with WebServer({"/away": away, "/ok": Answer(), "/robots.txt": Answer(b"", 404)}) as site:
            outcomes, _ = crawl([f"{site.url}/away", f"{site.url}/ok"], NEWS_ALLOW_NETWORKS="127.0.0.1/32", ROBOTSTXT_OBEY=True)
    assert canary.paths() == []
    assert outcomes[f"{site.url}/away"]["error"] == "AddressRefused"
    assert outcomes[f"{site.url}/ok"]["status"] == 200


def test_without_the_guarded_resolver_nothing_is_fetched() -> None:
    with WebServer({"/": Answer()}) as site:
        outcomes, _ = crawl([f"{site.url}/"], TWISTED_DNS_RESOLVER="scrapy.resolver.CachingThreadedResolver")
    assert site.paths() == []
    assert "TWISTED_DNS_RESOLVER" in outcomes[f"{site.url}/"]["detail"]


# Limits


def _bare_deflate(body: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(body) + deflater.flush()


ENCODERS = {
    "gzip": ("gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", _bare_deflate),
    "brotli": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
}


def is_whole(body: bytes, encoding: str) -> bool:
    try:
        unpacked(body, encoding)
    except Broken:
        return False
    return True


@pytest.mark.parametrize("name", ENCODERS)
@pytest.mark.parametrize("size", [1, 65_536, 131_072, len(PAGE)])
def test_a_compressed_body_is_whole_only_with_its_last_byte(name: str, size: int) -> None:
    encoding, encode = ENCODERS[name]
    body = encode(PAGE[:size])
    assert unpacked(body, encoding) == PAGE[:size]
    cuts = {len(body) // 3, len(body) // 2, *range(max(1, len(body) - 9), len(body))} - {0}
    assert [cut for cut in cuts if is_whole(body[:cut], encoding)] == []


def test_a_body_of_empty_members_is_given_up_before_it_takes_minutes() -> None:
    many, few = gzip.compress(b"") * 400_000, gzip.compress(b"") * 900
    assert not is_whole(many, "gzip") and is_whole(few, "gzip")
    assert not is_whole(zstd.compress(b"") * 800_000, "zstd")
    with pytest.raises(Broken, match="more than 1000 members"):
        decoded(many, "gzip", 10**6)
    assert decoded(few + gzip.compress(PAGE), "gzip", 10**7) == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, br", "utf-8", "compress"])
@pytest.mark.parametrize(
    "plain",
    [PAGE, "Нет".encode("cp1251").join([b"<p>", b"</p>" * 9]), b"User-agent: *\nDisallow:\n", "\ufeff<p>".encode("utf-16")],
)
def test_plain_text_under_a_wrong_header_is_taken_as_it_is(encoding: str, plain: bytes) -> None:
    assert unpacked(plain, encoding) == plain


@pytest.mark.parametrize(
    "header",
    ["gzip,", ", gzip", "GZIP", "x-gzip", "X-GZip , identity", "identity, gzip", "gzip, none", " gzip ", "gzip, utf-8"],
)
def test_a_header_is_read_however_it_is_written(header: str) -> None:
    assert unpacked(gzip.compress(PAGE), header) == PAGE


def test_several_encodings_are_taken_off_the_last_one_first() -> None:
    assert unpacked(zstd.compress(zlib.compress(gzip.compress(PAGE))), "gzip,, Deflate, identity,ZSTD") == PAGE
    with pytest.raises(TooMany):
        unpacked(PAGE, "gzip, gzip, gzip, gzip")


def test_an_encoding_that_nothing_reads_is_named() -> None:
    with pytest.raises(Unknown, match="unknown encoding compress"):
        unpacked(bytes(range(256)), "compress")
    with pytest.raises(Unknown, match="unknown encoding exi"):
        unpacked(gzip.compress(bytes(1000)), "exi, gzip")


def test_what_servers_do_to_gzip_without_losing_text_is_whole() -> None:
    body = gzip.compress(PAGE)
    assert unpacked(body + gzip.compress(b"more"), "gzip") == PAGE + b"more"
    assert unpacked(body + b"\0\0\0", "gzip") == PAGE
    assert unpacked(body[:-8] + b"12345678", "gzip") == PAGE
    assert unpacked(b"<html>", "identity") == b"<html>"
    named = body[:3] + b"\x1e" + body[4:10] + b"\x02\0ab" + b"name\0comment\0" + b"12" + body[10:]
    assert unpacked(named, "gzip") == PAGE


@pytest.mark.parametrize("name", ENCODERS)
def test_a_bomb_is_not_unpacked_beyond_the_limit(name: str) -> None:
    encoding, encode = ENCODERS[name]
    with pytest.raises(TooLarge):
        unpacked(encode(PAGE)[:-1], encoding, max_bytes=100_000)


def test_broken_bodies_fail_as_truncated_and_the_other_pages_of_the_host_arrive() -> None:
    zipped = {**HTML, "Content-Encoding": "gzip"}
    routes = {
        "/gzip": Answer(gzip.compress(PAGE)[:-20], headers=zipped),
        "/short": Answer(b"<html>", headers=HTML, length=500),
        "/zstd": Answer(zstd.compress(PAGE)[:-20], headers={**HTML, "Content-Encoding": "zstd"}),
        "/big": Answer(gzip.compress(bytes(2_000_000)), headers=zipped),
        "/good": Answer(gzip.compress(PAGE), headers=zipped),
        "/br": Answer(brotli.compress(PAGE), headers={**HTML, "Content-Encoding": "br"}),
    }
    with WebServer(routes) as site:
        outcomes, stats = crawl([site.url + path for path in routes], DOWNLOAD_MAXSIZE=1_000_000)
    by_path = {url.removeprefix(site.url): outcome for url, outcome in outcomes.items()}
    assert [by_path[path].get("reason") for path in ("/gzip", "/short", "/zstd")] == ["truncated"] * 3
    assert by_path["/big"]["reason"] == "fetch"
    assert by_path["/good"]["bytes"] == by_path["/br"]["bytes"] == len(PAGE)
    assert stats["network/truncated"] == 2


def test_a_body_that_was_cut_once_is_fetched_again() -> None:
    zipped = {**HTML, "Content-Encoding": "gzip"}
    whole = gzip.compress(PAGE)
    with WebServer({"/": lambda before: Answer(whole if before else whole[:-20], headers=zipped)}) as site:
        outcomes, _ = crawl([f"{site.url}/"], RETRY_TIMES=2)
    assert outcomes[f"{site.url}/"]["bytes"] == len(PAGE)
    assert site.paths() == ["/", "/"]


def test_other_schemes_are_refused_and_counted() -> None:
    outcomes, stats = crawl(["file:///etc/passwd", "data:text/html,x", "ftp://127.0.0.1/x"])
    assert {outcome["error"] for outcome in outcomes.values()} == {"SchemeRefused"}
    assert stats["network/refused_scheme"] == 3


# Politeness


def test_robots_txt_is_obeyed_and_a_404_allows_all() -> None:
    rules = Answer(b"User-agent: *\nDisallow: /private", headers=TEXT)
    with WebServer({"/robots.txt": rules, "/a": Answer(), "/private": Answer()}) as site, WebServer({"/a": Answer()}) as free:
        urls = [f"{site.url}/a", f"{site.url}/private", f"{free.url}/a"]
        outcomes, _ = crawl(urls, ROBOTSTXT_OBEY=True)
    assert outcomes[urls[0]]["status"] == outcomes[urls[2]]["status"] == 200
    assert outcomes[urls[1]]["reason"] == "robots"
    assert "/private" not in site.paths()


def test_the_page_of_a_404_is_not_read_as_rules() -> None:
    with WebServer({"/robots.txt": Answer(b"User-agent: *\nDisallow: /", 403, TEXT), "/a": Answer()}) as site:
        outcomes, _ = crawl([f"{site.url}/a"], ROBOTSTXT_OBEY=True)
    assert outcomes[f"{site.url}/a"]["status"] == 200


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_robots_txt_that_fails_means_stop(status: int) -> None:
    with WebServer({"/robots.txt": Answer(b"", status, {**TEXT, "Retry-After": "0"}), "/a": Answer()}) as site:
        outcomes, stats = crawl([f"{site.url}/a"], ROBOTSTXT_OBEY=True)
    assert site.paths() == ["/robots.txt"]
    assert outcomes[f"{site.url}/a"]["reason"] == "robots"
    assert outcomes[f"{site.url}/a"]["retry"] is True
    assert str(status) in outcomes[f"{site.url}/a"]["detail"]
    assert stats["robotstxt/unreachable"] == 1


def test_a_robots_txt_that_breaks_off_means_stop() -> None:
    with WebServer({"/robots.txt": Answer(b"User", length=100), "/a": Answer()}) as site:
        outcomes, _ = crawl([f"{site.url}/a"], ROBOTSTXT_OBEY=True, LOG_LEVEL="CRITICAL")
    assert site.paths() == ["/robots.txt"]
    assert outcomes[f"{site.url}/a"]["reason"] == "robots"


def test_crawl_delay_spaces_the_requests_without_jitter() -> None:
    rules = Answer(b"User-agent: *\nCrawl-delay: 0.6", headers=TEXT)
    pages = {f"/{n}": Answer() for n in range(4)}
    with WebServer({"/robots.txt": rules, **pages}) as site:
        crawl([site.url + path for path in pages], ROBOTSTXT_OBEY=True)
    times = sorted(site.times(path)[0] for path in pages)
    assert min(later - earlier for earlier, later in pairwise(times)) > 0.45


def test_a_publishers_delay_holds_for_its_host_alone(tmp_path: Path) -> None:
    pages = {f"/{n}": Answer() for n in range(3)}
    with WebServer(pages) as slow, WebServer(pages) as quick:
        host = slow.url.removeprefix("http://")
        (tmp_path / "slow.toml").write_text(f'hosts = ["{host}"]\n[discover]\ndelay = 1.0\n', encoding="utf-8")
        crawl([site.url + path for path in pages for site in (slow, quick)], NEWS_PUBLISHERS=str(tmp_path))
    slow_times, quick_times = (sorted(site.times(path)[0] for path in pages) for site in (slow, quick))
    assert min(later - earlier for earlier, later in pairwise(slow_times)) > 0.6, "on a busy machine a request arrives late"
    assert quick_times[-1] < slow_times[-1]


def test_retry_after_pauses_the_host_and_no_other() -> None:
    def busy(before: int) -> Answer:
        return Answer() if before else Answer(b"", 429, {"Retry-After": "2"})

    pages = {f"/{n}": Answer() for n in range(6)}
    with WebServer({"/busy": busy, **pages}) as site, WebServer(pages) as other:
        urls = [f"{site.url}/busy", *(site.url + path for path in pages), *(other.url + path for path in pages)]
        outcomes, stats = crawl(urls, RETRY_TIMES=1, CONCURRENT_REQUESTS=4)
    assert all(outcome.get("status") == 200 for outcome in outcomes.values())
    assert stats["network/paused"] == 1
    asked = site.times("/busy")
    after = [hit.at for hit in site.hits if hit.at > asked[0] + 0.3]
    assert min(after) - asked[0] > 1.9
    assert max(hit.at for hit in other.hits) < min(after)


def test_a_host_that_asks_for_more_than_the_longest_pause_is_left_alone() -> None:
    pages = {f"/{n}": Answer() for n in range(8)}
    with WebServer({"/busy": Answer(b"", 503, {"Retry-After": "3600"}), **pages}) as site:
        outcomes, _ = crawl([f"{site.url}/busy", *(site.url + path for path in pages)], CONCURRENT_REQUESTS_PER_DOMAIN=1)
    assert site.paths() == ["/busy"]
    refused = [outcome for outcome in outcomes.values() if outcome.get("error") == "HostPaused"]
    assert len(refused) == len(pages)
    assert all(outcome["retry"] for outcome in refused)


def test_a_host_that_does_not_answer_leaves_the_others_their_places() -> None:
    over = threading.Event()

    def silent(before: int) -> Answer:
        over.wait(60)
        return Answer()

    pages = {f"/{n}": Answer() for n in range(12)}
    with WebServer(dict.fromkeys(pages, silent)) as stuck, WebServer(pages) as other:
        urls = [*(stuck.url + path for path in pages), *(other.url + path for path in pages)]
        outcomes, _ = crawl(urls, CONCURRENT_REQUESTS=4, DOWNLOAD_TIMEOUT=1)
        over.set()
    assert sum(outcome.get("status") == 200 for outcome in outcomes.values()) == len(pages)
    assert max(hit.at for hit in other.hits) < stuck.hits[0].at + 1.0


NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "value", "seconds"),
    [
        (429, "7", 7),
        (503, "7", 7),
        (503, "Sun, 22 Nov 2026 12:02:00 GMT", 120),
        (429, "Sun, 22 Nov 2026 11:00:00 GMT", 0),
        (429, "soon", 30),
        (429, None, 30),
        (503, None, 0),
        (200, "7", 0),
    ],
)
def test_the_pause_a_response_asks_for(status: int, value: str | None, seconds: float) -> None:
    headers = {"Retry-After": value} if value else {}
    assert pause_s(Response("https://example.com/", status=status, headers=headers), 30, NOW) == seconds


@pytest.mark.parametrize(
    ("error", "reason", "retry"),
    [
        (AddressRefused("inside.example", ["10.0.0.1"]), Reason.FETCH, False),
        (IgnoreRequest("max redirections reached"), Reason.FETCH, False),
        (DownloadTimeoutError("slow"), Reason.FETCH, True),
        (ResponseDataLossError("cut"), Reason.TRUNCATED, True),
        (RobotsRefused("no"), Reason.ROBOTS, False),
        (RobotsRefused("down", unreachable=True), Reason.ROBOTS, True),
        (HostPaused("later"), Reason.FETCH, True),
        (HttpError(Response("https://example.com/", status=404)), Reason.HTTP_STATUS, False),
        (HttpError(Response("https://example.com/", status=503)), Reason.HTTP_STATUS, True),
    ],
)
def test_each_failure_has_its_reason(error: Exception, reason: Reason, retry: bool) -> None:
    rejected = rejection(error)
    assert (rejected.reason, rejected.retry) == (reason, retry)
    assert rejected.detail
