"""Pages for the tests of extraction: bytes in, draft or article out, at one fixed time and without a worker."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, settings

from pipelines.delivery.schema import to_dict
from pipelines.evidence import Markup
from pipelines.extraction import markup
from pipelines.finish import finish
from pipelines.items import Article, Draft, Link, Memory, Page, Rejected
from pipelines.publishers import Publisher
from pipelines.runner import extract_inline

# The same examples in every run, and so many that all the tests of extraction stay within half a minute.
bounded = settings(
    max_examples=120, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
FETCHED = datetime(2025, 8, 20, tzinfo=UTC)
URL = "https://news.example/world/harbour-reopens"
UNKNOWN = Publisher(id="news", hosts=("news.example",))
# Three paragraphs of an article that no rule has a reason to drop.
PARAGRAPHS = (
    "The harbour of Stour reopened on Wednesday after nine days in which no ship could enter or leave it.",
    "Divers had raised the last of the four barges that broke loose in the storm and came to rest across the channel.",
    "The harbour master, Ilse Brandt, said that the first ferry would sail at noon and that freight would follow by night.",
)
HEADLINE = "Harbour of Stour reopens after nine days"


def make_page(body: str | bytes, content_type: str = "text/html; charset=utf-8", url: str = URL, **changes: Any) -> Page:
    """A fetched page; a text is sent as UTF-8."""
    sent = body.encode() if isinstance(body, str) else body
    values: dict[str, Any] = {"link": Link(url, "news"), "headers": {"content-type": content_type} if content_type else {}}
    return Page(**{"url": url, "body": sent, "fetched_at": FETCHED} | values | changes)


def html(column: str = "", head: str = "", beside: str = "", paragraphs: tuple[str, ...] = PARAGRAPHS) -> str:
    """An article's page: `column` stands between headline and text, `beside` below the article."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{HEADLINE} | The Stour News</title>{head}</head><body>'
        f"<article><h1>{HEADLINE}</h1>{column}{text}</article>{beside}</body></html>"
    )


def parsed(page: Page) -> Markup:
    """The page's markup, which it must have."""
    found = markup.parse(page)
    assert isinstance(found, Markup), found
    return found


def draft_of(page: Page | str, publisher: Publisher = UNKNOWN) -> Draft:
    """The draft of a page, which it must give."""
    outcome = extract_inline(make_page(page) if isinstance(page, str) else page, publisher)
    assert isinstance(outcome, Draft), outcome
    return outcome


def rejection_of(page: Page, publisher: Publisher = UNKNOWN) -> Rejected:
    """Why a page gives no article, which it must not."""
    outcome = extract_inline(page, publisher)
    assert isinstance(outcome, Rejected), outcome
    return outcome


def line_of(page: Page | str, publisher: Publisher = UNKNOWN) -> dict[str, Any]:
    """The page's first version as a reader of its JSON line gets it."""
    article = finish(draft_of(page, publisher), Memory())
    assert isinstance(article, Article), article
    return to_dict(article)


def picked(value: Any, *keys: str) -> Any:
    """An object, or each of a list of objects, with these keys alone; anything else as it is."""
    if isinstance(value, list):
        return [picked(item, *keys) for item in value]
    return {key: value.get(key) for key in keys} if isinstance(value, dict) else value
