"""Run reports: what a run brought, in figures beside its manifest and on a page that a person reads at a glance."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from statistics import quantiles
from typing import Any, Final

from crawler.reporting.render import render
from pipelines.delivery.manifest import RUNS, Manifest
from pipelines.history.alarms import Alarm
from pipelines.vitals import FIELDS, Tally

REPORT_VERSION: Final = "1.0"
SLOWEST: Final = 10
# Upper bounds in minutes of the classes of latency from publication to fetch; the last class is open.
LATENCIES: Final = (5, 15, 60, 360, 1440)
# The watched fields as a narrow column's heading.
_SHORT: Final = dict(zip(FIELDS, ("headline", "date", "authors", "standfirst", "image", "section"), strict=True))


def report_key(run_id: str, form: str = "json") -> str:
    """Where a run's report lies, beside its manifest."""
    return f"{RUNS}/{run_id}/report.{form}"


@dataclass(slots=True)
class _Site:
    flags: Counter[str] = field(default_factory=Counter)
    flagged: int = 0
    hours: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)


class RunRecord:
    """What passes during a run, counted as it passes; nothing of an article is held."""

    def __init__(self) -> None:
        self._sites: defaultdict[str, _Site] = defaultdict(_Site)
        self._slowest: list[tuple[float, str, int, int]] = []

    def add_article(self, article: Mapping[str, Any]) -> None:
        """Count a committed article, as its JSON line has it; a tombstone is none."""
        if article["pubStatus"] != "usable":
            return
        site = self._sites[article["publisher"]["id"]]
        site.flags.update(article["flags"])
        site.flagged += bool(article["flags"])
        if article["datePublished"]:
            site.hours[article["datePublished"][:13]] += 1
            fetched, published = (datetime.fromisoformat(article[name]) for name in ("dateDownloaded", "datePublished"))
            if article["version"] == 1 and fetched >= published:
                site.latencies.append((fetched - published).total_seconds() / 60)

    def add_response(self, url: str, status: int, seconds: float, size: int) -> None:
        """Note a response, `seconds` after its request left; the slowest are kept."""
        heapq.heappush(self._slowest, (round(seconds, 3), url, status, size))
        if len(self._slowest) > SLOWEST:
            heapq.heappop(self._slowest)

    def report(
        self,
        manifest: Manifest,
        tally: Tally,
        stats: Mapping[str, Any],
        alarms: Iterable[Alarm] = (),
        missed: Iterable[str] = (),
    ) -> dict[str, Any]:
        """The report as JSON values. Counts of pages are the manifest's, filled fields the tally's, requests Scrapy's statistics."""
        seconds = (datetime.fromisoformat(manifest.finishedAt) - datetime.fromisoformat(manifest.startedAt)).total_seconds()
        return {
            "reportVersion": REPORT_VERSION,
            "runId": manifest.runId,
            "spider": manifest.spider,
            "verdict": str(manifest.verdict),
            "startedAt": manifest.startedAt,
            "finishedAt": manifest.finishedAt,
            "seconds": seconds,
            "counts": asdict(manifest.counts),
            "publishers": [self._site(name, asdict(counts), tally) for name, counts in manifest.sites.items()],
            "requests": _requests(stats),
            "left": _left(stats),
            "slowest": [
                {"url": url, "seconds": took, "status": status, "bytes": size}
                for took, url, status, size in sorted(self._slowest, reverse=True)
            ],
            "alarms": [asdict(alarm) for alarm in alarms],
            "missed": list(missed),
        }

    def _site(self, name: str, counts: dict[str, Any], tally: Tally) -> dict[str, Any]:
        site = self._sites[name]
        share = {field: round(tally.share(name, field), 4) if tally.articles(name) else None for field in FIELDS}
        return {
            "id": name,
            **counts,
            "flagged": site.flagged,
            "flags": dict(site.flags.most_common()),
            "filled": share,
            "hours": dict(sorted(site.hours.items())),
            "latencyMinutes": _latency(site.latencies),
        }


def _latency(minutes: Sequence[float]) -> dict[str, Any]:
    """Median and ninth decile, and how many fall below each bound of LATENCIES, the rest last."""
    deciles = quantiles(minutes, n=10, method="inclusive") if len(minutes) > 1 else [*minutes] * 9
    bounds = (*LATENCIES, float("inf"))
    classes = Counter(next(number for number, bound in enumerate(bounds) if value <= bound) for value in minutes)
    return {
        "median": round(deciles[4], 1) if deciles else None,
        "p90": round(deciles[8], 1) if deciles else None,
        "classes": [classes[number] for number in range(len(bounds))],
    }


