"""A run that puts a page into quarantine, and a retry of it, killed with SIGKILL before every change of the store in turn: one JSON line a step.

    python -m tests.dies_shelving FOLDER

A process of its own, because it forks for each step. The run leases its publisher and its links, too; what is done again after
the kill is what the next run and the next retry do.
"""

from __future__ import annotations

import gc
import itertools
import json
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from pipelines.deliver import finish_run, recover
from pipelines.delivery.batches import Limits
from pipelines.delivery.lake import lines
from pipelines.delivery.sinks import open_sink
from pipelines.items import Draft, Link, Page, Reason, Rejected
from pipelines.publishers import Publisher
from pipelines.retry import retry
from pipelines.runner import Outcome
from pipelines.settle import settle
from pipelines.store import Verdict, open_store
from tests.builders import NOW, make_article, make_draft, make_link
from tests.dies_at import Steps, killed_at

LINKS = [make_link(number) for number in (1, 2)]
LIMITS = Limits()
CHANGES = ("INSERT", "UPDATE", "DELETE", "COMMIT")


class Inline:
    """The runner's one verb that a retry uses, without worker processes."""

    def map(self, given: Iterable[tuple[Any, Page, Publisher]]) -> Iterator[tuple[Any, Outcome]]:
        return ((key, _draft(page.link)) for key, page, publisher in given)


def counted(steps: Steps) -> None:
    """From here on each statement of this process that changes the store is a step, and each end of a transaction."""
    connect = sqlite3.connect

    def trace(statement: str) -> None:
        if statement.lstrip()[:6].upper() in CHANGES:
            steps.pass_by()

    def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **options)
        connection.set_trace_callback(trace)
        return connection

    sqlite3.connect = traced


def crawl(folder: Path, run_id: str, hours: int) -> None:
    """A run whose first page runs out of time in its worker, and whose second is an article."""
    store, sink, now = (
        open_store(f"sqlite://{folder}/store.db"),
        open_sink(f"file://{folder}/lake"),
        NOW + timedelta(hours=hours),
    )
    held = store.start_run(run_id, "news", now, publishers=["example"])
    assert held == {}, "a dead run holds no publisher"
    recover(store, sink, now, limits=LIMITS)
    for link in store.claim(LINKS, run_id, now):
        outcome = Rejected(Reason.TIMEOUT) if link.url == LINKS[0].url else _draft(link)
        settle(store, Page(link.url, b"<html>", NOW, link, 200, {}), outcome, run_id, now)
    finish_run(store, sink, run_id, now, verdict=Verdict.OK, limits=LIMITS)
    store.close()


def retry_all(folder: Path, hours: int) -> None:
    store, sink, now = (
        open_store(f"sqlite://{folder}/store.db"),
        open_sink(f"file://{folder}/lake"),
        NOW + timedelta(hours=hours),
    )
    list(retry(store, sink, Inline(), {}, store.quarantined(), now, LIMITS))  # type: ignore[arg-type]
    store.close()


def _draft(link: Link) -> Draft:
    return make_draft(make_article(int(link.url.rpartition("-")[2])))


def every_moment(base: Path, name: str, dying: Callable[[Path], None], before: Callable[[Path], None] | None = None) -> None:
    for moment in itertools.count(1):
        folder = base / f"{name}-{moment}"
        folder.mkdir()
        open_store(f"sqlite://{folder}/store.db").close()
        if before:
            killed_at(lambda steps, to=folder: before(to), None)
        died = killed_at(lambda steps, to=folder: (counted(steps), dying(to)), moment)
        killed_at(lambda steps, to=folder: (crawl(to, "run-2", 48), retry_all(to, 72)), None)
        sys.stdout.write(json.dumps({"scenario": name, "moment": moment, "died": died, **found(folder)}) + "\n")
        if not died:
            return


def found(folder: Path) -> dict[str, Any]:
    store = open_store(f"sqlite://{folder}/store.db")
    left = len(store.quarantined()), store.waiting().rows, len(store.unfinished_runs())
    store.close()
    urls = sorted(json.loads(line)["url"] for line in lines(open_sink(f"file://{folder}/lake")))
    return {"urls": urls, "left": left}


def main(base: Path) -> None:
    # What a process imports and builds once, it has before it forks; each fork would do it again.
    warm = base / "warm"
    warm.mkdir()
    crawl(warm, "run-0", 0)
    retry_all(warm, 24)
    gc.freeze()
    every_moment(base, "crawl", lambda folder: crawl(folder, "run-1", 0))
    every_moment(base, "retry", lambda folder: retry_all(folder, 24), lambda folder: crawl(folder, "run-1", 0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
