"""What a crawl tells beside its sink: metrics, a webhook, its log as JSON lines."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from crawler.reporting.jsonlog import JsonFormatter
from crawler.reporting.metrics import GAUGES, last_success, write_metrics
from crawler.reporting.summary import Traffic, summary
from crawler.reporting.webhook import is_told, post
from examples.newsroom.server import Newsroom
from pipelines.delivery.manifest import Tally
from pipelines.store import open_store
from tests.cli import PROJECT, Cli
from tests.conftest import Call

NOW = datetime(2025, 8, 14, 6, tzinfo=UTC)
SECRET = "B0OSECRET"


@dataclass
class Ears:
    """A server on loopback that takes what is sent to it."""

    url: str
    heard: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def ears(*statuses: int) -> Iterator[Ears]:
    """Answers with these statuses in turn, the last of them for ever."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            number = len(listening.heard)
            listening.heard.append((self.command, self.path, dict(self.headers), body))
            self.send_response(statuses[min(number, len(statuses) - 1)])
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_PUT = do_POST

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening = Ears(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield listening
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def values(text: str) -> dict[tuple[str, ...], float]:
    """Every sample by its name and its labels' values."""
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, *sample.labels.values()): sample.value for sample in samples}


def told(path: Path) -> dict[tuple[str, ...], float]:
    return values(path.read_text(encoding="utf-8"))


# Metrics


def test_a_runs_metrics_are_its_manifests_counts_and_the_servers_log(scrapy: Cli, room: Newsroom) -> None:
    file = scrapy.folder / "dateline.prom"
    done = scrapy.run("crawl", "news", NEWS_METRICS_FILE=str(file))
    assert (done.code, [path.name for path in scrapy.folder.glob("*.prom*")]) == (0, ["dateline.prom"])
    metrics, (manifest,) = told(file), scrapy.lake.manifests()
    for name, site in manifest.sites.items():
        assert metrics["dateline_run_articles", name] == site.articles
        assert metrics["dateline_run_undated_articles", name] == site.undated
        assert {reason: metrics["dateline_run_rejected_pages", name, reason] for reason in site.rejected} == site.rejected
    requests = {key[1]: value for key, value in metrics.items() if key[0] == "dateline_run_requests"}
    assert sum(requests.values()) == len(room.requests)
    assert set(requests) == {*manifest.sites, ""}
    assert metrics["dateline_run_response_bytes", "kyiv_courier"] > 1000
    assert (metrics["dateline_run_exit_code",], metrics["dateline_outbox_bytes",]) == (0, 0)
    assert metrics["dateline_last_success_timestamp_seconds",] == metrics["dateline_run_end_timestamp_seconds",]
    assert 0 < metrics["dateline_run_seconds",] < 60


