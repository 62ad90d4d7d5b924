"""The liveness of runs: a lock file a run, which the kernel releases the moment its process ends, however it ends.

`flock` and not a heartbeat: no clock is compared, and kill -9 frees the leases at once. The store must lie on a local disk.
"""

from __future__ import annotations

import fcntl
import os
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipelines.errors import StoreError

_LOOK_TRIES, _LOOK_PAUSE_S = 40, 0.005


class RunLocks:
    """The lock files of one store's runs, and those that this process holds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, int] = {}
        _every.add(self)

    def take(self, run_id: str) -> bool:
        """Hold a run's lock; False if someone holds it.

        Tried for 0.2 s, because one who asks `is_held` shares the lock for an instant. Raises StoreError.
        """
        for _ in range(_LOOK_TRIES):
            try:
                fd = os.open(self._path(run_id), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            except OSError as error:
                raise StoreError(
                    f"the lock {self._path(run_id)} cannot be made: {error}; free some disk space, and see that the folder is there"
                ) from error
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(fd)
                time.sleep(_LOOK_PAUSE_S)
                continue
            if _is_at(fd, self._path(run_id)):
                self._held[run_id] = fd
                return True
            os.close(fd)
        return False

    def is_held(self, run_id: str) -> bool:
        """Whether any process, this one included, holds a run's lock."""
        if run_id in self._held:
            return True
        try:
            fd = os.open(self._path(run_id), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(fd)
        return False

    def drop(self, run_id: str, *, remove: bool = False) -> None:
        """Release a run's lock, and remove its file when the run needs none any more. Nothing happens if it is not held."""
        fd = self._held.pop(run_id, None)
        if fd is None:
            return
        if remove:
            self._path(run_id).unlink(missing_ok=True)
        os.close(fd)

    def drop_all(self) -> None:
        for run_id in list(self._held):
            self.drop(run_id)

    def _path(self, run_id: str) -> Path:
        return self._folder / f"{run_id}.lock"


class StoreUse:
    """A process's hold on the file of a store: many may use it, one may be alone with it to replace it."""

    def __init__(self, folder: Path) -> None:
        self._fd: int | None = os.open(folder / ".in_use", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        _every.add(self)

    def is_alone(self) -> bool:
        """Whether nobody else uses the store; nobody else may from now on, until `share` or `drop_all`."""
        return self._lock(fcntl.LOCK_EX)

    def share(self) -> bool:
        """Use the store beside others; False if one is alone with it."""
        return self._lock(fcntl.LOCK_SH)

    def drop_all(self) -> None:
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)

    def _lock(self, kind: int) -> bool:
        assert self._fd is not None
        try:
            fcntl.flock(self._fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def gate(folder: Path) -> Iterator[None]:
    """One process at a time opens the store, or begins to replace it."""
    with (folder / ".open").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_at(fd: int, path: Path) -> bool:
    """Whether the open file is still the one of this name: its last holder may have removed it after we opened it."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(fd), path.stat())
    return False


# A forked extraction worker shares the parent's open files: without this it would keep a killed run alive.
def _forget_after_fork() -> None:
    for locks in _every:
        locks.drop_all()


_every: weakref.WeakSet[RunLocks | StoreUse] = weakref.WeakSet()
os.register_at_fork(after_in_child=_forget_after_fork)
