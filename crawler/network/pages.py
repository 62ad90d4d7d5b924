"""A response as a Page: what Scrapy fetched, in plain values. Nothing is parsed here."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from w3lib.encoding import http_content_type_encoding

from crawler.network.failures import rejection
from crawler.network.robots import REFUSED_AGENTS
from crawler.network.tdm import RESERVED
from pipelines import clock
from pipelines.items import Link, Page, Rejected

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


async def fetch_page(crawler: Crawler, url: str, link: Link) -> Page | Rejected:
    """One more page on behalf of a link, beside the scheduler and by all other rules: robots.txt, delays, the address guard, limits."""
    assert crawler.engine is not None
    try:
        response = await crawler.engine.download_async(Request(url, cb_kwargs={"link": link}, dont_filter=True))
        if not 200 <= response.status < 300:
            raise HttpError(response)
    except Exception as error:  # noqa: BLE001 -- whatever a download fails with is this page's outcome
        return rejection(error)
    return page_of(response, link, clock.now())


def page_of(response: Response, link: Link, fetched_at: datetime) -> Page:
    """The page of a response; of a header that came several times the last value counts, of X-Robots-Tag each is a line."""
    headers = {
        name.decode("latin-1").lower(): values[-1].decode("latin-1") for name, values in response.headers.items() if values
    }
    if tags := response.headers.getlist("X-Robots-Tag"):
        # Joined by commas, what one line says to one robot would run into what the next says to all.
        headers["x-robots-tag"] = b"\n".join(tags).decode("latin-1")
    meta = response.request.meta if response.request else {}
    return Page(
        response.url,
        response.body,
        fetched_at,
        link,
        status=response.status,
        headers=headers,
        refused_agents=tuple(meta.get(REFUSED_AGENTS, ())),
        tdm_reserved=meta.get(RESERVED),
    )


def charset_of(response: Response) -> str | None:
    """The charset of the Content-Type header, as the readers of listings want it."""
    return http_content_type_encoding(content_type_of(response))


def content_type_of(response: Response) -> str:
    """The Content-Type header as it came; empty where there is none."""
    return (response.headers.get("Content-Type") or b"").decode("latin-1")
