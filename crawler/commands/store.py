"""`scrapy store`: whether the store is sound, and a damaged or missing one made anew."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.commands.terminal import counted_rows
from pipelines import clock
from pipelines.configuration import Configuration, configuration
from pipelines.delivery.sinks import open_sink
from pipelines.errors import ConfigurationError, DeliveryError, Exit, StoreError
from pipelines.rebuild import is_new, rebuild, store_fault


class Command(ScrapyCommand):
    """Exit 0 when the store is sound, or sound again; 1 when `check` finds damage; 2 usage; 4 when the sink cannot be read."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "check | rebuild [--force]"

    def short_desc(self) -> str:
        return "Check the store, or make a damaged or lost one anew: scrapy store rebuild"

    def long_desc(self) -> str:
        return (
            "scrapy store check reads the store through and says what is wrong with it. Example: scrapy store rebuild moves a damaged "
            "store aside and makes a new one: what was delivered is known again from the parts that the sink's manifests name, and "
            "what can be read of the outbox is saved for the next run or scrapy deliver. A store that is sound is left alone unless "
            "--force is given. Exit code: 0 it is sound, or sound again; 1 check found damage; 2 a wrong argument or setting, or "
            "another process uses the store; 4 the sink cannot be read now, and nothing was changed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--force", action="store_true", help="make a sound store anew, too")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if args not in (["check"], ["rebuild"]):
            raise UsageError("give check or rebuild: scrapy store check", print_help=False)
        try:
            config = configuration(self.settings.get)
            fault = "there is none" if is_new(config.store) else _fault(config.store, forced=opts.force)
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


def _fault(url: str, *, forced: bool) -> str | None:
    """What is wrong with the store; with --force also where nothing shows that the file ever was one."""
    try:
        return store_fault(url)
    except StoreError as error:
        if not forced:
            raise
        return str(error)
