"""`scrapy runs`: the runs of the store with their verdicts and counts; `scrapy runs show ID`: all of one."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.commands.interruption import in_order
from crawler.commands.runrows import COLUMNS, PART_COLUMNS, SITE_COLUMNS, find_run, for_person, run_row, run_sheet
from crawler.commands.terminal import print_facts, print_rows
from pipelines.configuration import configuration
from pipelines.errors import ConfigurationError
from pipelines.store import Store, open_store


class Command(ScrapyCommand):
    """Exit 0 whatever the runs' verdicts are; 2 for an id that no run has, or a store that is not there."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[-n N] | show ID"

    def short_desc(self) -> str:
        return "List the runs with their verdicts and counts: scrapy runs -n 50"

    def long_desc(self) -> str:
        return (
            "Lists the runs of NEWS_STORE, the newest first: a table in a terminal, JSON lines when piped. Example: scrapy runs -n 50. "
            "scrapy runs show ID shows one run by its id or the beginning of it: its counts by publisher and outcome, its parts, its "
            "manifest's key, how long it took, and how many of its articles are not delivered: scrapy runs show 20261122T0517."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-n", dest="most", type=int, default=20, help="how many runs, the newest; 0: all; default: 20")

    @in_order
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if args and (args[0] != "show" or len(args) != 2):
            raise UsageError("scrapy runs takes no arguments but show ID", print_help=False)
        try:
            store = open_store(configuration(self.settings.get).store, must_exist=True)
            try:
                if args:
                    _show(run_sheet(store, find_run(store, args[1])))
                else:
                    _list(store, opts.most)
            finally:
                store.close()
        except ConfigurationError as error:
            print(f"scrapy runs: {error}", file=sys.stderr)
            self.exitcode = 2


def _list(store: Store, most: int) -> None:
    rows = [run_row(store, run) for run in store.runs(most=most if most > 0 else None)]
    print_rows(map(for_person, rows) if sys.stdout.isatty() else rows, COLUMNS)


def _show(sheet: dict[str, Any]) -> None:
    if not sys.stdout.isatty():
        print_rows([sheet], {})
        return
    facts = {name: value for name, value in for_person(sheet).items() if name not in ("sites", "parts")}
    print_facts([(name, str(value)) for name, value in facts.items() if value is not None])
    print_rows(map(for_person, sheet["sites"]), SITE_COLUMNS)
    print_rows(sheet["parts"], PART_COLUMNS)
