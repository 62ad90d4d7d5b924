"""`scrapy quarantine`: the pages that could not be processed, with why; and the same pages processed again."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from crawler.commands.interruption import in_order
from crawler.commands.terminal import print_facts, print_rows
from crawler.publishers import load
from pipelines import clock
from pipelines.configuration import Configuration, configuration
from pipelines.delivery.manifest import rfc3339
from pipelines.delivery.sinks import open_sink
from pipelines.errors import ConfigurationError, DeliveryError, Exit
from pipelines.items import Article
from pipelines.retry import retry
from pipelines.runner import Runner
from pipelines.store import Store, open_store
from pipelines.store.quarantine import QUARANTINED, Quarantined

_COLUMNS: Final = {
    "page": "page",
    "publisher": "publisher",
    "reason": "reason",
    "at": "since",
    "size": "bytes",
    "url": "address",
}
_OUTCOMES: Final = {"page": "page", "outcome": "outcome", "detail": "detail", "url": "address"}


class Command(ScrapyCommand):
    """Exit 0; 1 when a retried page stays in quarantine; 2 for a wrong argument; 4 when what was retried is not delivered."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "list | show PAGE [--raw] | retry [PAGE ...]"

    def short_desc(self) -> str:
        return "Pages that could not be processed, and another try: scrapy quarantine retry"

    def long_desc(self) -> str:
        return (
            "A page whose extraction ran out of time or memory or failed in our code is kept with its bytes. scrapy quarantine list "
            "lists them; show PAGE prints why, the answer's headers and the size, --raw the body itself; retry processes all of them, or "
            "those named, with the present code, and delivers what comes of it. PAGE is the beginning of a page's key. Example: scrapy "
            "quarantine show 3f2a --raw. Exit code: 0; 1 a page that was retried stays; 2 a wrong argument or setting; 4 what came of "
            "it is not delivered yet."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--raw", action="store_true", help="with show: the page's body as it was fetched")

    @in_order
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        verb, keys = (args[0], args[1:]) if args else ("", [])
        if verb not in ("list", "show", "retry") or (verb == "list" and keys) or (verb == "show" and len(keys) != 1):
            raise UsageError("give list, show PAGE or retry [PAGE ...]: scrapy quarantine list", print_help=False)
        try:
            config = configuration(self.settings.get)
            store = open_store(config.store, must_exist=True)
            try:
                self.exitcode = _done(verb, keys, opts.raw, store, config, self.settings)
            finally:
                store.close()
        except ConfigurationError as error:
            print(f"scrapy quarantine: {error}", file=sys.stderr)
            self.exitcode = Exit.USAGE
        except DeliveryError as error:
            print(f"scrapy quarantine: not delivered, safe in the outbox: {error}", file=sys.stderr)
            self.exitcode = Exit.UNDELIVERED


def _done(verb: str, keys: list[str], raw: bool, store: Store, config: Configuration, settings: BaseSettings) -> int:
    if verb == "retry":
        return _retry(store, config, settings, [_find(store, key) for key in dict.fromkeys(keys)] or store.quarantined())
    if verb == "list":
        print_rows(map(_row, store.quarantined()), _COLUMNS)
    elif raw:
        sys.stdout.buffer.write(store.quarantined_page(_find(store, keys[0]).key).body)
    else:
        _show(_find(store, keys[0]))
    return Exit.OK


def _find(store: Store, prefix: str) -> Quarantined:
    found = store.quarantined(prefix)
    if len(found) != 1:
        fault = "several pages begin so; give more of the key" if found else "no such page; `scrapy quarantine list` lists them"
        raise ConfigurationError(f"{prefix}: {fault}")
    return found[0]


def _show(page: Quarantined) -> None:
    sheet = {**_row(page), "detail": page.detail, "run": page.run_id, "status": page.status, "headers": page.headers}
    if not sys.stdout.isatty():
        print_rows([sheet], {})
        return
    headers = [(name, value) for name, value in page.headers.items()]
    print_facts([(name, str(value)) for name, value in sheet.items() if name != "headers"] + headers)


def _retry(store: Store, config: Configuration, settings: BaseSettings, pages: list[Quarantined]) -> int:
    if not pages:
        return Exit.OK
    sink, runner = open_sink(config.sink, config.s3), Runner(config.worker_count, config.page_seconds, config.page_mib)
    try:
        outcomes = list(retry(store, sink, runner, load(settings), pages, clock.now(), config.limits))
    finally:
        runner.close()
    rows = []
    for page, settled in outcomes:
        name, detail = ("article", settled.id) if isinstance(settled, Article) else (str(settled.reason), settled.detail)
        rows.append({"page": page.key, "outcome": name, "detail": detail, "url": page.url})
    print_rows(rows, _OUTCOMES)
    stays = any(not isinstance(settled, Article) and settled.reason in QUARANTINED for _, settled in outcomes)
    return Exit.FAULT if stays else Exit.OK


def _row(page: Quarantined) -> dict[str, Any]:
    return {
        "page": page.key,
        "publisher": page.link.publisher,
        "reason": page.reason,
        "at": rfc3339(page.at),
        "size": page.size,
        "url": page.url,
    }
