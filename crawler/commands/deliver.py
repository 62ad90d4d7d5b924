"""`scrapy deliver`: everything that the outbox holds goes to the sink, without crawling."""

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
from pipelines.deliver import Recovered, recover
from pipelines.delivery.manifest import manifest_key
from pipelines.delivery.sinks import Sink, open_sink
from pipelines.errors import ConfigurationError, DeliveryError, Exit
from pipelines.lost import find_lost
from pipelines.store import Store, open_store

_COLUMNS: Final = {
    "run": "run",
    "verdict": "verdict",
    "articles": "articles",
    "parts": "parts",
    "manifest": "manifest",
    "error": "error",
}


class Command(ScrapyCommand):
    """Exit 0 when everything is in the sink; 2 a wrong setting; 3 what was delivered before is gone; 4 something stays in the outbox."""

    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        return "Deliver what stopped and killed runs left in the outbox: scrapy deliver -s NEWS_STORE=sqlite:///srv/store.db"

    def long_desc(self) -> str:
        return (
            "Delivers the articles of every run whose process is gone, the oldest run first, and writes their manifests; nothing is "
            "fetched. One JSON line a run when piped, a table in a terminal. Example: scrapy deliver -s NEWS_STORE=sqlite:///srv/store.db. Exit code: 0 everything is in "
            "the sink; 2 a wrong setting; 3 parts that were delivered before are gone from the sink; 4 something stays in the outbox, which the message on standard error explains; run it again."
        )

    @in_order
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if args:
            raise UsageError("scrapy deliver takes no arguments", print_help=False)
        try:
            config = configuration(self.settings.get)
            store = open_store(config.store, must_exist=True)
            try:
                self.exitcode = _deliver(store, config)
            finally:
                store.close()
        except ConfigurationError as error:
            print(f"scrapy deliver: {error}", file=sys.stderr)
            self.exitcode = 2


def _deliver(store: Store, config: Configuration) -> int:
    """The exit code of delivering all that can be delivered now."""
    sink = open_sink(config.sink, config.s3)
    with counted_rows("delivered", store.waiting().rows) as advance:
        runs = recover(store, sink, clock.now(), limits=config.limits, tell=lambda part: advance(part.rows))
    print_rows(map(_row, runs), _COLUMNS)
    for run in runs:
        if run.error:
            print(f"scrapy deliver: run {run.run_id} is not delivered: {run.error}", file=sys.stderr)
    left = [run for run in store.runs() if run.ended is None]
    if left:
        live = [run.run_id for run in left if store.is_live(run.run_id)]
        under_way = f"; {', '.join(live)} is under way and delivers its own" if live else ""
        print(
            f"scrapy deliver: {store.waiting().rows} articles of {len(left)} runs stay in the outbox{under_way}",
            file=sys.stderr,
        )
    return 4 if left else _look_back(store, sink)


def _look_back(store: Store, sink: Sink) -> int:
    """The exit code of a look at whether the sink has all that it was given; a manifest that is gone is put again."""
    try:
        lost = find_lost(store, sink)
    except DeliveryError as error:
        print(f"scrapy deliver: whether the sink has what was delivered before is not known: {error}", file=sys.stderr)
        return Exit.UNDELIVERED
    if lost:
        print(f"scrapy deliver: {sink.address}: {lost}", file=sys.stderr)
    return Exit.DEGRADED if lost.gone else Exit.OK


def _row(run: Recovered) -> dict[str, Any]:
    manifest = run.manifest
    return {
        "run": run.run_id,
        "verdict": manifest.verdict if manifest else None,
        "articles": manifest.rows if manifest else None,
        "parts": len(manifest.parts) if manifest else None,
        "manifest": manifest_key(run.run_id) if manifest else None,
        "error": run.error,
    }
