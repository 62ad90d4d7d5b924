"""What `scrapy memory` shows: publishers with how much is known of them, and one publisher's habits with what they count for."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any, Final

from pipelines.errors import ConfigurationError
from pipelines.habits import ALL, Habit, Habits, Part
from pipelines.history.boilerplate import standing_of
from pipelines.history.boilerplate.standing import MAX_SPREAD
from pipelines.store import Store

PUBLISHER_COLUMNS: Final = {"publisher": "publisher", "articles": "articles", "habits": "habits", "dropped": "dropped"}
COLUMNS: Final = {
    "text": "text",
    "part": "part",
    "layout": "layout",
    "articles": "articles",
    "share": "share",
    "bound": "at least",
    "place": "place",
    "seen": "last seen",
    "drop": "dropped",
}


def publisher_row(publisher: str, habits: Habits, today: str) -> dict[str, Any]:
    """How much is known of a publisher on a day (ISO)."""
    dropped = sum(row["dropped"] for row in habit_rows(habits, today))
    return {"publisher": publisher, "articles": habits.articles.get(ALL, 0), "habits": len(habits.each), "dropped": dropped}


def habit_rows(habits: Habits, today: str) -> list[dict[str, Any]]:
    """A publisher's habits on a day (ISO): those that are dropped first, then those of the most articles."""
    rows = [_row(habit, habits.articles.get(habit.layout, 0), today) for habit in habits.each.values()]
    return sorted(rows, key=lambda row: (not row["dropped"], -row["articles"], row["text"]))


def for_person(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the table shows it: place and verdict in words."""
    return {**row, "layout": row["layout"] or "all", "drop": "yes" if row["dropped"] else f"no: {row['lack']}"}


def remembered(store: Store, publisher: str) -> Habits:
    """What is known of a publisher. Raises ConfigurationError where there is nothing."""
    names = store.remembered()
    if publisher not in names:
        raise ConfigurationError(f"{publisher}: nothing is remembered of it; known are {', '.join(names) or 'none'}")
    return store.habits(publisher)


def _row(habit: Habit, articles: int, today: str) -> dict[str, Any]:
    standing = standing_of(habit, articles, today)
    return {
        "text": habit.text,
        "part": habit.part,
        "layout": habit.layout,
        "articles": habit.articles,
        "of": articles,
        "share": standing.share,
        "bound": standing.bound,
        "place": _place(habit, anywhere=standing.anywhere),
        "days": list(habit.days),
        "contexts": list(habit.contexts),
        "seen": habit.seen,
        "dropped": standing.is_furniture,
        "lack": standing.lack or None,
    }


def _place(habit: Habit, *, anywhere: bool) -> str:
    """Where it stands: `start +2` has two blocks above it on average, `end -0` none below; the steadier end is named."""
    if habit.part is not Part.BLOCK:
        return "headline" if habit.part in (Part.TITLE_PREFIX, Part.TITLE_SUFFIX) else "text"
    start = habit.start_spread <= habit.end_spread
    mean, spread = (habit.from_start, habit.start_spread) if start else (habit.from_end, habit.end_spread)
    if spread > MAX_SPREAD:
        return "anywhere" if anywhere else "moves"
    return f"{'start +' if start else 'end -'}{mean:.0f}{f' ±{sqrt(spread):.1f}' if spread >= 0.01 else ''}"
