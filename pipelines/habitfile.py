"""The portable file of what publishers repeat: JSON lines, written by `scrapy memory export`, strictly read by `import`.

A line is one layout with the number of its articles, or one habit; times are ISO dates, keys 16 hex digits. The lines of a
publisher stand together, its layouts first. Format: docs/memory.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Literal

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from pipelines.errors import ConfigurationError
from pipelines.habits import Habit, Habits, Part
from pipelines.history.boilerplate.counting import KEPT_CONTEXTS, KEPT_DAYS, weight_of
from pipelines.history.boilerplate.traces import MAX_CONTEXT_CHARS, MAX_TEXT_CHARS

_ROUNDING = 0.01


def _day(value: str) -> str:
    if date.fromisoformat(value).isoformat() != value:
        raise ValueError("not a day such as 2025-08-13")
    return value


_Day = Annotated[str, AfterValidator(_day)]
_Publisher = Annotated[str, Field(min_length=1, max_length=200)]
_Layout = Annotated[str, Field(pattern=r"^(?:[0-9a-f]{8})?$")]
_Blocks = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class LayoutLine(_Line):
    """A layout, "" for all of a publisher's, and how many of its articles were counted."""

    kind: Literal["layout"] = "layout"
    publisher: _Publisher
    layout: _Layout
    articles: Annotated[int, Field(ge=1, le=2**53)]


class HabitLine(_Line):
    """A habit, by the names of `pipelines.habits.Habit`."""

    kind: Literal["habit"] = "habit"
    publisher: _Publisher
    layout: _Layout
    key: Annotated[str, Field(pattern=r"^[0-7][0-9a-f]{15}$")]
    part: Literal["block", "titlePrefix", "titleSuffix", "lead", "signOff"]
    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT_CHARS)]
    articles: Annotated[int, Field(ge=1, le=2**53)]
    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    last: Annotated[int, Field(ge=1)]
    days: Annotated[list[_Day], Field(max_length=KEPT_DAYS)]
    contexts: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=MAX_CONTEXT_CHARS)]], Field(max_length=KEPT_CONTEXTS)
    ]
    seen: _Day
    fromStart: _Blocks
    startSpread: _Blocks
    fromEnd: _Blocks
    endSpread: _Blocks

    @property
    def habit(self) -> Habit:
        place = (self.fromStart, self.startSpread, self.fromEnd, self.endSpread)
        counts = (self.articles, self.weight, self.last, tuple(self.days), tuple(self.contexts), self.seen)
        return Habit(int(self.key, 16), Part(self.part), self.layout, self.text, *counts, *place)


_LINE: TypeAdapter[LayoutLine | HabitLine] = TypeAdapter(Annotated[LayoutLine | HabitLine, Field(discriminator="kind")])


def lines(publisher: str, habits: Habits) -> Iterator[bytes]:
    """What is known of a publisher, a line each, `\\n` included."""
    for layout, articles in sorted(habits.articles.items()):
        yield _line(LayoutLine(publisher=publisher, layout=layout, articles=articles))
    for habit in sorted(habits.each.values(), key=lambda each: (each.layout, -each.articles, each.key)):
        yield _line(_habit_line(publisher, habit))


def parse(source: Iterable[bytes], name: str) -> dict[str, Habits]:
    """What a file says, by publisher; blank lines are passed over. Raises ConfigurationError that names file and line."""
    articles: dict[str, dict[str, int]] = {}
    each: dict[str, dict[tuple[str, int], Habit]] = {}
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            read = _LINE.validate_python(orjson.loads(line))
            known = articles.setdefault(read.publisher, {})
            if isinstance(read, LayoutLine):
                known[read.layout] = read.articles
            else:
                _check(read, known.get(read.layout))
                each.setdefault(read.publisher, {})[read.layout, read.habit.key] = read.habit
        except ValidationError as error:
            raise ConfigurationError(f"{name}:{number}: {_fault(error)}") from None
        except ValueError as error:
            raise ConfigurationError(f"{name}:{number}: {error}") from None
    return {publisher: Habits(known, each.get(publisher, {})) for publisher, known in articles.items()}


def _check(line: HabitLine, articles: int | None) -> None:
    """Raises ValueError where a habit says more than its layout has articles."""
    if articles is None:
        raise ValueError(f"layout: no line above says how many articles the layout {line.layout!r} has")
    if line.articles > articles or line.last > articles:
        raise ValueError(f"articles, last: at most {articles}, the articles of the layout")
    if line.weight > min(weight_of(line.last), line.articles) + _ROUNDING:
        raise ValueError("weight: more than the articles can weigh")


def _fault(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part not in ("layout", "habit")) or "line"
    return f"{where}: {first['msg'].removeprefix('Value error, ')}"


def _habit_line(publisher: str, habit: Habit) -> HabitLine:
    return HabitLine(
        publisher=publisher,
        layout=habit.layout,
        key=f"{habit.key:016x}",
        part=habit.part.value,
        text=habit.text,
        articles=habit.articles,
        weight=round(habit.weight, 6),
        last=habit.last,
        days=list(habit.days),
        contexts=list(habit.contexts),
        seen=habit.seen,
        fromStart=round(habit.from_start, 3),
        startSpread=round(habit.start_spread, 3),
        fromEnd=round(habit.from_end, 3),
        endSpread=round(habit.end_spread, 3),
    )


def _line(line: _Line) -> bytes:
    return orjson.dumps(line.model_dump(), option=orjson.OPT_APPEND_NEWLINE)
