"""Dates as software writes them: ISO 8601 in all its forms, RFC 2822, epochs, JavaScript, Java, C, logs, PDF, EXIF.

`read_iso` is the fast path that nearly every page ends on; the other forms are tried in turn on what is left.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from pipelines.normalizers.abbreviations import ABBREVIATIONS
from pipelines.normalizers.readings import Reading
from pipelines.values import Precision

# A year before it is of another calendar.
_FIRST_YEAR = 1800
_EPOCH = datetime(1970, 1, 1)
# An epoch number is believed from 9 September 2001 (ten digits of seconds) to a day past now: phone numbers lie mostly later.
_EPOCH_FIRST_S = 1_000_000_000
_EPOCH_UNITS = {10: 1, 13: 1_000, 16: 1_000_000, 19: 1_000_000_000}

# No clock was ever farther from UTC than Manila's before 1844 (tzdb), in whole hours.
_LAST_OFFSET_H = 15
_NO_ZONE = "?"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Of any other word before a date ("Updated 13 Aug 2025 08:03 UTC") software is not the writer.
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}"
_ZONE = r"(?P<zone>Z|[+-]\d{1,2}(?::?\d{2})?|(?-i:[A-Z]{2,5})(?![A-Za-z/]))"

_ISO_FAST = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
_ISO = re.compile(
    r"(?:\+?00)?(?P<year>\d{4})(?:-?W(?P<week>\d\d)(?:-?(?P<weekday>[1-7]))?|-(?P<ordinal>\d{3})|(?P<yearday>\d{3})(?!\d)|(?P<dash>-?)(?P<month>\d\d)"
    r"(?:(?P=dash)(?P<day>\d\d))?)"
    r"(?:(?:[T_]|\s+(?:at\s+)?|,\s*)(?P<hour>\d\d)(?:(?P<colon>[:.-]?)(?P<minute>\d\d)(?:(?P=colon)(?P<second>\d\d)(?:[.,:]\d+)?|[.,](?P<parts>\d{1,9}))?|[.,](?P<tenths>\d))?)?"
    rf"\s*(?:(?:GMT|UTC) ?(?=[+-]))?{_ZONE}?(?:\s*(?:(?-i:[A-Z]{{2,5}}(?![A-Za-z/]))|\([^()]*\)|m=[+-][\d.]+)){{0,4}}(?:\s*\[?(?P<iana>(?<![A-Za-z])[A-Z]\w+(?:/[\w+-]+)+)\]?(?:\[.*\])?)?(?P<bare>\[[A-Z]\w+\])?",
    re.I,
)
_RFC2822 = re.compile(
    rf"(?:{_WEEKDAY}\.?,?\s+)?(?P<day>\d{{1,2}})[ -](?P<name>[a-z]{{3,9}})\.?[ -](?P<year>\d{{4}}|\d{{2}}),?\s+"
    rf"(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?\s*{_ZONE}(?:\s*\(.*\))?",
    re.I,
)
_JAVASCRIPT = re.compile(
    rf"{_WEEKDAY},?\s+(?P<name>[a-z]{{3,9}})\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})\s+(?P<hour>\d{{1,2}}):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d))?(?:\s+(?P<zone>(?:GMT|UTC)?[+-]\d{4}|GMT|UTC|Z)?(?:\s*\(.*\)?)?)?",
    re.I,
)
_JAVA = re.compile(
    rf"{_WEEKDAY}\s+(?P<name>[a-z]{{3}})\s+(?P<day>\d{{1,2}})\s+(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)\s+"
    rf"(?:{_ZONE}\s+)?(?P<year>\d{{4}})",
    re.I,
)
_LOG = re.compile(
    rf"\[?(?P<day>\d\d)/(?P<name>[a-z]{{3}})/(?P<year>\d{{4}}):(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)\s*{_ZONE}\]?",
    re.I,
)
_PDF = re.compile(
    r"D:(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?P<zone>Z|[+-]\d\d'?\d\d)?'?0*'?"
)
_EXIF = re.compile(
    r"(?P<year>\d{4}):(?P<month>\d\d):(?P<day>\d\d) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.\d+)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?"
)
_COMPACT = re.compile(r"(?P<year>20\d\d|19\d\d)(?P<month>\d\d)(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?")
_ASP_NET = re.compile(r"\\?/?Date\((-?\d+)(?:[+-]\d{4})?\)\\?/?")
_NUMBER = re.compile(r"@?(\d{10}|\d{13}|\d{16}|\d{19})(?:\.\d+)?")
_WRAPPED = re.compile(r"^(?:datetime|content|value|date)\s*=\s*|^[\"'\[(]+|[\"')\]>;]+$|^new Date\(", re.I)


def read_iso(raw: str) -> Reading | None:
    """The reading of an ISO 8601 date with a time in its common form, in microseconds; None for everything else."""
    if not _ISO_FAST.fullmatch(raw):
        return None
    try:
        parsed = datetime.fromisoformat(raw)
    except ValueError:
        return None
    precision = Precision.SECOND if raw[16:17] == ":" else Precision.MINUTE
    return Reading(parsed.replace(tzinfo=None, microsecond=0), precision, parsed.utcoffset())


def read_machine(raw: str, now: datetime) -> Reading | None:
    """The reading of a date in any form of software, or None. `now` bounds epochs and two-digit years."""
    text = _unwrap(raw)
    for pattern, read in _FORMS:
        if found := pattern.fullmatch(text):
            reading = read(found, now)
            return reading if reading is None or (_is_known(reading.zone) and reading.wall.year >= _FIRST_YEAR) else None
    return None


def is_broken_machine(raw: str) -> bool:
    """True for a string that has ISO's shape and no meaning, such as 2025-08-13T25:61:00Z: no other reading may save it."""
    return bool(re.match(r"(?:1[89]|20)\d\d-(?:\d\d-\d\dT|\d{2,3}-\d{2,3}$|W\d)", raw.strip()))


