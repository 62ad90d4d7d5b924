"""Tagged text: a folded date text in which months, parts of the day, zones and times of day are single characters.

Once tagged, a date in any language is a short pattern over digits and tags; `datestrings` has the patterns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from pipelines.normalizers.abbreviations import ABBREVIATIONS, ANY_CASE, ZONE_PHRASES
from pipelines.normalizers.clockwords import FILLERS, TIME_WORDS
from pipelines.normalizers.lexicon import DAY_PART_CHARS, LETTERS, MONTH_CHARS, lexicon, month_tag
from pipelines.normalizers.scripts import fold

# Private-use characters: times of day, zones, and a word that announces a time of day.
TIME_BASE, ZONE_BASE, TIME_WORD = 0xE300, 0xE500, "\ue204"
TIME_CHARS, ZONE_CHARS = "[\ue300-\ue3ff]", "[\ue500-\ue5ff]"
MARK_CHARS = f"(?:{TIME_CHARS}|{ZONE_CHARS}|[\ue200-\ue204])"
_PARTS = "".join(DAY_PART_CHARS.values())

_CAPITALS = re.compile(r"(?<![A-Za-z])[A-Z]{1,5}(?![A-Za-z'.])")
_LOWER_ABBREVIATION = re.compile(r"(?<=[\d ])(" + "|".join(sorted(ANY_CASE)) + r")(?![^\W\d_])")
# A word that every zone in words has, so that a text without one is not searched for sixty of them.
_ZONE_KEYWORD = re.compile(
    r"time|zeit|hora|heure|[ap]\.?m\.? (?:eastern|central|pacific)|\bora\b|saati|waktu|gio viet|u\.?s\.? eastern|توقيت|به وقت|врем|zulu|москв|гринв|киев|киів|мск|[間间]|地|한국|현지"
)
_IANA = re.compile(r"\b(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Z]\w+(?:/[A-Z]\w+)?")
_OFFSET = re.compile(
    rf"(?:\[?(?:gmt|utc|[\ue500-\ue5ff])\]? ?|(?<=:\d\d) ?|(?<=[:.]\d\d\.\d\d\d) ?|(?<=\.\d\d\.\d\d) |(?<=[{_PARTS}]) ?)([+-]) ?(\d{{1,2}})(?::?(\d\d))?(?![\d/.-]| ?{MONTH_CHARS})"
)

_WORD = re.compile(LETTERS)
_ENGLISH_PART = re.compile(r"(?<![^\W\d_])([ap])\.? ?m\b\.?|(?<=\d:\d\d)([ap])(?!\w)")
_NUMBERED_MONTH = re.compile(
    r"(?<!\d)(\d{1,2}) ?(?:月(?:份)?|월|[- ]?(?:р |дугаар |дүгээр )?сар\w*|-?r sar\w*)|\bthang (\d{1,2})(?!\d)|\bthg (\d{1,2})|\bm(0[1-9]|1[0-2])\b"
)
_ROMAN_MONTH = re.compile(r"(?<=\d)(?P<sep>[./ -] ?)(x?i{1,3}|iv|vi{0,3}|i?x|xii?)(?P<end>[./ -]) ?(?=\d{4})")
# Between a year and a day only with full stops or the like: "v" and "i" are words.
_ROMAN_MONTH_AFTER_YEAR = re.compile(
    r"(?<=\d{4})(?P<sep>[./-] ?)(x?i{1,3}|iv|vi{0,3}|i?x|xii?)(?P<end>[./-]) ?(?=\d{1,2}(?!\d))"
)
_ROMAN = {
    name: number for number, name in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"), 1)
}
_WEEKDAY_NUMBER = re.compile(r"\b(?:thu [2-7]|[2-6]a[ -]?feira)\b,?")
_ERA_MARK = re.compile(
    r"พ\.ศ\.?|พุทธศักราช|คริสต์ศักราช|ຄ\.ສ\.?|ค\.ศ\.?|ه\. ?ش\.?|ዓ\.ም\.?|(?<![^\W\d_])(?:a\.d\.|b\.e\.|c\.e\.)|(?<=\d{4}) ?(?:م|[rг]\.)(?!\w)"
)
_CJK_PART = re.compile(r"([早晚])(?= ?\d{1,2} ?[时時点點:])")
# North Korea's years until 2024: 주체114(2025)년.
_JUCHE = re.compile(r"(?:주체|juche) ?\d{2,3} ?\((\d{4})\)")
_GLUED_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=\d{1,2}:\d\d)")
# Elements without a space between them: "Feb 182009", "20 janvier 202020 janvier 2020".
_GLUED_DAY_AND_YEAR = re.compile(rf"({MONTH_CHARS} ?\d{{1,2}})(?=(?:19|20)\d\d(?!\d))")
_GLUED_DAY = re.compile(rf"(?<!\d)((?:19|20)\d\d)(?=\d{{1,2}} ?{MONTH_CHARS})")
_TOLD_TWICE = re.compile(rf"({MONTH_CHARS}) ?[/(-]? ?\1\)?")
_ORDINAL = re.compile(rf"(\d)\ue204(?= ?{MONTH_CHARS})")
_CJK_FILLER = re.compile(r"(?<=\d) ?[年년日일號号](?![前후전])|оны?(?= )")

_COLON_TIME = re.compile(r"(?<![\d:.])(\d{1,2}) ?: ?(\d\d)(?: ?: ?(\d\d)(?:[.,]\d{1,9})?)?(?![\d:])")
_LETTER_TIME = re.compile(
    r"(?<![\d.:])(\d{1,2}) ?(?:h(?![a-z])|hs(?![a-z])|heures?(?= ?\d\d(?!\d))|час\w*(?= \d{1,2} мин)|時|时|點|点|시|นาฬิกา|बजकर|টা|uhr(?= \d{1,2} ?(?:$|[,|)]))|ora(?= \d{1,2} perc)|ໂມງ|و(?= ?\d{1,2} ?دقيق)) ?"
    r"(?:(\d{1,2}) ?(?:min\w*|мин\w*|perc|मिनट|মিনিট|分|분|นาที|ນາທີ|دقيق\w*|m(?![a-z]))?|(半))?(?: ?(\d{1,2}) ?(?:秒|초|วินาที|ວິນາທີ))?(?!\d)"
)
_PART_TIME = re.compile(
    rf"(?<![\d.])(\d{{1,2}})(?:[.](\d\d))?(?= ?[{_PARTS}](?! ?[\d\ue300-\ue3ff]))"
    rf"|(?:(?<=\d{{4}} )|(?<![\d\ue300-\ue3ff])(?<![\d\ue300-\ue3ff] ))([{_PARTS}] ?)(\d{{1,2}})(?:[.](\d\d)(?:[.](\d\d))?)?"
    rf"(?![\d./:-]| ?{MONTH_CHARS})"
)
# The hour in words behind a date or an announcing word, "20 heures", "20 giờ 3 phút"; elsewhere it is as often a duration.
_HOUR_WORDS = re.compile(
    rf"(?P<lead>(?<!y ){TIME_WORD}[ .:]*|\ue2ff(?: *\.)?[ ,|-]*)([01]?\d|2[0-3])(?:\.? ?(?:(?:heures?|horas?|hodin\w*|hod|sati|sata|casova|uri|ur|часов|часа|час|ч|"
    rf"gio|orakor|сағат)\b|{TIME_WORD}(?=\.? ?(?:$|[,|)]|\d{{1,2}} ?min)))\.?(?: ?(\d{{1,2}})(?: ?(?:min|мин|phut)\w*\.?|(?![\w.:/-])))?"
    rf"| ?\. ?(\d{{1,2}}) ?хв\w*\.?)(?= *(?:$|[,;|()\[-]|{ZONE_CHARS}))"
)
_DOTTED_TIME = re.compile(rf"(?P<lead>{TIME_WORD}[ .:]*|\ue2ff(?: *\.)?[ ,|-]*)(\d{{1,2}})[.](\d\d)(?:[.](\d\d))?(?![\d.])")
# Behind a year, as Finland and Indonesia write it with seconds: 13.8.2025 klo 8.03.00.
_DOTTED_SECONDS = re.compile(
    r"(?:(?<=\d{4})|(?<=-\d)|(?<=-\d\d))(?P<lead>\.?,? (?:\ue204[ .]*)?)([01]?\d|2[0-3])[.]([0-5]\d)[.]([0-5]\d)(?![\d.])"
)
_ZONED_TIME = re.compile(rf"(?<![\d.:])(\d{{1,2}})[.:]?(\d\d)(?= ?(?:{ZONE_CHARS}|uhr|h\b|{TIME_WORD}(?! ?\d)))")
_HOUR_ONLY = re.compile(rf"(?P<lead>{TIME_WORD}[ .:]*)(\d{{1,2}})(?= ?(?:uhr|hs|hrs|$|{ZONE_CHARS}))")
_UHR = re.compile(r"(?<![\d.:])(\d{1,2})(?= ?uhr)")
_NAMED_TIME = re.compile(
    r"(?<![^\W\d_])(?:12 )?(noon|midday|midnight)(?![^\W\d_])|正午"
    r"|(?<=\ue204 )(midi|minuit|mezzogiorno|mezzanotte|mediodia|medianoche|meio-dia|meia-noite)(?![^\W\d_])"
)
_NAMED_HOURS = dict.fromkeys(("midnight", "minuit", "mezzanotte", "medianoche", "meia-noite"), 0)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as written; hours may run to 29 as Japanese broadcasters count. `second` or `minute` None: not given."""

    hour: int
    minute: int | None = None
    second: int | None = None

    @property
    def is_possible(self) -> bool:
        return self.hour < 30 and (self.minute or 0) < 60 and (self.second or 0) < 60


