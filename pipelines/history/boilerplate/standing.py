"""Whether a habit is furniture: the evidence that is asked for, and what is still missing where it is not.

The share of a publisher's recent articles that show a habit is only known as well as there are articles: what counts is the
lower end of its 95 % Wilson interval (`bound`). 12 of 12 articles give .75, 12 of 20 .38, 44 of 44 .90, 65 of 100 .51.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from pipelines.habits import ALL, Habit, Habits, Part, Trace, Traces
from pipelines.history.boilerplate.counting import is_forgotten, share_of, weight_of
from pipelines.history.boilerplate.traces import is_author

# Two to six pages of a site also share real text (measured on the dev pages, docs/architecture.md).
MIN_ARTICLES = 12
# One story fills one day or one section: its background paragraph stands in all that is written of it, and a first crawl may
# begin with it. Where no other day, or no other section or author, is seen, all of 20 articles must show it; of 44 if neither is.
MIN_DAYS, NARROW = 2, 0.8
# By the lower bound of the share. No sentence of its own stands in nine of ten articles of a publisher, wherever it stands.
ANYWHERE, USUAL_PLACE = 0.9, 0.5
# A phrase between separators is no sentence: a third of the articles is enough.
PHRASE = 0.3
# Of one layout's articles. A column has a layout, and an introduction, of its own; furniture stands in several sections.
IN_LAYOUT, MIN_SECTIONS = 0.7, 3
# A usual place varies by little more than one block, and is where the mean says, give or take three blocks.
MAX_SPREAD, MAX_DISTANCE = 2.0, 3.0
_Z2 = 1.96**2


class Lack(StrEnum):
    """Why a habit is no furniture (yet)."""

    NONE = ""
    FORGOTTEN = "not seen for long"
    ARTICLES = "too few articles"
    SHARE = "too small a share"
    DAYS = "one day only"
    CONTEXTS = "too few sections"
    PLACE = "no usual place"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a habit counts for. `share` and `bound` are of all its publisher's recent articles, or of its layout's."""

    lack: Lack
    share: float = 0.0
    bound: float = 0.0
    anywhere: bool = False

    @property
    def is_furniture(self) -> bool:
        return self.lack is Lack.NONE


def furniture(traces: Traces, habits: Habits, today: str) -> dict[int, Habit]:
    """Places in `traces.each` to the habits by which its publisher's articles, or those of its layout, show them too often."""
    found: dict[int, Habit] = {}
    layouts = tuple(dict.fromkeys((ALL, traces.layout)))
    for place, trace in enumerate(traces.each):
        shown = (habits.each.get((layout, trace.key)) for layout in layouts if not trace.gone)
        habit = next((each for each in shown if each and _is_furniture(trace, traces, each, habits, today)), None)
        if habit:
            found[place] = habit
    return found


def standing_of(habit: Habit, articles: int, today: str) -> Standing:
    """What a habit counts for among so many articles of its layout, on a day (ISO)."""
    share = share_of(habit, articles)
    bound = wilson(share, weight_of(articles))
    phrase = habit.part is not Part.BLOCK
    anywhere = phrase or (habit.layout == ALL and bound >= ANYWHERE)
    return Standing(_lack(habit, bound, anywhere, today), round(share, 3), round(bound, 3), anywhere)


def wilson(share: float, count: float) -> float:
    """The lower end of the 95 % interval of a share that was seen in `count` trials (Wilson 1927); 0 without trials."""
    if not count:
        return 0.0
    spread = 1.96 * sqrt(share * (1 - share) / count + _Z2 / (4 * count * count))
    return max(0.0, (share + _Z2 / (2 * count) - spread) / (1 + _Z2 / count))


def _is_furniture(trace: Trace, traces: Traces, habit: Habit, habits: Habits, today: str) -> bool:
    standing = standing_of(habit, habits.articles.get(habit.layout, 0), today)
    return standing.is_furniture and (standing.anywhere or _is_usual(habit, trace.block, traces.blocks))


def _lack(habit: Habit, bound: float, anywhere: bool, today: str) -> Lack:
    if is_forgotten(habit, today):
        return Lack.FORGOTTEN
    if habit.articles < MIN_ARTICLES:
        return Lack.ARTICLES
    if bound < _needed(habit):
        return Lack.SHARE
    if habit.layout != ALL and sum(not is_author(context) for context in habit.contexts) < MIN_SECTIONS:
        return Lack.CONTEXTS
    one_day, one_context = len(habit.days) < MIN_DAYS, len(habit.contexts) == 1
    if (one_day or one_context) and bound < (ANYWHERE if one_day and one_context else NARROW):
        return Lack.DAYS if one_day else Lack.CONTEXTS
    return Lack.NONE if anywhere or min(habit.start_spread, habit.end_spread) <= MAX_SPREAD else Lack.PLACE


def _needed(habit: Habit) -> float:
    if habit.layout != ALL:
        return IN_LAYOUT
    # "Ukraine: " before a headline is a subject as often as a label.
    named = habit.part is Part.TITLE_PREFIX and habit.text.rstrip().endswith(":")
    return USUAL_PLACE if habit.part is Part.BLOCK or named else PHRASE


def _is_usual(habit: Habit, place: int, blocks: int) -> bool:
    """Whether a block stands where it usually does, from the start or from the end."""
    from_start = habit.start_spread <= MAX_SPREAD and abs(place - habit.from_start) <= MAX_DISTANCE
    from_end = habit.end_spread <= MAX_SPREAD and abs(blocks - 1 - place - habit.from_end) <= MAX_DISTANCE
    return from_start or from_end
