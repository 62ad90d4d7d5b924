"""Alarms: a publisher whose pages differ from what they used to be, more than they ever did by themselves.

Shares (a field filled, pages that are articles) are compared by the beta-binomial distribution: the baseline counts as at most
BASELINE pages, so that a site whose shares wander from day to day is not alarming. Lengths, junk and lags are compared by the
median and its usual spread (median absolute deviation) over earlier runs; silence with the same hours of earlier weeks.
tests/test_alarms.py simulates publisher-years of normal variation: less than one false alarm in a publisher-month is the limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from math import exp, lgamma, log
from statistics import mean, median
from typing import Final

from pipelines.vitals import FIELDS, MISSING, Vitals

# Pages that are needed to say anything: of late, and before.
RECENT_PAGES: Final = 8
BASELINE_PAGES: Final = 30
# How many pages a baseline counts as at most, and what is too unlikely to be chance.
BASELINE: Final = 40
UNLIKELY: Final = 1e-4
# A share that falls by less is no alarm, however certain it is.
LEAST_FALL: Final = 0.3
# Spreads of the medians of earlier runs, and the least spread that is believed.
SPREADS: Final = 6.0
LEAST_SPREAD: Final = {"words": 0.15, "junk": 0.03, "lag_minutes": 20.0}
LEAST_CHANGE: Final = {"words": log(2), "junk": 0.2, "lag_minutes": 30.0}
# Silence: longer than ever, in hours in which the weeks before brought this many articles, two weeks at least.
EXPECTED: Final = 10.0
LEAST_SILENCE: Final = timedelta(hours=6)
LEAST_WEEKS: Final = 2
_WEEKS: Final = 4
# A pause that is longer than the longest by no more is an ordinary one: timers are late by minutes.
LATE: Final = timedelta(hours=1)
# Of the recent articles, so many in markup not seen before are a site that was built anew.
NEW_LAYOUTS: Final = 0.8
REBUILT: Final = "the site was built anew"
# The same alarm again only after this time.
REPEAT: Final = timedelta(hours=24)

_CAUSES: Final = {
    "http_status": "the site refuses the pages, or their addresses changed",
    "robots": "robots.txt forbids the pages now",
    "fetch": "the host cannot be reached",
    "no_article": "a redesign, or pages that only a browser's scripts fill",
    "too_short": "a redesign, a paywall or a consent wall",
    "timeout": "the pages became too heavy",
    "memory": "the pages became too heavy",
    "truncated": "the host breaks off its answers",
    "consent": "a consent wall",
    "captcha": "a captcha: the site takes the crawler for an attack",
    "login": "a login wall",
}
_FIELD_CAUSES: Final = {
    "datePublished": "the form or the place of the date changed",
    "headline": "a redesign",
    "authors": "the form or the place of the byline changed",
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """What differs at a publisher, the likely cause, and the address of a page that shows it (null for silence).

    `kind` is articles, filled.<field>, words, junk, lag_minutes or silence.
    """

    publisher: str
    kind: str
    detail: str
    cause: str
    url: str | None = None

    def __str__(self) -> str:
        example = f", for instance {self.url}" if self.url else ""
        return f"{self.publisher}: {self.detail}; likely {self.cause}{example}"


def alarms(past: Sequence[Vitals], now: datetime) -> list[Alarm]:
    """The alarms that the newest of a publisher's vitals raises; `past` is in order of time, the newest last.

    Nothing is said while there is too little to compare.
    """
    if not past:
        return []
    cut = _recent(past)
    before, recent = past[:cut], past[cut:]
    found: list[Alarm] = []
    if past[-1].pages and sum(map(_pages, recent)) >= RECENT_PAGES and sum(map(_pages, before)) >= BASELINE_PAGES:
        found += [*_articles(before, recent), *_filled(before, recent)]
        found += [alarm for name in ("words", "junk") if (alarm := _level(name, before, recent))]
        found += filter(None, [_level("lag_minutes", before, _prompt(before, recent))])
        if _is_rebuilt(before, recent):
            found = [replace(alarm, cause=f"{REBUILT}: {alarm.cause}") for alarm in found]
    return [*_silence(past, now), *found]


def _is_rebuilt(before: Sequence[Vitals], recent: Sequence[Vitals]) -> bool:
    """Whether nearly all recent articles stand in markup that no earlier one stood in.

    That alone is no alarm: sites that name their classes anew with every release change it without harm.
    """
    known = {layout for run in before for layout in run.layouts}
    layouts = Counter[str]()
    for run in recent:
        layouts.update(run.layouts)
    new = sum(count for layout, count in layouts.items() if layout not in known)
    return bool(known and layouts) and new >= NEW_LAYOUTS * layouts.total()


def _prompt(before: Sequence[Vitals], recent: Sequence[Vitals]) -> list[Vitals]:
    """The recent runs without those that came after a pause longer than any before: what waited so long is old for that reason.

    A host that was down and pages that could not be read for days tell nothing of the form of a site's dates.
    """
    brought = [run for run in (*before, *recent) if run.articles]
    pauses = [(later, later.started - earlier.started) for earlier, later in pairwise(brought)]
    longest = max((pause for run, pause in pauses if run.started < recent[0].started), default=timedelta.max)
    late = {run.started for run, pause in pauses if pause > longest + LATE}
    return [run for run in recent if run.started not in late]


def _recent(past: Sequence[Vitals]) -> int:
    """Where the runs begin that hold the newest pages: enough of them to compare, in few runs if they are large."""
    pages, cut = 0, len(past)
    while cut and pages < RECENT_PAGES:
        cut -= 1
        pages += past[cut].pages
    return cut


def _pages(vitals: Vitals) -> int:
    return vitals.pages


def _articles_of(vitals: Vitals) -> int:
    return vitals.articles


def _filled_with(name: str) -> Callable[[Vitals], int]:
    return lambda vitals: vitals.filled.get(name, 0)


def _articles(before: Sequence[Vitals], recent: Sequence[Vitals]) -> Iterator[Alarm]:
    share = _Share.of(before, recent, _articles_of, _pages)
    if not share.fell:
        return
    reasons = Counter[str]()
    for run in recent:
        reasons.update(run.rejected)
    reason = reasons.most_common(1)[0][0]
    cause = _CAUSES.get(reason, "a change of the site")
    detail = f"{share.now:.0%} of {share.size} pages are articles, it used to be {share.usual:.0%}; most are {reason}"
    yield Alarm(recent[-1].publisher, "articles", detail, cause, _example(recent, reason))


def _filled(before: Sequence[Vitals], recent: Sequence[Vitals]) -> Iterator[Alarm]:
    for name in FIELDS:
        share = _Share.of(before, recent, _filled_with(name), _articles_of)
        if share.size >= RECENT_PAGES and share.fell:
            detail = f"{name} is filled in {share.now:.0%} of {share.size} articles, it used to be {share.usual:.0%}"
            cause = _FIELD_CAUSES.get(name, "a redesign")
            yield Alarm(recent[-1].publisher, f"filled.{name}", detail, cause, _example(recent, f"{MISSING}{name}"))


def _level(name: str, before: Sequence[Vitals], recent: Sequence[Vitals]) -> Alarm | None:
    """An alarm where a median left the range of the earlier runs' medians."""
    scale = _logarithm if name == "words" else float
    old = [scale(value) for run in before if (value := getattr(run, name)) is not None]
    new = [scale(value) for run in recent if (value := getattr(run, name)) is not None]
    if len(old) < 5 or not new or sum(run.articles for run in recent) < RECENT_PAGES:
        return None
    usual, level = median(old), median(new)
    # 1.4826 makes the median absolute deviation a standard deviation where values are spread normally.
    spread = max(1.4826 * median(abs(value - usual) for value in old), LEAST_SPREAD[name])
    furthest = max(abs(value - usual) for value in old)
    if abs(level - usual) < max(SPREADS * spread, LEAST_CHANGE[name], furthest):
        return None
    if name == "junk" and level < usual:
        return None
    return Alarm(
        recent[-1].publisher, name, _LEVELS[name](usual, level), _level_cause(name, usual, level), _example(recent, "article")
    )


