"""`scrapy crawl` with what a scheduled job needs: everything is checked before the first request, and the exit code says how it ended."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import crawl
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from crawler.commands.checks import check_run
from crawler.commands.ended import tell
from crawler.commands.interruption import in_order
from crawler.reporting.jsonlog import log_json
from crawler.reporting.outlets import logs_json
from pipelines.errors import ConfigurationError, DeliveryError, Exit


class Command(crawl.Command):
    """0 all is committed · 1 a fault in the program · 2 usage or configuration · 3 expectations missed · 4 not all delivered · 5 held."""

    # A process announces itself in the log when it is made: it is made after the checks, whose message then stands alone.
    requires_crawler_process = False

    def short_desc(self) -> str:
        return "Run a spider: scrapy crawl news -a publishers=business_standard -a limit=20"

    def long_desc(self) -> str:
        return (
            "Runs a spider by name. Examples: scrapy crawl news; scrapy crawl news -a site=https://www.example.com/ -a limit=20; "
            "scrapy crawl urls -a urls=FILE; scrapy crawl archive -a warc=FILE. Arguments of news: publishers=ID,ID (default: all), "
            "site=URL, feed=URL, sitemap=URL, urls=FILE, hosts=HOST,HOST, limit=N, budget=SECONDS, shard=INDEX/COUNT. Exit code: 0 all that was extracted is delivered; 1 a fault, see "
            "the log; 2 a wrong argument or setting, nothing was fetched; 3 a publisher file's expectations were missed; 4 not all "
            "is delivered, it is safe in NEWS_STORE and the next run delivers it; 5 other runs are crawling all of its publishers."
        )

    @in_order
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("give one spider: scrapy crawl news; `scrapy list` names them", print_help=False)
        assert self.settings is not None
        try:
            formatter = log_json(self.settings) if logs_json(self.settings) else None
        except ConfigurationError as error:
            print(f"scrapy crawl: {error}", file=sys.stderr)
            self.exitcode = Exit.USAGE
            return
        if reason := self._refused(args[0], opts):
            print(f"scrapy crawl: {reason}", file=sys.stderr)
            tell(self.settings, args[0], self.exitcode, reason=reason)
            return
        _introduce(self.settings)
        self.crawler_process = AsyncCrawlerProcess(self.settings)
        crawler = self._create_crawler(args[0])
        if formatter:
            formatter.run_id = lambda: crawler.stats.get_value("run/id") if crawler._stats else None
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        self.exitcode = 1 if self.crawler_process.bootstrap_failed else _exit_code(crawler)
        tell(self.settings, args[0], self.exitcode, crawler)

    def _refused(self, spider: str, opts: argparse.Namespace) -> str | None:
        """Why nothing is fetched, with the exit code set; None where the run may start."""
        assert self.settings is not None
        try:
            check_run(get_spider_loader(self.settings), self.settings, spider, opts.spargs)
        except ConfigurationError as error:
            self.exitcode = Exit.USAGE
            return str(error)
        except DeliveryError as error:
            self.exitcode = Exit.UNDELIVERED
            return f"nothing is fetched: {error}; nothing was changed, run again"
        return None


def _introduce(settings: BaseSettings) -> None:
    """Name a contact that came by `-s` in the User-Agent, as settings/base.py does with the variable's."""
    contact, named = settings.get("NEWS_CONTACT"), settings.getpriority("NEWS_CONTACT") or 0
    if contact and named > (settings.getpriority("USER_AGENT") or 0):
        name = settings["USER_AGENT"].partition(" (+")[0]
        settings.set("USER_AGENT", f"{name} (+{contact})", priority=named)


def _exit_code(crawler: Crawler) -> int:
    ended = crawler.stats.get_value("run/exit_code")
    if ended is None and crawler.stats.get_value("run/id"):
        print("scrapy crawl: ended by force; what was extracted is safe, the next run delivers it", file=sys.stderr)
        return 4
    # Without the pipeline (-s ITEM_PIPELINES={}) there is no run that could be delivered.
    return int(ended or 0)
