"""Expectations: what a publisher file says a run should give, held against what it gave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pipelines.publishers import Publisher
from pipelines.vitals import Tally

# A share of fewer articles than this says nothing about a site.
MIN_ARTICLES = 5


def missed(publishers: Iterable[Publisher], tally: Tally, a_day: Mapping[str, int] | None = None) -> list[str]:
    """A sentence for each expectation of a publisher file that was not met.

    `a_day` has the articles of the last 24 hours, of publishers that are known for as long.
    """
    return [line for publisher in publishers for line in (*_unfilled(publisher, tally), *_uncounted(publisher, a_day or {}))]


def _unfilled(publisher: Publisher, tally: Tally) -> Iterator[str]:
    total = tally.articles(publisher.id)
    for name, least in publisher.expect.filled.items() if total >= MIN_ARTICLES else ():
        if (share := tally.share(publisher.id, name)) < least:
            yield f"{publisher.id}: {name} is filled in {share:.0%} of {total} articles, expected are {least:.0%}"


def _uncounted(publisher: Publisher, a_day: Mapping[str, int]) -> Iterator[str]:
    articles, expected = a_day.get(publisher.id), publisher.expect.articles_per_day
    if articles is not None and expected and not expected[0] <= articles <= expected[1]:
        yield f"{publisher.id}: {articles} articles in 24 hours, expected are {expected[0]} to {expected[1]}"
