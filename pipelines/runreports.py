"""Runs' reports, beside their manifests: they name addresses, which leave them when their article is erased."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

import orjson

from pipelines.delivery.lake import readers
from pipelines.delivery.manifest import RUNS
from pipelines.delivery.sinks import Sink
from pipelines.redaction import redacted, redacted_values

_FORMS = {"html": "text/html; charset=utf-8", "json": "application/json"}
# So many reports are in memory.
_AT_ONCE = 64


def redact_reports(sink: Sink, keys: Collection[str]) -> int:
    """How many runs' reports named one of these links; they do not any more, in any version that the bucket keeps.

    A run's page comes before its figures: who is killed between them finds the run again by these. Raises DeliveryError.
    """
    found = list(_naming(sink, keys))
    for key, body in found:
        sink.replace(key, body, content_type=_FORMS[key.rpartition(".")[2]], versions=True)
    return len({key.rpartition(".")[0] for key, _ in found})


def count_reports(sink: Sink, keys: Collection[str]) -> int:
    """How many runs' reports `redact_reports` would change. Raises DeliveryError."""
    return len({key.rpartition(".")[0] for key, _ in _naming(sink, keys)})


def _naming(sink: Sink, keys: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """The reports that name one of these links, each as it is without them, a run's page before its figures."""
    if not keys:
        return
    forms = tuple(f"/report.{form}" for form in _FORMS)
    reports = iter(key for key in sink.list(f"{RUNS}/") if key.endswith(forms))
    with readers() as threads:
        while some := list(islice(reports, _AT_ONCE)):
            for key, body in zip(some, threads.map(sink.get, some), strict=True):
                if body is not None and (kept := _redacted(body, keys)) is not None:
                    yield key, kept


def _redacted(body: bytes, keys: Collection[str]) -> bytes | None:
    """The report without these links; None where it names none. One that is damaged is searched as text."""
    try:
        report = orjson.loads(body)
    except ValueError:
        text = body.decode("utf-8", "surrogateescape")
        kept = redacted(text, keys)
        return None if kept == text else kept.encode("utf-8", "surrogateescape")
    named = redacted_values(report, keys)
    return None if named == report else orjson.dumps(named, option=orjson.OPT_APPEND_NEWLINE)
