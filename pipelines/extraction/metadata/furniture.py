"""The visible furniture around a text: headings, standfirst, bylines, tags, breadcrumbs, copyright."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from lxml.html import HtmlElement

from pipelines.extraction.metadata.named import Named
from pipelines.extraction.metadata.visible import is_named, text
from pipelines.names import is_aside
from pipelines.values import Author, Breadcrumb

_STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:standfirst|stand-first|subtitle|sub-?headline|sub-?head|deck|dek|chapeau|chapo|perex|entradilla|bajada|"
    r"article-?_*(?:lead|intro|summary|excerpt|abstract|subtitle)|entry-(?:lead|summary|subtitle)|post-(?:excerpt|subtitle)|"
    r"vorspann|ingress|sumario|catenaccio|synopsis|strapline|lead|summary)(?:$|[\s_-])",
    re.I,
)
_COPYRIGHT_LINE = re.compile(r"(?:©|\(c\)\s*(?:19|20)\d\d|\bcopyright\s+(?:©|\(c\)|(?:19|20)\d\d)).{0,160}", re.I)
# Plain words in class and id, looked for without an expression: XPath over all elements cost 5 ms a page.
_BYLINE_WORDS = ("byline", "author-name", "author__name", "authorname", "article-author", "article__author", "post-author")
_TAG_WORDS = ("tag", "topic", "keyword")
_TRAIL_WORDS = ("breadcrumb",)
_TRAIL_TAGS = frozenset({"nav", "ol", "ul", "div", "p", "section", "span"})
TAG_DEPTH = 3
MIN_HEADLINE_CHARS, MIN_HEADLINE_WORDS = 12, 5
MAX_BYLINES, MAX_TAGS, MAX_NAME_CHARS = 12, 60, 160


def headings(tree: HtmlElement) -> list[str]:
    """The page's h1 texts in page order."""
    return [words for h1 in tree.iter("h1") if (words := text(h1))]


def heading(tree: HtmlElement, titles: Iterable[str]) -> str | None:
    """The heading that is the article's: the h1 that shares most of its letters with the page's titles, else such an h2."""
    grams = [_words(title) for title in titles]
    best, score = None, 0.0
    for tag, least in (("h1", 0.34), ("h2", 0.6), ("h3", 0.8)):
        for element in tree.iter(tag):
            words = _words(candidate := text(element))
            if len(candidate) < MIN_HEADLINE_CHARS and tag != "h1":
                continue
            likeness = max((_overlap(words, gram) for gram in grams), default=0.0)
            if likeness > max(score, least):
                best, score = candidate, likeness
        if best:
            return best
    only = [candidate for candidate in headings(tree) if len(candidate) >= MIN_HEADLINE_CHARS]
    # Titles that say nothing of the article ("News") leave the one h1 that reads like a headline.
    return only[0] if len(only) == 1 and (not any(grams) or len(_words(only[0])) >= MIN_HEADLINE_WORDS) else None


def standfirst(tree: HtmlElement) -> str | None:
    """The paragraph below the headline that its class calls a standfirst, 30 to 600 characters."""
    known: dict[str, bool] = {}
    for element in tree.iter("p", "h2", "h3", "div"):
        name = element.get("class") or element.get("itemprop")
        if not name:
            continue
        # Many elements share a name.
        if name not in known:
            known[name] = len(name) <= MAX_NAME_CHARS and bool(_STANDFIRST.search(name))
        if not known[name] or is_aside(element):
            continue
        words = text(element)
        if 30 <= len(words) <= 600 and len(element.findall(".//p")) < 2:
            return words
    return None


def bylines(tree: HtmlElement) -> list[Author]:
    """Names in elements that are marked as the author's; a list of other articles' authors is none."""
    found: dict[str, Author] = {}
    marked = filter(_is_byline, tree.iter("a", "span", "p", "div", "address", "li", "strong", "h3", "h4", "h5", "cite"))
    # Elements, not names: behind the article's own stand those of a list that no name gives away.
    for element in islice(marked, MAX_BYLINES):
        words = text(element)
        if 2 < len(words) <= 120 and not is_aside(element):
            url = element.get("href") or next((a.get("href") for a in element.iter("a")), None)
            found.setdefault(words, Author(words, words, url))
    return list(found.values())


def _is_byline(element: HtmlElement) -> bool:
    if element.get("rel") == "author" or element.get("itemprop") == "author":
        return True
    names = (element.get("class") or "").lower()
    # Each of these words holds one of the two; most names hold neither.
    if "author" not in names and "byline" not in names:
        return False
    return any(word in names for word in _BYLINE_WORDS) or "author" in names.split()


def tags(tree: HtmlElement) -> list[str]:
    """The texts of the article's tag list."""
    known: dict[HtmlElement, bool] = {}
    links = (
        a
        for a in tree.iter("a")
        if a.get("rel") == "tag" or any(_is_tag_box(e, known) for e in islice(a.iterancestors(), TAG_DEPTH))
    )
    found = [text(a) for a in islice(links, MAX_TAGS) if not is_aside(a)]
    return [tag for tag in dict.fromkeys(tag.lstrip("#").strip() for tag in found) if 1 < len(tag) <= 60]


def _is_tag_box(element: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Whether an element is named as a list of tags; `known` has those that were asked, since many links stand in one."""
    if element not in known:
        known[element] = is_named(element, _TAG_WORDS)
    return known[element]


def breadcrumbs(named: Named) -> list[Breadcrumb]:
    """The first breadcrumb trail's links."""
    for trail in named.holding(_TRAIL_WORDS, _TRAIL_TAGS):
        if crumbs := [Breadcrumb(name, a.get("href")) for a in trail.iter("a") if (name := text(a).strip(" /›»>|"))]:
            return crumbs
    return []


def copyright_notice(tree: HtmlElement) -> str | None:
    """The last © line of the page, which is the footer's; an agency's or a photo's stands above it."""
    elements = reversed([*tree.iter("footer", "p", "small", "div", "span", "li")])
    return next((line for element in elements if (line := _copyright_line(element))), None)


def _copyright_line(element: HtmlElement) -> str | None:
    if not _says_copyright(element.text) and not any(_says_copyright(child.tail) for child in element):
        return None
    words = text(element)
    found = _COPYRIGHT_LINE.search(words) if len(words) <= 400 else None
    return found[0].strip() if found else None


def _says_copyright(words: str | None) -> bool:
    return words is not None and ("©" in words or "opyright" in words)


def _words(value: str) -> frozenset[str]:
    return (
        frozenset(re.findall(r"\w+", value.lower()))
        if not re.search("[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0eff]", value)
        else frozenset(value)
    )


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a and b else 0.0
