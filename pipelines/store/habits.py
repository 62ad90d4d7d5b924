"""The SQLite store's memory of what publishers repeat: the tables `layouts`, `sightings` and `habits`.

A text's traces are kept for the next RECENT articles of its publisher (`sightings`); a trace that one of those shows again
becomes a habit, counted from the first. So what stands once, which is nearly all, costs 8 bytes for a while.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import orjson

from pipelines.habits import ALL, Habit, Habits, Part, Trace, Traces
from pipelines.history.boilerplate import after
from pipelines.store.cells import stored

# A trace of one article in 16 is far from any share that counts, and half of those of one in 20 still meet their like in time.
RECENT = 16
# Per publisher. Beyond them the habits of the fewest articles go, then those that were not seen for longest; layouts likewise.
MAX_HABITS, MAX_LAYOUTS = 2000, 40
# Looked at once in so many articles: counting rows for each would cost more than it keeps.
_EVICT_EVERY = 64
# A layout that holds more of its publisher's articles has no habits of its own: they are the publisher's.
_ONLY_LAYOUT = 0.9
HABIT = "key, part, layout, text, articles, weight, last, days, contexts, seen, from_start, start_spread, from_end, end_spread"
_PARTS = {str(part): part for part in Part}
SIGHTED = "publisher, number, keys"
_SIGHTING = ("number", "layout", "layout_number", "day", "context", "seen", "blocks")
_PUT = f"INSERT OR REPLACE INTO habits (publisher, {HABIT}) VALUES (?{', ?' * 14})"
_COUNT = """
INSERT INTO layouts VALUES (?, ?, 1) ON CONFLICT (publisher, layout) DO UPDATE SET articles = articles + 1 RETURNING articles
"""
_EVICT = """
DELETE FROM habits WHERE publisher = :publisher AND (layout, key) IN (
    SELECT layout, key FROM habits WHERE publisher = :publisher ORDER BY articles DESC, seen DESC, last DESC LIMIT -1 OFFSET :most
)
"""
_EVICT_LAYOUTS = """
DELETE FROM layouts WHERE publisher = :publisher AND layout IN (
    SELECT layout FROM layouts WHERE publisher = :publisher AND layout <> '' ORDER BY articles DESC, layout LIMIT -1 OFFSET :most
)
"""
_EVICT_LOST = """
DELETE FROM habits WHERE publisher = :publisher
    AND layout NOT IN (SELECT layout FROM layouts WHERE publisher = :publisher)
"""


@dataclass(frozen=True, slots=True)
class _Sighting:
    """One article's traces as they are kept: the first `blocks` of `keys` are its blocks in page order."""

    number: int
    layout: str
    layout_number: int
    day: str
    context: str
    seen: str
    blocks: int
    keys: tuple[int, ...]


def recalled(c: sqlite3.Connection, publisher: str, traces: Traces) -> Habits:
    """The publisher's habits among these traces, of all its layouts together and of this one."""
    layouts = tuple(dict.fromkeys((ALL, traces.layout)))
    return Habits(_articles(c, publisher, layouts), _habits(c, publisher, layouts, [trace.key for trace in traces.each]))


def all_habits(c: sqlite3.Connection, publisher: str) -> Habits:
    """All that is known of a publisher."""
    rows = c.execute(f"SELECT {HABIT} FROM habits WHERE publisher = ?", (publisher,))
    found = [habit_of(row) for row in rows]
    counted = c.execute("SELECT layout, articles FROM layouts WHERE publisher = ?", (publisher,))
    return Habits(dict(counted.fetchall()), {(habit.layout, habit.key): habit for habit in found})


def replace_all(c: sqlite3.Connection, publisher: str, habits: Habits) -> None:
    """Write what is known of a publisher, in the place of what was; the last articles' own traces stay."""
    c.execute("DELETE FROM habits WHERE publisher = ?", (publisher,))
    c.execute("DELETE FROM layouts WHERE publisher = ?", (publisher,))
    c.executemany("INSERT INTO layouts VALUES (?, ?, ?)", [(publisher, *item) for item in habits.articles.items()])
    _put(c, publisher, habits.each.values())
    _evict(c, publisher)


