"""How sightings add up to a habit: recent articles count more, and what is not seen again fades.

An article counts `FADE ** age`, its age in later articles of the same layout, so that a layout's articles weigh `1 / (1 - FADE)`
= 100 at most, and a habit that ends has lost half of its share 69 articles later.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pipelines.habits import Habit, Habits

FADE = 0.99
# A site that was not crawled for so long may have been rebuilt: its habits count for nothing until they are seen again.
FORGOTTEN_DAYS = 90
# What is kept of days and contexts: enough to tell one, two and several apart.
KEPT_DAYS, KEPT_CONTEXTS = 3, 4
# The position is that of the last twenty articles or so, or an old layout's would outweigh a new one's for a year.
_MIN_GAIN = 0.05


def after(habit: Habit, number: int, *, day: str, context: str, seen: str, from_start: int, from_end: int) -> Habit:
    """The habit after its layout's article `number` showed it, with so many blocks above and below; days are ISO dates."""
    gain = max(1 / (habit.articles + 1), _MIN_GAIN)
    start, start_spread = _moved(habit.from_start, habit.start_spread, from_start, gain)
    end, end_spread = _moved(habit.from_end, habit.end_spread, from_end, gain)
    return Habit(
        habit.key,
        habit.part,
        habit.layout,
        habit.text,
        habit.articles + 1,
        weight_at(habit, number) + 1,
        max(habit.last, number),
        _with(habit.days, day, KEPT_DAYS),
        _with(habit.contexts, context, KEPT_CONTEXTS),
        max(habit.seen, seen),
        start,
        start_spread,
        end,
        end_spread,
    )


def weight_at(habit: Habit, number: int) -> float:
    """What the habit's articles weigh when its layout has so many."""
    return habit.weight * FADE ** max(0, number - habit.last)


def weight_of(articles: int) -> float:
    """What all of a layout's articles weigh."""
    return (1 - FADE**articles) / (1 - FADE)


def share_of(habit: Habit, articles: int) -> float:
    """The part of its layout's recent articles that shows the habit, 0 to 1."""
    return min(1.0, weight_at(habit, articles) / weight_of(articles)) if articles else 0.0


def is_forgotten(habit: Habit, today: str) -> bool:
    """Whether the habit was last seen too long ago; `today` is an ISO date."""
    return (date.fromisoformat(today) - date.fromisoformat(habit.seen)).days > FORGOTTEN_DAYS


def merged(ours: Habits, theirs: Habits) -> Habits:
    """What two stores learnt of one publisher. Counts are the larger of the two, so that merging a copy changes nothing; a share
    is the mean of both, weighed by the articles that each has seen of the layout.
    """
    articles = {
        layout: max(ours.articles.get(layout, 0), theirs.articles.get(layout, 0))
        for layout in {*ours.articles, *theirs.articles}
    }
    keys = dict.fromkeys((*ours.each, *theirs.each))
    return Habits(articles, {key: _joined(ours.each.get(key), theirs.each.get(key), ours, theirs, articles) for key in keys})


def _joined(one: Habit | None, other: Habit | None, ours: Habits, theirs: Habits, articles: Mapping[str, int]) -> Habit:
    """One habit of both; that of the store which has seen more of it says where it stands."""
    known = sorted((habit for habit in (one, other) if habit), key=lambda habit: habit.articles)
    best, layout = known[-1], known[-1].layout
    counts = ours.articles.get(layout, 0), theirs.articles.get(layout, 0)
    weights = [weight_of(count) for count in counts]
    shares = [share_of(habit, count) if habit else 0.0 for habit, count in zip((one, other), counts, strict=True)]
    share = sum(a * b for a, b in zip(shares, weights, strict=True)) / (sum(weights) or 1.0)
    days = dict.fromkeys(day for habit in known for day in habit.days)
    contexts = dict.fromkeys(context for habit in known for context in habit.contexts)
    return best._replace(
        weight=share * weight_of(articles[layout]),
        last=articles[layout],
        days=tuple(days)[:KEPT_DAYS],
        contexts=tuple(contexts)[:KEPT_CONTEXTS],
        seen=max(habit.seen for habit in known),
    )


def _moved(mean: float, variance: float, value: int, gain: float) -> tuple[float, float]:
    """The exponentially weighted mean and variance with one more value (Finch 2009, equations 124 and 143)."""
    step = gain * (value - mean)
    return mean + step, (1 - gain) * (variance + step * (value - mean))


def _with(kept: tuple[str, ...], value: str, most: int) -> tuple[str, ...]:
    return kept if not value or value in kept or len(kept) >= most else (*kept, value)
