"""The desk on which one page's passages are sorted: each has no verdict yet, or the id of the rule that drops it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipelines.evidence import DateClue, Datum, Drop, Metadata, Passage
from pipelines.values import BlockType, Breadcrumb, Media, RelatedItem

_PROSE_TYPES = frozenset({BlockType.PARAGRAPH, BlockType.QUOTE})
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_SENTENCE_ENDS = frozenset('.!?…。！？।؟:;"”’»)')
_SENTENCE_END = re.compile(r"[.!?…。！？।؟:;\"”’»)]\W*$")
# What steps note of the lines they drop, and the contract's field that it goes to.
_DATA = {
    "headline": "headline", "description": "description", "authors": "authors", "dates": "dateEvidence", "keywords": "keywords",
    "breadcrumbs": "breadcrumbs", "images": "images", "related": "relatedItems", "copyright_notice": "copyrightNotice",
    "agency": "syndication", "syndicated_by": "syndication", "dateline": "dateline",
}  # fmt: skip
# A paragraph of the article has at least so many characters; scripts without spaces say as much in half of them.
MIN_PROSE_CHARS = 80

_NO_LETTERS = re.compile(r"[\W_]+")
_REMEMBERED_CHARS = 2000


def letters(text: str) -> str:
    """The text's letters and digits alone, folded: what is left when two spellings of one line are compared."""
    return _letters(text) if len(text) <= _REMEMBERED_CHARS else _NO_LETTERS.sub("", text).casefold()


@lru_cache(maxsize=256)
def _letters(text: str) -> str:
    """Remembered, since each step asks for the same lines again: it was a quarter of the steps' time."""
    return _NO_LETTERS.sub("", text).casefold()


def is_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does: in its mark, which needs no search, or in one with other marks behind it."""
    return text[-1:] in _SENTENCE_ENDS or bool(_SENTENCE_END.search(text))


def is_prose(passage: Passage) -> bool:
    """Whether a passage reads like a paragraph of an article: long enough, not made of links."""
    if passage.type not in _PROSE_TYPES or passage.link_density > 0.5:
        return False
    chars = len(passage.text)
    if chars >= 2 * MIN_PROSE_CHARS:
        return True
    enough = MIN_PROSE_CHARS / 2 if _UNSPACED.search(passage.text) else MIN_PROSE_CHARS
    return chars >= 2 * enough or (chars >= enough and is_sentence(passage.text))


@dataclass(slots=True)
class Desk:
    """The passages with their verdicts, and what the dropped ones carried."""

    passages: list[Passage]
    metadata: Metadata
    verdicts: list[str | None] = field(default_factory=list)
    prose: list[bool] = field(default_factory=list)
    lead: int | None = None
    headline: str | None = None
    description: str | None = None
    agency: str | None = None
    copyright_notice: str | None = None
    syndicated_by: str | None = None
    dateline: str | None = None
    authors: list[str] = field(default_factory=list)
    dates: list[DateClue] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    breadcrumbs: list[Breadcrumb] = field(default_factory=list)
    images: list[Media] = field(default_factory=list)
    related: list[RelatedItem] = field(default_factory=list)
    cuts: list[Drop] = field(default_factory=list)
    became: dict[int, tuple[Datum, ...]] = field(default_factory=dict)
    _noted: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.verdicts = [None] * len(self.passages)
        self.prose = [is_prose(passage) for passage in self.passages]

    def open(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, Passage]]:
        """The passages without a verdict, with their places; one that gets a verdict meanwhile is passed over."""
        for index in range(start, len(self.passages) if stop is None else stop):
            if self.verdicts[index] is None:
                yield index, self.passages[index]

    def drop(self, index: int, rule: str) -> None:
        """Give the passage its verdict. A step notes the data that a line carries before it drops the line."""
        if self.verdicts[index] is None:
            self.verdicts[index] = rule
            if noted := self._newly_noted():
                self.became[index] = noted

    def stays(self) -> None:
        """What was noted came from a line that stays, and from none that is dropped."""
        self._newly_noted()

    def drop_from(self, index: int, rule: str) -> None:
        for following in range(index, len(self.passages)):
            self.drop(following, rule)

    def cut(self, index: int, text: str, rule: str) -> None:
        """Keep only `text` of a passage; what goes is noted as dropped by the rule."""
        passage = self.passages[index]
        gone = passage.text.replace(text, "", 1) if text else passage.text
        self.cuts.append(Drop(rule, gone, self.where(index), index, self._newly_noted()))
        self.passages[index] = replace(passage, text=text)

    def _newly_noted(self) -> tuple[Datum, ...]:
        """The data that came in since the last verdict or cut."""
        new: list[Datum] = []
        for name, goes_to in _DATA.items():
            values = value if isinstance(value := getattr(self, name), list) else [value] if value else []
            new += [Datum(goes_to, _text_of(value)) for value in values[self._noted.get(name, 0) :]]
            self._noted[name] = len(values)
        return tuple(new)

    @property
    def first_prose(self) -> int:
        """The place of the first paragraph that stays; the number of passages where there is none."""
        return next((i for i, _ in self.open() if self.prose[i]), len(self.passages))

    @property
    def last_prose(self) -> int:
        """The place of the last paragraph that stays; -1 where there is none."""
        for index in range(len(self.passages) - 1, -1, -1):
            if self.verdicts[index] is None and self.prose[index]:
                return index
        return -1

    def where(self, index: int) -> str:
        """Head, body or tail: before the first, or after the last paragraph that stays."""
        return "head" if index < self.first_prose else "tail" if index > self.last_prose else "body"


def _text_of(noted: str | DateClue | Breadcrumb | Media | RelatedItem) -> str:
    if isinstance(noted, str):
        return noted
    if isinstance(noted, DateClue):
        return noted.raw
    if isinstance(noted, Breadcrumb):
        return noted.name
    return (noted.caption or "") if isinstance(noted, Media) else noted.headline
