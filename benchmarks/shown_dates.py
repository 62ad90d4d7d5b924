"""The day that a page shows its reader against the day that it tells machines. No truth is needed, so any saved pages will do.

    python -m benchmarks.shown_dates FOLDER... [--misses]

Every page whose JSON-LD or meta tags give its publication is read once more with all that is written for machines taken out:
scripts, meta tags about dates, and the attributes that hold them. What the second reading answers rests on the visible page
alone, and is right where it gives the same day. A site that shows the day of its last change counts as another day here.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks.speed import saved_pages
from crawler.commands.terminal import table
from pipelines.items import Draft, Page
from pipelines.publishers import Publisher
from pipelines.runner import extract_inline
from pipelines.values import DateSource

_FOR_MACHINES = (
    re.compile(r"<script\b.*?</script>", re.S | re.I),
    re.compile(r"<meta\b[^>]*(?:date|time|publish|modif|created|issued)[^>]*>", re.I),
    re.compile(r"""\b(?:datetime|itemprop|content)=(?:"[^"]*"|'[^']*')""", re.I),
)
_PUBLISHER = Publisher(id="bench")
_COLUMNS = {"answer": "", "pages": "pages", "share": "share"}


def main(arguments: list[str]) -> int:
    """0, or 2 if no page tells machines its date."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shown_dates", description=__doc__)
    parser.add_argument("pages", nargs="+", type=Path, help="folders of saved pages, .html or .html.gz")
    parser.add_argument("--misses", action="store_true", help="name each page that shows another day or none")
    options = parser.parse_args(arguments)
    console = Console(width=100)
    answers: Counter[str] = Counter()
    is_piped = not sys.stderr.isatty()
    for page in track(saved_pages(options.pages), "reading", console=Console(stderr=True), transient=True, disable=is_piped):
        told = _day(page, declared=True)
        if told is None:
            continue
        shown = _day(replace(page, body=_visible(page.body)), declared=False)
        answer = "none" if shown is None else "the same day" if shown == told else "another day"
        answers[answer] += 1
        if options.misses and shown != told:
            console.print(f"{page.url.rpartition('/')[2]}: tells {told}, shows {shown or 'none'}")
    if not answers:
        print("shown_dates: no page among them tells machines its date", file=sys.stderr)
        return 2
    rows = [{"answer": each, "pages": str(n), "share": f"{n / answers.total():.3f}"} for each, n in answers.most_common()]
    console.print(table(rows, _COLUMNS, title=f"days that {answers.total()} pages show"))
    return 0


def _day(page: Page, *, declared: bool) -> str | None:
    """The local day of publication; None where there is none, or none that JSON-LD or a meta tag declares if that is asked for."""
    draft = extract_inline(page, _PUBLISHER)
    if not isinstance(draft, Draft) or draft.datePublishedLocal is None:
        return None
    is_declared = draft.datePublishedSource in (DateSource.JSONLD, DateSource.META)
    return draft.datePublishedLocal[:10] if is_declared or not declared else None


def _visible(body: bytes) -> bytes:
    """The page without what it has for machines, in UTF-8."""
    text = body.decode(errors="replace")
    for pattern in _FOR_MACHINES:
        text = pattern.sub("", text)
    return text.encode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
