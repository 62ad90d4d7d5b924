"""A wrong argument, setting or file: exit 2 and one message that names it and says what to do, before anything is fetched."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from examples.newsroom.server import Newsroom, newsroom
from tests.cli import Cli, Done, Lake
from tests.conftest import Call
from tests.servers import S3Server

SECRET = "Xq7-this-is-the-secret-Zk9"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDWRONG", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1"}


@pytest.fixture(scope="module")
def served() -> Iterator[Newsroom]:
    with newsroom() as running:
        yield running


@pytest.fixture
def room(served: Newsroom, scrapy: Cli) -> Newsroom:
    """A newsroom that several tests share, since none of them may ask it for anything."""
    served.write_publishers(scrapy.folder / "publishers")
    return served


def refusal(done: Done, scrapy: Cli, room: Newsroom | None = None) -> str:
    """The one message of a refused command, without its `scrapy crawl: `. Fails where anything was done, or said beside it."""
    assert done.code == 2, done.err
    assert done.out == ""
    messages = done.log
    assert len(messages) == 1, done.err
    name, _, message = messages[0].partition(": ")
    assert name.startswith("scrapy ")
    assert not room or room.requests == []
    assert SECRET not in done.err
    assert not (scrapy.folder / "lake" / "_meta").exists() or scrapy.lake.manifests() == []
    return message


def folder_of(scrapy: Cli, **files: str) -> Path:
    folder = scrapy.folder / "publishers"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


ARGUMENTS: dict[str, tuple[list[str], str]] = {
    "unknown spider": (["nws"], "no spider is called nws; there are archive, news, urls"),
    "unknown argument": (
        ["news", "-a", "limt=3"],
        "-a limt: no such argument; allowed are publishers, site, feed, sitemap, urls, limit",
    ),
    "limit that is no number": (["news", "-a", "limit=x"], "-a limit=x: allowed is a number of articles, at least 1"),
    "limit of nothing": (["news", "-a", "limit=0"], "-a limit=0: allowed is a number of articles, at least 1"),
    "unknown publisher": (
        ["news", "-a", "publishers=kyiv_courier,nobody"],
        "-a publishers=nobody: no such publisher; known are balkan_wire, business_ledger, kyiv_courier, latest_dispatch, levant_today",
    ),
    "no publisher": (["news", "-a", "publishers=,"], "-a publishers=,: allowed is ids of publisher files, separated by commas"),
    "two sources": (
        ["news", "-a", "site=http://a.example/", "-a", "feed=http://a.example/feed"],
        "-a site and -a feed: give one of publishers, site, feed, sitemap, urls",
    ),
    "hosts of publishers": (["news", "-a", "hosts=a.example"], "-a hosts: give it with one of site, feed, sitemap"),
    "hosts that are none": (
        ["news", "-a", "site=http://a.example/", "-a", "hosts=A/b"],
        "-a hosts=A/b: allowed is further hosts",
    ),
    "site that is no address": (["news", "-a", "site=a.example"], "-a site=a.example: allowed is an http or https address"),
    "site of another scheme": (["news", "-a", "site=file:///etc/passwd"], "allowed is an http or https address"),
    "site in half a bracket": (["news", "-a", "site=http://[::1/"], "allowed is an http or https address"),
    "urls without a file": (["news", "-a", "urls=/nowhere/urls.txt"], "-a urls=/nowhere/urls.txt: cannot be read: "),
    "urls spider without urls": (["urls"], "-a urls: name a file with one http or https address a line"),
    "archive without a file": (["archive"], "warc: name the files to read: scrapy crawl archive -a warc=FILE"),
    "archive that is not there": (["archive", "-a", "warc=/nowhere.warc"], "warc=/nowhere.warc: cannot be read: "),
    "archive with a wrong argument": (["archive", "-a", "wrac=a"], "-a wrac: no such argument; allowed are warc, limit"),
}


@pytest.mark.parametrize("case", ARGUMENTS)
def test_a_wrong_argument_is_refused_by_its_name(case: str, call: Call, scrapy: Cli, room: Newsroom) -> None:
    arguments, message = ARGUMENTS[case]
    assert message in refusal(call("crawl", *arguments), scrapy, room)
    assert not scrapy.store.exists()


SETTINGS: dict[str, tuple[dict[str, str], str]] = {
    "publishers that are not there": (
        {"NEWS_PUBLISHERS": "/nowhere"},
        "NEWS_PUBLISHERS=/nowhere: no such folder; name one that holds",
    ),
    "store of another scheme": (
        {"NEWS_STORE": "postgres://db/news"},
        "'postgres://db/news' is not an address of a store; allowed is sqlite:///",
    ),
    "store without a path": ({"NEWS_STORE": "sqlite://"}, "allowed is sqlite:///"),
    "store below a file": ({"NEWS_STORE": "sqlite:///dev/null/store.db"}, "/dev/null/store.db cannot be opened"),
    "sink of another scheme": (
        {"NEWS_SINK": "gs://bucket/x"},
        "'gs://bucket/x' is not an address of a sink; allowed is file:///",
    ),
    "sink that is no text": ({"NEWS_SINK": "file:///lake\udcff"}, "allowed is file:///dir or s3://bucket/prefix"),
    "store that is no text": ({"NEWS_STORE": "sqlite:///store\udcff"}, "allowed is sqlite:///path"),
    "sink below a file": ({"NEWS_SINK": "file:///dev/null/lake"}, "file:///dev/null/lake cannot be written"),
    "workers that are no number": ({"NEWS_WORKERS": "abc"}, "NEWS_WORKERS=abc: allowed is a number of processes"),
    "no seconds for a page": ({"NEWS_PAGE_SECONDS": "0"}, "NEWS_PAGE_SECONDS=0: allowed is seconds above 0"),
    "no memory for a page": ({"NEWS_PAGE_MIB": "1"}, "NEWS_PAGE_MIB=1: allowed is MiB, at least 64"),
    "a part of nothing": ({"NEWS_PART_MIB": "-1"}, "NEWS_PART_MIB=-1: allowed is MiB above 0"),
    "a compression that is none": (
        {"NEWS_PART_COMPRESSION": "lzma"},
        "NEWS_PART_COMPRESSION=lzma: allowed is gzip or zstd",
    ),
    "a tag without a value": (
        {"NEWS_S3_TAGS": "team=news,prod"},
        "NEWS_S3_TAGS=team=news,prod: allowed is up to ten name=value",
    ),
    "a cipher that S3 lacks": ({"NEWS_S3_ENCRYPTION": "rot13"}, "NEWS_S3_ENCRYPTION=rot13: allowed is AES256, aws:kms or"),
    "a key without its cipher": (
        {"NEWS_S3_ENCRYPTION": "AES256", "NEWS_S3_KMS_KEY": "news"},
        "NEWS_S3_KMS_KEY=news: allowed is a key's id or ARN, with NEWS_S3_ENCRYPTION=aws:kms",
    ),
    "a class that must be restored": (
        {"NEWS_S3_STORAGE_CLASS": "GLACIER"},
        "NEWS_S3_STORAGE_CLASS=GLACIER: allowed is a class",
    ),
    "a part of no time": ({"NEWS_PART_SECONDS": "soon"}, "NEWS_PART_SECONDS=soon: allowed is seconds above 0"),
    "a network that is none": ({"NEWS_ALLOW_NETWORKS": "nonsense"}, "NEWS_ALLOW_NETWORKS: 'nonsense' does not appear to be"),
    "a pause that is no number": ({"NEWS_PAUSE_SECONDS": "long"}, "NEWS_PAUSE_SECONDS=long: allowed is a number of seconds"),
    "production without a sink": (
        {"SCRAPY_PROJECT": "production", "NEWS_SINK": "", "NEWS_CONTACT": "a@b.example"},
        "NEWS_SINK=: allowed is file:///dir",
    ),
    "production without a store": (
        {"SCRAPY_PROJECT": "production", "NEWS_STORE": "", "NEWS_CONTACT": "a@b.example"},
        "NEWS_STORE=: allowed is sqlite:///path",
    ),
    "production without a contact": ({"SCRAPY_PROJECT": "production"}, "NEWS_CONTACT: set an address or mailbox"),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_a_wrong_setting_is_refused_by_its_name(case: str, call: Call, scrapy: Cli, room: Newsroom) -> None:
    variables, message = SETTINGS[case]
    assert message in refusal(call("crawl", "news", **variables), scrapy, room)


def test_a_wrong_setting_on_the_command_line_is_refused_too(call: Call, scrapy: Cli, room: Newsroom) -> None:
    message = refusal(call("crawl", "news", "-s", "NEWS_WORKERS=many"), scrapy, room)
    assert message == "NEWS_WORKERS=many: allowed is a number of processes, 0 for one a core less one"


FILES: dict[str, tuple[str, str]] = {
    "unknown key": ('name = "A"\nhots = ["a.example"]\n', "a.toml:2: unknown key hots"),
    "unknown zone": (
        'name = "A"\n\ntimezone = "Mars/Olympus"\n',
        "a.toml:3: timezone: no IANA time zone is named 'Mars/Olympus'",
    ),
    "no expression": (
        'name = "A"\n[discover]\narticle = "(unclosed"\n',
        "a.toml:3: discover.article: not a regular expression",
    ),
    "no TOML": ('name = "A"\n= 3\n', "a.toml:2: not TOML"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_fault_in_a_publisher_file_is_told_with_its_line(case: str, call: Call, scrapy: Cli, room: Newsroom) -> None:
    text, message = FILES[case]
    folder = folder_of(scrapy, a=text)
    assert refusal(call("crawl", "news"), scrapy, room).startswith(f"{folder}/{message}")


def test_a_host_of_two_publishers_is_told(call: Call, scrapy: Cli) -> None:
    folder = folder_of(scrapy, a='hosts = ["a.example"]\n', b='name = "B"\nhosts = ["a.example"]\n')
    assert refusal(call("crawl", "news"), scrapy) == f"{folder}/b.toml:2: host a.example is claimed by a.toml too"


def test_a_line_of_the_urls_file_that_is_no_address_is_told_with_its_number(call: Call, scrapy: Cli, room: Newsroom) -> None:
    addresses = scrapy.folder / "urls.txt"
    for line in ("ftp://a.example/", "http://[::1/", "http://a.example:99999/", "http:///path", "Zeitung"):
        addresses.write_text(f"# good and bad\nhttps://a.example/1\n{line}\n", encoding="utf-8")
        message = refusal(call("crawl", "urls", "-a", f"urls={addresses}"), scrapy, room)
        assert message == f"{addresses}:3: {line} is no http or https address"


def corrupt(path: Path) -> str:
    path.write_bytes(b"this is no database, and long enough to be read as one\n" * 100)
    return "it is no SQLite file; name another file, or move this one aside"


def foreign(path: Path) -> str:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE cats (name TEXT)")
    connection.commit()
    connection.close()
    return "is another program's SQLite file; name another file"


def folder(path: Path) -> str:
    path.mkdir()
    return "make the file and its folder readable and writable for this user"


@pytest.mark.parametrize("spoil", [corrupt, foreign, folder])
def test_a_store_that_is_none_is_refused_and_left_as_it_is(
    spoil: Callable[[Path], str], call: Call, scrapy: Cli, room: Newsroom
) -> None:
    advice = spoil(scrapy.store)
    before = scrapy.store.read_bytes() if scrapy.store.is_file() else None
    message = refusal(call("crawl", "news"), scrapy, room)
    assert message.startswith(f"the store {scrapy.store}") and message.endswith(advice), message
    assert before is None or scrapy.store.read_bytes() == before


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def bucket_case(s3: S3Server, bucket: str, case: str) -> tuple[dict[str, str], list[str]]:
    """The variables of a case, and what its message must say."""
    right = {**s3.environment, "NEWS_SINK": f"s3://{bucket}/lake"}
    cases: dict[str, tuple[dict[str, str], list[str]]] = {
        "missing bucket": (
            {"NEWS_SINK": "s3://no-such-bucket/lake"},
            ["s3://no-such-bucket/lake", "create it, or correct NEWS_SINK"],
        ),
        "refused key": ({**KEYS, "AWS_ACCESS_KEY_ID": "AKIDWRONG"}, [bucket, s3.endpoint, "the credentials are refused"]),
        "refused secret": ({"AWS_SECRET_ACCESS_KEY": SECRET}, [bucket, s3.endpoint, "the credentials are refused"]),
        "no credentials": ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, [bucket, "set AWS_ACCESS_KEY_ID"]),
        "half credentials": ({"AWS_SECRET_ACCESS_KEY": ""}, [bucket, "AWS_SECRET_ACCESS_KEY"]),
        "unknown profile": ({"AWS_PROFILE": "nobody"}, [bucket, "AWS_PROFILE"]),
        "endpoint that is none": ({**KEYS, "AWS_ENDPOINT_URL": "not an address"}, ["AWS_ENDPOINT_URL"]),
        "bucket that is none": ({"NEWS_SINK": "s3://"}, ["is not an address of a sink; allowed is file:///"]),
    }
    variables, signs = cases[case]
    return right | variables, signs


@pytest.mark.parametrize(
    "case",
    [
        "missing bucket", "refused key", "refused secret", "no credentials", "half credentials", "unknown profile",
        "endpoint that is none", "bucket that is none",
    ],
)  # fmt: skip
def test_a_bucket_that_cannot_be_written_is_told_before_anything_is_fetched(
    case: str, call: Call, scrapy: Cli, room: Newsroom, s3: S3Server, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables, signs = bucket_case(s3, bucket, case)
    message = refusal(call("crawl", "news", **variables), scrapy, room)
    assert [sign for sign in signs if sign not in message] == [], message
    monkeypatch.undo()
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in s3.environment.items():
            patch.setenv(variable, value)
        assert Lake(f"s3://{bucket}").keys() == []


def test_a_sinks_password_is_not_repeated(call: Call, scrapy: Cli, room: Newsroom) -> None:
    message = refusal(call("crawl", "news", NEWS_SINK=f"https://user:{SECRET}@bucket.example/x"), scrapy, room)
    assert "is not an address of a sink" in message


USAGE: dict[str, tuple[list[str], str]] = {
    "crawl without a spider": (["crawl"], "give one spider: scrapy crawl news; `scrapy list` names them"),
    "crawl of two spiders": (["crawl", "news", "urls"], "give one spider"),
    "crawl with half an argument": (["crawl", "news", "-a", "limit"], "Invalid -a value, use -a NAME=VALUE"),
    "extract of nothing": (["extract"], "give one FILE or URL, or --jsonl with lines on standard input"),
    "extract of a file and lines": (["extract", "--jsonl", "a.html"], "give one FILE or URL, or --jsonl"),
    "extract of lines with a url": (["extract", "--jsonl", "--url", "http://a.example"], "with --jsonl each line has its own"),
    "extract of a url with a url": (["extract", "http://a.example", "--url", "http://a.example"], "--url is for a FILE"),
    "publishers with an argument": (["publishers", "kyiv_courier"], "scrapy publishers takes no arguments"),
}


@pytest.mark.parametrize("case", USAGE)
def test_a_command_says_how_it_is_used(case: str, call: Call, scrapy: Cli, room: Newsroom) -> None:
    arguments, message = USAGE[case]
    done = call(*arguments)
    assert (done.code, done.out, room.requests) == (2, "", [])
    assert message in done.err and "Traceback" not in done.err


EXTRACT: dict[str, tuple[list[str], dict[str, Any], str]] = {
    "missing file": (["/nowhere.html"], {}, "/nowhere.html: cannot be read: No such file or directory"),
    "folder": (["/"], {}, "/: cannot be read: Is a directory"),
    "unknown publisher": (
        ["a.html", "--publisher", "nobody"],
        {},
        "--publisher nobody: no such publisher; known are balkan_wire",
    ),
    "no time": (["a.html", "--fetched-at", "noon"], {}, "--fetched-at noon: allowed is a time such as 2025-08-13T12:00:00Z"),
    "no address": (["a.html", "--url", "a.example"], {}, "--url a.example: allowed is an http or https address"),
    "wrong setting": (["a.html"], {"NEWS_PAGE_SECONDS": "x"}, "NEWS_PAGE_SECONDS=x: allowed is seconds above 0"),
    "wrong network": (["http://127.0.0.1:9/"], {"NEWS_ALLOW_NETWORKS": "x"}, "NEWS_ALLOW_NETWORKS: 'x' does not appear to be"),
    "missing publishers": (["a.html"], {"NEWS_PUBLISHERS": "/nowhere"}, "NEWS_PUBLISHERS=/nowhere: no such folder"),
}


@pytest.mark.parametrize("case", EXTRACT)
def test_extract_refuses_what_it_cannot_read(case: str, call: Call, scrapy: Cli, room: Newsroom) -> None:
    arguments, variables, message = EXTRACT[case]
    assert refusal(call("extract", *arguments, **variables), scrapy, room).startswith(message)


PROGRAM: dict[str, tuple[list[str], dict[str, str], str]] = {
    "unknown spider": (["crawl", "nws"], {}, "no spider is called nws"),
    "production": (["crawl", "news"], {"SCRAPY_PROJECT": "production"}, "NEWS_CONTACT: set an address or mailbox"),
    "no credentials": (["crawl", "news"], {"NEWS_SINK": "s3://lake-of-nobody"}, "the sink s3://lake-of-nobody"),
    "missing file": (["extract", "/nowhere.html"], {}, "/nowhere.html: cannot be read"),
}


@pytest.mark.parametrize("case", PROGRAM)
def test_the_program_itself_refuses_with_one_line_and_exit_2(case: str, scrapy: Cli, room: Newsroom) -> None:
    arguments, variables, message = PROGRAM[case]
    assert message in refusal(scrapy.run(*arguments, **variables), scrapy, room)
