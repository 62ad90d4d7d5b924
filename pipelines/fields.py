"""Fields: the contract's compound fields from what the steps found. Each function is one field, or one group, of an article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from pipelines.agencies import agency_of
from pipelines.evidence import Cleaned, Markup, Metadata
from pipelines.extraction.metadata.figures import split_credit
from pipelines.items import Page
from pipelines.normalizers import dates, people, text
from pipelines.normalizers.urls import absolute_url, host_of, normalize_url
from pipelines.publishers import Publisher
from pipelines.values import (
    ArticleType,
    Author,
    Block,
    BlockType,
    Discovery,
    Http,
    Media,
    Provenance,
    PublisherRef,
    RelatedItem,
    Syndication,
)

# schema.org's types to the contract's; the first that the page names wins.
_TYPES = {
    "LiveBlogPosting": ArticleType.LIVE_BLOG,
    "OpinionNewsArticle": ArticleType.OPINION,
    "ReviewNewsArticle": ArticleType.OPINION,
    "AnalysisNewsArticle": ArticleType.ANALYSIS,
    "BackgroundNewsArticle": ArticleType.ANALYSIS,
    "ReportageNewsArticle": ArticleType.REPORTAGE,
    "BlogPosting": ArticleType.BLOG,
}


def publisher_ref(publisher: Publisher, found: Metadata, url: str) -> PublisherRef:
    """The profile used; an unknown host's name is what the page calls its site."""
    name = publisher.name or (found.site_names[0] if found.site_names else None)
    host = publisher.hosts[0] if publisher.hosts else host_of(url)
    scheme = "http" if url.startswith("http:") else "https"
    return PublisherRef(
        publisher.id, text.line(name), f"{scheme}://{host}" if host else None, publisher.country, publisher.timezone
    )


def article_type(found: Metadata, blocks: Iterable[Block]) -> ArticleType:
    """What the page declares; a page of live updates is a live blog whatever it declares."""
    if any(block.type is BlockType.LIVE_UPDATE for block in blocks):
        return ArticleType.LIVE_BLOG
    return next((_TYPES[name] for name in found.types if name in _TYPES), ArticleType.NEWS)


def authors(found: Metadata, cleaned: Cleaned, base: str) -> list[Author]:
    """The page's authors, URLs absolute; a byline that cleaning took from the text comes last."""
    bylines = [[Author(name, name) for name in cleaned.authors]]
    named = people.authors_of([*found.bylines, *bylines], found.site_names)
    return [replace(author, url=absolute_url(base, author.url)) for author in named]


def syndication(found: Metadata, cleaned: Cleaned) -> Syndication:
    """What the page itself says of its origin: a disclaimer, an agency's sign-off, `isBasedOn`. No comparison with others."""
    by_agency = next((agency for byline in found.bylines for author in byline if (agency := agency_of(author.name))), None)
    agency = cleaned.agency or by_agency or (agency_of(found.agency) if found.agency else None)
    says_so = cleaned.syndicated_by or found.is_based_on
    return Syndication(True if says_so else None, agency, found.is_based_on, None, cleaned.syndicated_by or agency)


def media(found: Metadata, cleaned: Cleaned, base: str) -> tuple[Media | None, list[Media]]:
    """(main image, all images): declared ones, figures, and captions that only the text dump shows, URLs absolute."""
    captions = [Media(None, *split_credit(image.caption or "")) for image in cleaned.images]
    known = {image.caption for image in found.images}
    images = tidy_media([*found.images, *(image for image in captions if image.caption and image.caption not in known)], base)
    main = next((image for image in images if image.url), None)
    # The cover that a text document's front matter names is no image of its text.
    is_cover = len(images) == 1 and main is not None and not main.caption and not host_of(base)
    return main, [] if is_cover else images


def tidy_media(items: Iterable[Media], base: str) -> list[Media]:
    """Media with absolute URLs, tidy captions and credits, each once."""
    found: dict[tuple[str | None, str | None], Media] = {}
    for item in items:
        url = (absolute_url(base, item.url) or (item.url if not host_of(base) else None)) if item.url else None
        caption = text.line(item.caption)
        if url or caption:
            found.setdefault(
                (url, caption if not url else None), Media(url, caption, text.line(item.creditText), item.width, item.height)
            )
    return list(found.values())


def related(found: Metadata, cleaned: Cleaned, page: Page, publisher: Publisher) -> list[RelatedItem]:
    """Related items of the page and of the text, each once, never the page itself; their dates resolved like any other."""
    items: dict[str, RelatedItem] = {}
    own = normalize_url(page.url)
    for item in (*found.related, *cleaned.related):
        url, headline = absolute_url(page.url, item.url), text.line(item.headline.strip("* "))
        if headline and (not url or normalize_url(url) != own):
            items.setdefault(
                headline.casefold(), RelatedItem(headline, url, resolved_time(item.datePublished, publisher, page))
            )
    return list(items.values())


def resolved_time(raw: str | None, publisher: Publisher, page: Page) -> str | None:
    """A time that the page prints beside something, as RFC 3339 in UTC; None where it is no certain instant."""
    if not raw:
        return None
    read = dates.parse_instant(
        raw, language=publisher.language, country=publisher.country, timezone=publisher.timezone, now=page.fetched_at
    )
    return rfc3339(read.utc) if read and (page.fetch_known or not read.needs_now) else None


def rfc3339(value: datetime) -> str:
    """An aware time in UTC to the second: 2025-08-13T02:33:00Z."""
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def provenance(page: Page, parsed: Markup | None = None) -> Provenance:
    """Where the page came from and how it was answered."""
    link, headers = page.link, page.headers
    etag, modified, kind = (headers.get(name) or None for name in ("etag", "last-modified", "content-type"))
    charset, charset_source = (parsed.charset, parsed.charset_source) if parsed else (None, None)
    http = Http(page.status, etag, modified, kind, charset, charset_source)
    return Provenance(page.run_id, page.spider, Discovery(link.via, link.source_url or None, link.modified or None), http)
