"""A publisher's zone, inferred from what its pages showed of its clocks: the IANA zone that explains them, and how sure that is.

Of all zones those count that explain the most articles: `zoneinfo` gives a zone the offset that the article showed, at the
article's own moment. Among equals the publisher's country decides, then the country of its host or language; where neither
does, there is no zone but a statement of the offset.

    confidence = share ** 2 * articles / (articles + 1) * certainty

`share` is the part of the articles that the zone explains; a stray agency report costs little, a tenth of strays too much.
`certainty` is 1 if no other zone explains as many, or if the publisher's country decides; HOST_CERTAINTY if the host's or
language's country does; SEASON_CERTAINTY while several zones of that country, which differ at another time of the year, fit
the season seen so far; UNDECIDED if several countries' zones fit and nothing decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from pipelines.store.protocol import ClockCount

# Fewer distinct articles show nothing: one agency's reports, or one day's fault.
MIN_ARTICLES = 5
# From here on times are read with the learnt zone: 5 articles that all agree reach it, whichever country decides; 50 of
# which 4 disagree do too, 50 of which 6 disagree do not.
MIN_CONFIDENCE = 0.78
HOST_CERTAINTY, SEASON_CERTAINTY, UNDECIDED = 0.95, 0.6, 0.5
# The country's own zone is preferred to a stranger that explains this little more: strays fall where they will.
_SLACK = 0.02
# A file's zone is wrong where it leaves so much unexplained that another zone explains.
_DISAGREEMENT, _AGREED_SHARE = 0.1, 0.8
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class LearntZone:
    """What the sightings say. `zone` is None where nothing decides between zones; `offset_minutes` is the commonest offset.

    `share` (0 to 1) is what the zone explains, or the best zone if there is none; `runner_up` the next one, with its share.
    """

    zone: str | None = None
    offset_minutes: int | None = None
    confidence: float = 0.0
    articles: int = 0
    share: float = 0.0
    runner_up: str | None = None
    runner_up_share: float = 0.0

    @property
    def is_sure(self) -> bool:
        """Whether times without a zone may be read with it."""
        return self.zone is not None and self.confidence >= MIN_CONFIDENCE


def infer(
    sightings: Sequence[ClockCount], zones: Mapping[str, str], country: str | None, near: str | None = None
) -> LearntZone:
    """The zone of a publisher. `zones`: every IANA zone to its country, a country's main zone first.

    `country` is what its file says, `near` that of its host or language; ISO 3166-1 codes.
    """
    articles = sum(each.articles for each in sightings)
    if not articles:
        return LearntZone()
    explained = _explained(sightings, zones)
    offset = Counter({each.offset_minutes: 0 for each in sightings})
    for each in sightings:
        offset[each.offset_minutes] += each.articles
    ranked = sorted(explained, key=lambda zone: -explained[zone])
    best = explained[ranked[0]] if ranked else 0
    chosen, certainty = _chosen(explained, best, articles, zones, country, near, _newest(sightings))
    share = (explained[chosen] if chosen else best) / articles
    other = next((zone for zone in ranked if zone != chosen), None)
    sure = articles >= MIN_ARTICLES
    return LearntZone(
        zone=chosen if sure else None,
        offset_minutes=offset.most_common(1)[0][0],
        confidence=round(share**2 * articles / (articles + 1) * certainty, 3) if sure else 0.0,
        articles=articles,
        share=round(share, 3),
        runner_up=other,
        runner_up_share=round(explained[other] / articles, 3) if other else 0.0,
    )


def share_of(zone: str, sightings: Iterable[ClockCount]) -> float:
    """The part of the articles that a zone of any name explains, 0 to 1."""
    seen = list(sightings)
    articles = sum(each.articles for each in seen)
    return sum(each.articles for each in seen if _is_explained(each, zone)) / articles if articles else 0.0


def disagrees(zone: str, sightings: Sequence[ClockCount], learnt: LearntZone) -> bool:
    """Whether enough pages show clocks that a file's zone does not have, and another zone has."""
    enough = learnt.articles >= MIN_ARTICLES and learnt.share >= _AGREED_SHARE
    return enough and share_of(zone, sightings) < learnt.share - _DISAGREEMENT


def unexplained(zone: str, sighting: ClockCount) -> bool:
    """Whether the zone's clocks were not what the sighting shows."""
    return not _is_explained(sighting, zone)


def _explained(sightings: Iterable[ClockCount], zones: Mapping[str, str]) -> dict[str, int]:
    """Zone to the articles that it explains; zones that explain none are left out."""
    names = tuple(zones)
    counts: Counter[str] = Counter()
    for each in sightings:
        fixed, moving = _offsets(each.utc.astimezone(UTC).date(), names)
        for zone in fixed.get(each.offset_minutes, ()):
            counts[zone] += each.articles
        for zone in moving:
            if _is_explained(each, zone):
                counts[zone] += each.articles
    return {zone: counts[zone] for zone in names if counts[zone]}


def _chosen(
    explained: Mapping[str, int],
    best: int,
    articles: int,
    zones: Mapping[str, str],
    country: str | None,
    near: str | None,
    newest: date,
) -> tuple[str | None, float]:
    """The zone that the counts and the countries decide on, and how certain that is."""
    equals = [zone for zone, count in explained.items() if count == best]
    for code, certainty in ((country, 1.0), (near if country is None else None, HOST_CERTAINTY)):
        if code is None:
            continue
        own = {zone: count for zone, count in explained.items() if zones[zone] == code}
        most = max(own.values(), default=0)
        if most and most >= best - _SLACK * articles:
            tied = [zone for zone, count in own.items() if count == most]
            return tied[0], certainty if _is_one_clock(tied, newest) else SEASON_CERTAINTY
    if len(equals) == 1:
        return equals[0], 1.0
    if equals and len({zones[zone] for zone in equals}) == 1 and _is_one_clock(equals, newest):
        return equals[0], 1.0
    return None, UNDECIDED


def _is_one_clock(zones: Sequence[str], newest: date) -> bool:
    """Whether zones show the same time all the year up to a day, by the week."""
    start = datetime(newest.year, newest.month, newest.day, tzinfo=UTC)
    weeks = [start - count * _WEEK for count in range(53)]
    first, *others = ([week.astimezone(ZoneInfo(zone)).utcoffset() for week in weeks] for zone in zones)
    return all(other == first for other in others)


def _newest(sightings: Iterable[ClockCount]) -> date:
    return max(each.utc.astimezone(UTC).date() for each in sightings)


def _is_explained(sighting: ClockCount, zone: str) -> bool:
    return sighting.utc.astimezone(ZoneInfo(zone)).utcoffset() == timedelta(minutes=sighting.offset_minutes)


@lru_cache(maxsize=2048)
def _offsets(day: date, zones: tuple[str, ...]) -> tuple[dict[int, tuple[str, ...]], tuple[str, ...]]:
    """The zones by their offset on a UTC day, and those whose clocks change on it. All publishers share the table of a day."""
    fixed: dict[int, list[str]] = {}
    moving = []
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    end = start + _DAY
    for name in zones:
        zone = ZoneInfo(name)
        before, after = start.astimezone(zone).utcoffset(), end.astimezone(zone).utcoffset()
        if before is None or before != after:
            moving.append(name)
        else:
            fixed.setdefault(int(before.total_seconds()) // 60, []).append(name)
    return {minutes: tuple(names) for minutes, names in fixed.items()}, tuple(moving)
