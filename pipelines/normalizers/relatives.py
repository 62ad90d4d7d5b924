"""Times relative to now: "3 hours ago", "yesterday at 17:05", "just now" in the languages of `agowords`.

Hours and minutes count back from now; a day word, or a number of days, is that day of the place's calendar. Weeks, months
and "last Tuesday" fix no day and give nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache

from pipelines.normalizers.agowords import COUNTED_UNITS, JUST_NOW, NUMBER_WORDS, RELATIVE
from pipelines.normalizers.months import ALIASES
from pipelines.normalizers.readings import Reading
from pipelines.normalizers.scripts import fold, fold_name
from pipelines.normalizers.zones import Place, home_zone
from pipelines.values import Precision

_UNITS = ("second", "minute", "hour", "day")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_PRECISION = {"second": Precision.SECOND, "minute": Precision.MINUTE, "hour": Precision.HOUR, "day": Precision.DAY}
_FARTHEST = timedelta(days=400)
_NUMBER = r"(?P<number>\d{1,3})\+?"
_EDGE_BEFORE, _EDGE_AFTER = r"(?<![^\W\d_])", r"(?![^\W\d_])"
# What is counted beside a time: "3 hours ago | 5 min read".
_OTHER_COUNT = re.compile(r" ?[|(,-] ?\d[\d.,]*k?\+? [^\d:/]*$")
_LONGEST_TEXT = 120
# A label and a short byline: "Updated by our correspondent".
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class _Language:
    """One language's relative times: its frames with a word that each needs, its units, its day words with their days back."""

    frames: tuple[tuple[str, str], ...]
    units: dict[str, str]
    days: re.Pattern[str] | None
    days_back: dict[str, int]


def read_relative(raw: str, place: Place, now: datetime) -> Reading | None:
    """The reading of a relative time against `now`, or None. A day word without a known zone is refused."""
    text = fold(raw[:_LONGEST_TEXT])
    if text in _just_now():
        return Reading(now.astimezone(UTC).replace(tzinfo=None, microsecond=0), Precision.MINUTE, timedelta(0))
    for language in _languages(place.language, text):
        if ago := _ago(text, language, place, now):
            return ago
    return None


def replace_day_word(raw: str, place: Place, now: datetime) -> str | None:
    """The text with its "yesterday" or "today" replaced by that day in ISO form, or None where it has none."""
    zone = _zone(place, now)
    if zone is None or len(raw) > _LONGEST_TEXT:
        return None
    text = fold(raw)
    for language in _languages(place.language, text):
        table = _table(language)
        found = table.days.search(text) if table.days else None
        rest = text[: found.start()] + text[found.end() :] if found else ""
        if found and not _is_prose(rest) and not any(_stands_in(sign, rest) for sign, _ in table.frames):
            day = now.astimezone(zone).date() - timedelta(days=table.days_back[found[0]])
            return f"{text[: found.start()]} {day.isoformat()} {text[found.end() :]}"
    return None


def _stands_in(sign: str, rest: str) -> bool:
    """Whether a frame's word is left beside a day word: "13 years ago today" is not today."""
    return bool(sign) and re.search(f"{_EDGE_BEFORE}{re.escape(sign)}{_EDGE_AFTER}", rest) is not None


def _ago(text: str, language: str, place: Place, now: datetime) -> Reading | None:
    table = _table(language)
    for sign, frame in table.frames:
        if sign in text and (found := _frame(frame, language).search(text)):
            pairs = _pairs(found["what"], table)
            rest = text[: found.start()] + text[found.end() :]
            if _OTHER_COUNT.match(text, found.end()):
                rest = text[: found.start()]
            if pairs and not re.search(r"\d", rest) and not _is_prose(rest):
                return _back(pairs, place, now)
    return None


def _is_prose(rest: str) -> bool:
    """Whether a text has more besides its relative time than a label, a byline or a clock: "what happened today in Delhi"."""
    return not re.search(r"\d", rest) and len(re.findall(r"[^\W\d_]+", rest)) > _MOST_WORDS


def _pairs(what: str, table: _Language) -> list[tuple[int, str]]:
    """Numbers with their units, "1 hour 20 minutes"; empty if anything else stands between them."""
    counted = _counted()
    if what.strip() in counted:
        unit, number = counted[what.strip()]
        return [(number, unit)]
    pairs, rest = [], what.strip(" ,.")
    words = "|".join(re.escape(word) for word in sorted(table.units, key=len, reverse=True))
    numbers = "|".join(re.escape(word) for word in sorted(_number_words(), key=len, reverse=True))
    pattern = re.compile(
        rf"(?:(?P<n>\d{{1,3}})\+? ?|(?P<w>{numbers}) )(?P<u>{words})\.?(?![^\W\d_])|(?P<u2>{words}) (?:(?P<n2>\d{{1,3}})(?!\d)|(?P<w2>{numbers})(?![^\W\d_]))"
    )
    while rest:
        found = pattern.match(rest)
        if found is None:
            return []
        digits, word = found["n"] or found["n2"], found["w"] or found["w2"]
        pairs.append((int(digits) if digits else _number_words()[word], table.units[found["u"] or found["u2"]]))
        rest = re.sub(r"^(?:,| |and |et |und |y |e |و )+", "", rest[found.end() :])
    return pairs


