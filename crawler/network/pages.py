"""A response as a Page: what Scrapy fetched, in plain values. Nothing is parsed here."""

from __future__ import annotations

from datetime import datetime

from scrapy.http import Response

from pipelines.items import Link, Page


def page_of(response: Response, link: Link, fetched_at: datetime) -> Page:
    """The page of a response; of a header that came several times the last value counts."""
    headers = {
        name.decode("latin-1").lower(): values[-1].decode("latin-1") for name, values in response.headers.items() if values
    }
    return Page(response.url, response.body, fetched_at, link, status=response.status, headers=headers)
