"""`scrapy extract`: documents to articles, without crawling and without a store."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from crawler.commands.checks import check_network
from crawler.commands.documents import fetched_page, file_page, is_address, jsonl_pages
from crawler.commands.terminal import CLOSED_PIPE, print_sheet, quiet_when_closed
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

    def syntax(self) -> str:
        return "[options] FILE|URL, or --jsonl < lines"

    def short_desc(self) -> str:
        return "Extract the article of a file or URL: scrapy extract page.html --url https://www.example.com/a"

    def long_desc(self) -> str:
        return (
            "Prints one article: a sheet in a terminal, JSON when piped. Example: scrapy extract page.html --url "
            "https://www.example.com/a. FILE may be HTML, Markdown with front matter, or a text dump, also .gz. --jsonl reads "
            "lines {id, url, path, encoding, fetchedAt} and prints one outcome a line, in order: scrapy extract --jsonl < "
            "lines.jsonl. Exit code: 0 an article, or every line answered; 1 the page is rejected; 2 a wrong argument or setting."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--jsonl", action="store_true", help="read JSON lines on standard input")
        parser.add_argument("--url", help="the address that the file was fetched from")
        publisher = "the publisher file to read it by; default: the one with the URL's host"
        parser.add_argument("--publisher", metavar="ID", help=publisher)
        parser.add_argument("--fetched-at", metavar="TIME", help="when it was fetched, RFC 3339; default: now")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        if self.settings is not None and not opts.loglevel:
            # The answer is what is asked for; a fetch's log would bury it.
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
        if bool(args) == opts.jsonl or len(args) > 1:
            raise UsageError("give one FILE or URL, or --jsonl with lines on standard input", print_help=False)
        if opts.jsonl and (opts.url or opts.fetched_at):
            raise UsageError("--url and --fetched-at are for one FILE; with --jsonl each line has its own", print_help=False)
        if args and opts.url and is_address(args[0]):
            raise UsageError("--url is for a FILE; a URL is its own address", print_help=False)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        try:
            config = configuration(self.settings.get)
            known = load(self.settings)
            chosen = _chosen(opts.publisher, known)
            document = None if opts.jsonl else _document(args[0], opts, self.settings)
        except ConfigurationError as error:
            print(f"scrapy extract: {error}", file=sys.stderr)
            self.exitcode = 2
            return
        runner = Runner(config.worker_count, config.page_seconds, config.page_mib)
        try:
            with quiet_when_closed() as output:
                self.exitcode = (
                    _answer_lines(runner, chosen, known) if document is None else _answer(runner, document, chosen, known)
                )
        finally:
            runner.close()
        if output.closed:
            self.exitcode = CLOSED_PIPE


def _document(name: str, opts: argparse.Namespace, settings: BaseSettings) -> Page | Rejected:
    fetched_at = _time(opts.fetched_at)
    if name.startswith(("http://", "https://")):
        check_network(settings)
        return fetched_page(name, settings, fetched_at)
    if opts.url and not is_address(opts.url):
        raise ConfigurationError(f"--url {opts.url}: allowed is an http or https address")
    return file_page(Path(name), opts.url, fetched_at)


def _answer(runner: Runner, page: Page | Rejected, chosen: Publisher | None, known: dict[str, Publisher]) -> int:
    if isinstance(page, Page):
        publisher = chosen or publisher_of(page.url, known.values())
        outcome = _article(runner.submit(page, publisher).result())
    else:
        outcome = page
    print_sheet(outcome)
    return 0 if isinstance(outcome, Article) else 1


def _answer_lines(runner: Runner, chosen: Publisher | None, known: dict[str, Publisher]) -> int:
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
    return 0


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
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ConfigurationError(f"--fetched-at {text}: allowed is a time such as 2025-08-13T12:00:00Z") from None


def _now() -> datetime:
    return datetime.now(UTC)
