"""Summary: the figures of a run's end, whether it has a manifest, was held, failed, or never began."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from pipelines.delivery.manifest import Manifest, Tally, rfc3339
from pipelines.history.alarms import Alarm

_REJECTED = "page/rejected/"


@dataclass(slots=True)
class Traffic:
    """Requests that were sent for a publisher, the bytes of bodies as they came, and the answers that nothing had changed."""

    requests: int = 0
    bytes: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A run's end. `run_id`, `verdict` and `outbox_bytes` are None where the run did not come so far.

    `publishers` and `traffic` are keyed by publisher id; requests that are nobody's, such as a robots.txt, stand under "".
    """

    spider: str
    exit_code: int
    ended: datetime
    seconds: float
    run_id: str | None = None
    verdict: str | None = None
    reason: str | None = None
    counts: Tally = field(default_factory=Tally)
    publishers: Mapping[str, Tally] = field(default_factory=dict)
    traffic: Mapping[str, Traffic] = field(default_factory=dict)
    alarms: tuple[Alarm, ...] = ()
    missed: tuple[str, ...] = ()
    outbox_bytes: int | None = None

    @property
    def title(self) -> str:
        """The run in a line."""
        rejected = sum(self.counts.rejected.values())
        return (
            f"{self.spider}: {self.verdict or 'failed'}, exit {self.exit_code}: {self.counts.articles} articles, "
            f"{rejected} rejected, {len(self.alarms)} alarms"
        )

    def to_dict(self) -> dict[str, Any]:
        """The summary as JSON values, its keys in camel case as the manifest's are."""
        return {
            "text": self.title,
            "runId": self.run_id,
            "spider": self.spider,
            "verdict": self.verdict,
            "exitCode": self.exit_code,
            "reason": self.reason,
            "endedAt": rfc3339(self.ended),
            "seconds": round(self.seconds, 1),
            "counts": asdict(self.counts),
            "publishers": {name: asdict(tally) for name, tally in self.publishers.items()},
            "alarms": [asdict(alarm) | {"text": str(alarm)} for alarm in self.alarms],
            "missed": list(self.missed),
            "outboxBytes": self.outbox_bytes,
        }


def summary(
    stats: Mapping[str, Any],
    spider: str,
    exit_code: int,
    ended: datetime,
    seconds: float,
    publishers: Mapping[str, Tally] | None = None,
    reason: str | None = None,
) -> Summary:
    """The summary of a run by its statistics and its manifest; without one by what was committed, `publishers` of it."""
    manifest: Manifest | None = stats.get("run/manifest")
    return Summary(
        spider=spider,
        exit_code=exit_code,
        ended=ended,
        seconds=seconds,
        run_id=stats.get("run/id"),
        verdict=stats.get("run/verdict"),
        reason=reason,
        counts=manifest.counts if manifest else _counts(stats, publishers or {}),
        publishers=manifest.sites if manifest else publishers or {},
        traffic=stats.get("run/traffic", {}),
        alarms=_all(stats, "run/alarms"),
        missed=_all(stats, "run/missed"),
        outbox_bytes=stats.get("run/outbox_bytes"),
    )


def _counts(stats: Mapping[str, Any], publishers: Mapping[str, Tally]) -> Tally:
    rejected = {name.removeprefix(_REJECTED): pages for name, pages in stats.items() if name.startswith(_REJECTED)}
    articles = stats.get("page/article", 0)
    undated = sum(tally.undated for tally in publishers.values())
    return Tally(articles + sum(rejected.values()), articles, undated, rejected)


def _all(stats: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    found: Iterable[Any] = stats.get(name, ())
    return tuple(found)