_LEVELS: Final[dict[str, Callable[[float, float], str]]] = {
    "words": lambda usual, now: f"articles have {exp(now):.0f} words, they used to have {exp(usual):.0f}",
    "junk": lambda usual, now: f"cleaning removes {now:.0%} of the text, it used to be {usual:.0%}",
    "lag_minutes": lambda usual, now: f"articles are {now:.0f} minutes old when they are fetched, it used to be {usual:.0f}",
}


def _level_cause(name: str, usual: float, now: float) -> str:
    if name == "lag_minutes":
        steps = (now - usual) / 30
        is_zone = abs(steps - round(steps)) < 0.2 and abs(now - usual) <= 14 * 60
        return "the zone of its dates changed" if is_zone else "the form of its dates changed, or it publishes otherwise"
    if name == "junk":
        return "a redesign, or new furniture in the text"
    return "a paywall or a redesign that cuts the text" if now < usual else "a redesign that lets furniture into the text"


def _silence(past: Sequence[Vitals], now: datetime) -> Iterator[Alarm]:
    """An alarm for a publisher that brings nothing, longer than ever, in hours of the week that used to bring articles."""
    runs = [run for run in past if run.articles]
    if len(runs) < 2 or past[-1].articles:
        return
    longest = max(later.started - earlier.started for earlier, later in pairwise(runs))
    silence = now - runs[-1].started
    usual = [_articles_between(runs, now - silence - week, now - week) for week in _weeks(runs, now - silence)]
    if (
        silence > max(longest, LEAST_SILENCE)
        and len(usual) >= LEAST_WEEKS
        and mean(usual) >= EXPECTED
        and min(usual) >= EXPECTED / 3
    ):
        hours, before = (span.total_seconds() / 3600 for span in (silence, longest))
        detail = f"no article for {hours:.0f} hours, in which it used to bring {mean(usual):.0f}; the longest silence was {before:.0f}"
        yield Alarm(past[-1].publisher, "silence", detail, "dead or moved listings")


