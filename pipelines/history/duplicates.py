"""Duplicates: what stands for a text when it is compared with others."""

from __future__ import annotations

import hashlib
import re
import unicodedata


def fingerprint(text: str) -> str:
    """64 hex characters that texts share which differ in case, spacing, punctuation and typography only."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return hashlib.sha256(re.sub(r"[\W_]+", "", folded).encode()).hexdigest()