def _is_known(zone: str | None) -> bool:
    return zone is None or "/" in zone or zone in ABBREVIATIONS


def _unwrap(raw: str) -> str:
    text = raw.strip().replace("\u2212", "-").replace("%2B", "+").replace("%3A", ":")
    while (bare := _WRAPPED.sub("", text)) != text and "[" not in text:
        text = bare.strip()
    # A plus sign that a URL decoder turned into a space.
    return re.sub(r"(T\d\d:\d\d:\d\d(?:\.\d+)?) (\d\d:?\d\d)$", r"\1+\2", text)


def _read_iso_form(found: re.Match[str], now: datetime) -> Reading | None:
    """Calendar, week and ordinal dates; `2025-08` is a month, `202508` nothing; a zone in brackets as RFC 9557 has it."""
    part = found.groupdict()
    if (part["week"] and not part["weekday"]) or (part["month"] and not part["day"] and (not part["dash"] or part["hour"])):
        return None
    day = _iso_day(part)
    if part["yearday"] and not 1990 <= int(part["year"]) <= now.year + 1:
        return None
    if day is None or (part["zone"] and not part["hour"] and part["zone"].isalpha() and len(part["zone"]) > 1):
        return None
    reading = _at(day, part)
    if reading is None or (part["month"] and not part["day"]):
        return reading and replace(reading, precision=Precision.MONTH)
    if part["iana"] and reading.offset is None:
        return replace(reading, zone=part["iana"])
    return reading


def _iso_day(part: dict[str, str | None]) -> date | None:
    year = int(part["year"] or 0)
    try:
        if part["week"]:
            return date.fromisocalendar(year, int(part["week"]), int(part["weekday"] or 1))
        if ordinal := part["ordinal"] or part["yearday"]:
            day = date(year, 1, 1) + timedelta(days=int(ordinal) - 1)
            return day if day.year == year else None
        return date(year, int(part["month"] or 0), int(part["day"] or 1))
    except (ValueError, OverflowError):
        return None


