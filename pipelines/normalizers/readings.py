"""Reading and Instant: what a text says by its own clock, and the moment that this is once its zone is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from pipelines.normalizers.zones import Place, home_zone, irregularity, named_zone
from pipelines.values import Precision, ZoneSource

PUBLISHED, MODIFIED = "datePublished", "dateModified"

# Moments that software writes for a field nobody filled: the epochs of Unix, .NET, NTP, Excel and their first and last days.
_UNSET_DAYS = frozenset(((1, 1, 1), (1899, 12, 30), (1900, 1, 1), (1969, 12, 31), (1970, 1, 1), (9999, 12, 31)))
_FIRST_YEAR, _LAST_YEAR = 1800, 2100
_UTC_NAMES = frozenset(("UTC", "UT", "GMT", "Z"))
_WHOLE_DAYS = (Precision.DAY, Precision.MONTH)


@dataclass(frozen=True, slots=True)
class Reading:
    """A date as written: a naive wall-clock time, how exact it is, and the zone it names, if any.

    `offset` is an explicit one, `zone` an abbreviation or IANA name; `field` is what the text's own label says it is.
    `rfc822` tells that the string has that standard's form, in which its zone names hold; `is_relative` that it was
    counted from now, so that no clock showed it; `is_yearless` that now completed its year.
    """

    wall: datetime
    precision: Precision
    offset: timedelta | None = None
    zone: str | None = None
    field: str | None = None
    rfc822: bool = False
    is_relative: bool = False
    is_yearless: bool = False


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment: aware UTC, how exact, where its zone came from, the offset it was read with, and flags worth a look.

    `reading` is what it was made of: it keeps the time of day that was refused for want of a zone.
    """

    utc: datetime
    precision: Precision
    zone_source: ZoneSource
    offset: timedelta
    field: str | None = None
    flags: tuple[str, ...] = ()
    reading: Reading | None = None

    @property
    def wall(self) -> datetime:
        """The clock reading that was written, naive."""
        return (self.utc + self.offset).replace(tzinfo=None)

    @property
    def is_day(self) -> bool:
        return self.precision in _WHOLE_DAYS

    @property
    def needs_now(self) -> bool:
        """Whether the moment depends on when the text was read: it was counted back, or its year completed, from then."""
        return self.reading is not None and (self.reading.is_relative or self.reading.is_yearless)


def instant_of(reading: Reading, place: Place) -> Instant | None:
    """The moment of a reading at a place, or None for a moment no page can mean.

    A time whose zone cannot be known is refused and its day kept, flagged `date.no_zone`; a bare day is local midnight.
    """
    found = _instant(reading, place)
    return found and replace(found, reading=reading)


def _instant(reading: Reading, place: Place) -> Instant | None:
    wall = reading.wall
    if (wall.year, wall.month, wall.day) in _UNSET_DAYS or not _FIRST_YEAR <= wall.year <= _LAST_YEAR:
        return None
    if reading.offset is not None:
        return _fixed(reading, timezone(reading.offset), ZoneSource.OFFSET)
    if reading.zone is not None:
        zone = named_zone(reading.zone, wall, place, rfc822=reading.rfc822)
        if zone is not None:
            source = ZoneSource.OFFSET if "/" in reading.zone or reading.zone in _UTC_NAMES else ZoneSource.ABBREVIATION
            return _fixed(reading, zone, source)
        return _fixed_day(reading, place)
    home = home_zone(wall, place)
    return _fixed(reading, *home) if home else _fixed_day(reading, place)


def _fixed(reading: Reading, zone: tzinfo, source: ZoneSource) -> Instant | None:
    local = reading.wall.replace(tzinfo=zone)
    offset = local.utcoffset()
    if offset is None:
        return None
    utc = local.astimezone(UTC)
    if utc.timestamp() == 0:
        return None
    flag = irregularity(reading.wall, zone) if reading.offset is None and reading.precision not in _WHOLE_DAYS else None
    return Instant(utc, reading.precision, source, offset, reading.field, (flag,) if flag else ())


def _fixed_day(reading: Reading, place: Place) -> Instant | None:
    """The day of a reading whose zone is not known, at midnight by the place's zone if it has one, else UTC."""
    timeless = reading.precision in _WHOLE_DAYS
    day = replace(
        reading,
        wall=reading.wall.replace(hour=0, minute=0, second=0, microsecond=0),
        precision=reading.precision if timeless else Precision.DAY,
    )
    zone, source = home_zone(day.wall, place) or (UTC, ZoneSource.ASSUMED_UTC)
    fixed = _fixed(day, zone, source)
    return fixed if fixed is None or timeless else replace(fixed, flags=(*fixed.flags, "date.no_zone"))
