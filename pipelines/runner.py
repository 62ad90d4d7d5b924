"""Runner: extraction in worker processes that can be killed, and the same call inline. The only importer of pebble.

A page can hold Trafilatura for minutes (100,000 nested elements, 500,000 paragraphs) or make libxml2 allocate without end;
no limit on its size helps, so each page has its seconds and its memory in a process of its own pool.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, TimeoutError
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from pipelines.items import Draft, Page, Reason, Rejected
from pipelines.publishers import Publisher

Outcome = Draft | Rejected
_Key = TypeVar("_Key")

PAGE_SECONDS = 10.0
PAGE_MIB = 512
# Pages handed out ahead of the oldest unfinished one, a worker: enough to keep it busy, little to hold in memory.
AHEAD = 4


def default_workers() -> int:
    """One a core less one for the reactor, at least one."""
    return max(1, (os.cpu_count() or 1) - 1)


def extract_inline(page: Page, publisher: Publisher) -> Outcome:
    """Extraction in this process, without limits. Any failure inside it is this page's rejection, with the place."""
    from pipelines.extract import extract

    try:
        return extract(page, publisher)
    except MemoryError:
        return Rejected(Reason.MEMORY, "the page needs more memory than it may have")
    except Exception as error:  # noqa: BLE001 -- the host boundary: one page must not stop the others
        return Rejected(Reason.CRASHED, _place(error))


@dataclass(slots=True)
class Runner:
    """A pool of extraction workers. Seconds are wall time a page, MiB what one page may allocate beyond an idle worker."""

    workers: int = field(default_factory=default_workers)
    page_seconds: float = PAGE_SECONDS
    page_mib: int = PAGE_MIB
    _pool: Any = None

    def start(self) -> None:
        """Start the workers; they import the extraction stack meanwhile, so that the first page does not wait for it."""
        import multiprocessing

        from pebble import ProcessPool

        # The fork server imports the stack once, forks in milliseconds, and shares no thread or descriptor with the reactor.
        context = multiprocessing.get_context("forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn")
        if hasattr(context, "set_forkserver_preload"):
            context.set_forkserver_preload(["__main__", "pipelines.warm"])
        self._pool = ProcessPool(self.workers, initializer=_prepare, initargs=(self.page_mib,), context=context)
        for _ in range(self.workers):
            self._pool.schedule(_warm)

    def submit(self, page: Page, publisher: Publisher) -> Future[Outcome]:
        """A future of the page's outcome; a page over its limits is a Rejected, never an exception."""
        if self._pool is None:
            self.start()
        done: Future[Outcome] = Future()
        inner = self._pool.schedule(extract_inline, args=(page, publisher), timeout=self.page_seconds)
        inner.add_done_callback(lambda finished: _settle(done, self._outcome(finished)))
        return done

    def map(self, pages: Iterable[tuple[_Key, Page | Rejected, Publisher]]) -> Iterator[tuple[_Key, Outcome]]:
        """The outcomes in the order of the pages, some pages ahead, the rest not yet read from the iterable.

        A Rejected among the pages is its own outcome, so that input which gave no page keeps its place.
        """
        source = ((key, self._submitted(page, publisher)) for key, page, publisher in pages)
        waiting = deque(islice(source, self.workers * AHEAD))
        while waiting:
            key, future = waiting.popleft()
            yield key, future.result()
            waiting.extend(islice(source, 1))

    def _submitted(self, page: Page | Rejected, publisher: Publisher) -> Future[Outcome]:
        if isinstance(page, Page):
            return self.submit(page, publisher)
        done: Future[Outcome] = Future()
        done.set_result(page)
        return done

    def close(self) -> None:
        """End the workers; pages under way are given up."""
        if self._pool is not None:
            self._pool.stop()
            self._pool.join(timeout=5)
            self._pool = None

    def _outcome(self, finished: Future[Any]) -> Outcome:
        from pebble import ProcessExpired

        try:
            result: Outcome = finished.result()
        except TimeoutError:
            return Rejected(Reason.TIMEOUT, f"extraction took longer than {self.page_seconds:g} s")
        except ProcessExpired as error:
            return Rejected(Reason.CRASHED, f"the worker died with exit code {error.exitcode}")
        except Exception as error:  # noqa: BLE001 -- what a worker cannot send back is still this page's outcome
            return Rejected(Reason.CRASHED, _place(error))
        return result


def _settle(done: Future[Outcome], outcome: Outcome) -> None:
    if done.set_running_or_notify_cancel():
        done.set_result(outcome)


def _prepare(page_mib: int) -> None:
    """In the worker: import the stack, then limit the address space to what is mapped now and the page's allowance."""
    import signal

    import pipelines.warm  # noqa: F401

    # Ctrl-C goes to the whole group; the parent ends its workers in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(page_mib * 2**20)


def _limit_memory(allowance: int) -> None:
    """Where the system has no /proc or no limits (macOS, Windows), the time limit alone holds."""
    try:
        import resource

        mapped = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (ImportError, OSError):
        return
    resource.setrlimit(resource.RLIMIT_AS, (mapped + allowance, resource.RLIM_INFINITY))


def _warm() -> int:
    return os.getpid()


def _place(error: BaseException) -> str:
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}: " if frames else ""
    return f"{place}{type(error).__name__}: {error}"[:300]
