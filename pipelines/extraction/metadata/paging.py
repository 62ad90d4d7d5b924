"""Paging: the links by which a page names the other pages of its own article. Which of them are is read from their addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from pipelines.evidence import PageLink
from pipelines.extraction.metadata.visible import is_named, text

# Names of the boxes in which pages of an article are counted; those of comments are none of the article's.
_BOXES = (
    "pagin", "pager", "page-link", "page_link", "pagelink", "page-nav", "page_nav", "pagenav", "page-number", "pagenumber", "multipage",
    "multi-page", "seitennavigation", "article-page", "article__page", "story-page", "post-page",
)  # fmt: skip
_COMMENTS = ("comment", "kommentar", "comentario", "disqus")
# An address that may be another page's, so that most links are passed over at once.
_MAY_BE = re.compile(r"[=/_,-]p?\d{1,2}(?:\.\w{2,5})?/?(?:$|[?&#])|all|single|one-?page|full|komplett", re.I)
_WHOLE = re.compile(
    r"(?:view|read|show|see)\b.{0,12}\b(?:all|single|one)\b|(?:single|one) page|all pages|auf einer seite|komplett|gesamte[rn]? artikel|"
    r"en una (?:sola )?p[aá]gina|sur une (?:seule )?page|(?:in|su) una (?:sola )?pagina|(?:numa|em uma) (?:s[oó] )?p[aá]gina|op [eé][eé]n pagina|"
    r"på (?:en|én|ett) sid[ea]|na jednej stronie|на одной странице|tek sayfa|全文|全ページ|한 페이지",
    re.I,
)
_STEPS = frozenset({"next", "prev"})
_PARTS = re.compile(r"[/?#]")
# So much of an address's name tells it from the others, and stands before the number of a page.
NAME_CHARS = 12
MAX_ANCESTORS, MAX_LINKS, MAX_WORDS_CHARS = 5, 60, 60


def page_links(tree: HtmlElement, url: str) -> list[PageLink]:
    """The candidates in page order, addresses as written. `url` is the page's own, whose name an article's other pages share."""
    return list(islice(_links(tree, _name(url)), MAX_LINKS))


def _name(url: str) -> str:
    """The beginning of the longest part of a path; empty, so that it is in every address, where it may be spelt in two ways."""
    return "" if "%" in url else max(_PARTS.split(url)[3:], key=len, default="")[:NAME_CHARS]


def _links(tree: HtmlElement, name: str) -> Iterator[PageLink]:
    for element in tree.iter("link", "a"):
        href = element.get("href")
        if not href:
            continue
        if (rel := element.get("rel")) and not _STEPS.isdisjoint(rel.lower().split()):
            yield PageLink(href)
        elif (
            element.tag == "a"
            and (name in href or href[0] == "?")
            and (_MAY_BE.search(href) or (element.text or "").strip() == "1")
        ):
            if len(words := text(element)) <= MAX_WORDS_CHARS and _WHOLE.search(words):
                yield PageLink(href, whole=True)
            elif _is_counted(element):
                yield PageLink(href)


def _is_counted(element: HtmlElement) -> bool:
    around = [element, *islice(element.iterancestors(), MAX_ANCESTORS)]
    return any(is_named(each, _BOXES) for each in around) and not any(is_named(each, _COMMENTS) for each in around)