def forget(c: sqlite3.Connection, publisher: str) -> int:
    """Delete all that is known of a publisher; how many habits there were."""
    for table in ("layouts", "sightings"):
        c.execute(f"DELETE FROM {table} WHERE publisher = ?", (publisher,))
    return c.execute("DELETE FROM habits WHERE publisher = ?", (publisher,)).rowcount


def to_json(publisher: str, traces: Traces) -> str:
    """Traces as they lie beside an article's row until it is in a part. A block's text is not among them: it is in the row."""
    phrases = [(trace.part, trace.block, trace.text) for trace in traces.each[traces.blocks :]]
    gone = [place for place, trace in enumerate(traces.each) if trace.gone]
    keys = _packed([trace.key for trace in traces.each]).hex()
    return orjson.dumps((publisher, traces.layout, traces.context, traces.blocks, keys, phrases, gone)).decode()


def from_json(kept: str) -> tuple[str, Traces]:
    """The publisher and the traces of a row."""
    publisher, layout, context, blocks, packed, phrases, gone = orjson.loads(kept)
    parts = [*((Part.BLOCK, place, "") for place in range(blocks)), *phrases]
    each = tuple(
        Trace(key, Part(part), text, block, place in gone)
        for place, (key, (part, block, text)) in enumerate(zip(_unpacked(bytes.fromhex(packed)), parts, strict=True))
    )
    return publisher, Traces(layout, context, blocks, each)


def note(c: sqlite3.Connection, publisher: str, traces: Traces, *, day: str, seen: str) -> None:
    """Count an article, published on `day` and crawled on `seen` (ISO dates), in its publisher's habits."""
    numbers = _counted(c, publisher, tuple(dict.fromkeys((ALL, traces.layout))))
    keys = tuple([trace.key for trace in traces.each])
    sighting = _Sighting(numbers[ALL], traces.layout, numbers[traces.layout], day, traces.context, seen, traces.blocks, keys)
    known = _habits(c, publisher, tuple(_counts(sighting)), keys)
    earlier = _earlier(c, publisher, {key for key in keys if (ALL, key) not in known})
    _put(c, publisher, _shown(traces, sighting, earlier, known))
    c.execute(
        f"INSERT INTO sightings (publisher, {', '.join(_SIGHTING)}, keys) VALUES (?{', ?' * 8})",
        (
            publisher,
            numbers[ALL],
            traces.layout,
            numbers[traces.layout],
            day,
            traces.context,
            seen,
            traces.blocks,
            _packed(keys),
        ),
    )
    c.execute("DELETE FROM sightings WHERE publisher = ? AND number <= ?", (publisher, numbers[ALL] - RECENT))
    if numbers[ALL] % _EVICT_EVERY == 0:
        _evict(c, publisher)


def _counted(c: sqlite3.Connection, publisher: str, layouts: Sequence[str]) -> dict[str, int]:
    """The number of this article among those of each layout."""
    return {layout: int(c.execute(_COUNT, (publisher, layout)).fetchone()[0]) for layout in layouts}


def _shown(
    traces: Traces,
    sighting: _Sighting,
    earlier: Mapping[int, Sequence[_Sighting]],
    known: Mapping[tuple[str, int], Habit],
) -> list[Habit]:
    """The habits that an article shows, counted: those known, and those that it makes, since `earlier` articles had the trace."""
    shown: dict[tuple[str, int], Habit] = {}
    own = _counts(sighting)
    for trace in traces.each:
        key = trace.key
        if (ALL, key) in shown or ((ALL, key) not in known and key not in earlier):
            continue
        for each in (*earlier.get(key, ()), sighting):
            for layout, number in (own if each is sighting else _counts(each)).items():
                before = shown.get((layout, key)) or known.get((layout, key)) or Habit(key, trace.part, layout, trace.text)
                shown[layout, key] = _after(before, number, each)
    return list(shown.values())


def _counts(sighting: _Sighting) -> dict[str, int]:
    """The layouts in whose habits an article counts, with its number in each."""
    counts = {ALL: sighting.number}
    if sighting.layout_number <= _ONLY_LAYOUT * sighting.number:
        counts.setdefault(sighting.layout, sighting.layout_number)
    return counts


