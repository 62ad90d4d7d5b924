"""Every page of the example newsroom as a fixture: one test a page and field, read with the publisher files as they are."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator

from examples.newsroom.server import PUBLISHERS, SITES
from pipelines.delivery.schema import json_schema
from pipelines.publishers import load_publishers
from tests.newsroom_pages import EXPECTED, REJECTED, article_of, page_at, publisher
from tests.pages import picked, rejection_of

JUNK = (SITES.parent / "junk.txt").read_text(encoding="utf-8").splitlines()

articles = pytest.mark.parametrize("url", EXPECTED, ids=[url.rpartition("/")[2][:40] for url in EXPECTED])


def same(url: str, field: str, *keys: str) -> None:
    assert picked(article_of(url)[field], *keys) == picked(EXPECTED[url][field], *keys)


@articles
def test_headline(url: str) -> None:
    same(url, "headline")


@articles
def test_description(url: str) -> None:
    same(url, "description")


@articles
def test_blocks(url: str) -> None:
    same(url, "blocks", "type", "text", "level", "time")


@articles
def test_authors(url: str) -> None:
    same(url, "authors", "name", "type")


@articles
def test_instant(url: str) -> None:
    same(url, "datePublished")


@articles
def test_date_precision(url: str) -> None:
    same(url, "datePublishedPrecision")


@articles
def test_modification(url: str) -> None:
    same(url, "dateModified")


@articles
def test_language(url: str) -> None:
    same(url, "inLanguage")


@articles
def test_section(url: str) -> None:
    same(url, "articleSection")


@articles
def test_breadcrumbs(url: str) -> None:
    same(url, "breadcrumbs", "name")


@articles
def test_keywords(url: str) -> None:
    same(url, "keywords")


@articles
def test_main_image(url: str) -> None:
    same(url, "mainImage", "url", "caption", "creditText")


@articles
def test_images(url: str) -> None:
    same(url, "images", "url", "caption", "creditText")


@articles
def test_copyright_notice(url: str) -> None:
    same(url, "copyrightNotice")


@articles
def test_related_items(url: str) -> None:
    same(url, "relatedItems", "headline", "url", "datePublished")


@articles
def test_type(url: str) -> None:
    same(url, "type")


@articles
def test_syndication(url: str) -> None:
    assert article_of(url)["syndication"]["isSyndicated"] == EXPECTED[url]["isSyndicated"]


@articles
def test_the_address_is_the_canonical_one(url: str) -> None:
    assert article_of(url)["canonicalUrl"] in (url, None)


@articles
def test_the_line_is_valid_by_the_schema(url: str) -> None:
    Draft202012Validator(json_schema()).validate(article_of(url))


@articles
def test_no_junk_stands_in_the_body(url: str) -> None:
    body = article_of(url)["articleBody"]
    assert not [junk for junk in JUNK if junk in body]


@pytest.mark.parametrize("url", REJECTED)
def test_what_is_no_article_gives_its_reason(url: str) -> None:
    name = next(p.id for p in load_publishers([PUBLISHERS]).values() if urlsplit(url).netloc in p.hosts)
    assert rejection_of(page_at(url), publisher(name)).reason == REJECTED[url]
