"""The page's own fields: JSON-LD's first, then meta tags by name, then the visible furniture."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from lxml.html import HtmlElement

from pipelines.evidence import Metadata
from pipelines.extraction.metadata import datelines, figures, furniture, head_dates, islands
from pipelines.extraction.metadata.head import Head
from pipelines.extraction.metadata.named import Named
from pipelines.extraction.metadata.related import related
from pipelines.values import Author, AuthorType, Media

# Names that news sites use, most specific first: Open Graph (https://ogp.me), Dublin Core, and the vendors Parse.ly, Sailthru,
# Cxense and the New York Times whose names others copied.
_AUTHOR = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "dc.author", "byl",
           "article:author_name", "cxenseparse:author", "og:article:author", "rbauthors", "mediator_author")  # fmt: skip
_DESCRIPTION = ("og:description", "description", "twitter:description", "dc.description", "sailthru.description")
_SECTION = (
    "article:section",
    "og:article:section",
    "parsely-section",
    "section",
    "cxenseparse:category",
    "article.section",
    "category",
)
_KEYWORDS = ("news_keywords", "keywords", "parsely-tags", "sailthru.tags")
_SITE = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "publisher",
    "dc.publisher",
    "twitter:app:name:iphone",
)
_LANGUAGE = ("content-language", "og:locale", "dc.language", "language", "inlanguage")
_TITLE = ("og:title", "twitter:title", "dc.title", "sailthru.title", "parsely-title", "title")


def complete(said: Metadata, head: Head, tree: HtmlElement, url: str) -> Metadata:
    """JSON-LD's fields with all that meta tags and the visible page add."""
    titles = _unique(*said.headlines, *head.all(*_TITLE))
    heading, named = furniture.heading(tree, titles), Named(tree)
    return replace(
        said,
        headlines=titles,
        heading=heading,
        site_names=_unique(*head.all(*_SITE), *said.site_names),
        descriptions=_unique(*filter(None, [furniture.standfirst(tree)]), *said.descriptions, *head.all(*_DESCRIPTION)),
        bylines=_bylines(said, head, tree),
        dates=[
            *said.dates,
            *head_dates.dates(head),
            *islands.dates(tree),
            *datelines.dates(tree, named, heading, url, with_microdata=not said.dates),
            *head_dates.url_dates(url),
        ],
        canonical_url=head.first("canonical") or head.first("og:url"),
        amp_url=head.first("amphtml"),
        language=said.language or head.language or head.first(*_LANGUAGE),
        types=_unique(*said.types, *head.all("og:type")),
        section=said.section or head.first(*_SECTION),
        keywords=said.keywords or _meta_keywords(head) or furniture.tags(tree),
        breadcrumbs=said.breadcrumbs or furniture.breadcrumbs(named),
        images=_images(said.images, head, figures.figures(tree, named)),
        videos=said.videos or [Media(value) for value in _unique(*head.all("og:video:url", "og:video"))],
        audios=said.audios or [Media(value) for value in _unique(*head.all("og:audio:url", "og:audio"))],
        copyright_notice=said.copyright_notice or furniture.copyright_notice(tree),
        is_free=said.is_free if said.is_free is not None else _content_tier(head),
        related=related(named),
    )


def _unique(*values: str) -> list[str]:
    return list(dict.fromkeys(values))


def _bylines(said: Metadata, head: Head, tree: HtmlElement) -> list[list[Author]]:
    """JSON-LD's names, then each meta tag's; the page is searched only where neither gives a first name and a surname."""
    declared = [*said.bylines, *_meta_authors(head)]
    named = any(
        a.type is AuthorType.PERSON and " " in a.name.strip() and a.name not in said.site_names
        for source in declared
        for a in source
    )
    return declared if named else [*declared, furniture.bylines(tree)]


def _meta_authors(head: Head) -> list[list[Author]]:
    """A source a name: the same people stand under several of them."""
    named = ([v for v in head.all(name) if not v.startswith(("http:", "https:", "@"))] for name in _AUTHOR)
    return [[Author(value, value) for value in values] for values in named if values]


def _meta_keywords(head: Head) -> list[str]:
    if tags := head.all("article:tag", "og:article:tag"):
        return _unique(*(part for tag in tags for part in re.split(r"\s*[,;]\s*", tag) if part))
    for name in _KEYWORDS:
        if name in head.values:
            return _unique(*(part for part in re.split(r"\s*[,;|،、]\s*", head.values[name][0]) if part))
    return []


def _images(said: Iterable[Media], head: Head, visible: list[Media]) -> list[Media]:
    """JSON-LD's and Open Graph's image first, then the figures; one entry an image, the figure's caption on it."""
    width, height = (_pixels(head.first(name)) for name in ("og:image:width", "og:image:height"))
    declared = [*said, *(Media(value, None, None, width, height) for value in head.all("og:image", "og:image:url")[:1])]
    images: dict[str, Media] = {}
    for image in (*declared, *visible):
        key = _image_key(image.url) if image.url else f"caption:{image.caption}"
        known = images.get(key)
        images[key] = image if known is None else replace(
            known, caption=known.caption or image.caption, creditText=known.creditText or image.creditText,
            width=known.width or image.width, height=known.height or image.height,
        )  # fmt: skip
    return list(images.values())


def _image_key(url: str) -> str:
    """The image file's name without size marks: the same picture at another width is the same picture."""
    name = re.sub(r"[?#].*$", "", url).rstrip("/").rpartition("/")[2].lower()
    return re.sub(r"[-_.](?:\d{2,4}x\d{2,4}|\d{3,4}w?|scaled|large|medium|small|thumb)(?=\.|$)", "", name) or url


def _pixels(value: str | None) -> int | None:
    return int(value) or None if value and re.fullmatch(r"[0-9]{1,5}", value) else None


def _content_tier(head: Head) -> bool | None:
    """https://developers.facebook.com/docs/instant-articles/subscriptions: free, metered or locked."""
    return {"free": True, "metered": False, "locked": False}.get(
        (head.first("article:content_tier", "og:article:content_tier") or "").lower()
    )
