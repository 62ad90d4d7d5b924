"""`scrapy shell` as Scrapy has it, by the rules of a crawl; it starts no run, so nothing is stored or delivered."""

from __future__ import annotations

import argparse

from scrapy.commands import shell


class Command(shell.Command):
    """Scrapy's command without the item pipelines."""

    def long_desc(self) -> str:
        return f"{super().long_desc()} Example: scrapy shell https://www.example.com/"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        self.settings.set("ITEM_PIPELINES", {}, priority="cmdline")
