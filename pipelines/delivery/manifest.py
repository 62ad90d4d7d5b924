"""The manifest of a run: the only commit point. What no manifest names is not delivered.

Layout: docs/article.md. Written once, after every part; `_SUCCESS` follows it, empty. A rewriting of parts that are there
(`pipelines.delivery.rewriting`) has a manifest, too, which says what it replaces.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import orjson

from pipelines.errors import DeliveryError, StoreError
from pipelines.items import SCHEMA_VERSION
from pipelines.store.protocol import ARTICLE, Count, Part, Run

RUNS = "_meta/v1/runs"
MANIFEST_VERSION = "1.1"  # 1.1 added `kind` and `replaces`


class ManifestConflict(DeliveryError):
    """The sink has another manifest under this run's id: it is not overwritten, and the rows stay in the outbox."""


class Kind(StrEnum):
    """What a manifest's parts hold: new records, or records that were there before."""

    CRAWL = "crawl"
    COMPACT = "compact"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class ManifestPart:
    """One object with its crawl day, its size in bytes, its sha256 and its number of lines."""

    key: str
    dt: str
    bytes: int
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The pages that ended in a run: articles, rejected by reason, and how many articles have no datePublished."""

    pages: int = 0
    articles: int = 0
    undated: int = 0
    rejected: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A run's manifest, its attributes the JSON keys. Times are RFC 3339 in UTC. `sites` is keyed by publisher id.

    `replaces` are the keys of parts that no reader takes any more: their rows are in this manifest's parts.
    """

    manifestVersion: str = MANIFEST_VERSION
    schemaVersion: str = SCHEMA_VERSION
    kind: Kind = Kind.CRAWL
    runId: str
    spider: str | None
    startedAt: str
    finishedAt: str
    verdict: str
    codeHash: str | None
    configHash: str | None
    rows: int
    counts: Tally
    sites: dict[str, Tally]
    parts: list[ManifestPart]
    replaces: list[str] = field(default_factory=list)

    def to_bytes(self) -> bytes:
        return orjson.dumps(self, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def manifest_key(run_id: str) -> str:
    return f"{RUNS}/{run_id}/manifest.json"


def success_key(run_id: str) -> str:
    return f"{RUNS}/{run_id}/_SUCCESS"


def build(run: Run, parts: Iterable[Part], counts: Iterable[Count]) -> Manifest:
    """The manifest of a closed run whose parts are put: a function of the store alone.

    Raises DeliveryError if the rows in the parts are not the articles that were committed: nothing is written then.
    """
    if run.closed is None or run.verdict is None:
        raise DeliveryError(f"run {run.run_id} is not closed; its manifest would not be its last word")
    counted = list(counts)
    named = [_named(part) for part in parts]
    total, rows = tally(counted), sum(part.rows for part in named)
    if rows != total.articles:
        raise DeliveryError(
            f"run {run.run_id} committed {total.articles} articles but its parts hold {rows} rows; "
            "no manifest is written, the rows stay in the outbox"
        )
    publishers = sorted({*run.sites, *(count.publisher for count in counted)})
    return Manifest(
        runId=run.run_id,
        spider=run.spider,
        startedAt=rfc3339(run.started),
        finishedAt=rfc3339(run.closed),
        verdict=run.verdict,
        codeHash=run.code_hash,
        configHash=run.config_hash,
        rows=rows,
        counts=total,
        sites={name: tally(count for count in counted if count.publisher == name) for name in publishers},
        parts=named,
    )


def tally(counts: Iterable[Count]) -> Tally:
    """The sum of counts, over publishers if there are several."""
    pages = articles = undated = 0
    rejected: dict[str, int] = {}
    for count in counts:
        pages += count.pages
        undated += count.undated
        if count.outcome == ARTICLE:
            articles += count.pages
        else:
            rejected[count.outcome] = rejected.get(count.outcome, 0) + count.pages
    return Tally(pages, articles, undated, dict(sorted(rejected.items())))


def parse(body: bytes) -> Manifest:
    """The manifest of these bytes. Keys that a later release added are ignored. Raises ValueError or KeyError or TypeError."""
    table: dict[str, Any] = {"kind": Kind.CRAWL, "replaces": []} | orjson.loads(body)  # 1.0 had neither
    known = {name: table[name] for name in Manifest.__dataclass_fields__}
    known["kind"] = Kind(table["kind"])
    known["counts"] = _read(Tally, table["counts"])
    known["sites"] = {name: _read(Tally, site) for name, site in table["sites"].items()}
    known["parts"] = [_read(ManifestPart, part) for part in table["parts"]]
    return Manifest(**known)


def sealed(run: Run) -> Manifest | None:
    """The manifest that the store has of a run; None while there is none. Raises StoreError where it is damaged."""
    try:
        return parse(run.manifest) if run.manifest else None
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"the manifest of run {run.run_id} in the store's table runs is not what was written ({error}); `scrapy store rebuild` "
            "takes it from the sink"
        ) from error


def _read(model: Any, table: dict[str, Any]) -> Any:
    return model(**{name: table[name] for name in model.__dataclass_fields__})


def _named(part: Part) -> ManifestPart:
    if part.key is None or part.size is None or part.sha256 is None or part.put_to is None:
        raise DeliveryError(f"part {part.seq} of run {part.run_id} is not put; no manifest is written yet")
    return ManifestPart(part.key, part.dt, part.size, part.sha256, part.rows)


def rfc3339(instant: datetime) -> str:
    """An instant as manifests write it: UTC, whole seconds."""
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
