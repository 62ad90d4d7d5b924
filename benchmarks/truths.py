"""Truths: a folder of pages with what each must give.

The folder has a `truth.jsonl`, one JSON object a line; only `file` and what is known must be there:

    url             the page's address
    file            the saved page below the folder, HTML or text, also .gz
    encoding        the charset that the server declared, if any
    fetchedAt       when it was fetched, RFC 3339; relative dates refer to it
    articleBody     the text without the standfirst, its blocks parted by line ends
    headline, authors, datePublished (an instant with its offset; without one its day alone counts)
    must, mustNot   texts that must, and must not, be in the body

Three published sets in the layout `gold.jsonl` are read too, told apart by their keys: Zyte's article-extraction-benchmark (a body
alone: its words as that benchmark counts them), Fundus' parser tests (a headline: the body begins with the standfirst), and
trafilatura's evaluation (must and mustNot). `path` stands for `file` there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

NAMES: Final = ("truth.jsonl", "gold.jsonl")


@dataclass(frozen=True, slots=True)
class Truth:
    """One page's truth. `is_spaced`: words are counted by white space alone; `with_standfirst`: the body begins with it."""

    file: Path
    url: str
    encoding: str | None = None
    fetched_at: datetime | None = None
    body: str | None = None
    headline: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    is_spaced: bool = False
    with_standfirst: bool = False


class NoTruth(Exception):
    """A folder that is no set of pages with truth; the message says what is wrong with which line."""


def read_truths(folder: Path) -> list[Truth]:
    """The truths of a folder, in its order. Raises NoTruth."""
    source = next((folder / name for name in NAMES if (folder / name).is_file()), None)
    if source is None:
        raise NoTruth(f"{folder}: there is no {' or '.join(NAMES)}")
    lines = source.read_text(encoding="utf-8").splitlines()
    return [_truth(line, source, number) for number, line in enumerate(lines, 1) if line.strip()]


def _truth(line: str, source: Path, number: int) -> Truth:
    try:
        row = json.loads(line)
        file = source.parent / (row.get("file") or row["path"])
        published = _time(row.get("datePublished"))
        fetched_at = _aware(_time(row.get("fetchedAt")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoTruth(f"{source}:{number}: {type(error).__name__}: {error}; a line needs file, and times in ISO 8601") from None
    published_set = source.name == "gold.jsonl"
    return Truth(
        file, str(row.get("url") or ""), row.get("encoding"), fetched_at,
        row.get("articleBody"), row.get("headline"), _texts(row, "authors"), published, _texts(row, "must"), _texts(row, "mustNot"),
        is_spaced=published_set and "headline" not in row,
        with_standfirst=published_set and "headline" in row,
    )  # fmt: skip


def _texts(row: dict[str, Any], key: str) -> tuple[str, ...]:
    return tuple(row.get(key) or ())


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _aware(when: datetime | None) -> datetime | None:
    return when.replace(tzinfo=UTC) if when and not when.tzinfo else when
