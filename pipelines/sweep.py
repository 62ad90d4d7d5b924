"""Sweep: articles that are in no part yet lose what was learnt of their publisher after they were committed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson

from pipelines import identity
from pipelines.delivery.schema import to_json
from pipelines.finish import worded
from pipelines.habits import Habits
from pipelines.history import boilerplate, duplicates
from pipelines.history.boilerplate import Wording
from pipelines.store.learning import Revision, Traced
from pipelines.store.protocol import Store
from pipelines.validate import is_short
from pipelines.values import Block, BlockType

# Articles a transaction: commits of the run wait meanwhile.
_AT_ONCE = 50


def sweep(store: Store, run_id: str, dt: str, last_seq: int) -> int:
    """Clean the run's rows of one crawl day (ISO) up to `last_seq` that are in no part; how many changed.

    Killed at any moment it leaves whole articles, and a second call goes on. Versions stay the same: their hashes change
    with the rows.
    """
    waiting: list[Revision] = []
    revised = 0
    for revision in _revisions(store, run_id, dt, last_seq):
        waiting.append(revision)
        if len(waiting) == _AT_ONCE:
            revised += store.revise(waiting)
            waiting.clear()
    return revised + (store.revise(waiting) if waiting else 0)


def _revisions(store: Store, run_id: str, dt: str, last_seq: int) -> Iterator[Revision]:
    known: dict[str, Habits] = {}
    for row in store.traced_rows(run_id, dt, last_seq):
        if row.publisher not in known:
            known[row.publisher] = store.habits(row.publisher)
        habits = known[row.publisher]
        # Most rows show nothing that is learnt: their lines are not read.
        if boilerplate.furniture(row.traces, habits, dt) and (revision := _revision(store, row, habits, dt)):
            yield revision


def _revision(store: Store, row: Traced, habits: Habits, today: str) -> Revision | None:
    """The row without furniture; None where all of that is somebody's words."""
    article: dict[str, Any] = orjson.loads(store.line(row.seq))
    blocks = [Block(BlockType(each["type"]), each["text"], each["level"], each["time"]) for each in article["blocks"]]
    given = Wording(article["headline"], article["alternativeHeadline"], blocks, row.traces)
    kept = boilerplate.strip(given, habits, today)
    if kept is given:
        return None
    article |= worded(kept)
    body = article["articleBody"]
    instants = article["datePublished"], article["dateModified"]
    article["contentHash"] = identity.content_hash(kept.headline, article["description"], body, *instants)
    article["extraction"]["removed"] += kept.removed
    if is_short(body):
        article["flags"] = sorted({*article["flags"], "body.short"})
    return Revision(
        row=replace(row, traces=kept.traces),
        line=to_json(article),
        id=article["id"],
        version=article["version"],
        headline=kept.headline,
        body=body,
        content_hash=article["contentHash"],
        text_hash=duplicates.fingerprint(body),
    )
