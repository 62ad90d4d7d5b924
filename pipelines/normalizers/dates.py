"""When a page was published and modified: every clue read, every refusal said, exact instants or none.

Confidence is the source's own trust, times the trust in its zone, brought halfway to 1 by each further source that agrees
and lowered by a conflict that evidence settled (_SETTLED), or by one that it did not, a clock change or a refused time (_UNSETTLED):

    confidence = (1 - (1 - source * zone) / 2 ** agreeing) * settled
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from pipelines.evidence import DateClue, Dates
from pipelines.items import ClockSample
from pipelines.normalizers.candidates import Candidate, agreeing, agrees, is_rival, is_within, usable
from pipelines.normalizers.clocks import clock_of
from pipelines.normalizers.conflicts import CONFLICT, by_agreement, is_far, refuse_false_offsets, refuse_revisions
from pipelines.normalizers.instants import parse_instant, parse_instants
from pipelines.normalizers.readings import MODIFIED, PUBLISHED, Instant
from pipelines.normalizers.zones import Place, home_zone, place_of
from pipelines.publishers import Publisher
from pipelines.values import DateSource, ZoneSource

__all__ = ["parse_instant", "resolve", "resolve_text"]

# In order of trust. The order is that of the issue; the figures are judged so that one source with an offset stays under
# 0.95 and two that agree are above it.
SOURCE_TRUST = {
    DateSource.JSONLD: 0.90,
    DateSource.META: 0.88,
    DateSource.DATA_ISLAND: 0.85,
    DateSource.TIME_TAG: 0.82,
    DateSource.FRONT_MATTER: 0.90,
    DateSource.VISIBLE: 0.80,
    DateSource.FEED: 0.75,
    DateSource.SITEMAP: 0.60,
    DateSource.URL: 0.50,
}
ZONE_TRUST = {
    ZoneSource.OFFSET: 1.0,
    ZoneSource.ABBREVIATION: 0.98,
    ZoneSource.PUBLISHER: 0.97,
    ZoneSource.FEED: 0.95,
    ZoneSource.COUNTRY: 0.90,
    ZoneSource.ASSUMED_UTC: 0.80,
}
_SETTLED, _UNSETTLED = 0.9, 0.7
_ORDER = list(SOURCE_TRUST)
_LISTINGS = (DateSource.FEED, DateSource.SITEMAP)

# A clock may run this far ahead of ours before a time counts as later than the fetch.
_CLOCK_SKEW = timedelta(minutes=10)


def resolve(
    clues: Sequence[DateClue],
    publisher: Publisher,
    *,
    language: str | None,
    fetched_at: datetime,
    fetch_known: bool = True,
    refuse_future: bool = True,
) -> Dates:
    """The published and modified instants of a page, with every candidate and why it was chosen or refused.

    `fetched_at` is aware; relative times are read against it, and refused where it is not known when the page was fetched.
    What lies more than ten minutes after it is refused unless `refuse_future` is off. Published is never taken from a
    modified clue.
    """
    host = publisher.hosts[0] if publisher.hosts else None
    place = place_of(language or publisher.language, publisher.country, publisher.timezone, host)
    candidates = [each for clue in clues for each in _candidates(clue, place, publisher, fetched_at)]
    if not fetch_known:
        _refuse_counted(candidates)
    if refuse_future:
        _refuse_future(candidates, fetched_at)
    flags: list[str] = []
    published = _choose_published(candidates, place, flags)
    clock = clock_of(candidates)
    modified = _choose_modified(candidates, published, flags)
    evidence = [each.evidence() for each in candidates]
    if published is None:
        return Dates(
            modified=_utc(modified),
            modified_raw=modified.clue.raw if modified else None,
            evidence=evidence,
            flags=flags,
            clock=clock,
        )
    flags += [flag for flag in published.instant.flags if flag not in flags]
    return Dates(
        published=published.instant.utc,
        local=_local(published.instant, place, clock),
        raw=published.clue.raw,
        precision=published.instant.precision,
        source=published.clue.source,
        zone_source=published.instant.zone_source,
        confidence=_confidence(published, candidates, flags),
        modified=_utc(modified),
        modified_raw=modified.clue.raw if modified else None,
        evidence=evidence,
        flags=flags,
        clock=clock,
    )


def resolve_text(raw: str, publisher: Publisher, *, now: datetime) -> Dates:
    """The instants of one text of unknown origin: published is the one it labels so, else the only one it gives.

    Unlike a page's clue it may lie after `now`.
    """
    clue = DateClue(raw, DateSource.VISIBLE, "text")
    dates = resolve([clue], publisher, language=None, fetched_at=now, refuse_future=False)
    if dates.published is None and dates.modified is not None:
        dates = resolve([replace(clue, field=PUBLISHED)], publisher, language=None, fetched_at=now, refuse_future=False)
    return dates


def _candidates(clue: DateClue, place: Place, publisher: Publisher, fetched_at: datetime) -> Iterator[Candidate]:
    """What one clue says: its own field's instant first, then one that the text labels as the other field."""
    formats = publisher.dates.formats
    instants = parse_instants(clue.raw, place, now=fetched_at, formats=formats)
    if not instants:
        candidate = Candidate(clue, clue.field or PUBLISHED, None)
        candidate.refuse("no date that can be read")
        yield candidate
        return
    if clue.field is not None and not any(each.field in (None, clue.field) for each in instants):
        yield Candidate(clue, clue.field, instants[0])
        return
    seen = set()
    for instant in instants:
        field = instant.field or clue.field or PUBLISHED
        if field not in seen:
            yield Candidate(clue, field, instant)
        seen.add(field)