def _weeks(runs: Sequence[Vitals], since: datetime) -> Iterator[timedelta]:
    """One week, two and so on, as far back as the same hours were seen whole."""
    number = 1
    while number <= _WEEKS and since - timedelta(weeks=number) >= runs[0].started:
        yield timedelta(weeks=number)
        number += 1


def _articles_between(runs: Sequence[Vitals], start: datetime, end: datetime) -> int:
    return sum(run.articles for run in runs if start < run.started <= end)


@dataclass(frozen=True, slots=True)
class _Share:
    """A share of late among `size`, and what it was before."""

    now: float
    usual: float
    size: int
    chance: float

    @classmethod
    def of(
        cls, before: Sequence[Vitals], recent: Sequence[Vitals], part: Callable[[Vitals], int], whole: Callable[[Vitals], int]
    ) -> _Share:
        old_part, old_whole, new_part, new_whole = (
            sum(map(count, runs)) for runs in (before, recent) for count in (part, whole)
        )
        usual = (old_part + 0.5) / (old_whole + 1)
        weight = min(old_whole, BASELINE) + 1
        chance = beta_binomial(new_part, new_whole, usual * weight, (1 - usual) * weight)
        return cls(new_part / new_whole if new_whole else 0.0, usual, new_whole, chance)

    @property
    def fell(self) -> bool:
        return self.size > 0 and self.usual - self.now >= LEAST_FALL and self.chance < UNLIKELY


def beta_binomial(successes: int, trials: int, alpha: float, beta: float) -> float:
    """The probability of at most this many successes, their share being spread as Beta(alpha, beta)."""
    start = _log_beta(alpha, beta)
    return sum(
        exp(lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1) + _log_beta(k + alpha, trials - k + beta) - start)
        for k in range(successes + 1)
    )


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _logarithm(value: float) -> float:
    return log(max(value, 1.0))


def _example(recent: Sequence[Vitals], name: str) -> str | None:
    return next((run.examples[name] for run in reversed(recent) if name in run.examples), None)
