"""Runner: extraction in worker processes that can be killed, and the same call inline. The only importer of pebble.

A page can hold Trafilatura for minutes (100,000 nested elements, 500,000 paragraphs) or make libxml2 allocate without end;
no limit on its size helps, so each page has its seconds and its memory in a process of its own pool.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future, TimeoutError, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipelines.heap import give_back
from pipelines.items import Draft, Page, Reason, Rejected
from pipelines.publishers import Publisher
from pipelines.worker import prepare

if TYPE_CHECKING:
    from pipelines.explanation import Explanation

Outcome = Draft | Rejected
_Key = TypeVar("_Key")
_Result = TypeVar("_Result")
Work = Callable[[Page, Publisher], _Result | Rejected]
"""What a worker does to a page: a module's function, which it finds by its name."""

PAGE_SECONDS = 10.0
PAGE_MIB = 512
# Pages handed out ahead of the oldest unfinished one, a worker: enough to keep it busy, little to hold in memory.
AHEAD = 4
# Bytes of a page over this share of a worker's memory cannot be extracted in it: the tree alone takes several times as many,
# and a worker that cannot even receive its page ends without a word.
BODY_SHARE = 8
# What larger pages leave behind is given back: 20 ms, for one page in fifty.
LARGE_BYTES = 2**20
# Workers take one second to be ready; a machine that needs longer than this gets its pages late, not never.
WARM_SECONDS = 30
_TOO_MUCH = "the page needs more memory than it may have"
# Pools that a page is given to when they break under it.
POOLS_A_PAGE = 2


def default_workers() -> int:
    """One a core less one for the reactor, at least one."""
    return max(1, (os.cpu_count() or 1) - 1)


def extract_inline(page: Page, publisher: Publisher) -> Outcome:
    """Extraction in this process, without limits. Any failure inside it is this page's rejection, with the place."""
    from pipelines.extract import extract

    return guarded(extract, page, publisher)


def explain_inline(page: Page, publisher: Publisher) -> Explanation | Rejected:
    """The same with all that led to the outcome. A Rejected is a page at which extraction failed, so that nothing is known of it."""
    from pipelines.explain import explain

    return guarded(explain, page, publisher)


def guarded(work: Work[_Result], page: Page, publisher: Publisher) -> _Result | Rejected:
    """The work's result; any failure inside it is this page's rejection, and none of its memory is the next page's want."""
    is_large = len(page.body) > LARGE_BYTES
    try:
        return work(page, publisher)
    except MemoryError:
        is_large = True
        return Rejected(Reason.MEMORY, _TOO_MUCH)
    except Exception as error:  # noqa: BLE001 -- the host boundary: one page must not stop the others
        return Rejected(Reason.CRASHED, place(error))
    finally:
        if is_large:
            give_back()


