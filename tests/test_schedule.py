"""What a scheduled crawl asks for, run after run, of a site that changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pipelines.delivery.schema import json_schema
from tests.cli import Cli
from tests.evolving import FEED, SITEMAP, START, EvolvingSite
from tests.pages import PARAGRAPHS
from tests.timeline import Timeline
from tests.webserver import Answer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


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


def versions(scrapy: Cli, path: str = "/harbour") -> list[tuple[int, str, str]]:
    """(version, change class, status) of the article at a path, in their order."""
    articles = [article for article in scrapy.lake.articles() if article["requestedUrl"].endswith(path)]
    return sorted((article["version"], article["changeClass"], article["pubStatus"]) for article in articles)


def asked_for_articles(site: EvolvingSite) -> list[tuple[str, int]]:
    return [(path, status) for path, status in site.asked() if path not in ("/", FEED, SITEMAP)]


def test_an_article_is_looked_at_again_after_an_hour_six_a_day_and_a_week(
    scrapy: Cli, site: EvolvingSite, timeline: Timeline
) -> None:
    del site.stories["/mill"], site.listed[0]
    site.refresh()
    looked = []
    for hours in (0, 1, 2, 5, 6, 7, 23, 24, 25, 167, 168, 169, 400):
        timeline.crawl(START + hours * HOUR + (timedelta(minutes=1) if hours else timedelta(0)))
        looked += [hours] * len(asked_for_articles(site))
    assert looked == [0, 1, 6, 24, 168]
    assert versions(scrapy) == [(1, "first", "usable")]


def test_a_look_that_got_no_answer_is_taken_again_soon_and_ever_later(
    scrapy: Cli, site: EvolvingSite, timeline: Timeline
) -> None:
    timeline.crawl(START)
    for path in ("/harbour", "/mill"):
        site.change(path, status=503)
    site.asked()
    looked = []
    for hours in (25, 25.5, 26.5, 30.5, 31.5, 36.5, 37.5):
        timeline.crawl(START + hours * HOUR)
        looked += [hours] * (("/harbour", 503) in site.asked())
    assert looked == [25, 30.5, 37.5], "a fifth of the time since the last answer"
    site.change("/harbour", status=200, headline="Stour harbour open again")
    timeline.crawl(START + 48 * HOUR)
    assert versions(scrapy)[1:] == [(2, "retitle", "usable")]


def test_an_unchanged_article_is_answered_304_and_gives_no_version(scrapy: Cli, site: EvolvingSite, timeline: Timeline) -> None:
    timeline.crawl(START)
    site.asked()
    timeline.crawl(START + 2 * HOUR)
    assert sorted(asked_for_articles(site)) == [("/harbour", 304), ("/mill", 304)]
    assert scrapy.lake.manifests()[-1].counts.rejected == {"unchanged": 2}


def test_new_furniture_and_dates_in_another_zone_give_no_version(scrapy: Cli, site: EvolvingSite, timeline: Timeline) -> None:
    timeline.crawl(START)
    site.asked()
    moved = (START - HOUR).astimezone(timezone(timedelta(hours=9)))
    site.change("/harbour", published=moved, furniture="<nav><a href='/a'>Ferries</a> <a href='/b'>Weather</a></nav>")
    timeline.crawl(START + 2 * HOUR)
    assert ("/harbour", 200) in site.asked()
    assert versions(scrapy) == [(1, "first", "usable")]
    timeline.crawl(START + 7 * HOUR)
    assert ("/harbour", 304) in site.asked(), "the page is asked for as it was last seen"


EXTENDED = (*PARAGRAPHS, "By evening eleven ships had passed the bar, among them the grain carrier that had waited longest of all, and "
            "the pilots said that they would work through the night until the last one was in.")  # fmt: skip


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"headline": "Stour harbour open again"}, "retitle"),
        ({"paragraphs": EXTENDED}, "expansion"),
        ({"paragraphs": (PARAGRAPHS[0].replace("nine", "eight"), *PARAGRAPHS[1:])}, "correction"),
        ({"paragraphs": (PARAGRAPHS[0].replace("harbour of", "harbor, of"), *PARAGRAPHS[1:])}, "correction"),
        ({"paragraphs": (PARAGRAPHS[0].replace("The harbour", "THE HARBOUR"), *PARAGRAPHS[1:])}, "cosmetic"),
        ({"published": START - 5 * HOUR}, "correction"),
        ({"modified": START + HOUR}, "cosmetic"),
    ],
)
def test_a_change_is_a_version_of_its_class(
    change: dict[str, Any], expected: str, scrapy: Cli, site: EvolvingSite, timeline: Timeline
) -> None:
    timeline.crawl(START)
    site.change("/harbour", **change)
    timeline.crawl(START + 2 * HOUR)
    assert versions(scrapy) == [(1, "first", "usable"), (2, expected, "usable")]


def test_a_sitemap_that_says_that_an_article_changed_is_believed_at_once(
    scrapy: Cli, site: EvolvingSite, timeline: Timeline
) -> None:
    timeline.crawl(START)
    site.asked()
    site.change("/harbour", paragraphs=EXTENDED, modified=START + timedelta(minutes=20))
    timeline.crawl(START + timedelta(minutes=30))
    assert asked_for_articles(site) == [("/harbour", 200)]
    assert [version for version, *_ in versions(scrapy)] == [1, 2]
    timeline.crawl(START + timedelta(minutes=40))
    assert asked_for_articles(site) == []


def test_a_page_that_is_gone_becomes_a_tombstone_and_may_come_back(scrapy: Cli, site: EvolvingSite, timeline: Timeline) -> None:
    timeline.crawl(START)
    site.change("/harbour", status=410)
    timeline.crawl(START + 2 * HOUR)
    assert versions(scrapy) == [(1, "first", "usable"), (2, "retraction", "canceled")]
    (grave,) = [article for article in scrapy.lake.articles() if article["pubStatus"] == "canceled"]
    jsonschema.Draft202012Validator(json_schema()).validate(grave)
    assert (grave["articleBody"], grave["blocks"], grave["headline"], grave["datePublished"]) == ("", [], None, None)
    timeline.crawl(START + 8 * HOUR)
    assert len(versions(scrapy)) == 2, "gone twice is gone once"
    site.change("/harbour", status=200)
    timeline.crawl(START + 30 * HOUR)
    assert versions(scrapy)[2:] == [(3, "cosmetic", "usable")]


def test_a_404_is_believed_when_a_later_look_finds_it_again(scrapy: Cli, site: EvolvingSite, timeline: Timeline) -> None:
    timeline.crawl(START)
    site.change("/harbour", status=404)
    timeline.crawl(START + 2 * HOUR)
    assert versions(scrapy) == [(1, "first", "usable")]
    timeline.crawl(START + 4 * HOUR)
    assert versions(scrapy) == [(1, "first", "usable"), (2, "retraction", "canceled")]


CONTACT = "Readers who know more of the ships that lay in the harbour during these nine days are asked to write to the editors."


def test_a_notice_in_an_articles_place_is_a_retraction(scrapy: Cli, site: EvolvingSite, timeline: Timeline) -> None:
    timeline.crawl(START)
    notice = "This article has been retracted because its figures could not be confirmed by the harbour office of Stour itself."
    site.change("/harbour", paragraphs=(notice, "The editors regret the error and have told the harbour office so.", CONTACT))
    timeline.crawl(START + 2 * HOUR)
    assert versions(scrapy)[1:] == [(2, "retraction", "canceled")]
    newest = max(scrapy.lake.articles(), key=lambda article: article["version"])
    assert (newest["articleBody"], newest["description"]) == ("", notice)


def test_a_moved_article_stays_one_article(scrapy: Cli, site: EvolvingSite, timeline: Timeline) -> None:
    timeline.crawl(START)
    site.publish("/news/harbour-reopens", site.stories["/harbour"].headline, START - HOUR)
    site.unlist("/news/harbour-reopens")
    site.change("/harbour", moved_to="/news/harbour-reopens")
    timeline.crawl(START + 2 * HOUR)
    site.listed.append("/news/harbour-reopens")
    site.refresh()
    timeline.crawl(START + 3 * HOUR)
    assert versions(scrapy) == [(1, "first", "usable")]
    assert len({article["id"] for article in scrapy.lake.articles()}) == 2, "the harbour and the mill"


def test_a_moved_article_that_is_listed_before_its_old_address_is_looked_at_stays_one_article(
    scrapy: Cli, site: EvolvingSite, timeline: Timeline
) -> None:
    timeline.crawl(START)
    site.publish("/news/harbour-reopens", site.stories["/harbour"].headline, START - HOUR)
    site.unlist("/harbour")
    site.change("/harbour", moved_to="/news/harbour-reopens")
    site.asked()
    timeline.crawl(START + HOUR / 2)
    assert [path for path, _ in site.asked() if "harbour" in path] == [
        "/news/harbour-reopens",
        "/harbour",
        "/news/harbour-reopens",
    ]
    timeline.crawl(START + 2 * HOUR)
    assert versions(scrapy) == [(1, "first", "usable")]
    assert len({article["id"] for article in scrapy.lake.articles()}) == 2, "the harbour and the mill"


def test_a_copy_at_a_second_address_is_an_article_that_says_what_it_copies(
    scrapy: Cli, site: EvolvingSite, timeline: Timeline
) -> None:
    site.change("/mill", paragraphs=PARAGRAPHS[1:])
    timeline.crawl(START)
    site.publish("/news/harbour-reopens", site.stories["/harbour"].headline, START - HOUR)
    timeline.crawl(START + HOUR / 2)
    by_path = {article["requestedUrl"].removeprefix(site.server.url): article for article in scrapy.lake.articles()}
    assert by_path["/news/harbour-reopens"]["duplicateOf"] == by_path["/harbour"]["id"]


def test_no_look_is_taken_where_none_is_wanted(site: EvolvingSite, tmp_path: Path) -> None:
    with Timeline(Cli(tmp_path, {"NEWS_RECHECK_HOURS": "none"})) as timeline:
        timeline.crawl(START)
        site.asked()
        timeline.crawl(START + 30 * DAY)
        assert asked_for_articles(site) == []


def test_a_look_over_the_site_finds_a_new_feed_and_takes_what_is_new_from_it(
    scrapy: Cli, site: EvolvingSite, timeline: Timeline
) -> None:
    home = b'<html><head><link rel="alternate" type="application/rss+xml" href="/new.xml"></head><body></body></html>'
    timeline.crawl(START)
    assert "/" not in {path for path, _ in site.asked()}
    site.publish("/old", "A story of last year", START - 300 * DAY)
    site.publish("/fresh", "A story of this week", START + 7 * DAY)
    site.listed[:2] = []
    site.refresh()
    dated = {"/old": "Thu, 17 Oct 2024 06:00:00 GMT", "/fresh": "Wed, 20 Aug 2025 06:00:00 GMT"}
    items = "".join(f"<item><link>{site.server.url}{path}</link><pubDate>{day}</pubDate></item>" for path, day in dated.items())
    feed = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    site.server.routes |= {"/": Answer(home), "/new.xml": Answer(feed, headers={"Content-Type": "application/rss+xml"})}
    run = timeline.crawl(START + 8 * DAY)
    asked = site.asked()
    assert run.warnings == [], "a site without a robots.txt is nothing to warn of"
    assert {("/", 200), ("/new.xml", 200), ("/fresh", 200)} <= set(asked)
    assert "/old" not in {path for path, _ in asked}
    timeline.crawl(START + 9 * DAY)
    asked = site.asked()
    assert ("/new.xml", 200) in asked
    assert ("/", 200) not in asked


def test_diff_shows_what_changed_between_versions(scrapy: Cli, site: EvolvingSite, timeline: Timeline) -> None:
    timeline.crawl(START)
    site.change("/harbour", headline="Stour harbour open again", paragraphs=EXTENDED)
    timeline.crawl(START + 2 * HOUR)
    shown = scrapy.run("diff", f"{site.server.url}/harbour")
    assert shown.code == 0, shown.err
    (change,) = shown.rows
    assert (change["version"], change["changeClass"]) == (2, "expansion")
    assert change["fields"][0]["field"] == "headline"
    assert [line["op"] for line in change["lines"]] == ["same", "same", "same", "added"]
    by_id = scrapy.on_terminal("diff", change["id"])
    assert "version 2: expansion" in by_id.out
    assert "+ Stour harbour open again" in by_id.out
    unknown = scrapy.run("diff", "https://news.example/never-seen")
    assert (unknown.code, "no such article" in unknown.err) == (2, True)


def test_a_redesign_raises_an_alarm_in_the_next_run_with_its_cause_and_a_page(
    scrapy: Cli, site: EvolvingSite, timeline: Timeline
) -> None:
    for day in range(5):
        for number in range(10):
            site.publish(f"/day-{day}/{number}", f"The ferries of day {day}, report {number}", START + day * DAY)
        assert timeline.crawl(START + day * DAY).warnings == []
    for number in range(10):
        site.publish(f"/day-6/{number}", f"The ferries of day 6, report {number}", START + 6 * DAY, paragraphs=("Loading.",))
    warnings = timeline.crawl(START + 6 * DAY).warnings
    alarm = next(line for line in warnings if line.startswith("Alarm: "))
    assert "evolving: 0% of 10 pages are articles, it used to be 99%" in alarm
    assert f"redesign, or pages that only a browser's scripts fill, for instance {site.server.url}/day-6/" in alarm
    again = timeline.crawl(START + 6 * DAY + HOUR).warnings
    assert not [line for line in again if line.startswith("Alarm: ")], "it is told once a day"


def test_a_publisher_that_brings_fewer_articles_a_day_than_its_file_expects_degrades_the_run(
    scrapy: Cli, site: EvolvingSite, timeline: Timeline
) -> None:
    file = scrapy.folder / "publishers" / "evolving.toml"
    file.write_text(file.read_text(encoding="utf-8") + "[expect]\narticles_per_day = [2, 9]\n", encoding="utf-8")
    assert timeline.crawl(START).code == 0, "one run is no day"
    assert timeline.crawl(START + 23 * HOUR).code == 0
    run = timeline.crawl(START + 25 * HOUR)
    assert (run.code, run.verdict) == (3, "degraded")
    assert "Expectation missed: evolving: 0 articles in 24 hours, expected are 2 to 9" in run.warnings
