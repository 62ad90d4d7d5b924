"""`scrapy publishers`: the publisher files, listed or checked, and the zones learnt of them."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.commands.interruption import in_order
from crawler.commands.terminal import print_rows
from crawler.commands.zones import COLUMNS as ZONE_COLUMNS
from crawler.commands.zones import for_person, zone_rows
from crawler.publishers import folders, load
from pipelines.errors import ConfigurationError
from pipelines.publishers import Publisher, faults
from pipelines.store import open_store

_COLUMNS = {
    "id": "id",
    "name": "name",
    "hosts": "hosts",
    "language": "language",
    "country": "country",
    "timezone": "time zone",
    "listings": "listings",
}


class Command(ScrapyCommand):
    """Lists the publishers; --check reports every fault of every file and exits 2 if there is one; `zones` what is learnt."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[--check] | zones [ID ...]"

    def short_desc(self) -> str:
        return "List the publisher files, or validate them: scrapy publishers --check"

    def long_desc(self) -> str:
        return (
            "Lists the publisher files of crawler/publishers and of NEWS_PUBLISHERS: a table in a terminal, JSON lines when piped. "
            "Example: scrapy publishers --check reports every fault with its file and line, and exits 2 if there is one. "
            "scrapy publishers zones shows, for every publisher or those named, the time zone of its file beside the one learnt from "
            "its articles in NEWS_STORE, how sure that is, and an article where the two disagree: scrapy publishers zones example."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--check", action="store_true", help="validate every file")

    @in_order
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if args[:1] == ["zones"] and not opts.check:
            self._show_zones(args[1:])
            return
        if args:
            raise UsageError("scrapy publishers takes no arguments but zones [ID ...], and --check takes none")
        try:
            found = faults(folders(self.settings)) if opts.check else []
            publishers = {} if found else load(self.settings)
        except ConfigurationError as error:
            found, publishers = [str(error)], {}
        for fault in found:
            print(f"scrapy publishers: {fault}", file=sys.stderr)
        if found:
            self.exitcode = 2
        elif opts.check:
            print(f"{len(publishers)} publisher files, no fault")
        else:
            print_rows(map(_row, publishers.values()), _COLUMNS)

    def _show_zones(self, ids: list[str]) -> None:
        assert self.settings is not None
        try:
            store = open_store(str(self.settings.get("NEWS_STORE") or "").strip())
            try:
                rows = list(zone_rows(store, load(self.settings), ids))
            finally:
                store.close()
        except ConfigurationError as error:
            print(f"scrapy publishers zones: {error}", file=sys.stderr)
            self.exitcode = 2
            return
        print_rows(map(for_person, rows) if sys.stdout.isatty() else rows, ZONE_COLUMNS)


def _row(publisher: Publisher) -> dict[str, Any]:
    discover = publisher.discover
    return {
        "id": publisher.id,
        "name": publisher.name,
        "hosts": ", ".join(publisher.hosts),
        "language": publisher.language,
        "country": publisher.country,
        "timezone": publisher.timezone,
        "listings": len(discover.feeds) + len(discover.sitemaps) + len(discover.sections),
    }
