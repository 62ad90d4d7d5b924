"""One string to instants: software's forms first, then people's, relative times, and dateparser for the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pipelines.normalizers.abbreviations import ABBREVIATIONS
from pipelines.normalizers.datestrings import read_text
from pipelines.normalizers.fallback import read_with_dateparser
from pipelines.normalizers.machinetimes import is_broken_machine, read_iso, read_machine
from pipelines.normalizers.readings import PUBLISHED, Instant, Reading, instant_of
from pipelines.normalizers.relatives import read_relative, replace_day_word
from pipelines.normalizers.zones import Place, place_of
from pipelines.values import Precision

# A year later than this from now, or before the first, is looked at as another calendar's.
_FIRST_YEAR, _YEARS_AHEAD = 1800, 30


def parse_instant(
    raw: str,
    *,
    language: str | None = None,
    country: str | None = None,
    timezone: str | None = None,
    now: datetime,
    formats: Sequence[str] = (),
) -> Instant | None:
    """The instant that one string gives: its published one if it labels two, else its first; None if it gives none.

    `now` is aware: relative times and missing years are read against it. `formats` are strptime formats tried first.
    """
    instants = parse_instants(raw, place_of(language, country, timezone), now=now, formats=formats)
    return next((each for each in instants if each.field in (None, PUBLISHED)), instants[0] if instants else None)


def parse_instants(raw: str, place: Place, *, now: datetime, formats: Sequence[str] = ()) -> list[Instant]:
    """Every instant of a string in its order; `field` is what the label before it says, or None."""
    iso = read_iso(raw.strip())
    readings = [iso] if iso and _is_of_now(iso, now) else _readings(raw, place, now, formats)
    return [instant for reading in readings if (instant := instant_of(reading, place))]


def _is_of_now(reading: Reading, now: datetime) -> bool:
    """Whether a year can be of the Gregorian calendar's present: 2568 is Thai, 2082 Nepali, 1404 Iranian."""
    return _FIRST_YEAR <= reading.wall.year <= now.year + _YEARS_AHEAD


def _readings(raw: str, place: Place, now: datetime, formats: Sequence[str]) -> list[Reading]:
    if not raw.strip() or len(raw) > 2000:
        return []
    for form in formats:
        if formatted := _read_format(raw, form):
            return [formatted]
    if (machine := read_machine(raw, now)) and _is_of_now(machine, now):
        return [machine]
    if is_broken_machine(raw):
        return []
    if written := read_text(raw, place, now):
        return written
    if relative := read_relative(raw, place, now):
        return [replace(relative, is_relative=True)]
    if with_day := replace_day_word(raw, place, now):
        return [replace(reading, is_relative=True) for reading in read_text(with_day, place, now)]
    other = read_with_dateparser(raw, place, now)
    return [other] if other else []


def _read_format(raw: str, form: str) -> Reading | None:
    """The reading of a text by a publisher's strptime format; its %Z is an abbreviation as `zones` understands it."""
    zone = None
    if "%Z" in form:
        named = re.findall(r"(?<![A-Za-z])[A-Z]{2,5}(?![A-Za-z])", raw)
        zone = next((name for name in reversed(named) if name in ABBREVIATIONS), None)
        if zone is None:
            return None
        raw, form = re.sub(rf"(?<![A-Za-z]){zone}(?![A-Za-z])", "", raw), form.replace("%Z", "")
    try:
        parsed = datetime.strptime(" ".join(raw.split()), " ".join(form.split()))
    except ValueError:
        return None
    if not re.search("%[yYcxDF]", form):
        return None
    return Reading(parsed.replace(tzinfo=None, microsecond=0), _format_precision(form), parsed.utcoffset(), zone)


def _format_precision(form: str) -> Precision:
    if re.search("%[ScXT]", form):
        return Precision.SECOND
    return Precision.MINUTE if "%M" in form else Precision.HOUR if re.search("%[HI]", form) else Precision.DAY