def _requests(stats: Mapping[str, Any]) -> dict[str, Any]:
    prefix = "downloader/response_status_count/"
    statuses = {name.removeprefix(prefix): count for name, count in stats.items() if name.startswith(prefix)}
    responses = sum(statuses.values())
    return {
        "sent": stats.get("downloader/request_count", 0),
        "bytes": stats.get("downloader/response_bytes", 0),
        "statuses": dict(sorted(statuses.items())),
        "notModifiedShare": round(statuses.get("304", 0) / responses, 4) if responses else None,
        "retried": stats.get("retry/count", 0),
        "failed": stats.get("downloader/exception_count", 0),
        "forbidden": stats.get("robotstxt/forbidden", 0),
        "paused": stats.get("network/paused", 0),
        "strangeLinks": stats.get("discovery/refused_host", 0),
        "listings": sum(count for name, count in stats.items() if _is_listing(name)),
        "listingsUnchanged": stats.get("listing/unchanged", 0),
        "warnings": stats.get("log_count/WARNING", 0),
        "errors": stats.get("log_count/ERROR", 0),
    }


def _left(stats: Mapping[str, Any]) -> dict[str, Any]:
    """What the run leaves to the next: links that it had taken up, those that budgets had no room for, and hosts by why they were left."""
    return {
        "pages": stats.get("run/left_pages", 0),
        "overBudget": stats.get("discovery/over_budget/pages", 0),
        "listingsOverBudget": stats.get("discovery/over_budget/listings", 0),
        "budgetUsed": bool(stats.get("run/budget_used")),
        "hosts": dict(stats.get("network/left_alone", {})),
    }


def _is_listing(name: str) -> bool:
    return name in {"listing/feed", "listing/sitemap", "listing/html", "listing/unchanged"}


def run_page(report: Mapping[str, Any], now: datetime) -> str:
    """A run's report as one self-contained HTML page."""
    sites = report["publishers"]
    hours = sorted({hour for site in sites for hour in site["hours"]})[-48:]
    bars = [(hour[5:].replace("T", " ") + "h", sum(site["hours"].get(hour, 0) for site in sites)) for hour in hours]
    classes = [sum(column) for column in zip(*(site["latencyMinutes"]["classes"] for site in sites), strict=True)]
    return render(
        "run.html",
        title=f"Run {report['runId']}",
        now=now,
        run=report,
        hours=bars,
        latencies=list(zip(_latency_names(), classes, strict=False)),
        rejected=list(report["counts"]["rejected"].items()),
        fields=_SHORT,
        names=[site["id"] for site in sites],
        clock=[f"{hour:02}" for hour in range(24)],
        cells=[_clock(site["hours"]) for site in sites],
    )


def _clock(hours: Mapping[str, int]) -> list[int]:
    """Articles by the hour of the day, of whichever day."""
    counts = Counter[int]()
    for hour, articles in hours.items():
        counts[int(hour[-2:])] += articles
    return [counts[hour] for hour in range(24)]


def _latency_names() -> list[str]:
    names = [f"≤ {bound} min" if bound < 60 else f"≤ {bound // 60} h" for bound in LATENCIES]
    return [*names, "older"]


@dataclass(frozen=True, slots=True)
class Day:
    """The runs of one UTC day."""

    day: str
    runs: int
    articles: int
    undated: int
    rejected: int
    requests: int
    megabytes: float
    not_modified: float | None
    alarms: int
    verdicts: dict[str, int]
    publishers: dict[str, int]


def days(reports: Iterable[Mapping[str, Any]]) -> list[Day]:
    """The reports by the day on which their runs began, in order."""
    by_day: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for report in reports:
        by_day[report["startedAt"][:10]].append(report)
    return [_day(day, runs) for day, runs in sorted(by_day.items())]


def _day(day: str, runs: Sequence[Mapping[str, Any]]) -> Day:
    statuses, publishers = Counter[str](), Counter[str]()
    for run in runs:
        statuses.update(run["requests"]["statuses"])
        publishers.update({site["id"]: site["articles"] for site in run["publishers"]})
    counts = [run["counts"] for run in runs]
    return Day(
        day,
        len(runs),
        sum(count["articles"] for count in counts),
        sum(count["undated"] for count in counts),
        sum(sum(count["rejected"].values()) for count in counts),
        sum(run["requests"]["sent"] for run in runs),
        round(sum(run["requests"]["bytes"] for run in runs) / 2**20, 1),
        round(statuses["304"] / statuses.total(), 4) if statuses else None,
        sum(len(run["alarms"]) for run in runs),
        dict(Counter(run["verdict"] for run in runs)),
        dict(publishers),
    )


def history_page(found: Sequence[Day], alarms: Sequence[Mapping[str, Any]], now: datetime) -> str:
    """The days' figures as one self-contained HTML page; `alarms` with the day of each under `day`."""
    names = sorted({name for day in found for name in day.publishers})
    return render(
        "history.html",
        title="Runs",
        now=now,
        days=found,
        bars=[(day.day[5:], day.articles) for day in found],
        publishers=names,
        heads=[day.day[5:] for day in found],
        cells=[[day.publishers.get(name, 0) for day in found] for name in names],
        alarms=alarms,
    )
