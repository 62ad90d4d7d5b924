"""What `scrapy dates --explain` prints: each reading of a text, the rule that gave its zone, and why it was chosen or refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from pipelines.evidence import Dates
from pipelines.learnt import offset_name
from pipelines.normalizers.instants import parse_instants
from pipelines.normalizers.readings import Instant
from pipelines.normalizers.zones import Place, home_zone, place_of
from pipelines.publishers import Publisher
from pipelines.values import DateEvidence, Precision, ZoneSource

_FORMS: Final = {
    Precision.SECOND: "%Y-%m-%d %H:%M:%S",
    Precision.MINUTE: "%Y-%m-%d %H:%M",
    Precision.HOUR: "%Y-%m-%d %H h",
    Precision.DAY: "%Y-%m-%d",
    Precision.MONTH: "%Y-%m",
}
_FLAGS: Final = {
    "date.dst_gap": "the zone's clocks skipped this time: it is read by the offset before the change",
    "date.dst_overlap": "the zone's clocks showed this time twice: it is read as the first of the two",
    "date.no_zone": "a time whose zone is not known is no instant: only its day is kept",
}


def explanation(raw: str, dates: Dates, publisher: Publisher, now: datetime) -> Iterator[str]:
    """Lines of plain text for a person: the place, every candidate, the answer. `dates` is what `resolve_text` gave."""
    place = place_of(publisher.language, publisher.country, publisher.timezone)
    instants = parse_instants(raw, place, now=now)
    yield f"text        {raw}"
    yield f"read for    {_place(place)}; now is {_utc(now)}"
    for number, each in enumerate(dates.evidence, 1):
        yield ""
        yield f"{number}. {each.field}"
        instant = next((instant for instant in instants if _utc(instant.utc) == each.utc), None)
        yield from (f"   {label:<8} {text}" for label, text in _steps(each, instant, place))
    yield ""
    yield f"published   {_answer(dates)}"
    yield f"modified    {_utc(dates.modified) if dates.modified else 'null'}"
    for flag in dates.flags:
        yield f"flag        {flag}{': ' + _FLAGS[flag] if flag in _FLAGS else ''}"


def _steps(each: DateEvidence, instant: Instant | None, place: Place) -> Iterator[tuple[str, str]]:
    if instant is None or instant.reading is None:
        yield "refused", each.why
        return
    reading = instant.reading
    counted = "counted back from now, " if reading.is_relative else "on the text's own clock, "
    yield "read", f"{reading.wall.strftime(_FORMS[reading.precision])}, {counted}to the {reading.precision}"
    if reading.field:
        yield "label", f"the text calls it {'published' if reading.field == 'datePublished' else 'modified'}"
    yield "zone", _zone_rule(instant, place)
    yield "instant", f"{_utc(instant.utc)}, to the {instant.precision}"
    yield "chosen" if each.chosen else "refused", each.why


def _zone_rule(instant: Instant, place: Place) -> str:
    """The rule that gave the zone, in the order in which the rules are asked."""
    reading, offset = instant.reading, offset_name(int(instant.offset.total_seconds()) // 60)
    assert reading is not None
    if "date.no_zone" in instant.flags:
        ambiguous = f"{reading.zone} has several meanings and the place does not say which"
        unknown = "the text names none and the place has not one alone"
        return f"{ambiguous if reading.zone else unknown}: the time is refused, the day kept"
    if reading.is_relative and reading.offset is not None:
        return "none is needed"
    if instant.zone_source is ZoneSource.OFFSET:
        return f"1, the text's own: {offset}" if instant.offset or reading.zone else "1, the text's own: UTC"
    if instant.zone_source is ZoneSource.ABBREVIATION:
        return f"2, the text's {reading.zone} as {place.country or 'every country'} means it: {offset}"
    if instant.zone_source is ZoneSource.PUBLISHER:
        return f"3, the publisher's {place.timezone}: {offset} then"
    if instant.zone_source is ZoneSource.COUNTRY:
        home = home_zone(reading.wall, place)
        return f"4, all of {place.country} shows this time alike ({home[0] if home else ''}): {offset} then"
    return "5, none is known: a bare day begins at midnight UTC"


def _answer(dates: Dates) -> str:
    if dates.published is None or dates.local is None:
        return "null"
    return f"{_utc(dates.published)} ({dates.local.isoformat()}), to the {dates.precision}, confidence {dates.confidence:.2f}"


def _place(place: Place) -> str:
    known = {"language": place.language, "country": place.country, "zone": place.timezone}
    named = ", ".join(f"{name} {value}" for name, value in known.items() if value)
    return named or "no place: language, country and zone are unknown"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
