"""`scrapy bench` as Scrapy has it; it starts no run."""

from __future__ import annotations

from scrapy.commands import bench

from crawler.commands.storeless import Storeless


class Command(Storeless, bench.Command):
    """Scrapy's command without the item pipelines."""

    example = "scrapy bench"