def _back(pairs: list[tuple[int, str]], place: Place, now: datetime) -> Reading | None:
    ago = timedelta(seconds=sum(number * _SECONDS[unit] for number, unit in pairs))
    finest = min((unit for _, unit in pairs), key=_UNITS.index)
    if ago > _FARTHEST:
        return None
    if finest == "day":
        zone = _zone(place, now)
        if zone is None:
            return None
        local = (now.astimezone(zone) - ago).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        return Reading(local, Precision.DAY)
    moment = (now - ago).astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return Reading(moment, _PRECISION[finest], timedelta(0))


def _zone(place: Place, now: datetime) -> tzinfo | None:
    home = home_zone(now.astimezone(UTC).replace(tzinfo=None), place)
    return home[0] if home else None


def _languages(language: str | None, text: str) -> list[str]:
    """The languages to try, of the text's own and English, or of all when it is not known: those with a word in the text."""
    own = ALIASES.get(language, language) if language else None
    tried = RELATIVE if own is None else [name for name in (own, "en") if name in RELATIVE]
    return [name for name in dict.fromkeys(tried) if any(word in text for word in _signs(name))]


@cache
def _signs(language: str) -> tuple[str, ...]:
    """Folded words of which every relative time of a language has one: those of its frames and its day words."""
    frames, *units, today, yesterday, before = RELATIVE[language].split(";")
    parts = [part for frame in frames.split("|") for part in [max(frame.strip().split("#"), key=len)]]
    bare = [word for field in units for word in field.split()] if "" in parts else []
    words = [*parts, *bare, *today.split(), *yesterday.split(), *before.split()]
    return tuple(dict.fromkeys(fold_name(word.strip("_ ")) for word in words if word.strip("_ ")))


@cache
def _table(language: str) -> _Language:
    frames, *units, today, yesterday, before = (field.split() for field in RELATIVE[language].split(";"))
    names = {fold_name(word): unit for unit, words in zip(_UNITS, units, strict=True) for word in words}
    back = {fold_name(word): days for days, words in enumerate((today, yesterday, before)) for word in words}
    longest_first = sorted(back, key=len, reverse=True)
    days = "|".join(f"{_before(word)}{re.escape(word)}{_after(word)}" for word in longest_first)
    signed = ((fold_name(max(frame.strip().split("#"), key=len)).strip("_ "), frame) for frame in " ".join(frames).split("|"))
    return _Language(tuple(signed), names, re.compile(days) if days else None, back)


@cache
def _frame(frame: str, language: str) -> re.Pattern[str]:
    """A frame's pattern: the words before and after `#`, and between them numbers, units and counted units.

    Made when a text first has the frame's word: all languages' patterns together take a third of a second to compile.
    """
    units = _table(language).units
    before, after = (fold_name(part) for part in frame.split("#"))
    if not before and not after:
        number = rf"(?:\d{{1,3}}|{_EDGE_BEFORE}(?:{'|'.join(re.escape(word) for word in _number_words())}))"
        return re.compile(rf"(?P<what>{number} (?:{'|'.join(re.escape(word) for word in units)}){_EDGE_AFTER})")
    head = f"{_before(before)}{re.escape(before)} ?" if before else ""
    tail = f" ?{re.escape(after)}{_after(after)}" if after else ""
    unit = "|".join(re.escape(word) for word in sorted(units | _counted(), key=len, reverse=True))
    numbers = "|".join(re.escape(word) for word in sorted(_number_words(), key=len, reverse=True))
    number = rf"(?:\d{{1,3}}\+? ?|{_EDGE_BEFORE}(?:{numbers}) )"
    one = (
        rf"(?:{number}(?:{unit})\.?|{_EDGE_BEFORE}(?:{unit}) (?:\d{{1,3}}|(?:{numbers}){_EDGE_AFTER})|{_EDGE_BEFORE}(?:{unit}))"
    )
    joint = r"(?:,? (?:and |et |und |y |e |و )?|)"
    return re.compile(rf"{head}(?P<what>{one}(?:{joint}{one})?){tail}" + ("" if after else _EDGE_AFTER))


def _before(word: str) -> str:
    return "" if _is_unspaced(word) else _EDGE_BEFORE


def _after(word: str) -> str:
    return "" if _is_unspaced(word) else _EDGE_AFTER


def _is_unspaced(word: str) -> bool:
    return (
        word[0] >= "\u2e80"
        or "\u0e00" <= word[0] <= "\u0eff"
        or "\u1000" <= word[0] <= "\u109f"
        or "\u1780" <= word[0] <= "\u17ff"
    )


@cache
def _just_now() -> frozenset[str]:
    return frozenset(fold(phrase) for phrase in JUST_NOW.split("|"))


@cache
def _counted() -> dict[str, tuple[str, int]]:
    return {fold_name(word): counted for word, counted in COUNTED_UNITS.items()}


@cache
def _number_words() -> dict[str, int]:
    return {fold_name(word): number for number, words in NUMBER_WORDS.items() for word in words.split()}
