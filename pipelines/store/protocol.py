"""Store: the durable state of all runs, and the values that its verbs take and return. `open_store` gives one.

A link is leased by a run until it has an outcome; an article's row stays in the outbox until a manifest names its part.
Every time that is handed in must be aware; every time that comes out is aware UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from pipelines.errors import DatelineError
from pipelines.items import Article, Draft, Link, Memory, Page, Rejected
from pipelines.store.erasing import Erasing
from pipelines.store.learning import Learning
from pipelines.store.quarantine import Quarantine
from pipelines.store.rebuilt import Rebuilt
from pipelines.store.schedule import Schedule, VitalsKept

ARTICLE = "article"
"""The outcome of a page that gave an article; every other outcome is a `Reason`."""


class VersionTaken(DatelineError):
    """Another run committed this version of this article after it was recalled: recall, finish and commit again."""


class PublishersHeld(DatelineError):
    """Other live runs crawl all the publishers that a run was to crawl; it is not registered."""


class Verdict(StrEnum):
    """How a run ended, as its manifest says."""

    OK = "ok"
    DEGRADED = "degraded"
    STOPPED = "stopped"
    KILLED = "killed"


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `closed` is when it took its last page; `ended` is when its manifest was in the sink."""

    run_id: str
    spider: str
    started: datetime
    code_hash: str | None = None
    config_hash: str | None = None
    closed: datetime | None = None
    verdict: Verdict | None = None
    sites: tuple[str, ...] = ()
    manifest: bytes | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """The pages of one publisher with one outcome, `article` or a reason. `undated`: articles without datePublished."""

    publisher: str
    outcome: str
    pages: int
    undated: int


@dataclass(frozen=True, slots=True)
class ClockCount:
    """The articles of one publisher and one UTC day whose pages showed one offset; `utc` and the rest are the first one's."""

    utc: datetime
    offset_minutes: int
    articles: int = 1
    how: str = ""
    raw: str = ""
    url: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """The rows of one run and one crawl day that no part holds yet; `line_bytes` is their size before compression."""

    dt: str
    rows: int
    line_bytes: int
    oldest: datetime
    last_seq: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The rows that no sink has acknowledged, of all runs; `line_bytes` is their size before compression."""

    rows: int
    line_bytes: int


@dataclass(frozen=True, slots=True)
class Row:
    """One serialised article, `\\n` included. `seq` grows in the order of the commits."""

    seq: int
    line: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """A fixed set of rows that becomes one object. `key`, `size` (bytes) and `sha256` are the object's, once it is sealed.

    `put_to` is the address of the sink that has acknowledged it.
    """

    run_id: str
    seq: int
    dt: str
    rows: int
    key: str | None = None
    size: int | None = None
    sha256: str | None = None
    put_to: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells a store from others that write to one sink, 32 hex; a copy has the same. `sealed`: the last run that it sealed.

    `place` stands for its machine and its address there, where there is one store at a time.
    """

    id: str
    sealed: str | None
    place: str


