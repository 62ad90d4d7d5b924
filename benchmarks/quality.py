"""Quality: what extraction gives on a folder of pages beside their truth (`benchmarks/truths.py` has the format).

    make quality                        the pages in this repository, which may not fall below their baseline.json
    make quality PAGES=folder           any folder of pages with truth
    python -m benchmarks.quality FOLDER --keep     the figures become the folder's baseline

A table in a terminal, JSON lines when piped. Exit code: 0; 1 if a figure is below the folder's baseline; 2 if there is no truth.
No publisher file is used: these are the figures of a site that nobody has described.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from benchmarks.measures import averages, scores
from benchmarks.truths import NoTruth, Truth, read_truths
from crawler.commands.documents import file_page
from crawler.commands.terminal import print_rows
from pipelines.delivery.schema import to_dict
from pipelines.finish import finish
from pipelines.items import Article, Draft, Memory, Page
from pipelines.publishers import Publisher, publisher_of
from pipelines.runner import Outcome, Runner

PAGES = Path(__file__).resolve().parent / "quality_pages"
BASELINE = "baseline.json"
# A baseline is written with so many digits; what is lost behind them is no fall.
DIGITS = 4
_COLUMNS = {"set": "set", "measure": "measure", "figure": "figure", "baseline": "baseline", "pages": "pages"}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make quality", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[PAGES], help="folders of pages with truth")
    parser.add_argument("--keep", action="store_true", help="write the figures as each folder's baseline.json")
    options = parser.parse_args(arguments)
    try:
        sets = {folder: read_truths(folder) for folder in options.folders}
    except NoTruth as error:
        print(f"make quality: {error}", file=sys.stderr)
        return 2
    rows: list[dict[str, Any]] = []
    for folder, truths in sets.items():
        figures = averages(_scored(truths))
        if options.keep:
            (folder / BASELINE).write_text(json.dumps(_rounded(figures), indent=2) + "\n", encoding="utf-8")
        rows += _rows(folder, figures, baseline(folder), len(truths))
    print_rows(rows, _COLUMNS)
    return 1 if any(row["fell"] for row in rows) else 0


def page_of(truth: Truth) -> Page:
    """The page as it was fetched."""
    page = file_page(truth.file, truth.url or None, truth.fetched_at, datetime.now(UTC))
    if truth.encoding:
        page.headers["content-type"] += f"; charset={truth.encoding}"
    return page


def article_of(outcome: Outcome) -> dict[str, Any]:
    """The article of an outcome as a reader of its line gets it; empty for a page that was rejected."""
    settled = finish(outcome, Memory()) if isinstance(outcome, Draft) else outcome
    return to_dict(settled) if isinstance(settled, Article) else {}


def baseline(folder: Path) -> dict[str, float]:
    """The figures below which the folder's may not fall; none for a folder without them."""
    path = folder / BASELINE
    kept: dict[str, float] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return kept


def fallen(figures: Mapping[str, float], kept: Mapping[str, float]) -> list[str]:
    """The measures that are below their baseline, or gone."""
    rounded = _rounded(figures)
    return [name for name, floor in kept.items() if rounded.get(name, 0.0) < floor]


def _scored(truths: list[Truth]) -> Iterator[dict[str, float]]:
    runner = Runner()
    pages: Iterable[tuple[Truth, Page, Publisher]] = ((truth, page_of(truth), publisher_of(truth.url, ())) for truth in truths)
    outcomes = track(runner.map(pages), "pages", total=len(truths), console=Console(stderr=True), transient=True)
    try:
        for truth, outcome in outcomes:
            yield scores(truth, article_of(outcome))
    finally:
        runner.close()


def _rows(folder: Path, figures: dict[str, float], kept: dict[str, float], pages: int) -> list[dict[str, Any]]:
    fell = fallen(figures, kept)
    return [
        {"set": folder.name, "measure": name, "figure": value, "baseline": kept.get(name), "pages": pages, "fell": name in fell}
        for name, value in _rounded(figures).items()
    ]


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, DIGITS) for name, value in figures.items()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
