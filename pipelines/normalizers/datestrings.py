"""Dates as people write them, in the world's languages: labels, months by name or number, clocks, calendars, zones in words.

`read_text` gives every date of a text with what its label says it is. It reads what is written in full; what is garbled,
impossible or could be two days gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from pipelines.normalizers.calendars import JAPANESE_ERAS, Calendar, gregorian
from pipelines.normalizers.labels import segments
from pipelines.normalizers.lexicon import DAY_PART_CHARS, LETTERS, MONTH_CHARS, is_known, month_of
from pipelines.normalizers.notdates import (
    has_months,
    has_other_numbers,
    is_first_of_days,
    is_in_prose,
    is_last_of_days,
    is_no_dateline,
    is_span,
)
from pipelines.normalizers.orders import numeric_days, year_of
from pipelines.normalizers.readings import PUBLISHED, Reading
from pipelines.normalizers.tagging import TIME_CHARS, TIME_WORD, ZONE_CHARS, Clock, Tagged, hour_by_part, tag, tag_late_clocks
from pipelines.normalizers.zones import Place
from pipelines.values import Precision

# A dateline is short; what is longer is prose, and only its beginning can be one.
_LONGEST_TEXT = 300
_DATE = "\ue2ff"
# A word after a time: in a language without a table it may be the afternoon's.
_AFTER = re.compile(rf" ?{LETTERS}")
# A site that leaves the year out means the last months; and it may be ahead of us by a zone.
_YEARLESS_AGE, _AHEAD = timedelta(days=300), timedelta(days=2)

_S = r"[\s,./|()'\"_-]*"
_Y = r"(?P<y>\d{4}|'?\d\d(?![\d:.]?\d))(?!\d)"
_Y4 = r"(?P<y>\d{3,4})(?!\d)"
_D = r"(?<!\d)(?P<d>\d{1,2})(?!\d)[°º]?"
_M = f"(?P<m>{MONTH_CHARS})"
_T = f"(?:{TIME_CHARS}|{ZONE_CHARS}|[\ue200-\ue204])"
_NAMED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_D}{_S}{_M}{_S}(?<!\d){_Y}",
        rf"{_M}{_S}{_D}{_S}(?<!\d){_Y4}",
        rf"(?<!\d){_Y4}{_S}{_M}{_S}{_D}",
        rf"(?<!\d){_Y4}{_S}{_D}{_S}{_M}",
        rf"{_M}{_S}{_D}{_S}(?:{_T}{_S})+(?<!\d){_Y4}",
        rf"{_D}{_S}{_M}{_S}(?:{_T}{_S})+(?<!\d){_Y4}",
    )
)
_YEARLESS = tuple(re.compile(pattern) for pattern in (rf"{_D}{_S}{_M}", rf"{_M}{_S}{_D}(?![\s]?-)"))
_MONTH_YEAR = tuple(re.compile(pattern) for pattern in (rf"(?<!\d)(?<!\d[ .]){_M}{_S}(?<!\d){_Y4}", rf"(?<!\d){_Y4}{_S}{_M}"))
_DAY_NUMBER = re.compile(r"(?<![\d.,:])(?:0?[1-9]|[12]\d|3[01])(?![\d.,:]\d|\d)")
_ERA = re.compile(
    rf"(?P<era>{'|'.join(JAPANESE_ERAS)})\.? ?(?P<y>元|\d{{1,2}})[年 ./-]*(?P<m>{MONTH_CHARS}|\d{{1,2}}(?=[ ./-]))[ ./-]*(?P<d>\d{{1,2}})(?!\d)"
)
# Until 1872 Japan counted by the moon. Source: the National Diet Library's era table.
_FIRST_SOLAR_YEAR = 1873
_ERA_NAME = re.compile(f"{'|'.join(era for era in JAPANESE_ERAS if len(era) > 1)}|民[國国]")
_MINGUO = re.compile(
    rf"(?:民[國国]|中華民國|주체|juche) ?(?P<y>\d{{2,3}})[ ./-]*(?P<m>{MONTH_CHARS}|\d{{1,2}})[ ./-]*(?P<d>\d{{1,2}})(?!\d)"
)
_NUMERIC = re.compile(
    r"(?<![\d$€£₹¥#v+-])(?<!\d[.,:/ -])(?P<a>\d{1,4})(?P<s1> ?[-./|] ?)(?P<b>\d{1,2})(?P<s2> ?[-./|] ?)(?P<c>\d{1,4})(?!\d)"
    r"(?! ?[%$€£₹])(?![-./,:]\d|[-_][^\W\d_])"
)
_TIME_OF_DAY = re.compile(rf"{TIME_CHARS}|{TIME_WORD} ?\d{{1,2}}[.]\d\d")
_NUMERIC_YEARLESS = re.compile(
    rf"(?<![\d.,:/$€£₹¥#v-])(?<!{TIME_WORD} )(?<!{TIME_WORD})(?P<a>\d{{1,2}})(?P<s>[-/]|\. ?)(?P<b>\d{{1,2}})(?![\d%])(?!\.? ?[-./:]\d)"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A date found in tagged text, and where it stood."""

    day: date
    precision: Precision
    start: int
    end: int
    is_yearless: bool = False


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
    if not all(clock.is_possible for clock in tagged.clocks):
        return []
    found = _find_dates(tagged.text, place, now)
    readings = [replace(_with_clock(tagged, each, place), is_yearless=each.is_yearless) for each in found]
    if len(readings) < 2:
        return readings
    first, second = readings[0], readings[1]
    if first.wall.date() == second.wall.date():
        return [second if first.precision is Precision.DAY else first]
    return [first, replace(second, field="dateModified")] if first.wall < second.wall else []