@dataclass(slots=True)
class Tagged:
    """The text and what its time and zone characters stand for: a zone is a name, or an offset such as `+05:30`."""

    text: str
    clocks: list[Clock] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)

    def add_zone(self, name: str) -> str:
        self.zones.append(name)
        return chr(ZONE_BASE + min(len(self.zones) - 1, 0xFF))

    def add_clock(self, clock: Clock) -> str:
        self.clocks.append(clock)
        return chr(TIME_BASE + min(len(self.clocks) - 1, 0xFF))

    def clock_of(self, char: str) -> Clock:
        return self.clocks[ord(char) - TIME_BASE]

    def zone_of(self, char: str) -> str:
        return self.zones[ord(char) - ZONE_BASE]


def tag(raw: str, language: str | None) -> Tagged:
    """The tagged text of a date text; `language` is a primary subtag or None."""
    tagged = Tagged("")
    text = _IANA.sub(lambda found: f" {tagged.add_zone(found[0])} ", raw)
    text = _CAPITALS.sub(lambda found: tagged.add_zone(found[0]) if found[0] in ABBREVIATIONS else found[0], text)
    text = fold(text)
    if _ZONE_KEYWORD.search(text):
        text = _zone_phrases().sub(lambda found: tagged.add_zone(ZONE_PHRASES[int((found.lastgroup or "")[1:])][1]), text)
    text = _LOWER_ABBREVIATION.sub(
        lambda found: tagged.add_zone("Europe/Moscow" if found[1] == "мск" else found[1].upper()), text
    )
    text = _CJK_PART.sub(lambda found: DAY_PART_CHARS["am" if found[1] == "早" else "pm"], text)
    text = _LETTER_TIME.sub(lambda found: tagged.add_clock(_letter_clock(found)), text)
    text = _OFFSET.sub(lambda found: _offset(found, tagged), _tag_words(_tag_numbers(text), language))
    text = _GLUED_DAY.sub(r"\1 ", _GLUED_DAY_AND_YEAR.sub(r"\1 ", text))
    tagged.text = _tag_clocks(text, tagged)
    return tagged


