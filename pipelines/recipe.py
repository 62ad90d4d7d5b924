"""The record of how a text was read, so that a consumer can tell two extractions of one page apart."""

from __future__ import annotations

import hashlib

from pipelines.evidence import Cleaned
from pipelines.extraction.body import TRAFILATURA_VERSION
from pipelines.publishers import Publisher
from pipelines.values import Extraction, Removed

# Raised with each change that alters what is extracted from the same page.
EXTRACTION_VERSION = "1"
MAX_REMOVED_CHARS = 200


def configuration_hash(publisher: Publisher) -> str:
    """16 hex characters over the publisher's profile as it was used."""
    return hashlib.sha256(publisher.model_dump_json().encode()).hexdigest()[:16]


def extraction_record(cleaned: Cleaned, recipe: str, config_hash: str) -> Extraction:
    """The versions, the recipe, and what cleaning dropped in page order."""
    removed = [Removed(drop.rule, drop.text[:MAX_REMOVED_CHARS], drop.where) for drop in cleaned.dropped]
    return Extraction(EXTRACTION_VERSION, TRAFILATURA_VERSION, config_hash, recipe, removed)