def _find_dates(text: str, place: Place, now: datetime) -> list[_Found]:
    """The complete dates of the text; an incomplete one only where there is no complete one, possible or not."""
    for finder in (_eras, _named, _numeric, _yearless, _month_year):
        found = list(finder(text, place, now))
        days = [each for each in found if each is not None and not is_last_of_days(text, each.start)]
        if found:
            return _without_spans(text, sorted(days, key=lambda each: each.start))
    return []


def _without_spans(text: str, days: list[_Found]) -> list[_Found]:
    """The dates, or none where the first two are the ends of a span."""
    spans = len(days) > 1 and days[0].day != days[1].day and is_span(text[days[0].end : days[1].start])
    return [] if spans else days


def _eras(text: str, place: Place, now: datetime) -> Iterator[_Found | None]:
    """The dates counted by eras; None for an era's name without one, which no other reading may save."""
    if _ERA_NAME.search(text):
        yield None
    for found in _ERA.finditer(text):
        if len(found["era"]) > 1 or place.language == "ja":
            year = JAPANESE_ERAS[found["era"]] + (1 if found["y"] == "元" else int(found["y"]))
            if year < _FIRST_SOLAR_YEAR:
                continue
            yield _day_found(Calendar.GREGORIAN, year, _month_number(found["m"]), int(found["d"]), found)
    for found in _MINGUO.finditer(text):
        yield _day_found(Calendar.MINGUO, int(found["y"]), _month_number(found["m"]), int(found["d"]), found)


def _named(text: str, place: Place, now: datetime) -> Iterator[_Found | None]:
    taken: list[tuple[int, int]] = []
    for pattern in _NAMED:
        for found in pattern.finditer(text):
            if any(found.start() < end and start < found.end() for start, end in taken):
                continue
            calendar, month = month_of(found["m"])
            dated = year_of(found["y"].lstrip("'"), calendar, place, now)
            if dated is None:
                continue
            taken.append(found.span())
            if dated[0] is not Calendar.HIJRI:
                yield _day_found(*dated, month, int(found["d"]), found)


def _numeric(text: str, place: Place, now: datetime) -> Iterator[_Found | None]:
    if has_other_numbers(text):
        return
    for found in _NUMERIC.finditer(text):
        if (len(found["a"]) == 3 and place.country != "TW") or len(found["c"]) == 3:
            continue
        separators = found["s1"].strip() + found["s2"].strip()
        if "|" in separators and len(found["c"]) != 4:
            continue
        days = numeric_days(found["a"], found["b"], found["c"], separators, place, now)
        yield _Found(days, Precision.DAY, *found.span()) if days else None


def _yearless(text: str, place: Place, now: datetime) -> Iterator[_Found | None]:
    """A day and a month without a year: the latest such day up to two days from now, if that is not long ago."""
    if re.search(r"(?<!\d)\d{4}(?!\d)", text):
        return
    for pattern in _YEARLESS:
        for found in pattern.finditer(text):
            calendar, month = month_of(found["m"])
            if calendar is Calendar.GREGORIAN:
                alone = not is_in_prose(text, found.end()) and not is_first_of_days(text, found.end())
                yield _latest(month, int(found["d"]), found, now) if alone else None
                return
    if not _TIME_OF_DAY.search(text) or has_other_numbers(text):
        return
    for found in _NUMERIC_YEARLESS.finditer(text):
        day = numeric_days("", found["a"], found["b"], found["s"], place, now)
        yield _latest(day.month, day.day, found, now) if day else None


def _month_year(text: str, place: Place, now: datetime) -> Iterator[_Found | None]:
    """A month of a year, where no other number can be its day: "31, Thursday, October 2019"."""
    if re.search(TIME_CHARS, text) or _DAY_NUMBER.search(text) or has_months(text):
        return
    for pattern in _MONTH_YEAR:
        for found in pattern.finditer(text):
            calendar, month = month_of(found["m"])
            if calendar is Calendar.GREGORIAN and 1800 <= int(found["y"]) <= now.year + 1:
                yield _Found(date(int(found["y"]), month, 1), Precision.MONTH, *found.span())
                return


def _latest(month: int, day: int, found: re.Match[str], now: datetime) -> _Found | None:
    newest, oldest = now.date() + _AHEAD, now.date() - _YEARLESS_AGE
    for year in (now.year + 1, now.year, now.year - 1):
        which = gregorian(Calendar.GREGORIAN, year, month, day)
        if which and which <= newest:
            return _Found(which, Precision.DAY, *found.span(), is_yearless=True) if which >= oldest else None
    return None


def _day_found(calendar: Calendar, year: int, month: int, day: int, found: re.Match[str]) -> _Found | None:
    which = gregorian(calendar, year, month, day)
    return _Found(which, Precision.DAY, *found.span()) if which else None


def _month_number(text: str) -> int:
    return int(text) if text.isdigit() else month_of(text)[1]


def _with_clock(tagged: Tagged, found: _Found, place: Place) -> Reading:
    """The reading of a found date with the time of day nearest after it, else before it, and that time's zone."""
    midnight = datetime(found.day.year, found.day.month, found.day.day)
    inside = tagged.text[found.start : found.end]
    kept = "".join(re.findall(_T, inside))
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
