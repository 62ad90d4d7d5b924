"""dateparser for the languages whose names our own tables do not have. The only importer of dateparser.

It is never asked without a language (an unhinted miss costs 26 ms and invents dates), nor in a language of ours, where it
reads nothing that we miss but costs the import; and its answer counts only if its year, day and time stand in the text.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache

from pipelines.normalizers.localmonths import LOCAL_MONTHS
from pipelines.normalizers.months import ALIASES, MONTHS
from pipelines.normalizers.readings import Reading
from pipelines.normalizers.scripts import fold
from pipelines.normalizers.zones import Place
from pipelines.values import Precision

OWN_LANGUAGES = frozenset((*MONTHS, *LOCAL_MONTHS, *ALIASES, "zh", "ja", "ko"))

_LONGEST_TEXT = 60
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.]\d\d(?!\d)")


def read_with_dateparser(raw: str, place: Place, now: datetime) -> Reading | None:
    """The reading of a text in a language that dateparser knows, or None where the text does not bear it out."""
    text = fold(raw)
    if place.language is None or len(text) > _LONGEST_TEXT or not (_YEAR.search(text) and _LETTERS.search(text)):
        return None
    if place.language in OWN_LANGUAGES or place.language not in _languages():
        return None
    parsed = _parse(raw, place.language, now)
    if parsed is None or not _is_borne_out(parsed, text):
        return None
    precision = Precision.MINUTE if _CLOCK.search(text) else Precision.DAY
    if precision is Precision.DAY:
        parsed = parsed.replace(hour=0, minute=0)
    return Reading(parsed.replace(tzinfo=None, second=0, microsecond=0), precision, parsed.utcoffset())


def _parse(raw: str, language: str, now: datetime) -> datetime | None:
    import dateparser

    return dateparser.parse(
        raw,
        languages=[language],
        settings={
            "STRICT_PARSING": True,
            "RELATIVE_BASE": now.replace(tzinfo=None),
            "REQUIRE_PARTS": ["day", "month", "year"],
            "PARSERS": ["absolute-time"],
        },
    )


def _is_borne_out(parsed: datetime, text: str) -> bool:
    """True if the text's numbers are the date's: its year and day, and no clock time that the answer lacks."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if parsed.year not in numbers or parsed.day not in numbers or parsed.tzinfo is not None:
        return False
    if _CLOCK.search(text):
        return parsed.hour % 12 in [number % 12 for number in numbers] and parsed.minute in numbers
    return True


@cache
def _languages() -> frozenset[str]:
    from dateparser.data import languages_info

    return frozenset(languages_info.language_order)
