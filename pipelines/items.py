"""The eight nouns but two: Link, Page, Draft, Memory, Article and Rejected, and the values an article is made of.

`Article` is the contract (schema 1.0, docs/article.md): its attributes carry the JSON keys' own names, schema.org's where
schema.org has one, so that what is written is what stands here. The JSON Schema, the DDL and the field table are generated
from this module by `pipelines.delivery.schema`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

SCHEMA_VERSION = "1.0"


class BlockType(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "listItem"
    QUOTE = "quote"
    TABLE = "table"
    CODE = "code"
    LIVE_UPDATE = "liveUpdate"


class ArticleType(StrEnum):
    NEWS = "NewsArticle"
    OPINION = "OpinionNewsArticle"
    ANALYSIS = "AnalysisNewsArticle"
    LIVE_BLOG = "LiveBlogPosting"
    REPORTAGE = "ReportageNewsArticle"
    BLOG = "BlogPosting"


class AuthorType(StrEnum):
    PERSON = "person"
    ORGANIZATION = "organization"
    ACCOUNT = "account"


class ChangeClass(StrEnum):
    FIRST = "first"
    COSMETIC = "cosmetic"
    CORRECTION = "correction"
    EXPANSION = "expansion"
    RETITLE = "retitle"
    RETRACTION = "retraction"


class PubStatus(StrEnum):
    USABLE = "usable"
    CANCELED = "canceled"


class Relation(StrEnum):
    WIRE = "wire"
    VERBATIM = "verbatim"
    TRANSLATION = "translation"
    REWRITE = "rewrite"
    EXCERPT = "excerpt"


class Completeness(StrEnum):
    FULL = "full"
    TRUNCATED = "truncated"
    TEASER = "teaser"
    CONSENT = "consent"
    SHELL = "shell"


class Precision(StrEnum):
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


class DateSource(StrEnum):
    JSONLD = "jsonld"
    META = "meta"
    TIME_TAG = "timeTag"
    DATA_ISLAND = "dataIsland"
    VISIBLE = "visible"
    FEED = "feed"
    SITEMAP = "sitemap"
    URL = "url"
    FRONT_MATTER = "frontMatter"


class ZoneSource(StrEnum):
    OFFSET = "offset"
    ABBREVIATION = "abbreviation"
    PUBLISHER = "publisher"
    FEED = "feed"
    COUNTRY = "country"
    ASSUMED_UTC = "assumedUtc"


class Via(StrEnum):
    """How a link was discovered."""

    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"
    GIVEN = "given"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the body, in page order; `text` is never empty. `level` is a heading's, `time` a live update's."""

    type: BlockType
    text: str
    level: int | None = None
    time: str | None = None


@dataclass(frozen=True, slots=True)
class PublisherRef:
    """The profile an article was read with. `country` is ISO 3166-1 alpha-2, `timezone` an IANA name."""

    id: str
    name: str | None
    url: str | None
    country: str | None
    timezone: str | None


@dataclass(frozen=True, slots=True)
class Author:
    name: str
    nameRaw: str
    url: str | None = None
    type: AuthorType = AuthorType.PERSON


@dataclass(frozen=True, slots=True)
class Syndication:
    """Where a text came from; `evidence` is the line or key that says so."""

    isSyndicated: bool | None = None
    agency: str | None = None
    isBasedOn: str | None = None
    relation: Relation | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """One candidate instant: `field` is datePublished or dateModified, `utc` RFC 3339 with Z or null if it gives none."""

    field: str
    raw: str
    source: DateSource
    zoneSource: ZoneSource | None
    utc: str | None
    precision: Precision | None
    chosen: bool
    why: str


@dataclass(frozen=True, slots=True)
class Breadcrumb:
    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """An image, a video or a sound; `url` is absolute, or null where only its caption is known. Sizes in pixels."""

    url: str | None
    caption: str | None = None
    creditText: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class RelatedItem:
    headline: str
    url: str | None = None
    datePublished: str | None = None


