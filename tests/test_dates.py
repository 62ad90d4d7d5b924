"""Dates: strings to instants, zones by rule, other calendars."""

from __future__ import annotations

import email.utils
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipelines.normalizers.calendars import Calendar, gregorian
from pipelines.normalizers.dates import parse_instant
from pipelines.normalizers.localmonths import LOCAL_MONTHS
from pipelines.normalizers.months import MONTHS
from pipelines.values import Precision, ZoneSource
from tests.date_rows import ABBREVIATED, AGO, MACHINE, NO_DATES, WRITTEN

NOW = datetime(2024, 2, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("place", "raw", "local"), [(place, raw, local) for place, rows in WRITTEN.items() for raw, local in rows.items()]
)
def test_a_written_date_gives_its_instant(place: tuple[str, str, str], raw: str, local: str | None) -> None:
    language, country, zone = place
    found = parse_instant(raw, language=language, country=country, timezone=zone, now=NOW)
    assert (found and found.utc) == (local and datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))


@pytest.mark.parametrize(("language", "raw"), AGO.items())
def test_three_hours_ago_counts_back_from_now(language: str, raw: str) -> None:
    found = parse_instant(raw, language=language, now=NOW)
    assert found is not None
    assert (found.utc, found.precision) == (NOW - timedelta(hours=3), Precision.HOUR)


@pytest.mark.parametrize("raw", NO_DATES)
@pytest.mark.parametrize("language", ["en", "de", "zh", None])
def test_what_is_no_date_gives_none(raw: str, language: str | None) -> None:
    assert parse_instant(raw, language=language, timezone="Europe/London", now=NOW) is None


@pytest.mark.parametrize(("raw", "utc"), MACHINE.items())
def test_a_date_written_by_software_gives_its_instant(raw: str, utc: str) -> None:
    found = parse_instant(raw, now=NOW)
    assert found is not None
    assert found.utc == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(("name", "country", "hours"), ABBREVIATED)
def test_an_abbreviation_means_what_it_means_in_the_country(name: str, country: str | None, hours: float | None) -> None:
    found = parse_instant(f"27 Jan 2024 10:00 {name}", language="en", country=country, now=NOW)
    assert found is not None
    if hours is None:
        assert (found.precision, "date.no_zone" in found.flags) == (Precision.DAY, True)
    else:
        assert found.utc == datetime(2024, 1, 27, 10, tzinfo=UTC) - timedelta(hours=hours)


def test_a_generic_abbreviation_follows_the_season() -> None:
    winter, summer = (parse_instant(f"{day} 2024 10:00 AM ET", language="en", now=NOW) for day in ("Jan 27", "Jul 27"))
    assert winter and summer
    assert (winter.utc.hour, summer.utc.hour) == (15, 14)


def test_an_abbreviation_tells_the_two_passes_of_a_repeated_hour_apart() -> None:
    first, second, bare = (
        parse_instant(f"2024-10-27 02:30{name}", language="de", timezone="Europe/Berlin", now=NOW)
        for name in (" CEST", " CET", "")
    )
    assert first and second and bare
    assert second.utc - first.utc == timedelta(hours=1)
    assert bare.flags == ("date.dst_overlap",)


def test_a_skipped_hour_is_flagged() -> None:
    found = parse_instant("2024-03-31 02:30", timezone="Europe/Berlin", now=NOW)
    assert found is not None
    assert found.flags == ("date.dst_gap",)


def test_a_time_without_any_zone_keeps_its_day() -> None:
    found = parse_instant("2024-02-27T21:46:05", now=NOW)
    assert found is not None
    assert (found.utc, found.precision) == (datetime(2024, 2, 27, tzinfo=UTC), Precision.DAY)
    assert (found.zone_source, found.flags) == (ZoneSource.ASSUMED_UTC, ("date.no_zone",))


@pytest.mark.parametrize(
    ("country", "zone"), [("DE", ZoneSource.COUNTRY), ("ES", ZoneSource.ASSUMED_UTC), ("US", ZoneSource.ASSUMED_UTC)]
)
def test_a_country_gives_a_zone_only_where_all_of_it_shows_one_time(country: str, zone: ZoneSource) -> None:
    found = parse_instant("27.02.2024 21:46", country=country, now=NOW)
    assert found is not None
    assert found.zone_source is zone


@pytest.mark.parametrize(
    ("language", "zone"), [("de", ZoneSource.COUNTRY), ("he", ZoneSource.COUNTRY), ("nl", ZoneSource.ASSUMED_UTC)]
)
def test_a_language_gives_a_zone_where_all_of_its_countries_show_one_time(language: str, zone: ZoneSource) -> None:
    found = parse_instant("27.02.2024 21:46", language=language, now=NOW)
    assert found is not None
    assert found.zone_source is zone


