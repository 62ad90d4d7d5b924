"""When a listing is visited again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawler.discovery import cadence
from crawler.discovery.cadence import Bounds
from pipelines.store.schedule import ListingState

START = datetime(2025, 8, 13, tzinfo=UTC)
FEED = ListingState("https://news.example/feed", "news", START)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def simulated(publishes_every: timedelta, days: int, tick: timedelta = timedelta(minutes=5)) -> tuple[int, list[timedelta]]:
    """A timer that ticks over a feed: how often it was visited, and how late each of its stories was seen."""
    state, visits, lags, unseen = FEED, 0, [], START + publishes_every
    now = START
    while now < START + timedelta(days=days):
        due = cadence.due(state, Bounds())
        if due is None or due <= now:
            visits += 1
            brought = unseen <= now
            if brought:
                lags.append(now - unseen)
                unseen += publishes_every * ((now - unseen) // publishes_every + 1)
            state = cadence.visited(state, now, brought=brought)
        now += tick
    return visits, lags


def test_a_busy_feed_is_visited_at_every_tick() -> None:
    visits, lags = simulated(publishes_every=timedelta(minutes=10), days=2)
    assert visits == 2 * 24 * 12
    assert max(lags) == timedelta(0)


def test_a_daily_feed_is_visited_a_tenth_as_often_and_seen_within_hours() -> None:
    visits, lags = simulated(publishes_every=DAY, days=20)
    assert visits < 20 * 24 * 12 / 10
    assert max(lags[2:]) <= timedelta(hours=2, minutes=30)


def test_a_silent_feed_is_visited_once_in_the_longest_pause() -> None:
    visited = cadence.visited(FEED, START + 100 * DAY, brought=False)
    assert cadence.due(visited, Bounds(longest=6 * HOUR)) == START + 100 * DAY + 6 * HOUR


def test_a_listing_that_was_never_visited_is_due() -> None:
    assert cadence.due(FEED, Bounds(shortest=DAY)) is None


def test_the_shortest_pause_holds_for_the_busiest_feed() -> None:
    assert cadence.due(cadence.visited(FEED, START, brought=True), Bounds(shortest=HOUR)) == START + HOUR


def test_a_listing_that_is_gone_for_a_week_is_retired_and_asked_once_a_month() -> None:
    state = FEED
    for day in range(8):
        assert not state.retired
        state = cadence.failed(state, START + day * DAY, gone=True)
    assert state.retired == START + 7 * DAY
    assert cadence.due(state, Bounds()) == START + 37 * DAY
    back = cadence.visited(state, START + 37 * DAY, brought=True)
    assert (back.retired, back.failures, back.failing_since) == (None, 0, None)


def test_a_host_that_is_down_retires_no_listing() -> None:
    state = FEED
    for day in range(30):
        state = cadence.failed(state, START + day * DAY, gone=False)
    assert (state.retired, state.failures) == (None, 30)


def test_a_listing_that_fails_is_asked_again_soon_however_silent_it_was_before() -> None:
    silent = cadence.visited(FEED, START + 100 * DAY, brought=False)
    failed = cadence.failed(silent, START + 101 * DAY, gone=False)
    assert cadence.due(failed, Bounds()) == START + 101 * DAY
    again = cadence.failed(failed, START + 101 * DAY + 10 * HOUR, gone=False)
    assert cadence.due(again, Bounds()) == START + 101 * DAY + 11 * HOUR
    assert cadence.due(again, Bounds(shortest=3 * HOUR)) == START + 101 * DAY + 13 * HOUR


def test_a_304_keeps_the_validators() -> None:
    state = cadence.visited(FEED, START, brought=True, etag='"1"', last_modified="Wed, 13 Aug 2025 00:00:00 GMT")
    after = cadence.unchanged(state, START + HOUR)
    assert (after.etag, after.last_modified, after.visited) == ('"1"', "Wed, 13 Aug 2025 00:00:00 GMT", START + HOUR)
