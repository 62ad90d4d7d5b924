"""`scrapy store`: whether the store is sound, a damaged or missing one made anew, and the parts that none of its runs named."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import Final

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.commands.interruption import in_order
from crawler.commands.terminal import counted_rows, print_rows
from pipelines import clock
from pipelines.configuration import Configuration, configuration
from pipelines.delivery.lake import live_parts
from pipelines.delivery.sinks import open_sink
from pipelines.errors import ConfigurationError, DeliveryError, Exit, SinkError, StoreError
from pipelines.rebuild import is_new, older_than_sink, rebuild, store_fault
from pipelines.store.open import open_store
from pipelines.unnamed import Unnamed, find_unnamed, remove_copies

_COLUMNS: Final = {"key": "part that no manifest names", "rows": "rows", "state": "state", "removed": "removed"}


class Command(ScrapyCommand):
    """Exit 0 when the store is sound, or sound again; 1 when `check` finds damage; 2 usage; 4 when the sink cannot be read."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "check | rebuild [--force] | unnamed [--remove]"

    def short_desc(self) -> str:
        return "Check the store, or make a damaged or lost one anew: scrapy store rebuild"

    def long_desc(self) -> str:
        return (
            "scrapy store check reads the store through, asks the sink whether it knows a later state, and says what is wrong. Example: scrapy store rebuild moves a damaged "
            "store aside and makes a new one: what was delivered is known again from the parts that the sink's manifests name, and "
            "what can be read of the outbox is saved for the next run or scrapy deliver. A store that is sound is left alone unless "
            "--force is given. scrapy store unnamed lists the parts in the sink that no manifest names; --remove removes those whose "
            "articles named parts have, too. Exit code: 0 it is sound, or sound again; 1 check found damage; 2 a wrong argument or setting, or "
            "another process uses the store; 4 the sink cannot be read now, and nothing was changed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--force", action="store_true", help="make a sound store anew, too")
        parser.add_argument("--remove", action="store_true", help="remove unnamed parts that are copies")

    @in_order
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if args not in (["check"], ["rebuild"], ["unnamed"]):
            raise UsageError("give check, rebuild or unnamed: scrapy store check", print_help=False)
        try:
            config = configuration(self.settings.get)
            if args == ["unnamed"]:
                print_rows(map(asdict, _unnamed(config, remove=opts.remove)), _COLUMNS)
                self.exitcode = Exit.OK
                return
            fault = "there is none" if is_new(config.store) else _fault(config, forced=opts.force)
            if args == ["check"]:
                print(f"{config.store}: {fault or 'sound'}")
                self.exitcode = Exit.FAULT if fault else Exit.OK
            elif fault or opts.force:
                self._rebuild(config, fault or "asked for")
            else:
                print(f"{config.store}: sound; --force makes it anew all the same")
        except ConfigurationError as error:
            print(f"scrapy store: {error}", file=sys.stderr)
            self.exitcode = Exit.USAGE
        except DeliveryError as error:
            print(f"scrapy store: {error}; nothing was changed", file=sys.stderr)
            self.exitcode = Exit.UNDELIVERED

    def _rebuild(self, config: Configuration, reason: str) -> None:
        with counted_rows("articles", None) as advance:
            print(rebuild(config.store, open_sink(config.sink, config.s3), clock.now(), reason, advance))


def _unnamed(config: Configuration, *, remove: bool) -> list[Unnamed]:
    sink = open_sink(config.sink, config.s3)
    store = None if is_new(config.store) else open_store(config.store)
    try:
        with counted_rows("rows", sum(part.rows for part in live_parts(sink))) as advance:
            found = find_unnamed(store, sink, clock.now(), config.grace, advance)
        return remove_copies(sink, found) if remove else found
    finally:
        if store:
            store.close()


def _fault(config: Configuration, *, forced: bool) -> str | None:
    """What is wrong with the store; with --force also where nothing shows that the file ever was one."""
    try:
        return store_fault(config.store, deep=True) or older_than_sink(config.store, open_sink(config.sink, config.s3))
    except (DeliveryError, SinkError) as error:
        print(f"scrapy store: whether the sink knows a later state of the store is not known: {error}", file=sys.stderr)
        return None
    except StoreError as error:
        if not forced:
            raise
        return str(error)
