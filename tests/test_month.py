"""A month of four newsrooms, three crawls a day, each request of each crawl foretold, and all that comes of them.

Ninety crawls take half a minute. The looks after one and six hours fall into the next crawl, those after a day and a week have one of their
own; a fourth crawl a day would add none. The crawls are not evenly spaced, and each a minute later in its day, so that a tenth of a silence
and the next crawl never fall together: a few seconds of a busy machine decide nothing.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli import Cli
from tests.evolving import FEED, SITEMAP, EvolvingSite
from tests.foretold import DAY, HOUR, Newsroom
from tests.timeline import Ran, Timeline
from tests.webserver import Answer

START, CRAWLS = datetime(2025, 8, 13, 6, 0, tzinfo=UTC), 90

# Stories before each crawl of a day.
PRINTS = {"harbour": (1, 1, 1), "mill": (4, 0, 0), "hill": (0, 4, 0), "quay": (0, 0, 5)}
FEED_ENTRIES = 6

# What happens before a crawl: (crawl, newsroom, story, what changes, class of the version that comes of it).
EVENTS: list[tuple[int, str, int, dict[str, Any], str | None]] = [
    (10, "harbour", 9, {"headline": "What the harbour said of it later"}, "retitle"),
    (15, "harbour", 13, {"paragraphs": "corrected"}, "correction"),
    (20, "harbour", 19, {"status": 410}, "retraction"),
    (25, "harbour", 24, {"status": 404}, "retraction"),
    (30, "harbour", 28, {"paragraphs": "extended", "modified": -HOUR}, "expansion"),
    (34, "harbour", 33, {"moved_to": "/news/story-33"}, None),
    (35, "harbour", 33, {"listed": True}, None),
    # Listed at its new address long before its old one is looked at.
    (40, "harbour", 35, {"moved_to": "/news/story-35", "listed": True}, None),
    (45, "harbour", 44, {"paragraphs": "withdrawn"}, "retraction"),
    (50, "harbour", 49, {"furniture": "<nav><a href='/a'>Ferries</a> <a href='/b'>Weather</a></nav>"}, None),
    (55, "harbour", 54, {"status": 410}, "retraction"),
    (56, "harbour", 54, {"status": 200}, "cosmetic"),
    (60, "harbour", 40, {"paragraphs": "corrected"}, "correction"),
    (65, "harbour", 10, {"headline": "A title that nobody looks at any more"}, None),
    (66, "harbour", 11, {"headline": "A title that the sitemap announces", "modified": -HOUR}, "unknown"),
]


def instant(crawl: int) -> datetime:
    """Six, half past one, half past nine; a minute later each time."""
    days, third = divmod(crawl, 3)
    return START + days * DAY + (0, 7.5, 15.5)[third] * HOUR + timedelta(minutes=crawl)


HOME = b"<html><head><title>Home</title>%s</head><body><p>Welcome to the news.</p></body></html>"
NEW_FEED = "/news.xml"
GONE = Answer(b"gone", 410)


def turn(crawl: int, site: EvolvingSite) -> None:
    """What happens to whole sites: a host is down for two days, pages are shells for a day, listings die, and a new feed comes."""
    match crawl, site.name:
        case 37 | 43, "mill":
            site.down = crawl == 37
        case 61 | 64, "hill":
            site.shells = crawl == 61
        case 51, "quay":
            site.routes = {**site.routes, FEED: GONE, SITEMAP: GONE}
        case 75, "quay":
            site.feed_path = NEW_FEED
            link = b'<link rel="alternate" type="application/rss+xml" href="/news.xml">'
            site.routes = {**site.routes, "/": Answer(HOME % link)}
    site.refresh()


# (crawl, alarm). Mill: eight pages are needed, the four looks that fail and the four stories before them. Hill: four new stories
# and eight looks, all shells. Quay: silent for longer than a day when two weeks ago ten stories came in that time, then once a day
# until the look of the fourth week finds its new feed.
ALARMS = [
    (37, "mill: 50% of 8 pages are articles"),
    *((crawl, "quay: no article for") for crawl in (56, 59)),
    (61, "hill: 0% of 12 pages are articles"),
    *((crawl, "quay: no article for") for crawl in (62, 65, 68, 71, 74, 77, 80, 83)),
]
RETIRED = [(72, FEED), (72, SITEMAP)]
# Versions by their change class. Stories: harbour prints three a day; mill and hill four a day; quay five a day for 17 days, then the six that the new feed names and ten more.
# Its 49 others were named by no listing.
CLASSES = {
    "first": 90 + 4 * 30 + 4 * 30 + 5 * 17 + 6 + 10,
    "correction": 2,
    "expansion": 1,
    "retitle": 1,
    "cosmetic": 1,
    "retraction": 4,
    None: 1,
}
# Requests of the month by what was asked for and its status, where they can be counted on one's fingers (harbour's stories change too
# often, and sitemaps are read at the pace of their silence, since the feeds are first: `foretold.py` counts those).
# Hill prints before crawls 1, 4 .. 88. Stories: 120, the four of crawl 61 three times more as shells, and 16 looks at shells: those of crawl
# 58 in crawls 61 to 63, those of crawl 40 in crawl 61. Looks: all 30 days' stories one crawl later, 29 after a day, 23 after a week.
# Mill prints before crawls 0, 3 .. 87 and is down in crawls 37 to 42; robots.txt is known until 38. The stories of crawl 36 are looked at in
# vain in 37 and 38, and in 43 for both the hour and the day: 30 + 28 + 23 days' looks. The look over the site of crawl 42 is taken again a day later.
# Quay prints before crawls 2, 5 .. 50; the new feed brings six in crawl 84, five in 86 and in 89: 17 * 3 days' looks at five, two at 11.
REQUESTS = {
    "hill": {("feed", 200): 31, ("feed", 304): 59, ("home", 200): 4, ("story", 200): 120 + 12 + 16, ("story", 304): 4 * 82},
    "mill": {
        ("feed", 200): 29, ("feed", 304): 55, ("feed", 0): 2, ("home", 200): 4,
        ("story", 200): 120, ("story", 304): 4 * 81, ("story", 0): 8,
    },
    "quay": {("home", 200): 4, ("story", 200): 85 + 16, ("story", 304): 5 * 17 * 3 + 2 * 11},
}  # fmt: skip


@pytest.mark.long
def test_a_month_of_four_newsrooms_run_by_run(tmp_path: Path) -> None:
    scrapy = Cli(tmp_path)
    with ExitStack() as stack:
        sites = [EvolvingSite(tmp_path, name, feed_entries=FEED_ENTRIES, routes={"/": Answer(HOME % b"")}) for name in PRINTS]
        rooms = {site.name: Newsroom(stack.enter_context(site)) for site in sites}
        # One request at a time, so that the feed is always the first to name a story.
        timeline = stack.enter_context(Timeline(scrapy, CONCURRENT_REQUESTS_PER_DOMAIN=1))
        requests = {name: Counter[tuple[str, int]]() for name in rooms}
        log = [_crawl(crawl, rooms, timeline, requests) for crawl in range(CRAWLS)]
        _compare_logs(log)
        _compare_requests(requests)
        _compare_lake(scrapy, rooms)
        _nothing_is_asked_twice(rooms, timeline)


def _crawl(crawl: int, rooms: dict[str, Newsroom], timeline: Timeline, requests: dict[str, Counter[tuple[str, int]]]) -> Ran:
    """One crawl after what happened before it: it asks for what is foretold, and is quiet where no site is in trouble.

    Its requests are added to the month's.
    """
    for room in rooms.values():
        room.print_stories(PRINTS[room.site.name][crawl % 3], instant(crawl) - HOUR)
        turn(crawl, room.site)
    for at, name, *event in EVENTS:
        if at == crawl:
            rooms[name].happen(instant(crawl), *event)
    foretold = {name: room.foretell(instant(crawl)) for name, room in rooms.items()}
    ran = timeline.crawl(instant(crawl))
    asked = {name: Counter(room.site.asked()) for name, room in rooms.items()}
    assert asked == foretold, f"crawl {crawl}"
    for name, counted in asked.items():
        requests[name].update(counted)
    troubled = any(room.site.down or room.site.shells for room in rooms.values())
    assert ran.code == 0
    if not troubled and not {(FEED, 410), (SITEMAP, 410)} & set(asked["quay"]):
        assert all(line.startswith("Alarm: ") for line in ran.warnings), (crawl, ran.warnings)
    return ran


def _compare_logs(log: list[Ran]) -> None:
    warnings = [(crawl, line) for crawl, ran in enumerate(log) for line in ran.warnings]
    alarms = [(crawl, line.removeprefix("Alarm: ")) for crawl, line in warnings if line.startswith("Alarm: ")]
    assert [(crawl, line[: len(told)]) for (crawl, line), (_, told) in zip(alarms, ALARMS, strict=True)] == ALARMS
    retired = [(crawl, line.partition(": retired")[0]) for crawl, line in warnings if ": retired" in line]
    assert [(crawl, f"/{url.rpartition('/')[2]}") for crawl, url in retired] == RETIRED


def _compare_requests(requests: dict[str, Counter[tuple[str, int]]]) -> None:
    for name, expected in REQUESTS.items():
        found: Counter[tuple[str, int]] = Counter()
        for (path, status), number in requests[name].items():
            kind = {FEED: "feed", "/": "home"}.get(path, "story" if path.startswith("/story-") else "")
            found[kind, status] += number
        kinds = {kind for kind, _ in expected}
        assert {key: number for key, number in found.items() if key[0] in kinds} == expected, name


def _compare_lake(scrapy: Cli, rooms: dict[str, Newsroom]) -> None:
    """The lake has each version once, in the class that its change is of, and every story that a listing named."""
    rows = scrapy.lake.articles()
    found = sorted((row["requestedUrl"], row["version"], row["changeClass"] or "unknown") for row in rows)
    assert found == sorted(
        (f"{room.site.server.url}{path}", version, kind) for room in rooms.values() for path, version, kind in room.versions
    )
    assert Counter(row["changeClass"] for row in rows) == CLASSES
    assert len({(row["id"], row["version"]) for row in rows}) == len(rows)
    assert len({row["id"] for row in rows}) == CLASSES["first"]
    assert sum(row["pubStatus"] == "canceled" for row in rows) == CLASSES["retraction"]
    assert [row["requestedUrl"] for row in rows if row["duplicateOf"]] == []
    assert sum(manifest.rows for manifest in scrapy.lake.manifests()) == len(rows)
    assert len(scrapy.lake.manifests()) == CRAWLS
    assert scrapy.lake.unnamed() == []


def _nothing_is_asked_twice(rooms: dict[str, Newsroom], timeline: Timeline) -> None:
    """A crawl right after the last asks for what is due, which is nothing; one that is forced asks for listings alone."""
    later = instant(CRAWLS - 1) + timedelta(minutes=5)
    timeline.crawl(later)
    assert [room.site.asked() for room in rooms.values()] == [[], [], [], []]
    # A sitemap that the last crawl left for later is read by the first of these.
    timeline.crawl(later + timedelta(minutes=5), due="all")
    listings = {FEED, SITEMAP, NEW_FEED}
    assert all({path for path, _ in room.site.asked()} <= listings for room in rooms.values())
    timeline.crawl(later + timedelta(minutes=10), due="all")
    asked = {name: sorted(room.site.asked()) for name, room in rooms.items()}
    both = [(FEED, 304), (SITEMAP, 304)]
    assert asked == {"harbour": both, "mill": both, "hill": both, "quay": [(FEED, 410), (NEW_FEED, 304), (SITEMAP, 410)]}
