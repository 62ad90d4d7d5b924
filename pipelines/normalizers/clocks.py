"""Clocks: what one page shows of its publisher's zone, from which many pages' zone is learnt.

Two things tell: a time with an explicit offset that is not zero, and a pair, a moment known in UTC beside the clock time
that the page prints for it. A page that marks UTC alone, or prints one clock time for both, tells nothing: servers write
UTC everywhere. Nothing is taken from relative times, nor from a zone that the publisher's file or country gave a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from pipelines.items import ClockSample
from pipelines.normalizers.candidates import Candidate
from pipelines.normalizers.readings import MODIFIED, PUBLISHED
from pipelines.values import Precision, ZoneSource

OFFSET, PAIR = "offset", "pair"

# Zones stand on whole quarters of an hour, from 12 hours behind UTC to 14 ahead (tzdata, since 1972 but for a few).
_STEP_MIN, _WESTMOST_MIN, _EASTMOST_MIN = 15, -12 * 60, 14 * 60
_MINUTE = timedelta(minutes=1)
_EXACT = (Precision.SECOND, Precision.MINUTE)
_LONGEST_RAW = 120


def clock_of(candidates: Iterable[Candidate]) -> ClockSample | None:
    """The page's sample: of its published times, else of its modified ones; None where they show nothing or disagree.

    A refused candidate shows nothing: a time after the fetch, or one that another source contradicts, is a false clock.
    """
    usable = [each for each in candidates if each.found and not each.refused and not _is_relative(each)]
    for field in (PUBLISHED, MODIFIED):
        if samples := _samples([each for each in usable if each.field == field]):
            return samples[0] if len({sample.offset_minutes for sample in samples}) == 1 else None
    return None


def _samples(candidates: list[Candidate]) -> list[ClockSample]:
    """What one field's candidates show: explicit offsets first, then pairs."""
    aware = [each for each in candidates if each.instant.zone_source is ZoneSource.OFFSET and not each.instant.is_day]
    clocks = [(each, wall) for each in candidates if (wall := _printed(each)) is not None]
    explicit = [_sample(each.instant.utc, each.instant.offset, OFFSET, each.clue.raw) for each in aware]
    pairs = [
        _sample(each.instant.utc, apart, PAIR, f"{each.clue.raw} | {clock.clue.raw}")
        for each in aware
        for clock, wall in clocks
        if (apart := _apart(each, wall)) is not None
    ]
    return [sample for sample in (*explicit, *pairs) if sample is not None]


def _sample(utc: datetime, offset: timedelta, how: str, raw: str) -> ClockSample | None:
    minutes, rest = divmod(offset, _MINUTE)
    if rest or not minutes or minutes % _STEP_MIN or not _WESTMOST_MIN <= minutes <= _EASTMOST_MIN:
        return None
    return ClockSample(utc, minutes, how, raw[:_LONGEST_RAW])


def _printed(candidate: Candidate) -> datetime | None:
    """The clock time of a candidate that states no offset, as it was written; whatever zone it was read in later."""
    reading = candidate.instant.reading
    if reading is None or candidate.instant.zone_source is ZoneSource.OFFSET or reading.precision not in _EXACT:
        return None
    return reading.wall if reading.offset is None else None


def _apart(aware: Candidate, wall: datetime) -> timedelta | None:
    """How far a printed clock is ahead of a moment in UTC, in whole minutes; None where both show seconds that differ."""
    if aware.instant.precision not in _EXACT:
        return None
    utc = aware.instant.utc.astimezone(UTC).replace(tzinfo=None)
    if utc.second and wall.second and utc.second != wall.second:
        return None
    return wall.replace(second=0) - utc.replace(second=0)


def _is_relative(candidate: Candidate) -> bool:
    return candidate.instant.reading is not None and candidate.instant.reading.is_relative