def test_the_order_of_a_numeric_date_is_the_countrys_and_without_one_it_is_refused() -> None:
    days = {
        country: parse_instant("02/03/2024", language="en", country=country, now=NOW) for country in ("US", "IN", "CA", None)
    }
    assert {country: day and day.utc.month for country, day in days.items()} == {"US": 2, "IN": 3, "CA": None, None: None}


def test_every_language_names_all_its_months() -> None:
    tables = MONTHS | LOCAL_MONTHS
    assert {language: len(names.split()) for language, names in tables.items() if len(names.split()) != 12} == {}
    assert len(tables) == len(MONTHS) + len(LOCAL_MONTHS) >= 100


@pytest.mark.parametrize("language", [*MONTHS, *LOCAL_MONTHS])
def test_every_listed_month_name_is_read_as_its_month(language: str) -> None:
    for number, names in enumerate((MONTHS | LOCAL_MONTHS)[language].split(), 1):
        name = names.split("|")[0].replace("_", " ")
        found = parse_instant(f"17 {name} 2023", language=language, timezone="UTC", now=NOW)
        assert found is not None, name
        assert (found.utc.month, found.utc.day) == (number, 17), name


def test_the_leap_days_of_other_calendars() -> None:
    assert gregorian(Calendar.JALALI, 1403, 12, 30) == datetime(2025, 3, 20).date()
    assert gregorian(Calendar.JALALI, 1402, 12, 30) is None
    assert gregorian(Calendar.ETHIOPIAN, 2015, 13, 6) == datetime(2023, 9, 11).date()
    assert gregorian(Calendar.ETHIOPIAN, 2016, 13, 6) is None
    assert gregorian(Calendar.NEPALI, 2082, 1, 1) == datetime(2025, 4, 14).date()
    assert gregorian(Calendar.NEPALI, 2083, 1, 1) is None


_INSTANTS = st.datetimes(datetime(1995, 1, 1), datetime(2037, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
_OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
_ZONES = st.sampled_from(sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")))


@given(_INSTANTS, _OFFSETS)
def test_an_instant_written_with_its_offset_comes_back(moment: datetime, offset: timezone) -> None:
    local = moment.astimezone(offset)
    javascript = local.strftime("%a %b %d %Y %H:%M:%S GMT%z (Somewhere Time)")
    for raw in (
        local.isoformat(),
        email.utils.format_datetime(local),
        javascript,
        local.strftime("%d %B %Y, %I:%M:%S %p UTC%z"),
    ):
        found = parse_instant(raw, language="en", now=moment)
        assert found is not None, raw
        assert found.utc == moment, raw


@settings(max_examples=150, deadline=None)
@given(
    _INSTANTS,
    _ZONES,
    st.sampled_from(["%d %B %Y %H:%M", "%B %d, %Y %I:%M %p", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%a %d %b %Y at %H:%M"]),
)
def test_a_local_time_comes_back_in_its_zone_or_is_flagged(moment: datetime, zone: str, form: str) -> None:
    local = moment.replace(second=0).astimezone(ZoneInfo(zone))
    assume(local.utcoffset() is not None and not local.utcoffset() % timedelta(minutes=1))  # type: ignore[operator]
    found = parse_instant(local.strftime(form), language="en", timezone=zone, now=moment)
    assert found is not None
    assert found.utc == moment.replace(second=0) or found.flags == ("date.dst_overlap",)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_no_text_makes_the_reader_fail(text: str) -> None:
    for language in ("en", "th", None):
        parse_instant(text, language=language, timezone="Asia/Bangkok", now=NOW)


def test_dates_written_by_software_need_no_dateparser() -> None:
    code = (
        "import sys; from datetime import datetime, UTC; from pipelines.normalizers.dates import parse_instant;"
        "now = datetime(2024, 2, 28, tzinfo=UTC);"
        "assert parse_instant('2024-02-27T21:46:00+01:00', now=now) and parse_instant('Tue, 27 Feb 2024 21:46:05 GMT', now=now);"
        "assert 'dateparser' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_language_without_our_own_names_is_left_to_dateparser_and_checked() -> None:
    found = parse_instant("27 Februar 2024 21:46", language="gsw", timezone="Europe/Zurich", now=NOW)
    assert found is not None
    assert (found.utc, found.zone_source) == (datetime(2024, 2, 27, 20, 46, tzinfo=UTC), ZoneSource.PUBLISHER)
    assert parse_instant("27 Personen in 2024", language="gsw", now=NOW) is None
