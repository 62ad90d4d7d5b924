"""Gregorian days of dates in the other calendars that news sites print: by arithmetic, by era, or by table.

A date that its calendar does not have (a 30th of a 29-day month) gives None, and so does the Islamic calendar: its months
begin by sighting, a day apart from one country to the next, so a Hijri date alone fixes no day.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class Calendar(StrEnum):
    GREGORIAN = "gregorian"
    BUDDHIST = "buddhist"
    JALALI = "jalali"
    HIJRI = "hijri"
    MINGUO = "minguo"
    ETHIOPIAN = "ethiopian"
    NEPALI = "nepali"


# Month names, in the form of `months.MONTHS`; the first of each is the calendar's first month.
CALENDAR_MONTHS = {
    Calendar.JALALI: (
        ("fa", "فروردین اردیبهشت خرداد تیر مرداد|امرداد شهریور مهر آبان آذر دی بهمن اسفند|اسپند"),
        ("fa", "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت"),
        ("ps", "وری غويی غبرګولی چنګاښ زمری وږی تله لړم ليندۍ مرغومی سلواغه کب"),
        ("en", "Farvardin Ordibehesht|Ordibehest Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand"),
    ),
    Calendar.HIJRI: (
        ("ar", "محرم|المحرم صفر ربيع_الأول|ربيع_أول ربيع_الثاني|ربيع_الآخر|ربيع_الاخر جمادى_الأولى|جمادى_الاولى "
               "جمادى_الآخرة|جمادى_الثانية|جمادى_الاخرة رجب شعبان رمضان شوال ذو_القعدة|ذي_القعدة ذو_الحجة|ذي_الحجة"),
        ("en", "Muharram Safar Rabi_al-Awwal Rabi_al-Thani Jumada_al-Ula Jumada_al-Thani Rajab Shaaban|Sha'ban Ramadan|Ramzan "
               "Shawwal Dhul-Qadah|Zilqad Dhul-Hijjah|Zilhaj"),
        ("tr", "Muharrem Safer Rebiülevvel Rebiülahir "
               "Cemaziyelevvel Cemaziyelahir Recep Şaban Ramazan Şevval Zilkade Zilhicce"),
    ),
    Calendar.ETHIOPIAN: (
        ("am", "መስከረም ጥቅምት ኅዳር|ህዳር|ሕዳር ታኅሣሥ|ታህሳስ|ታኅሳስ|ታሕሳስ ጥር የካቲት መጋቢት ሚያዝያ|ሚያዚያ ግንቦት ሰኔ ሐምሌ|ሀምሌ|ሃምሌ "
               "ነሐሴ|ነሀሴ|ነሃሴ ጳጉሜን|ጳጉሜ|ጳጉሜ"),
        ("en", "Meskerem Tikimt Hidar Tahsas Tir Yekatit Megabit Miyazya Ginbot Sene Hamle Nehase Pagumen|Pagume"),
    ),
    Calendar.NEPALI: (
        ("ne", "वैशाख|बैशाख|वैसाख|बैसाख जेठ|जेष्ठ|ज्येष्ठ असार|आषाढ|अषाढ साउन|श्रावण|सावन भदौ|भाद्र असोज|आश्विन|अश्विन कात्तिक|कार्तिक "
               "मंसिर|मङ्सिर|मार्ग पुस|पुष|पौष माघ फागुन|फाल्गुण|फाल्गुन चैत|चैत्र"),
    ),
}  # fmt: skip

# Year 1 of an era less one: 令和7年 is 2018 + 7. Source: the National Diet Library's era table.
JAPANESE_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867, "r": 2018, "h": 1988, "s": 1925}

_BUDDHIST_OFFSET = 543
_MINGUO_OFFSET = 1911

# The span of Jalali years through which one 33-year leap cycle runs. Source: K. Borkowski, "The Persian calendar for 3000
# years", Earth, Moon and Planets 74 (1996), whose break years around our time are 1210 and 1635.
_JALALI_FIRST_YEAR, _JALALI_LAST_YEAR = 1210, 1633
_JALALI_EPOCH = date(1831, 3, 21)

# Days in the months of Bikram Sambat years from 1 Baisakh 2071 (14 April 2014), one digit a month: days less 29. The
# calendar follows the sun's passage and has no formula; from 2083 on published tables disagree, so it ends there.
_NEPALI_EPOCH = date(2014, 4, 14)
_NEPALI_FIRST_YEAR = 2071
_NEPALI_MONTHS = (
    "223222101011", "232321100111", "232321110012", "222322101011", "223222101011", "232321110011",
    "232321110102", "222322101011", "223222101011", "232321110011", "232321110102", "223222101011",
)  # fmt: skip


def gregorian(calendar: Calendar, year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a date in a calendar, or None where the calendar has no such date or does not fix a day.

    >>> gregorian(Calendar.JALALI, 1404, 5, 22)
    datetime.date(2025, 8, 13)
    """
    try:
        return _CONVERTERS[calendar](year, month, day)
    except (ValueError, OverflowError):
        return None


