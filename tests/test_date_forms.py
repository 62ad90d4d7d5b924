"""The property that all dates rest on: an instant written in any supported way comes back, or nothing does; never another instant."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipelines.normalizers.abbreviations import ABBREVIATIONS
from pipelines.normalizers.dates import parse_instant, resolve_text
from pipelines.normalizers.instants import parse_instants
from pipelines.normalizers.months import MONTHS
from pipelines.normalizers.readings import MODIFIED, PUBLISHED
from pipelines.normalizers.zones import country_of_zone, every_zone, place_of
from pipelines.publishers import Publisher
from pipelines.values import Precision

NAMED_ZONES: Final = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
NOW: Final = datetime(2025, 8, 20, tzinfo=UTC)
# Epochs are believed from September 2001 on; the longest tables of zones reach 2037.
MOMENTS = st.datetimes(datetime(2001, 10, 1), datetime(2037, 12, 30), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
ZONES = st.sampled_from(NAMED_ZONES)
STEP: Final = {
    Precision.SECOND: timedelta(seconds=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.HOUR: timedelta(hours=1),
}


def offset_of(local: datetime) -> str:
    return local.strftime("%z")[:3] + ":" + local.strftime("%z")[3:5]


# Ways of software: the offset, or UTC, stands in the text.
SOFTWARE: Final[dict[str, Callable[[datetime], str]]] = {
    "iso": datetime.isoformat,
    "iso basic": lambda local: local.strftime("%Y%m%dT%H%M%S%z"),
    "iso space": lambda local: local.strftime("%Y-%m-%d %H:%M:%S") + f" {offset_of(local)}",
    "iso without colon": lambda local: local.strftime("%Y-%m-%dT%H:%M:%S%z"),
    "iso minutes": lambda local: local.strftime("%Y-%m-%dT%H:%M") + offset_of(local),
    "iso fraction": lambda local: local.strftime("%Y-%m-%dT%H:%M:%S.123456") + offset_of(local),
    "iso zulu": lambda local: local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "iso zulu ms": lambda local: local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    "iso week": lambda local: local.strftime("%G-W%V-%uT%H:%M:%S") + offset_of(local),
    "iso ordinal": lambda local: local.strftime("%Y-%jT%H:%M:%S") + offset_of(local),
    "iso utc name": lambda local: local.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
    "rfc 9557": lambda local: f"{local.isoformat()}[{local.tzinfo}]",
    "rfc 2822": email.utils.format_datetime,
    "rfc 2822 gmt": lambda local: local.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT"),
    "rfc 2822 bare": lambda local: local.strftime("%d %b %Y %H:%M:%S %z"),
    "javascript": lambda local: local.strftime("%a %b %d %Y %H:%M:%S GMT%z (Somewhere Time)"),
    "javascript gmt": lambda local: local.astimezone(UTC).strftime("%a %b %d %Y %H:%M:%S GMT"),
    "c": lambda local: local.astimezone(UTC).strftime("%a %b %d %H:%M:%S UTC %Y"),
    "log": lambda local: local.strftime("[%d/%b/%Y:%H:%M:%S %z]"),
    "pdf": lambda local: f"D:{local.strftime('%Y%m%d%H%M%S')}{local.strftime('%z')[:3]}'{local.strftime('%z')[3:5]}'",
    "epoch": lambda local: str(int(local.timestamp())),
    "epoch ms": lambda local: f"{int(local.timestamp())}000",
    "asp.net": lambda local: f"/Date({int(local.timestamp())}000)/",
}
# Ways of people, in English: the zone is the publisher's, or an offset or abbreviation follows.
PEOPLE: Final = (
    "%d %B %Y %H:%M", "%d %b %Y %H:%M:%S", "%B %d, %Y %I:%M %p", "%b. %d, %Y at %I:%M %p", "%A, %d %B %Y - %H:%M",
    "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%a %d %b %Y at %H:%M", "%b %d %Y | %I:%M %p", "%H:%M, %d %B %Y", "%Y/%m/%d %H:%M:%S",
)  # fmt: skip
LABELS: Final = ("", "Published ", "First Published: ", "Posted on ", "Published: ")


def returned(raw: str, moment: datetime, *, now: datetime | None = None, **place: str | None) -> bool:
    """Whether a text gives the moment back, to the precision that is claimed; nothing, or its flagged day, is no other instant."""
    found = parse_instant(raw, now=now or moment, **place)  # type: ignore[arg-type]
    if found is None:
        return False
    if found.is_day:
        assert abs(found.utc - moment) <= timedelta(days=1, hours=14), (raw, found)
        return False
    if "date.dst_overlap" in found.flags:
        assert abs(found.utc - moment) <= timedelta(hours=2), (raw, found)
        return False
    step = STEP[found.precision]
    assert timedelta(0) <= moment - found.utc < step, (raw, found, moment)
    return True


def local_of(moment: datetime, zone: str) -> datetime:
    """The moment by a zone's clocks; only where they stand on whole minutes, which texts can say."""
    local = moment.astimezone(ZoneInfo(zone))
    offset = local.utcoffset()
    assert offset is not None
    assume(not offset % timedelta(minutes=1))
    return local


@settings(max_examples=400, deadline=None)
@given(MOMENTS, ZONES, st.sampled_from(sorted(SOFTWARE)), st.sampled_from([None, "en", "de", "th", "fa"]), ZONES)
def test_what_software_writes_comes_back_wherever_it_is_read(
    moment: datetime, zone: str, form: str, language: str | None, elsewhere: str
) -> None:
    raw = SOFTWARE[form](local_of(moment, zone))
    assert returned(raw, moment, language=language, timezone=elsewhere), raw