def tag_late_clocks(text: str, tagged: Tagged) -> str:
    """The text with the times tagged that only the place after a date or an announcing word makes times: 8.03, 0803 GMT, 8 Uhr.

    The date must have been replaced by U+E2FF.
    """
    for pattern in (_HOUR_WORDS, _ZONED_TIME, _DOTTED_TIME, _HOUR_ONLY, _UHR):
        text = pattern.sub(lambda found: _clock_of_groups(found, tagged), text)
    return text


def hour_by_part(hour: int, part: str | None) -> int | None:
    """The hour of 0-23 by a part of the day, or None where the two contradict each other."""
    if part is None:
        return hour
    if part == DAY_PART_CHARS["am"]:
        return 0 if hour == 12 else hour if hour < 12 else None
    if part == DAY_PART_CHARS["pm"]:
        return hour + 12 if hour < 12 else hour
    if part == DAY_PART_CHARS["noon"]:
        return hour + 12 if hour < 7 else hour
    return 0 if hour == 12 else hour + 12 if 6 <= hour < 12 else hour


@cache
def _zone_phrases() -> re.Pattern[str]:
    """One pattern for all zones in words; the group that matched is numbered as its row."""
    return re.compile("|".join(f"(?P<z{row}>{phrase})" for row, (phrase, _) in enumerate(ZONE_PHRASES)))


