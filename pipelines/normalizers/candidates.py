"""Candidate: one clue's answer for one field, and how two candidates stand to each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, timedelta

from pipelines.evidence import DateClue
from pipelines.normalizers.lexicon import is_default_formatted
from pipelines.normalizers.readings import Instant
from pipelines.normalizers.zones import Place, home_zone, offsets_at
from pipelines.values import DateEvidence, DateSource, Precision, ZoneSource

# The farthest two zones lie apart from UTC, and the step in which zones differ from one another.
_FARTHEST_OFFSET, _OFFSET_STEP = timedelta(hours=14), timedelta(minutes=30)
_LONGEST_RAW = 300


@dataclass(slots=True)
class Candidate:
    """One clue's answer for one field: the instant it gives, or why it gives none."""

    clue: DateClue
    field: str
    found: Instant | None
    why: str = ""
    refused: bool = False
    chosen: bool = False

    @property
    def instant(self) -> Instant:
        """The instant of a candidate that is known to have one."""
        assert self.found is not None
        return self.found

    def refuse(self, why: str) -> None:
        self.why, self.refused = why, True

    def evidence(self) -> DateEvidence:
        """The candidate as the contract's dateEvidence has it."""
        return DateEvidence(
            field=self.field,
            raw=self.clue.raw[:_LONGEST_RAW],
            source=self.clue.source,
            zoneSource=self.found.zone_source if self.found else None,
            utc=self.found.utc.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if self.found else None,
            precision=self.found.precision if self.found else None,
            chosen=self.chosen,
            why=self.why,
        )


def usable(candidates: Iterable[Candidate], field: str, order: list[DateSource]) -> list[Candidate]:
    """A field's candidates that give an instant and are not refused, by the sources' order, in page order within one.

    Of visible lines those with a time come first: a bare day above them is often today's, in the site's head.
    """
    kept = [each for each in candidates if each.field == field and each.found and not each.refused]
    return sorted(
        kept, key=lambda each: (order.index(each.clue.source), each.clue.source is DateSource.VISIBLE and each.instant.is_day)
    )


def agrees(one: Candidate, other: Candidate) -> bool:
    """True if two candidates give the same minute, or both the same bare day."""
    if other.instant.is_day:
        return one.instant.is_day and one.instant.wall.date() == other.instant.wall.date()
    return not one.instant.is_day and abs(one.instant.utc - other.instant.utc) < timedelta(minutes=1)


def agreeing(candidate: Candidate, others: Iterable[Candidate]) -> set[DateSource]:
    """The sources, the candidate's own among them, that give its instant."""
    return {candidate.clue.source} | {each.clue.source for each in others if agrees(each, candidate)}


def is_rival(one: Candidate, other: Candidate) -> bool:
    """True for two times that a false offset alone could set apart."""
    if one.instant.is_day or other.instant.is_day:
        return False
    both_exact = one.instant.precision is other.instant.precision is Precision.SECOND
    return _is_offset_apart(one.instant.utc - other.instant.utc, timedelta(seconds=1 if both_exact else 60))


def is_within(timed: Candidate, day: Candidate) -> bool:
    """True if a time lies in the day of another candidate, by its own clock or by the day's zone."""
    return day.instant.wall.date() in (timed.instant.wall.date(), (timed.instant.utc + day.instant.offset).date())


def contradicts(witness: Candidate, accused: Candidate, place: Place) -> bool:
    """True if the witness shows that the accused, a reading in UTC, is local time marked as UTC.

    Either it gives the same clock time with its own zone, or visibly as local time, and the publisher's zone, where known,
    bears it out; or it gives the instant whose local time there is what the accused calls UTC, and not the other way round.
    """
    one, other = witness.instant, accused.instant
    if other.offset or other.zone_source is not ZoneSource.OFFSET or not is_rival(witness, accused):
        return False
    offsets = offsets_at(one.utc, place)
    if one.wall.replace(second=0) != other.wall.replace(second=0):
        ahead = other.utc - one.utc
        return ahead in offsets and -ahead not in offsets
    home = home_zone(one.utc.replace(tzinfo=None), place)
    return bool(one.offset) and _is_local(witness, place) and (home is None or one.offset in offsets)


def is_unmarked_utc(accused: Candidate, witness: Candidate, place: Place) -> bool:
    """True if the accused, a machine's time without an offset, gives in UTC the very minute that the page shows as local time."""
    one, other = witness.instant, accused.instant
    if accused.clue.is_shown or other.zone_source not in (ZoneSource.PUBLISHER, ZoneSource.COUNTRY):
        return False
    in_utc = (one.wall - one.offset).replace(second=0)
    return bool(one.offset) and witness.clue.is_shown and other.wall.replace(second=0) == in_utc and _is_local(witness, place)


def _is_local(witness: Candidate, place: Place) -> bool:
    """Whether a time is local beyond doubt: it names its zone, or a reader is shown it as people there write times."""
    if witness.instant.zone_source in (ZoneSource.OFFSET, ZoneSource.ABBREVIATION):
        return True
    is_shown = witness.clue.is_shown or witness.clue.source is DateSource.FRONT_MATTER
    return is_shown and not is_default_formatted(witness.clue.raw, place.language)


def _is_offset_apart(apart: timedelta, tolerance: timedelta) -> bool:
    """True for a difference that two zones can have, within the exactness of the less exact reading."""
    steps = round(abs(apart) / _OFFSET_STEP)
    return steps > 0 and steps * _OFFSET_STEP <= _FARTHEST_OFFSET and abs(abs(apart) - steps * _OFFSET_STEP) < tolerance
