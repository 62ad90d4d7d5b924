"""What `scrapy runs` and `scrapy deliver` show of runs: from a manifest where there is one, else from what is committed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from pipelines.delivery.manifest import Tally, manifest_key, sealed, tally
from pipelines.errors import ConfigurationError
from pipelines.store import Store
from pipelines.store.protocol import Part, Run

COLUMNS: Final = {
    "run": "run",
    "spider": "spider",
    "startedAt": "started",
    "seconds": "seconds",
    "state": "state",
    "verdict": "verdict",
    "articles": "articles",
    "undated": "undated",
    "rejected": "rejected",
    "undelivered": "undelivered",
}
SITE_COLUMNS: Final = {"publisher": "publisher", "articles": "articles", "undated": "undated", "rejected": "rejected"}
PART_COLUMNS: Final = {"key": "part", "rows": "articles", "bytes": "bytes", "put": "put"}
# Ids that a refused prefix names; more would bury the message.
_NAMED = 5


def run_row(store: Store, run: Run) -> dict[str, Any]:
    """A run in a line. `state` is running, waiting (for the sink) or delivered; `seconds` until its last page."""
    counts = _counts(store, run)
    return {
        "run": run.run_id,
        "spider": run.spider,
        "startedAt": _rfc3339(run.started),
        "finishedAt": _rfc3339(run.closed),
        "seconds": round((run.closed - run.started).total_seconds(), 1) if run.closed else None,
        "state": _state(store, run),
        "verdict": run.verdict,
        "pages": counts.pages,
        "articles": counts.articles,
        "undated": counts.undated,
        "rejected": counts.rejected,
        "undelivered": 0 if run.ended else counts.articles,
    }


def run_sheet(store: Store, run: Run) -> dict[str, Any]:
    """All that is known of a run: its row, its publishers, its parts, its manifest's key once it is in the sink."""
    return {
        **run_row(store, run),
        "deliveredAt": _rfc3339(run.ended),
        "manifest": manifest_key(run.run_id) if run.ended else None,
        "codeHash": run.code_hash,
        "configHash": run.config_hash,
        "sites": [{"publisher": name, **_tallied(counts)} for name, counts in _sites(store, run).items()],
        "parts": [_part(part) for part in store.parts(run.run_id)],
    }


def find_run(store: Store, prefix: str) -> Run:
    """The run of an id, or of the beginning of one that no other run's id has. Raises ConfigurationError."""
    found = store.runs(prefix, most=_NAMED + 1)
    if exact := [run for run in found if run.run_id == prefix]:
        return exact[0]
    if not found:
        raise ConfigurationError(f"{prefix}: no run has this id; `scrapy runs` lists them")
    if len(found) > 1:
        named = ", ".join(run.run_id for run in found[:_NAMED])
        raise ConfigurationError(
            f"{prefix}: several runs begin so ({named}{', …' if len(found) > _NAMED else ''}); give more of the id"
        )
    return found[0]


def for_person(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as a table shows it: the reasons of rejections in words."""
    reasons = ", ".join(f"{pages} {reason}" for reason, pages in row["rejected"].items())
    return {**row, "rejected": reasons or "none"}


def _counts(store: Store, run: Run) -> Tally:
    manifest = sealed(run)
    return manifest.counts if manifest else tally(store.counts(run.run_id))


def _sites(store: Store, run: Run) -> dict[str, Tally]:
    if manifest := sealed(run):
        return manifest.sites
    counted = store.counts(run.run_id)
    publishers = sorted({*run.sites, *(count.publisher for count in counted)})
    return {name: tally(count for count in counted if count.publisher == name) for name in publishers}


def _tallied(counts: Tally) -> dict[str, Any]:
    return {"pages": counts.pages, "articles": counts.articles, "undated": counts.undated, "rejected": counts.rejected}


def _state(store: Store, run: Run) -> str:
    if run.ended:
        return "delivered"
    return "running" if store.is_live(run.run_id) else "waiting"


def _part(part: Part) -> dict[str, Any]:
    return {"key": part.key, "dt": part.dt, "rows": part.rows, "bytes": part.size, "sha256": part.sha256, "put": part.put_to}


def _rfc3339(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if instant else None
