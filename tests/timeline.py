"""Crawls of one process, each at a time of its own: what a timer does in a month, in seconds.

    python -m tests.timeline SETTINGS     reads JSON lines {"at": instant, "arguments": {name: value}}, answers each with one

The program is the crawl's own: settings from the environment, store, pipeline, sink. Only its clock is set, and pages are
extracted in a thread instead of processes that take a second to start.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from types import TracebackType
from typing import Any, Self

from pipelines.items import Page
from pipelines.publishers import Publisher
from pipelines.runner import Work
from tests.cli import DEADLINE_S, Cli
from tests.forks import SCRAPY


@dataclass(frozen=True)
class Ran:
    """How one crawl ended: what `scrapy crawl` exits with, its verdict, and the warnings of its log."""

    code: int
    verdict: str
    warnings: list[str]


class Timeline:
    """A process that crawls when it is told, as the `scrapy` of a test would."""

    def __init__(self, scrapy: Cli, **settings: Any) -> None:
        self._scrapy, self._settings = scrapy, json.dumps(settings)

    def __enter__(self) -> Self:
        (asked, to_process), (from_process, answered) = os.pipe(), os.pipe()
        with (self._scrapy.folder / "timeline.log").open("wb") as log:
            streams = (asked, answered, log.fileno())
            self._process = SCRAPY.start("tests.timeline", [self._settings], self._scrapy.environment(), streams)
        os.close(asked)
        os.close(answered)
        self._asking, self._answers = os.fdopen(to_process, "w"), os.fdopen(from_process)
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._asking.close()
        self._answers.close()
        self._process.wait(DEADLINE_S)

    def crawl(self, at: datetime, **arguments: str) -> Ran:
        """`scrapy crawl news` with these arguments, begun at this instant."""
        self._asking.write(json.dumps({"at": at.isoformat(), "arguments": arguments}) + "\n")
        self._asking.flush()
        line = self._answers.readline()
        assert line, (self._scrapy.folder / "timeline.log").read_text()
        return Ran(**json.loads(line))


class _Inline:
    """The runner's verbs without worker processes."""

    def __init__(self, *limits: Any) -> None:
        self._thread = ThreadPoolExecutor(1)

    def start(self) -> None:
        """Nothing to start."""

    def apply(self, work: Work[Any], page: Page, publisher: Publisher) -> Future[Any]:
        return self._thread.submit(work, page, publisher)

    def close(self) -> None:
        self._thread.shutdown()


class _Clock:
    """Runs on from the instant it was last set to."""

    def set(self, at: datetime) -> None:
        self._at, self._since = at, monotonic()

    def now(self) -> datetime:
        return (self._at + timedelta(seconds=monotonic() - self._since)).astimezone(UTC)


async def _live(clock: _Clock) -> None:
    import logging

    from scrapy.crawler import AsyncCrawlerRunner
    from scrapy.spiderloader import get_spider_loader
    from scrapy.utils.project import get_project_settings
    from twisted.internet import reactor

    from crawler.network.guard import GuardedResolver

    warnings: list[str] = []
    collector = logging.Handler(logging.WARNING)
    collector.emit = lambda record: warnings.append(logging.Formatter().format(record))  # type: ignore[method-assign]
    logging.root.addHandler(collector)
    settings = get_project_settings()
    settings.update(json.loads(sys.argv[1]), priority="cmdline")
    spider = get_spider_loader(settings).load("news")
    while line := await asyncio.to_thread(sys.stdin.readline):
        asked = json.loads(line)
        clock.set(datetime.fromisoformat(asked["at"]))
        warnings.clear()
        runner = AsyncCrawlerRunner(settings)
        crawler = runner.create_crawler(spider)
        # What Scrapy's own process does before its first crawl; without it the guard lets nothing pass.
        GuardedResolver.from_crawler(crawler, reactor).install_on_reactor()
        await runner.crawl(crawler, **asked["arguments"])
        stats = crawler.stats
        answer = {
            "code": stats.get_value("run/exit_code", 1),
            "verdict": stats.get_value("run/verdict", ""),
            "warnings": warnings,
        }
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def main() -> None:
    from scrapy.utils.reactor import install_reactor

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor

    from pipelines import clock, item_pipelines

    live = _Clock()
    clock.now = live.now
    item_pipelines.Runner = _Inline  # type: ignore[assignment,misc]

    async def lived() -> None:
        try:
            await _live(live)
        finally:
            reactor.stop()  # type: ignore[attr-defined]

    reactor.callWhenRunning(lambda: asyncio.ensure_future(lived()))  # type: ignore[attr-defined]
    reactor.run()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
