"""Extraction in workers that can be killed: what a page may cost, and what it may not cost the others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pipelines import runner as module
from pipelines.items import Draft, Link, Page, Reason, Rejected
from pipelines.publishers import Publisher
from pipelines.runner import AHEAD, Runner, default_workers, extract_inline, guarded
from tests.cli import PROJECT, wait_until

PUBLISHER = Publisher(id="example")
NOW = datetime(2025, 8, 13, 9, 30, tzinfo=UTC)
SENTENCE = "The harbour of the town opened again on Wednesday after {} days of repairs, the port authority said. "

# What holds an extraction for minutes, each for another reason.
ENDLESS = {
    "attributes": b"<html><body><p " + b" ".join(b"a%d=1" % number for number in range(400_000)) + b">text</p></body></html>",
    "paragraphs": b"<html><body>" + b"<p>a b c</p>" * 500_000,
}
DEEP = b"<html><body>" + b"<div>" * 100_000 + b"text"


def page(body: bytes, url: str = "https://news.example/a") -> Page:
    return Page(url, body, NOW, Link(url, "example"), headers={"content-type": "text/html; charset=utf-8"})


def article(number: int) -> Page:
    text = "".join(f"<p>{SENTENCE.format(number + step) * 2}</p>" for step in range(4))
    body = f"<html><head><title>Harbour {number}</title></head><body><article><h1>Harbour {number} opens</h1>{text}</article></body></html>"
    return page(body.encode(), f"https://news.example/{number}")


def headline(outcome: object) -> str | None:
    assert isinstance(outcome, Draft), outcome
    return outcome.headline


def worker_pids(runner: Runner) -> list[int]:
    """The workers' process ids; pebble has no public word for them."""
    return list(runner._pool._pool_manager.worker_manager.workers)


@pytest.fixture(scope="module")
def shared() -> Iterator[Runner]:
    """Two workers whose pages have two seconds and ample memory."""
    runner = Runner(2, page_seconds=2, page_mib=2048)
    yield runner
    runner.close()


def test_a_fresh_runners_first_page_is_there_in_three_seconds() -> None:
    began = time.monotonic()
    runner = Runner(1)
    try:
        assert headline(runner.apply(extract_inline, article(1), PUBLISHER).result()) == "Harbour 1 opens"
        assert time.monotonic() - began < 3
    finally:
        runner.close()


def test_there_is_a_worker_a_core_less_one_and_at_least_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, workers in {None: 1, 1: 1, 2: 1, 8: 7}.items():
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        assert default_workers() == workers


def test_a_worker_says_what_extraction_in_this_process_says(shared: Runner) -> None:
    assert shared.apply(extract_inline, article(7), PUBLISHER).result() == extract_inline(article(7), PUBLISHER)


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_page_over_its_time_is_rejected_and_the_others_go_on(kind: str, shared: Runner) -> None:
    began = time.monotonic()
    endless = shared.apply(extract_inline, page(ENDLESS[kind]), PUBLISHER)
    others = [shared.apply(extract_inline, article(number), PUBLISHER) for number in range(3)]
    assert endless.result() == Rejected(Reason.TIMEOUT, "extraction took longer than 2 s")
    assert time.monotonic() - began < 5
    assert [headline(other.result()) for other in others] == [f"Harbour {number} opens" for number in range(3)]
    assert headline(shared.apply(extract_inline, article(9), PUBLISHER).result()) == "Harbour 9 opens"


def test_a_page_of_a_hundred_thousand_nested_elements_ends(shared: Runner) -> None:
    outcome = shared.apply(extract_inline, page(DEEP), PUBLISHER).result(timeout=10)
    assert isinstance(outcome, Rejected)
    assert headline(shared.apply(extract_inline, article(3), PUBLISHER).result()) == "Harbour 3 opens"


@pytest.fixture(scope="module")
def frugal() -> Iterator[Runner]:
    """One worker whose pages have little memory."""
    runner = Runner(1, page_seconds=60, page_mib=192)
    yield runner
    runner.close()


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found by /proc")
needs_limits = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is limited by /proc and setrlimit")


