"""Dates in the head and in the address: meta tags by name, however their names are spelled, and a day in the URL's path."""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.evidence import DateClue
from pipelines.extraction.metadata.head import Head
from pipelines.values import DateSource

# Names of meta tags without their punctuation, most specific first: Open Graph (https://ogp.me), schema.org, Dublin Core,
# PRISM, Highwire Press (what Google Scholar reads: https://scholar.google.com/intl/en/scholar/inclusion.html), bepress and EPrints,
# and the vendors Parse.ly, Sailthru, Cxense and the New York Times whose names others copied.
_PUBLISHED = (
    "articlepublishedtime", "ogarticlepublishedtime", "ogpublishedtime", "datepublished", "publishedtime", "datepublishedtime",
    "articlepublished", "articlepublisheddate", "parselypubdate", "sailthrudate", "cxenseparserecspublishtime",
    "cxenseparsepublishtime", "publishdate", "contentpublishdate", "pubdate", "publisheddate", "publishedat", "firstpublished",
    "articlefirstpublished", "published", "publicationdate", "ptime", "displaydate", "dcdateissued", "dctermsissued", "dcissued",
    "dctermscreated", "dcdatecreated", "dccreated", "articlepostdate", "articledateoriginal", "originalpublicationdate",
    "datecreated", "rnewsdatepublished", "btpubdate", "shareaholicarticlepublishedtime", "prismpublicationdate",
    "citationonlinedate", "citationpublicationdate", "citationdate", "bepresscitationdate", "bepresscitationonlinedate",
    "eprintsdate", "uploaddate", "pdate", "dcdate", "dctermsdate", "date", "lastpublished",
)  # fmt: skip
# Names that do not say which of a page's dates they give: many systems write the last change's there.
_GENERIC = frozenset(("pdate", "dcdate", "dctermsdate", "date", "lastpublished"))
_MODIFIED = (
    "articlemodifiedtime", "ogarticlemodifiedtime", "ogupdatedtime", "ogmodifiedtime", "datemodified", "modifiedtime",
    "cxenseparsemodifiedtime", "lastmod", "lastmodified", "lastmodifieddate", "dctermsmodified", "dcdatemodified", "dcmodified",
    "articlemodified", "articleupdated", "articlemodifieddate", "revised", "revisiondate", "utime", "dateupdated", "btmoddate",
    "prismmodificationdate", "shareaholicarticlemodifiedtime", "updatedtime",
)  # fmt: skip
_FIELDS = {"datePublished": _PUBLISHED, "dateModified": _MODIFIED}
_PUNCTUATION = re.compile(r"[\W_]+")
_YEAR_FIRST = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
_YEAR_LAST = re.compile(r"/((?:0?[1-9]|[12]\d|3[01])-(?:0?[1-9]|1[0-2]|[a-z]{3,9})-(?:19|20)\d\d)(?=[/.]|$)", re.I)


def dates(head: Head) -> list[DateClue]:
    """The first value of each known name, most specific names first, published before modified."""
    named: dict[str, tuple[str, str]] = {}
    for name, values in head.values.items():
        named.setdefault(_plain(name), (name, values[0]))
    return [
        DateClue(named[key][1], DateSource.META, f"meta:{named[key][0]}", field, is_generic=key in _GENERIC)
        for field, keys in _FIELDS.items()
        for key in keys
        if key in named
    ]


def url_dates(url: str) -> list[DateClue]:
    """A day in the URL's path: /2025/08/13/, /2025-08-13, /20250813/, /13-08-2025. A month alone is no day."""
    if found := _YEAR_FIRST.search(url):
        return [DateClue("-".join(found.groups()), DateSource.URL, "url", "datePublished")]
    found = _YEAR_LAST.search(url)
    return [DateClue(found[1], DateSource.URL, "url", "datePublished")] if found else []


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    """A name without its punctuation: `article:published_time` and `article-published:time` are one."""
    return _PUNCTUATION.sub("", name)
