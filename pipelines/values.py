"""The values that an article's fields are made of, and the closed sets of words among them; part of the contract (docs/article.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


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
    """What the page, its headers and its host's robots.txt said to robots; null where nothing is said.

    `allowed`: to be indexed; `aiTraining`: false where any AI or TDM opt-out was found, true where the page waives its rights.
    """

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