def _after(habit: Habit, number: int, sighting: _Sighting) -> Habit:
    """The habit after one more article. Of a block that stands there twice the first place counts from the start, the last from the end."""
    keys, blocks = sighting.keys, sighting.blocks
    first, last = keys.index(habit.key), blocks - 1
    if first >= blocks:  # a phrase has no place of its own
        first = 0
    else:
        last -= keys[:blocks][::-1].index(habit.key)
    return after(
        habit,
        number,
        day=sighting.day,
        context=sighting.context,
        seen=sighting.seen,
        from_start=first,
        from_end=blocks - 1 - last,
    )


def _articles(c: sqlite3.Connection, publisher: str, layouts: Sequence[str]) -> dict[str, int]:
    return dict(
        c.execute(
            "SELECT layout, articles FROM layouts WHERE publisher = ? AND layout IN (?, ?)",
            (publisher, layouts[0], layouts[-1]),
        ).fetchall()
    )


def _habits(c: sqlite3.Connection, publisher: str, layouts: Sequence[str], keys: Sequence[int]) -> dict[tuple[str, int], Habit]:
    rows = c.execute(
        f"SELECT {HABIT} FROM habits WHERE publisher = ? AND layout IN (?, ?) AND key IN (SELECT value FROM json_each(?))",
        (publisher, layouts[0], layouts[-1], orjson.dumps(keys).decode()),
    )
    return {(habit.layout, habit.key): habit for habit in map(habit_of, rows)}


def _earlier(c: sqlite3.Connection, publisher: str, keys: set[int]) -> dict[int, list[_Sighting]]:
    """The recent articles that show these keys, by key, the oldest first."""
    seen = (keys_of(row) for row in c.execute(f"SELECT {SIGHTED} FROM sightings WHERE publisher = ?", (publisher,)))
    again = keys.intersection(chain.from_iterable(seen))
    found: dict[int, list[_Sighting]] = {}
    if again:
        for row in c.execute(
            f"SELECT {', '.join(_SIGHTING)}, keys FROM sightings WHERE publisher = ? ORDER BY number", (publisher,)
        ):
            sighting = _Sighting(keys=_unpacked(row[-1]), **dict(zip(_SIGHTING, row, strict=False)))
            for key in again.intersection(sighting.keys):
                found.setdefault(key, []).append(sighting)
    return found


def _packed(keys: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(keys)}q", *keys)


def _unpacked(blob: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(blob) // 8}q", blob)


def _put(c: sqlite3.Connection, publisher: str, habits: Iterable[Habit]) -> None:
    c.executemany(_PUT, [(publisher, *_row(habit)) for habit in habits])


def _evict(c: sqlite3.Connection, publisher: str) -> None:
    c.execute(_EVICT, {"publisher": publisher, "most": MAX_HABITS})
    c.execute(_EVICT_LAYOUTS, {"publisher": publisher, "most": MAX_LAYOUTS})
    c.execute(_EVICT_LOST, {"publisher": publisher})


def _row(habit: Habit) -> tuple[str | int | float, ...]:
    return (
        *(habit.key, habit.part, habit.layout, habit.text, habit.articles, habit.weight, habit.last),
        *("\n".join(habit.days), "\n".join(habit.contexts), habit.seen),
        *(habit.from_start, habit.start_spread, habit.from_end, habit.end_spread),
    )


@stored("sightings", names=2)
def keys_of(row: Sequence[Any]) -> tuple[int, ...]:
    """The keys of a row of the columns SIGHTED."""
    return _unpacked(row[2])


@stored("habits")
def habit_of(row: Sequence[Any]) -> Habit:
    """The habit of a row of the columns HABIT."""
    key, part, layout, text, articles, weight, last, days, contexts, *place = row
    return Habit(key, _PARTS[part], layout, text, articles, weight, last, _split(days), _split(contexts), *place)


def _split(lines: str) -> tuple[str, ...]:
    return tuple(lines.split("\n")) if lines else ()
