"""`scrapy check` as Scrapy has it; it starts no run."""

from __future__ import annotations

from scrapy.commands import check

from crawler.commands.storeless import Storeless


class Command(Storeless, check.Command):
    """Scrapy's command without the item pipelines."""

    example = "scrapy check news"
