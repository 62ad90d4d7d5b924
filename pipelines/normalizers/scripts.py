"""Date text in one spelling: one case, ASCII digits, no accents, no invisible characters, whatever script it came in.

Tables of names are folded by the same function as the text, so a difference that folding removes (a nukta left out, a
Persian yeh typed as an Arabic one, a missing circumflex) never makes a name unknown.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

# Combining marks whose absence does not change a word: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowel
# signs and hamza above or below, Devanagari and Bengali nukta, and the zero-width and bidirectional controls.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u093c\u09bc\u0a3c\u0abc\u0b3c"
    "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)
_LETTERS = str.maketrans(
    {
        "ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe",
        "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ہ": "ه", "ھ": "ه",
        "ە": "ه", "ة": "ه", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'",
        "`": "'", "´": "'", "٫": ".", "٬": ",", "،": ",", "؛": ";", "۔": ".", "।": ".", "॰": ".", "∶": ":", "։": ":", "׳": "'", "፡": ":", "።": ".", "፣": ",", "၊": ",", "။": ".", "។": ".",
        "·": "|", "•": "|", "・": "|", "∙": "|", "●": "|", "¦": "|",
    }
)  # fmt: skip
_CJK_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2, "廿": 2}
_CJK_NUMBER = re.compile("[〇零○一二三四五六七八九十百廿两]+(?=[年月日号號时時点點分秒])")
_ETHIOPIC_NUMBER = re.compile("[\u1369-\u137c]+")
_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """The text in lower case without accents and controls, its digits ASCII, its numerals numbers, its spaces single.

    >>> fold("१३ Août\u00a0２０２５ – 二〇二五年十二月三十日")
    '13 aout 2025 - 2025年12月30日'
    """
    if text.isascii():
        return _SPACES.sub(" ", html.unescape(text) if "&" in text else text).strip().lower()
    text = _plain(html.unescape(text))
    if not text.isascii():
        text = _CJK_NUMBER.sub(lambda found: str(_cjk_number(found[0])), text)
        text = _ETHIOPIC_NUMBER.sub(lambda found: f" {_ethiopic_number(found[0])} ", text)
    return _SPACES.sub(" ", text).strip()


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """A table's name in the form in which it stands in folded text; underscores are its spaces."""
    return fold(name.replace("_", " "))


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    text = unicodedata.normalize("NFC", _DROPPED.sub("", text)).translate(_LETTERS)
    return "".join(_ascii_digit(char) for char in text) if not text.isascii() else text


def _ascii_digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _cjk_number(numeral: str) -> str:
    """Digits one by one (二〇二五), or hundreds, tens and units (一百一十四, 二十三, 十, 廿一)."""
    hundreds, hundred, rest = numeral.partition("百")
    if hundred:
        return str(100 * _CJK_DIGITS.get(hundreds[-1:], 1) + int(_cjk_number(rest) or 0))
    tens, ten, units = numeral.partition("十")
    if ten:
        return str(10 * (_CJK_DIGITS.get(tens[-1:], 1) if tens else 1) + (_CJK_DIGITS.get(units[:1], 0) if units else 0))
    return "".join(str(_CJK_DIGITS[char]) for char in numeral)


def _ethiopic_number(numeral: str) -> int:
    """Ethiopic numerals add up below a hundred sign and are multiplied by it: ፳፻፲፯ is 20 x 100 + 17."""
    total, group = 0, 0
    for char in numeral:
        value = int(unicodedata.numeric(char))
        if value >= 100:
            total, group = total + max(group, 1) * value, 0
        else:
            group += value
    return total + group
