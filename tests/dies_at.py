"""A delivery that is killed with SIGKILL after every step in turn, and resumed: one JSON line a step.

    python -m tests.dies_at FOLDER

A process of its own, because it forks for each step. It touches no production code: store and sink are wrapped, and the
wrapper counts the calls. Two scenarios: the run dies, and the recovery of a dead run dies, too.
"""

from __future__ import annotations

import gc
import hashlib
import itertools
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from pipelines.deliver import deliver, finish_run, recover
from pipelines.delivery.batches import Limits, unpack
from pipelines.delivery.manifest import parse
from pipelines.delivery.sinks import open_sink
from pipelines.items import Reason, Rejected
from pipelines.store import Verdict, open_store
from tests.builders import NOW, make_article, make_link

PAGES = 9
# Small enough that a run has several parts.
LIMITS = Limits(part_bytes=1, part_age=timedelta(0))


class Steps:
    """Counts the calls through its wrappers; kills this process after the n-th. Nothing durable happens between two calls."""

    def __init__(self, die_at: int | None) -> None:
        self.die_at, self.moment = die_at, 0

    def wrap(self, target: Any) -> Any:
        return _Wrapped(target, self)

    def pass_by(self) -> None:
        self.moment += 1
        if self.moment == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)


class _Wrapped:
    def __init__(self, target: Any, steps: Steps) -> None:
        self._target, self._steps = target, steps

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        if not callable(found):
            return found

        def call(*args: Any, **options: Any) -> Any:
            result = found(*args, **options)
            self._steps.pass_by()
            return result

        return call


def crawl(folder: Path, run_id: str, hours: int, steps: Steps) -> None:
    """A whole run: finish what dead runs left, fetch what has no outcome, deliver between and at the end."""
    now = NOW + timedelta(hours=hours)
    store = steps.wrap(open_store(f"sqlite://{folder}/store.db"))
    sink = steps.wrap(open_sink(f"file://{folder}/lake"))
    store.start_run(run_id, "news", now)
    recover(store, sink, now, limits=LIMITS)
    links = store.claim([make_link(number) for number in range(PAGES)], run_id, now)
    for place, link in enumerate(links):
        number = int(link.url.rpartition("-")[2])
        outcome = Rejected(Reason.TOO_SHORT) if number == 4 else make_article(number)
        # Half of them after midnight: two partitions.
        store.commit(link, outcome, run_id=run_id, now=now + timedelta(hours=12 * (place % 2)))
        if place % 3 == 2:
            deliver(store, sink, run_id, now + timedelta(hours=24), limits=LIMITS)
    finish_run(store, sink, run_id, now + timedelta(hours=1), verdict=Verdict.OK, sites=["example"], limits=LIMITS)


def only_recover(folder: Path, hours: int, steps: Steps) -> None:
    store = steps.wrap(open_store(f"sqlite://{folder}/store.db"))
    recover(store, steps.wrap(open_sink(f"file://{folder}/lake")), NOW + timedelta(hours=hours), limits=LIMITS)


def killed_at(work: Callable[[Steps], None], die_at: int | None) -> bool:
    """Do the work in a child that dies at this moment; False if it ended before."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work(Steps(die_at))
            status = 0
        finally:
            if status:
                traceback.print_exc()
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0, f"the work failed at moment {die_at}"
    return False


def found(folder: Path) -> dict[str, Any]:
    """What a reader who reads what manifests name finds, and what is left behind."""
    sink, store = open_sink(f"file://{folder}/lake"), open_store(f"sqlite://{folder}/store.db")
    manifests = [key for key in sink.list("_meta/v1/runs/") if key.endswith("manifest.json")]
    parts = [part for key in manifests for part in parse(sink.get(key) or b"").parts]
    ids = []
    for part in parts:
        body = sink.get(part.key) or b""
        assert (len(body), hashlib.sha256(body).hexdigest()) == (part.bytes, part.sha256), part.key
        lines = unpack(body)
        assert len(lines) == part.rows, part.key
        ids += [json.loads(line)["id"] for line in lines]
    left = [day.rows for run in store.runs() for day in store.pending(run.run_id)]
    ended = all(run.ended for run in store.runs())
    successes = [key for key in sink.list("_meta/v1/runs/") if key.endswith("_SUCCESS")]
    store.close()
    return {
        "ids": sorted(ids),
        "orphans": sorted(set(sink.list("articles/")) - {part.key for part in parts}),
        "settled": not left and ended and len(successes) == len(manifests),
    }


def main(base: Path) -> None:
    def run(folder: Path, moment: int) -> bool:
        return killed_at(lambda steps: crawl(folder, "run-1", 0, steps), moment)

    def recovery(folder: Path, moment: int) -> bool:
        run(folder, moments // 2)
        return killed_at(lambda steps: only_recover(folder, 24, steps), moment)

    # What a process imports and builds once, it has before it forks; each fork would do it again.
    warm = base / "warm"
    warm.mkdir()
    crawl(warm, "run-0", 0, Steps(None))
    gc.freeze()
    moments = every_moment(base, run)
    every_moment(base, recovery)


def every_moment(base: Path, scenario: Callable[[Path, int], bool]) -> int:
    """Kill the scenario at each moment until it ends before it, run once more after each kill; how many moments there were."""
    for moment in itertools.count(1):
        folder = base / f"{scenario.__name__}-{moment}"
        folder.mkdir()
        died = scenario(folder, moment)
        killed_at(lambda steps, to=folder: crawl(to, "run-2", 48, steps), None)
        result = {"scenario": scenario.__name__, "moment": moment, "died": died, **found(folder)}
        sys.stdout.write(json.dumps(result) + "\n")
        if not died:
            return moment
    raise AssertionError("count has no end")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
