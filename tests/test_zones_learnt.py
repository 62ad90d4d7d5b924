"""Zones that are learnt: what a page shows of its clocks, what the store keeps of it, what is inferred, and who uses it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipelines.evidence import DateClue
from pipelines.history.zones import MIN_ARTICLES, disagrees, infer
from pipelines.items import Article, ClockSample, Link
from pipelines.learnt import clocks_of, offset_name, with_learnt_zone
from pipelines.normalizers.dates import resolve
from pipelines.normalizers.zones import every_zone
from pipelines.publishers import Publisher
from pipelines.store import Store, VersionTaken, open_store
from pipelines.store.protocol import ClockCount
from pipelines.values import DateSource, PublisherRef
from tests.builders import NOW, make_article, make_draft, make_link
from tests.cli import Cli, troubles
from tests.pages import html
from tests.webserver import Answer, WebServer

FETCHED = datetime(2024, 2, 28, 12, tzinfo=UTC)
NOWHERE = Publisher(id="a", hosts=("www.example.com",))
SUMMER, WINTER = datetime(2025, 7, 1, 9, 4, tzinfo=UTC), datetime(2025, 1, 7, 9, 4, tzinfo=UTC)
ZONES = every_zone()


def clock(*clues: DateClue, publisher: Publisher = NOWHERE) -> ClockSample | None:
    return resolve(clues, publisher, language="en", fetched_at=FETCHED).clock


def published(raw: str, source: DateSource = DateSource.JSONLD) -> DateClue:
    return DateClue(raw, source, "here", "datePublished")


def shown(raw: str) -> DateClue:
    return published(raw, DateSource.VISIBLE)


def seen(zone: str, start: datetime = SUMMER, days: int = 20, articles: int = 1) -> list[ClockCount]:
    """What a publisher's pages show, that keeps a zone's time, on so many days from a start."""
    moments = [start + timedelta(days=day) for day in range(days)]
    return [
        ClockCount(moment, _minutes(moment, zone), articles, url="https://www.example.com/a", raw="so") for moment in moments
    ]


def _minutes(moment: datetime, zone: str) -> int:
    offset = moment.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return int(offset.total_seconds()) // 60


# What a page shows


def test_an_explicit_offset_tells_the_clock() -> None:
    assert clock(published("2024-02-27T21:46:00+05:30")) == ClockSample(
        datetime(2024, 2, 27, 16, 16, tzinfo=UTC), 330, "offset", "2024-02-27T21:46:00+05:30"
    )


@pytest.mark.parametrize("printed", ["Feb 27, 2024 9:46 PM", "Feb 27, 2024 9:46 PM IST", "2024-02-27 21:46:05"])
@pytest.mark.parametrize("publisher", [NOWHERE, Publisher(id="b", timezone="America/New_York")])
def test_a_moment_in_utc_beside_its_local_time_tells_the_clock_whatever_the_file_says(
    printed: str, publisher: Publisher
) -> None:
    found = clock(published("2024-02-27T16:16:05Z"), shown(printed), publisher=publisher)
    assert found is not None
    assert (found.offset_minutes, found.how, found.raw) == (330, "pair", f"2024-02-27T16:16:05Z | {printed}")


@pytest.mark.parametrize(
    "clues",
    [
        [published("2024-02-27T16:16:00Z")],
        [published("2024-02-27T16:16:00+00:00"), shown("Feb 27, 2024 4:16 PM")],
        [published("2024-02-27T16:16:00Z"), shown("Feb 27, 2024")],
        [published("2024-02-27T16:16:00Z"), shown("Feb 27, 2024 9:43 PM")],
        [published("2024-02-27T16:16:09Z"), shown("2024-02-27 21:46:05")],
        [published("2024-02-27T02:16:00Z"), shown("Feb 27, 2024 9:46 PM")],
        [shown("Feb 27, 2024 9:46 PM")],
        [published("2024-02-28T09:00:00Z"), shown("3 hours ago")],
        [published("2024-02-27T16:16:00Z"), shown("yesterday at 9:46 PM")],
        [published("2024-02-27T21:46:00+05:30"), published("2024-02-27T21:46:00+01:00", DateSource.META)],
        [published("2024-02-28T23:00:00+05:30")],
        [published("2024-02-27T21:46:00+05:17")],
    ],
    ids=lambda clues: " ".join(clue.raw for clue in clues),
)
def test_a_page_that_shows_nothing_or_contradicts_itself_tells_nothing(clues: list[DateClue]) -> None:
    assert clock(*clues, publisher=Publisher(id="c", timezone="Asia/Kolkata")) is None


def test_a_modified_time_tells_the_clock_where_the_published_one_does_not() -> None:
    modified = DateClue("2024-02-28T08:00:00+02:00", DateSource.META, "here", "dateModified")
    found = clock(published("2024-02-27T16:16:00Z"), modified)
    assert found is not None
    assert found.offset_minutes == 120


def test_local_time_marked_as_utc_does_not_make_the_clock_utc() -> None:
    found = clock(
        published("2024-02-27T21:46:00Z"), published("2024-02-27T16:16:00Z", DateSource.META), shown("27 Feb 2024 21:46")
    )
    assert found is not None
    assert found.offset_minutes == 330


# What is kept


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite://{tmp_path}/store.db")
    store.start_run("run-1", "news", NOW)
    yield store
    store.close()


def sample(moment: datetime, minutes: int = 120) -> ClockSample:
    return ClockSample(moment, minutes, "offset", "as written")


def commit(store: Store, link: Link, article: Article, shown: ClockSample) -> None:
    """An article whose page showed these clocks."""
    store.commit(link, article, run_id="run-1", now=NOW, draft=make_draft(article, article.id, clock=shown))


def test_each_article_counts_once_in_its_day_and_offset(store: Store) -> None:
    for number, minutes in ((1, 120), (2, 120), (3, 60)):
        commit(store, make_link(number), make_article(number), sample(SUMMER, minutes))
    commit(store, make_link(4), make_article(1, version=2), sample(SUMMER))
    first, second = store.clocks("example")
    assert (first.offset_minutes, first.articles, second.articles) == (60, 1, 2)
    assert second == ClockCount(SUMMER, 120, 2, "offset", "as written", "https://news.example/story-1", "en")
    assert (store.clocked(), store.clocks("other")) == (["example"], [])


def test_what_is_not_committed_leaves_no_clock(store: Store) -> None:
    store.commit(make_link(1), make_article(1), run_id="run-1", now=NOW)
    with pytest.raises(VersionTaken):
        commit(store, make_link(2), make_article(1), sample(SUMMER))
    assert store.clocks("example") == []


def test_the_newest_five_hundred_days_are_kept(store: Store) -> None:
    for number in range(505):
        moment = SUMMER + timedelta(days=number)
        commit(store, make_link(number), make_article(number), sample(moment))
    kept = store.clocks("example")
    assert (len(kept), kept[0].utc) == (500, SUMMER + timedelta(days=5))
    commit(store, make_link(999), make_article(999), sample(SUMMER))
    assert store.clocks("example") == kept


# What is inferred


@pytest.mark.parametrize(
    ("zone", "country", "near"),
    [
        ("Asia/Kolkata", "IN", None),
        ("Europe/Berlin", "DE", None),
        ("Europe/Berlin", None, "DE"),
        ("Europe/London", "GB", None),
        ("Asia/Kathmandu", None, None),
        ("Australia/Lord_Howe", None, None),
    ],
)
def test_a_season_is_enough_where_the_country_or_the_offset_decides(zone: str, country: str | None, near: str | None) -> None:
    learnt = infer(seen(zone), ZONES, country, near)
    assert (learnt.zone, learnt.share, learnt.articles, learnt.is_sure) == (zone, 1.0, 20, True)


def test_one_season_that_fits_zones_with_different_summers_is_not_sure_until_the_other_is_seen() -> None:
    summer = infer(seen("America/Phoenix"), ZONES, "US")
    assert (summer.offset_minutes, summer.is_sure) == (-420, False)
    both = infer([*seen("America/Phoenix"), *seen("America/Phoenix", WINTER)], ZONES, "US")
    assert (both.zone, both.is_sure) == ("America/Phoenix", True)
    assert both.confidence > summer.confidence


def test_without_a_country_several_zones_leave_a_statement_of_the_offset_only() -> None:
    learnt = infer(seen("Europe/Berlin"), ZONES, None)
    assert (learnt.zone, learnt.offset_minutes, learnt.is_sure) == (None, 120, False)
    assert learnt.runner_up is not None
    assert learnt.runner_up_share == 1.0


def test_a_days_change_of_clocks_tells_neighbours_apart() -> None:
    """The European Union changes its clocks weeks before or after the others that share its offsets."""
    learnt = infer(seen("America/Havana", datetime(2025, 2, 20, 12, tzinfo=UTC), 60), ZONES, None)
    assert learnt.runner_up_share <= 1.0
    europe = infer(seen("Europe/Chisinau", datetime(2025, 3, 29, 23, 30, tzinfo=UTC), 1) * 9, ZONES, "MD")
    assert europe.zone == "Europe/Chisinau"


def test_too_few_articles_teach_nothing() -> None:
    few = infer(seen("Asia/Kolkata", days=MIN_ARTICLES - 1), ZONES, "IN")
    assert (few.zone, few.confidence, few.offset_minutes) == (None, 0.0, 330)
    assert infer(seen("Asia/Kolkata", days=1, articles=MIN_ARTICLES), ZONES, "IN").is_sure
    assert infer([], ZONES, "IN").articles == 0


@pytest.mark.parametrize(("strays", "sure"), [(0, True), (2, True), (12, False)])
def test_strays_cost_confidence(strays: int, sure: bool) -> None:
    learnt = infer([*seen("Asia/Kolkata", days=50), *seen("America/New_York", days=strays)], ZONES, "IN")
    assert (learnt.zone, learnt.is_sure) == ("Asia/Kolkata", sure)
    assert learnt.share == round(50 / (50 + strays), 3)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(sorted(ZONES)), st.datetimes(datetime(2015, 1, 1), datetime(2025, 1, 1)), st.integers(6, 60))
def test_a_sure_zone_shows_every_clock_that_was_seen(zone: str, start: datetime, days: int) -> None:
    """Whatever zone a publisher keeps and whichever season is seen, a zone that counts as sure reads each of those days alike."""
    counts = seen(zone, start.replace(tzinfo=UTC), days)
    assume(all(each.offset_minutes % 15 == 0 for each in counts))
    learnt = infer(counts, ZONES, ZONES[zone])
    assert learnt.share == 1.0
    if learnt.is_sure and learnt.zone:
        year = [start.replace(tzinfo=UTC) + timedelta(days=days - 1 - back) for back in range(0, 364, 7)]
        assert [_minutes(day, learnt.zone) for day in year] == [_minutes(day, zone) for day in year]


def test_a_files_zone_disagrees_only_where_another_explains_more() -> None:
    counts = seen("Europe/Berlin")
    learnt = infer(counts, ZONES, "DE")
    assert disagrees("Asia/Kolkata", counts, learnt)
    assert not disagrees("Europe/Paris", counts, learnt)
    assert not disagrees("Asia/Kolkata", counts[:3], infer(counts[:3], ZONES, "DE"))


def test_a_files_zone_always_wins_and_a_made_up_publisher_learns_by_its_host() -> None:
    filed = Publisher(id="x", timezone="Asia/Kolkata")
    assert with_learnt_zone(filed, clocks_of(filed, seen("Europe/Berlin"))) is filed
    host = Publisher(id="www.example.de", hosts=("www.example.de",))
    assert with_learnt_zone(host, clocks_of(host, seen("Europe/Berlin"))).timezone == "Europe/Berlin"
    assert clocks_of(NOWHERE, seen("Europe/Berlin")).said == offset_name(120) == "UTC+02:00"


# Who uses it

AT_ONCE = ("-s", "DOWNLOAD_DELAY=0")


def teach(scrapy: Cli, publisher: str, zone: str) -> None:
    """An earlier run of which eight articles showed a zone's clocks."""
    store = open_store(f"sqlite://{scrapy.store}")
    store.start_run("earlier", "news", NOW)
    for number in range(8):
        moment = SUMMER + timedelta(days=number)
        article = make_article(number, publisher=PublisherRef(publisher, None, None, None, None))
        store.commit(
            make_link(number, publisher=publisher),
            article,
            run_id="earlier",
            now=NOW,
            draft=make_draft(article, article.id, clock=sample(moment, _minutes(moment, zone))),
        )
    store.close()


