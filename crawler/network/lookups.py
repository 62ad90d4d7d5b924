"""Lookups of names in threads of their own: one that hangs holds neither the lookups of other hosts nor the end of the process.

Twisted asks getaddrinfo in the reactor's pool of ten threads, which it joins when it stops; a name server that does not answer
holds each of them for half a minute (resolv.conf(5): timeout and attempts).
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any, Final

from twisted.python.failure import Failure

# More than requests at once (CONCURRENT_REQUESTS): those that were given up may still hang.
MAX_LOOKUPS: Final = 128


class Lookups:
    """What Twisted's resolver asks of a thread pool, with a daemon thread a call, MAX_LOOKUPS at once.

    A lookup beyond them fails as one that got no answer.
    """

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(MAX_LOOKUPS)

    def callInThreadWithCallback(  # Twisted's name
        self, told: Callable[[bool, Any], None], look: Callable[..., Any], *arguments: Any, **named: Any
    ) -> None:
        if not self._free.acquire(blocking=False):
            told(False, Failure(socket.gaierror(socket.EAI_AGAIN, "too many lookups got no answer")))  # type: ignore[no-untyped-call]
            return
        threading.Thread(target=self._look, args=(told, look, arguments, named), name="lookup", daemon=True).start()

    def _look(
        self, told: Callable[[bool, Any], None], look: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]
    ) -> None:
        try:
            found = look(*arguments, **named)
        except Exception:  # noqa: BLE001 -- handed on to who asked
            told(False, Failure())  # type: ignore[no-untyped-call]
        else:
            told(True, found)
        finally:
            self._free.release()