def test_a_run_that_cannot_deliver_tells_what_it_committed_and_keeps_the_last_success(scrapy: Cli, room: Newsroom) -> None:
    file = scrapy.folder / "dateline.prom"
    write_metrics(file, summary({}, "news", 0, NOW, 1.0))
    away = {"NEWS_SINK": "s3://bucket/lake", "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "word", "AWS_DEFAULT_REGION": "us-east-1"}
    with ears(200) as hook:
        outlets = {"NEWS_METRICS_FILE": str(file), "NEWS_WEBHOOK": hook.url}
        done = scrapy.run("crawl", "news", "-a", "publishers=balkan_wire", **away, **keys, **outlets)
    assert hook.heard, done.err
    ((_, _, _, body),) = hook.heard
    assert (done.code, json.loads(body)["verdict"], json.loads(body)["counts"]["articles"]) == (4, "undelivered", 7)
    after = told(file)
    assert after["dateline_run_exit_code",] == 4
    assert (after["dateline_run_articles", "balkan_wire"], after["dateline_run_undated_articles", "balkan_wire"]) == (7, 1)
    assert after["dateline_outbox_bytes",] > 7000
    assert after["dateline_last_success_timestamp_seconds",] == NOW.timestamp()


def test_a_run_that_finds_its_publishers_taken_writes_metrics_and_calls_no_webhook(scrapy: Cli, room: Newsroom) -> None:
    file, store = scrapy.folder / "dateline.prom", open_store(f"sqlite://{scrapy.store}")
    store.start_run("run-1", "news", NOW, publishers=["balkan_wire"])
    with ears(200) as hook:
        done = scrapy.run("crawl", "news", "-a", "publishers=balkan_wire", NEWS_METRICS_FILE=str(file), NEWS_WEBHOOK=hook.url)
    store.close()
    assert (done.code, hook.heard) == (5, [])
    assert (told(file)["dateline_run_exit_code",], told(file)["dateline_outbox_bytes",]) == (5, 0)


def test_a_run_without_a_manifest_is_told_by_what_was_committed() -> None:
    stats = {
        "page/article": 3,
        "page/rejected/too_short": 2,
        "run/id": "run-1",
        "run/verdict": "undelivered",
        "run/outbox_bytes": 900,
    }
    found = summary(stats, "news", 4, NOW, 12.0, {"a": Tally(5, 3, 1, {"too_short": 2})})
    assert found.counts == Tally(5, 3, 1, {"too_short": 2})
    assert (found.run_id, found.verdict, found.outbox_bytes, is_told(found)) == ("run-1", "undelivered", 900, True)


def test_a_held_run_and_a_good_one_call_no_webhook() -> None:
    assert [is_told(summary({}, "news", code, NOW, 1.0)) for code in (0, 1, 2, 3, 4, 5)] == [
        False,
        True,
        False,
        True,
        True,
        False,
    ]


def test_metrics_that_cannot_be_written_are_a_warning(scrapy: Cli, room: Newsroom) -> None:
    done = scrapy.run("crawl", "news", "-a", "publishers=balkan_wire", NEWS_METRICS_FILE=str(scrapy.folder / "no" / "x.prom"))
    assert (done.code, "WARNING crawler.commands.ended: NEWS_METRICS_FILE: the metrics are not written" in done.err) == (
        0,
        True,
    )


def test_a_file_that_holds_no_metrics_has_no_last_success(tmp_path: Path) -> None:
    file = tmp_path / "x.prom"
    file.write_text("{{{")
    assert (last_success(file), last_success(tmp_path / "none.prom"), last_success(None)) == (None, None, None)
    write_metrics(file, summary({"run/traffic": {'a"b\n': Traffic(1, 2, 3)}}, "news", 0, NOW, 1.0))
    assert last_success(file) == NOW.timestamp()
    assert told(file)["dateline_run_requests", 'a"b\n'] == 1


def test_every_metric_is_documented() -> None:
    text = (PROJECT / "docs" / "deployment.md").read_text(encoding="utf-8")
    assert [name for name in GAUGES if f"`{name}`" not in text] == []


def test_metrics_are_pushed_to_a_gateway_with_its_password(scrapy: Cli, room: Newsroom) -> None:
    with ears(200) as gateway:
        address = gateway.url.replace("://", f"://dateline:{SECRET}@")
        done = scrapy.run("crawl", "news", "-a", "publishers=balkan_wire", NEWS_METRICS_PUSH=address)
    ((method, path, headers, body),) = gateway.heard
    assert (done.code, method, path) == (0, "PUT", "/metrics/job/dateline/spider/news")
    assert headers["Authorization"].startswith("Basic ")
    assert values(body.decode())["dateline_run_articles", "balkan_wire"] == 7
    assert SECRET not in done.err


# Webhook


def test_a_degraded_run_calls_the_webhook(scrapy: Cli, room: Newsroom) -> None:
    file = scrapy.folder / "publishers" / "balkan_wire.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("headline = 1.0", "datePublished = 1.0"), encoding="utf-8")
    with ears(200) as hook:
        done = scrapy.run("crawl", "news", "-a", "publishers=balkan_wire", NEWS_WEBHOOK=f"{hook.url}/{SECRET}")
    ((method, path, headers, body),) = hook.heard
    run = json.loads(body)
    assert (done.code, method, path, headers["Content-Type"]) == (3, "POST", f"/{SECRET}", "application/json")
    assert (run["exitCode"], run["verdict"], run["counts"]["articles"]) == (3, "degraded", 7)
    assert run["runId"] == scrapy.lake.manifests()[0].runId
    assert run["missed"] == ["balkan_wire: datePublished is filled in 86% of 7 articles, expected are 100%"]
    assert run["text"] == "news: degraded, exit 3: 7 articles, 2 rejected, 0 alarms"
    assert SECRET not in done.err


def test_a_webhook_that_fails_is_tried_twice_and_is_a_warning(scrapy: Cli, room: Newsroom) -> None:
    file = scrapy.folder / "publishers" / "balkan_wire.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("headline = 1.0", "datePublished = 1.0"), encoding="utf-8")
    with ears(500) as hook:
        done = scrapy.run("crawl", "news", "-a", "publishers=balkan_wire", NEWS_WEBHOOK=f"{hook.url}/{SECRET}")
    assert (done.code, len(hook.heard)) == (3, 2)
    assert (
        f"WARNING crawler.commands.ended: NEWS_WEBHOOK: {hook.url} was not told of the run's end: it answered 500" in done.err
    )
    assert SECRET not in done.err


def test_a_webhook_is_told_at_the_second_try() -> None:
    with ears(503, 200) as hook:
        assert post(hook.url, summary({}, "news", 1, NOW, 1.0)) is None
    assert len(hook.heard) == 2


def test_a_webhook_that_does_not_answer_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket
    import time

    monkeypatch.setattr("crawler.reporting.webhook.TIMEOUT_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        fault = post(f"http://127.0.0.1:{silent.getsockname()[1]}/{SECRET}", summary({}, "news", 1, NOW, 1.0))
    assert fault == "TimeoutError"
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NEWS_WEBHOOK", f"ftp://x.example/{SECRET}"),
        ("NEWS_METRICS_PUSH", f"{SECRET}:x"),
        ("NEWS_WEBHOOK", f"http://[{SECRET}"),
    ],
)
def test_a_wrong_address_is_refused_and_not_repeated(name: str, value: str, call: Call, room: Newsroom) -> None:
    done = call("crawl", "news", **{name: value})
    assert (done.code, done.err) == (2, f"scrapy crawl: {name}: allowed is an http or https address\n")


