"""`scrapy extract`: documents to articles, without crawling and without a store."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.commands.documents import fetched_page, file_page, jsonl_pages
from crawler.commands.terminal import print_sheet
from crawler.publishers import load
from pipelines.configuration import configuration
from pipelines.errors import ConfigurationError
from pipelines.items import Article, Draft, Memory, Page, Rejected
from pipelines.publishers import Publisher, publisher_of
from pipelines.runner import Outcome, Runner


class Command(ScrapyCommand):
    """One document as a sheet or a JSON line; with --jsonl, one answer a line of standard input, in order."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        return "[options] FILE|URL, or --jsonl < lines"

    def short_desc(self) -> str:
        return "Extract the article of a file or URL: scrapy extract page.html --url https://www.example.com/a"

    def long_desc(self) -> str:
        return (
            "Prints one article: a sheet in a terminal, JSON when piped. --jsonl reads lines {id, url, path, encoding, fetchedAt} "
            "and prints one outcome a line, in order. FILE may be HTML, Markdown with front matter, or a text dump, also .gz."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--jsonl", action="store_true", help="read JSON lines on standard input")
        parser.add_argument("--url", help="the address that the file was fetched from")
        parser.add_argument("--publisher", metavar="ID", help="the publisher file to read it by; default: the one with the URL's host")
        parser.add_argument("--fetched-at", metavar="TIME", help="when it was fetched, RFC 3339; default: now")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if bool(args) == opts.jsonl or len(args) > 1:
            raise UsageError("give one FILE or URL, or --jsonl with lines on standard input")
        try:
            config = configuration(self.settings.get)
            known = load(self.settings)
            chosen = _chosen(opts.publisher, known)
            document = None if opts.jsonl else self._document(args[0], opts, known)
        except ConfigurationError as error:
            print(f"scrapy extract: {error}", file=sys.stderr)
            self.exitcode = 2
            return
        runner = Runner(config.worker_count, config.page_seconds, config.page_mib)
        try:
            if document is None:
                _answer_lines(runner, chosen, known)
            else:
                self.exitcode = _answer(runner, document, chosen or publisher_of(document.url, known.values()))
        finally:
            runner.close()

    def _document(self, name: str, opts: argparse.Namespace, known: dict[str, Publisher]) -> Page:
        fetched_at = _time(opts.fetched_at)
        if name.startswith(("http://", "https://")):
            return fetched_page(name, self.settings, fetched_at)
        return file_page(Path(name), opts.url, fetched_at)


def _answer(runner: Runner, page: Page, publisher: Publisher) -> int:
    outcome = _article(runner.submit(page, publisher).result())
    print_sheet(outcome)
    return 0 if isinstance(outcome, Article) else 1


def _answer_lines(runner: Runner, chosen: Publisher | None, known: dict[str, Publisher]) -> None:
    from pipelines.delivery.schema import to_json

    pages = ((d.id, d.page, chosen or publisher_of(d.url, known.values())) for d in jsonl_pages(sys.stdin.buffer, _now()))
    for key, outcome in runner.map(pages):
        settled = _article(outcome)
        row: dict[str, object] = {"id": key}
        if isinstance(settled, Article):
            row |= {"outcome": "article", "article": settled}
        else:
            row |= {"outcome": "rejected", "reason": settled.reason, "detail": settled.detail}
        sys.stdout.buffer.write(to_json(row))
        sys.stdout.buffer.flush()


def _article(outcome: Outcome) -> Article | Rejected:
    from pipelines.finish import finish

    return finish(outcome, Memory()) if isinstance(outcome, Draft) else outcome


def _chosen(name: str | None, known: dict[str, Publisher]) -> Publisher | None:
    if name is None or name in known:
        return known[name] if name else None
    raise ConfigurationError(f"--publisher {name}: no such publisher; known are {', '.join(sorted(known)) or 'none'}")


def _time(text: str | None) -> datetime:
    if text is None:
        return _now()
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"--fetched-at {text}: allowed is a time such as 2025-08-13T12:00:00Z") from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _now() -> datetime:
    return datetime.now(UTC)


