"""Related items: lists of other articles that stand inside the article's column."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from pipelines.extraction.metadata.named import Named
from pipelines.extraction.metadata.visible import text
from pipelines.values import RelatedItem

_WORDS = ("related", "more-on", "more_on", "moreon", "read-also", "readalso", "see-also", "also-read", "recommended", "similar")
_BOX_TAGS = frozenset({"div", "section", "aside", "ul", "ol"})
_DATE_NAME = re.compile(r"(?:^|[\s_-])(?:date|time|published|timestamp|datum)(?:$|[\s_-])", re.I)
MIN_HEADLINE_CHARS = 15
MAX_DATE_CHARS = 60
MAX_ITEMS = 60


def related(named: Named) -> list[RelatedItem]:
    """The items of the boxes whose class or id names a related list, in page order, each URL once. Dates are as printed."""
    items: dict[str, RelatedItem] = {}
    for box in _boxes(named):
        for item in _items(box):
            items.setdefault(item.url or item.headline, item)
    return list(items.values())[:MAX_ITEMS]


def _boxes(named: Named) -> Iterator[HtmlElement]:
    for element in named.holding(_WORDS, _BOX_TAGS):
        # A box with the page's heading in it is the layout, named by what it has room for.
        if next(element.iter("h1"), None) is None and not _is_outside(element):
            yield element


def _is_outside(element: HtmlElement) -> bool:
    return next(element.iterancestors("nav", "footer", "header"), None) is not None


def _items(box: HtmlElement) -> Iterator[RelatedItem]:
    for link in box.iter("a"):
        headline, url = text(link), link.get("href")
        if len(headline) >= MIN_HEADLINE_CHARS and url and not url.startswith(("#", "javascript:", "mailto:")):
            yield RelatedItem(headline, url, _date_near(link, box))


def _date_near(link: HtmlElement, box: HtmlElement) -> str | None:
    """The time that stands in the link's own item: a time tag, or an element that is named as a date."""
    for ancestor in link.iterancestors():
        if ancestor is box or len(ancestor.findall(".//a")) > 2:
            return None
        for element in ancestor.iter("time", "span", "small", "p", "div", "em"):
            if element.tag == "time":
                return element.get("datetime") or text(element) or None
            if (
                _DATE_NAME.search(element.get("class") or "")
                and re.search(r"\d", printed := text(element))
                and len(printed) <= MAX_DATE_CHARS
            ):
                return printed
    return None
