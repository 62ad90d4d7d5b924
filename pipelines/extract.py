"""Extract: a page to a draft. It composes extraction and normalizers, knows the order of the steps, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from lxml.html import HtmlElement

from pipelines import identity
from pipelines.evidence import Cleaned, DateClue, Dates, Markup, Metadata, PageLink, Passage, Reading
from pipelines.extraction import body, markup, metadata, plaintext
from pipelines.extraction.clean import clean
from pipelines.fields import (
    article_type,
    authors,
    media,
    provenance,
    publisher_ref,
    related,
    resolved_time,
    rfc3339,
    syndication,
    tidy_media,
)
from pipelines.history import boilerplate, duplicates
from pipelines.inert import inert
from pipelines.items import Draft, Page, Rejected
from pipelines.normalizers import dates, headlines, keywords, language, paging, text
from pipelines.normalizers.months import date_words
from pipelines.normalizers.urls import absolute_url, host_of
from pipelines.publishers import Publisher
from pipelines.recipe import configuration_hash, extraction_record
from pipelines.validate import completeness, declares_article, reject
from pipelines.values import ArticleType, Block, BlockType, Breadcrumb, DateSource, Via

# A short text that has less than this share of what stands in the page's paragraphs is looked for again with Trafilatura's
# fallback extractors; on other pages they add noise. Fundus F1 .9656 -> .9683, trafilatura's own evaluation pages .899 -> .901,
# article-extraction-benchmark unchanged; it is one page in fifty, and one in twelve of trafilatura's hard ones.
THIN_SHARE, THIN_CHARS = 0.4, 2000
# The recipe of an article of which the page gives no more than its description.
SUMMARY = "summary"


def extract(page: Page, publisher: Publisher) -> Draft | Rejected:
    """All that one page says about itself, or the reason why it gives no article. Pure: the same page gives the same draft."""
    return read(page, publisher).outcome


def read(page: Page, publisher: Publisher) -> Reading:
    """The page's outcome with all that led to it."""
    parsed = markup.parse(page)
    if isinstance(parsed, Rejected):
        return Reading(parsed)
    found, passages, recipe = _read(parsed, page, publisher)
    cleaned = clean(_tidy(passages), found, publisher)
    if parsed.tree is not None and _is_thin(cleaned, parsed.tree):
        longer = body.blocks(parsed.tree, found, publisher.body.prune, thorough=True)
        second = clean(_tidy(longer), found, publisher)
        if _chars(second) > _chars(cleaned):
            recipe, passages, cleaned = "trafilatura.full", longer, second
    if not cleaned.kept and found.article_body:
        recipe, passages = "jsonld", _paragraphs(found.article_body)
        cleaned = clean(_tidy(passages), found, publisher)
    if not cleaned.kept and parsed.tree is not None and (text_of_state := metadata.body_in_island(parsed.tree, found)):
        recipe, passages = "dataIsland", _paragraphs(text_of_state)
        cleaned = clean(_tidy(passages), found, publisher)
    if not cleaned.kept and declares_article(found) and (summary := _summary(found)):
        recipe, kept, above = SUMMARY, _tidy(_paragraphs(summary)), len(_tidy(passages))
        passages = [*passages, *_paragraphs(summary)]
        cleaned = replace(cleaned, kept=kept, places=list(range(above, above + len(kept))))
    blocks = [Block(p.type, p.text, p.level, resolved_time(p.time, publisher, page)) for p in cleaned.kept]
    outcome = reject(blocks, found, page) or inert(_draft(page, publisher, parsed, found, cleaned, blocks, recipe))
    return Reading(outcome, recipe, found, passages, cleaned)


def _is_thin(cleaned: Cleaned, tree: HtmlElement) -> bool:
    chars = _chars(cleaned)
    return chars < THIN_CHARS and chars < THIN_SHARE * body.paragraph_chars(tree)


def _chars(cleaned: Cleaned) -> int:
    return sum(len(passage.text) for passage in cleaned.kept)


def _read(parsed: Markup, page: Page, publisher: Publisher) -> tuple[Metadata, list[Passage], str]:
    if parsed.tree is None:
        return *plaintext.read(parsed), "markdown" if parsed.is_markdown else "text"
    found = metadata.read(parsed.tree, page)
    return found, body.blocks(parsed.tree, found, publisher.body.prune), "trafilatura.fast"


def _tidy(passages: list[Passage]) -> list[Passage]:
    """The passages in one form of text, those of which nothing is left taken out."""
    tidied = ((passage, text.block(passage.text)) for passage in passages)
    return [passage if words == passage.text else replace(passage, text=words) for passage, words in tidied if words]


def _paragraphs(article_body: str) -> list[Passage]:
    return [Passage(BlockType.PARAGRAPH, part) for part in article_body.split("\n") if part.strip()]


def _summary(found: Metadata) -> str | None:
    """The longest description of a page that says when its article was published: all the text that a video, a gallery or a
    page filled by scripts gives of it."""
    dated = any(clue.field == "datePublished" and clue.source is not DateSource.URL for clue in found.dates)
    return max(found.descriptions, key=len, default=None) if dated else None