@needs_limits
def test_a_page_over_its_memory_is_rejected_and_the_pool_goes_on(frugal: Runner) -> None:
    outcome = frugal.apply(extract_inline, page(ENDLESS["paragraphs"]), PUBLISHER).result()
    assert isinstance(outcome, Rejected)
    assert outcome.reason in (Reason.MEMORY, Reason.CRASHED), outcome
    for number in range(3):
        assert headline(frugal.apply(extract_inline, article(number), PUBLISHER).result()) == f"Harbour {number} opens"


def test_a_page_that_cannot_fit_is_rejected_without_a_worker(frugal: Runner) -> None:
    outcome = frugal.apply(extract_inline, page(b"x" * (25 * 2**20)), PUBLISHER).result()
    assert outcome == Rejected(Reason.MEMORY, "the page has 26214400 bytes, at most 25165824 can be extracted")


@needs_proc
def test_a_killed_worker_costs_its_page_only_and_that_may_be_tried_again() -> None:
    runner = Runner(1, page_seconds=60)
    try:
        runner.apply(extract_inline, article(1), PUBLISHER).result()
        endless = runner.apply(extract_inline, page(ENDLESS["attributes"]), PUBLISHER)
        others = [runner.apply(extract_inline, article(number), PUBLISHER) for number in range(3)]
        (victim,) = worker_pids(runner)
        wait_until_at_work([victim])
        os.kill(victim, signal.SIGKILL)
        assert endless.result() == Rejected(Reason.CRASHED, "the worker died with exit code -9", retry=True)
        assert [headline(other.result()) for other in others] == [f"Harbour {number} opens" for number in range(3)]
    finally:
        runner.close()


def wait_until_at_work(pids: list[int]) -> None:
    """Returns when each of the processes has computed for a while from now on."""
    before = {pid: cpu_ticks(pid) for pid in pids}
    wait_until(lambda: all(cpu_ticks(pid) >= ticks + 30 for pid, ticks in before.items()), f"{pids} to be at their pages")


