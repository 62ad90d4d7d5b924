"""Features: what the block model sees of a passage, as numbers in the order of `NAMES`.

They are of form, place and neighbourhood. No word, name of a class or site is among them: with those the cross-validated figures were the
same, and a vocabulary ties a model to the languages and systems of the pages that it was trained on.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from math import log1p

from pipelines.extraction.clean.desk import Desk, is_sentence, letters
from pipelines.values import BlockType

_TEXT = (
    "chars", "words", "capitals", "capitalised", "digits", "sentence", "colon_end", "question", "exclaims", "commas", "stops",
    "quote_start", "lower_start", "bracketed", "at", "address", "marked", "pipe", "early_colon", "price", "word_chars",
)  # fmt: skip
_FORM = ("link_share", "links", "level", "is_item", "prose")
_PLACE = ("from_top", "from_end", "above", "below", "from_first", "from_last", "passages", "page_chars")
_SAID = ("in_json_ld", "json_ld_share", "repeats")
_STANDS = ("placed", "like_prose", "like_parent", "like_second", "like_third")
_COLUMN = ("column_above", "column_below", "column_last", "column_next", "apart", "apart_chars", "apart_links")
_BESIDE = ("prose", "kept", "link_share", "chars", "is_item", "is_heading", "colon_end", "like_parent")
NAMES: tuple[str, ...] = (
    *_TEXT, *_FORM, *_PLACE, *_SAID, *_STANDS, *_COLUMN,
    *(f"{name}_before" for name in _BESIDE), *(f"{name}_behind" for name in _BESIDE),
)  # fmt: skip

_ADDRESS = re.compile(r"https?:|www\.|\.(?:com|org|net)\b")
_NUMBER = re.compile(r"\d+")
_PRICE = re.compile(r"[€$£]\s?\d|\d\s?[€$£]")
_QUOTES, _COMMAS, _STOPS, _MARKS = "\"“„«‘'”»", ",、،，", ".。।", "*-–—•>»+→▶"
# An element's own name, then those of two around it: names alone, as a passage knows them.
_LEVELS = (slice(0, 1), slice(1, 3), slice(2, 4), slice(3, 5))
# A passage stands in the column where so much of the kept prose stands in elements named like those around it.
COLUMN_SHARE = 0.3
# So long a body in JSON-LD is the article's, and what it has can be asked for.
MIN_BODY_CHARS = 200
# Distances and runs beyond these are the same to the model.
_FAR, _LONG = 10, 20


class Sheet:
    """One page's passages with what their features share. The verdicts are those of the time it is made."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.kept = [verdict is None for verdict in desk.verdicts]
        self.links = [passage.link_density for passage in desk.passages]
        self.letters = [letters(passage.text) for passage in desk.passages]
        self._times = Counter(self.letters)
        # Numbers in names count elements: "entry-17" is made as "entry-18" is.
        folded = {name: _NUMBER.sub("0", name) for name in {name for passage in desk.passages for name in passage.around}}
        self._around = [tuple(folded[name] for name in passage.around) for passage in desk.passages]
        self._count_chars()
        self._count_names()
        self.in_column = [self._like_parent(index) >= COLUMN_SHARE for index in range(len(self.kept))]
        self.column = [all(signs) for signs in zip(self.in_column, self.kept, desk.prose, strict=True)]
        self._count_column()

    def row(self, index: int) -> list[float]:
        """The features of one passage, in the order of `NAMES`."""
        return [
            *_text(self.desk.passages[index].text), *self._form(index), *self._place(index), *self._said(index),
            *self._stands(index), *self._column(index), *self._beside(index - 1), *self._beside(index + 1),
        ]  # fmt: skip

    def _count_chars(self) -> None:
        prose = [index for index, kept in enumerate(self.kept) if kept and self.desk.prose[index]]
        self._first, self._last = (prose[0], prose[-1]) if prose else (len(self.kept), -1)
        self._above = [0]
        for passage, kept in zip(self.desk.passages, self.kept, strict=True):
            self._above.append(self._above[-1] + (len(passage.text) if kept else 0))
        self._chars = self._above[-1] or 1
        body = letters(self.desk.metadata.article_body or "")
        self._body = body if len(body) >= MIN_BODY_CHARS else None
        inside = [
            len(passage.text)
            for passage, key, kept in zip(self.desk.passages, self.letters, self.kept, strict=True)
            if kept and self._body and key in self._body
        ]
        self._body_share = sum(inside) / self._chars if self._body else -1.0

    def _count_names(self) -> None:
        """How much of the kept prose stands in elements of each name, level by level."""
        self._names: list[Counter[tuple[str, ...]]] = [Counter() for _ in _LEVELS]
        for index, around in enumerate(self._around):
            if self.kept[index] and self.desk.prose[index] and around:
                for names, level in zip(self._names, _LEVELS, strict=True):
                    names[around[level]] += len(self.desk.passages[index].text)
        self.prose_chars = self._names[0].total() or 1

    def _like_parent(self, index: int) -> float:
        """The share of the prose that stands in elements named like those around the passage; -1 where it stands nowhere."""
        around = self._around[index]
        return self._names[1][around[_LEVELS[1]]] / self.prose_chars if around else -1.0

    def _count_column(self) -> None:
        """The column's characters above each passage, and the passages apart from it between two of the column's."""
        marks = [-1, *(index for index, column in enumerate(self.column) if column), len(self.column)]
        self._between = [(mark, following) for mark, following in pairwise(marks) for _ in range(following - mark)][1:]
        self._column_above = [0]
        for passage, column in zip(self.desk.passages, self.column, strict=True):
            self._column_above.append(self._column_above[-1] + (len(passage.text) if column else 0))

    def _form(self, index: int) -> list[float]:
        passage = self.desk.passages[index]
        return [
            self.links[index], len(passage.anchors), passage.level or 0, passage.type is BlockType.LIST_ITEM, self.desk.prose[index],
        ]  # fmt: skip

    def _place(self, index: int) -> list[float]:
        count = len(self.kept)
        return [
            log1p(index), log1p(count - 1 - index), self._above[index] / self._chars, 1 - self._above[index + 1] / self._chars,
            _within(index - self._first, _FAR), _within(index - self._last, _FAR), log1p(count), log1p(self._chars),
        ]  # fmt: skip

    def _said(self, index: int) -> list[float]:
        in_body = 0 if self._body is None else 1 if self.letters[index] in self._body else -1
        return [in_body, self._body_share, self._times[self.letters[index]] > 1]

    def _stands(self, index: int) -> list[float]:
        around = self._around[index]
        if not around:
            return [0, -1, -1, -1, -1]
        return [1, *(names[around[level]] / self.prose_chars for names, level in zip(self._names, _LEVELS, strict=True))]

    def _column(self, index: int) -> list[float]:
        last, following = self._between[index]
        chars, total = self._column_above, self._column_above[-1] or 1
        around = [at for at in range(max(last + 1, index - _LONG), min(following, index + _LONG)) if self.kept[at]]
        apart = sum(len(self.desk.passages[at].text) for at in around)
        linked = sum(len(self.desk.passages[at].text) * self.links[at] for at in around)
        return [
            chars[index] / total, 1 - chars[index + 1] / total, _within(index - last, _LONG), _within(following - index, _LONG),
            log1p(len(around)), log1p(apart), linked / (apart or 1),
        ]  # fmt: skip

    def _beside(self, index: int) -> list[float]:
        if not 0 <= index < len(self.kept):
            return [-2] * len(_BESIDE)
        passage = self.desk.passages[index]
        return [
            self.desk.prose[index], self.kept[index], self.links[index], log1p(len(passage.text)),
            passage.type is BlockType.LIST_ITEM, passage.type is BlockType.HEADING, passage.text.endswith((":", "：")),
            self._like_parent(index),
        ]  # fmt: skip


def _text(text: str) -> list[float]:
    words = text.split()
    count, chars, alphabetic = len(words) or 1, len(text), sum(map(str.isalpha, text)) or 1
    return [
        log1p(chars), log1p(count), sum(map(str.isupper, text)) / alphabetic, sum(word[0].isupper() for word in words) / count,
        sum(map(str.isdigit, text)) / chars, is_sentence(text), text.endswith((":", "：")), text.endswith(("?", "？")), "!" in text,
        sum(map(text.count, _COMMAS)) / count, sum(map(text.count, _STOPS)) / count, text[0] in _QUOTES, text[0].islower(),
        text[0] in "([" and text[-1] in ")]", "@" in text, bool(_ADDRESS.search(text)), text[0] in _MARKS, "|" in text,
        ":" in text[:40], bool(_PRICE.search(text)), alphabetic / count,
    ]  # fmt: skip


def _within(value: int, most: int) -> int:
    return max(-most, min(most, value))
