"""Alarms of simulated publishers: quiet through years of normal variation, loud in the next run after a change."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.history.alarms import Alarm, alarms, beta_binomial
from pipelines.vitals import FIELDS, Vitals

START = datetime(2025, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Habit:
    """A publisher as its runs see it: articles a day by day and by night, and what its pages usually are."""

    a_day: float = 30.0
    weekend: float = 0.5
    article: float = 0.9
    filled: float = 0.95
    words: float = 400.0
    junk: float = 0.1
    lag: float = 25.0


def a_run(habit: Habit, now: datetime, hours: float, chance: random.Random) -> Vitals:
    """One run's vitals: every share wanders from day to day as well as from page to page."""
    awake = 1.8 if 7 <= now.hour < 22 else 0.1
    days = habit.weekend if now.weekday() >= 5 else 1.0
    pages = sum(chance.random() < habit.a_day * days * awake * hours / 24 / 100 for _ in range(100))
    day = random.Random(f"{now.date()} {habit}")
    share = min(1.0, max(0.0, habit.article + day.uniform(-0.08, 0.05)))
    articles = sum(chance.random() < share for _ in range(pages))
    filled = {name: sum(chance.random() < habit.filled for _ in range(articles)) for name in FIELDS}
    rejected = {"no_article": pages - articles} if pages > articles else {}
    if not articles:
        return Vitals("stour", now, 0, {}, rejected, examples={"no_article": "https://stour.example/broken"})
    spread = 1 / articles**0.5
    return Vitals(
        "stour", now, articles, filled, rejected,
        words=habit.words * chance.lognormvariate(0, 0.5 * spread), junk=max(0.0, chance.gauss(habit.junk, 0.05 * spread)),
        lag_minutes=habit.lag * chance.lognormvariate(0, 0.8 * spread),
        examples={name: f"https://stour.example/{name}" for name in ("article", "missing.datePublished", "no_article")},
    )  # fmt: skip


def lived(habit: Habit, days: int, every: timedelta, seed: int) -> list[Vitals]:
    chance = random.Random(seed)
    hours = every / HOUR
    return [a_run(habit, START + number * every, hours, chance) for number in range(int(days * 24 / hours))]


def raised(past: list[Vitals], from_run: int) -> list[Alarm]:
    """Every alarm of the runs from this one on, each judged by what was known then; the store keeps sixty days."""
    found = []
    for number in range(from_run, len(past)):
        found += alarms(past[max(0, number - 400) : number + 1], past[number].started)
    return found


HABITS = [Habit(), Habit(a_day=4), Habit(a_day=120, article=0.7, filled=0.6), Habit(a_day=12, weekend=0.05, lag=300.0)]


@pytest.mark.parametrize("habit", HABITS)
def test_normal_variation_raises_less_than_one_alarm_in_a_publisher_month(habit: Habit) -> None:
    months, found = 0, []
    for seed in range(4):
        found += raised(lived(habit, 60, 3 * HOUR, seed), 0)
        months += 2
    assert len(found) < months / 4, [str(alarm) for alarm in found]


CHANGES = [
    (Habit(article=0.0), "articles", "redesign"),
    (Habit(filled=0.1), "filled.datePublished", "date"),
    (Habit(words=60.0), "words", "paywall"),
    (Habit(junk=0.6), "junk", "furniture"),
    (Habit(lag=25.0 + 330), "lag_minutes", "zone"),
]


@pytest.mark.parametrize(("change", "kind", "cause"), CHANGES)
def test_a_change_is_told_in_a_run_that_has_enough_pages_with_its_cause_and_a_page(
    change: Habit, kind: str, cause: str
) -> None:
    past = lived(Habit(), 30, 6 * HOUR, seed=7)
    chance = random.Random(8)
    noon = START + timedelta(days=30, hours=12)
    past.append(a_run(replace(change, a_day=100), noon, 6, chance))
    found = {alarm.kind: alarm for alarm in alarms(past, noon)}
    assert kind in found
    assert cause in found[kind].cause
    assert found[kind].url
    assert found[kind].url in str(found[kind])


def test_pages_that_waited_for_a_host_that_was_down_are_no_sign_of_another_zone() -> None:
    past = lived(Habit(), 30, 6 * HOUR, seed=7)
    back = START + timedelta(days=33, hours=12)
    late = a_run(Habit(a_day=100, lag=25.0 + 330), back, 6, random.Random(8))
    assert [alarm.kind for alarm in alarms([*past, late], back)] == []
    next_day = a_run(Habit(a_day=100, lag=25.0 + 330), back + 6 * HOUR, 6, random.Random(9))
    assert [alarm.kind for alarm in alarms([*past, late, next_day], back + 6 * HOUR)] == ["lag_minutes"]


def test_markup_that_was_never_seen_names_the_cause_and_is_no_alarm_by_itself() -> None:
    past = [replace(run, layouts={"column": run.articles}) for run in lived(Habit(), 30, 6 * HOUR, seed=7)]
    noon, chance = START + timedelta(days=30, hours=12), random.Random(8)
    usual = a_run(Habit(a_day=100), noon, 6, chance)
    assert alarms([*past, replace(usual, layouts={"grid": usual.articles})], noon) == []
    short = a_run(Habit(a_day=100, words=60.0), noon, 6, chance)
    (alarm,) = alarms([*past, replace(short, layouts={"grid": short.articles})], noon)
    assert alarm.cause.startswith("the site was built anew: ")
    (alarm,) = alarms([*past, replace(short, layouts={"column": short.articles})], noon)
    assert "built anew" not in alarm.cause


def test_a_publisher_that_falls_silent_is_told_when_it_is_longer_than_ever() -> None:
    past = lived(Habit(), 30, 3 * HOUR, seed=3)
    told = []
    for hours in range(3, 96, 3):
        now = START + timedelta(days=30, hours=hours)
        past.append(Vitals("stour", now))
        told += [hours] if [alarm for alarm in alarms(past, now) if alarm.kind == "silence"] else []
    assert 9 <= told[0] <= 36
    assert told == list(range(told[0], 96, 3))


def test_a_new_publisher_and_a_handful_of_pages_say_nothing() -> None:
    assert alarms([], START) == []
    assert alarms([Vitals("stour", START, 0, {}, {"no_article": 50})], START) == []
    past = [*lived(Habit(), 30, 6 * HOUR, seed=1), Vitals("stour", START + timedelta(days=30), 0, {}, {"no_article": 1})]
    assert alarms(past, past[-1].started) == []


def test_the_distribution_is_one() -> None:
    assert beta_binomial(10, 10, 3, 2) == pytest.approx(1.0)
    assert beta_binomial(0, 1, 3, 1) == pytest.approx(0.25)
