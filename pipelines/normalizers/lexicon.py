"""Lexicon: the names of one language as regular expressions and maps, built once from the tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipelines.normalizers.calendars import CALENDAR_MONTHS, Calendar
from pipelines.normalizers.clockwords import day_parts
from pipelines.normalizers.localmonths import LOCAL_MONTHS
from pipelines.normalizers.months import ALIASES, INFLECTED, MONTHS, UNSPACED
from pipelines.normalizers.scripts import fold, fold_name

# A month in tagged text is one private-use character: calendar times 16 plus month, above this base.
_MONTH_BASE = 0xE000
_CALENDARS = tuple(Calendar)
MONTH_CHARS = f"[{chr(_MONTH_BASE)}-{chr(_MONTH_BASE + 16 * len(_CALENDARS))}]"

# Parts of the day in tagged text.
DAY_PART_CHARS = {"am": "\ue200", "pm": "\ue201", "noon": "\ue202", "night": "\ue203"}

# A run of letters and their marks in folded text: everything but digits, spaces, punctuation and tags.
LETTERS = r"[^\s\d!-/:-@\[-`{-~\u00a0-\u00bf\u2010-\u2bff\u3000-\u303f\ue000-\uf8ff]+"

# Languages that number their months.
_NUMBERED = frozenset(("zh", "ja", "ko"))

# The shortest name that may be recognised in a text whose language is not known, and the shortest one that may be inflected.
_SHORTEST_FOREIGN = 3
_SHORTEST_STEM = 4
_LONGEST_ENDING = 6


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Folded words to tags. `phrases` finds names that are no single run of letters; `stems` are of an inflected language."""

    words: dict[str, str]
    phrases: re.Pattern[str] | None
    stems: dict[str, str]

    def tag_of(self, word: str) -> str | None:
        """The tag of a word, or None."""
        tag = self.words.get(word)
        if tag is None and self.stems and len(word) > _SHORTEST_STEM:
            ends = range(len(word) - 1, max(_SHORTEST_STEM, len(word) - _LONGEST_ENDING) - 1, -1)
            return next((self.stems[word[:end]] for end in ends if word[:end] in self.stems), None)
        return tag


def month_tag(month: int, calendar: Calendar = Calendar.GREGORIAN) -> str:
    """The character that stands for a month in tagged text."""
    return chr(_MONTH_BASE + 16 * _CALENDARS.index(calendar) + month)


def month_of(tag: str) -> tuple[Calendar, int]:
    """The calendar and the number of a month's tag."""
    calendar, month = divmod(ord(tag) - _MONTH_BASE, 16)
    return _CALENDARS[calendar], month


@cache
def lexicon(language: str | None) -> Lexicon:
    """The names of a language with English beneath them, or for None every name that means one thing in all languages."""
    if language is None:
        return _build(_common_months(), day_parts(None), {}, unspaced=True)
    own = ALIASES.get(language, language)
    names = _month_names("en") | _calendar_names(own) | _month_names(own)
    stems = _stems(_month_names(own)) if own in INFLECTED else {}
    return _build(names, day_parts(own), stems, unspaced=own in UNSPACED)


def is_known(language: str | None) -> bool:
    """Whether the tables have a language's names; None, of which nothing is known, counts as one of them."""
    own = ALIASES.get(language, language) if language else None
    return own is None or own in _NUMBERED or own in MONTHS or own in LOCAL_MONTHS


def is_default_formatted(text: str, language: str | None) -> bool:
    """Whether a text on a page of another language has English's "December 16, 2024": software wrote it with its defaults.

    CLDR's long date of en-US, the locale of formatters that nobody gave one. Who names no locale names no zone either.
    """
    if language is None or language == "en":
        return False
    found = re.search(r"([^\W\d_]{3,}) \d{1,2}, \d{4}\b", fold(text))
    return bool(found and found[1] in _month_names("en") and found[1] not in _month_names(ALIASES.get(language, language)))


def _build(months: dict[str, str], parts: dict[str, str], stems: dict[str, str], *, unspaced: bool) -> Lexicon:
    words = {word: DAY_PART_CHARS[part] for word, part in parts.items()} | months
    loose = [word for word in words if not re.fullmatch(LETTERS, word) or (unspaced and _is_unspaced(word) and word in months)]
    loose.sort(key=len, reverse=True)
    pattern = "|".join(
        rf"(?<!{_EDGE}){re.escape(word)}(?!{_EDGE})" if not _is_unspaced(word) else re.escape(word) for word in loose
    )
    return Lexicon(words, re.compile(pattern) if loose else None, stems)


_EDGE = r"[^\W\d_]"


def _is_unspaced(word: str) -> bool:
    """True for a word of Thai, Lao, Burmese, Khmer or Chinese characters, which need no space around them."""
    return (
        "\u0e00" <= word[0] <= "\u0eff"
        or "\u1000" <= word[0] <= "\u109f"
        or "\u1780" <= word[0] <= "\u17ff"
        or word[0] >= "\u2e80"
    )


@cache
def _month_names(language: str) -> dict[str, str]:
    """The months of one language, without the short forms that folding makes the same for two of them."""
    found: dict[str, set[str]] = {}
    for number, names in enumerate((MONTHS.get(language) or LOCAL_MONTHS.get(language, "")).split(), 1):
        for name in names.split("|"):
            found.setdefault(fold_name(name), set()).add(month_tag(number))
    return {name: tags.pop() for name, tags in found.items() if len(tags) == 1}


@cache
def _calendar_names(language: str) -> dict[str, str]:
    """Month names of the other calendars in a language; the shared Latin spellings belong to English."""
    return {
        fold_name(name): month_tag(number, calendar)
        for calendar, tables in CALENDAR_MONTHS.items()
        for owner, months in tables
        if owner in (language, "en")
        or (language, owner) in (("ps", "fa"), ("fa", "ps"), ("ckb", "fa"), ("ur", "ar"), ("fa", "ar"))
        for number, names in enumerate(months.split(), 1)
        for name in names.split("|")
    }


def _stems(names: dict[str, str]) -> dict[str, str]:
    return {name: tag for name, tag in names.items() if len(name) >= _SHORTEST_STEM}


@cache
def _common_months() -> dict[str, str]:
    """Every language's month names except those that two languages use for different months."""
    found: dict[str, set[str]] = {}
    for language in MONTHS:
        for name, tag in _month_names(language).items():
            found.setdefault(name, set()).add(tag)
    english = _month_names("en")
    return english | {
        name: tags.pop()
        for name, tags in found.items()
        if len(tags) == 1 and name not in english and (len(name) > _SHORTEST_FOREIGN or not name.isascii())
    }
