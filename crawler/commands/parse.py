"""`scrapy parse` as Scrapy has it; it starts no run, so nothing is stored or delivered, unless --pipelines asks for it."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from scrapy.commands import parse

from crawler.commands.checks import check_arguments, check_network
from crawler.commands.interruption import in_order
from pipelines.errors import ConfigurationError


class Command(parse.Command):
    """Scrapy's command without the item pipelines; a wrong argument is refused as `scrapy crawl` refuses it."""

    def long_desc(self) -> str:
        example = "scrapy parse --spider news -c parse_robots --nolog https://www.example.com/robots.txt"
        return f"{super().long_desc()} Example: {example}"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        if not opts.pipelines:
            self.settings.set("ITEM_PIPELINES", {}, priority="cmdline")

    def scraped_data(self, args: Any) -> list[Any]:
        """What Scrapy does with a callback's items; with --pipelines they go the way of a crawl's, which is waited for."""
        items, requests, opts, *rest = args
        if opts.pipelines:
            # Scrapy starts the pipelines beside the run and ends it before they are done: nothing would be stored. Items that are
            # returned pass them in order, and -o has what comes out.
            opts = argparse.Namespace(**{**vars(opts), "pipelines": False, "output": True})
        found: list[Any] = super().scraped_data((items, requests, opts, *rest))
        return found

    @in_order
    @in_order
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None and self.crawler_process is not None
        loader = self.crawler_process.spider_loader
        try:
            check_network(self.settings)
            if opts.spider in loader.list():
                check_arguments(loader.load(opts.spider), self.settings, opts.spargs)
        except ConfigurationError as error:
            print(f"scrapy parse: {error}", file=sys.stderr)
            self.exitcode = 2
        else:
            super().run(args, opts)
