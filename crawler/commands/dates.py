"""`scrapy dates`: the instant that a date text gives, with its evidence. One text as an argument, or JSON lines on stdin."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.commands.interruption import in_order
from crawler.commands.reasons import explanation
from pipelines.evidence import Dates
from pipelines.normalizers.dates import resolve_text
from pipelines.normalizers.zones import country_zones, zone_of
from pipelines.publishers import Publisher

_EXAMPLE = 'scrapy dates "First Published: Aug 13 2025 | 8:03 AM IST" --country IN'


class Command(ScrapyCommand):
    """Exit 0 whether or not the text gives an instant; 2 for a wrong argument. --jsonl never stops at a bad line."""

    requires_crawler_process = False

    def syntax(self) -> str:
        return "TEXT [--explain] | --jsonl"

    def short_desc(self) -> str:
        return f"Resolve a date text to an instant: {_EXAMPLE}"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--language", metavar="CODE", help="the text's language, such as en or pt-BR")
        parser.add_argument("--country", metavar="CODE", help="the publisher's country, ISO 3166-1, such as IN")
        parser.add_argument("--timezone", metavar="ZONE", help="the publisher's IANA time zone, such as Asia/Kolkata")
        parser.add_argument("--now", metavar="TIME", help="what relative times refer to, ISO 8601 with an offset; default: now")
        parser.add_argument("--explain", action="store_true", help="print each reading, its zone's rule and why, as text")
        parser.add_argument(
            "--jsonl",
            action="store_true",
            help="read {id, raw, lang, country, tz, reference} lines on stdin, print one line each",
        )

    @in_order
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if opts.jsonl:
            if args:
                raise UsageError(f"--jsonl reads stdin and takes no text, but got {args[0]!r}", print_help=False)
            if opts.explain:
                raise UsageError("--explain is for one text; --jsonl prints dateEvidence for each", print_help=False)
            for line in _answers(sys.stdin.buffer):
                print(line, flush=True)
            return
        if len(args) != 1:
            raise UsageError(f"give one text in quotes: {_EXAMPLE}", print_help=False)
        try:
            now = _time(opts.now, "--now") if opts.now else datetime.now(UTC)
            publisher = _publisher(opts.language, opts.country, opts.timezone, ("--language", "--country", "--timezone"))
        except ValueError as error:
            raise UsageError(str(error), print_help=False) from None
        dates = resolve_text(args[0], publisher, now=now)
        if opts.explain:
            for line in explanation(args[0], dates, publisher, now):
                print(line)
        elif sys.stdout.isatty():
            _print_sheet(args[0], dates, publisher)
        else:
            print(json.dumps({"raw": args[0], **_fields(dates)}, ensure_ascii=False))


def _answers(lines: Iterable[bytes]) -> Iterator[str]:
    """One JSON line for each line of input, in order; blank lines are passed over."""
    for line in lines:
        if line.strip():
            yield json.dumps(_answer(line), ensure_ascii=False)


def _answer(line: bytes) -> dict[str, Any]:
    """The answer to one line, or its `id` and the error."""
    asked: Any = None
    try:
        asked = _json(line)
        if not isinstance(asked, dict) or not isinstance(asked.get("raw"), str):
            raise ValueError("a line is an object {id, raw, lang, country, tz, reference} and raw is a text")
        reference = asked.get("reference")
        now = _time(reference, "reference") if reference is not None else datetime.now(UTC)
        publisher = _publisher(asked.get("lang"), asked.get("country"), asked.get("tz"), ("lang", "country", "tz"))
        return {"id": asked.get("id"), **_fields(resolve_text(asked["raw"], publisher, now=now))}
    except ValueError as error:
        return {"id": asked.get("id") if isinstance(asked, dict) else None, "error": str(error)}


def _json(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8"))
    except ValueError as error:
        raise ValueError(f"the line is no JSON in UTF-8: {error}") from None


def _time(text: object, option: str) -> datetime:
    """Raises ValueError with the option's name for what is no ISO 8601 time with an offset."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"{option}: {text!r} is no ISO 8601 time with an offset, such as 2025-08-13T12:00:00Z")
    return moment.astimezone(UTC)


def _publisher(language: object, country: object, timezone: object, options: tuple[str, str, str]) -> Publisher:
    """A publisher of these three. Raises ValueError with the option's name for a code that does not exist."""
    if language is not None and not _is_language(language):
        raise ValueError(f"{options[0]}: {language!r} is no known language; give an ISO 639 code such as en, hi or pt-BR")
    if country is not None and not (isinstance(country, str) and country_zones(country.upper())):
        raise ValueError(f"{options[1]}: {country!r} is no country; give an ISO 3166-1 code such as IN, GB or US")
    if timezone is not None and not (isinstance(timezone, str) and zone_of(timezone)):
        raise ValueError(f"{options[2]}: {timezone!r} is no IANA time zone; give a name such as Asia/Kolkata or Europe/London")
    code = language.replace("_", "-") if isinstance(language, str) else None
    return Publisher(
        id="text",
        language=code and code.partition("-")[0].lower() + code[len(code.partition("-")[0]) :],
        country=country.upper() if isinstance(country, str) else None,
        timezone=timezone if isinstance(timezone, str) else None,
    )


def _is_language(code: object) -> bool:
    """Whether it has the form of a language tag: one whose names no table has still tells its country's zone and numbers."""
    if not isinstance(code, str) or not code.replace("-", "").replace("_", "").isalnum():
        return False
    primary = code.replace("_", "-").partition("-")[0]
    return len(primary) in (2, 3) and primary.isascii() and primary.isalpha()


def _fields(dates: Dates) -> dict[str, Any]:
    """The contract's date fields, times in UTC with Z, the local one with its offset."""
    return {
        "datePublished": _utc(dates.published),
        "datePublishedLocal": dates.local.isoformat() if dates.local else None,
        "datePublishedPrecision": dates.precision,
        "datePublishedZoneSource": dates.zone_source,
        "datePublishedConfidence": dates.confidence,
        "dateModified": _utc(dates.modified),
        "dateEvidence": [
            {
                name: getattr(each, name)
                for name in ("field", "raw", "source", "zoneSource", "utc", "precision", "chosen", "why")
            }
            for each in dates.evidence
        ],
        "flags": dates.flags,
    }


def _utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _print_sheet(raw: str, dates: Dates, publisher: Publisher) -> None:
    """A readable sheet for a person."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    sheet = Table.grid(padding=(0, 2))
    known = ", ".join(value for value in (publisher.language, publisher.country, publisher.timezone) if value)
    rows = [
        ("text", raw),
        ("read for", known or "no place given"),
        ("published", _utc(dates.published) or "none"),
        ("local", dates.local.isoformat() if dates.local else "none"),
        ("precision", dates.precision or "none"),
        ("zone from", dates.zone_source or "none"),
        ("confidence", f"{dates.confidence:.2f}"),
        ("modified", _utc(dates.modified) or "none"),
        ("flags", ", ".join(dates.flags) or "none"),
    ]
    for label, value in rows:
        sheet.add_row(Text(label, style="bold"), Text(value, style="dim" if value == "none" else ""))
    for each in dates.evidence:
        sheet.add_row(Text("evidence", style="bold"), Text(f"{each.field}: {each.utc or 'none'}; {each.why}"))
    Console().print(sheet)
