"""`scrapy report`: the history over runs, from the reports that lie beside their manifests."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.commands.interruption import in_order
from crawler.commands.terminal import counted_rows, print_rows
from crawler.reporting.runs import days, history_page
from pipelines import clock
from pipelines.configuration import configuration
from pipelines.delivery.manifest import RUNS
from pipelines.delivery.sinks import Sink, open_sink
from pipelines.errors import ConfigurationError, DeliveryError

COLUMNS = {
    "day": "day", "runs": "runs", "articles": "articles", "undated": "undated", "rejected": "rejected", "requests": "requests",
    "megabytes": "MiB", "not_modified": "304", "alarms": "alarms", "verdicts": "verdicts",
}  # fmt: skip


class Command(ScrapyCommand):
    """Exit 0 whatever the runs' verdicts are; 2 for a wrong option or setting, 4 where the sink cannot be read."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[--days N] [--html FILE]"

    def short_desc(self) -> str:
        return "Draw the history over runs: scrapy report --days 30 --html runs.html"

    def long_desc(self) -> str:
        return (
            "Reads the reports of the runs of the last days from NEWS_SINK: a row a day in a terminal, JSON lines when piped, and with --html "
            "FILE one self-contained page with charts. Example: scrapy report --days 30 --html runs.html. Each run's own report lies beside "
            "its manifest: _meta/v1/runs/RUN/report.html and report.json."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--days", type=int, default=30, help="how many days back, at least 1; default: 30")
        parser.add_argument("--html", type=Path, metavar="FILE", help="write the history as one HTML page")

    @in_order
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if args or opts.days < 1:
            raise UsageError("scrapy report takes no arguments but --days N, at least 1, and --html FILE", print_help=False)
        try:
            reports = _reports(open_sink(configuration(self.settings.get).sink), clock.now() - timedelta(days=opts.days))
            if opts.html:
                opts.html.write_text(history_page(days(reports), _alarms(reports), clock.now()), encoding="utf-8")
        except (ConfigurationError, OSError, DeliveryError) as error:
            print(f"scrapy report: {error}", file=sys.stderr)
            self.exitcode = 4 if isinstance(error, DeliveryError) else 2
            return
        print_rows(_rows(reports), COLUMNS)


def _reports(sink: Sink, since: datetime) -> list[dict[str, Any]]:
    """The reports of the runs that began since then, the oldest first. A run id begins with its time, so older ones are not read."""
    first = f"{RUNS}/{since:%Y%m%dT%H%M%SZ}"
    keys = [key for key in sink.list(f"{RUNS}/") if key.endswith("/report.json") and key >= first]
    with counted_rows("reports", len(keys)) as advance:
        found = []
        for key in keys:
            found.append(_report(sink, key))
            advance(1)
    return sorted((report for report in found if report), key=lambda report: str(report["startedAt"]))


def _report(sink: Sink, key: str) -> dict[str, Any]:
    """The report with this key; empty where it is gone meanwhile. Raises DeliveryError."""
    if (body := sink.get(key)) is None:
        return {}
    try:
        report: dict[str, Any] = json.loads(body)
        days([report])
        return report
    except (ValueError, KeyError, TypeError) as error:
        raise DeliveryError(f"{sink.address}: {key} is no report ({error!r}); restore it, or remove it") from error


def _rows(reports: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = [asdict(day) for day in days(reports)]
    if sys.stdout.isatty():
        for row in rows:
            row["verdicts"] = ", ".join(f"{runs} {verdict}" for verdict, runs in row["verdicts"].items())
            row["not_modified"] = f"{row['not_modified']:.0%}" if row["not_modified"] is not None else None
    return rows


def _alarms(reports: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"day": report["startedAt"][:10], **alarm} for report in reports for alarm in report["alarms"]]
