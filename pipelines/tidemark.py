"""Tidemark: in the sink, the last run that each store sealed. A store that does not know it is an older state, a backup put back.

One object a store, `_meta/v1/stores/<id>.json`: `{"storeVersion": "1.0", "run": ID}`. It is put before the manifest of the run that it
names, which is in the store by then, so that a kill leaves it behind the store and never ahead of it.
"""

from __future__ import annotations

import orjson

from pipelines.delivery.lake import LakeDamaged
from pipelines.delivery.sinks import Sink
from pipelines.store.protocol import Store

STORES = "_meta/v1/stores"


def check_tide(store: Store, sink: Sink) -> None:
    """Raises StoreDamaged where the sink has a run of this store that the store does not know. Raises DeliveryError."""
    run_id = _marked(sink, store.identity().id)
    if run_id is not None:
        store.must_know(run_id)


def raise_tide(store: Store, sink: Sink) -> None:
    """Note in the sink how far the store is. Raises DeliveryError.

    Another process of the store may seal a run meanwhile, and note it before this one does: the last word is the store's.
    """
    noted = None
    while (identity := store.identity()).sealed not in (None, noted):
        noted = identity.sealed
        put_mark(sink, identity.id, str(noted))


def put_mark(sink: Sink, store_id: str, run_id: str) -> None:
    """Say that the store has come to this run: no state of it that does not know the run is believed. Raises DeliveryError."""
    body = orjson.dumps({"storeVersion": "1.0", "run": run_id}, option=orjson.OPT_APPEND_NEWLINE)
    sink.replace(_key(store_id), body, content_type="application/json")


def _marked(sink: Sink, store_id: str) -> str | None:
    body = sink.get(_key(store_id))
    try:
        return None if body is None else str(orjson.loads(body)["run"])
    except (ValueError, KeyError, TypeError) as error:
        raise LakeDamaged(
            f"{sink.address}: {_key(store_id)} is no mark of a store ({error!r}); restore it, or remove it"
        ) from error


def _key(store_id: str) -> str:
    return f"{STORES}/{store_id}.json"
