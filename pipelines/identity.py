"""Identity: an article's id, and the hash that tells its versions apart."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import urlsplit

from pipelines.normalizers.urls import normalize_url

_WORD = re.compile(r"/[^\W\d]+$")
_ARTICLES_NAME = re.compile(r"/[^/?]*(?:-[^/?-]+){2}[^/?]*$|/[^/?]*\d{5}[^/?]*$")


def article_id(publisher: str, url: str, canonical_url: str | None) -> str:
    """32 hex characters: one for the article at its http, https, AMP, mobile and tracking addresses."""
    address = canonical_url if canonical_url and _is_own(canonical_url, url) else url
    return hashlib.sha256(f"{publisher}\n{normalize_url(address)}".encode()).hexdigest()[:32]


def content_hash(headline: str | None, description: str | None, body: str, *instants: str | None) -> str:
    """64 hex characters over what a reader sees and the instants; raw date strings are not in it, pages render them by visitor."""
    parts = (headline, description, body, *instants)
    text = "\x1f".join(" ".join(unicodedata.normalize("NFKC", part or "").split()) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()


def _is_own(canonical: str, url: str) -> bool:
    """A canonical URL is believed on the page's own site, where it names a document: some sites give their home page, or a
    section's, on all pages."""
    there, here = normalize_url(canonical), normalize_url(url)
    host, _, path = there.partition("/")
    own = here.partition("/")[0]
    # One host below the other: without the list of public suffixes, two names under .co.uk are two sites.
    same_site = host == own or host.endswith(f".{own}") or own.endswith(f".{host}")
    return same_site and bool(path or urlsplit(canonical).query) and not _is_section(there, here)


def _is_section(there: str, here: str) -> bool:
    """Whether an address is of a section that the page stands in: one word without a number, and an article's name below it.

    `/story/amp`, `/story/2` and `/12345/its-name-in-words` stand below their own article.
    """
    return here.startswith(f"{there}/") and bool(_WORD.search(there)) and bool(_ARTICLES_NAME.search(here[len(there) :]))
