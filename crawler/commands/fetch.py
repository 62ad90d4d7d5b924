"""`scrapy fetch` as Scrapy has it; it starts no run."""

from __future__ import annotations

from scrapy.commands import fetch

from crawler.commands.storeless import Storeless


class Command(Storeless, fetch.Command):
    """Scrapy's command without the item pipelines."""

    example = "scrapy fetch --nolog https://www.example.com/"
