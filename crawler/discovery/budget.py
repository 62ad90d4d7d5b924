"""Budget: how many pages and listings one run asks of a host, whatever its listings name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, Self

from pipelines.items import Link
from pipelines.normalizers.urls import host_of

# Defaults of NEWS_HOST_PAGES and NEWS_HOST_LISTINGS. The largest publishers print some 900 articles a day.
HOST_PAGES: Final = 1_000
HOST_LISTINGS: Final = 250


class Budget:
    """Counts a run's pages and listings. Each counts for its host and for the publisher whose listing or site named it, so that one
    which names a million hosts gains nothing."""

    def __init__(self, pages: int = HOST_PAGES, listings: int = HOST_LISTINGS) -> None:
        self._pages, self._listings = pages, listings
        self._taken: Counter[str] = Counter()
        self._listed: Counter[str] = Counter()

    @classmethod
    def of(cls, number: Callable[[str, int], int]) -> Self:
        """The budget that the settings give; `number` has a setting or its default."""
        return cls(number("NEWS_HOST_PAGES", HOST_PAGES), number("NEWS_HOST_LISTINGS", HOST_LISTINGS))

    def choose(self, links: Sequence[Link]) -> list[Link]:
        """The links that there is room for, in their order; none counts before it is taken."""
        chosen: list[Link] = []
        wanted: Counter[str] = Counter()
        for link in links:
            keys = _keys(link.url, link.publisher)
            if all(self._taken[key] + wanted[key] < self._pages for key in keys):
                wanted.update(keys)
                chosen.append(link)
        return chosen

    def take(self, links: Sequence[Link]) -> None:
        """Count pages that will be asked for."""
        for link in links:
            self._taken.update(_keys(link.url, link.publisher))

    def takes_listing(self, url: str, publisher: str) -> bool:
        """Whether one more listing may be asked of the URL's host for the publisher whose site names it; it counts if so."""
        keys = _keys(url, publisher)
        if any(self._listed[key] >= self._listings for key in keys):
            return False
        self._listed.update(keys)
        return True


def _keys(url: str, publisher: str) -> tuple[str, str]:
    return f"host {_site(url)}", f"publisher {publisher}"


def _site(url: str) -> str:
    return host_of(url).removeprefix("www.")
