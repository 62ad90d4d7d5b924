"""A store that was made anew takes the place of the damaged one, in steps that a kill may part and the next opening ends."""

from __future__ import annotations

import glob
import hashlib
import os
from pathlib import Path

from pipelines.store.damage import folder_of, forget_damage, mark

_SIDES = ("-wal", "-shm", "")


def unfinished(path: Path) -> Path:
    """Where a store is made anew, beside the one that it replaces."""
    return path.with_name(path.name + ".rebuilding")


def aside(path: Path, stamp: str) -> Path:
    """Where the damaged store goes: `store.db.damaged-20261122T080000Z`."""
    return path.with_name(f"{path.name}.damaged-{stamp}")


def place_of(path: Path) -> str:
    """What stands for this machine and this address on it, 16 hex: where a store is, no other one is that is still in use."""
    try:
        machine = Path("/etc/machine-id").read_text(encoding="ascii", errors="replace").strip()
    except OSError:  # not on every system
        machine = ""
    # Containers of one image have one id between them, and names of their own.
    return hashlib.sha256("\0".join((os.uname().nodename, machine, str(path))).encode("utf-8", "surrogateescape")).hexdigest()[
        :16
    ]


def left_beside(path: Path) -> list[Path]:
    """The damaged stores beside this one, and what is left of one that was being made anew when its process was killed."""
    found = [*path.parent.glob(f"{glob.escape(path.name)}.damaged-*Z"), unfinished(path)]
    return sorted(each for each in found if each.exists())


def finish(path: Path, stamp: str) -> None:
    """The store that was made anew is whole: from here on it takes its place, also if this process is killed."""
    made = unfinished(path)
    fd = os.open(made, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
    made.rename(path.with_name(f"{path.name}.rebuilt-{stamp}"))
    take_place(path)


def take_place(path: Path) -> None:
    """Move the damaged files aside and the new one to their place, if there is one. For who is alone with the store."""
    for made in sorted(path.parent.glob(f"{path.name}.rebuilt-*")):
        goal = aside(path, made.name.rpartition("-")[2])
        for side in _SIDES:
            old = path.with_name(path.name + side)
            if old.exists():
                old.rename(goal.with_name(goal.name + side))
        # Before the last step: the new store has sealed no manifest that it could be asked for.
        mark(path)
        forget_damage(path)
        made.rename(path)
        _sync(path.parent)
        _sync(folder_of(path))


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
