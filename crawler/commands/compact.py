"""`scrapy compact`: the small parts of a crawl day become large ones."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import Final

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.commands.interruption import in_order
from crawler.commands.terminal import counted_rows, print_rows
from pipelines import clock
from pipelines.compact import Compacted, compact, plan_compaction
from pipelines.configuration import Configuration, configuration
from pipelines.delivery.sinks import open_sink
from pipelines.errors import ConfigurationError, DeliveryError

_COLUMNS: Final = {"day": "day", "small": "small parts", "rows": "rows", "parts": "become parts", "removed": "objects removed"}


class Command(ScrapyCommand):
    """Exit 0 when the day is compacted; 2 for a wrong argument or setting; 4 when the sink refused: run it again."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "--day DATE [--dry-run]"

    def short_desc(self) -> str:
        return "Make large parts of a day's small ones: scrapy compact --day 2025-08-13"

    def long_desc(self) -> str:
        return (
            "Writes the small parts of a crawl day (UTC) together into parts of NEWS_PART_MIB, and removes parts that were replaced "
            "NEWS_GRACE_SECONDS ago or earlier. Safe while crawls deliver and readers read, and to be run again after a kill. One JSON "
            "line when piped. Example: scrapy compact --day 2025-08-13 --dry-run says what would be done. Exit code: 0 done; 2 a wrong "
            "argument or setting; 4 the sink refused, run it again."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--day", metavar="DATE", help="the crawl day in UTC, such as 2025-08-13")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")

    @in_order
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if args or not opts.day:
            raise UsageError("give a day: scrapy compact --day 2025-08-13", print_help=False)
        try:
            day = date.fromisoformat(opts.day).isoformat()
        except ValueError:
            raise UsageError(f"--day {opts.day}: allowed is a date such as 2025-08-13", print_help=False) from None
        try:
            print_rows([_row(_compacted(configuration(self.settings.get), day, dry_run=opts.dry_run))], _COLUMNS)
        except (ConfigurationError, DeliveryError) as error:
            print(f"scrapy compact: {error}", file=sys.stderr)
            self.exitcode = 2 if isinstance(error, ConfigurationError) else 4


def _compacted(config: Configuration, day: str, *, dry_run: bool) -> Compacted:
    sink, now = open_sink(config.sink, config.s3), clock.now()
    planned = plan_compaction(sink, day, now, limits=config.limits, grace=config.grace)
    if dry_run:
        return planned
    with counted_rows("rows", planned.rows) as advance:
        return compact(sink, day, now, limits=config.limits, grace=config.grace, tell=advance)


def _row(done: Compacted) -> dict[str, str | int]:
    return {name: getattr(done, name) for name in _COLUMNS}
