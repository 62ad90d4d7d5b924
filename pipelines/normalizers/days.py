"""The days that a tagged text names: by era, by a month's name, by numbers, without a year, or a month alone.

A day that its calendar lacks, or that could be two, is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipelines.normalizers.calendars import JAPANESE_ERAS, Calendar, gregorian
from pipelines.normalizers.lexicon import LETTERS, MONTH_CHARS, month_of
from pipelines.normalizers.notdates import (
    has_months,
    has_other_numbers,
    is_first_of_days,
    is_in_prose,
    is_last_of_days,
    is_span,
)
from pipelines.normalizers.orders import numeric_days, year_of
from pipelines.normalizers.tagging import MARK_CHARS, TIME_CHARS, TIME_WORD
from pipelines.normalizers.zones import Place
from pipelines.values import Precision

# A site that leaves the year out means the last months; and it may be ahead of us by a zone.
_YEARLESS_AGE, _AHEAD = timedelta(days=300), timedelta(days=2)

_S = r"[\s,./|()'\"_-]*"
_Y = r"(?P<y>\d{4}|'?\d\d(?![\d:.]?\d))(?!\d)"
_Y4 = r"(?P<y>\d{3,4})(?!\d)"
_D = r"(?<!\d)(?P<d>\d{1,2})(?!\d)[°º]?"
_M = f"(?P<m>{MONTH_CHARS})"
_NAMED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_D}{_S}{_M}{_S}(?<!\d){_Y}",
        rf"{_M}{_S}{_D}{_S}(?<!\d){_Y4}",
        rf"{_M}{_S}{_D}{_S}'(?P<y>\d\d)(?!\d)",
        rf"{_M}-{_D}-(?P<y>\d\d)(?!\d)",
        rf"(?<!\d){_Y4}{_S}{_M}{_S}{_D}",
        rf"(?<!\d){_Y4}{_S}{_D}{_S}{_M}",
        rf"{_M}{_S}{_D}{_S}(?:{MARK_CHARS}{_S})+(?<!\d){_Y4}",
        rf"{_D}{_S}{_M}{_S}(?:{MARK_CHARS}{_S})+(?<!\d){_Y4}",
    )
)
_YEARLESS = tuple(re.compile(pattern) for pattern in (rf"{_D}{_S}{_M}", rf"{_M}{_S}{_D}(?![\s]?-|[^\W\d_])"))
# What makes of two digits after a month no year but a number of things, "5 November | 12 comments".
_THINGS = re.compile(rf" {LETTERS}")
# Before a word, two digits this near to the present year may be either.
_DOUBTED_YEARS = 10
# What is a year cut short or garbled where a day without a year ends: "Aug 13, 19", "August 13, 2O19".
_CUT_YEAR = re.compile(rf"[ ,]*(?:\d{{5}}|\d{{1,2}}(?![\w:.]| {LETTERS}| ?{MARK_CHARS})|\d+{LETTERS})")
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
    r"(?<![\d$€£₹¥#v+-])(?<!\d[.,:/ -])(?P<a>\d{1,4})(?P<s1> ?[-./|] ?)(?P<b>\d{1,2})(?P<s2> ?[-./|] ?|(?:(?<=/\d)|(?<=/\d\d)) (?=\d{4}))(?P<c>\d{1,4})(?!\d)"
    r"(?! ?[%$€£₹])(?![-./,:]\d|[-_][^\W\d_])"
)
_TIME_OF_DAY = re.compile(rf"{TIME_CHARS}|{TIME_WORD} ?\d{{1,2}}[.]\d\d")
_NUMERIC_YEARLESS = re.compile(
    rf"(?<![\d.,:/$€£₹¥#v-])(?<!{TIME_WORD} )(?<!{TIME_WORD})(?P<a>\d{{1,2}})(?P<s>[-/]|\. ?)(?P<b>\d{{1,2}})(?![\d%])(?!\.? ?[-./:]\d)"
)


@dataclass(frozen=True, slots=True)
class FoundDay:
    """A date found in tagged text, and where it stood."""

    day: date
    precision: Precision
    start: int
    end: int
    is_yearless: bool = False


def find_days(text: str, place: Place, now: datetime) -> list[FoundDay]:
    """The complete dates of the text; an incomplete one only where there is no complete one, possible or not."""
    for finder in (_eras, _named, _numeric, _yearless, _month_year):
        found = list(finder(text, place, now))
        days = [each for each in found if each is not None and not is_last_of_days(text, each.start)]
        if found:
            return _without_spans(text, sorted(days, key=lambda each: each.start))
    return []


def _without_spans(text: str, days: list[FoundDay]) -> list[FoundDay]:
    """The dates, or none where the first two are the ends of a span."""
    spans = len(days) > 1 and days[0].day != days[1].day and is_span(text[days[0].end : days[1].start])
    return [] if spans else days


def _eras(text: str, place: Place, now: datetime) -> Iterator[FoundDay | None]:
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


def _named(text: str, place: Place, now: datetime) -> Iterator[FoundDay | None]:
    taken: list[tuple[int, int]] = []
    for pattern in _NAMED:
        for found in pattern.finditer(text):
            if any(found.start() < end and start < found.end() for start, end in taken):
                continue
            calendar, month = month_of(found["m"])
            if len(found["y"]) == 2 and _THINGS.match(text, found.end()) and (past := now.year % 100 - int(found["y"])):
                if 0 < past < _DOUBTED_YEARS:
                    yield None
                continue
            dated = year_of(found["y"].lstrip("'"), calendar, place, now)
            if dated is None:
                continue
            taken.append(found.span())
            if dated[0] is not Calendar.HIJRI:
                yield _day_found(*dated, month, int(found["d"]), found)


def _numeric(text: str, place: Place, now: datetime) -> Iterator[FoundDay | None]:
    if has_other_numbers(text):
        return
    for found in _NUMERIC.finditer(text):
        if (len(found["a"]) == 3 and place.country != "TW") or len(found["c"]) == 3:
            continue
        separators = found["s1"].strip() + found["s2"].strip()
        if "|" in separators and len(found["c"]) != 4:
            continue
        days = numeric_days(found["a"], found["b"], found["c"], separators, place, now)
        yield FoundDay(days, Precision.DAY, *found.span()) if days else None


def _yearless(text: str, place: Place, now: datetime) -> Iterator[FoundDay | None]:
    """A day and a month without a year: the latest such day up to two days from now, if that is not long ago."""
    if re.search(r"(?<!\d)\d{4}(?!\d)", text):
        return
    for pattern in _YEARLESS:
        for found in pattern.finditer(text):
            calendar, month = month_of(found["m"])
            if calendar is Calendar.GREGORIAN:
                end = found.end()
                alone = not (is_in_prose(text, end) or is_first_of_days(text, end) or _CUT_YEAR.match(text, end))
                yield _latest(month, int(found["d"]), found, now) if alone else None
                return
    if not _TIME_OF_DAY.search(text) or has_other_numbers(text):
        return
    for found in _NUMERIC_YEARLESS.finditer(text):
        day = numeric_days("", found["a"], found["b"], found["s"], place, now)
        yield _latest(day.month, day.day, found, now) if day else None


def _month_year(text: str, place: Place, now: datetime) -> Iterator[FoundDay | None]:
    """A month of a year, where no other number can be its day: "31, Thursday, October 2019"."""
    if re.search(TIME_CHARS, text) or _DAY_NUMBER.search(text) or has_months(text):
        return
    for pattern in _MONTH_YEAR:
        for found in pattern.finditer(text):
            calendar, month = month_of(found["m"])
            if calendar is Calendar.GREGORIAN and 1800 <= int(found["y"]) <= now.year + 1:
                yield FoundDay(date(int(found["y"]), month, 1), Precision.MONTH, *found.span())
                return


def _latest(month: int, day: int, found: re.Match[str], now: datetime) -> FoundDay | None:
    newest, oldest = now.date() + _AHEAD, now.date() - _YEARLESS_AGE
    for year in (now.year + 1, now.year, now.year - 1):
        which = gregorian(Calendar.GREGORIAN, year, month, day)
        if which and which <= newest:
            return FoundDay(which, Precision.DAY, *found.span(), is_yearless=True) if which >= oldest else None
    return None


def _day_found(calendar: Calendar, year: int, month: int, day: int, found: re.Match[str]) -> FoundDay | None:
    which = gregorian(calendar, year, month, day)
    return FoundDay(which, Precision.DAY, *found.span()) if which else None


def _month_number(text: str) -> int:
    return int(text) if text.isdigit() else month_of(text)[1]
