"""`scrapy shell` as Scrapy has it; it starts no run."""

from __future__ import annotations

from scrapy.commands import shell

from crawler.commands.storeless import Storeless


class Command(Storeless, shell.Command):
    """Scrapy's command without the item pipelines."""

    example = "scrapy shell https://www.example.com/"
