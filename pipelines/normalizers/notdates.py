"""What only looks like a publication date: a copyright, a birth, numbers of other things, several days, prose.

`is_no_dateline` reads a text as written, the others tagged text (see `tagging`).
"""

from __future__ import annotations

import re

from pipelines.normalizers.lexicon import LETTERS, MONTH_CHARS
from pipelines.normalizers.tagging import TIME_CHARS

_OTHER_EVENT = re.compile(
    r"©|\(c\) ?\d{4}|copyright|all rights reserved|\b(?:born|geboren|née?|nacid[oa]|nat[oa] il|nascid[oa]|date of birth|d\.?o\.?b)\b|"
    r"^\*|†|\b(?:died|gestorben|décédée?|fallecid[oa]|falecid[oa])\b|\b(?:deadline|expir(?:es|ed|y)|valid (?:until|till|thru|through)|best before|"
    r"offer ends|gültig bis|anmeldeschluss|valable jusqu|válid[oa] (?:hasta|até)|valid[oa] fino)\b|действителен до|"
    r"^\W*(?:now )?(?:through|vanaf|tot en met|hingga|bis|ab|seit|jusqu['’]au?|à partir du|depuis|hasta|desde|até|fino al?|dal|until|till|since|до|с|حتى)\b|"
    r"\bb\. ?\d|родил[аи]?с|\d ?(?:BCE?|B\.C\.|v\. ?Chr)(?![^\W\d_])",
    re.I,
)
# A street or square named for a day.
_ADDRESS = re.compile(
    r"\b(?:rua|avenida|av\.|calle|plaza|praça|piazza|via|corso|viale|rue|place du|avenue|boulevard|bulevar|ulica|ul\.|улица|ул\.|площадь|вулиця|вул\.|strada|rruga)"
    r" (?:del? |d[uo] |dell[ao] )?\d{1,2}°? (?:de |di )?[^\W\d_]|\d(?:st|nd|rd|th)? [^\W\d_]{3,9} (?:street|avenue|road|square|bridge|stadium)\b",
    re.I,
)
_OTHER_NUMBERS = re.compile(
    r"\b(?:tel|phone|fax|call|isbn|issn|version|ver|v|build|ip|art|no|nr|page|seite|section|sec|lot|sku|vol|volume|issue|chapter|room|"
    r"flight|usd|eur|gbp|chf|inr|rs|\u260e)\b\.?[ :#-]*\+?\d|[$€£₹¥§] ?\d|\d ?%"
)
_UP_TO = r" ?(?:[-/~&〜至到]|through|thru|t/|تا|hingga|sampai|الي|حتي|से|থেকে|から|to|until|till|and|bis|und|au|et|al|y|e|ao|до|по|и|та|t/m|tot|en|og|och|do|i|\ue204) ?"
_ORDINAL = r"(?:st|nd|rd|th|er|\.)?"
# What stands before the last of several days, "13 - ", "13 August to ", "13.08. bis ", and where its month comes first "August 13 to ".
# A number behind a dot or a colon is a time's.
_BEFORE_DAY = re.compile(rf"(?<![\d.:])\d{{1,2}}(?:{_ORDINAL} ?{MONTH_CHARS}?|[./]\d{{1,2}}\.){_UP_TO}$")
_BEFORE_MONTH = re.compile(rf"{MONTH_CHARS} ?\d{{1,2}}{_ORDINAL}{_UP_TO}$")
_NEXT_DAY = re.compile(rf"{_UP_TO}(?:{MONTH_CHARS}\.? ?)?\d{{1,2}}(?![\d:.])")
_SPAN = re.compile(_UP_TO)
_MONTH = re.compile(MONTH_CHARS)
# A day without year and time before more words than these is prose: "May the 4th be with you".
_MOST_WORDS = 2


def is_no_dateline(text: str) -> bool:
    """Whether a text speaks of a copyright, a birth, a death, the end of a term or a year before Christ, or names a street or square for a day."""
    return bool(_OTHER_EVENT.search(text) or _ADDRESS.search(text))


def has_other_numbers(text: str) -> bool:
    """Whether a text's numbers are a telephone's, a price's, a version's or a page's."""
    return bool(_OTHER_NUMBERS.search(text))


def is_last_of_days(text: str, start: int) -> bool:
    """Whether the date that starts there is the end of several days: "13 - 15 August 2025"."""
    before = _BEFORE_MONTH if _MONTH.match(text, start) else _BEFORE_DAY
    return bool(before.search(text, 0, start))


def is_first_of_days(text: str, end: int) -> bool:
    """Whether the date that ends there is the beginning of several days: "30 June to 2 July"."""
    return bool(_NEXT_DAY.match(text, end))


def is_span(between: str) -> bool:
    """Whether what stands between two dates makes them the ends of a span: "1 January 2024 to 31 December 2024"."""
    return bool(_SPAN.fullmatch(between))


def has_months(text: str) -> bool:
    """Whether a text names more than one month: "July-August 2025"."""
    return len(_MONTH.findall(text)) > 1


def is_in_prose(text: str, end: int) -> bool:
    """Whether words follow the date that ends there, and no time of day stands in the text."""
    return not re.search(TIME_CHARS, text) and len(re.findall(LETTERS, text[end:])) > _MOST_WORDS