def crawl_one(scrapy: Cli, toml: str) -> tuple[dict[str, object], str]:
    """The article, and the log, of a crawl of one page that prints 27 February 2025, 21:46 without a zone."""
    head = '<meta property="article:published_time" content="2025-02-27T21:46:00">'
    with WebServer({"/robots.txt": Answer(status=404), "/a": Answer(html(head=head).encode())}) as server:
        folder = scrapy.folder / "publishers"
        folder.mkdir()
        (folder / "paper.toml").write_text(f'hosts = ["127.0.0.1:{server.port}"]\n{toml}', encoding="utf-8")
        (scrapy.folder / "urls").write_text(f"{server.url}/a\n", encoding="utf-8")
        run = scrapy.run("crawl", "urls", "-a", f"urls={scrapy.folder / 'urls'}", *AT_ONCE, NEWS_ALLOW_NETWORKS="127.0.0.0/8")
    assert run.code == 0, run.err
    return next(row for row in scrapy.lake.articles() if row["url"] == f"{server.url}/a"), run.err


def test_a_run_reads_times_with_the_learnt_zone_and_says_so(scrapy: Cli) -> None:
    teach(scrapy, "paper", "Asia/Kolkata")
    article, log = crawl_one(scrapy, 'country = "IN"\n')
    assert (article["datePublished"], article["datePublishedZoneSource"]) == ("2025-02-27T16:16:00Z", "publisher")
    assert article["datePublishedLocal"] == "2025-02-27T21:46:00+05:30"
    assert "paper: times without a zone are read as Asia/Kolkata, learnt from 8 articles" in log
    assert troubles(log) == []


