"""The whole of extraction on one page: fields that several steps make, the same draft each time, and no page that breaks it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pipelines.delivery.schema import json_schema, to_dict
from pipelines.finish import finish
from pipelines.items import Article, Draft, Link, Memory, Page, Reason, Rejected
from pipelines.publishers import Body, Publisher
from pipelines.runner import extract_inline
from pipelines.values import ArticleType, BlockType, Completeness, DateSource, Via
from tests.pages import FETCHED, HEADLINE, PARAGRAPHS, UNKNOWN, URL, bounded, draft_of, html, line_of, make_page, rejection_of

ROOT = Path(__file__).parent.parent
# The newsroom's page with the most around its text.
RELATED = "http://kyiv-courier.example/article/putin-strengthens-ties-with-north-korea-ahead-of-trump-meeting"


def linked_data(**keys: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": HEADLINE} | keys)}</script>'


def test_an_unknown_host_needs_no_publisher_file() -> None:
    article = line_of(html(head=linked_data(datePublished="2025-08-13T08:03:00+02:00", author={"name": "Ida Holm"})))
    assert article["headline"] == HEADLINE
    assert article["articleBody"] == "\n".join(PARAGRAPHS)
    assert article["datePublished"] == "2025-08-13T06:03:00Z"
    assert [author["name"] for author in article["authors"]] == ["Ida Holm"]
    assert article["publisher"] == {
        "id": "news",
        "name": None,
        "url": "https://news.example",
        "country": None,
        "timezone": None,
    }
    assert article["extraction"]["recipe"] == "trafilatura.fast"


def test_the_word_count_is_the_bodys() -> None:
    assert draft_of(html()).wordCount == sum(len(text.split()) for text in PARAGRAPHS)


def test_addresses_are_absolute() -> None:
    head = '<link rel="canonical" href="/world/harbour"><link rel="amphtml" href="/amp/world/harbour"><meta property="og:image" content="/q.jpg">'
    draft = draft_of(html(head=head))
    assert (draft.canonicalUrl, draft.ampUrl) == (
        "https://news.example/world/harbour",
        "https://news.example/amp/world/harbour",
    )
    assert draft.mainImage is not None
    assert draft.mainImage.url == "https://news.example/q.jpg"


def test_a_listings_hints_are_evidence_and_a_variant_of_the_headline() -> None:
    link = Link(URL, "news", Via.FEED, "https://news.example/feed", "Harbour open again", None, "Wed, 13 Aug 2025 06:03:00 GMT")
    draft = draft_of(make_page(html(), link=link))
    assert (draft.datePublished, draft.datePublishedSource) == ("2025-08-13T06:03:00Z", DateSource.FEED)
    assert (draft.headline, draft.alternativeHeadline) == (HEADLINE, "Harbour open again")
    assert draft.provenance.discovery.sourceUrl == "https://news.example/feed"


def test_a_breadcrumb_trail_ends_before_the_article_itself() -> None:
    trail = f'<nav class="breadcrumb"><a href="/">Home</a><a href="/ports">Ports</a><a href="{URL}">{HEADLINE}</a></nav>'
    draft = draft_of(html(beside=trail))
    assert [crumb.name for crumb in draft.breadcrumbs] == ["Home", "Ports"]


def test_the_page_itself_is_no_related_item() -> None:
    box = f'<div class="related"><a href="{URL}?utm_source=x">{HEADLINE}</a><a href="/b">Pilots of Stour ask for a second tug</a></div>'
    assert [item.url for item in draft_of(html(beside=box)).relatedItems] == ["https://news.example/b"]


def test_a_related_items_date_is_resolved_in_the_publishers_zone() -> None:
    publisher = Publisher(id="news", timezone="Europe/Oslo", language="en", country="NO")
    box = '<ul class="related"><li><a href="/b">Pilots of Stour ask for a second tug</a> <time datetime="2025-08-12T10:00">Tue</time></li></ul>'
    assert [item.datePublished for item in draft_of(make_page(html(beside=box)), publisher).relatedItems] == [
        "2025-08-12T08:00:00Z"
    ]


def test_a_page_of_live_updates_is_a_live_blog() -> None:
    column = "".join(
        f'<div class="live-update"><time datetime="2025-08-13T1{n}:00:00Z">1{n}</time><p>{text}</p></div>'
        for n, text in enumerate(PARAGRAPHS)
    )
    draft = draft_of(html(column, paragraphs=()))
    assert draft.type is ArticleType.LIVE_BLOG
    assert [(block.type, block.time) for block in draft.blocks] == [
        (BlockType.LIVE_UPDATE, f"2025-08-13T1{n}:00:00Z") for n in range(3)
    ]


@pytest.mark.parametrize(
    ("declared", "kind"),
    [
        ("OpinionNewsArticle", ArticleType.OPINION),
        ("ReviewNewsArticle", ArticleType.OPINION),
        ("BlogPosting", ArticleType.BLOG),
        ("Article", ArticleType.NEWS),
    ],
)
def test_the_type_is_what_the_page_declares(declared: str, kind: ArticleType) -> None:
    assert draft_of(html(head=linked_data(**{"@type": declared}))).type is kind


def test_a_page_whose_text_is_in_its_json_ld_alone_gives_that() -> None:
    page = f'<html><head>{linked_data(articleBody=chr(10).join(PARAGRAPHS))}</head><body><div id="app"></div></body></html>'
    draft = draft_of(page)
    assert [block.text for block in draft.blocks] == list(PARAGRAPHS)
    assert draft.extraction.recipe == "jsonld"


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "<figure><img src='a.jpg'></figure>",
        list(PARAGRAPHS),
        [{"type": "text", "content": f"<p>{text}</p>"} for text in PARAGRAPHS],
        {"nodeType": "document", "content": [
            {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": text[:20]}, {"nodeType": "text", "value": text[20:]}]}
            for text in PARAGRAPHS
        ]},
    ],
    ids=["markup", "lines", "blocks", "rich text"],
)  # fmt: skip
def test_a_page_whose_text_is_in_its_scripts_state_alone_gives_that(body: Any) -> None:
    others = [{"title": "Another report of the day", "body": " ".join(PARAGRAPHS) * 3}]
    state = json.dumps({"props": {"latest": others, "article": {"headline": HEADLINE, "body": body}}})
    page = f'<html><head><title>{HEADLINE}</title></head><body><div id="app"></div><script type="application/json">{state}</script></body></html>'
    draft = draft_of(page)
    assert [block.text for block in draft.blocks] == list(PARAGRAPHS)
    assert draft.extraction.recipe == "dataIsland"


def test_a_state_of_other_articles_gives_no_text() -> None:
    state = json.dumps({"latest": [{"title": "Another report of the day", "body": " ".join(PARAGRAPHS) * 3}]})
    page = f'<html><head><title>{HEADLINE}</title></head><body><script type="application/json">{state}</script></body></html>'
    assert rejection_of(make_page(page)).reason is Reason.NO_ARTICLE


@pytest.mark.parametrize(
    ("page", "completeness", "flag"),
    [
        (html(), Completeness.FULL, None),
        (html(head=linked_data(articleBody=" ".join(PARAGRAPHS) * 9)), Completeness.TRUNCATED, "body.shorter_than_jsonld"),
        (
            html(paragraphs=(PARAGRAPHS[0], "The harbour master, Ilse Brandt, said that the first…")),
            Completeness.TEASER,
            "body.ends_cut",
        ),
        (html(head=linked_data(isAccessibleForFree=False)), Completeness.TRUNCATED, "body.paywall"),
        (html(paragraphs=PARAGRAPHS[:1]), Completeness.FULL, "body.short"),
    ],
)
def test_how_whole_the_text_is_has_its_evidence_in_a_flag(page: str, completeness: Completeness, flag: str | None) -> None:
    draft = draft_of(page)
    assert draft.completeness is completeness
    assert flag is None or flag in draft.flags


def test_an_agency_in_the_byline_is_the_agency() -> None:
    draft = draft_of(html(head=linked_data(author={"@type": "Organization", "name": "Reuters"})))
    assert (draft.syndication.agency, draft.syndication.isSyndicated) == ("Reuters", None)


def test_a_page_of_headlines_is_no_article() -> None:
    items = "".join(f'<li><a href="/{n}">Pilots of Stour ask for tug number {n}</a></li>' for n in range(20))
    found = rejection_of(make_page(f"<html><body><h1>Ports</h1><ul>{items}</ul></body></html>"))
    assert found.reason is Reason.NO_ARTICLE


def test_a_text_with_a_long_list_is_an_article() -> None:
    items = "".join(f"<li>tug number {n}</li>" for n in range(9))
    page = f"<html><body><h1>Ports</h1><article>{''.join(f'<p>{p}</p>' for p in PARAGRAPHS)}<ul>{items}</ul></article></body></html>"
    assert len(draft_of(make_page(page)).blocks) > 9


def test_a_page_of_one_short_line_is_too_short() -> None:
    page = make_page("<html><body><article><p>This page has moved, and nobody knows where to.</p></article></body></html>")
    assert rejection_of(page) == Rejected(Reason.TOO_SHORT, "47 characters of text")


def test_what_was_removed_is_cut_at_200_characters() -> None:
    long = "Our boats " + "sail and " * 60 + "sail."
    publisher = Publisher(id="news", body=Body(drop=("^Our boats",)))
    removed = draft_of(make_page(html(paragraphs=(*PARAGRAPHS, long))), publisher).extraction.removed
    assert [(drop.rule, len(drop.text)) for drop in removed if drop.rule == "publisher.drop"] == [("publisher.drop", 200)]


def test_another_profile_has_another_configuration_hash() -> None:
    other = Publisher(id="news", hosts=("news.example",), body=Body(drop=("^Our boats",)))
    page = make_page(html())
    assert draft_of(page).extraction.configHash != draft_of(page, other).extraction.configHash


def test_the_same_page_gives_the_same_draft() -> None:
    page = make_page(
        html('<div class="related"><a href="/b">Pilots of Stour ask for a second tug</a></div>', linked_data(keywords="b, a"))
    )
    assert extract_inline(page, UNKNOWN) == extract_inline(page, UNKNOWN)


def test_the_article_does_not_depend_on_the_order_of_sets() -> None:
    code = f"import json; from tests.newsroom_pages import article_of; print(json.dumps(article_of({RELATED!r})))"
    told = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(json_schema())


def outcome_of(page: Page) -> None:
    """Assert that a page gives a line that the schema allows, or a reason that is not a crash."""
    outcome = extract_inline(page, UNKNOWN)
    if isinstance(outcome, Draft):
        article = finish(outcome, Memory())
        assert isinstance(article, Article)
        validator().validate(to_dict(article))
    else:
        assert isinstance(outcome, Rejected)
        assert outcome.reason is not Reason.CRASHED, outcome.detail


words = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            *PARAGRAPHS,
            "",
            " ",
            "2025-08-13",
            "13.8.2025 10:00",
            "&#8;",
            "&#xD800;",
            "&nbsp;",
            "\x00",
            "https://a:99999/",
            "http://[",
            "//x",
            "#",
            "9" * 30,
        ]
    ),
)
numbers = st.one_of(st.integers(-(10**30), 10**30), st.floats())
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, words),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["@id", "@type", "@value", "name", "url", "caption", "width", "item", "position"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=6,
)
nodes = st.dictionaries(
    st.sampled_from(
        [
            "@graph",
            "@id",
            "@type",
            "headline",
            "name",
            "description",
            "author",
            "creator",
            "datePublished",
            "dateModified",
            "image",
            "video",
            "articleBody",
            "articleSection",
            "keywords",
            "breadcrumb",
            "itemListElement",
            "publisher",
            "license",
            "isBasedOn",
            "isAccessibleForFree",
            "mainEntityOfPage",
            "url",
            "inLanguage",
            "copyrightNotice",
            "sourceOrganization",
        ]
    ),
    values,
    max_size=6,
).map(lambda node: {"@type": "NewsArticle"} | node)
names = st.sampled_from(
    [
        "p",
        "div",
        "span",
        "a",
        "h1",
        "h2",
        "ul",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "br",
        "img",
        "figure",
        "figcaption",
        "blockquote",
        "pre",
        "time",
        "aside",
        "nav",
        "section",
        "article",
        "main",
        "title",
        "meta",
        "link",
        "script",
    ]
)
attributes = st.dictionaries(
    st.sampled_from(
        [
            "class",
            "id",
            "href",
            "src",
            "srcset",
            "datetime",
            "itemprop",
            "property",
            "name",
            "content",
            "rel",
            "type",
            "lang",
            "role",
            "width",
            "title",
        ]
    ),
    st.one_of(
        words,
        st.sampled_from(
            [
                "author",
                "byline",
                "breadcrumb",
                "related",
                "date",
                "canonical",
                "og:image",
                "og:image:width",
                "article:published_time",
                "datePublished",
                "keywords",
                "live-update",
                "figcaption",
                "standfirst",
                "robots",
                "og:title",
                "description",
                "application/ld+json",
                "application/json",
            ]
        ),
    ),
    max_size=3,
)


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> str:
    """Markup of nested elements that sites might write, closed or not."""
    inside = "".join(draw(st.lists(elements(depth - 1), max_size=3))) if depth else ""
    written = "".join(f' {key}="{value}"' for key, value in draw(attributes).items())
    name = draw(names)
    return f"<{name}{written}>{draw(words)}{inside}{draw(st.sampled_from([f'</{name}>', '']))}{draw(words)}"


TYPES = st.sampled_from(
    [
        "text/html",
        "text/html; charset=utf-8",
        "text/html; charset=utf-16",
        "text/html; charset=hex",
        "text/html; charset=shift_jis",
        "text/plain",
        "text/markdown",
        "",
    ]
)


def as_bytes(text: str) -> bytes:
    """UTF-8, with half pairs as no decoder reads them."""
    return text.encode("utf-8", "surrogatepass")


@bounded
@given(st.binary(max_size=400), TYPES)
@example(b"\xff\xfe", "text/html")
@example(b"\xff\xfe<\x00p\x00>\x00\x00\xd8", "text/html")
def test_no_bytes_break_extraction(body: bytes, kind: str) -> None:
    outcome_of(make_page(body, kind))


@bounded
@given(st.lists(elements(), min_size=1, max_size=4).map("".join), TYPES)
def test_no_markup_breaks_extraction(markup: str, kind: str) -> None:
    outcome_of(make_page(as_bytes(html(column=markup) + markup), kind))


@bounded
@given(nodes)
@example({"@type": "NewsArticle", "image": {"url": "/a.jpg", "width": 10**30}})
@example({"@type": "NewsArticle", "breadcrumb": {"itemListElement": [{"position": float("nan"), "name": "a"}]}})
def test_no_json_ld_breaks_extraction(node: dict[str, Any]) -> None:
    outcome_of(make_page(as_bytes(html(head=f'<script type="application/ld+json">{json.dumps(node)}</script>'))))


@bounded
@given(
    st.dictionaries(
        st.sampled_from(["title", "date", "author", "tags", "image", "excerpt", "lang", "category"]), words, max_size=4
    ),
    st.lists(
        st.one_of(
            words,
            st.sampled_from(["# ", "- ", "> ", "| a | b |", "|---|---|", "```", "\n\n", "---\n", "Home / A / B", "Photo: x"]),
        ),
        max_size=12,
    ),
    st.booleans(),
)
@example({"title": '"\\ud800"', "date": "!!int x", "image": '"\\udfff"'}, ["\n\n"], True)
def test_no_text_document_breaks_extraction(front: dict[str, str], lines: list[str], is_markdown: bool) -> None:
    matter = "".join(f"{key}: {value}\n" for key, value in front.items())
    text = f"---\n{matter}---\n{HEADLINE}\n\n" + "\n".join([*lines, *PARAGRAPHS])
    outcome_of(make_page(as_bytes(text), "text/markdown" if is_markdown else "text/plain"))


@bounded
@given(st.dictionaries(st.sampled_from(["etag", "last-modified", "content-language"]), words), words, words)
def test_no_header_and_no_hint_breaks_extraction(headers: dict[str, str], published: str, title: str) -> None:
    link = Link(URL, "news", Via.FEED, "", title, None, published, published)
    outcome_of(Page(URL, as_bytes(html()), FETCHED, link, 200, headers | {"content-type": "text/html"}))
