"""Listing: what one feed, sitemap or section page gives. Plain values, shared by the readers beside this module."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pipelines.items import Link


class Kind(StrEnum):
    FEED = "feed"
    SITEMAP = "sitemap"
    HTML = "html"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Nested:
    """A sitemap that a sitemap index names; `lastmod` as written."""

    url: str
    lastmod: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The links of one document in its order, each URL once, and the sitemaps it names.

    `fault` says why nothing, or only a part, could be read; None when the document was whole. `refused` counts its links that
    are scripts, data, files or of another scheme that is never fetched. `strangers` are hosts that are not the publisher's, with the
    number of addresses that the document names there and that are not among the links.
    """

    kind: Kind
    links: list[Link] = field(default_factory=list)
    nested: list[Nested] = field(default_factory=list)
    fault: str | None = None
    refused: int = 0
    strangers: dict[str, int] = field(default_factory=dict)


def unique(links: list[Link]) -> list[Link]:
    """The links in their order without a second one for a URL."""
    return list({link.url: link for link in reversed(links)}.values())[::-1]
