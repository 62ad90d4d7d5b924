"""Extraction over an executor, as a cluster's client gives one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import count
from multiprocessing import get_context
from typing import Any

from pipelines.cluster import extract_on
from pipelines.items import Page, Reason, Rejected
from pipelines.publishers import Publisher
from pipelines.runner import extract_inline
from tests.test_runner import PUBLISHER, article, headline, page


def pages(numbers: Iterator[int] | range) -> Iterator[tuple[int, Page, Publisher]]:
    return ((number, article(number), PUBLISHER) for number in numbers)


def test_processes_give_the_outcomes_of_this_one_in_order() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("forkserver")) as executor:
        outcomes = list(extract_on(executor, pages(range(6))))
    assert outcomes == [(number, extract_inline(article(number), PUBLISHER)) for number in range(6)]


def test_pages_are_read_a_few_ahead_and_not_all_at_once() -> None:
    read = count()
    with ThreadPoolExecutor(2) as executor:
        outcomes = extract_on(executor, pages(iter(lambda: next(read), None)), in_flight=4)
        assert [next(outcomes)[0] for _ in range(3)] == [0, 1, 2]
        assert next(read) <= 3 + 4
        outcomes.close()  # type: ignore[attr-defined]


def test_a_page_that_gives_no_article_is_rejected_by_its_reason() -> None:
    with ThreadPoolExecutor(1) as executor:
        ((key, outcome),) = extract_on(executor, [("empty", page(b""), PUBLISHER)])
    assert isinstance(outcome, Rejected)
    assert (key, outcome.reason) == ("empty", Reason.EMPTY)


class Dying(Executor):
    """An executor whose second task is lost with its worker."""

    def __init__(self, inner: Executor) -> None:
        self.inner, self.tasks = inner, count(1)

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self.inner.submit(os._exit, 3) if next(self.tasks) == 2 else self.inner.submit(fn, *args, **kwargs)


def test_a_lost_worker_is_a_rejection_that_may_be_tried_again() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as inner:
        outcomes = list(extract_on(Dying(inner), pages(range(2)), in_flight=1))
    assert headline(outcomes[0][1]) == "Harbour 0 opens"
    lost = outcomes[1][1]
    assert isinstance(lost, Rejected)
    assert (lost.reason, lost.retry) == (Reason.CRASHED, True)
    assert lost.detail.startswith("BrokenProcessPool: ")
