"""CPU a page: the whole chain over `trafilatura.extract(with_metadata=True)`, on the same pages in the same run.

    make bench                          the example newsroom's pages
    make bench PAGES=folder             a folder of saved pages, .html or .html.gz

The chain is what a crawl does to a fetched page: extract, recall, finish, serialise and commit to a store, then pack the
part. The two take turns page by page, first the one, then the other, so that both meet the same noise. Limit: 0.9 on pages of at least 100 KiB on average.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import trafilatura
from rich.console import Console
from rich.progress import track

import pipelines.warm  # noqa: F401 -- what a worker does before its first page
from crawler.commands.terminal import table
from pipelines.delivery.batches import pack
from pipelines.delivery.schema import to_line
from pipelines.items import Article, Link, Page
from pipelines.publishers import Publisher
from pipelines.runner import extract_inline
from pipelines.settle import settle
from pipelines.store.open import open_store
from pipelines.store.protocol import Store

NEWSROOM = Path(__file__).resolve().parent.parent / "examples" / "newsroom" / "sites"
LIMIT = 0.9
# News pages have 265 KiB on average (the dev pages); on the newsroom's 14 KiB what is done once a page weighs twenty times as much.
WEB_KIB = 100
_COLUMNS = {"what": "", "ours": "ours", "theirs": "trafilatura", "ratio": "ratio"}
_PUBLISHER = Publisher(id="bench", timezone="UTC")


def main(arguments: list[str]) -> int:
    """0 if the ratio is within the limit, 1 if it is not, 2 if there are no pages."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("pages", nargs="*", type=Path, default=[NEWSROOM], help="folders of saved pages")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    pages = saved_pages(options.pages)
    if not pages:
        print(f"make bench: no .html or .html.gz below {', '.join(map(str, options.pages))}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite://{Path(folder).resolve()}/bench.db")
        ratios = [_round(pages, store, number) for number in range(-1, options.rounds)][1:]
        store.close()
    best = min(ratios, key=lambda row: row[2])
    middle = statistics.median(row[2] for row in ratios)
    rows = [{"what": f"round {n}", **_row(row)} for n, row in enumerate(ratios, 1)]
    Console(width=100).print(
        table(rows, _COLUMNS, title=f"CPU ms a page, {len(pages)} pages of {_mean_kib(pages):.0f} KiB on average")
    )
    binding = _mean_kib(pages) >= WEB_KIB
    limit = f"limit {LIMIT}" if binding else f"no limit: it is for pages as the web has them, {WEB_KIB} KiB and more"
    print(f"ratio {middle:.2f} (median of {len(ratios)} rounds, lowest {best[2]:.2f}), {limit}")
    return 0 if middle <= LIMIT or not binding else 1


def _round(pages: list[Page], store: Store, number: int) -> tuple[float, float, float]:
    """(ours, theirs, ratio): CPU milliseconds a page. The round before the first loads what is loaded lazily."""
    run_id, now = f"bench-{number}", datetime.now(UTC)
    store.start_run(run_id, "bench", now)
    lines: list[bytes] = []
    ours = theirs = 0.0
    for index, page in enumerate(track(pages, f"round {number + 1}", console=Console(stderr=True), transient=True)):
        # A URL of its own in each round, or the store would know the page.
        fresh = replace(page, url=f"{page.url}?round={number}", link=Link(f"{page.url}?round={number}", "bench"))
        turns: list[Callable[[], float]] = [
            lambda fresh=fresh: _cpu(lambda: lines.append(_chain(fresh, store, run_id, now))),
            lambda page=page: _cpu(lambda: trafilatura.extract(page.body, url=page.url, with_metadata=True)),
        ]
        first = index % 2
        spent = {first: turns[first](), 1 - first: turns[1 - first]()}
        ours, theirs = ours + spent[0], theirs + spent[1]
    ours += _cpu(lambda: pack(line for line in lines if line))
    scale = 1000 / len(pages)
    return ours * scale, theirs * scale, ours / theirs


def _chain(page: Page, store: Store, run_id: str, now: datetime) -> bytes:
    outcome = extract_inline(page, _PUBLISHER)
    settled = settle(store, page, outcome, run_id, now)
    return to_line(settled) if isinstance(settled, Article) else b""


def _cpu(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def saved_pages(folders: Iterable[Path]) -> list[Page]:
    """The pages below the folders, `.html` or `.html.gz`, by folder and then by path."""
    return [saved_page(path) for folder in folders for path in sorted(folder.rglob("*.html*"))]


def saved_page(path: Path) -> Page:
    body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    url = f"http://bench.example/{path.name}"
    return Page(url, body, datetime.now(UTC), Link(url, "bench"), headers={"content-type": "text/html"})


def _row(row: tuple[float, float, float]) -> dict[str, str]:
    return {"ours": f"{row[0]:.1f}", "theirs": f"{row[1]:.1f}", "ratio": f"{row[2]:.2f}"}


def _mean_kib(pages: list[Page]) -> float:
    return statistics.mean(len(page.body) for page in pages) / 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
