"""The example newsroom's pages as fixtures: what each must give, and what it gives."""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from examples.newsroom.server import PUBLISHERS, SITES, Newsroom, document
from pipelines.items import Page, Reason
from pipelines.publishers import Publisher, load_publishers
from tests.pages import line_of, make_page


def lines(name: str) -> list[dict[str, Any]]:
    """The objects of one of the newsroom's files of truth."""
    return [json.loads(line) for line in (SITES.parent / name).read_text(encoding="utf-8").splitlines()]


EXPECTED = {row["url"]: row for row in lines("expected.jsonl")}
# The address never reaches extraction: the server has nothing there, or robots.txt forbids it.
FETCHERS_REASONS = {Reason.HTTP_STATUS, Reason.ROBOTS}
REJECTED = {row["url"]: row["reason"] for row in lines("rejected.jsonl") if row["reason"] not in FETCHERS_REASONS}


@cache
def publisher(name: str) -> Publisher:
    """A site's publisher, its file as it stands."""
    return load_publishers([PUBLISHERS])[name]


def page_at(url: str) -> Page:
    """The page as the newsroom's server sends it, its addresses as they stand in the file."""
    parts = urlsplit(url)
    found = document(Newsroom(), parts.netloc, parts.path)
    assert found, url
    return make_page(found.body, found.content_type, url)


@cache
def article_of(url: str) -> dict[str, Any]:
    """The page's article as a reader of its line gets it; made once."""
    return line_of(page_at(url), publisher(EXPECTED[url]["publisher"]))
