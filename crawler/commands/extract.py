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
from crawler.commands.documents import Document, fetched_pages, file_page, is_address, jsonl_pages
from crawler.commands.explained import explain_documents
from crawler.commands.interruption import in_order
from crawler.commands.terminal import print_sheet
from crawler.publishers import load
from pipelines.configuration import configuration
from pipelines.errors import ConfigurationError
from pipelines.items import Article, Draft, Memory, Page, Rejected
from pipelines.publishers import Publisher, publisher_of
from pipelines.runner import Outcome, Runner


class Command(ScrapyCommand):
    """One document as a sheet or a JSON line; with --jsonl, one answer a line of standard input, in order. Explained, any number."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[options] FILE|URL, --explain FILE|URL ..., or --jsonl < lines"

    def short_desc(self) -> str:
        return "Extract the article of a file or URL: scrapy extract page.html --url https://www.example.com/a"

    def long_desc(self) -> str:
        return (
            "Prints one article: a sheet in a terminal, JSON when piped. Example: scrapy extract page.html --url "
            "https://www.example.com/a. FILE may be HTML, Markdown with front matter, or a text dump, also .gz. --jsonl reads "
            "lines {id, url, path, encoding, fetchedAt} and prints one outcome a line, in order: scrapy extract --jsonl < "
            "lines.jsonl. --join makes one article of several pages: scrapy extract --join page1.html page2.html. --explain shows instead what became of each line of the text, by which rule, and the candidates of each "
            "field, of one document or of several; --html FILE writes that as a page to look at: scrapy extract --html why.html "
            "page.html --url https://www.example.com/a. Exit code: 0 an article, or every line answered; 1 the page is rejected; 2 a wrong argument or setting."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--jsonl", action="store_true", help="read JSON lines on standard input")
        parser.add_argument("--url", help="the address that the file was fetched from")
        publisher = "the publisher file to read it by; default: the one with the URL's host"
        parser.add_argument("--publisher", metavar="ID", help=publisher)
        parser.add_argument(
            "--fetched-at", metavar="TIME", help='when it was fetched, RFC 3339; without it a FILE\'s "2 hours ago" is no date'
        )
        parser.add_argument(
            "--explain", action="store_true", help="show what was kept and dropped by which rule, and each field's candidates"
        )
        parser.add_argument(
            "--join", action="store_true", help="the FILEs or URLs are the pages of one article, in their order"
        )
        parser.add_argument("--html", metavar="FILE", type=Path, help="write that to FILE as one self-contained HTML page")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        if self.settings is not None and not opts.loglevel:
            # The answer is what is asked for; a fetch's log would bury it.
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
        explained = bool(opts.explain or opts.html)
        if opts.join and (explained or opts.jsonl):
            raise UsageError("--join goes with neither --explain, --html nor --jsonl", print_help=False)
        if bool(args) == opts.jsonl or (len(args) > 1 and not (explained or opts.join)):
            wanted = "FILEs or URLs" if explained or opts.join else "one FILE or URL"
            raise UsageError(f"give {wanted}, or --jsonl with lines on standard input", print_help=False)
        if opts.jsonl and (opts.url or opts.fetched_at):
            raise UsageError("--url and --fetched-at are for one FILE; with --jsonl each line has its own", print_help=False)
        if opts.url and len(args) > 1 and not opts.join:
            raise UsageError("--url is for one FILE", print_help=False)
        if args and opts.url and is_address(args[0]):
            raise UsageError("--url is for a FILE; a URL is its own address", print_help=False)

    @in_order
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        try:
            config = configuration(self.settings.get)
            known = load(self.settings)
            chosen = _chosen(opts.publisher, known)
            documents = None if opts.jsonl else _documents(args, opts, self.settings)
            if opts.html and not opts.html.absolute().parent.is_dir():
                raise ConfigurationError(f"--html {opts.html}: there is no folder {opts.html.parent}; make it first")
        except ConfigurationError as error:
            print(f"scrapy extract: {error}", file=sys.stderr)
            self.exitcode = 2
            return
        runner = Runner(config.worker_count, config.page_seconds, config.page_mib)
        try:
            if opts.explain or opts.html:
                given = jsonl_pages(sys.stdin.buffer, _now()) if documents is None else documents
                owned = ((d, chosen or publisher_of(d.url, known.values())) for d in given)
                all_articles = explain_documents(runner, owned, opts.html, _now())
                self.exitcode = 0 if documents is None or all_articles else 1
            elif documents is None:
                self.exitcode = _answer_lines(runner, chosen, known)
            else:
                self.exitcode = _answer(runner, documents, chosen, known)
        except ConfigurationError as error:
            print(f"scrapy extract: {error}", file=sys.stderr)
            self.exitcode = 2
        finally:
            runner.close()


def _documents(names: list[str], opts: argparse.Namespace, settings: BaseSettings) -> list[Document]:
    """The documents that the arguments name, in their order: files are read, then what is not a file is fetched.

    --url is the first one's address.
    """
    fetched_at = _time(opts.fetched_at)
    now = _now()
    if opts.url and not is_address(opts.url):
        raise ConfigurationError(f"--url {opts.url}: allowed is an http or https address")
    urls = [name for name in names if name.startswith(("http://", "https://"))]
    pages: dict[str, Page | Rejected] = {
        name: file_page(Path(name), opts.url if name == names[0] else None, fetched_at, now)
        for name in names
        if name not in urls
    }
    if urls:
        check_network(settings)
        pages |= fetched_pages(urls, settings, fetched_at or now)
    return [Document(name, page.url if isinstance(page := pages[name], Page) else name, page) for name in names]


def _answer(runner: Runner, documents: list[Document], chosen: Publisher | None, known: dict[str, Publisher]) -> int:
    """The one article of the documents, which are its pages."""
    from pipelines.join import join_given

    publisher = chosen or publisher_of(documents[0].url, known.values())
    outcomes = [outcome for _, outcome in runner.map((d.id, d.page, publisher) for d in documents)]
    settled = _article(join_given(outcomes) if len(outcomes) > 1 else outcomes[0])
    print_sheet(settled)
    return 0 if isinstance(settled, Article) else 1


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


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ConfigurationError(f"--fetched-at {text}: allowed is a time such as 2025-08-13T12:00:00Z") from None


def _now() -> datetime:
    return datetime.now(UTC)
