"""Vitals: what one run's pages of a publisher looked like, in a few numbers. `history/alarms.py` compares them from run to run."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from pipelines.items import Article, Reason, Rejected
from pipelines.values import PubStatus

FIELDS = ("headline", "datePublished", "authors", "description", "mainImage", "articleSection")
"""The fields whose share among the articles is watched."""
MISSING = "missing."


@dataclass(frozen=True, slots=True)
class Vitals:
    """One publisher in one run. `started` is the run's.

    `filled` counts the articles with a field, `rejected` the pages by reason (unchanged ones are no pages here); `words` is the
    median length, `junk` the share of the characters that cleaning removed, `lag_minutes` the median from publication to fetch,
    both null where nothing tells. `examples` has the address of one page for each reason, and for each field that was missing;
    `layouts` counts the articles by the markup that holds their text (`pipelines.habits.Traces.layout`).
    """

    publisher: str
    started: datetime
    articles: int = 0
    filled: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    words: float | None = None
    junk: float | None = None
    lag_minutes: float | None = None
    examples: dict[str, str] = field(default_factory=dict)
    layouts: dict[str, int] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return self.articles + sum(self.rejected.values())

    def joined(self, later: Vitals) -> Vitals:
        """These vitals and those of a later run as one: medians and shares are weighted by articles, the later examples stand."""
        return Vitals(
            self.publisher,
            self.started,
            self.articles + later.articles,
            dict(Counter(self.filled) + Counter(later.filled)),
            dict(Counter(self.rejected) + Counter(later.rejected)),
            self._mean(later, "words"),
            self._mean(later, "junk"),
            self._mean(later, "lag_minutes"),
            self.examples | later.examples,
            dict(Counter(self.layouts) + Counter(later.layouts)),
        )

    def _mean(self, later: Vitals, name: str) -> float | None:
        both = [(value, run.articles) for run in (self, later) if (value := getattr(run, name)) is not None]
        weight = sum(articles for _, articles in both)
        return sum(value * articles for value, articles in both) / weight if weight else None


@dataclass(slots=True)
class _Tally:
    """One publisher's; `filled` has every field of an article, not only those that are watched."""

    filled: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    words: list[int] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    kept: int = 0
    removed: int = 0
    examples: dict[str, str] = field(default_factory=dict)
    layouts: Counter[str] = field(default_factory=Counter)


class Tally:
    """Counts a run's outcomes by publisher."""

    def __init__(self) -> None:
        self._of: defaultdict[str, _Tally] = defaultdict(_Tally)

    def add(self, publisher: str, url: str, settled: Article | Rejected, layout: str | None = None) -> None:
        """Count one outcome, and the layout of its page where it is known.

        A tombstone is no article, and an unchanged page says nothing new of its site.
        """
        tally = self._of[publisher]
        if isinstance(settled, Rejected):
            if settled.reason is not Reason.UNCHANGED:
                tally.rejected[settled.reason] += 1
                tally.examples.setdefault(settled.reason, url)
        elif settled.pubStatus is PubStatus.USABLE:
            _add_article(tally, settled)
            tally.layouts.update([layout] if layout else [])

    def articles(self, publisher: str) -> int:
        """How many of a publisher's articles were counted."""
        return len(self._of[publisher].words)

    def share(self, publisher: str, name: str) -> float:
        """The share of a publisher's articles in which the field of this name is filled; 0 without articles."""
        tally = self._of[publisher]
        return tally.filled[name] / len(tally.words) if tally.words else 0.0

    def vitals(self, publisher: str, started: datetime) -> Vitals:
        """What was counted of a publisher."""
        tally = self._of[publisher]
        characters = tally.kept + tally.removed
        return Vitals(
            publisher,
            started,
            len(tally.words),
            {name: tally.filled[name] for name in FIELDS if tally.filled[name]},
            dict(tally.rejected),
            median(tally.words) if tally.words else None,
            tally.removed / characters if characters else None,
            median(tally.lags) if tally.lags else None,
            tally.examples,
            dict(tally.layouts),
        )


def _add_article(tally: _Tally, article: Article) -> None:
    tally.words.append(article.wordCount)
    tally.kept += len(article.articleBody)
    tally.removed += sum(len(removed.text) for removed in article.extraction.removed)
    tally.examples.setdefault("article", article.url)
    filled = [name for name in article.__dataclass_fields__ if getattr(article, name) not in (None, [], "")]
    tally.filled.update(filled)
    for name in FIELDS:
        if name not in filled:
            tally.examples.setdefault(f"{MISSING}{name}", article.url)
    if article.datePublished and article.version == 1:
        fetched, published = (datetime.fromisoformat(text) for text in (article.dateDownloaded, article.datePublished))
        tally.lags.append((fetched - published).total_seconds() / 60)
