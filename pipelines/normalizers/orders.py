"""The order of numeric dates and the calendar of their years, by place: day first, month first, year first, or unknown."""

from __future__ import annotations

from datetime import date, datetime

from pipelines.normalizers.calendars import Calendar, gregorian
from pipelines.normalizers.zones import Place

# Countries that write the month first (CLDR's short formats and US-administered territories), and those where both orders
# are in daily use, so that 3/4 is no date.
_MONTH_FIRST = frozenset(("US", "PH", "AS", "FM", "GU", "MH", "MP", "PR", "PW", "UM", "VI"))
_EITHER = frozenset(("CA",))

# Languages and countries that put a two-digit year first (CLDR's short formats).
_YEAR_FIRST_LANGUAGES = frozenset(("zh", "ja", "ko", "hu", "mn", "lt", "si", "eu", "ug"))
_YEAR_FIRST_COUNTRIES = frozenset(("CN", "TW", "JP", "KR", "KP", "HU", "MN", "LT"))
# Where Chinese puts the day first, and where a two-digit year may be of another calendar (CLDR's short formats).
_DAY_FIRST_CHINESE = frozenset(("HK", "MO", "SG", "MY"))
_EITHER_YEAR = frozenset(("ne", "NP"))

_BUDDHIST_PLACES = frozenset(("th", "lo", "km", "my", "si", "TH", "LA", "KH", "MM", "LK"))
_JALALI_PLACES = frozenset(("fa", "ps", "ckb", "IR", "AF"))
_BUDDHIST_YEARS, _JALALI_YEARS, _NEPALI_YEARS = range(2400, 2700), range(1300, 1500), range(2050, 2100)


def numeric_days(first: str, second: str, third: str, separators: str, place: Place, now: datetime) -> date | None:
    """The day that three numbers mean at a place, or None where they are no date or could be two.

    An empty `first` stands for a missing year: the day is given in the year 2000, a leap year.
    """
    if len(first) >= 3:
        return _day(first, (second, third), place, now)
    if not first:
        return _day_and_month((second, third), separators, place)
    if len(third) == 4:
        return _by_order(third, first, second, separators, place, now)
    if len(third) == 2 or (len(first) == 2 and "-" not in separators and _is_year_first(place)):
        return _two_digit_year(first, second, third, separators, place, now)
    return None


def year_of(year: str, calendar: Calendar, place: Place, now: datetime) -> tuple[Calendar, int] | None:
    """The calendar and year that a written year means: 68 and 2568 are Buddhist in Thailand, 1404 is Jalali in Iran."""
    number = int(year)
    if calendar is not Calendar.GREGORIAN:
        return calendar, number + 1400 if calendar is Calendar.JALALI and number < 100 and len(year) == 2 else number
    if len(year) == 2:
        return _short_year(number, place, now)
    marks = {place.language, place.country}
    if number in _BUDDHIST_YEARS and marks & _BUDDHIST_PLACES:
        return Calendar.BUDDHIST, number
    if number in _JALALI_YEARS and marks & _JALALI_PLACES:
        return Calendar.JALALI, number
    if number in _NEPALI_YEARS and number > now.year + 1 and marks & {"ne", "NP"}:
        return Calendar.NEPALI, number
    if 100 <= number < 200 and place.country == "TW":
        return Calendar.MINGUO, number
    return (Calendar.GREGORIAN, number) if 1800 <= number <= 2100 else None


def _short_year(number: int, place: Place, now: datetime) -> tuple[Calendar, int]:
    """A two-digit year: of this century up to next year, else of the last; Buddhist where that is the nearer past."""
    if {place.language, place.country} & {"th", "TH"} and number > now.year % 100 + 1:
        return Calendar.BUDDHIST, 2500 + number
    return Calendar.GREGORIAN, number + (2000 if number <= now.year % 100 + 1 else 1900)


def _day(year: str, month_and_day: tuple[str, str], place: Place, now: datetime) -> date | None:
    dated = year_of(year, Calendar.GREGORIAN, place, now)
    return gregorian(*dated, int(month_and_day[0]), int(month_and_day[1])) if dated else None


def _by_order(year: str, first: str, second: str, separators: str, place: Place, now: datetime) -> date | None:
    """Day and month before a year: by the place's order, by the only possible one, or by the only day both can mean."""
    order = _order(separators, place)
    if int(first) > 12 or order == "dmy":
        day = _day(year, (second, first), place, now)
        return day if day or int(second) <= 12 else _day(year, (first, second), place, now)
    if int(second) > 12 or order == "mdy" or first.zfill(2) == second.zfill(2):
        return _day(year, (first, second), place, now)
    return None


def _two_digit_year(first: str, second: str, third: str, separators: str, place: Place, now: datetime) -> date | None:
    if _is_year_first(place):
        return _day(first, (second, third), place, now) if len(first) == 2 else None
    if (place.language is None and place.country is None) or {place.language, place.country} & _EITHER_YEAR:
        return None
    return _by_order(third, first, second, separators, place, now)


def _day_and_month(numbers: tuple[str, str], separators: str, place: Place) -> date | None:
    if _is_year_first(place):
        return gregorian(Calendar.GREGORIAN, 2000, int(numbers[0]), int(numbers[1]))
    order = _order(separators, place)
    if order is None:
        return None
    day, month = numbers if order == "dmy" else (numbers[1], numbers[0])
    return gregorian(Calendar.GREGORIAN, 2000, int(month), int(day))


def _is_year_first(place: Place) -> bool:
    if place.language == "zh" and place.country in _DAY_FIRST_CHINESE:
        return False
    return place.language in _YEAR_FIRST_LANGUAGES or place.country in _YEAR_FIRST_COUNTRIES


def _order(separators: str, place: Place) -> str | None:
    """`dmy`, `mdy` or None. Dots are never used month first; English says nothing without its country."""
    if "." in separators:
        return "dmy"
    if place.country in _MONTH_FIRST:
        return "mdy"
    if place.country in _EITHER or (place.country is None and place.language in (None, "en")):
        return None
    return "dmy"