def _refuse_future(candidates: Iterable[Candidate], fetched_at: datetime) -> None:
    for each in candidates:
        if each.found and each.found.utc > fetched_at + _CLOCK_SKEW:
            each.refuse("later than the fetch")


def _refuse_counted(candidates: Iterable[Candidate]) -> None:
    for each in candidates:
        if each.found and each.found.needs_now:
            each.refuse("counted from the fetch, and when that was is not known")


def _choose_published(candidates: list[Candidate], place: Place, flags: list[str]) -> Candidate | None:
    """The best usable candidate: by trust, a time before a bare day of the same day, and no falsely zoned reading."""
    rivals = usable(candidates, PUBLISHED, _ORDER) or _named_for_hatom(candidates)
    if not rivals:
        return None
    refuse_false_offsets(rivals, candidates, place, flags)
    refuse_revisions(rivals, usable(candidates, MODIFIED, _ORDER), place, flags)
    rivals = usable(rivals, PUBLISHED, _ORDER)
    if not rivals:
        return None
    best = rivals[0]
    if best.instant.is_day:
        best = next((each for each in rivals if not each.instant.is_day and is_within(each, best)), best)
    best = by_agreement(best, rivals, flags)
    best.chosen, best.why = True, f"the most trusted source: {best.clue.source}" if not best.why else best.why
    for each in rivals:
        if not each.why:
            each.why = _why_not(each, best)
            if is_far(each, best) and CONFLICT not in flags:
                flags.append(CONFLICT)
    return best


def _named_for_hatom(candidates: list[Candidate]) -> list[Candidate]:
    """The page's time tags where nothing but their class calls them `updated`: that is what hAtom requires of each post's date.

    http://microformats.org/wiki/hatom: an entry's `updated` is required, `published` is not.
    """
    named = [each for each in usable(candidates, MODIFIED, _ORDER) if each.clue.is_generic]
    if len({each.instant.utc for each in named}) != 1 or len(named) < len(usable(candidates, MODIFIED, _ORDER)):
        return []
    for each in named:
        each.field, each.why = PUBLISHED, ""
    return named


def _choose_modified(candidates: list[Candidate], published: Candidate | None, flags: list[str]) -> Candidate | None:
    """The best modified candidate that is not before the published instant; a bare day only if it is a later day."""
    for each in usable(candidates, MODIFIED, _ORDER):
        instant = each.instant
        if each.clue.is_generic and published is not None and instant.utc == published.instant.utc:
            each.refuse("published's own time, whose element is named as hAtom has it")
        elif published is not None and instant.utc < published.instant.utc:
            each.refuse("earlier than published")
            if not instant.is_day and "date.modified_before_published" not in flags:
                flags.append("date.modified_before_published")
        elif published is not None and each.clue.source in _LISTINGS and instant.utc == published.instant.utc:
            # Atom requires an `updated`, so a feed repeats the publication there; a page that does so means it.
            each.refuse("a listing's repetition of published")
        else:
            each.chosen, each.why = True, f"the most trusted source: {each.clue.source}"
            break
    for each in usable(candidates, MODIFIED, _ORDER):
        each.why = each.why or "a more trusted source gives one"
    return next((each for each in candidates if each.field == MODIFIED and each.chosen), None)


def _why_not(each: Candidate, best: Candidate) -> str:
    if agrees(each, best):
        return "agrees with the chosen one"
    if each.instant.is_day and is_within(best, each):
        return "the same day without a time"
    return "a more trusted source gives another instant"


def _confidence(published: Candidate, candidates: Sequence[Candidate], flags: Sequence[str]) -> float:
    instant = published.instant
    others = usable(candidates, PUBLISHED, _ORDER)
    alone = SOURCE_TRUST[published.clue.source] * ZONE_TRUST[instant.zone_source]
    agreed = 1 - (1 - alone) / 2.0 ** (len(agreeing(published, others)) - 1)
    rivals = any(is_rival(each, published) for each in others)
    settled = _UNSETTLED if rivals or instant.flags else _SETTLED if CONFLICT in flags else 1.0
    return round(agreed * settled, 3)


def _local(instant: Instant, place: Place, clock: ClockSample | None) -> datetime:
    """The instant by the publisher's zone; else by the offset it was written with, or if that is UTC the page's clocks show.

    An offset that is not UTC's is the publisher's own word, and tells more than the language's country.
    """
    if place.of_language and instant.offset:
        return instant.utc.astimezone(timezone(instant.offset))
    home = home_zone(instant.utc.replace(tzinfo=None), place)
    shown = timedelta(minutes=clock.offset_minutes) if clock and clock.utc == instant.utc else timedelta(0)
    return instant.utc.astimezone(home[0] if home else timezone(instant.offset or shown))


def _utc(candidate: Candidate | None) -> datetime | None:
    return candidate.instant.utc if candidate else None
