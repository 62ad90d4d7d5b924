"""What the extraction steps hand each other inside one page: never stored, never seen outside `pipelines.extract`.

They stand apart from `items` because the step modules may not import each other and the contract must not grow with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pipelines.items import ClockSample, Draft, Rejected
from pipelines.values import (
    Author,
    BlockType,
    Breadcrumb,
    DateEvidence,
    DateSource,
    Media,
    Precision,
    RelatedItem,
    Robots,
    ZoneSource,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Of the standfirsts that people who typed out articles left out, none is so long and has several sentences; of those that
# they took for text, two in three are (article-extraction-benchmark, trafilatura's evaluation pages).
MIN_LEAD_CHARS = 160
_SENTENCE = re.compile(r"[.!?…。！？।؟][\"”’»)]*(?:\s+(?=\W*[^\W\d_a-z])|\W*$)|[。！？]")


@dataclass(frozen=True, slots=True)
class Markup:
    """A decoded page: the one tree of an HTML page, or the front matter and the text of a text document."""

    tree: HtmlElement | None = None
    text: str = ""
    front_matter: dict[str, Any] = field(default_factory=dict)
    is_markdown: bool = False
    charset: str | None = None
    charset_source: str | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link inside a passage: its text and its address as written."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A block before cleaning. `text` is tidy and not empty; `anchors` are its links;
    `around` what the element it stood in and those around it call themselves (tag, classes, id, role, label),
    lower case, innermost first; `time` a live update's, as written; `with_image` that its box holds an image and no other text."""

    type: BlockType
    text: str
    level: int | None = None
    anchors: tuple[Anchor, ...] = ()
    time: str | None = None
    around: tuple[str, ...] = ()
    with_image: bool = False

    @property
    def link_density(self) -> float:
        """The share of the text's characters that stand in links, 0 to 1."""
        return min(1.0, sum(len(a.text) for a in self.anchors) / len(self.text))

    @property
    def is_lead(self) -> bool:
        """Whether it says too much for a standfirst, which is a line: several sentences, which the text then goes on from."""
        return len(self.text) >= MIN_LEAD_CHARS and len(_SENTENCE.findall(self.text)) > 1


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link that may lead to another page of the same article; `whole` where its words promise all of it on one page."""

    url: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class DateClue:
    """A raw string that may say when the page was published or modified, and where it stood.

    `field` is datePublished or dateModified, or None where the text itself must say (its label). `where` is the place
    in the page for a reader: `jsonld:datePublished`, `meta:article:published_time`, `time[itemprop]`, `line 12`.
    `is_generic` tells that the place does not say which of the page's dates it gives, as a meta tag named `date` does not,
    `is_text` that the text of a tag for machines is all that it has.
    """

    raw: str
    source: DateSource
    where: str
    field: str | None = None
    is_generic: bool = False
    is_text: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether a reader of the page sees it as it is."""
        return self.is_text or self.source is DateSource.VISIBLE


@dataclass(frozen=True, slots=True)
class Signs:
    """What in the markup says that a page is no article.

    `cards` are the paragraphs of a list of articles, `few` all paragraphs of a page that has only a few, as tidy text.
    """

    cards: frozenset[str] = frozenset()
    few: tuple[str, ...] = ()
    has_password: bool = False
    has_challenge: bool = False
    is_empty_app: bool = False


@dataclass(frozen=True, slots=True)
class Metadata:
    """All that the markup says beside the text: raw strings in order of trust, each list without repeats.

    `heading` is the heading shown above the article, `bylines` one list of names a source, `related` has dates as printed.
    `declared` is what the head says by name, `node` the article's JSON-LD: where a value stood is looked up there.
    """

    headlines: list[str] = field(default_factory=list)
    heading: str | None = None
    site_names: list[str] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    bylines: list[list[Author]] = field(default_factory=list)
    dates: list[DateClue] = field(default_factory=list)
    canonical_url: str | None = None
    amp_url: str | None = None
    language: str | None = None
    types: list[str] = field(default_factory=list)
    section: str | None = None
    keywords: list[str] = field(default_factory=list)
    breadcrumbs: list[Breadcrumb] = field(default_factory=list)
    images: list[Media] = field(default_factory=list)
    videos: list[Media] = field(default_factory=list)
    audios: list[Media] = field(default_factory=list)
    copyright_notice: str | None = None
    copyright_holder: str | None = None
    license: str | None = None
    article_body: str | None = None
    is_based_on: str | None = None
    agency: str | None = None
    is_free: bool | None = None
    robots: Robots = field(default_factory=Robots)
    robots_flags: list[str] = field(default_factory=list)
    signs: Signs = Signs()
    related: list[RelatedItem] = field(default_factory=list)
    page_links: list[PageLink] = field(default_factory=list)
    declared: Mapping[str, list[str]] = field(default_factory=dict)
    node: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Datum:
    """What was read from a line: the contract's field that it went to, and its text."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Drop:
    """A passage, or the end of one, that is not the article: the rule that says so and where it stood (head, body, tail).

    `passage` is its place among the passages that were cleaned, `became` the data that was read from it.
    """

    rule: str
    text: str
    where: str
    passage: int
    became: tuple[Datum, ...] = ()


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The kept passages in page order with their `places` among all, what was dropped, and the data that dropped lines carried."""

    kept: list[Passage]
    places: list[int] = field(default_factory=list)
    dropped: list[Drop] = field(default_factory=list)
    headline: str | None = None
    description: str | None = None
    authors: list[str] = field(default_factory=list)
    dates: list[DateClue] = field(default_factory=list)
    keywords: list[str] = field(default_factory=list)
    breadcrumbs: list[Breadcrumb] = field(default_factory=list)
    images: list[Media] = field(default_factory=list)
    related: list[RelatedItem] = field(default_factory=list)
    copyright_notice: str | None = None
    agency: str | None = None
    syndicated_by: str | None = None
    dateline: str | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """The resolved instants (aware UTC) with every candidate. `local` is `published` with the publisher's offset.

    `clock` is what the page shows of its publisher's clocks, for the zone that is learnt from many pages.
    """

    published: datetime | None = None
    local: datetime | None = None
    raw: str | None = None
    precision: Precision | None = None
    source: DateSource | None = None
    zone_source: ZoneSource | None = None
    confidence: float = 0.0
    modified: datetime | None = None
    modified_raw: str | None = None
    evidence: list[DateEvidence] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    clock: ClockSample | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One page on its way to its outcome: what the steps handed each other, for whoever explains it.

    `passages` are the extractor's own, before their text is brought into one form.
    """

    outcome: Draft | Rejected
    recipe: str = ""
    found: Metadata = field(default_factory=Metadata)
    passages: list[Passage] = field(default_factory=list)
    cleaned: Cleaned = field(default_factory=lambda: Cleaned([]))
