"""What `scrapy crawl` tells of a run's end to the outlets of the settings; no fault of theirs changes how it ended."""

from __future__ import annotations

import logging
from datetime import timedelta
from http.client import HTTPException
from typing import Any

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from crawler.reporting.outlets import Outlets, outlets, shown
from crawler.reporting.summary import Summary, summary
from crawler.reporting.webhook import is_told, post
from pipelines import clock
from pipelines.delivery.manifest import Tally
from pipelines.errors import ConfigurationError
from pipelines.vitals import Vitals

logger = logging.getLogger(__name__)


def tell(
    settings: BaseSettings, spider: str, exit_code: int, crawler: Crawler | None = None, reason: str | None = None
) -> None:
    """Write the metrics and call the webhook, for a run without a crawler, too: one that was refused, with the `reason`."""
    try:
        told = outlets(settings)
    except ConfigurationError:  # that is why the run was refused
        return
    run = _summary(spider, exit_code, crawler, reason)
    _tell_metrics(told, run)
    if told.webhook and is_told(run) and (fault := post(told.webhook, run)):
        logger.warning("NEWS_WEBHOOK: %s was not told of the run's end: %s", shown(told.webhook), fault)


def _summary(spider: str, exit_code: int, crawler: Crawler | None, reason: str | None) -> Summary:
    # Scrapy imports every command to find the one: the downloader's modules are a tenth of a second that only a crawl should pay.
    from crawler.extensions.ending import process_age_s
    from pipelines.item_pipelines import ArticlePipeline

    now = clock.now()
    stats: dict[str, Any] = {}
    publishers: dict[str, Tally] = {}
    began = now - timedelta(seconds=process_age_s())
    if crawler is not None and crawler._stats:
        stats = crawler._stats.get_stats()
        began = stats.get("start_time", began)
        if crawler._engine and (pipeline := crawler.get_item_pipeline(ArticlePipeline)):
            publishers = {name: _tally(pipeline.tally.vitals(name, began)) for name in pipeline.publishers}
    return summary(stats, spider, exit_code, now, (now - began).total_seconds(), publishers, reason)


def _tally(vitals: Vitals) -> Tally:
    undated = vitals.articles - vitals.filled.get("datePublished", 0)
    return Tally(vitals.pages, vitals.articles, undated, {str(reason): pages for reason, pages in vitals.rejected.items()})


def _tell_metrics(told: Outlets, run: Summary) -> None:
    if not (told.metrics_file or told.metrics_push):
        return
    from crawler.reporting.metrics import last_success, push_metrics, write_metrics

    previous = last_success(told.metrics_file)
    if told.metrics_file:
        try:
            write_metrics(told.metrics_file, run)
        except OSError as error:
            logger.warning("NEWS_METRICS_FILE: the metrics are not written: %s", error)
    if told.metrics_push:
        try:
            push_metrics(told.metrics_push, run, previous)
        except (OSError, HTTPException) as error:
            logger.warning("NEWS_METRICS_PUSH: %s did not take the metrics: %s", shown(told.metrics_push), type(error).__name__)
