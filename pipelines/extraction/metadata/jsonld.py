"""JSON-LD: the nodes of a page, and the one that is this page's article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from lxml.html import HtmlElement

Node = dict[str, Any]

# schema.org's Article and its subtypes that news sites use. https://schema.org/Article
ARTICLE_TYPES = frozenset((
    "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "AskPublicNewsArticle", "BackgroundNewsArticle",
    "OpinionNewsArticle", "ReviewNewsArticle", "LiveBlogPosting", "BlogPosting", "SocialMediaPosting", "DiscussionForumPosting",
    "Report", "SatiricalArticle", "ScholarlyArticle", "TechArticle", "AdvertiserContentArticle", "Review", "CriticReview", "ClaimReview",
))  # fmt: skip
# What stands for the page where no article is described; the dates of such a node are the page's. Collections of articles
# (CollectionPage, SearchResultsPage) and other things on the page (VideoObject) are not in it.
PAGE_TYPES = frozenset(("WebPage", "ItemPage", "MedicalWebPage", "QAPage", "FAQPage"))
# A page with more than this many bytes of JSON-LD describes its database, not its article.
MAX_BYTES = 2_000_000
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
# The comment and CDATA marks that hide a script from old browsers and from XML; the closing one is sought at the very end.
_OPENING = re.compile(r"<!--|//\s*<!\[CDATA\[|/\*.*?\*/|<!\[CDATA\[", re.S)
_CLOSING = re.compile(r"(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)\s*;?$")
MAX_CLOSING_CHARS = 40


def nodes(tree: HtmlElement) -> list[Node]:
    """Every node of the page's JSON-LD in page order, those of `@graph` and of lists taken out. Broken scripts are left out."""
    found: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and (text := script.text) and len(text) < MAX_BYTES:
            found += _flatten(_load(text))
    return found


def article_of(found: Iterable[Node], urls: Iterable[str], titles: Iterable[str]) -> Node | None:
    """The node that is this page's main article, or None.

    Of several, the one that names one of the page's URLs, else one of its titles; of none such, the only one there is.
    A list of other articles is never taken for the page's own.
    """
    articles = [node for node in found if types_of(node) & ARTICLE_TYPES]
    if len(articles) == 1:
        return articles[0]
    keys = {_path(url) for url in urls if url}
    named = [node for node in articles if keys & set(map(_path, _addresses(node)))]
    if not named:
        words = {_letters(title) for title in titles if title}
        named = [node for node in articles if _letters(str(node.get("headline") or node.get("name") or "")) in words]
    candidates = named or ([] if len(articles) > 2 else articles)
    return max(candidates, key=_weight, default=None)


def page_of(found: Iterable[Node], urls: Iterable[str]) -> Node | None:
    """The node that describes the page itself and says when it was published: the only one, or the one of its addresses."""
    pages = [node for node in found if types_of(node) & PAGE_TYPES and node.get("datePublished")]
    if len(pages) > 1:
        keys = {_path(url) for url in urls if url}
        pages = [node for node in pages if keys & set(map(_path, _addresses(node)))]
    return pages[0] if len(pages) == 1 else None


def types_of(node: Node) -> frozenset[str]:
    """The node's types without their namespace."""
    return frozenset(str(t).rpartition("/")[2].rpartition(":")[2] for t in as_list(node.get("@type")) if isinstance(t, str))


def as_list(value: Any) -> list[Any]:
    """JSON-LD's one-or-many as a list."""
    return value if isinstance(value, list) else [] if value is None or value == "" else [value]


def text_of(value: Any) -> str | None:
    """The text of a value that may be a string, a number, a list's first or an object with a name or `@value`."""
    for item in as_list(value):
        if isinstance(item, dict):
            item = item.get("@value") or item.get("name") or item.get("url")
        if isinstance(item, list):
            item = item[0] if item else None
        if isinstance(item, (str, int, float)) and not isinstance(item, bool) and str(item).strip():
            return str(item).strip()
    return None


def _load(text: str) -> Any:
    for mended in (str, _unwrapped, _plain):
        try:
            return orjson.loads(mended(text))
        except orjson.JSONDecodeError:
            continue
    return _as_javascript(_unwrapped(text))


def _plain(text: str) -> str:
    """The text without what is no JSON but stands in scripts: their marks, control characters, trailing commas."""
    return _TRAILING_COMMA.sub(r"\1", re.sub(r"[\x00-\x1f]+", " ", _unwrapped(text)))


def _as_javascript(text: str) -> Any:
    """The objects of a script that is JavaScript rather than JSON: comments, single quotes, several objects, a brace too many.

    Written out and read again, so that what JSON has no word for (half an emoji, an endless number) is no value here either.
    """
    from chompjs import parse_js_objects  # one script in a hundred needs it

    try:
        found: list[Any] = list(parse_js_objects(text.replace("\x00", ""), loader_kwargs={"strict": False}))
        return orjson.loads(json.dumps(found, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError):
        return None


def _unwrapped(text: str) -> str:
    text = text.strip()
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, max(0, len(text) - MAX_CLOSING_CHARS))
    return text[opening.end() if opening else 0 : closing.start() if closing else len(text)]


def _flatten(value: Any, depth: int = 0) -> Iterator[Node]:
    if depth > 4:
        return
    for item in as_list(value):
        if isinstance(item, list):
            yield from _flatten(item, depth + 1)
        elif isinstance(item, dict):
            yield item
            for key in ("@graph", "mainEntity", "mainEntityOfPage", "liveBlog", "hasPart"):
                if isinstance(item.get(key), (list, dict)):
                    yield from _flatten(item[key], depth + 1)


def _addresses(node: Node) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        for value in as_list(node.get(key)):
            if isinstance(value, dict):
                value = value.get("@id") or value.get("url")
            if isinstance(value, str):
                yield value


def _path(url: str) -> str:
    return re.sub(r"^https?://(?:www\.|m\.|amp\.)?|[?#].*$|/$", "", url.strip().lower())


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _weight(node: Node) -> int:
    return sum(
        bool(node.get(key)) for key in ("articleBody", "datePublished", "author", "headline", "image", "mainEntityOfPage")
    )
