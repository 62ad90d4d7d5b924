"""Explanation: what became of one page's text, and where each field came from. Values alone; `explain` makes them."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.evidence import Datum
from pipelines.items import Reason, Rejected
from pipelines.values import BlockType


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece that was taken from a passage: the rule, the whole text, and the data that was read from it."""

    rule: str
    text: str
    became: tuple[Datum, ...] = ()


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one passage. `given` is the extractor's text, `kept` what stands in the article, None where it was dropped.

    `cuts` are what was dropped of it, in one piece for a passage that was dropped whole. `changed` counts the characters that
    bringing the text into one form took. `where` is head, body or tail, for what was dropped.
    """

    type: BlockType
    level: int | None
    given: str
    kept: str | None
    cuts: list[Cut] = field(default_factory=list)
    changed: int = 0
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a field could have had, with its places in the page; `read_as` is what a raw text was understood as."""

    value: str
    where: list[str]
    chosen: bool
    why: str = ""
    read_as: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of the article: its value as texts, and the candidates in order of trust."""

    field: str
    chosen: list[str]
    candidates: list[Candidate]


@dataclass(frozen=True, slots=True)
class Account:
    """The characters of the extractor's text, white space left out: each is kept, dropped, or changed by bringing the text into
    one form (invisible and control characters taken out, composed letters joined). `lost` is what is none of these: 0."""

    given: int = 0
    kept: int = 0
    dropped: int = 0
    changed: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """One page explained: its outcome, every passage of its text in page order, every field with its candidates."""

    url: str
    publisher: str
    outcome: str
    reason: Reason | None = None
    detail: str | None = None
    headline: str | None = None
    recipe: str | None = None
    flags: list[str] = field(default_factory=list)
    account: Account = field(default_factory=Account)
    passages: list[Fate] = field(default_factory=list)
    fields: list[Choice] = field(default_factory=list)


def rejected(url: str, publisher: str, why: Rejected) -> Explanation:
    """The explanation of a page that no step has read."""
    return Explanation(url, publisher, "rejected", why.reason, why.detail)
