"""`scrapy crawl` with what a scheduled job needs: everything is checked before the first request, and the exit code says how it ended."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import crawl
from scrapy.exceptions import UsageError

from crawler.commands.checks import check_run
from pipelines.errors import ConfigurationError


class Command(crawl.Command):
    """0 all is committed · 2 usage or configuration · 3 finished, expectations missed · 4 not all delivered, safe in the outbox."""

    def short_desc(self) -> str:
        return "Run a spider: scrapy crawl news -a publishers=business_standard -a limit=20"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("give one spider: scrapy crawl news; `scrapy list` names them")
        assert self.crawler_process is not None and self.settings is not None
        try:
            check_run(self.crawler_process.spider_loader, self.settings, args[0], opts.spargs)
        except ConfigurationError as error:
            print(f"scrapy crawl: {error}", file=sys.stderr)
            self.exitcode = 2
            return
        crawler = self._create_crawler(args[0])
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        ended = crawler.stats.get_value("run/exit_code") if crawler.stats else None
        # Without the pipeline (-s ITEM_PIPELINES={}) there is no run that could be delivered.
        self.exitcode = 1 if self.crawler_process.bootstrap_failed else int(ended or 0)
