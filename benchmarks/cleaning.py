"""CPU of a page's cleaning: what the text costs beyond plain body extraction.

    make bench                          the example newsroom's pages
    make bench PAGES=folder             a folder of saved pages, .html or .html.gz

Plain is Trafilatura on the page's tree. Beyond it come the places of the passages, what the rescue adds, the rules, the block
model, and the traces that the publisher's memory compares. Limit: 6 ms more in the mean.
"""

from __future__ import annotations

import statistics
import sys
from copy import copy

from rich.console import Console

from benchmarks.dates import COLUMNS, costs_of, cpu_ms, row_of
from crawler.commands.terminal import table
from pipelines.extraction import body, markup, metadata
from pipelines.extraction.body import baseline
from pipelines.extraction.clean import clean
from pipelines.history.boilerplate import traces_of
from pipelines.items import Page, Rejected
from pipelines.publishers import Publisher
from pipelines.values import Block

LIMIT_MS = 6.0
_PUBLISHER = Publisher(id="bench")


def main(arguments: list[str]) -> int:
    """0 if the limit holds, 1 if it does not, 2 if there are no pages."""
    costs = costs_of(arguments, str(__doc__), _costs)
    if not costs:
        return 2
    plain, whole = ([cost[index] for cost in costs] for index in (0, 1))
    more = [after - before for before, after in costs]
    rows = [{"what": what, **row_of(spent)} for what, spent in (("plain body", plain), ("cleaned text", whole), ("more", more))]
    Console(width=100).print(table(rows, COLUMNS, title=f"CPU ms of a page's text, {len(costs)} pages"))
    print(f"limit for what is more: {LIMIT_MS:.0f} ms in the mean")
    return 0 if statistics.mean(more) <= LIMIT_MS else 1


def _costs(page: Page) -> tuple[float, float] | None:
    """CPU milliseconds of the plain body and of the cleaned text, or None for a page without a tree."""
    parsed = markup.parse(page)
    if isinstance(parsed, Rejected) or parsed.tree is None:
        return None
    tree, found = parsed.tree, metadata.read(parsed.tree, page)

    def cleaned() -> None:
        kept = clean(body.blocks(tree, found), found, _PUBLISHER).kept
        traces_of([Block(passage.type, passage.text) for passage in kept], found.heading)

    return cpu_ms(lambda: baseline.passages(copy(tree), thorough=False)), cpu_ms(cleaned)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
