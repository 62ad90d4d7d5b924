"""What a scheduled crawl asks for, run after run, of a site that changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli import Cli
from tests.evolving import FEED, SITEMAP, EvolvingSite
from tests.timeline import Timeline
from tests.webserver import Answer

START = datetime(2025, 8, 13, 6, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[EvolvingSite]:
    with EvolvingSite(tmp_path) as running:
        running.publish("/harbour", "Harbour of Stour reopens after nine days", START - HOUR)
        running.publish("/mill", "The mill at Stour gets a new wheel", START - 2 * HOUR)
        yield running


@pytest.fixture
def timeline(scrapy: Cli, site: EvolvingSite) -> Iterator[Timeline]:
    with Timeline(scrapy) as running:
        yield running


def headlines(scrapy: Cli) -> list[str]:
    return sorted(article["headline"] for article in scrapy.lake.articles())


def test_a_listing_that_did_not_change_is_answered_304_and_brings_what_waits(
    scrapy: Cli, site: EvolvingSite, timeline: Timeline
) -> None:
    site.change("/mill", status=503)
    timeline.crawl(START)
    assert {(FEED, 200), (SITEMAP, 200), ("/harbour", 200), ("/mill", 503)} == set(site.asked())
    site.change("/mill", status=200)
    timeline.crawl(START + HOUR)
    assert sorted(site.asked()) == [(FEED, 304), ("/mill", 200), (SITEMAP, 304)]
    assert len(headlines(scrapy)) == 2


def test_a_listing_is_left_alone_until_it_is_due_and_due_all_forces(
    scrapy: Cli, site: EvolvingSite, timeline: Timeline
) -> None:
    timeline.crawl(START)
    timeline.crawl(START + 10 * DAY)
    site.asked()
    timeline.crawl(START + 10 * DAY + HOUR)
    assert site.asked() == []
    timeline.crawl(START + 10 * DAY + HOUR, due="all")
    assert sorted(site.asked()) == [(FEED, 304), (SITEMAP, 304)]


def test_a_page_of_a_host_that_is_down_for_two_days_comes_when_it_is_back(
    scrapy: Cli, site: EvolvingSite, timeline: Timeline
) -> None:
    site.change("/mill", status=503)
    for hours in (0, 1, 2, 3, 4, 12, 36):
        timeline.crawl(START + hours * HOUR)
    site.change("/mill", status=200)
    timeline.crawl(START + 60 * HOUR)
    assert len(headlines(scrapy)) == 2


def test_since_leaves_out_what_the_sitemap_dates_before_it(scrapy: Cli, site: EvolvingSite, timeline: Timeline) -> None:
    site.change("/mill", modified=START - 9 * DAY)
    site.change("/harbour", modified=START - HOUR)
    site.server.routes[FEED] = Answer(status=404)
    timeline.crawl(START, since=f"{START - DAY:%Y-%m-%d}")
    assert headlines(scrapy) == ["Harbour of Stour reopens after nine days"]


def test_a_feed_that_is_gone_is_retired_with_a_notice(scrapy: Cli, site: EvolvingSite, timeline: Timeline) -> None:
    routes = site.server.routes
    for day in range(9):
        routes[FEED] = Answer(status=410)
        run = timeline.crawl(START + day * (DAY + HOUR))
        assert any("retired" in warning for warning in run.warnings) == (day == 7)
    assert (FEED, 410) not in site.asked()[-2:]
