"""Metrics: a run's figures as Prometheus reads them. The only module that imports prometheus_client.

A run is a batch job: all are gauges that hold the last run's figures. In the text format of
https://prometheus.io/docs/instrumenting/exposition_formats/, which node_exporter's textfile collector takes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import basic_auth_handler, default_handler, push_to_gateway, write_to_textfile
from prometheus_client.parser import text_string_to_metric_families

from crawler.reporting.outlets import shown
from crawler.reporting.summary import Summary

PUSH_TIMEOUT_S: Final = 5.0
LAST_SUCCESS: Final = "dateline_last_success_timestamp_seconds"
# Metric, help, labels. docs/deployment.md lists them.
GAUGES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "dateline_run_exit_code": ("Exit code of the last run: 0 well, 3 degraded, 1 and 4 failed, 5 held.", ()),
    "dateline_run_seconds": ("Wall time of the last run.", ()),
    "dateline_run_end_timestamp_seconds": ("When the last run ended.", ()),
    LAST_SUCCESS: ("When the last run with exit code 0 ended.", ()),
    "dateline_run_articles": ("Articles that the last run committed.", ("publisher",)),
    "dateline_run_undated_articles": ("Articles of the last run without a datePublished.", ("publisher",)),
    "dateline_run_rejected_pages": ("Pages of the last run that gave no article.", ("publisher", "reason")),
    "dateline_run_requests": ("Requests that the last run sent.", ("publisher",)),
    "dateline_run_response_bytes": ("Bytes of bodies that the last run received.", ("publisher",)),
    "dateline_run_not_modified_responses": ("Answers 304 in the last run.", ("publisher",)),
    "dateline_run_alarms": ("Alarms that the last run raised.", ("publisher", "kind")),
    "dateline_run_missed_expectations": ("Expectations of publisher files that the last run missed.", ()),
    "dateline_outbox_bytes": ("Bytes of articles that wait for the sink.", ()),
}


def write_metrics(path: Path, run: Summary) -> None:
    """Put the run's metrics into a file, atomically. The last success is kept from the file before. Raises OSError."""
    write_to_textfile(str(path), _registry(run, last_success(path)))


def push_metrics(gateway: str, run: Summary, previous: float | None = None) -> None:
    """Replace the metrics of this spider at a Pushgateway; a user and password in its address are sent as such.

    Raises OSError or HTTPException.
    """
    parts = urlsplit(gateway)
    handler: Callable[..., Any] = default_handler
    if parts.username:
        handler = partial(basic_auth_handler, username=unquote(parts.username), password=unquote(parts.password or ""))
    address = shown(gateway) + parts.path.rstrip("/")
    push_to_gateway(
        address, "dateline", _registry(run, previous), {"spider": run.spider}, timeout=PUSH_TIMEOUT_S, handler=handler
    )


def last_success(path: Path | None) -> float | None:
    """When the last good run of a metrics file ended, in seconds since 1970; None where there is no file or no such run in it."""
    try:
        text = path.read_text(encoding="utf-8") if path else ""
        families = list(text_string_to_metric_families(text))
    except (OSError, ValueError):
        return None
    return next((sample.value for family in families for sample in family.samples if sample.name == LAST_SUCCESS), None)


def _registry(run: Summary, previous: float | None) -> CollectorRegistry:
    registry = CollectorRegistry()
    gauges = {name: Gauge(name, text, labels, registry=registry) for name, (text, labels) in GAUGES.items() if labels}

    def tell(name: str, value: float | None) -> None:
        if value is not None:
            Gauge(name, GAUGES[name][0], registry=registry).set(value)

    tell("dateline_run_exit_code", run.exit_code)
    tell("dateline_run_seconds", run.seconds)
    tell("dateline_run_end_timestamp_seconds", run.ended.timestamp())
    tell(LAST_SUCCESS, run.ended.timestamp() if run.exit_code == 0 else previous)
    tell("dateline_run_missed_expectations", len(run.missed))
    tell("dateline_outbox_bytes", run.outbox_bytes)
    _tell_publishers(run, gauges)
    return registry


def _tell_publishers(run: Summary, gauges: dict[str, Gauge]) -> None:
    for name, tally in run.publishers.items():
        gauges["dateline_run_articles"].labels(name).set(tally.articles)
        gauges["dateline_run_undated_articles"].labels(name).set(tally.undated)
        for reason, pages in tally.rejected.items():
            gauges["dateline_run_rejected_pages"].labels(name, reason).set(pages)
    for name, traffic in run.traffic.items():
        gauges["dateline_run_requests"].labels(name).set(traffic.requests)
        gauges["dateline_run_response_bytes"].labels(name).set(traffic.bytes)
        gauges["dateline_run_not_modified_responses"].labels(name).set(traffic.unchanged)
    for alarm in run.alarms:
        gauges["dateline_run_alarms"].labels(alarm.publisher, alarm.kind).inc()