@dataclass(frozen=True, slots=True)
class Robots:
    """What the page said to robots; `aiTraining` is null until opt-outs are read."""

    allowed: bool | None = None
    aiTraining: bool | None = None
    noarchive: bool | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """What cleaning dropped: the rule's id, the text (cut at 200 characters) and head, body or tail."""

    rule: str
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """How the text was read; `recipe` names the path taken."""

    version: str
    trafilatura: str
    configHash: str
    recipe: str
    removed: list[Removed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Discovery:
    via: Via
    sourceUrl: str | None = None
    lastmod: str | None = None


@dataclass(frozen=True, slots=True)
class Http:
    status: int | None = None
    etag: str | None = None
    lastModified: str | None = None
    contentType: str | None = None
    charset: str | None = None
    charsetSource: str | None = None


@dataclass(frozen=True, slots=True)
class RawRef:
    """Where the fetched bytes lie in a WARC, when archiving is on. Offset and length in bytes."""

    key: str
    offset: int
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Provenance:
    runId: str | None
    spider: str | None
    discovery: Discovery
    http: Http
    raw: RawRef | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A discovered URL with what its listing said of it. The listing's texts are raw, its dates as written."""

    url: str
    publisher: str
    via: Via = Via.GIVEN
    source_url: str | None = None
    title: str | None = None
    description: str | None = None
    published: str | None = None
    modified: str | None = None
    first_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched document. `body` is decompressed, never decoded; header names are lower case; times are aware UTC."""

    url: str
    body: bytes
    fetched_at: datetime
    link: Link
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    run_id: str | None = None
    spider: str | None = None


@dataclass(frozen=True, kw_only=True)
class Content:
    """All that one page says about itself, in the contract's terms."""

    url: str
    requestedUrl: str
    canonicalUrl: str | None
    ampUrl: str | None
    publisher: PublisherRef
    type: ArticleType
    headline: str | None
    alternativeHeadline: str | None
    description: str | None
    blocks: list[Block]
    articleBody: str
    wordCount: int
    inLanguage: str | None
    authors: list[Author]
    dateline: str | None
    syndication: Syndication
    copyrightNotice: str | None
    copyrightHolder: str | None
    license: str | None
    datePublished: str | None
    datePublishedLocal: str | None
    datePublishedRaw: str | None
    datePublishedPrecision: Precision | None
    datePublishedSource: DateSource | None
    datePublishedZoneSource: ZoneSource | None
    datePublishedConfidence: float
    dateModified: str | None
    dateModifiedRaw: str | None
    dateEvidence: list[DateEvidence]
    dateFirstSeen: str
    dateDownloaded: str
    articleSection: str | None
    keywords: list[str]
    breadcrumbs: list[Breadcrumb]
    mainImage: Media | None
    images: list[Media]
    videos: list[Media]
    audios: list[Media]
    relatedItems: list[RelatedItem]
    isAccessibleForFree: bool | None
    completeness: Completeness
    robots: Robots
    flags: list[str]
    extraction: Extraction
    provenance: Provenance

    def content(self) -> dict[str, Any]:
        """Every field of the page's own content by name, unconverted: what a Draft hands to its Article."""
        return {f.name: getattr(self, f.name) for f in fields(Content)}


@dataclass(frozen=True, slots=True)
class ClockSample:
    """What a page shows of its publisher's clocks: at `utc` (aware) they were `offset_minutes` ahead of it.

    `how` is offset or pair (`pipelines.normalizers.clocks`), `raw` the texts that say so.
    """

    utc: datetime
    offset_minutes: int
    how: str
    raw: str = ""


@dataclass(frozen=True, kw_only=True)
class Draft(Content):
    """A page's content with the fingerprints the store is asked about, before anything is remembered of it."""

    id: str
    content_hash: str
    text_hash: str
    block_hashes: list[str] = field(default_factory=list)
    clock: ClockSample | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What the store knows that bears on one draft.

    The newest version of its id with its hash, the id of the first other article with its text, and for the blocks at its
    ends in how many distinct articles of the publisher they stood before.
    """

    version: int = 0
    content_hash: str | None = None
    twin: str | None = None
    blocks: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Which article this is, and which version of it."""

    schemaVersion: str = SCHEMA_VERSION
    id: str
    version: int
    contentHash: str
    changeClass: ChangeClass | None
    pubStatus: PubStatus = PubStatus.USABLE
    storyId: str | None = None
    duplicateOf: str | None = None


class Reason(StrEnum):
    """Why a page ended without an article. The statistic is `page/rejected/<reason>`."""

    FETCH = "fetch"
    HTTP_STATUS = "http_status"
    ROBOTS = "robots"
    NOT_HTML = "not_html"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"
    NO_ARTICLE = "no_article"
    TOO_SHORT = "too_short"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"
    UNCHANGED = "unchanged"
    BAD_INPUT = "bad_input"


@dataclass(frozen=True, slots=True)
class Rejected:
    """The outcome of a page that gives no article: a reason, and the detail a person needs to act on it."""

    reason: Reason
    detail: str = ""
    retry: bool = False


@dataclass(frozen=True, kw_only=True)
class Article(Content, Identity):
    """One version of one article: the contract. Every key is always present."""