def test_a_files_zone_wins_and_the_disagreement_is_warned_of_once(scrapy: Cli) -> None:
    teach(scrapy, "paper", "Asia/Kolkata")
    article, log = crawl_one(scrapy, 'timezone = "Europe/Berlin"\ncountry = "DE"\n')
    assert article["datePublished"] == "2025-02-27T20:46:00Z"
    (warning,) = [line for line in troubles(log) if "timezone" in line]
    assert "paper: its file says timezone = Europe/Berlin, which explains 0% of 8 articles; UTC+05:30 explains 100%" in warning
    assert "https://news.example/story-7 shows UTC+05:30: as written" in warning


def test_publishers_zones_prints_the_learnt_zones_as_json_lines(scrapy: Cli) -> None:
    teach(scrapy, "paper", "Asia/Kolkata")
    (scrapy.folder / "publishers").mkdir()
    (scrapy.folder / "publishers" / "paper.toml").write_text('timezone = "Europe/Berlin"\n', encoding="utf-8")
    (scrapy.folder / "publishers" / "quiet.toml").write_text('country = "FR"\n', encoding="utf-8")
    done = scrapy.run("publishers", "zones")
    rows = {row["publisher"]: row for row in done.rows}
    assert (done.code, list(rows), done.err) == (0, ["paper", "quiet"], "")
    paper = rows["paper"]
    assert (paper["file"], paper["fileShare"], paper["offset"], paper["readWith"]) == (
        "Europe/Berlin",
        0.0,
        "UTC+05:30",
        "Europe/Berlin",
    )
    assert (paper["disagrees"], paper["example"]["url"], paper["example"]["raw"]) == (
        True,
        "https://news.example/story-7",
        "as written",
    )
    assert (rows["quiet"]["articles"], rows["quiet"]["learnt"]) == (0, None)
    (scrapy.folder / "publishers" / "paper.toml").write_text('country = "IN"\n', encoding="utf-8")
    (row,) = scrapy.run("publishers", "zones", "paper").rows
    assert (row["file"], row["learnt"], row["readWith"], row["disagrees"]) == (None, "Asia/Kolkata", "Asia/Kolkata", False)
    assert (row["confidence"], row["share"], row["runnerUp"]) == (0.889, 1.0, "Asia/Colombo")


def test_publishers_zones_names_an_unknown_publisher_and_changes_nothing_else(scrapy: Cli) -> None:
    (scrapy.folder / "publishers").mkdir()
    done = scrapy.run("publishers", "zones", "nobody")
    assert (done.code, done.out) == (2, "")
    assert "nobody: no publisher file has this id, and no article of it was seen" in done.err
    assert scrapy.run("publishers").rows == []
    assert "zones" in scrapy.run("publishers", "-h").out
