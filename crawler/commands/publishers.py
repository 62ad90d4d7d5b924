"""`scrapy publishers`: the publisher files, listed or checked."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.commands.terminal import print_rows
from crawler.publishers import folders, load
from pipelines.errors import ConfigurationError
from pipelines.publishers import faults

_COLUMNS = {"id": "id", "name": "name", "hosts": "hosts", "language": "language", "country": "country", "timezone": "time zone", "listings": "listings"}


class Command(ScrapyCommand):
    """Lists the publishers; --check reports every fault of every file and exits 2 if there is one."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[--check]"

    def short_desc(self) -> str:
        return "List the publisher files, or validate them: scrapy publishers --check"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--check", action="store_true", help="validate every file")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if args:
            raise UsageError("scrapy publishers takes no arguments")
        try:
            found = faults(folders(self.settings)) if opts.check else []
            publishers = {} if found else load(self.settings)
        except ConfigurationError as error:
            found, publishers = [str(error)], {}
        for fault in found:
            print(fault, file=sys.stderr)
        if found:
            self.exitcode = 2
        elif opts.check:
            print(f"{len(publishers)} publisher files, no fault")
        else:
            print_rows(
                (
                    {
                        "id": p.id,
                        "name": p.name,
                        "hosts": ", ".join(p.hosts),
                        "language": p.language,
                        "country": p.country,
                        "timezone": p.timezone,
                        "listings": len(p.discover.feeds) + len(p.discover.sitemaps) + len(p.discover.sections),
                    }
                    for p in publishers.values()
                ),
                _COLUMNS,
            )
