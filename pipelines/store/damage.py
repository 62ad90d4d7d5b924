"""What is wrong with a store's file: found when it is opened (missing, emptied, older than it was, its log), or read through."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from pipelines.errors import StoreError
from pipelines.store.pages import wal_fault

_MAGIC = b"SQLite format 3\0"
# In the runs' folder: that a store was here, and the last run whose manifest it sealed.
_SEALED = ".sealed"
# Beside it: what was found damaged while the store was in use.
_DAMAGED = ".damaged"


def folder_of(path: Path) -> Path:
    """Where a store's locks and its mark are."""
    return path.with_name(path.name + ".runs")


def mark(path: Path, run_id: str = "") -> None:
    """Write down that there is a store, and the last run whose manifest it has: what an older state of the file would not know."""
    folder = folder_of(path)
    made = folder / f"{_SEALED}-{os.getpid()}-{threading.get_ident()}"
    try:
        # Not waited for on the disk: after a power cut an older mark asks for less.
        made.write_text(run_id, encoding="ascii")
        made.replace(folder / _SEALED)
    except OSError as error:
        made.unlink(missing_ok=True)
        raise StoreError(f"the store {path}: {folder / _SEALED} cannot be written: {error}; free some disk space") from None


def marked(path: Path) -> str | None:
    """The run that `mark` named last, empty if none was sealed; None where no store ever was.

    A mark that is damaged names a run that no store knows: this one may be an old state, and is made anew.
    """
    try:
        return (folder_of(path) / _SEALED).read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return None


def note_damage(path: Path, fault: str) -> None:
    """Write down that the store is damaged, for whoever opens it next."""
    with suppress(OSError):  # on a full disk the next run meets the damage by itself
        (folder_of(path) / _DAMAGED).write_text(fault, encoding="utf-8", errors="replace")


def forget_damage(path: Path) -> None:
    """The store was made anew."""
    (folder_of(path) / _DAMAGED).unlink(missing_ok=True)


def outer_fault(path: Path) -> str | None:
    """What can be seen of a store that nobody has open without SQLite, which would make an empty store of a missing one."""
    if marked(path) is None:
        return None
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except FileNotFoundError:
        return "it was here, and is gone"
    if not head:
        return "it is empty"
    if head != _MAGIC:
        return "its header is damaged"
    if (noted := folder_of(path) / _DAMAGED).exists():
        return noted.read_text(encoding="utf-8", errors="replace")
    return wal_fault(path.with_name(path.name + "-wal"))


def inner_fault(path: Path) -> str | None:
    """What SQLite finds when it reads the whole file, which takes a second a gigabyte; None if it is sound."""
    try:
        # Read only: the log stays as it is.
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found == "ok" and (run_id := marked(path)):
                found = "ok" if _has_sealed(connection, run_id) else f"it is an older state, from before run {run_id}"
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return str(error)
    return None if found == "ok" else str(found)


def _has_sealed(connection: sqlite3.Connection, run_id: str) -> bool:
    row = connection.execute("SELECT manifest IS NOT NULL FROM runs WHERE run_id = ?", (run_id,)).fetchone()
    return row is not None and bool(row[0])
