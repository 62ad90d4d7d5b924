"""Tombstone: the version that says that an article is no longer there. Readers of the newest version see it go."""

from __future__ import annotations

from pipelines import identity
from pipelines.evidence import Cleaned, Metadata
from pipelines.fields import provenance, publisher_ref, rfc3339
from pipelines.items import Article, Page
from pipelines.publishers import Publisher
from pipelines.recipe import configuration_hash, extraction_record
from pipelines.values import ArticleType, ChangeClass, Completeness, PubStatus, Robots, Syndication


def tombstone(article_id: str, version: int, page: Page, publisher: Publisher) -> Article:
    """The next version of an article whose page answers that it is gone: all text empty, all instants null."""
    return Article(
        id=article_id,
        version=version,
        contentHash=identity.content_hash(None, None, ""),
        changeClass=ChangeClass.RETRACTION,
        pubStatus=PubStatus.CANCELED,
        url=page.url,
        requestedUrl=page.link.url,
        canonicalUrl=None,
        ampUrl=None,
        publisher=publisher_ref(publisher, Metadata(), page.url),
        type=ArticleType.NEWS,
        headline=None, alternativeHeadline=None, description=None, blocks=[], articleBody="", wordCount=0, inLanguage=None,
        authors=[], dateline=None, syndication=Syndication(),
        copyrightNotice=None, copyrightHolder=None, license=None,
        datePublished=None, datePublishedLocal=None, datePublishedRaw=None, datePublishedPrecision=None,
        datePublishedSource=None, datePublishedZoneSource=None, datePublishedConfidence=0.0,
        dateModified=None, dateModifiedRaw=None, dateEvidence=[],
        dateFirstSeen=rfc3339(page.link.first_seen or page.fetched_at), dateDownloaded=rfc3339(page.fetched_at),
        articleSection=None, keywords=[], breadcrumbs=[],
        mainImage=None, images=[], videos=[], audios=[], relatedItems=[],
        isAccessibleForFree=None, completeness=Completeness.FULL, robots=Robots(), flags=[],
        extraction=extraction_record(Cleaned([]), "tombstone", configuration_hash(publisher)),
        provenance=provenance(page),
    )  # fmt: skip
