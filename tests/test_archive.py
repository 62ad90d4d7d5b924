"""The archive spider: WARC files as pages, damage skipped and counted, wrong arguments refused by name."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli
import pytest

from crawler.spiders.archive import ArchiveSpider, Skipped, page_of, records
from pipelines.errors import ConfigurationError
from pipelines.items import Page
from pipelines.publishers import Publisher
from pipelines.values import Via

PROJECT = Path(__file__).resolve().parent.parent
PUBLISHER = Publisher(id="example", hosts=("www.example.com",))
# Of digits that barely compress, so that a record is longer than the blocks that readers take.
TEXT = b"<html><body>" + b"".join(b"%x " % (n * n * 2_654_435_761 % 2**32) for n in range(9000)) + b"</body></html>"

RUN = """
import json, sys
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from crawler.spiders.archive import ArchiveSpider

items = []
settings = {"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False, "CONCURRENT_ITEMS": 2}
process = AsyncCrawlerProcess(settings)
crawler = process.create_crawler(ArchiveSpider)
crawler.signals.connect(lambda item: items.append(item.url), signals.item_scraped, weak=False)
process.crawl(crawler, **json.load(sys.stdin))
process.start()
json.dump({"urls": items, "stats": crawler.stats.get_stats()}, sys.stdout, default=str)
"""


def response(
    url: str = "https://www.example.com/a",
    body: bytes = TEXT,
    status: str = "200 OK",
    record_type: str = "response",
    headers: dict[str, str] | None = None,
    warc: dict[str, str] | None = None,
) -> bytes:
    """One WARC record, as ISO 28500 writes it."""
    http = {"Content-Type": "text/html; charset=utf-8", **(headers or {})}
    block = f"HTTP/1.1 {status}\r\n{_lines(http)}\r\n".encode() + body
    named = {
        "WARC-Type": record_type,
        "WARC-Target-URI": url,
        "WARC-Date": "2025-08-13T08:03:00Z",
        "WARC-Record-ID": "<urn:uuid:00000000-0000-4000-8000-000000000000>",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
        **(warc or {}),
    }
    return f"WARC/1.0\r\n{_lines(named)}\r\n".encode() + block + b"\r\n\r\n"


def _lines(headers: dict[str, str]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())


def archive(path: Path, *answers: bytes, zipped: bool = True) -> list[int]:
    """Writes a WARC file and returns the offsets at which its records start."""
    stored = [gzip.compress(answer, mtime=0) if zipped else answer for answer in answers]
    path.write_bytes(b"".join(stored))
    return [sum(map(len, stored[:n])) for n in range(len(stored))]


def pages(path: Path, max_bytes: int = 0) -> list[Page | str]:
    found: list[Page | str] = []
    for record in records(path):
        if record is None:
            found.append("damaged")
            continue
        try:
            found.append(page_of(record, path.name, [PUBLISHER], max_bytes))
        except Skipped as skipped:
            found.append(skipped.reason)
    return found


def outline(path: Path) -> list[str]:
    return [page if isinstance(page, str) else page.url[-1] for page in pages(path)]


@pytest.mark.parametrize("zipped", [True, False])
def test_a_response_becomes_a_page(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / "a.warc"
    archive(path, response(headers={"ETag": '"1"', "Vary": "a", "vary": "b"}), zipped=zipped)
    (page,) = pages(path)
    assert isinstance(page, Page)
    assert (page.url, page.status, page.body) == ("https://www.example.com/a", 200, TEXT)
    assert page.fetched_at == datetime(2025, 8, 13, 8, 3, tzinfo=UTC)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert (page.headers["etag"], page.headers["vary"]) == ('"1"', "a, b")
    assert (page.link.via, page.link.publisher, page.link.source_url) == (Via.ARCHIVE, "example", "a.warc")
    assert page.run_id is None


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Encoding": "gzip"}, gzip.compress(TEXT)),
        ({"Content-Encoding": "br"}, brotli.compress(TEXT)),
        ({"Transfer-Encoding": "chunked"}, b"5\r\n" + TEXT[:5] + b"\r\n%x\r\n" % (len(TEXT) - 5) + TEXT[5:] + b"\r\n0\r\n\r\n"),
        ({"Content-Encoding": "gzip"}, TEXT),  # an archive that kept the header of a body it decoded
    ],
)
def test_a_body_is_without_its_encodings(tmp_path: Path, headers: dict[str, str], body: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    archive(path, response(body=body, headers=headers))
    (page,) = pages(path)
    assert isinstance(page, Page)
    assert page.body == TEXT
    assert not {"content-encoding", "transfer-encoding", "content-length"} & set(page.headers)


def test_what_is_no_html_page_is_skipped_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    archive(
        path,
        response(status="404 Not Found"),
        response(body=b"%PDF", headers={"Content-Type": "application/pdf"}),
        response(url="ftp://www.example.com/a"),
        response(url="http://[::1/a"),
        response(record_type="resource"),
        response(body=gzip.compress(TEXT)[:-50], headers={"Content-Encoding": "gzip"}),
        response(body=TEXT[:-50], headers={"Content-Length": str(len(TEXT))}),
        response(warc={"WARC-Truncated": "length"}),
        response(body=b"fff\r\n" + TEXT[:4095], headers={"Transfer-Encoding": "chunked"}),
        response(url="https://www.example.com/z"),
    )
    assert outline(path)[:4] == ["status", "not_html", "not_response", "address"]
    assert outline(path)[4:] == ["not_response", "truncated", "truncated", "truncated", "truncated", "z"]


def test_a_body_over_the_limit_is_skipped_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    archive(path, response(body=gzip.compress(bytes(3_000_000)), headers={"Content-Encoding": "gzip"}))
    assert pages(path, max_bytes=100_000) == ["too_large"]


def _damage(content: bytes, starts: list[int], kind: str) -> bytes:
    second = starts[1]
    if kind == "header":
        return content[: second + 2] + b"????????????????????????" + content[second + 26 :]
    if kind == "garbage":
        return content[:second] + b"garbage " * 50 + content[second:]
    return content[: second + 1000] + content[starts[2] :]


@pytest.mark.parametrize(
    ("zipped", "kind", "expected"),
    [
        (True, "header", ["a", "damaged", "c"]),
        (True, "cut", ["a", "damaged", "c"]),
        (True, "garbage", ["a", "damaged", "b", "c"]),
        (False, "header", ["a", "damaged", "c"]),
    ],
)
def test_reading_goes_on_behind_a_damaged_record(tmp_path: Path, zipped: bool, kind: str, expected: list[str]) -> None:
    path = tmp_path / "a.warc"
    starts = archive(path, *(response(url=f"https://www.example.com/{name}") for name in "abc"), zipped=zipped)
    path.write_bytes(_damage(path.read_bytes(), starts, kind))
    assert outline(path) == expected


def test_a_file_that_ends_too_early_gives_what_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    starts = archive(path, *(response(url=f"https://www.example.com/{name}") for name in "abc"))
    path.write_bytes(path.read_bytes()[: starts[2] + 2000])
    assert outline(path) == ["a", "b", "truncated"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "warc: name the files"),
        ({"warc": "missing.warc"}, r"warc=missing\.warc: cannot be read: No such file"),
        ({"warc": "text.warc"}, r"warc=text\.warc: no WARC file"),
        ({"warc": "text.warc.gz"}, r"warc=text\.warc\.gz: no WARC file"),
        ({"warc": "good.warc,missing.warc"}, r"warc=missing\.warc"),
        ({"warc": "good.warc", "limit": "many"}, "limit=many"),
        ({"warc": "good.warc", "limit": "-1"}, "limit=-1"),
    ],
)
def test_a_wrong_argument_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: dict[str, str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.warc").write_bytes(b"not an archive")
    Path("text.warc.gz").write_bytes(gzip.compress(b"not an archive"))
    archive(Path("good.warc"), response())
    with pytest.raises(ConfigurationError, match=message):
        ArchiveSpider(**arguments)


def test_a_crawl_reads_all_files_within_its_limit_and_counts(tmp_path: Path) -> None:
    names = "abcdef"
    archive(tmp_path / "1.warc.gz", *(response(url=f"https://www.example.com/{name}") for name in names))
    archive(tmp_path / "2.warc", response(status="500 Error"), response(url="https://www.example.com/last"), zipped=False)
    files = f"{tmp_path}/1.warc.gz,{tmp_path}/2.warc"
    everything, stats = _run(warc=files)
    assert everything == [*(f"https://www.example.com/{name}" for name in names), "https://www.example.com/last"]
    assert stats["archive/pages"] == 7
    assert stats["archive/skipped/status"] == 1
    assert len(_run(warc=files, limit="2")[0]) == 2


def _run(**arguments: str) -> tuple[list[str], dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        input=json.dumps(arguments),
        capture_output=True,
        text=True,
        cwd=PROJECT,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    return sorted(result["urls"]), result["stats"]