class Store(Schedule, VitalsKept, Learning, Quarantine, Erasing, Protocol):
    """What every store promises; tests/test_store.py is the contract. Usable from several threads and processes."""

    @property
    def url(self) -> str: ...

    def close(self) -> None:
        """Give back what this process holds: connections, and the liveness of its runs."""

    # Runs

    def start_run(
        self,
        run_id: str,
        spider: str,
        now: datetime,
        *,
        code_hash: str | None = None,
        config_hash: str | None = None,
        publishers: Iterable[str] = (),
    ) -> dict[str, str]:
        """Register a run, alive from now until this process ends, however it ends. StoreError if the id was used before.

        Of `publishers` those that no other live run holds are leased to it until it closes or dies; returned are the others,
        each with the run that holds it. Raises PublishersHeld if that is all of them.
        """

    def is_live(self, run_id: str) -> bool: ...

    def live_runs(self) -> list[str]: ...

    def run(self, run_id: str) -> Run:
        """The run of this id. Raises StoreError if there is none."""

    def runs(self, prefix: str = "", most: int | None = None) -> list[Run]:
        """Every run whose id begins with `prefix`, the newest first, `most` of them."""

    def runs_of(self, article_id: str) -> list[Run]:
        """The runs that committed a version of the article, the oldest first."""

    def unfinished_runs(self) -> list[Run]:
        """The runs whose process is gone and whose manifest is not known to be written, the oldest first."""

    def delivered_to(self, address: str, most: int | None = None) -> list[str]:
        """The ids of the ended runs with parts in the sink at this address, the newest first, `most` of them."""

    def take_over(self, run_id: str) -> bool:
        """Make a dead run this process's own; False if it is alive, ended, or another process was faster."""

    def let_go(self, run_id: str) -> None:
        """Give a run up that could not be finished now: from here on it counts as dead."""

    def close_run(self, run_id: str, now: datetime, verdict: Verdict, sites: Iterable[str] = ()) -> Run:
        """Fix the end of a run: no commit from here on, its leases are released. A second call changes nothing."""

    def seal_manifest(self, run_id: str, manifest: bytes) -> None:
        """Write down the manifest's bytes before they are put, in place of earlier ones, which the sink has not."""

    def identity(self) -> Identity: ...

    def must_know(self, run_id: str) -> None:
        """Raises StoreDamaged unless this store has sealed this run, as the sink says: it is an older state. The next opening is told."""

    def end_run(self, run_id: str, now: datetime) -> None:
        """The manifest is written: the run's rows leave the outbox, and it is dead."""

    def untold(self, run_id: str) -> list[Rebuilt]:
        """How the store was made anew since the last run that asked, the oldest first: each is told to one run."""

    # Links

    def claim(self, links: Sequence[Link], run_id: str, now: datetime) -> list[Link]:
        """The links that this run shall fetch, leased to it, in the order given, `first_seen` and all known hints filled in.

        Not among them: links with an outcome, links that a live run (this one too) has leased. A rejection that may be
        tried again is given to five later runs at once, and for seven days ever more seldom.
        """

    def release(self, run_id: str, links: Iterable[Link] | None = None) -> int:
        """Give back this run's leases (of these links, or all) that got no outcome; their number."""

    # Outcomes

    def recall(self, draft: Draft, link: Link | None = None) -> Memory:
        """What is known that bears on a draft. `twin` is the first article with its text, unless that is itself.

        `known_as` is the article that the link led to, where the draft's own id is new. `habits` are those of the publisher's
        that the draft's traces show.
        """

    def commit(
        self,
        link: Link,
        outcome: Article | Rejected,
        *,
        run_id: str,
        now: datetime,
        draft: Draft | None = None,
        urls: Iterable[str] = (),
        ages: Sequence[timedelta] = (),
        page: Page | None = None,
    ) -> bool:
        """One transaction: the link's outcome, the article's memory and its outbox row. False if this run has it already.

        `draft` is what the article was made of. A first version counts in its publisher's clocks, and in its habits unless
        it is another article's twin; its hashes are what `recall` gives back.

        `page` is kept where the outcome is one of quarantine's reasons, and leaves the quarantine with any other outcome.

        An article is looked at again at these `ages`, counted from its first version; a stored article whose page gives
        nothing new remains one.

        The further `urls` (final, requested, an article's canonical) get the same outcome unless they have one, or
        unless it is to be tried again. Raises VersionTaken if another run committed the article's version meanwhile.
        """

    def counts(self, run_id: str) -> list[Count]:
        """What is committed of a run, by publisher and outcome, in that order."""

    def clocks(self, publisher: str) -> list[ClockCount]:
        """What the publisher's articles showed of its clocks, the newest 500 days and offsets, in their order."""

    def clocked(self) -> list[str]:
        """The ids of the publishers whose clocks were seen, sorted."""

    # Hosts

    def robots_txt(self, host: str, now: datetime) -> bytes | None:
        """The host's robots.txt as it was kept, empty where it has none; None unless it is fresh."""

    def keep_robots_txt(self, host: str, body: bytes, fresh_until: datetime, now: datetime) -> None:
        """Keep a host's robots.txt in place of its older one; those of other hosts that are no longer fresh go."""

    # Outbox

    def waiting(self) -> Waiting:
        """What the outbox holds that the sink does not: rows in no part, and rows of parts that are not put."""

    def pending(self, run_id: str) -> list[Pending]:
        """The run's rows that are in no part, one entry a crawl day, the oldest day first."""

    def pending_rows(self, run_id: str, dt: str) -> Iterator[Row]:
        """The rows of one entry of `pending`, in the order of their commits."""

    def assign_part(self, run_id: str, dt: str, last_seq: int) -> Part | None:
        """A new part of the pending rows up to `last_seq`, fixed for good; None if there are none."""

    def parts(self, run_id: str) -> list[Part]:
        """The run's parts by number."""

    def part_rows(self, part: Part) -> Iterator[Row]:
        """The rows of a part, in the order of their commits, until its run has ended."""

    def seal_part(self, part: Part, *, key: str, size: int, sha256: str) -> Part:
        """Write down which object a part becomes, before it is put."""

    def mark_put(self, part: Part, address: str) -> None:
        """The sink at this address has acknowledged the part."""
