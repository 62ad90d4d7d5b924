"""A backup of the whole store is put back after a run was killed with SIGKILL at a step: one JSON line a step.

    python -m tests.dies_restored FOLDER

The backup is from after a first run; the second run brings new articles and dies; a third one finds the backup.
"""

from __future__ import annotations

import gc
import itertools
import json
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from pipelines.deliver import finish_run
from pipelines.delivery.sinks import open_sink
from pipelines.rebuild import older_than_sink, rebuild, store_fault
from pipelines.store import Verdict, open_store
from tests.builders import NOW, make_article, make_link
from tests.dies_at import LIMITS, Steps, found, killed_at

# One is in both runs, with a further version in the second.
FIRST, SECOND = range(3), range(2, 5)


def run(folder: Path, run_id: str, numbers: range, version: int, hours: int, steps: Steps) -> None:
    now = NOW + timedelta(hours=hours)
    store = steps.wrap(open_store(f"sqlite://{folder}/store.db"))
    sink = steps.wrap(open_sink(f"file://{folder}/lake"))
    store.start_run(run_id, "news", now)
    for number in numbers:
        found_version = version if number in FIRST else 1
        article = make_article(number, version=found_version, contentHash=f"{found_version}" * 64)
        store.commit(make_link(number), article, run_id=run_id, now=now)
    finish_run(store, sink, run_id, now, verdict=Verdict.OK, limits=LIMITS)


def after(folder: Path) -> str | None:
    """What a crawl does over the backup: what it found, and a run that fetches whatever has no outcome."""
    url, sink, now = f"sqlite://{folder}/store.db", open_sink(f"file://{folder}/lake"), NOW + timedelta(hours=9)
    assert store_fault(url) is None
    if fault := older_than_sink(url, sink):
        rebuild(url, sink, now, fault)
        assert older_than_sink(url, sink) is None
    store = open_store(url)
    store.start_run("run-3", "news", now)
    for link in store.claim([make_link(number) for number in range(5)], "run-3", now):
        store.commit(link, make_article(int(link.url.rpartition("-")[2])), run_id="run-3", now=now)
    finish_run(store, sink, "run-3", now, verdict=Verdict.OK, limits=LIMITS)
    store.close()
    return fault


def main(base: Path) -> None:
    first = base / "first"
    first.mkdir()
    run(first, "run-1", FIRST, 1, 0, Steps(None))
    gc.freeze()
    for moment in itertools.count(1):
        folder = base / str(moment)
        shutil.copytree(first, folder)
        died = killed_at(lambda steps, to=folder: run(to, "run-2", SECOND, 2, 1, steps), moment)
        # Everything but the lake, as a backup of the disk has it.
        for path in folder.glob("store.db*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in first.glob("store.db*"):
            shutil.copytree(path, folder / path.name) if path.is_dir() else shutil.copy(path, folder)
        delivered = (folder / "lake/_meta/v1/runs/run-2/manifest.json").exists()
        result: dict[str, Any] = {"moment": moment, "died": died, "delivered": delivered, "fault": after(folder)}
        sys.stdout.write(json.dumps(result | {"ids": found(folder)["ids"]}) + "\n")
        if not died:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
