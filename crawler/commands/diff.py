"""`scrapy diff`: what changed between the versions of an article."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from itertools import pairwise
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.commands.interruption import in_order
from pipelines.configuration import configuration
from pipelines.delivery import lake
from pipelines.delivery.schema import to_json
from pipelines.delivery.sinks import Sink, open_sink
from pipelines.errors import ConfigurationError, DeliveryError
from pipelines.history import differences
from pipelines.items import Link
from pipelines.store import Store, open_store

_STYLES = {"same": ("  ", "dim"), "removed": ("- ", "red"), "added": ("+ ", "green")}


class Command(ScrapyCommand):
    """Exit 0 where the article is known; 2 where it is not, or a setting is wrong; 4 where the sink cannot be read."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "<id|url>"

    def short_desc(self) -> str:
        return "Show what changed between an article's versions: scrapy diff https://www.example.com/story"

    def long_desc(self) -> str:
        return (
            "Shows what changed from each version of an article to the next: its class, the fields, the lines of the body. The article is "
            "named by its id, or by an address it was fetched from. Example: scrapy diff 8c15a8a9da9c785ecb9385db202f4fd2. In a pipe "
            "each pair of versions is one JSON line: id, version, changeClass, fields (field, before, after) and lines (op, text)."
        )

    @in_order
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if len(args) != 1:
            raise UsageError("give one article: scrapy diff ID, or scrapy diff URL", print_help=False)
        try:
            config = configuration(self.settings.get)
            store = open_store(config.store, must_exist=True)
            try:
                versions = _versions(store, open_sink(config.sink), args[0])
            finally:
                store.close()
        except (ConfigurationError, DeliveryError) as error:
            print(f"scrapy diff: {error}", file=sys.stderr)
            self.exitcode = 4 if isinstance(error, DeliveryError) else 2
            return
        _print(versions)


def _versions(store: Store, sink: Sink, named: str) -> list[dict[str, Any]]:
    """The article's versions as the lake has them, by number. Raises ConfigurationError where there is none."""
    known = store.watched(Link(named, "")) if "/" in named else None
    article_id = known.id if known else named
    runs = store.runs_of(article_id)
    days = {str(day) for run in runs for day in _days(run.started.date(), (run.closed or run.started).date())}
    found = {row["version"]: row for day in sorted(days) for row in _rows(sink, day, article_id)}
    if not found:
        why = (
            "its versions are not delivered yet; run `scrapy deliver`"
            if runs
            else "name its id, or the address it was fetched from"
        )
        raise ConfigurationError(f"{named}: no such article in {sink.address}: {why}")
    return [found[version] for version in sorted(found)]


def _days(first: Any, last: Any) -> Iterable[Any]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _rows(sink: Sink, day: str, article_id: str) -> list[dict[str, Any]]:
    """The article's rows of one crawl day; only lines that hold its id are read as JSON."""
    rows = (json.loads(line) for line in lake.lines(sink, day) if article_id.encode() in line)
    return [row for row in rows if row["id"] == article_id]


def _print(versions: list[dict[str, Any]]) -> None:
    changes = [_change(before, after) for before, after in pairwise(versions)]
    if not sys.stdout.isatty():
        for change in changes:
            sys.stdout.buffer.write(to_json(change))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console()
    newest = versions[-1]
    console.print(Text(newest["headline"] or newest["url"], style="bold"), Text(newest["url"], style="dim"), sep="\n")
    if not changes:
        console.print(Text(f"one version, of {newest['dateDownloaded']}", style="dim"))
    for change in changes:
        console.print(Text(f"\nversion {change['version']}: {change['changeClass'] or 'unknown class'}", style="cyan bold"))
        for field in change["fields"]:
            console.print(Text(field["field"], style="cyan"), Text(f"- {field['before']}", style="red"), sep="\n")
            console.print(Text(f"+ {field['after']}", style="green"))
        for line in change["lines"]:
            mark, style = _STYLES[line["op"]]
            console.print(Text(mark + line["text"], style=style))


def _change(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": after["id"],
        "version": after["version"],
        "changeClass": after["changeClass"],
        "dateDownloaded": after["dateDownloaded"],
        "fields": [asdict(change) for change in differences.fields(before, after)],
        "lines": [asdict(change) for change in differences.lines(before, after)],
    }
