"""Dates as people write them, in the world's languages: labels, months by name or number, clocks, calendars, zones in words.

`read_text` gives every date of a text with what its label says it is. It reads what is written in full; what is garbled,
impossible or could be two days gives nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from pipelines.normalizers.days import FoundDay, find_days
from pipelines.normalizers.labels import segments
from pipelines.normalizers.lexicon import DAY_PART_CHARS, LETTERS, is_known
from pipelines.normalizers.notdates import is_no_dateline
from pipelines.normalizers.readings import PUBLISHED, Reading
from pipelines.normalizers.tagging import MARK_CHARS, TIME_CHARS, ZONE_CHARS, Clock, Tagged, hour_by_part, tag, tag_late_clocks
from pipelines.normalizers.zones import Place
from pipelines.values import Precision

# A dateline is short; what is longer is prose, and only its beginning can be one.
_LONGEST_TEXT = 300
_DATE = "\ue2ff"
_LATE_HOUR_PLACES = frozenset(("ja", "ko", "zh", "JP", "KR", "TW", "HK"))
# A word after a time: in a language without a table it may be the afternoon's.
_AFTER = re.compile(rf" ?{LETTERS}")


def read_text(raw: str, place: Place, now: datetime) -> list[Reading]:
    """The dates of a text in its order, each with the field its label names. `now` is aware; it completes missing years."""
    text = raw[:_LONGEST_TEXT]
    if is_no_dateline(text) or not re.search(r"\d|[一二三四五六七八九十\u1369-\u137c]", text):
        return []
    readings: list[Reading] = []
    for field, part in segments(text):
        found = _read_segment(part, place, now)
        if not found and readings:
            found = _read_segment(f"{readings[0].wall.date().isoformat()} {part}", place, now)
            found = [each for each in found if each.precision is not Precision.DAY]
        readings += [replace(reading, field=field) for reading in found]
    return _with_shared_zone([each for each in readings if not _is_told_again(each, readings)])


def _is_told_again(day: Reading, readings: list[Reading]) -> bool:
    """Whether a bare day without a label stands before its own time: "13 August 2025 | Published at 8:03"."""
    return (
        day.precision is Precision.DAY
        and day.field is None
        and any(each.field == PUBLISHED and each.wall.date() == day.wall.date() and each is not day for each in readings)
    )


def _with_shared_zone(readings: list[Reading]) -> list[Reading]:
    """A zone named once holds for every time of the text: "Published 10:00, updated 12:05 ET"."""
    named = {(each.offset, each.zone) for each in readings if each.offset is not None or each.zone}
    if len(named) != 1:
        return readings
    offset, zone = named.pop()
    return [
        each
        if each.precision is Precision.DAY or each.offset is not None or each.zone
        else replace(each, offset=offset, zone=zone)
        for each in readings
    ]


def _read_segment(text: str, place: Place, now: datetime) -> list[Reading]:
    """The dates between two labels: one, or two that agree or follow each other."""
    tagged = tag(text, place.language)
    if not all(clock.is_possible and (clock.hour < 24 or _counts_on(clock, place)) for clock in tagged.clocks):
        return []
    found = find_days(tagged.text, place, now)
    readings = [replace(_with_clock(tagged, each, place), is_yearless=each.is_yearless) for each in found]
    if len(readings) < 2:
        return readings
    first, second = readings[0], readings[1]
    if first.wall.date() == second.wall.date():
        return [second if first.precision is Precision.DAY else first]
    return [first, replace(second, field="dateModified")] if first.wall < second.wall else []


def _with_clock(tagged: Tagged, found: FoundDay, place: Place) -> Reading:
    """The reading of a found date with the time of day nearest after it, else before it, and that time's zone."""
    midnight = datetime(found.day.year, found.day.month, found.day.day)
    inside = tagged.text[found.start : found.end]
    kept = "".join(re.findall(MARK_CHARS, inside))
    text = tag_late_clocks(f"{tagged.text[: found.start]}{_DATE}{kept}{tagged.text[found.end :]}", tagged)
    place_of_date = text.index(_DATE)
    times = [*re.finditer(TIME_CHARS, text[place_of_date:])] or [*re.finditer(TIME_CHARS, text[:place_of_date])][-1:]
    if not times or found.precision is Precision.MONTH:
        return Reading(midnight, found.precision, *_zone_in(tagged, text, place_of_date))
    at = text.index(times[0][0])
    clock = tagged.clock_of(times[0][0])
    hour = hour_by_part(clock.hour, _part_near(text, at))
    if (
        hour is None
        or not clock.is_possible
        or (clock.hour < 13 and not is_known(place.language) and _AFTER.match(text, at + 1))
    ):
        return Reading(midnight, Precision.DAY)
    wall = midnight + timedelta(hours=hour, minutes=clock.minute or 0, seconds=clock.second or 0)
    return Reading(wall, _clock_precision(clock), *_zone_in(tagged, text, at))


def _counts_on(clock: Clock, place: Place) -> bool:
    """Whether an hour from 24 on is one: the day's end, or as East Asia's broadcasters count the hours before dawn."""
    midnight = clock.hour == 24 and not clock.minute and not clock.second
    return midnight or bool({place.language, place.country} & _LATE_HOUR_PLACES)


def _part_near(text: str, at: int) -> str | None:
    """The part of the day right after a time, else right before it."""
    parts = "".join(DAY_PART_CHARS.values())
    found = re.match(rf"[\s,]*(?:uhr|hrs)?[\s,(]*([{parts}])", text[at + 1 :]) or re.search(rf"([{parts}])[\s,:.]*$", text[:at])
    return found[1] if found else None


def _clock_precision(clock: Clock) -> Precision:
    return Precision.HOUR if clock.minute is None else Precision.MINUTE if clock.second is None else Precision.SECOND


def _zone_in(tagged: Tagged, text: str, at: int) -> tuple[timedelta | None, str | None]:
    """The zone named after a time or date, with at most a few signs, a part of the day or one short word between; else before."""
    after = re.match(
        rf"[\s,./|()\[\]\ue200-\ue204-]*(?:uhr|hrs|hours|h|hs|น\.?)?[\s,./|()\[\]-]*({ZONE_CHARS}{{1,2}})", text[at + 1 :]
    )
    if after is None:
        before = re.search(rf"({ZONE_CHARS})[\s,:|()-]*$", text[:at])
        return _zone(tagged.zone_of(before[1])) if before else (None, None)
    return _zone(tagged.zone_of(after[1][-1] if len(after[1]) > 1 and tagged.zone_of(after[1][-1])[0] in "+-" else after[1][0]))


def _zone(name: str) -> tuple[timedelta | None, str | None]:
    if name[0] in "+-":
        offset = timedelta(hours=int(name[1:3]), minutes=int(name[4:6]))
        return (offset if name[0] == "+" else -offset), None
    return None, name