def cpu_ticks(pid: int) -> int:
    """The hundredths of a second that a process has computed, by proc(5)."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11])


def test_idle_workers_that_are_killed_cost_no_page() -> None:
    """The pool breaks as a whole then, and is replaced."""
    runner = Runner(2)
    try:
        runner.apply(extract_inline, article(1), PUBLISHER).result()
        for moment in range(3):
            for pid in worker_pids(runner):
                os.kill(pid, signal.SIGKILL)
            outcomes = [runner.apply(extract_inline, article(number), PUBLISHER) for number in range(4)]
            assert [headline(outcome.result(timeout=20)) for outcome in outcomes] == [f"Harbour {n} opens" for n in range(4)], (
                moment
            )
    finally:
        runner.close()


def test_workers_that_cannot_start_reject_their_pages_instead_of_holding_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "prepare", _cannot_prepare)
    runner = Runner(1)
    try:
        outcome = runner.apply(extract_inline, article(1), PUBLISHER).result(timeout=20)
        assert isinstance(outcome, Rejected)
        assert outcome.reason is Reason.CRASHED
    finally:
        runner.close()


def _cannot_prepare(page_mib: int) -> None:
    os._exit(1)


def test_sigterm_does_not_reach_a_worker(shared: Runner) -> None:
    shared.apply(extract_inline, article(1), PUBLISHER).result()
    before = set(worker_pids(shared))
    for pid in before:
        os.kill(pid, signal.SIGTERM)
    assert headline(shared.apply(extract_inline, article(2), PUBLISHER).result()) == "Harbour 2 opens"
    assert before & set(worker_pids(shared)) == before


def test_outcomes_come_in_the_order_of_the_pages_with_what_was_no_page_between(shared: Runner) -> None:
    bad = Rejected(Reason.BAD_INPUT, "no JSON")
    pages: list[tuple[int, Page | Rejected, Publisher]] = [
        (0, page(ENDLESS["attributes"]), PUBLISHER),
        *((number, article(number) if number % 3 else bad, PUBLISHER) for number in range(1, 20)),
    ]
    outcomes = list(shared.map(pages))
    assert [key for key, _ in outcomes] == list(range(20))
    assert outcomes[0][1] == Rejected(Reason.TIMEOUT, "extraction took longer than 2 s")
    for number, outcome in outcomes[1:]:
        assert outcome == bad if number % 3 == 0 else headline(outcome) == f"Harbour {number} opens"


def test_pages_are_read_a_few_ahead_and_not_all_at_once(shared: Runner) -> None:
    read = count()

    def pages() -> Iterator[tuple[int, Page, Publisher]]:
        while True:
            number = next(read)
            yield number, article(number), PUBLISHER

    outcomes = shared.map(pages())
    assert [next(outcomes)[0] for _ in range(5)] == [0, 1, 2, 3, 4]
    assert next(read) <= 5 + shared.workers * AHEAD
    outcomes.close()  # type: ignore[attr-defined]


def test_an_exception_inside_extraction_is_the_pages_rejection_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: Any) -> None:
        raise LookupError("no such thing")

    monkeypatch.setattr("pipelines.extract.extract", broken)
    outcome = extract_inline(article(1), PUBLISHER)
    assert isinstance(outcome, Rejected)
    assert outcome.reason is Reason.CRASHED
    assert outcome.detail.startswith("test_runner.py:") and outcome.detail.endswith("LookupError: no such thing")


def hungry(page: Page, publisher: Publisher) -> Rejected:
    raise AssertionError(len([bytes(2**16) for _ in range(2**20)]))


@needs_proc
def test_a_small_page_that_took_all_memory_leaves_the_next_its_own(frugal: Runner) -> None:
    outcome = frugal.apply(partial(guarded, hungry), article(1), PUBLISHER).result()
    assert isinstance(outcome, Rejected) and outcome.reason is Reason.MEMORY
    large = page(article(2).body.replace(b"</body>", b"<!--" + b" " * (8 * 2**20) + b"--></body>"))
    assert headline(frugal.apply(extract_inline, large, PUBLISHER).result()) == "Harbour 2 opens"


@needs_proc
def test_closing_gives_up_what_is_under_way_at_once() -> None:
    runner = Runner(1, page_seconds=60)
    runner.apply(extract_inline, article(1), PUBLISHER).result()
    runner.apply(extract_inline, page(ENDLESS["attributes"]), PUBLISHER)
    (pid,) = worker_pids(runner)
    wait_until_at_work([pid])
    began = time.monotonic()
    runner.close()
    assert time.monotonic() - began < 2
    wait_until(lambda: not Path(f"/proc/{pid}").exists(), "the worker's end", 5)
    runner.close()


PARENT = """
import sys
from tests.test_runner import ENDLESS, PUBLISHER, Runner, article, extract_inline, page, worker_pids

if __name__ == "__main__":
    runner = Runner(2, page_seconds=60)
    runner.apply(extract_inline, article(1), PUBLISHER).result()
    for kind in ENDLESS:
        runner.apply(extract_inline, page(ENDLESS[kind]), PUBLISHER)
    print(*worker_pids(runner), flush=True)
    sys.stdin.read()
"""


@needs_proc
def test_workers_end_with_a_parent_that_is_killed_whatever_they_are_at(tmp_path: Path) -> None:
    """One is in Python, the other in libxml2, which holds a thread that would watch."""
    program = tmp_path / "parent.py"
    program.write_text(PARENT, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(
        [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True
    ) as parent:
        try:
            assert parent.stdout is not None
            pids = [int(pid) for pid in parent.stdout.readline().split()]
            assert len(pids) == 2
            wait_until_at_work(pids)
        finally:
            parent.kill()
    wait_until(lambda: not any(map(is_alive, pids)), "the workers' end", 5)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
