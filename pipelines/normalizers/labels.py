"""Labels: a date text cut at words such as "Published" and "Updated", each piece with the field its label names."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pipelines.normalizers.clockwords import MODIFIED_LABELS, PUBLISHED_LABELS
from pipelines.normalizers.readings import MODIFIED, PUBLISHED
from pipelines.normalizers.scripts import fold

# "Edited by", "posted in": the word is about a person or a section, not about the date.
_NOT_A_LABEL = re.compile(r"[^\W\d_]* (?:by|in|von|par|por|da|door|av|af|από)\b")
# What parts two dates, and is in none; what a date and a time have at least.
_PARTINGS = ("(", "（", "[", "【", "|", "｜", " / ", "／")
_NUMBERS = re.compile(r"\d\D+\d")
_DIGIT = re.compile(r"\d|[一二三四五六七八九十]")


def segments(raw: str) -> list[tuple[str | None, str]]:
    """The pieces of a text with the field that each one's label names, None before the first label, in the text's order."""
    marks = [
        found for found in _labels().finditer(_same_length_fold(raw)) if not _NOT_A_LABEL.match(raw[found.start() :].lower())
    ]
    if not marks:
        return [(None, raw)]
    edges = [0, *(found.start() for found in marks), len(raw)]
    fields = [None, *(_field(found) for found in marks)]
    pieces = [(field, raw[start:end]) for field, start, end in zip(fields, edges, edges[1:], strict=False)]
    if _DIGIT.search(pieces[0][1]) and not _DIGIT.search(pieces[-1][1]):
        return [
            each for index, (_, text) in enumerate(pieces[:-1]) for each in _own_and_other(fields[index + 1] or PUBLISHED, text)
        ]
    return pieces


def _own_and_other(field: str, text: str) -> list[tuple[str | None, str]]:
    """A piece whose label stands behind it: of two dates parted by a bracket the label is the second's, "1 May, 8:00 (2 May, 9:15 updated)"."""
    before, sign, own = text.rpartition(next((sign for sign in _PARTINGS if sign in text), "\0"))
    return [(None, before), (field, own)] if sign and _NUMBERS.search(before) and _NUMBERS.search(own) else [(field, text)]


def _field(found: re.Match[str]) -> str:
    return MODIFIED if found["modified"] else PUBLISHED


@cache
def _labels() -> re.Pattern[str]:
    return re.compile(f"(?P<modified>{_alternatives(MODIFIED_LABELS)})|(?P<published>{_alternatives(PUBLISHED_LABELS)})")


def _alternatives(labels: tuple[str, ...]) -> str:
    """Labels at a word's beginning, or anywhere in scripts without spaces; one with a full stop is a whole word."""
    longest_first = sorted(labels, key=len, reverse=True)
    inside = "|".join(re.escape(label) for label in longest_first if _is_unspaced(label))
    starts = "|".join(_start(label) for label in longest_first if not _is_unspaced(label))
    return f"{inside}|(?<![^\\W\\d_])(?:{starts})"


def _start(label: str) -> str:
    return rf"{re.escape(label.removesuffix('.'))}(?![^\W\d_])" if label.endswith(".") else re.escape(label)


def _is_unspaced(label: str) -> bool:
    return label[0] >= "\u2e80" or "\u0e00" <= label[0] <= "\u0eff" or "\u1000" <= label[0] <= "\u109f"


def _same_length_fold(raw: str) -> str:
    """The text folded one character at a time, so that positions in it are positions in the text."""
    if raw.isascii():
        return raw.lower()
    return "".join(map(_folded_char, raw))


@lru_cache(maxsize=4096)
def _folded_char(char: str) -> str:
    folded = fold(char) or " "
    return folded if len(folded) == 1 else char
