"""A draft and what is remembered of it to an article: ids, versions, twins and lines that a publisher's pages share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipelines import identity
from pipelines.finish import finish
from pipelines.history import boilerplate, duplicates
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
    return replace(
        given, content_hash=hashed, text_hash=duplicates.fingerprint(body), block_hashes=boilerplate.fingerprints(blocks)
    )


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
    article = finished(seen, Memory(version=2, content_hash="other"))
    assert (article.version, article.changeClass) == (3, None)


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
        ({"dateModified": "2025-08-12T00:00:00Z"}, "date.modified_first"),
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


OPENING, CLOSING = "From our desk at the port:", "Call 0800 1234 for the timetable of 2025."
OWN = tuple(f"The {count} barge was raised by divers." for count in ("first", "second", "third", "fourth"))


def seen(*texts: str, articles: int = boilerplate.MIN_ARTICLES) -> Memory:
    """A memory in which these lines stood at an end of so many articles."""
    hashes = boilerplate.fingerprints([Block(BlockType.PARAGRAPH, text) for text in (*texts, *OWN)])
    return Memory(blocks=dict.fromkeys(hashes[: len(texts)], articles))


def test_lines_that_a_publishers_articles_share_go_from_both_ends() -> None:
    article = finished(draft(OPENING, *OWN, CLOSING), seen(OPENING, CLOSING))
    assert [block.text for block in article.blocks] == list(OWN)
    assert article.articleBody == "\n".join(OWN)
    assert article.wordCount == len(article.articleBody.split())
    assert [(drop.rule, drop.text, drop.where) for drop in article.extraction.removed[-2:]] == [
        ("memory.boilerplate", OPENING, "head"),
        ("memory.boilerplate", CLOSING, "tail"),
    ]


def test_the_hash_of_an_article_without_its_shared_lines_is_that_of_its_own_text() -> None:
    assert finished(draft(*OWN, CLOSING), seen(CLOSING)).contentHash == draft(*OWN).content_hash


def test_numbers_in_a_shared_line_may_differ() -> None:
    other = CLOSING.replace("2025", "2026")
    assert [block.text for block in finished(draft(*OWN, other), seen(CLOSING)).blocks] == list(OWN)


def test_a_line_in_too_few_articles_stays() -> None:
    article = finished(draft(*OWN, CLOSING), seen(CLOSING, articles=boilerplate.MIN_ARTICLES - 1))
    assert article.blocks[-1].text == CLOSING


def test_a_shared_line_amid_a_text_stays() -> None:
    article = finished(draft(*OWN[:2], CLOSING, *OWN[2:]), seen(CLOSING))
    assert len(article.blocks) == 5


def test_a_short_text_is_all_ends_and_stays() -> None:
    article = finished(draft(OPENING, *OWN[:2], CLOSING), seen(OPENING, CLOSING))
    assert len(article.blocks) == 4
    assert boilerplate.fingerprints(article.blocks) == []
