"""An erasure that is killed with SIGKILL after every change to the sink or the store in turn, and run again: one line a step.

python -m tests.dies_erasing FOLDER
"""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path
from typing import Any

from pipelines.delivery.batches import Limits, unpack
from pipelines.delivery.sinks import open_sink
from pipelines.erase import Erased, erase
from pipelines.store import open_store
from tests.builders import NOW
from tests.dies_at import Steps, killed_at
from tests.dies_compacting import DyingSink, numbers
from tests.lakes import NEXT_DAY, deliver_run, make_row

ERASED = 2
ADDRESS = json.loads(make_row(ERASED))["url"]


class DyingStore:
    """A store whose erasing counts among the sink's changes."""

    def __init__(self, store: Any, sink: DyingSink) -> None:
        self._store, self._sink = store, sink

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        return self._sink.counted(found) if name == "erase" else found


def erase_one(folder: Path, die_at: int | None) -> Erased:
    sink: Any = DyingSink(open_sink(f"file://{folder}/lake"), die_at)
    store: Any = DyingStore(open_store(f"sqlite://{folder}/store.db"), sink)
    done = erase(store, sink, json.loads(make_row(ERASED))["id"], "why", NOW, limits=Limits())
    store.close()
    return done


def main(base: Path) -> None:
    for moment in itertools.count(1):
        folder = base / str(moment)
        sink = open_sink(f"file://{folder}/lake")
        for run in range(3):
            deliver_run(sink, f"run-{run}", [run * 2, run * 2 + 1])
        deliver_run(sink, "run-3", [ERASED, 6, 7], dt=NEXT_DAY)
        for report in ("run-1/report.html", "run-1/report.json"):
            sink.put(f"_meta/v1/runs/{report}", json.dumps({"slowest": [{"url": ADDRESS}]}).encode())

        def work(steps: Steps, to: Path = folder, at: int = moment) -> None:
            erase_one(to, at)

        died = killed_at(work, None)
        result: dict[str, Any] = {"moment": moment, "died": died, "after": numbers(sink)}
        result["held"] = erase_one(folder, None).held
        hidden = [key for key in sink.list("articles/") if b'"number": %d,' % ERASED in b"".join(unpack(sink.get(key) or b""))]
        hidden += [key for key in sink.list("_meta/") if ADDRESS.encode() in (sink.get(key) or b"")]
        sys.stdout.write(json.dumps(result | {"again": numbers(sink), "hidden": hidden}) + "\n")
        if not died:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
