"""Conflicts among a page's candidates for the publication: false offsets, and the last change given out as the publication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from pipelines.normalizers.candidates import Candidate, agreeing, contradicts, is_rival, is_unmarked_utc
from pipelines.normalizers.labels import segments
from pipelines.normalizers.readings import MODIFIED, Instant
from pipelines.normalizers.zones import Place, offsets_at
from pipelines.values import DateSource, Precision, ZoneSource

CONFLICT = "date.conflict"

# Sources of one article that lie farther apart than this speak of different events.
_FAR_APART = timedelta(days=1)
# How far clocks stand from UTC, and the step in which they do (tzdata, since 1972 but for a few).
_WESTMOST, _EASTMOST, _STEP = timedelta(hours=-12), timedelta(hours=14), timedelta(minutes=15)
# What a reader of the page is shown as its date.
_SHOWN = (DateSource.TIME_TAG, DateSource.VISIBLE)
_WHOLE_DAYS = (Precision.DAY, Precision.MONTH)


def is_far(one: Candidate, other: Candidate) -> bool:
    """True for instants a day apart, or where one is a bare day in an unknown zone, a day and the widest offset."""
    slack = _EASTMOST if one.instant.is_day or other.instant.is_day else timedelta(0)
    return abs(one.instant.utc - other.instant.utc) > _FAR_APART + slack


def refuse_false_offsets(rivals: Sequence[Candidate], candidates: Sequence[Candidate], place: Place, flags: list[str]) -> None:
    """Refuse UTC readings whose clock time stands elsewhere as local time, and local ones that are what is shown, in UTC.

    The page wrote its own time with a Z, or UTC without one. Of all `candidates`, what such a source gives in the same way is refused, too.
    """
    timed = [each for each in rivals if not each.instant.is_day]
    marked = [each for each in timed if any(contradicts(other, each, place) for other in timed)]
    bare = [each for each in timed if any(is_unmarked_utc(each, other, place) for other in timed)]
    for each in marked:
        each.refuse("its UTC mark is contradicted: another source gives this clock time with its own zone")
    for each in bare:
        each.refuse("it is in UTC without saying so: the page shows the local time of this instant")
    ways = {_way(each.clue.source, each.instant) for each in (*marked, *bare)} - {None}
    for each in candidates:
        if each.found and not each.refused and not each.clue.is_shown and (way := _way(each.clue.source, each.instant)) in ways:
            is_marked = way == (each.clue.source, ZoneSource.OFFSET)
            each.refuse("its source marks local time as UTC" if is_marked else "its source gives UTC without saying so")
    if ways:
        _note(flags)


def _way(source: DateSource, instant: Instant) -> tuple[DateSource, ZoneSource] | None:
    """How a source tells the zone of a time; None for what no false zone can have: a bare day, an offset other than UTC's."""
    if instant.is_day or (instant.zone_source is ZoneSource.OFFSET and instant.offset):
        return None
    return source, instant.zone_source


def refuse_revisions(candidates: Sequence[Candidate], modified: Sequence[Candidate], place: Place, flags: list[str]) -> None:
    """Refuse what may be the last change's time where the page shows its reader an earlier publication or last change.

    Two kinds may be: a meta tag that does not say which date it gives, and one time that a source gives for both fields
    while the shown line says that the page was changed.
    """
    shown = [each for each in candidates if each.clue.source in _SHOWN]
    changed = [each for each in modified if each.clue.source in _SHOWN]
    for each in candidates:
        if each.clue.source in _SHOWN:
            continue
        if each.clue.is_generic:
            witnesses = [*shown, *changed]
        elif _is_both(each, modified):
            witnesses = [line for line in shown if any(field == MODIFIED for field, _ in segments(line.clue.raw))]
        else:
            continue
        if any(_precedes(witness, each, place) for witness in witnesses):
            each.refuse("later than the date that the page shows: the last change's")
            _note(flags)


def by_agreement(best: Candidate, candidates: Sequence[Candidate], flags: list[str]) -> Candidate:
    """Of readings a false offset apart that no zone settles, the one that more sources give; the best one on a tie."""
    rivals = [each for each in candidates if is_rival(each, best)]
    if not rivals:
        return best
    _note(flags)
    winner = max([best, *rivals], key=lambda each: len(agreeing(each, candidates)))
    if winner is not best:
        winner.why = "two sources agree on it"
        best.why = "the same clock time with another offset, which more sources give, was taken"
    return winner


def _note(flags: list[str]) -> None:
    if CONFLICT not in flags:
        flags.append(CONFLICT)


def _is_both(published: Candidate, modified: Sequence[Candidate]) -> bool:
    """Whether a source gives one time for the publication and the last change."""
    return any(each.clue.source is published.clue.source and each.instant.utc == published.instant.utc for each in modified)


def _precedes(witness: Candidate, accused: Candidate, place: Place) -> bool:
    """Whether a shown date is of an earlier day than a candidate, wherever the publisher's clocks stand."""
    reading = witness.instant.reading
    if accused.instant.is_day or reading is None:
        return witness.instant.wall.date() < accused.instant.wall.date()
    moment = accused.instant.utc.astimezone(UTC).replace(tzinfo=None)
    if reading.precision in _WHOLE_DAYS:
        return witness.instant.wall.date() < _earliest_day(moment, place)
    ahead = reading.wall - moment
    is_same = _WESTMOST <= ahead <= _EASTMOST and min(ahead % _STEP, -ahead % _STEP) < timedelta(minutes=1)
    return not is_same and reading.wall.date() < accused.instant.wall.date()


def _earliest_day(moment: datetime, place: Place) -> date:
    """The first day that a moment in UTC can be of at the place."""
    return (moment + min(offsets_at(moment.replace(tzinfo=UTC), place), default=_WESTMOST)).date()