def _read_named(found: re.Match[str], now: datetime) -> Reading | None:
    """A form with an English month name; RFC 822's two-digit years are of this century up to next year.

    RFC 822's zone names are believed in a date with its weekday, and in Java's form, which prints no others unasked.
    """
    part = found.groupdict()
    name = part["name"][:3].lower()
    if name not in _MONTHS:
        return None
    year = int(part["year"])
    if year < 100:
        year += 2000 if year <= now.year % 100 + 1 else 1900
    try:
        reading = _at(date(year, _MONTHS.index(name) + 1, int(part["day"])), part)
    except ValueError:
        return None
    return reading and replace(reading, rfc822=bool(found.re is _JAVA or re.match(r"[A-Za-z]{3,9},", found[0])))


def _read_numbered(found: re.Match[str], now: datetime) -> Reading | None:
    part = found.groupdict()
    try:
        return _at(date(int(part["year"]), int(part["month"]), int(part["day"])), part)
    except ValueError:
        return None


def _read_epoch(found: re.Match[str], now: datetime) -> Reading | None:
    number = int(found[1])
    return _epoch_reading(number / _EPOCH_UNITS[len(found[1])], now)


def _read_asp_net(found: re.Match[str], now: datetime) -> Reading | None:
    """Milliseconds; the offset of the old form only says how to show them."""
    return _epoch_reading(int(found[1]) / 1000, now)


def _epoch_reading(seconds: float, now: datetime) -> Reading | None:
    if not _EPOCH_FIRST_S <= seconds <= (now - _EPOCH.replace(tzinfo=UTC)).total_seconds() + 86_400:
        return None
    return Reading(_EPOCH + timedelta(seconds=int(seconds)), Precision.SECOND, timedelta(0))


def _at(day: date, part: dict[str, str | None]) -> Reading | None:
    """The reading of a day and the time parts of a match: 24:00 is the next day's midnight, a leap second the next minute."""
    offset, zone = _offset_of(part.get("zone"))
    if not part["hour"]:
        # Behind a day alone a sign and digits without a colon are a number's: 2025-08-13-001.
        if offset is not None and part["zone"] and not re.search(r"[A-Z:]", part["zone"], re.I):
            return None
        return Reading(datetime(day.year, day.month, day.day), Precision.DAY, offset, zone)
    hour, minute, second = int(part["hour"]), int(part["minute"] or 0), int(part["second"] or 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        return None
    # ISO 8601 allows a fraction of the last element given: 08:03,5 is 08:03:30.
    second += int(60 * float(f"0.{part['parts']}")) if part.get("parts") else 0
    minute += 6 * int(part["tenths"] or 0) if part.get("tenths") else 0
    precision = (
        Precision.SECOND
        if part["second"] or part.get("parts")
        else Precision.MINUTE
        if part["minute"] or minute
        else Precision.HOUR
    )
    wall = datetime(day.year, day.month, day.day) + timedelta(hours=hour, minutes=minute, seconds=second)
    return Reading(wall, precision, offset, zone)


def _offset_of(zone: str | None) -> tuple[timedelta | None, str | None]:
    """An explicit offset, or a zone's name in capitals; at most one of the two. An offset that no place has is an unknown name."""
    if not zone:
        return None, None
    if zone[-1].isalpha():
        name = zone.upper()
        return (timedelta(0), None) if name in ("Z", "UTC", "GMT", "UT") else (None, name)
    digits = re.sub(r"\D", "", zone)
    hours, minutes = (digits, "0") if len(digits) < 3 else (digits[:-2], digits[-2:])
    if int(hours) > _LAST_OFFSET_H or int(minutes) > 59:
        return None, _NO_ZONE
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return (-offset if "-" in zone else offset), None


_Form = Callable[[re.Match[str], datetime], Reading | None]
_FORMS: tuple[tuple[re.Pattern[str], _Form], ...] = (
    (_NUMBER, _read_epoch),
    (_COMPACT, _read_numbered),
    (_ISO, _read_iso_form),
    (_RFC2822, _read_named),
    (_JAVASCRIPT, _read_named),
    (_JAVA, _read_named),
    (_LOG, _read_named),
    (_ASP_NET, _read_asp_net),
    (_PDF, _read_numbered),
    (_EXIF, _read_numbered),
)