def _from_gregorian(year: int, month: int, day: int) -> date:
    return date(year, month, day)


def _from_buddhist(year: int, month: int, day: int) -> date:
    return date(year - _BUDDHIST_OFFSET, month, day)


def _from_minguo(year: int, month: int, day: int) -> date:
    return date(year + _MINGUO_OFFSET, month, day)


def _from_hijri(year: int, month: int, day: int) -> None:
    return None


def _from_jalali(year: int, month: int, day: int) -> date | None:
    """Months 1-6 have 31 days, 7-11 have 30, the last 29 or 30; 1 Farvardin is the spring equinox's day in Tehran."""
    if not _JALALI_FIRST_YEAR <= year <= _JALALI_LAST_YEAR or not 1 <= month <= 12:
        return None
    start = _nowruz(year)
    month_days = 31 if month <= 6 else 30 if month < 12 else (_nowruz(year + 1) - start).days - 336
    if not 1 <= day <= month_days:
        return None
    return start + timedelta(days=31 * (month - 1) - max(0, month - 7) + day - 1)


def _nowruz(year: int) -> date:
    """1 Farvardin: the epoch plus 365 days a year and the leap days since."""
    since = year - _JALALI_FIRST_YEAR
    return _JALALI_EPOCH + timedelta(days=365 * since + _jalali_leaps(since))


def _jalali_leaps(since: int) -> int:
    """Leap years among the `since` years from 1210 on: eight in each 33, every fourth year and once after five."""
    cycles, rest = divmod(since, 33)
    return 8 * cycles + min(8, (rest + 3) // 4)


def _from_ethiopian(year: int, month: int, day: int) -> date | None:
    """Twelve months of 30 days and one of 5, or 6 before a Julian leap year. Year 1 began on 29 August 8 (Julian)."""
    last = 30 if month <= 12 else 6 if year % 4 == 3 else 5
    if not 1800 <= year <= 2200 or not 1 <= month <= 13 or not 1 <= day <= last:
        return None
    return date.fromordinal(2796 + 365 * (year - 1) + year // 4 + 30 * (month - 1) + day - 1)


def _from_nepali(year: int, month: int, day: int) -> date | None:
    index = year - _NEPALI_FIRST_YEAR
    if not 0 <= index < len(_NEPALI_MONTHS) or not 1 <= month <= 12:
        return None
    lengths = [int(digit) + 29 for months in _NEPALI_MONTHS[: index + 1] for digit in months]
    before = 12 * index + month - 1
    if not 1 <= day <= lengths[before]:
        return None
    return _NEPALI_EPOCH + timedelta(days=sum(lengths[:before]) + day - 1)


_CONVERTERS = {
    Calendar.GREGORIAN: _from_gregorian,
    Calendar.BUDDHIST: _from_buddhist,
    Calendar.MINGUO: _from_minguo,
    Calendar.HIJRI: _from_hijri,
    Calendar.JALALI: _from_jalali,
    Calendar.ETHIOPIAN: _from_ethiopian,
    Calendar.NEPALI: _from_nepali,
}
