"""Lost: what was delivered and is no longer in the sink. A manifest is put again where its parts are there; rows cannot be."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.delivery.batches import day_prefix
from pipelines.delivery.lake import manifest_at
from pipelines.delivery.manifest import RUNS, Manifest, manifest_key, sealed, success_key
from pipelines.delivery.sinks import Sink
from pipelines.store.protocol import Store


@dataclass(frozen=True, slots=True)
class Lost:
    """Runs whose manifest was gone: those that have it `again`, and those of which a part is `gone`, too."""

    again: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.again or self.gone)

    def __str__(self) -> str:
        again = f"{len(self.again)} manifests that were gone are put again: {_some(self.again)}" if self.again else ""
        gone = (
            f"{len(self.gone)} runs were delivered, and their manifests and parts are not there any more: {_some(self.gone)}. Restore "
            "the objects, or have `scrapy store rebuild --force` forget these articles: pages that are still there are fetched again"
        )
        return "; ".join(filter(None, [again, gone if self.gone else ""]))


def last_is_lost(store: Store, sink: Sink) -> bool:
    """Whether the sink lacks the manifest of the last run that brought it articles. Raises DeliveryError."""
    return any(sink.get(manifest_key(run_id)) is None for run_id in store.delivered_to(sink.address, most=1))


def find_lost(store: Store, sink: Sink) -> Lost:
    """What of this store's runs is gone from the sink, after manifests were put again. Raises DeliveryError."""
    there = set(sink.list(f"{RUNS}/"))
    again, gone = [], []
    for run_id in store.delivered_to(sink.address):
        # A listing may not show yet what was put a moment ago.
        if manifest_key(run_id) in there or sink.get(manifest_key(run_id)) is not None:
            continue
        run = store.run(run_id)
        if (manifest := sealed(run)) and _has_parts(sink, manifest, there):
            sink.put(manifest_key(run_id), run.manifest or b"", content_type="application/json")
            sink.put(success_key(run_id), b"", content_type="text/plain")
            again.append(run_id)
        else:
            gone.append(run_id)
    return Lost(tuple(again), tuple(gone))


def _has_parts(sink: Sink, manifest: Manifest, there: set[str]) -> bool:
    """Whether each part is in the sink, or was replaced by a rewriting of its day."""
    for dt in {part.dt for part in manifest.parts}:
        known = set(sink.list(day_prefix(dt)))
        for key in there:
            if key.startswith(f"{RUNS}/rewrite-{dt}-") and key.endswith("/manifest.json"):
                known.update(manifest_at(sink, key).replaces)
        if any(part.dt == dt and part.key not in known for part in manifest.parts):
            return False
    return True


def _some(run_ids: tuple[str, ...]) -> str:
    return ", ".join(run_ids[:3]) + (", ..." if len(run_ids) > 3 else "")
