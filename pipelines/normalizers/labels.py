"""Labels: a date text cut at words such as "Published" and "Updated", each piece with the field its label names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from pipelines.normalizers.clockwords import MODIFIED_LABELS, PUBLISHED_LABELS
from pipelines.normalizers.readings import MODIFIED, PUBLISHED
from pipelines.normalizers.scripts import fold

# "Edited by", "posted in": the word is about a person or a section, not about the date.
_NOT_A_LABEL = re.compile(r"[^\W\d_]* (?:by|in|von|par|por|da|door|av|af|από)\b")
# What parts two dates, and is in none; what a date and a time have at least.
_PARTINGS = ("(", "（", "[", "【", "|", "｜", " / ", "／")
_BEGINNING_CHARS = 3
_WORD_BEGINNING = re.compile(r"(?<![^\W\d_])(?=([^\W\d_]..))")
_NUMBERS = re.compile(r"\d\D+\d")
# A bracket without a number, such as a weekday's, parts nothing.
_ASIDE = re.compile(r"[(（\[【][^()（）\[\]【】\d]*[)）\]】]")
_CLOSINGS = {"(": ")", "（": "）", "[": "]", "【": "】"}
_DIGIT = re.compile(r"\d|[一二三四五六七八九十]")


def segments(raw: str) -> list[tuple[str | None, str]]:
    """The pieces of a text with the field that each one's label names, None before the first label, in the text's order."""
    folded, places = _fold_with_places(raw)
    found = [(places[mark.start()], _field(mark)) for mark in _find_labels(folded)]
    marks = [(start, field) for start, field in found if not _NOT_A_LABEL.match(raw[start:].lower())]
    if not marks:
        return [(None, raw)]
    edges = [0, *(start for start, _ in marks), len(raw)]
    fields = [None, *(field for _, field in marks)]
    pieces = [
        piece
        for field, start, end in zip(fields, edges, edges[1:], strict=False)
        for piece in _in_and_after_bracket(field, raw[start:end], raw[:start].rstrip()[-1:])
    ]
    if _DIGIT.search(pieces[0][1]) and not _DIGIT.search(pieces[-1][1]):
        return [each for (_, text), (field, _) in pairwise(pieces) for each in _own_and_other(field or PUBLISHED, text)]
    return pieces


def _in_and_after_bracket(field: str | None, text: str, before: str) -> list[tuple[str | None, str]]:
    """A piece whose label stands in a bracket: what follows the bracket is not the label's, "(Updated: 2 May, 9:15) 1 May, 8:00"."""
    own, closing, after = text.partition(_CLOSINGS.get(before, "\0"))
    return [(field, own), (None, after)] if closing and _NUMBERS.search(own) and _NUMBERS.search(after) else [(field, text)]


def _own_and_other(field: str, text: str) -> list[tuple[str | None, str]]:
    """A piece whose label stands behind it: of two dates parted by a bracket the label is the second's, "1 May, 8:00 (2 May, 9:15 updated)"."""
    plain = _ASIDE.sub(lambda found: "_" * len(found[0]), text)
    before, sign, own = plain.rpartition(next((sign for sign in _PARTINGS if sign in plain), "\0"))
    if not (sign and _NUMBERS.search(before) and _NUMBERS.search(own)):
        return [(field, text)]
    return [(None, text[: len(before)]), (field, text[-len(own) :])]


def _field(found: re.Match[str]) -> str:
    return MODIFIED if found["modified"] else PUBLISHED


def _find_labels(folded: str) -> Iterator[re.Match[str]]:
    """The labels of a folded text, looked for only where one's first characters stand: there are four hundred."""
    words, characters = _beginnings()
    starts = [found.start() for found in _WORD_BEGINNING.finditer(folded) if found[1] in words]
    if not folded.isascii():
        starts = sorted({*starts, *(place for place, char in enumerate(folded) if char in characters)})
    end = 0
    for start in starts:
        if start >= end and (found := _labels().match(folded, start)):
            end = found.end()
            yield found


@cache
def _beginnings() -> tuple[frozenset[str], frozenset[str]]:
    labels = (*PUBLISHED_LABELS, *MODIFIED_LABELS)
    return (
        frozenset(label[:_BEGINNING_CHARS] for label in labels if not _is_unspaced(label)),
        frozenset(label[0] for label in labels if _is_unspaced(label)),
    )


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
    return (
        label[0] >= "\u2e80"
        or "\u0e00" <= label[0] <= "\u0eff"
        or "\u1000" <= label[0] <= "\u109f"
        or "\u1780" <= label[0] <= "\u17ff"
    )


def _fold_with_places(raw: str) -> tuple[str, Sequence[int]]:
    """The text folded one character at a time, and for each character of that its place in the text."""
    if raw.isascii():
        return raw.lower(), range(len(raw))
    parts = [_folded_char(char) for char in raw]
    return "".join(parts), [place for place, part in enumerate(parts) for _ in part]


@lru_cache(maxsize=4096)
def _folded_char(char: str) -> str:
    return " " if char.isspace() else fold(char)