def _tag_numbers(text: str) -> str:
    """Months written as numbers or Roman numerals, and the counters of East Asian dates."""
    if "." in text or not text.isascii():
        text = _ERA_MARK.sub(" ", _JUCHE.sub(r"\1", text))
    text = _GLUED_YEAR.sub(r"\1 ", _WEEKDAY_NUMBER.sub(" ", text))
    text = _NUMBERED_MONTH.sub(lambda found: _month_char(int(next(filter(None, found.groups()))), found[0]), text)
    for pattern in (_ROMAN_MONTH, _ROMAN_MONTH_AFTER_YEAR):
        text = pattern.sub(lambda found: f"{found['sep']}{_month_char(_ROMAN.get(found[2], 0), found[0])}{found['end']}", text)
    return _CJK_FILLER.sub(" ", text)


def _month_char(number: int, otherwise: str) -> str:
    return month_tag(number) if 1 <= number <= 12 else otherwise


def _tag_words(text: str, language: str | None) -> str:
    """Month names and parts of the day as tags, fillers as spaces, other words as they are."""
    names = lexicon(language)
    text = _ENGLISH_PART.sub(lambda found: DAY_PART_CHARS["am" if "a" in (found[1], found[2]) else "pm"], text)
    if names.phrases:
        text = names.phrases.sub(lambda found: names.words[found[0]], text)

    def replace(found: re.Match[str]) -> str:
        word = found[0]
        if known := names.tag_of(word):
            return known
        if word in TIME_WORDS:
            return word if found.string[found.end() : found.end() + 1].isdigit() else TIME_WORD
        return " " if word in FILLERS else word

    return _tidy_months(re.sub(" +", " ", _WORD.sub(replace, text)))


def _tidy_months(text: str) -> str:
    """One tag for a month that two names give (آب/أغسطس), and no mark of an ordinal before a month (1º, 13ú): elsewhere it is a word."""
    return _TOLD_TWICE.sub(r"\1", _ORDINAL.sub(r"\1", text))


def _tag_clocks(text: str, tagged: Tagged) -> str:
    text = _NAMED_TIME.sub(lambda found: tagged.add_clock(Clock(_NAMED_HOURS.get(found[1] or found[2], 12), 0)), text)
    text = _DOTTED_SECONDS.sub(lambda found: _clock_of_groups(found, tagged), text)
    text = _COLON_TIME.sub(lambda found: _clock_of_groups(found, tagged), text)
    return _PART_TIME.sub(lambda found: _part_clock(found, tagged), text)


def _clock_of_groups(found: re.Match[str], tagged: Tagged) -> str:
    lead = found.groupdict().get("lead") or ""
    numbers = [int(group) for group in found.groups() if group and group.isdigit()]
    return lead + tagged.add_clock(Clock(*numbers))


def _letter_clock(found: re.Match[str]) -> Clock:
    minute = 30 if found[3] else int(found[2]) if found[2] else None
    return Clock(int(found[1]), minute, int(found[4]) if found[4] else None)


def _part_clock(found: re.Match[str], tagged: Tagged) -> str:
    hour, *rest = (found[1], found[2]) if found[1] else (found[4], found[5], found[6])
    return (found[3] or "") + tagged.add_clock(Clock(int(hour), *(int(number) for number in rest if number)))


def _offset(found: re.Match[str], tagged: Tagged) -> str:
    hours, minutes = int(found[2]), int(found[3] or 0)
    if hours > 14 or minutes > 59:
        return found[0]
    return tagged.add_zone(f"{found[1]}{hours:02}:{minutes:02}")
