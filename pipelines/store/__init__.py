"""Durable state: leases, memory, outcomes and the outbox. `open_store` gives a Store; protocol.py says what it promises."""

from __future__ import annotations

from pipelines.store.open import open_store
from pipelines.store.protocol import Store, Verdict, VersionTaken

__all__ = ["Store", "Verdict", "VersionTaken", "open_store"]
