"""The commands at the command line: `scrapy extract`, `scrapy publishers`, and Scrapy's own beside them."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from examples.newsroom.server import SITES, Newsroom
from tests.cli import PROJECT, Cli, Done, troubles
from tests.conftest import Call

EXPECTED = [json.loads(line) for line in (SITES.parent / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
COURIER = next(row for row in EXPECTED if "lviv-students" in row["url"])
CYRILLIC = next(row for row in EXPECTED if "knigite" in row["url"])
FETCHED = "2025-08-20T06:30:00Z"
MARKDOWN = """---
title: Night ferry stays
author: Ada Berg
date: 2025-08-12T17:44:10Z
---

The island council voted on Tuesday evening to keep the night ferry, after three hours of debate and two counts of hands.

The boat carries some forty people on a winter night, most of them nurses and bakers who work while the others sleep.
"""
DUMP = """Night ferry stays

By Ada Berg

The island council voted on Tuesday evening to keep the night ferry, after three hours of debate and two counts of hands.

The boat carries some forty people on a winter night, most of them nurses and bakers who work while the others sleep.
"""
# Half of a surrogate pair, which JSON may say and UTF-8 cannot.
HALF_PAIR = """<html><head><script type="application/ld+json">
{"@type": "NewsArticle", "headline": "The night ferry \\ud83d stays", "author": {"name": "Ada \\udc00 Berg"}}
</script></head><body><article><h1>The night ferry stays</h1>""" + "".join(f"<p>{line}</p>" for line in DUMP.split("\n\n")[2:])


def source(row: dict[str, Any]) -> Path:
    """The file behind an address of the newsroom."""
    parts = urlsplit(row["url"])
    return SITES / parts.netloc / (parts.path.lstrip("/") + ".html")


# One document


def test_a_file_is_printed_as_one_article_when_piped(scrapy: Cli, room: Newsroom) -> None:
    zipped = scrapy.folder / "page.html.gz"
    zipped.write_bytes(gzip.compress(room.rewrite(source(COURIER).read_bytes())))
    done = scrapy.run("extract", str(zipped), "--url", room.live(COURIER["url"]), "--fetched-at", "2025-08-20T08:30:00+02:00")
    assert (done.code, done.err) == (0, "")
    (article,) = done.rows
    assert article["headline"] == COURIER["headline"]
    assert (article["datePublished"], article["dateDownloaded"]) == (COURIER["datePublished"], FETCHED)
    assert (article["publisher"]["id"], article["url"]) == ("kyiv_courier", room.live(COURIER["url"]))
    assert room.requests == []
    assert not scrapy.store.exists() and not (scrapy.folder / "lake").exists()


def test_an_address_is_fetched_by_the_rules_of_a_crawl(scrapy: Cli, room: Newsroom) -> None:
    done = scrapy.run("extract", room.live(COURIER["url"]))
    assert (done.code, done.err) == (0, "")
    assert done.rows[0]["headline"] == COURIER["headline"]
    assert [request.path for request in room.requests] == ["/robots.txt", urlsplit(COURIER["url"]).path]
    assert not scrapy.store.exists() and not (scrapy.folder / "lake").exists()


def test_a_private_address_is_refused_where_it_is_not_allowed(scrapy: Cli, room: Newsroom) -> None:
    done = scrapy.run("extract", room.live(COURIER["url"]), SCRAPY_PROJECT="production")
    assert done.code == 1
    assert done.rows[0]["reason"] == "fetch"
    assert done.rows[0]["detail"].endswith("not globally routable and not in NEWS_ALLOW_NETWORKS")
    assert (room.requests, "Traceback" in done.err) == ([], False)


def test_a_page_that_is_not_there_is_a_rejection(scrapy: Cli, room: Newsroom) -> None:
    done = scrapy.run("extract", room.live("http://kyiv-courier.example/nothing"))
    assert (done.code, done.err) == (1, "")
    assert done.rows == [{"outcome": "rejected", "reason": "http_status", "detail": "404"}]


def test_a_page_without_an_article_is_a_rejection_with_its_reason(scrapy: Cli) -> None:
    empty = scrapy.folder / "empty.html"
    empty.write_bytes(b"")
    done = scrapy.run("extract", str(empty), NEWS_PUBLISHERS="")
    assert (done.code, done.err) == (1, "")
    assert (done.rows[0]["outcome"], done.rows[0]["reason"]) == ("rejected", "empty")


def test_a_person_gets_a_sheet_by_the_publisher_that_is_named(scrapy: Cli, room: Newsroom) -> None:
    shown = scrapy.on_terminal("extract", str(source(COURIER)), "--publisher", "kyiv_courier")
    assert shown.code == 0
    for text in (COURIER["headline"], "Kyiv Courier", "2025-08-10T13:15:00+03:00", COURIER["authors"][0]["name"], "words"):
        assert text in shown.out, text
    assert '"schemaVersion"' not in shown.out


def test_a_person_is_told_why_a_page_is_rejected(scrapy: Cli) -> None:
    empty = scrapy.folder / "empty.html"
    empty.write_bytes(b"")
    shown = scrapy.on_terminal("extract", str(empty), NEWS_PUBLISHERS="")
    assert shown.code == 1
    assert shown.out.startswith("rejected: empty")


# Many documents


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """One call of `scrapy extract --jsonl` with lines of every kind, its answers by id."""
    folder = tmp_path_factory.mktemp("answers")
    lines, ids = kinds_of_lines(folder)
    done = Cli(folder).run("extract", "--jsonl", stdin=b"\n".join(lines), NEWS_PUBLISHERS="")
    assert (done.code, done.err) == (0, "")
    rows = done.rows
    assert [row["id"] for row in rows] == ids, "an answer a line, in order"
    return {f"{place}" if row["id"] is None else str(row["id"]): row for place, row in enumerate(rows)}


def kinds_of_lines(folder: Path) -> tuple[list[bytes], list[Any]]:
    """The lines, and the ids of the answers that they must have."""
    files = {
        "page.html": source(COURIER).read_bytes(),
        "page.html.gz": gzip.compress(source(COURIER).read_bytes()),
        "cyrillic.html": source(CYRILLIC).read_bytes(),
        "note.md": MARKDOWN.encode(),
        "dump.txt": DUMP.encode(),
        "half_pair.html": HALF_PAIR.encode(),
        "empty.html": b"",
        "cut.html.gz": gzip.compress(source(COURIER).read_bytes())[:-200],
        "no.html.gz": b"<html>this is no gzip</html>",
        "bomb.html.gz": gzip.compress(b" " * (65 * 2**20)),
    }
    for name, body in files.items():
        (folder / name).write_bytes(body)
    os.mkfifo(folder / "pipe")
    url = COURIER["url"]

    def line(key: Any, name: str, **changes: Any) -> bytes:
        row = {"id": key, "url": url, "path": str(folder / name), "encoding": None, "fetchedAt": FETCHED}
        return json.dumps(row | changes).encode()

    lines = [
        line("page", "page.html"),
        b"",
        line("gz", "page.html.gz", encoding="utf-8"),
        line("cyrillic", "cyrillic.html", url=CYRILLIC["url"], encoding="windows-1251"),
        line("unknown encoding", "page.html", encoding="klingon-8"),
        line("markdown", "note.md", url=None),
        line("text", "dump.txt", url=None),
        line("half pair", "half_pair.html"),
        b"   ",
        b"this is no JSON",
        b"\xff\xfe\x00",
        b'["a", "list"]',
        line(["an", "id"], "page.html"),
        b'{"id": "no path", "url": "http://a.example/"}',
        line("path of a number", "page.html", path=7),
        line("missing file", "nowhere.html"),
        line("folder", "."),
        line("pipe", "pipe"),
        line("no name", "a\0b.html"),
        line("bad time", "page.html", fetchedAt="last Tuesday"),
        line("time of a number", "page.html", fetchedAt=1755086400),
        line("time before time", "page.html", fetchedAt="0001-01-01T00:00:00+14:00"),
        line("bad url", "page.html", url="http://[::1/"),
        line("url of another kind", "page.html", url="archive::page"),
        line("bad encoding", "page.html", encoding=8),
        line("cut gz", "cut.html.gz"),
        line("no gz", "no.html.gz"),
        line("bomb", "bomb.html.gz"),
        line("empty", "empty.html"),
        line("no time", "page.html", fetchedAt=None),
        line(None, "page.html"),
        line("last", "page.html"),
    ]
    ids = [json.loads(text)["id"] if text.startswith(b"{") else None for text in lines if text.strip()]
    return lines, ids


GOOD = ("page", "gz", "cyrillic", "unknown encoding", "markdown", "text", "half pair", "url of another kind", "no time", "last")


@pytest.mark.parametrize("key", GOOD)
def test_a_good_line_is_answered_with_its_article(key: str, answers: dict[str, dict[str, Any]]) -> None:
    row = answers[key]
    assert (list(row), row["outcome"]) == (["id", "outcome", "article"], "article"), row
    assert row["article"]["headline"]
    if key != "no time":
        assert row["article"]["dateDownloaded"] == FETCHED


def test_gzip_and_the_header_charset_change_nothing_in_the_article(answers: dict[str, dict[str, Any]]) -> None:
    plain, zipped = answers["page"]["article"], answers["gz"]["article"]
    for name in ("headline", "articleBody", "datePublished", "contentHash"):
        assert zipped[name] == plain[name], name
    assert answers["cyrillic"]["article"]["headline"] == CYRILLIC["headline"]


def test_text_input_gives_articles_too(answers: dict[str, dict[str, Any]]) -> None:
    markdown, text = answers["markdown"]["article"], answers["text"]["article"]
    assert markdown["datePublished"] == "2025-08-12T17:44:10Z"
    assert [author["name"] for author in markdown["authors"]] == ["Ada Berg"]
    assert markdown["headline"] == text["headline"] == "Night ferry stays"
    assert len(markdown["blocks"]) == len(text["blocks"]) == 2


BAD = {
    "7": "not JSON: ",
    "8": "not JSON: ",
    "9": "the line needs id, url, path, encoding and fetchedAt; path is missing",
    "no path": "the line needs id, url, path, encoding and fetchedAt; path is missing",
    "path of a number": "the line needs id, url, path, encoding and fetchedAt; path is missing",
    "missing file": "path cannot be read: no file ",
    "folder": "path cannot be read: ",
    "pipe": "path cannot be read: ",
    "no name": "path cannot be read: ",
    "bad time": "fetchedAt is no time such as 2025-08-13T12:00:00Z: last Tuesday",
    "time of a number": "fetchedAt is no time such as 2025-08-13T12:00:00Z: 1755086400",
    "time before time": "fetchedAt is no time such as ",
    "bad url": "url is no address: http://[::1/",
    "bad encoding": "encoding is no text: 8",
    "cut gz": "path cannot be read: Compressed file ended before",
    "no gz": "path cannot be read: Not a gzipped file",
    "bomb": "path cannot be read: it has more than 64 MiB",
}


@pytest.mark.parametrize("key", BAD)
def test_a_bad_line_is_answered_with_what_is_wrong(key: str, answers: dict[str, dict[str, Any]]) -> None:
    row = answers[key]
    assert (list(row), row["outcome"], row["reason"]) == (["id", "outcome", "reason", "detail"], "rejected", "bad_input")
    assert row["detail"].startswith(BAD[key]), row["detail"]


def test_a_rejected_page_is_answered_with_its_own_reason(answers: dict[str, dict[str, Any]]) -> None:
    row = answers["empty"]
    assert (row["outcome"], row["reason"]) == ("rejected", "empty")


def test_input_is_read_as_it_is_answered_and_a_closed_pipe_ends_it_quietly(scrapy: Cli) -> None:
    """`… | scrapy extract --jsonl | head -3` over an input without end."""
    line = json.dumps({"id": 1, "url": COURIER["url"], "path": str(source(COURIER)), "fetchedAt": FETCHED}).encode() + b"\n"
    fed = 0

    def feed(pipe: Any) -> None:
        nonlocal fed
        try:
            while True:
                pipe.write(line)
                fed += 1
        except (BrokenPipeError, ValueError):
            return

    with subprocess.Popen(
        scrapy.command("extract", "--jsonl"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=PROJECT, env=scrapy.environment(NEWS_PUBLISHERS="", NEWS_WORKERS="1"), bufsize=0,
    ) as process:  # fmt: skip
        assert process.stdout and process.stdin and process.stderr
        feeder = threading.Thread(target=feed, args=(process.stdin,))
        feeder.start()
        answered = [process.stdout.readline() for _ in range(3)]
        process.stdout.close()
        assert process.wait(30) == 141
        feeder.join(10)
        assert process.stderr.read() == b""
    assert [json.loads(row)["outcome"] for row in answered] == ["article"] * 3
    assert fed * len(line) < 2**20, "more was read than the pipes and the workers hold"


# Publishers


def test_publishers_are_json_lines_when_piped(scrapy: Cli, room: Newsroom) -> None:
    done = scrapy.run("publishers")
    assert (done.code, done.err) == (0, "")
    rows = {row["id"]: row for row in done.rows}
    assert sorted(rows) == ["balkan_wire", "business_ledger", "kyiv_courier", "latest_dispatch", "levant_today"]
    assert (rows["levant_today"]["timezone"], rows["levant_today"]["listings"]) == ("Asia/Beirut", 2)


def test_publishers_are_a_table_for_a_person(scrapy: Cli, room: Newsroom) -> None:
    shown = scrapy.on_terminal("publishers")
    assert shown.code == 0
    for text in ("time zone", "kyiv_courier", "Kyiv Courier", "Asia/Kolkata", "━"):
        assert text in shown.out, text
    assert "{" not in shown.out


def test_checking_says_how_many_files_are_well(call: Call, room: Newsroom) -> None:
    assert call("publishers", "--check") == Done(0, "5 publisher files, no fault\n", "")


def test_checking_tells_every_fault_with_file_and_line(call: Call, scrapy: Cli) -> None:
    folder = scrapy.folder / "publishers"
    folder.mkdir()
    faults = {
        "a": ('hosts = ["x.example"]\nlanguage = "English"\n', "2: language: "),
        "b": ('[discover]\nfeeds = ["not an address"]\n', "2: discover.feeds.0: not an http or https address"),
        "c": ('[body]\n\nprune = ["//["]\n', "3: body.prune.0: not an XPath expression"),
        "d": ('hosts = ["y.example"]\n', ""),
        "e": ('name = "E"\nhosts = ["y.example"]\n', "2: host y.example is claimed by d.toml too"),
    }
    for name, (text, _) in faults.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    done = call("publishers", "--check")
    assert (done.code, done.out) == (2, "")
    told = [f"scrapy publishers: {folder}/{name}.toml:{fault}" for name, (_, fault) in faults.items() if fault]
    assert len(done.log) == len(told)
    for line, start in zip(done.log, told, strict=True):
        assert line.startswith(start), line


# Scrapy's own


def test_scrapy_lists_the_spiders(call: Call) -> None:
    assert call("list").out.split() == ["archive", "news", "urls"]


def test_scrapy_shell_fetch_and_parse_look_at_a_page_and_start_no_run(scrapy: Cli, room: Newsroom) -> None:
    address = room.live(COURIER["url"])
    shell = scrapy.run("shell", "--nolog", address, "-c", "response.css('h1::text').get()")
    assert (shell.code, shell.out.strip()) == (0, COURIER["headline"])
    fetch = scrapy.run("fetch", "--nolog", address)
    assert (fetch.code, fetch.out.strip().encode()) == (0, room.rewrite(source(COURIER).read_bytes()).strip())
    home = room.live("http://kyiv-courier.example/")
    parse = scrapy.run("parse", "--nolog", "--nocolour", "--spider", "news", "-c", "parse_home", home)
    assert (parse.code, f"<GET {room.live('http://kyiv-courier.example/rss.xml')}>" in parse.out) == (0, True)
    assert [done.err for done in (shell, fetch, parse)] == ["", "", ""]
    assert not scrapy.store.exists() and not (scrapy.folder / "lake").exists()


def test_scrapy_parse_refuses_a_wrong_argument(scrapy: Cli, room: Newsroom) -> None:
    done = scrapy.run("parse", "--nolog", "--spider", "news", "-a", "publishers=nobody", room.live(COURIER["url"]))
    assert (done.code, done.err.startswith("scrapy parse: -a publishers=nobody: no such publisher")) == (2, True)


def test_a_person_sees_a_crawls_progress_and_its_table(scrapy: Cli, room: Newsroom) -> None:
    shown = scrapy.on_terminal("crawl", "news", "-a", "publishers=kyiv_courier,latest_dispatch")
    assert (shown.code, troubles(shown.out)) == (0, [])
    for text in (
        "publishers",
        "pages",
        "a minute",
        "left",
        "listings",
        "errors",
        "publisher",
        "articles",
        "undated",
        "kyiv_courier",
        "1 no_article",
        "all",
    ):
        assert text in shown.out, text


COMMANDS = sorted(path.stem for path in (PROJECT / "crawler" / "commands").glob("*.py") if "class Command" in path.read_text())


@pytest.mark.parametrize("command", COMMANDS)
def test_a_commands_help_has_an_example(command: str, call: Call) -> None:
    done = call(command, "--help")
    text = " ".join(done.out.split())
    usage, _, help_text = text.partition("=====") if "=====" in text else ("", "", text)
    assert done.code == 0
    assert f"scrapy {command} " in help_text.replace(f"Usage: scrapy {command} ", ""), usage or text


def test_the_overview_says_what_each_of_our_commands_does(call: Call) -> None:
    overview = call().out
    for command in ("crawl", "dates", "deliver", "extract", "memory", "publishers", "quarantine", "runs", "store"):
        (line,) = [line for line in overview.splitlines() if line.split()[:1] == [command]]
        assert f"scrapy {command} " in line, "with an example"
