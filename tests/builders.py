"""Small makers of the values that tests hand in: every field has a plain default, every keyword replaces one."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from pipelines.items import Article, Content, Draft, Link
from pipelines.values import (
    ArticleType,
    Author,
    Block,
    BlockType,
    ChangeClass,
    Completeness,
    DateEvidence,
    DateSource,
    Discovery,
    Extraction,
    Http,
    Media,
    Precision,
    Provenance,
    PublisherRef,
    Removed,
    Robots,
    Syndication,
    Via,
    ZoneSource,
)

NOW = datetime(2025, 8, 13, 9, 30, tzinfo=UTC)
HOST = "https://news.example"


def make_link(number: int = 1, **changes: Any) -> Link:
    """The link of article `number`, found in a feed of the publisher `example`."""
    values: dict[str, Any] = {"url": f"{HOST}/story-{number}", "publisher": "example", "via": Via.FEED}
    return Link(**values | changes)


def make_article(number: int = 1, **changes: Any) -> Article:
    """Article `number`, version 1, complete by the contract."""
    identity = {
        "id": sha256(f"example {number}".encode()).hexdigest()[:32],
        "version": 1,
        "contentHash": sha256(f"content {number}".encode()).hexdigest(),
        "changeClass": ChangeClass.FIRST,
    }
    return Article(**identity | _content(number) | changes)


def make_draft(article: Article, text: str = "text", **changes: Any) -> Draft:
    """The draft that would become this article; `text` stands for its normalised text."""
    content = {f.name: getattr(article, f.name) for f in fields(Content)}
    own = {"id": article.id, "content_hash": article.contentHash, "text_hash": text_hash(text)}
    return Draft(**content | own | changes)


def text_hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _content(number: int) -> dict[str, Any]:
    url, instant = f"{HOST}/story-{number}", "2025-08-13T08:00:00Z"
    text = f"The harbour reopened on Wednesday after {number} days. Größe 千 🙂"
    return {
        "url": url,
        "requestedUrl": url,
        "canonicalUrl": url,
        "ampUrl": None,
        "publisher": PublisherRef("example", "Example News", HOST, "DE", "Europe/Berlin"),
        "type": ArticleType.NEWS,
        "headline": f"Harbour reopens ({number})",
        "alternativeHeadline": None,
        "description": None,
        "blocks": [Block(BlockType.PARAGRAPH, text)],
        "articleBody": text,
        "wordCount": 8,
        "inLanguage": "en",
        "authors": [Author("Ada Berg", "By Ada Berg")],
        "dateline": None,
        "syndication": Syndication(isSyndicated=False),
        "copyrightNotice": None,
        "copyrightHolder": None,
        "license": None,
        "datePublished": instant,
        "datePublishedLocal": "2025-08-13T10:00:00+02:00",
        "datePublishedRaw": "2025-08-13T10:00:00+02:00",
        "datePublishedPrecision": Precision.SECOND,
        "datePublishedSource": DateSource.JSONLD,
        "datePublishedZoneSource": ZoneSource.OFFSET,
        "datePublishedConfidence": 0.98,
        "dateModified": None,
        "dateModifiedRaw": None,
        "dateEvidence": [
            DateEvidence(
                "datePublished",
                "2025-08-13T10:00:00+02:00",
                DateSource.JSONLD,
                ZoneSource.OFFSET,
                instant,
                Precision.SECOND,
                True,
                "",
            )
        ],
        "dateFirstSeen": "2025-08-13T09:00:00Z",
        "dateDownloaded": "2025-08-13T09:30:00Z",
        "articleSection": "World",
        "keywords": ["harbour"],
        "breadcrumbs": [],
        "mainImage": Media(f"{HOST}/harbour.jpg", "The harbour", "Ada Berg", 1200, 800),
        "images": [],
        "videos": [],
        "audios": [],
        "relatedItems": [],
        "isAccessibleForFree": None,
        "completeness": Completeness.FULL,
        "robots": Robots(allowed=True),
        "flags": [],
        "extraction": Extraction("1", "2.3.1", "0" * 16, "html", [Removed("general.breadcrumb", "Home > World", "head")]),
        "provenance": Provenance("run-1", "news", Discovery(Via.FEED, f"{HOST}/feed.xml"), Http(200, contentType="text/html")),
    }
