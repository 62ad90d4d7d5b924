"""What a publisher's articles repeat: the values that extraction, history and the store hand each other. Never delivered.

A trace is what one text leaves behind; a habit is what the traces of many texts of one publisher come to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

# The layout that stands for all of a publisher's layouts together.
ALL = ""


class Part(StrEnum):
    """What of a text a trace is of: a whole block, or a set phrase at an end of the headline or of a paragraph."""

    BLOCK = "block"
    TITLE_PREFIX = "titlePrefix"
    TITLE_SUFFIX = "titleSuffix"
    LEAD = "lead"
    SIGN_OFF = "signOff"


@dataclass(frozen=True, slots=True)
class Trace:
    """One of a text's blocks or phrases. `key` (63 bits) is its part's and its folded text's; `block` its place among the
    page's blocks, -1 for the headline. `text` is the phrase whole, a block cut at 200 characters. `gone`: memory took it."""

    key: int
    part: Part
    text: str
    block: int = -1
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Traces:
    """All traces of one text, its blocks first and in page order. `blocks` counts them, also those that are gone.

    `layout` names the markup that holds the text, `context` its section, else `by: ` and its author; "" where unknown.
    """

    layout: str = ALL
    context: str = ""
    blocks: int = 0
    each: tuple[Trace, ...] = ()


class Habit(NamedTuple):
    """How one trace recurred among the distinct articles of one layout of a publisher, or of all (`ALL`).

    `weight` counts its recent articles, as of the layout's article number `last`, the newest it stood in; `days` are up to
    three publication days (ISO), `contexts` up to four contexts, `seen` the newest crawl day. `from_start` and `from_end` are
    the mean numbers of blocks above and below it, each with its variance (`*_spread`), recent articles counting more.

    A tuple: a commit makes two dozen of them, in a sixth of a dataclass's time.
    """

    key: int
    part: Part
    layout: str
    text: str
    articles: int = 0
    weight: float = 0.0
    last: int = 0
    days: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    seen: str = ""
    from_start: float = 0.0
    start_spread: float = 0.0
    from_end: float = 0.0
    end_spread: float = 0.0


@dataclass(frozen=True, slots=True)
class Habits:
    """A publisher's habits by (layout, key), as far as they were asked for. `articles` are counted by layout, `ALL` among them."""

    articles: Mapping[str, int] = field(default_factory=dict)
    each: Mapping[tuple[str, int], Habit] = field(default_factory=dict)
