"""A draft and what is remembered of it to an article: ids, versions, twins and lines that a publisher's pages share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipelines import identity
from pipelines.finish import finish
from pipelines.history import duplicates
from pipelines.items import Article, Draft, Memory, Reason, Rejected
from pipelines.values import Block, BlockType, ChangeClass, PubStatus
from tests.builders import make_article, make_draft

PAGE = "https://news.example/world/harbour"


def finished(draft: Draft, memory: Memory | None = None) -> Article:
    article = finish(draft, memory or Memory())
    assert isinstance(article, Article), article
    return article


def draft(*texts: str, **changes: Any) -> Draft:
    """A draft with these paragraphs, its hashes made of them."""
    blocks = [Block(BlockType.PARAGRAPH, text) for text in texts or ("The harbour reopened on Wednesday.",)]
    body = "\n".join(block.text for block in blocks)
    given = replace(make_draft(make_article()), blocks=blocks, articleBody=body, **changes)
    hashed = identity.content_hash(given.headline, given.description, body, given.datePublished, given.dateModified)
    return replace(given, content_hash=hashed, page_hash=hashed, text_hash=duplicates.fingerprint(body))


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (PAGE, None),
        ("http://www.news.example/world/harbour/", None),
        ("https://m.news.example/world/harbour?utm_source=feed", None),
        ("https://news.example/world/harbour/amp", None),
        ("https://amp.news.example/x?id=3", PAGE),
        (PAGE, "https://news.example/"),
        (PAGE, "https://elsewhere.example.org/world/harbour"),
    ],
)
def test_an_article_has_one_id_at_each_of_its_addresses(url: str, canonical: str | None) -> None:
    assert identity.article_id("news", url, canonical) == identity.article_id("news", PAGE, None)


@pytest.mark.parametrize(
    ("path", "canonical", "is_believed"),
    [
        ("/world/harbour-of-stour-reopens", "/world", False),
        ("/world/1755072180", "/world", False),
        ("/harbour-of-stour-reopens/amp", "/harbour-of-stour-reopens", True),
        ("/world/10755/harbour-of-stour-reopens", "/world/10755", True),
        ("/world/harbour/2", "/world/harbour", True),
    ],
)
def test_a_section_that_a_page_names_as_its_address_is_not_believed(path: str, canonical: str, is_believed: bool) -> None:
    own, named = f"https://news.example{path}", f"https://news.example{canonical}"
    assert (identity.article_id("news", own, named) == identity.article_id("news", named, None)) is is_believed


def test_another_publisher_or_another_page_has_another_id() -> None:
    ids = {identity.article_id(publisher, url, None) for publisher in ("news", "wire") for url in (PAGE, f"{PAGE}-2")}
    assert len(ids) == 4


def test_a_hash_does_not_see_spacing_and_width_but_words_and_instants() -> None:
    same = identity.content_hash("Harbour", None, "It reopened.", "2025-08-13T08:00:00Z")
    assert identity.content_hash(" Harbour ", "", "It\u00a0  reopened.", "2025-08-13T08:00:00Z") == same
    assert identity.content_hash("Harbour", None, "It closed.", "2025-08-13T08:00:00Z") != same
    assert identity.content_hash("Harbour", None, "It reopened.", "2025-08-13T09:00:00Z") != same
    assert identity.content_hash("Harbour", "It", "reopened.", "2025-08-13T08:00:00Z") != same


def test_an_article_not_seen_before_is_version_one() -> None:
    article = finished(draft())
    assert (article.version, article.changeClass, article.pubStatus) == (1, ChangeClass.FIRST, PubStatus.USABLE)
    assert (article.duplicateOf, article.storyId) == (None, None)


def test_changed_content_is_the_next_version_and_unchanged_content_is_none() -> None:
    seen = draft()
    assert finish(seen, Memory(version=2, content_hash=seen.content_hash)) == Rejected(Reason.UNCHANGED, seen.id)
    article = finished(seen, Memory(version=2, content_hash="other", page_hash="other"))
    assert (article.version, article.changeClass) == (3, None)


def test_a_page_that_gave_the_same_before_is_no_new_version_although_less_was_taken_from_it_then() -> None:
    seen = draft()
    then = Memory(version=1, content_hash="with the boilerplate", page_hash=seen.page_hash)
    assert finish(seen, then) == Rejected(Reason.UNCHANGED, seen.id)


def test_an_articles_content_is_its_drafts() -> None:
    given = draft()
    article = finished(given)
    assert (article.id, article.contentHash) == (given.id, given.content_hash)
    assert {name: value for name, value in article.content().items() if name != "flags"} == {
        name: value for name, value in given.content().items() if name != "flags"
    }


def test_a_twin_is_what_it_is_a_duplicate_of() -> None:
    article = finished(draft(), Memory(twin="a" * 32))
    assert (article.duplicateOf, article.storyId) == ("a" * 32, "a" * 32)


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"headline": None}, "headline.missing"),
        ({"datePublished": None}, "date.missing"),
    ],
)
def test_what_is_unusual_is_flagged(changes: dict[str, Any], flag: str) -> None:
    assert flag not in finished(draft()).flags
    assert flag in finished(draft(**changes)).flags


@pytest.mark.parametrize(
    "other",
    ["The HARBOUR re-opened, on Wednesday", "the harbour reopened on wednesday!", "The har\u00adbour reopened on Wednesday"],
)
def test_a_fingerprint_is_shared_by_texts_that_differ_in_their_dress(other: str) -> None:
    assert duplicates.fingerprint(other) == duplicates.fingerprint("The harbour reopened on Wednesday.")


def test_a_fingerprint_tells_other_words_apart() -> None:
    assert duplicates.fingerprint("It opened.") != duplicates.fingerprint("It closed.")
