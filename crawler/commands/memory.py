"""`scrapy memory`: what was learnt of publishers' boilerplate: shown, exported, imported, forgotten."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.commands.interruption import in_order
from crawler.commands.memoryrows import COLUMNS, PUBLISHER_COLUMNS, for_person, habit_rows, publisher_row, remembered
from crawler.commands.terminal import print_rows
from pipelines import clock
from pipelines.configuration import configuration
from pipelines.errors import ConfigurationError
from pipelines.store import Store, open_store

# Rows of a table, unless -n says otherwise; what is piped is all.
_SHOWN: Final = 40
_USAGE: Final = "scrapy memory takes show [PUBLISHER], export PUBLISHER ..., import [FILE] [PUBLISHER], or forget PUBLISHER ..."


class Command(ScrapyCommand):
    """Exit 0 when done; 2 for a publisher of which nothing is known, a file with a fault, or a store that is not there."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "show [PUBLISHER] | export PUBLISHER ... | import [FILE] [PUBLISHER] | forget PUBLISHER ..."

    def short_desc(self) -> str:
        return "Show what is learnt of a publisher's boilerplate: scrapy memory show example"

    def long_desc(self) -> str:
        return (
            "Shows the lines that a publisher's articles repeat, in how many of them, where, and whether they are dropped: a table in a "
            "terminal, JSON lines when piped. Without PUBLISHER, all publishers. Example: scrapy memory show example. scrapy memory "
            "export example > example.jsonl writes what is learnt to a file, and scrapy memory import example.jsonl merges such a file "
            "(or standard input), all of it or, where a line has a fault, nothing; with PUBLISHER it is taken for that one's. scrapy "
            "memory forget example deletes it; it is learnt anew. Articles that are stored or delivered do not change."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-n", dest="most", type=int, help=f"show: how many lines; 0: all; default: {_SHOWN} in a terminal")

    @in_order
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        verb, *names = args or ["show"]
        verbs: dict[str, Callable[[Store], None]] = {
            "show": lambda store: _show(store, names, opts.most),
            "export": lambda store: _export(store, names),
            "import": lambda store: _import(store, names),
            "forget": lambda store: _forget(store, names),
        }
        least, most = {"show": (0, 1), "import": (0, 2)}.get(verb, (1, len(names)))
        if verb not in verbs or not least <= len(names) <= most:
            raise UsageError(_USAGE, print_help=False)
        try:
            # A new store may begin with what another one learnt.
            store = open_store(configuration(self.settings.get).store, must_exist=verb != "import")
            try:
                verbs[verb](store)
            finally:
                store.close()
        except ConfigurationError as error:
            print(f"scrapy memory: {error}", file=sys.stderr)
            self.exitcode = 2


def _show(store: Store, names: list[str], most: int | None) -> None:
    today = clock.now().date().isoformat()
    if not names:
        print_rows([publisher_row(name, store.habits(name), today) for name in store.remembered()], PUBLISHER_COLUMNS)
        return
    habits = remembered(store, names[0])
    rows = habit_rows(habits, today)
    terminal = sys.stdout.isatty()
    shown = rows[: (_SHOWN if terminal else None) if most is None else most or None]
    title = f"{names[0]}: {habits.articles.get('', 0)} articles, {len(shown)} of {len(rows)} habits"
    print_rows(map(for_person, shown) if terminal else shown, COLUMNS, title=title)


def _export(store: Store, names: list[str]) -> None:
    from pipelines.habitfile import lines

    for name, habits in [(name, remembered(store, name)) for name in names]:
        sys.stdout.buffer.writelines(lines(name, habits))


def _import(store: Store, names: list[str]) -> None:
    from pipelines.habitfile import parse

    files = [name for name in names if name == "-" or Path(name).is_file()]
    others = [name for name in names if name not in files]
    if len(files) > 1 or len(others) > 1:
        raise ConfigurationError(f"{names[-1]}: import takes one FILE and one PUBLISHER; is there such a file?")
    if not files and sys.stdin.isatty():
        raise ConfigurationError(f"{names[0] if names else 'import'}: no such file, and nothing is piped to standard input")
    named = files[0] if files and files != ["-"] else None
    source = Path(named).read_bytes().splitlines() if named else sys.stdin.buffer
    found = parse(source, named or "standard input")
    if others and len(found) > 1:
        raise ConfigurationError(f"the file is of {', '.join(sorted(found))}; import it without {others[0]}")
    for name, habits in found.items():
        store.merge_habits(others[0] if others else name, habits)
        print(f"{others[0] if others else name}: {len(habits.each)} habits merged", file=sys.stderr)


def _forget(store: Store, names: list[str]) -> None:
    for name in names:
        remembered(store, name)
    for name in names:
        print(f"{name}: {store.forget_habits(name)} habits forgotten", file=sys.stderr)
