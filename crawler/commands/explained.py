"""What `scrapy extract --explain` prints: a page's text in its order, kept and dropped, and where each field came from."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from crawler.commands.documents import Document
from crawler.commands.terminal import print_rows
from crawler.reporting.explanations import explanations_report
from crawler.reporting.render import legible
from pipelines.delivery.schema import to_json
from pipelines.errors import ConfigurationError
from pipelines.explanation import Choice, Cut, Explanation, Fate, rejected
from pipelines.publishers import Publisher
from pipelines.runner import Runner
from pipelines.store.protocol import ARTICLE
from pipelines.values import BlockType

if TYPE_CHECKING:
    from rich.console import Console

_COLUMNS: Final = {
    "page": "page",
    "outcome": "outcome",
    "headline": "headline",
    "kept": "kept",
    "dropped": "dropped",
    "changed": "changed",
}
_GUTTER: Final = 24


def explain_documents(
    runner: Runner, documents: Iterable[tuple[Document, Publisher]], html: Path | None, now: datetime
) -> bool:
    """Print the documents' explanations, or write them to `html` and print a row for each; True if all gave articles.

    Raises ConfigurationError if the file cannot be written.
    """
    outcomes: set[str] = set()

    def explained() -> Iterator[tuple[Any, Explanation]]:
        pages = (((document, owner), document.page, owner) for document, owner in documents)
        for (document, owner), told in runner.explain(pages):
            explanation = told if isinstance(told, Explanation) else rejected(document.url, owner.id, told)
            outcomes.add(explanation.outcome)
            yield document.id, explanation

    if html:
        _write(list(explained()), html, now)
    else:
        _print_all(explained())
    return outcomes == {ARTICLE}


def _print_all(explained: Iterable[tuple[Any, Explanation]]) -> None:
    """Each page as a coloured list in a terminal, or as one JSON line `{id, explanation}` in a pipe."""
    if not sys.stdout.isatty():
        for key, explanation in explained:
            sys.stdout.buffer.write(to_json({"id": key, "explanation": explanation}))
            sys.stdout.buffer.flush()
        return
    from rich.console import Console

    console = Console()
    for _, explanation in explained:
        _print(console, explanation)


def _write(told: list[tuple[Any, Explanation]], path: Path, now: datetime) -> None:
    try:
        path.write_text(explanations_report([explanation for _, explanation in told], now), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"--html {path}: cannot be written: {error.strerror}; name a file in a folder that is there"
        ) from None
    print_rows([_row(key, explanation) for key, explanation in told], _COLUMNS, title=str(path))


def _row(key: Any, explanation: Explanation) -> dict[str, Any]:
    account = explanation.account
    return {
        "page": key,
        "outcome": explanation.reason or explanation.outcome,
        "headline": explanation.headline and legible(explanation.headline),
        "kept": account.kept,
        "dropped": account.dropped,
        "changed": account.changed,
    }


def _print(console: Console, explanation: Explanation) -> None:
    from rich.text import Text

    console.rule(Text(legible(explanation.headline or explanation.url), style="bold"), align="left")
    outcome = f"rejected: {explanation.reason}: {explanation.detail}" if explanation.reason else explanation.outcome
    _line(console, "outcome", outcome, "bold red" if explanation.reason else "green")
    account = explanation.account
    told = {
        "url": explanation.url,
        "publisher": explanation.publisher,
        "read by": explanation.recipe,
        "flags": ", ".join(explanation.flags),
    }
    told["characters"] = (
        f"{account.given} without white space: {account.kept} kept, {account.dropped} dropped, {account.changed} changed, "
        f"{account.lost} unaccounted for"
    )
    for name, value in told.items():
        if value:
            _line(console, name, value, "")
    console.print()
    for choice in explanation.fields:
        _print_choice(console, choice)
    console.print()
    for fate in explanation.passages:
        _print_fate(console, fate)


def _print_choice(console: Console, choice: Choice) -> None:
    _line(console, choice.field, ", ".join(choice.chosen) or "null", "bold")
    for each in choice.candidates:
        read_as = f" = {each.read_as}" if each.read_as else ""
        why = f", {each.why}" if each.why else ""
        mark, style = ("●", "") if each.chosen else ("○", "dim")
        _line(console, "", f"{mark} {each.value}{read_as} [{' · '.join(each.where)}{why}]", style)


def _print_fate(console: Console, fate: Fate) -> None:
    if fate.kept is not None:
        _line(console, fate.type, fate.kept, "bold" if fate.type is BlockType.HEADING else "", label="green")
    for cut in fate.cuts:
        _print_cut(console, cut)


def _print_cut(console: Console, cut: Cut) -> None:
    _line(console, cut.rule, cut.text.strip() or "(nothing visible)", "dim", label="red")
    for datum in cut.became:
        _line(console, "", f"→ {datum.field}" + (f": {datum.text}" if datum.text != cut.text else ""), "cyan")


def _line(console: Console, label_text: str, value: str, style: str, *, label: str = "cyan") -> None:
    """A label at the left, its value beside it, wrapped in its own column."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=_GUTTER, justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(legible(label_text), style=label), Text(legible(value), style=style))
    console.print(grid)
