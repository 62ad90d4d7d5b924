"""Errands: one thread that does calls in their order, and whose end a process does not wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

Result = TypeVar("Result")


class Errands:
    """A thread for calls that may never return. asyncio's own threads would keep the process from ending until they did."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def do(self, call: Callable[[], Result]) -> Future[Result]:
        """The call's result, when those before it are done."""
        future: Future[Result] = Future()
        self._asked.put((future, call))
        return future

    def close(self) -> None:
        """The thread ends when the calls are done that were asked for."""
        self._asked.put(None)

    def _work(self) -> None:
        while asked := self._asked.get():
            future, call = asked
            # From here on nobody can cancel it: a caller who stops waiting leaves it to itself.
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(call())
            except BaseException as error:  # noqa: BLE001 -- it is whoever's who waits
                future.set_exception(error)
