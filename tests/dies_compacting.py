"""A compaction that is killed with SIGKILL after every change to the sink in turn, and run again: one JSON line a step.

    python -m tests.dies_compacting FOLDER

A process of its own, because it forks for each step. Of what is read nothing is durable, so only changes are counted.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from pipelines.compact import compact
from pipelines.delivery.batches import Limits
from pipelines.delivery.lake import lines, live_parts
from pipelines.delivery.sinks import Sink, open_sink
from tests.builders import NOW
from tests.dies_at import killed_at
from tests.lakes import DAY, deliver_run

# A compressor holds back some 100 KB: of so much noise a few parts are made.
LIMITS = Limits(part_bytes=60_000)
NOISE_BYTES, RUNS = 5_000, 12
NOW_AND_AGAIN = (timedelta(0), timedelta(hours=1))


class DyingSink:
    """A sink that kills this process after its n-th change."""

    def __init__(self, sink: Sink, die_at: int | None) -> None:
        self._sink, self._die_at, self._changes = sink, die_at, 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._sink, name)
        return self.counted(found) if name in ("put", "replace", "remove") else found

    def counted(self, change: Callable[..., Any]) -> Callable[..., Any]:
        """The call, after which this process may die."""

        def counting(*arguments: Any, **options: Any) -> Any:
            result = change(*arguments, **options)
            self._changes += 1
            if self._changes == self._die_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return counting


def compact_twice(folder: Path, die_at: int | None) -> None:
    """Compact, and again an hour later without grace: what was replaced is removed."""
    sink: Any = DyingSink(open_sink(f"file://{folder}"), die_at)
    for later in NOW_AND_AGAIN:
        compact(sink, DAY, NOW + later, limits=LIMITS, grace=timedelta(minutes=30))


def numbers(sink: Sink) -> list[int]:
    return sorted(json.loads(line)["number"] for line in lines(sink))


def main(base: Path) -> None:
    for moment, changed in ((moment, changed) for moment in itertools.count(1) for changed in (False, True)):
        folder = base / f"{moment}-{changed}"
        sink = open_sink(f"file://{folder}")
        for run in range(RUNS):
            deliver_run(sink, f"run-{run:02d}", range(run * 3, run * 3 + 3), noise_bytes=NOISE_BYTES)
        died = killed_at(lambda steps, to=folder, at=moment: compact_twice(to, at), None)
        result: dict[str, Any] = {"moment": moment, "changed": changed, "died": died, "after": numbers(sink)}
        if changed:  # the next compaction meets another day than the killed one
            deliver_run(sink, "run-99", range(RUNS * 3, RUNS * 3 + 3), noise_bytes=NOISE_BYTES)
        compact_twice(folder, None)
        result |= {"again": numbers(sink), "parts": len(list(live_parts(sink)))}
        result["orphans"] = sorted(set(sink.list("articles/")) - {part.key for part in live_parts(sink)})
        sys.stdout.write(json.dumps(result) + "\n")
        if not died and changed:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
