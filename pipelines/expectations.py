"""Expectations: what a publisher file says a run should give, held against what it gave."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
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


def missed(publishers: Iterable[Publisher], fill: Fill) -> list[str]:
    """A sentence for each field that a publisher filled less often than its file expects."""
    return [
        f"{publisher.id}: {name} is filled in {share:.0%} of {total} articles, expected are {least:.0%}"
        for publisher in publishers
        if (total := fill.articles[publisher.id]) >= MIN_ARTICLES
        for name, least in publisher.expect.filled.items()
        if (share := fill.filled[publisher.id][name] / total) < least
    ]
