"""Tidemark: in the sink, the last run that each store sealed. A store that does not know it is an older state, a backup put back.

One object a store, `_meta/v1/stores/<id>.json`: `{"storeVersion": "1.0", "run": ID, "place": HASH}`. It is put before the manifest of the
run that it names, which is in the store by then, so that a kill leaves it behind the store and never ahead of it.
"""

from __future__ import annotations

from contextlib import suppress

import orjson

from pipelines.delivery.lake import LakeDamaged
from pipelines.delivery.sinks import Sink
from pipelines.store.protocol import Store

STORES = "_meta/v1/stores"


def check_tide(store: Store, sink: Sink) -> None:
    """Raises StoreDamaged where the sink has a run of this store that the store does not know. Raises DeliveryError."""
    mark = _mark_at(sink, _key(store.identity().id))
    if mark is not None:
        store.must_know(mark["run"])


def raise_tide(store: Store, sink: Sink) -> None:
    """Note in the sink how far the store is. Raises DeliveryError.

    Another process of the store may seal a run meanwhile, and note it before this one does: the last word is the store's.
    """
    noted = None
    while (identity := store.identity()).sealed not in (None, noted):
        noted = identity.sealed
        _put(sink, _key(identity.id), str(noted), identity.place)


def supersede(sink: Sink, store_id: str | None, place: str, run_id: str) -> None:
    """A store is made anew in this place: no state of those that were there, of which one may have had this id, is believed from here on.

    None of them knows the run, whichever backup it is from. Raises DeliveryError.
    """
    for key in sink.list(f"{STORES}/"):
        with suppress(LakeDamaged):  # it is told when its store is used
            mark = _mark_at(sink, key) or {}
            if mark.get("place") == place or (store_id and key == _key(store_id)):
                _put(sink, key, run_id, place)


def _put(sink: Sink, key: str, run_id: str, place: str) -> None:
    mark = {"storeVersion": "1.0", "run": run_id, "place": place}
    sink.replace(key, orjson.dumps(mark, option=orjson.OPT_APPEND_NEWLINE), content_type="application/json")


def _mark_at(sink: Sink, key: str) -> dict[str, str] | None:
    """The mark with this key; None if there is none. Raises LakeDamaged, another DeliveryError."""
    body = sink.get(key)
    try:
        if body is None:
            return None
        mark = orjson.loads(body)
        return {"run": str(mark["run"]), "place": str(mark.get("place", ""))}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LakeDamaged(f"{sink.address}: {key} is no mark of a store ({error!r}); restore it, or remove it") from error


def _key(store_id: str) -> str:
    return f"{STORES}/{store_id}.json"
