"""`scrapy erase`: an article leaves the sink and the store for good."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.commands.interruption import in_order
from crawler.commands.terminal import counted_rows, print_rows
from pipelines import clock
from pipelines.configuration import Configuration, configuration
from pipelines.delivery.lake import live_parts
from pipelines.delivery.sinks import open_sink
from pipelines.erase import Erased, erase, plan_erasure
from pipelines.errors import ConfigurationError, DeliveryError
from pipelines.rebuild import is_new
from pipelines.store.open import open_store

_COLUMNS: Final = {
    "ids": "articles",
    "rows": "rows erased",
    "days": "days rewritten",
    "removed": "objects removed",
    "waiting": "rows of the outbox",
    "reports": "runs' reports",
    "held": "still held by",
    "copies": "may still be in",
}


class Command(ScrapyCommand):
    """Exit 0 when nothing holds the article any more; 2 for a wrong argument or setting; 4 when it must be run again."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "ID|URL --reason TEXT | ID|URL --dry-run"

    def short_desc(self) -> str:
        return "Remove an article for good: scrapy erase https://www.example.com/a --reason 'court order 12/2026'"

    def long_desc(self) -> str:
        return (
            "Removes every version of an article, given by its id or by one of its addresses, from the parts in NEWS_SINK and from "
            "NEWS_STORE, its addresses from the reports of runs, and never fetches it again. Leaves _meta/v1/erasures/ID.json with the reason and nothing of the article. Safe "
            "while crawls deliver and readers read, and to be run again after a kill. Example: scrapy erase "
            "0123456789abcdef0123456789abcdef --reason 'court order 12/2026'; with --dry-run it says what would be done, and writes nothing. Exit code: 0 nothing holds it any more; 2 a wrong argument "
            "or setting; 4 a run that is under way holds it, or the sink refused: run it again."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--reason", metavar="TEXT", default="", help="why, for the record; needed unless nothing is written"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")

    @in_order
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        reason = opts.reason.strip()
        if len(args) != 1 or not (reason or opts.dry_run):
            raise UsageError("give an article and why: scrapy erase ID|URL --reason TEXT, or --dry-run", print_help=False)
        try:
            done = _erased(configuration(self.settings.get), args[0], reason, dry_run=opts.dry_run)
        except (ConfigurationError, DeliveryError) as error:
            print(f"scrapy erase: {error}", file=sys.stderr)
            self.exitcode = 2 if isinstance(error, ConfigurationError) else 4
            return
        print_rows([_row(done)], _COLUMNS)
        if done.held:
            print(
                f"scrapy erase: {', '.join(done.held)}: not finished yet; run this again when its run has ended",
                file=sys.stderr,
            )
        if done.copies:
            print(
                f"scrapy erase: {', '.join(done.copies)}: may hold it; delete these damaged stores, then run this again",
                file=sys.stderr,
            )
        self.exitcode = 4 if done.held or done.copies else 0


def _erased(config: Configuration, article: str, reason: str, *, dry_run: bool) -> Erased:
    sink = open_sink(config.sink, config.s3)
    # A plan makes no store where none is.
    store = None if dry_run and is_new(config.store) else open_store(config.store)
    try:
        passes = 1 if "/" not in article else 2
        with counted_rows("rows", passes * sum(part.rows for part in live_parts(sink))) as advance:
            if dry_run or store is None:
                return plan_erasure(store, sink, article, tell=advance)
            return erase(store, sink, article, reason, clock.now(), limits=config.limits, tell=advance)
    finally:
        if store:
            store.close()


def _row(done: Erased) -> dict[str, Any]:
    row = {name: getattr(done, name) for name in _COLUMNS}
    return {name: ", ".join(value) if isinstance(value, list) and sys.stdout.isatty() else value for name, value in row.items()}