def _draft(
    page: Page, publisher: Publisher, parsed: Markup, found: Metadata, cleaned: Cleaned, blocks: list[Block], recipe: str
) -> Draft:
    article_body = "\n".join(block.text for block in blocks)
    canonical = absolute_url(page.url, found.canonical_url)
    in_language = language.language_of(found.language, article_body, publisher.language)
    when = _dates(page, publisher, found, cleaned, in_language)
    headline, variant = _headline(found, cleaned, page)
    description = _description(found, cleaned, page)
    published, modified = _instant(when.published), _instant(when.modified)
    main_image, images = media(found, cleaned, page.url)
    place = paging.paging_of(page.url, _page_links(found, page.url))
    whole, evidence = completeness(
        article_body,
        found,
        is_summary=recipe == SUMMARY,
        has_more=bool(place.later),
        dropped=[drop.text for drop in cleaned.dropped],
    )
    named = authors(found, cleaned, page.url)
    kind = article_type(found, blocks)
    section = text.line(found.section) or _last_name(cleaned.breadcrumbs or found.breadcrumbs)
    hashed = identity.content_hash(headline, description, article_body, published, modified)
    traces = boilerplate.traces_of(
        blocks,
        headline,
        layout=boilerplate.layout_of(p.around for p in cleaned.kept if p.type is BlockType.PARAGRAPH),
        section=kind if kind is ArticleType.LIVE_BLOG else section,
        author=named[0].name if named else None,
        date_words=date_words(),
    )
    return Draft(
        id=identity.article_id(publisher.id, page.url, canonical),
        content_hash=hashed, page_hash=hashed, text_hash=duplicates.fingerprint(article_body), traces=traces,
        clock=when.clock, paging=place,
        url=page.url, requestedUrl=page.link.url, canonicalUrl=canonical, ampUrl=absolute_url(page.url, found.amp_url),
        publisher=publisher_ref(publisher, found, page.url), type=kind,
        headline=headline, alternativeHeadline=variant, description=description,
        blocks=blocks, articleBody=article_body, wordCount=len(article_body.split()), inLanguage=in_language,
        authors=named, dateline=cleaned.dateline, syndication=syndication(found, cleaned),
        copyrightNotice=text.line(cleaned.copyright_notice or found.copyright_notice), copyrightHolder=text.line(found.copyright_holder),
        license=found.license,
        datePublished=published, datePublishedLocal=when.local.isoformat(timespec="seconds") if when.local else None,
        datePublishedRaw=when.raw, datePublishedPrecision=when.precision, datePublishedSource=when.source,
        datePublishedZoneSource=when.zone_source, datePublishedConfidence=when.confidence,
        dateModified=modified, dateModifiedRaw=when.modified_raw, dateEvidence=when.evidence,
        dateFirstSeen=rfc3339(page.link.first_seen or page.fetched_at), dateDownloaded=rfc3339(page.fetched_at),
        articleSection=section,
        keywords=keywords.keywords_of(text.lines([*found.keywords] or cleaned.keywords), article_body),
        breadcrumbs=_breadcrumbs(found, cleaned, headline, page.url),
        mainImage=main_image, images=images, videos=tidy_media(found.videos, page.url), audios=tidy_media(found.audios, page.url),
        relatedItems=related(found, cleaned, page, publisher), isAccessibleForFree=found.is_free, completeness=whole,
        robots=found.robots, flags=sorted({*when.flags, *evidence, *found.robots_flags}),
        extraction=extraction_record(cleaned, recipe, configuration_hash(publisher)),
        provenance=provenance(page, parsed),
    )  # fmt: skip


def _dates(page: Page, publisher: Publisher, found: Metadata, cleaned: Cleaned, in_language: str | None) -> Dates:
    return dates.resolve(
        _clues(page, found, cleaned),
        publisher,
        language=in_language or publisher.language,
        fetched_at=page.fetched_at,
        fetch_known=page.fetch_known,
    )


def _clues(page: Page, found: Metadata, cleaned: Cleaned) -> list[DateClue]:
    """The page's own clues, then the lines that cleaning labelled, then the listing's hints; what is told twice is one clue."""
    source = {Via.FEED: DateSource.FEED, Via.SITEMAP: DateSource.SITEMAP}.get(page.link.via)
    hints = (("datePublished", page.link.published), ("dateModified", page.link.modified))
    listed = [DateClue(raw, source, str(page.link.source_url), field) for field, raw in hints if raw and source]
    unique: dict[tuple[str, DateSource, str | None], DateClue] = {}
    for clue in (*found.dates, *cleaned.dates, *listed):
        unique.setdefault((clue.raw, clue.source, clue.field), clue)
    return list(unique.values())


def _headline(found: Metadata, cleaned: Cleaned, page: Page) -> tuple[str | None, str | None]:
    return headlines.headline_of(
        text.line(found.heading or cleaned.headline),
        text.lines([*found.headlines, page.link.title or ""]),
        found.site_names,
        host_of(page.url),
    )


def _page_links(found: Metadata, url: str) -> list[PageLink]:
    links = ((absolute_url(url, link.url), link.whole) for link in found.page_links)
    return [PageLink(address, whole) for address, whole in links if address]


def _description(found: Metadata, cleaned: Cleaned, page: Page) -> str | None:
    candidates = text.lines([cleaned.description or "", *found.descriptions])
    return candidates[0] if candidates else None


def _breadcrumbs(found: Metadata, cleaned: Cleaned, headline: str | None, url: str) -> list[Breadcrumb]:
    """The trail without the article itself at its end; URLs absolute."""
    trail = [
        Breadcrumb(name, absolute_url(url, crumb.url))
        for crumb in found.breadcrumbs or cleaned.breadcrumbs
        if (name := text.line(crumb.name))
    ]
    return [crumb for crumb in trail if crumb.name != headline]


def _last_name(trail: list[Breadcrumb]) -> str | None:
    return text.line(trail[-1].name) if len(trail) > 1 else None


def _instant(value: datetime | None) -> str | None:
    return rfc3339(value) if value else None
