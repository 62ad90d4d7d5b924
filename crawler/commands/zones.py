"""What `scrapy publishers zones` shows: each publisher's zone by its file beside the one learnt from its pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any, Final

from pipelines.errors import ConfigurationError
from pipelines.learnt import Clocks, clocks_of, offset_name, with_learnt_zone
from pipelines.publishers import Publisher
from pipelines.store import Store
from pipelines.store.protocol import ClockCount

COLUMNS: Final = {
    "publisher": "publisher",
    "file": "file's zone",
    "learnt": "learnt zone",
    "confidence": "confidence",
    "articles": "articles",
    "share": "explained",
    "runnerUp": "next",
    "runnerUpShare": "explained",
    "readWith": "read with",
    "remark": "remark",
}


def zone_rows(store: Store, publishers: Mapping[str, Publisher], chosen: Iterable[str]) -> Iterator[dict[str, Any]]:
    """One row a publisher: of those chosen, else of all that have a file or whose clocks were seen, by id.

    Raises ConfigurationError for an id that has neither.
    """
    names = {**dict.fromkeys(sorted({*publishers, *store.clocked()}))}
    asked = list(dict.fromkeys(chosen))
    for name in asked:
        if name not in names:
            raise ConfigurationError(f"{name}: no publisher file has this id, and no article of it was seen")
    for name in asked or names:
        publisher = publishers.get(name) or Publisher(id=name, hosts=(name,))
        yield _row(publisher, clocks_of(publisher, store.clocks(name)))


def for_person(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the table shows it: the disagreement and its example in words."""
    example = row["example"]
    shown = f"{example['url']} shows {example['offset']}: {example['raw']}" if example else ""
    remark = f"disagrees; {shown}" if row["disagrees"] else ""
    return {**row, "learnt": row["learnt"] or row["offset"], "remark": remark}


def _row(publisher: Publisher, clocks: Clocks) -> dict[str, Any]:
    learnt = clocks.learnt
    return {
        "publisher": publisher.id,
        "file": publisher.timezone,
        "fileShare": clocks.file_share,
        "learnt": learnt.zone,
        "offset": offset_name(learnt.offset_minutes) if learnt.offset_minutes is not None else None,
        "confidence": learnt.confidence,
        "articles": learnt.articles,
        "share": learnt.share,
        "runnerUp": learnt.runner_up,
        "runnerUpShare": learnt.runner_up_share,
        "readWith": with_learnt_zone(publisher, clocks).timezone,
        "disagrees": clocks.disagrees,
        "example": _example(clocks.example) if clocks.disagrees and clocks.example else None,
    }


def _example(count: ClockCount) -> dict[str, str]:
    utc = count.utc.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"url": count.url, "utc": utc, "offset": offset_name(count.offset_minutes), "how": count.how, "raw": count.raw}
