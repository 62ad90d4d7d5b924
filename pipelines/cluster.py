"""Cluster: the runner's call over any `concurrent.futures.Executor`: Dask's `client.get_executor()`, mpi4py's, a process pool."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future
from itertools import islice
from typing import TypeVar

from pipelines.items import Page, Reason, Rejected
from pipelines.publishers import Publisher
from pipelines.runner import Outcome, extract_inline

_Key = TypeVar("_Key")
# Pages under way at once; more hide the network's latency, fewer bound the driver's memory.
IN_FLIGHT = 64


def extract_on(
    executor: Executor, pages: Iterable[tuple[_Key, Page, Publisher]], *, in_flight: int = IN_FLIGHT
) -> Iterator[tuple[_Key, Outcome]]:
    """The outcomes in the order of the pages. A page whose worker dies is a Rejected that may be tried again."""
    source = ((key, executor.submit(extract_inline, page, publisher)) for key, page, publisher in pages)
    waiting = deque(islice(source, in_flight))
    while waiting:
        key, future = waiting.popleft()
        yield key, _outcome(future)
        waiting.extend(islice(source, 1))


def _outcome(future: Future[Outcome]) -> Outcome:
    try:
        return future.result()
    except Exception as error:  # noqa: BLE001 -- an executor's own failures have no common base
        return Rejected(Reason.CRASHED, f"{type(error).__name__}: {error}"[:300], retry=True)
