"""What a person sees in a terminal; where standard output is a pipe, one JSON line instead."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pipelines.delivery.schema import to_json
from pipelines.items import Article, Rejected
from pipelines.values import BlockType


def print_sheet(outcome: Article | Rejected) -> None:
    """The article as a readable sheet; a rejection with its reason."""
    if not sys.stdout.isatty():
        sys.stdout.buffer.write(to_json(outcome if isinstance(outcome, Article) else _rejection(outcome)))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console()
    if isinstance(outcome, Rejected):
        console.print(Text(f"rejected: {outcome.reason}: {outcome.detail}", style="bold red"))
        return
    console.print(
        Text(outcome.headline or "(no headline)", style="bold"), Text(outcome.description or "", style="italic"), "", sep="\n"
    )
    print_facts(_facts(outcome))
    console.print()
    for block in outcome.blocks:
        console.print(
            Text(_MARKS.get(block.type, "") + block.text, style="bold" if block.type is BlockType.HEADING else ""), "", sep="\n"
        )
    for drop in outcome.extraction.removed:
        console.print(Text(f"{drop.rule:>24}  ", style="red").append(drop.text[:90], style="dim"))


def _rejection(outcome: Rejected) -> dict[str, str]:
    return {"outcome": "rejected", "reason": outcome.reason, "detail": outcome.detail}


def print_rows(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str], *, title: str = "") -> None:
    """Rows as a table in a terminal, as JSON lines in a pipe. `columns`: key to heading."""
    if not sys.stdout.isatty():
        for row in rows:
            sys.stdout.buffer.write(to_json(row))
        return
    from rich.console import Console

    Console().print(table(rows, columns, title=title))


def print_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Names and values below each other, for a person."""
    from rich.console import Console
    from rich.text import Text

    for name, value in facts:
        Console().print(Text(f"{name:>12}  ", style="cyan").append(value, style="default"))


@contextmanager
def counted_rows(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error for a person, `total` long if that is known, and the function that advances it; nothing where it is no terminal."""
    if not sys.stderr.isatty():
        yield lambda rows: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda rows: bar.advance(task, rows)


def table(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str], *, title: str = "") -> Any:
    """A rich table; numbers stand to the right."""
    from rich.table import Table
    from rich.text import Text

    drawn = Table(title=title or None, title_justify="left")
    listed = list(rows)
    for key, heading in columns.items():
        numeric = all(isinstance(row.get(key), (int, float)) for row in listed)
        drawn.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in listed:
        drawn.add_row(*(Text("" if row.get(key) is None else str(row[key])) for key in columns))
    return drawn


_MARKS = {BlockType.LIST_ITEM: "• ", BlockType.QUOTE: "> ", BlockType.LIVE_UPDATE: "▸ "}


def _facts(article: Article) -> list[tuple[str, str]]:
    published = article.datePublishedLocal or article.datePublished
    source = f" ({article.datePublishedSource}, {article.datePublishedZoneSource or 'no zone'})" if published else ""
    facts = {
        "publisher": article.publisher.name or article.publisher.id,
        "published": f"{published or 'unknown'}{source}",
        "modified": article.dateModified,
        "authors": ", ".join(author.name for author in article.authors),
        "section": article.articleSection,
        "keywords": ", ".join(article.keywords),
        "language": article.inLanguage,
        "words": str(article.wordCount),
        "flags": ", ".join(article.flags),
        "id": article.id,
        "url": article.url,
    }
    return [(name, value) for name, value in facts.items() if value]
