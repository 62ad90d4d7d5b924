"""The urls spider: the news spider without discovery, for addresses that are given.

scrapy crawl urls -a urls=FILE
"""

from __future__ import annotations

from scrapy.settings import BaseSettings

from crawler.spiders.news import NewsSpider
from crawler.spiders.plan import ALLOWED, Plan, plan_of
from pipelines.errors import ConfigurationError


class UrlsSpider(NewsSpider):
    """The news spider without discovery: `urls` is a file with one address a line, `limit` the most to fetch."""

    name = "urls"

    @classmethod
    def planned(cls, settings: BaseSettings, arguments: dict[str, str]) -> Plan:
        if "urls" not in arguments:
            raise ConfigurationError(f"-a urls: name {ALLOWED['urls']}")
        return plan_of(settings, arguments)
