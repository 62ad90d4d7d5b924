"""The run report: what came, by publisher, from the acknowledged counts of the manifest; JSON and HTML beside it."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.http import Request, Response

from crawler.extensions.closing import Closing
from crawler.reporting.runs import RunRecord, report_key, run_page
from pipelines import clock
from pipelines.configuration import Configuration, configuration
from pipelines.delivery.manifest import Manifest, Tally
from pipelines.delivery.schema import to_json
from pipelines.delivery.sinks import Sink, open_sink
from pipelines.errands import Errands
from pipelines.errors import DeliveryError, StoreError
from pipelines.item_pipelines import ArticlePipeline
from pipelines.redaction import redacted_values
from pipelines.store.open import open_store

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

COLUMNS = {"publisher": "publisher", "articles": "articles", "rejected": "rejected", "undated": "undated"}


class RunReport(Closing):
    """At the end of a run: a table on standard error for a person, one log line in a job's log, and the report in the sink."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.record = RunRecord()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = super().from_crawler(crawler)
        crawler.signals.connect(extension.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(extension.response_received, signal=signals.response_received)
        return extension

    def item_scraped(self, item: Any) -> None:
        if isinstance(item, dict) and "pubStatus" in item:
            self.record.add_article(item)

    def response_received(self, response: Response, request: Request) -> None:
        seconds = request.meta.get("download_latency", 0.0)
        self.record.add_response(response.url, response.status, seconds, len(response.body))

    def report(self, manifest: Manifest) -> None:
        self._tell(manifest)
        stats = self.crawler.stats.get_stats()
        pipeline = self.crawler.get_item_pipeline(ArticlePipeline)
        assert pipeline is not None, "without it there is no manifest"
        report = self.record.report(manifest, pipeline.tally, stats, stats.get("run/alarms", ()), stats.get("run/missed", ()))
        config = configuration(self.crawler.settings.get)
        # In a thread: a sink that falls silent now holds up the end no longer than before.
        errands = Errands()
        written = errands.do(lambda: _put(open_sink(config.sink, config.s3), without_erased(report, config)))
        errands.close()
        try:
            written.result(config.end_seconds)
        except (DeliveryError, StoreError, TimeoutError) as error:
            fault = str(error) or f"the sink has not taken it within the {config.end_seconds:g} s of NEWS_END_SECONDS"
            logger.warning("The run's report is not written, its articles are delivered: %s", fault)

    def _tell(self, manifest: Manifest) -> None:
        logger.info("Run %s: %s: %s", manifest.runId, manifest.verdict, summary(manifest.counts))
        if left := self.crawler.stats.get_value("run/left_pages"):
            logger.info("%d pages that were listed are left to the next run", left)
        if sys.stderr.isatty():
            from rich.console import Console

            from crawler.commands.terminal import table

            Console(stderr=True).print(table(rows(manifest), COLUMNS, title=f"Run {manifest.runId}: {manifest.verdict}"))


def without_erased(report: dict[str, Any], config: Configuration) -> dict[str, Any]:
    """The report without the addresses of articles that were erased while it was made."""
    store = open_store(config.store, must_exist=True)
    try:
        redacted: dict[str, Any] = redacted_values(report, store.erased())
    finally:
        store.close()
    return redacted


def _put(sink: Sink, report: dict[str, Any]) -> None:
    sink.put(report_key(report["runId"]), to_json(report), content_type="application/json")
    page = run_page(report, clock.now()).encode()
    sink.put(report_key(report["runId"], "html"), page, content_type="text/html; charset=utf-8")


def summary(counts: Tally) -> str:
    """The counts of a run, or of a publisher, in a line."""
    return f"{counts.articles} articles, {counts.undated} undated, rejected: {_reasons(counts)}"


def rows(manifest: Manifest) -> list[dict[str, Any]]:
    """A row a publisher and one for all, as `COLUMNS` names them."""
    sites = {**manifest.sites, **({"all": manifest.counts} if len(manifest.sites) > 1 else {})}
    return [
        {"publisher": name, "articles": site.articles, "rejected": _reasons(site), "undated": site.undated}
        for name, site in sites.items()
    ]


def _reasons(counts: Tally) -> str:
    return ", ".join(f"{pages} {reason}" for reason, pages in counts.rejected.items()) or "none"