def test_a_metrics_file_that_node_exporter_would_not_read_is_refused(call: Call, room: Newsroom) -> None:
    done = call("crawl", "news", NEWS_METRICS_FILE="/tmp/metrics.txt")
    assert (done.code, done.err.startswith("scrapy crawl: NEWS_METRICS_FILE=/tmp/metrics.txt: allowed is a file")) == (2, True)


# JSON logs

KEYS = ["time", "level", "logger", "message", "run", "exception"]


def test_every_line_of_a_crawls_log_is_a_json_object(scrapy: Cli, room: Newsroom) -> None:
    done = scrapy.run("crawl", "news", "-a", "publishers=balkan_wire", "-L", "DEBUG", NEWS_LOG_JSON="true")
    lines = [json.loads(line) for line in done.log]
    assert (done.code, {tuple(line) for line in lines}) == (0, {tuple(KEYS)})
    (run_id,) = {line["run"] for line in lines} - {None}
    assert run_id == scrapy.lake.manifests()[0].runId
    assert lines[0]["run"] is None and lines[-1]["run"] == run_id
    assert datetime.fromisoformat(lines[0]["time"]).tzinfo is not None
    assert {"INFO", "DEBUG"} <= {line["level"] for line in lines}
    assert any(line["message"].startswith("Scrapy 2.") for line in lines)


def test_a_refused_run_says_why_as_json_too(scrapy: Cli, room: Newsroom) -> None:
    done = scrapy.run("crawl", "news", "-a", "publishers=nobody", NEWS_LOG_JSON="true")
    (line,) = [json.loads(line) for line in done.log]
    assert (done.code, line["level"], line["logger"]) == (2, "ERROR", "stderr")
    assert line["message"].startswith("scrapy crawl: -a publishers=nobody: no such publisher")


def test_a_log_file_has_the_json_lines(scrapy: Cli, room: Newsroom) -> None:
    file = scrapy.folder / "run.log"
    done = scrapy.run("crawl", "news", "-a", "publishers=balkan_wire", "-s", f"LOG_FILE={file}", NEWS_LOG_JSON="true")
    assert (done.code, done.err) == (0, "")
    assert all(list(json.loads(line)) == KEYS for line in file.read_text(encoding="utf-8").splitlines())


def test_what_is_no_log_line_becomes_one_in_a_process_of_its_own(scrapy: Cli) -> None:
    """Output of other processes and of C, an exception that nothing catches, half a line at the end."""
    code = """
import os, subprocess, sys
from scrapy.settings import Settings
from crawler.reporting.jsonlog import log_json
log_json(Settings({"LOG_LEVEL": "INFO"}))
subprocess.run(["sh", "-c", "echo from a child >&2"])
os.write(2, b"half a line")
print(file=sys.stderr)
raise ValueError("nobody caught this")
"""
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.returncode == 1
    assert {line["message"] for line in lines} == {"from a child", "half a line", "The program ends by an exception"}
    (uncaught,) = [line for line in lines if line["level"] == "CRITICAL"]
    assert uncaught["exception"].endswith("ValueError: nobody caught this")


def test_a_record_of_several_lines_and_any_characters_is_one_line_without_secrets() -> None:
    formatter = JsonFormatter([f"https://hooks.example/{SECRET}"])
    record = logging.makeLogRecord(
        {"msg": f"a\nb \ud83d https://hooks.example/{SECRET} %s", "args": ("c",), "levelname": "INFO"}
    )
    line = formatter.format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "a\nb ? https://hooks.example c"


def test_a_switch_that_is_neither_true_nor_false_is_refused(call: Call, room: Newsroom) -> None:
    done = call("crawl", "news", NEWS_LOG_JSON="json")
    assert (done.code, done.err) == (2, "scrapy crawl: NEWS_LOG_JSON=json: allowed is true or false\n")
