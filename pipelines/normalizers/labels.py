"""Labels: a date text cut at words such as "Published" and "Updated", each piece with the field its label names."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise

from pipelines.normalizers.clockwords import MODIFIED_LABELS, PUBLISHED_LABELS
from pipelines.normalizers.readings import MODIFIED, PUBLISHED
from pipelines.normalizers.scripts import fold

# "Edited by", "posted in": the word is about a person or a section, not about the date.
_NOT_A_LABEL = re.compile(r"[^\W\d_]* (?:by|in|von|par|por|da|door|av|af|από)\b")
# What parts two dates, and is in none; what a date and a time have at least.
_PARTINGS = ("(", "（", "[", "【", "|", "｜", " / ", "／")
_NUMBERS = re.compile(r"\d\D+\d")
# A bracket without a number, such as a weekday's, parts nothing.
_ASIDE = re.compile(r"[(（\[【][^()（）\[\]【】\d]*[)）\]】]")
_CLOSINGS = {"(": ")", "（": "）", "[": "]", "【": "】"}
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
