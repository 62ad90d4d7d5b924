"""Traces: what a text leaves behind for its publisher's memory, numbers and dates folded.

Keep reading below · 13 August 2025 -> keep reading below 0 0 0
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache

from pipelines.habits import ALL, Part, Trace, Traces
from pipelines.values import Block, BlockType

MAX_TEXT_CHARS, MAX_CONTEXT_CHARS = 200, 40
_BY = "by: "  # folded text has no colon
# Set phrases are short, and leave more of the line than this.
MAX_PHRASE_CHARS, MIN_REST_CHARS, MIN_TITLE_CHARS = 60, 40, 8
# The first and the last paragraphs: furniture may stand above the lead and below the last sentence.
_ENDS = 3
_SEPARATOR = re.compile(r"\s*(?:[|•·»«›]|::|//)\s*|\s+[-–—]+\s+")
_KICKER = re.compile(rf"{_SEPARATOR.pattern}|:\s+")
# "(Agency) -- ", "Our correspondent - ": brackets, or what a dash parts from the sentence.
_LEAD = re.compile(r"\([^()]{1,40}\)\s*[-–—:]*\s*|[^.!?…\"“„«()]{1,40}(?:\([^()]{1,40}\)\s*)?(?:\s+-|\s*[–—]|\s*--)\s+")
# " | AGENCY", " - Agency", "(Agency)", "/Agency/", and a name behind the last sentence.
_SIGN_OFF = re.compile(
    r"(?:\s*\|\s*[^|.!?]{1,30}|\s+[-–—]{1,2}\s*[^.!?–—-]{1,30}|\s*[(\[][^()\[\]]{1,40}[)\]]|\s*/[^/.]{1,40}/|(?<=[.!?…»”\"])\s+[^.!?]{1,40})$"
)
# The shortest name that takes an ending.
_STEM_CHARS = 4
_NUMBER = re.compile(r"\d+")
_ZEROS = re.compile(r"0+")
_WORD = re.compile(r"[^\W\d_]")


def traces_of(
    blocks: Sequence[Block],
    headline: str | None,
    *,
    layout: str = ALL,
    section: str | None = None,
    author: str | None = None,
    date_words: Collection[str] = (),
) -> Traces:
    """A text's traces. `date_words` are the names of months and weekdays, folded by case."""
    found = [
        *((Part.BLOCK, block.text, place) for place, block in enumerate(blocks)),
        *((part, phrase, -1) for part, phrase in _of_headline(headline or "")),
        *_of_ends(blocks),
    ]
    each = tuple(
        Trace(key_of(part, text, date_words), part, text[:MAX_TEXT_CHARS], place)
        for part, text, place in found
        if part is Part.BLOCK or _WORD.search(text)
    )
    by = f"{_BY}{_fold(author, ())}" if author else ""
    context = _fold(section, ()) if section else by
    return Traces(layout, context[:MAX_CONTEXT_CHARS], len(blocks), each)


def is_author(context: str) -> bool:
    """Whether a context is an author, in whose place no section was known."""
    return context.startswith(_BY)


def layout_of(surroundings: Iterable[Sequence[str]]) -> str:
    """8 hex characters for the markup that holds most paragraphs; ALL where it is not known, as in a text document.

    Each item is what a paragraph's element and those around it call themselves, innermost first: what holds it counts with
    its names, and farther ones with their tags, since many sites write an article's number, topics and tags on those.
    """
    holders = Counter((names[1], *(name.partition(" ")[0] for name in names[2:])) for names in surroundings if len(names) > 1)
    if not holders:
        return ALL
    words = [word for name in holders.most_common(1)[0][0] for word in name.split() if not _NUMBER.search(word)]
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:8]


def key_of(part: Part, text: str, date_words: Collection[str]) -> int:
    """63 bits over a part and its folded text; a text without letters, such as a row of stars, stands for itself."""
    folded = _fold(text, date_words)
    said = folded if _WORD.search(folded) else text
    return int.from_bytes(hashlib.sha256(f"{part} {said}".encode("utf-8", "replace")).digest()[:8], "big") >> 1


def _fold(text: str, date_words: Collection[str]) -> str:
    words = text.casefold().translate(_table()).split()
    folded = " ".join(words)
    if "0" not in folded:
        return folded
    if len(text) <= MAX_TEXT_CHARS:
        # Month names are common words too; only beside a number, and in what is short, do they say a date.
        folded = " ".join("0" if _names_day(word, date_words) else word for word in words)
    return _ZEROS.sub("0", folded)


@cache
def _table() -> dict[int, str]:
    """Every digit of the Basic Multilingual Plane to 0, and what is neither letter, mark nor digit to a space.

    A table, since it takes a fifth of the time of expressions over whole texts.
    """
    kinds = ((code, unicodedata.category(chr(code))) for code in range(0x10000))
    return {code: "0" if kind == "Nd" else " " for code, kind in kinds if kind[0] not in "LMC" and kind not in ("Nl", "No")}


def _names_day(word: str, date_words: Collection[str]) -> bool:
    """Whether a word is a month's or weekday's name, in many languages with an ending of its own."""
    return word in date_words or any(word[:end] in date_words for end in range(_STEM_CHARS, len(word)))


def _of_headline(headline: str) -> Iterator[tuple[Part, str]]:
    kicker = _KICKER.search(headline)
    if kicker and 0 < kicker.end() <= MAX_PHRASE_CHARS and len(headline) - kicker.end() >= MIN_TITLE_CHARS:
        yield Part.TITLE_PREFIX, headline[: kicker.end()]
    *_, last = None, *_SEPARATOR.finditer(headline)
    if last and last.start() >= MIN_TITLE_CHARS and len(headline) - last.start() <= MAX_PHRASE_CHARS:
        yield Part.TITLE_SUFFIX, headline[last.start() :]


def _of_ends(blocks: Sequence[Block]) -> Iterator[tuple[Part, str, int]]:
    """The set phrases that may open the first paragraphs or close the last ones."""
    prose = [
        place for place, block in enumerate(blocks) if block.type is BlockType.PARAGRAPH and len(block.text) >= MIN_REST_CHARS
    ]
    for place in prose[:_ENDS]:
        found = _LEAD.match(blocks[place].text)
        if found and len(blocks[place].text) - found.end() >= MIN_REST_CHARS:
            yield Part.LEAD, found[0], place
    for place in prose[-_ENDS:]:
        tail = blocks[place].text[-MAX_PHRASE_CHARS:]
        found = _SIGN_OFF.search(tail)
        if found and len(blocks[place].text) - len(found[0]) >= MIN_REST_CHARS:
            yield Part.SIGN_OFF, found[0], place
