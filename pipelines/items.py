"""The eight nouns but two: Link, Page, Draft, Memory, Article and Rejected. What their fields are made of is in `values`.

`Article` is the contract (schema 1.0, docs/article.md): its attributes carry the JSON keys' own names, schema.org's where
schema.org has one, so that what is written is what stands here. The JSON Schema, the DDL and the field table are generated
from both modules by `pipelines.delivery.schema`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from pipelines.habits import Habits, Traces
from pipelines.values import (
    ArticleType,
    Author,
    Block,
    Breadcrumb,
    ChangeClass,
    Completeness,
    DateEvidence,
    DateSource,
    Extraction,
    Media,
    Precision,
    Provenance,
    PublisherRef,
    PubStatus,
    RelatedItem,
    Robots,
    Syndication,
    Via,
    ZoneSource,
)

SCHEMA_VERSION = "1.0"


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
    """A fetched document. `body` is decompressed, never decoded; header names are lower case; times are aware UTC.

    `refused_agents` are the AI crawlers that the host's robots.txt names and shuts out of this address; `tdm_reserved` is whether
    its file on text and data mining reserves it.
    `fetch_known` is off for a saved document that came without its time: `fetched_at` is then when it was read, and what
    the page counts back from its own present ("2 hours ago") says nothing.
    """

    url: str
    body: bytes
    fetched_at: datetime
    link: Link
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    run_id: str | None = None
    spider: str | None = None
    refused_agents: tuple[str, ...] = ()
    tdm_reserved: bool | None = None
    fetch_known: bool = True


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


@dataclass(frozen=True, slots=True)
class Paging:
    """A page's place among the pages of its article: its `number`, the `first` page's address where it is a later one, the `later`
    ones that it links by number, and the `whole` article on one page. All addresses are absolute."""

    number: int = 1
    first: str | None = None
    later: tuple[tuple[int, str], ...] = ()
    whole: str | None = None


@dataclass(frozen=True, kw_only=True)
class Draft(Content):
    """A page's content with the fingerprints the store is asked about, before anything is remembered of it.

    `page_hash` is the content hash of what the page gave, which memory changes no more: `content_hash` is of what is kept.
    `paging` names the article's other pages, `pages` are the addresses of those that were joined to this one.
    """

    id: str
    content_hash: str
    text_hash: str
    page_hash: str | None = None
    traces: Traces = field(default_factory=Traces)
    clock: ClockSample | None = None
    paging: Paging = field(default_factory=Paging)
    pages: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Previous:
    """What is remembered of an article's newest version while it is looked at again. `published` is its `datePublished`."""

    headline: str | None
    description: str | None
    body: str
    published: str | None


@dataclass(frozen=True, slots=True)
class Memory:
    """What the store knows that bears on one draft.

    The newest version of its id with the hashes of what was kept and of what its page gave and, for some time, its content;
    the id of the first other article with its text; and those of its publisher's habits that it shows.

    `known_as` is the article that the page's link led to before, where its page now names another address and that one is
    new: then `version` and the rest are that article's. `erased`: it was erased, and is not taken again.
    """

    version: int = 0
    content_hash: str | None = None
    twin: str | None = None
    habits: Habits = field(default_factory=Habits)
    previous: Previous | None = None
    known_as: str | None = None
    page_hash: str | None = None
    erased: bool = False


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
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Rejected:
    """The outcome of a page that gives no article: a reason, and the detail a person needs to act on it."""

    reason: Reason
    detail: str = ""
    retry: bool = False


@dataclass(frozen=True, kw_only=True)
class Article(Content, Identity):
    """One version of one article: the contract. Every key is always present."""
