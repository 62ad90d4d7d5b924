"""A rebuild that is killed with SIGKILL after each of its steps in turn: one JSON line a step.

    python -m tests.dies_rebuilding STORE_AND_LAKE FOLDER

A process of its own, because it forks for each step; what is done again after the kill is what a run does.
"""

from __future__ import annotations

import itertools
import json
import shutil
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from pipelines.deliver import recover
from pipelines.delivery.lake import lines
from pipelines.delivery.sinks import open_sink
from pipelines.rebuild import rebuild, store_fault
from pipelines.store import open_store, place
from pipelines.store.rebuilding import Rebuilding
from tests.builders import NOW
from tests.dies_at import Steps, killed_at


def dying(steps: Steps, folder: Path) -> None:
    """A rebuild whose steps count: what goes into the new store, and every name that changes on the disk."""

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            result = function(*args, **options)
            steps.pass_by()
            return result

        return call

    for owner, name in (
        *((Rebuilding, name) for name in ("__enter__", "remember_run", "copy_rest")),
        *((Path, name) for name in ("rename", "replace", "unlink")),
        (place, "take_place"),
    ):
        setattr(owner, name, counted(getattr(owner, name)))
    rebuild(f"sqlite://{folder}/store.db", open_sink(f"file://{folder}/lake"), NOW, "damaged")


def main(source: Path, base: Path) -> None:
    for moment in itertools.count(1):
        folder = base / f"{moment}"
        shutil.copytree(source, folder)
        died = killed_at(lambda steps, to=folder: dying(steps, to), moment)
        url, sink = f"sqlite://{folder}/store.db", open_sink(f"file://{folder}/lake")
        if fault := store_fault(url):
            rebuild(url, sink, NOW + timedelta(hours=1), fault)
        store = open_store(url)
        errors = [run.error for run in recover(store, sink, NOW + timedelta(hours=2)) if run.error]
        store.close()
        ids = sorted(json.loads(line)["id"] for line in lines(sink))
        aside = [path.name for path in folder.glob("store.db.damaged-*Z")]
        left = [path.name for path in folder.iterdir() if "rebuil" in path.name]
        sys.stdout.write(json.dumps({"died": died, "ids": ids, "errors": errors, "aside": len(aside), "left": left}) + "\n")
        if not died:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
