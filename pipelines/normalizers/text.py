"""Text in one form: NFC, no invisible or control characters, one space between words."""

from __future__ import annotations

import re
import unicodedata

# Soft hyphens, zero-width spaces and joiners' look-alikes, direction marks, byte-order marks. The zero-width joiner and
# non-joiner (U+200C, U+200D) stay: Persian, Hindi and emoji are spelt with them.
_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, 0xFEFF, 0xFFFC])
# Those that part words are white space to `str.split`, and stay until then: U+000B, U+000C, U+001C to U+001F, U+0085.
_CONTROL = dict.fromkeys(code for code in (*range(32), *range(127, 160)) if not chr(code).isspace())
_DROPPED = {**_INVISIBLE, **_CONTROL}
_SURROGATE = re.compile("[\ud800-\udfff]")
_OBJECT = "\ufffc"  # of what is dropped the one character that Python calls printable


def line(text: str | None) -> str | None:
    """The text as one line, or None where nothing is left."""
    if not text:
        return None
    # Most texts hold none of it. To ask takes a microsecond, to take it out fifty where a text is not ASCII.
    if not text.isprintable() or _OBJECT in text:
        text = _SURROGATE.sub("", text).translate(_DROPPED)
    return unicodedata.normalize("NFC", " ".join(text.split())) or None


def lines(texts: list[str]) -> list[str]:
    """Each text as one line; empty ones and repeats are left out, the order stays."""
    return list(dict.fromkeys(tidy for text in texts if (tidy := line(text))))


def block(text: str) -> str:
    """The text in one form; a table's and a listing's lines stay lines. Empty where nothing is left."""
    return "\n".join(rows(text))


def rows(text: str) -> list[str]:
    """The text's lines, each in one form, without the empty ones."""
    return [tidy for row in text.split("\n") if (tidy := line(row))]