@dataclass(slots=True)
class Runner:
    """A pool of extraction workers. Seconds are wall time a page, MiB what one page may allocate beyond an idle worker."""

    workers: int = field(default_factory=default_workers)
    page_seconds: float = PAGE_SECONDS
    page_mib: int = PAGE_MIB
    _pool: Any = None
    _lock: Any = field(default_factory=threading.Lock)

    def start(self) -> None:
        """Start the workers; they import the extraction stack meanwhile. Blocks a second, so call it from a thread."""
        with self._lock:
            self._pool = self._pool or self._started()

    def apply(self, work: Work[_Result], page: Page, publisher: Publisher) -> Future[_Result | Rejected]:
        """A future of what the function makes of the page; a page over its limits is a Rejected, never an exception."""
        done: Future[_Result | Rejected] = Future()
        most = self.page_mib * 2**20 // BODY_SHARE
        if len(page.body) > most:
            done.set_result(Rejected(Reason.MEMORY, f"the page has {len(page.body)} bytes, at most {most} can be extracted"))
        else:
            self._schedule(done, work, page, publisher, POOLS_A_PAGE)
        return done

    def map(self, pages: Iterable[tuple[_Key, Page | Rejected, Publisher]]) -> Iterator[tuple[_Key, Outcome]]:
        """The outcomes in the order of the pages, some pages ahead, the rest not yet read from the iterable.

        A Rejected among the pages is its own outcome, so that input which gave no page keeps its place.
        """
        return self._map(extract_inline, pages)

    def explain(
        self, pages: Iterable[tuple[_Key, Page | Rejected, Publisher]]
    ) -> Iterator[tuple[_Key, Explanation | Rejected]]:
        """The explanations of the pages, as `map` gives their outcomes; a page over its limits is a Rejected here too."""
        return self._map(explain_inline, pages)

    def close(self) -> None:
        """End the workers; pages under way are given up."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()
            pool.join(timeout=5)

    def _map(
        self, work: Work[_Result], pages: Iterable[tuple[_Key, Page | Rejected, Publisher]]
    ) -> Iterator[tuple[_Key, _Result | Rejected]]:
        source = ((key, self._submitted(work, page, publisher)) for key, page, publisher in pages)
        waiting = deque(islice(source, self.workers * AHEAD))
        while waiting:
            key, future = waiting.popleft()
            yield key, future.result()
            waiting.extend(islice(source, 1))

    def _started(self) -> Any:
        from multiprocessing import resource_tracker

        from pebble import CONSTS, ProcessPool

        # pebble sends SIGTERM first, which workers ignore, and holds the other workers while it waits: 3 s by default.
        CONSTS.term_timeout = 0.01
        # The fork server imports the stack once, forks in milliseconds, and shares no thread or descriptor with the reactor.
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if hasattr(context, "set_forkserver_preload"):
            context.set_forkserver_preload(["__main__", "pipelines.warm"])
        # It would open the ears again that are closed below.
        resource_tracker.ensure_running()
        pool = ProcessPool(self.workers, initializer=prepare, initargs=(self.page_mib,), context=context)
        with _deaf_to_sigterm():
            warmed = [pool.schedule(_warm) for _ in range(self.workers)]
        # A pool that is closed while its workers unpickle their channel leaves a traceback of theirs on standard error.
        wait(warmed, timeout=WARM_SECONDS)
        return pool

    def _submitted(self, work: Work[_Result], page: Page | Rejected, publisher: Publisher) -> Future[_Result | Rejected]:
        if isinstance(page, Page):
            return self.apply(work, page, publisher)
        done: Future[_Result | Rejected] = Future()
        done.set_result(page)
        return done

    def _schedule(self, done: Future[Any], work: Work[Any], page: Page, publisher: Publisher, pools: int) -> None:
        """Hand the page to the pool; to a new one, `pools` in all, if the pool breaks before it took the page up."""
        self.start()
        pool = self._pool
        try:
            inner = pool.schedule(work, args=(page, publisher), timeout=self.page_seconds)
        except RuntimeError as error:  # the pool broke before
            self._replace(pool)
            if pools > 1:
                self._schedule(done, work, page, publisher, pools - 1)
            else:
                _settle(done, Rejected(Reason.CRASHED, f"extraction cannot start: {error}", retry=True))
            return
        inner.add_done_callback(lambda finished: self._finished(done, finished, pool, (work, page, publisher, pools)))

    def _finished(
        self,
        done: Future[Any],
        inner: Future[Any],
        pool: Any,
        asked: tuple[Callable[[Page, Publisher], Any], Page, Publisher, int],
    ) -> None:
        work, page, publisher, pools = asked
        if pools > 1 and not inner.cancelled() and isinstance(inner.exception(), BrokenExecutor):
            self._replace(pool)
            # Not in this thread: it is the broken pool's own.
            threading.Thread(target=self._schedule, args=(done, work, page, publisher, pools - 1), daemon=True).start()
        else:
            _settle(done, self._outcome(inner))

    def _replace(self, broken: Any) -> None:
        """Forget a pool whose idle worker was killed, which breaks all of it; the next page starts another."""
        with self._lock:
            if self._pool is not broken:
                return
            self._pool = None
        threading.Thread(target=_end, args=(broken,), daemon=True).start()

    def _outcome(self, finished: Future[Any]) -> Any:
        from pebble import ProcessExpired

        try:
            return finished.result()
        except MemoryError:
            return Rejected(Reason.MEMORY, _TOO_MUCH)
        except TimeoutError:
            return Rejected(Reason.TIMEOUT, f"extraction took longer than {self.page_seconds:g} s")
        except ProcessExpired as error:
            # It may have been the page, or the system that was short of memory: a later run tells.
            return Rejected(Reason.CRASHED, f"the worker died with exit code {error.exitcode}", retry=True)
        except Exception as error:  # noqa: BLE001 -- what a worker cannot send back is still this page's outcome
            return Rejected(Reason.CRASHED, place(error))


def _end(pool: Any) -> None:
    pool.stop()
    pool.join(timeout=5)


@contextmanager
def _deaf_to_sigterm() -> Iterator[None]:
    """What is started inside never hears SIGTERM: `timeout`, systemd and Docker send it to a run's whole group.

    The parent ends its workers in order; a worker that ended by itself would cost the page it is at.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _settle(done: Future[Any], outcome: Any) -> None:
    if done.set_running_or_notify_cancel():
        done.set_result(outcome)


def _warm() -> int:
    return os.getpid()


def place(error: BaseException) -> str:
    """Where an exception was raised, its type and its message, in one line."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}: " if frames else ""
    return f"{where}{type(error).__name__}: {error}"[:300]
