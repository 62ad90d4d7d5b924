"""CPU of a page's dates: finding its clues in the markup, and resolving them to instants.

    make bench                          the example newsroom's pages
    make bench PAGES=folder             a folder of saved pages, .html or .html.gz

Limits: a median of 0.5 ms to resolve, and 50 ms for the longest page. Each page is measured once before it counts: what a
worker loads with the first text of a language is loaded by then. Finding has no limit of its own; it is part of the chain's.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from benchmarks.speed import NEWSROOM, saved_pages
from crawler.commands.terminal import table
from pipelines.extract import read
from pipelines.extraction import markup
from pipelines.extraction.metadata import datelines, islands
from pipelines.extraction.metadata.named import Named
from pipelines.items import Page, Rejected
from pipelines.normalizers.dates import resolve
from pipelines.publishers import Publisher
from pipelines.values import DateSource

ROUNDS = 3
MEDIAN_LIMIT_MS, LONGEST_LIMIT_MS = 0.5, 50.0
COLUMNS = {"what": "", "median": "median", "mean": "mean", "longest": "longest"}
_PUBLISHER = Publisher(id="bench")


def main(arguments: list[str]) -> int:
    """0 if both limits hold, 1 if one does not, 2 if there are no pages."""
    costs = costs_of(arguments, str(__doc__), _costs)
    if not costs:
        return 2
    finding, resolving = ([cost[index] for cost in costs] for index in (0, 1))
    rows = [{"what": what, **row_of(spent)} for what, spent in (("finding", finding), ("resolving", resolving))]
    Console(width=100).print(table(rows, COLUMNS, title=f"CPU ms of a page's dates, {len(costs)} pages"))
    print(f"limits for resolving: median {MEDIAN_LIMIT_MS}, longest {LONGEST_LIMIT_MS:.0f}")
    return 0 if statistics.median(resolving) <= MEDIAN_LIMIT_MS and max(resolving) <= LONGEST_LIMIT_MS else 1


def _costs(page: Page) -> tuple[float, float] | None:
    """CPU milliseconds of finding and of resolving a page's dates, or None for a page without a tree."""
    parsed = markup.parse(page)
    if isinstance(parsed, Rejected) or parsed.tree is None:
        return None
    tree, reading = parsed.tree, read(page, _PUBLISHER)
    found, clues = reading.found, [*reading.found.dates, *reading.cleaned.dates]
    bare = not any(clue.source is DateSource.JSONLD for clue in found.dates)
    return (
        cpu_ms(
            lambda: [*islands.dates(tree), *datelines.dates(tree, Named(tree), found.heading, page.url, with_microdata=bare)]
        ),
        cpu_ms(lambda: resolve(clues, _PUBLISHER, language=found.language, fetched_at=page.fetched_at)),
    )


def costs_of(
    arguments: list[str], description: str, measure: Callable[[Page], tuple[float, float] | None]
) -> list[tuple[float, float]]:
    """The pair of CPU milliseconds of each page of a benchmark's arguments; empty, and said so, where none can be measured."""
    parser = argparse.ArgumentParser(prog="make bench", description=description)
    parser.add_argument("pages", nargs="*", type=Path, default=[NEWSROOM], help="folders of saved pages")
    costs = [cost for page in saved_pages(parser.parse_args(arguments).pages) if (cost := measure(page))]
    if not costs:
        print("make bench: no page with a tree among them", file=sys.stderr)
    return costs


def cpu_ms(call: Callable[[], object]) -> float:
    """The least of a few calls: what a neighbour on the machine takes is not the page's."""
    call()
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        call()
        spent.append(time.process_time() - start)
    return 1000 * min(spent)


def row_of(spent: list[float]) -> dict[str, str]:
    """Median, mean and longest of some milliseconds, as a table shows them."""
    return {
        "median": f"{statistics.median(spent):.2f}",
        "mean": f"{statistics.mean(spent):.2f}",
        "longest": f"{max(spent):.1f}",
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
