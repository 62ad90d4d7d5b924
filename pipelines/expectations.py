"""Expectations: what a publisher file says a run should give, held against what it gave."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipelines.items import Article
from pipelines.publishers import Publisher

# A share of fewer articles than this says nothing about a site.
MIN_ARTICLES = 5


@dataclass(slots=True)
class Fill:
    """How many of a publisher's articles there were, and in how many each field was filled."""

    articles: Counter[str] = field(default_factory=Counter)
    filled: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, publisher: str, article: Article) -> None:
        self.articles[publisher] += 1
        self.filled[publisher].update(
            name for name in article.__dataclass_fields__ if getattr(article, name) not in (None, [], "")
        )


def missed(publishers: Iterable[Publisher], fill: Fill, a_day: Mapping[str, int] | None = None) -> list[str]:
    """A sentence for each expectation of a publisher file that was not met.

    `a_day` has the articles of the last 24 hours, of publishers that are known for as long.
    """
    return [line for publisher in publishers for line in (*_unfilled(publisher, fill), *_uncounted(publisher, a_day or {}))]


def _unfilled(publisher: Publisher, fill: Fill) -> Iterator[str]:
    total = fill.articles[publisher.id]
    for name, least in publisher.expect.filled.items() if total >= MIN_ARTICLES else ():
        if (share := fill.filled[publisher.id][name] / total) < least:
            yield f"{publisher.id}: {name} is filled in {share:.0%} of {total} articles, expected are {least:.0%}"


def _uncounted(publisher: Publisher, a_day: Mapping[str, int]) -> Iterator[str]:
    articles, expected = a_day.get(publisher.id), publisher.expect.articles_per_day
    if articles is not None and expected and not expected[0] <= articles <= expected[1]:
        yield f"{publisher.id}: {articles} articles in 24 hours, expected are {expected[0]} to {expected[1]}"