@settings(max_examples=400, deadline=None)
@given(MOMENTS, ZONES, st.sampled_from(PEOPLE), st.sampled_from(LABELS))
def test_what_people_write_comes_back_in_the_publishers_zone(moment: datetime, zone: str, form: str, label: str) -> None:
    local = local_of(moment, zone)
    found = parse_instant(label + local.strftime(form), language="en", timezone=zone, now=moment)
    assert found is not None, local.strftime(form)
    assert returned(label + local.strftime(form), moment, language="en", timezone=zone) or "date.dst_overlap" in found.flags


@settings(max_examples=300, deadline=None)
@given(MOMENTS, ZONES, st.sampled_from(PEOPLE), st.sampled_from(LABELS), ZONES)
def test_an_offset_after_the_time_outweighs_the_publishers_zone(
    moment: datetime, zone: str, form: str, label: str, elsewhere: str
) -> None:
    local = local_of(moment, zone)
    assume(form != "%H:%M, %d %B %Y")
    for mark in (f" {offset_of(local)}", f" UTC{offset_of(local)}", f" GMT{local.strftime('%z')}", f" (UTC{offset_of(local)})"):
        returned(label + local.strftime(form) + mark, moment, language="en", timezone=elsewhere)
    assert returned(label + local.strftime(form) + f" UTC{offset_of(local)}", moment, language="en", timezone=elsewhere)


@settings(max_examples=400, deadline=None)
@given(
    MOMENTS, st.sampled_from(sorted(every_zone())), st.sampled_from(PEOPLE), st.sampled_from(["publisher", "country", "nobody"])
)
def test_an_abbreviation_gives_the_instant_back_or_none(moment: datetime, zone: str, form: str, known: str) -> None:
    """Whoever reads it: with the publisher's zone, with its country alone, or (where all the world agrees) with neither."""
    local = local_of(moment, zone)
    name = local.tzname() or ""
    # A number is no abbreviation, and tzdata's own may be another country's word for another time.
    assume(name.isalpha() and name in ABBREVIATIONS)
    raw = f"{local.strftime(form)} {name}"
    if known == "publisher":
        returned(raw, moment, language="en", timezone=zone)
    elif known == "country":
        returned(raw, moment, language="en", country=country_of_zone(zone))
    elif "*=" in ABBREVIATIONS[name] and " " not in ABBREVIATIONS[name]:
        returned(raw, moment, language="en")


@pytest.mark.parametrize("language", sorted(MONTHS))
@settings(max_examples=12, deadline=None)
@given(moment=MOMENTS, zone=ZONES, shape=st.sampled_from(["{d} {m} {y} {t}", "{d}. {m} {y}, {t}", "{t} {d} {m} {y}"]))
def test_every_languages_months_come_back(language: str, moment: datetime, zone: str, shape: str) -> None:
    local = local_of(moment, zone)
    names = MONTHS[language].split()[local.month - 1].split("|")
    for name in names:
        raw = shape.format(d=local.day, m=name.replace("_", " "), y=local.year, t=local.strftime("%H:%M"))
        returned(raw, moment, language=language, timezone=zone)
    plain = f"{local.day} {names[0].replace('_', ' ')} {local.year} {local.strftime('%H:%M')}"
    found = parse_instant(plain, language=language, timezone=zone, now=moment)
    assert found is not None, plain
    assert found.flags or found.utc == moment.replace(second=0), plain


@settings(max_examples=200, deadline=None)
@given(MOMENTS, ZONES, st.sampled_from(PEOPLE), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_two_labelled_dates_keep_their_fields(moment: datetime, zone: str, form: str, later: timedelta) -> None:
    published, modified = local_of(moment, zone), local_of(moment + timedelta(seconds=int(later.total_seconds())), zone)
    raw = f"Published: {published.strftime(form)} | Updated: {modified.strftime(form)}"
    dates = resolve_text(raw, Publisher(id="a", language="en", timezone=zone), now=moment + timedelta(days=10))
    assume(not any(flag.startswith("date.dst") for flag in dates.flags))
    minute = timedelta(minutes=1)
    assert dates.published is not None, raw
    assert timedelta(0) <= published - dates.published < minute, raw
    if dates.modified is not None:
        assert timedelta(0) <= modified - dates.modified < minute or _is_repeated(modified), raw


@pytest.mark.parametrize("form", ["%d %b %Y %H:%M UTC", "%b %d, %Y %H:%M GMT", "%d %B %Y %H:%M:%S +0000"])
@pytest.mark.parametrize(("label", "field"), [("Updated", MODIFIED), ("Published", PUBLISHED)])
def test_a_label_before_a_form_of_software_is_a_label(label: str, field: str, form: str) -> None:
    [instant] = parse_instants(NOW.strftime(f"{label} {form}"), place_of("en", None, None), now=NOW)
    assert (instant.field, instant.utc) == (field, NOW)


@pytest.mark.parametrize("language", [None, "en", "zh"])
@pytest.mark.parametrize(
    "raw",
    [
        "2025-08-13 08:03 " + "()" * 40 + ")",
        "2025-08-13 08:03 " + "UTC" + "m=+1" * 40 + "!",
        "1/" * 900,
        "Published: 2025-08-13 " * 80,
        "12:12 " * 300,
        "1年1月" * 300,
        "3 hours and " * 150,
    ],
)
def test_no_text_takes_long(raw: str, language: str | None) -> None:
    parse_instant(raw, language=language, timezone="Asia/Kolkata", now=NOW)
    began = time.process_time()
    parse_instant(raw, language=language, timezone="Asia/Kolkata", now=NOW)
    assert time.process_time() - began < 0.05


def _is_repeated(local: datetime) -> bool:
    """Whether the zone's clocks show this time twice; texts cannot say which."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
