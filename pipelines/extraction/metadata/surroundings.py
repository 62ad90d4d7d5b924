"""Surroundings: whether a date stands with the article, or in a list, a header, a footer, a comment or a post that the page shows besides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from pipelines.extraction.metadata.visible import is_named, text
from pipelines.names import ASIDE, ASIDE_TAGS, box_name, is_aside

# What systems call the element that holds a post, where it is no article tag, and the footer of one that holds its date.
_POST = re.compile(r"\b(?:hentry|h-entry|post|node|entry|article|story)\b", re.I)
_SIDEBAR = re.compile(r"side-?bar", re.I)
_POSTS_FOOTER = re.compile(r"(?:\b|_)(?:meta|submitted|entry|post|node|byline|article|story)", re.I)
# What they call the box of its date and its writer.
_META = re.compile(r"(?:\b|_)(?:(?:article|post|entry)-?(?:meta|info)|meta|submitted|byline|publish|news-list-date)", re.I)
# A header in one of these belongs to it. https://html.spec.whatwg.org/multipage/sections.html#the-header-element
_SECTIONS = frozenset(("article", "main", "section", "aside", "nav"))
# Addresses that a dateline itself links: a day's archive, the author's page.
_ARCHIVE = re.compile(
    r"/(?:19|20)\d\d(?:/\d{1,2}){0,2}/?$|/(?:users?|authors?|autor(?:en|es|in)?|profiles?|members?|people)/[^/]+/?$"
)
# What they call the element of a date, and the longest text that is read as one.
DATE_NAMES = ("date", "time", "publi", "posted", "stamp", "datum", "fecha", "дата", "created")
MAX_CHARS = 90
# How many boxes without a name may stand between the article's and the one that holds its heading and its date.
LAYERS = 2
# A sidebar that holds more than this share of the page's paragraphs is the layout, named for what it has beside the text.
MAX_SIDEBAR_SHARE = 0.5


class Surroundings:
    """The article's heading, None where the page shows none, with all that it stands in."""

    def __init__(self, tree: HtmlElement, heading: HtmlElement | None, url: str) -> None:
        self.heading = heading
        self._url = url
        self._tree = tree
        # Held by reference: lxml makes an element's proxy anew, with another identity, once nothing holds it.
        self._spine = {e: steps for steps, e in enumerate([heading, *heading.iterancestors()])} if heading is not None else {}
        self._items: frozenset[HtmlElement] = frozenset()

    @property
    def farthest(self) -> int:
        """More steps than any element is away from the heading."""
        return len(self._spine)

    def steps(self, element: HtmlElement) -> int:
        """How many elements up from the heading the first one is that holds this element too."""
        return next((self._spine[e] for e in (element, *element.iterancestors()) if e in self._spine), self.farthest)

    def is_beside(self, element: HtmlElement) -> bool:
        """Whether the element stands beside the article rather than in it."""
        if self._is_in_sites_header(element) or self._is_in_anothers_post(element):
            return True
        return is_aside(element, self._spine) and not (
            self._is_in_headings_header(element)
            or self._is_in_dates_box(element)
            or self._is_in_own_box(element)
            or self._is_in_layout(element)
        )

    def set_aside(self, items: Iterable[HtmlElement]) -> None:
        """Have these elements, a list's items or what is read already, and all in them stand beside the article from now on."""
        self._items |= {*items}

    def is_set_aside(self, element: HtmlElement) -> bool:
        return element in self._items

    def links_elsewhere(self, element: HtmlElement) -> bool:
        """Whether a date stands in a link to another document. A link to the page itself, a day's archive or the author is none."""
        link = next((e for e in (element, *element.iterancestors()) if e.tag == "a"), None)
        if link is None or not link.get("href"):
            return False
        try:
            target, own = urlsplit(urljoin(self._url, link.get("href"))), urlsplit(self._url)
        except ValueError:
            return True
        return target.path.rstrip("/") != own.path.rstrip("/") and not _ARCHIVE.search(target.path)

    def _is_in_sites_header(self, element: HtmlElement) -> bool:
        """Whether the element stands in a header that is no section's and has not the article's heading: today's date stands there."""
        header = None
        for ancestor in element.iterancestors():
            if ancestor.tag in _SECTIONS:
                return False
            if ancestor in self._spine:
                break
            if ancestor.tag == "header":
                header = ancestor
        if header is None:
            return False
        if self.heading is None:
            return next(header.iter("nav"), None) is not None or next(header.iter("h1"), None) is None
        # Themes that show the heading over a picture have it there, and once more above the text.
        return text(self.heading) not in text(header)

    def _is_in_anothers_post(self, element: HtmlElement) -> bool:
        """Whether the element stands in an embedded post or in an article that is not the heading's: a card, a comment, a live entry."""
        for ancestor in (element, *element.iterancestors()):
            if ancestor in self._spine:
                return False
            if (
                ancestor in self._items
                or ancestor.tag == "blockquote"
                or (ancestor.tag == "article" and (self._has_article or _is_comment(ancestor)))
            ):
                return True
        return False

    @cached_property
    def _has_article(self) -> bool:
        return any(e.tag == "article" for e in self._spine)

    def _is_in_headings_header(self, element: HtmlElement) -> bool:
        """Whether the element stands in the header element that holds the heading, whatever boxes in there are named."""
        own = next((e for e in (element, *element.iterancestors()) if e in self._spine or e.tag in ASIDE_TAGS), None)
        return own in self._heads

    @cached_property
    def _heads(self) -> frozenset[HtmlElement]:
        """The heading and what holds it, up to the article's header element; empty where it stands in none."""
        header = next((e for e in self._spine if e.tag == "header"), None)
        return frozenset(e for e in self._spine if header is not None and self._spine[e] <= self._spine[header])

    def _is_in_dates_box(self, element: HtmlElement) -> bool:
        """Whether only a line that is named for its date, too, is named as something beside the article: "date-comments"."""
        for ancestor in self._boxes(element):
            is_line = is_named(ancestor, DATE_NAMES) and len(text(ancestor)) <= MAX_CHARS
            if ancestor.tag in ASIDE_TAGS or (ASIDE.search(box_name(ancestor)) and not is_line):
                return False
        return True

    def _boxes(self, element: HtmlElement) -> Iterator[HtmlElement]:
        """The element and what holds it, up to what holds the heading or the text too."""
        for ancestor in (element, *element.iterancestors()):
            if ancestor in self._spine or ancestor.tag in ("body", "main", "article"):
                return
            yield ancestor

    def _is_in_own_box(self, element: HtmlElement) -> bool:
        """Whether the element stands in the article's own footer, column or box of its date, and in nothing else aside.

        WordPress and Drupal put a post's date there. HTML's footer belongs to the section around it; the page's is not inside the article.
        https://html.spec.whatwg.org/multipage/sections.html#the-footer-element
        """
        is_own = is_meta = False
        for ancestor in (element, *element.iterancestors()):
            names = box_name(ancestor)
            if ancestor in self._spine:
                return is_own and any(_is_post(e) for e in (ancestor, *islice(ancestor.iterancestors(), LAYERS)))
            if is_own and ancestor.tag == "article":
                # Drupal has the heading above the article; a list's articles come after the page's own.
                return next(ancestor.getroottree().iter("article"), None) is ancestor
            is_meta = is_meta or bool(_META.search(names))
            if ancestor.tag == "footer" or "footer" in names.lower():
                is_own = is_meta or bool(_POSTS_FOOTER.search(names))
            elif ancestor.tag == "aside" and is_meta and not ASIDE.search(names):
                is_own = True
            elif ancestor.tag in ASIDE_TAGS or ASIDE.search(_SIDEBAR.sub("", names)):
                return False
            else:
                is_own = is_own or bool(_SIDEBAR.search(names))
        return False

    def _is_in_layout(self, element: HtmlElement) -> bool:
        """Whether nothing but the name of the page's layout, which holds the text too, says that the element stands aside."""
        sidebar = None
        for ancestor in self._boxes(element):
            names = box_name(ancestor)
            if ancestor.tag in ASIDE_TAGS or ASIDE.search(_SIDEBAR.sub("", names)):
                return False
            if sidebar is None and _SIDEBAR.search(names):
                sidebar = ancestor
        return sidebar is not None and _paragraph_chars(sidebar) > MAX_SIDEBAR_SHARE * self._all_paragraph_chars

    @cached_property
    def _all_paragraph_chars(self) -> int:
        return _paragraph_chars(self._tree)


def _is_post(element: HtmlElement) -> bool:
    return element.tag == "article" or (element.tag != "body" and bool(_POST.search(box_name(element))))


def _is_comment(article: HtmlElement) -> bool:
    return "comment" in box_name(article).lower()


def _paragraph_chars(box: HtmlElement) -> int:
    return sum(len(text(paragraph)) for paragraph in box.iter("p"))
