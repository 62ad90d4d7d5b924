"""Retry: pages of the quarantine are processed again with the present code, as a run of their own."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from pipelines.deliver import finish_run
from pipelines.delivery.batches import Limits
from pipelines.delivery.sinks import Sink
from pipelines.items import Article, Page, Rejected
from pipelines.learnt import clocks_of, with_learnt_zone
from pipelines.publishers import Publisher, publisher_of
from pipelines.recipe import EXTRACTION_VERSION
from pipelines.runner import Runner
from pipelines.settle import settle
from pipelines.store.protocol import Store, Verdict
from pipelines.store.quarantine import Quarantined

SPIDER = "quarantine"


def retry(
    store: Store,
    sink: Sink,
    runner: Runner,
    publishers: Mapping[str, Publisher],
    pages: Iterable[Quarantined],
    now: datetime,
    limits: Limits,
) -> Iterator[tuple[Quarantined, Article | Rejected]]:
    """Each page's new outcome once it is committed, and the run's manifest at the end. Raises StoreError, DeliveryError."""
    run_id = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    store.start_run(run_id, SPIDER, now, code_hash=EXTRACTION_VERSION)
    zoned: dict[str, Publisher] = {}

    def given() -> Iterator[tuple[tuple[Quarantined, Page], Page, Publisher]]:
        for each in pages:
            page = replace(store.quarantined_page(each.key), run_id=run_id, spider=SPIDER)
            name = each.link.publisher
            if name not in zoned:
                publisher = publishers.get(name) or publisher_of(page.url, publishers.values())
                zoned[name] = with_learnt_zone(publisher, clocks_of(publisher, store.clocks(publisher.id)))
            yield (each, page), page, zoned[name]

    for (each, page), outcome in runner.map(given()):
        yield each, settle(store, page, outcome, run_id, now)
    finish_run(store, sink, run_id, now, verdict=Verdict.OK, sites=zoned, limits=limits)
