"""`scrapy view` as Scrapy has it; it starts no run."""

from __future__ import annotations

from scrapy.commands import view

from crawler.commands.storeless import Storeless


class Command(Storeless, view.Command):
    """Scrapy's command without the item pipelines."""

    example = "scrapy view https://www.example.com/"
