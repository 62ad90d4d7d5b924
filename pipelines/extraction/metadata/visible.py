"""The visible text of an element, and whether it stands beside the article rather than in it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator

from lxml.html import HtmlElement

from pipelines.names import ASIDE, ASIDE_TAGS

_SILENT = ("script", "style", "noscript", "template", "svg")
# What systems call the element that holds a post, where it is no article tag, and the footer of one that holds its date.
_POST = re.compile(r"\b(?:hentry|h-entry|post|node|entry|article)\b", re.I)
_SIDEBAR = re.compile(r"side-?bar", re.I)
_POSTS_FOOTER = re.compile(r"(?:\b|_)(?:meta|submitted|entry|post|node|byline)", re.I)

_META_BOX = re.compile(r"(?:\b|_)(?:meta|submitted|byline)", re.I)


def text(element: HtmlElement) -> str:
    """The element's text with single spaces, without scripts and styles."""
    if next(element.iter(*_SILENT), None) is None:
        return " ".join("".join(element.itertext()).split())
    return " ".join("".join(_spoken(element)).split())


def _spoken(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in _SILENT:
            yield from _spoken(child)
        yield child.tail or ""


def is_named(element: HtmlElement, words: Iterable[str]) -> bool:
    """Whether the element's class, id or label holds one of the words, which are lower case."""
    names = names_of(element)
    return bool(names) and any(word in names for word in words)


def names_of(element: HtmlElement) -> str:
    """The element's class, id and label in lower case; empty where it has none."""
    get = element.get
    own, identifier, label = get("class"), get("id"), get("aria-label")
    if own is None and identifier is None and label is None:
        return ""
    return f"{own} {identifier} {label}".lower()


def stands_in_articles_own_box(element: HtmlElement, spine: Container[HtmlElement]) -> bool:
    """Whether the element stands in the article's own footer or aside, named as that of a post, or its own column, and in nothing else aside.

    WordPress and Drupal put a post's date there. HTML's footer belongs to the section around it; the page's is not inside the article.
    https://html.spec.whatwg.org/multipage/sections.html#the-footer-element
    """
    is_own = False
    for ancestor in (element, *element.iterancestors()):
        names = f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"
        if ancestor in spine:
            return is_own and (ancestor.tag == "article" or bool(_POST.search(names)))
        if is_own and ancestor.tag == "article":
            # Drupal has the heading above the article; a list's articles come after the page's own.
            return next(ancestor.getroottree().iter("article"), None) is ancestor
        if ancestor.tag == "footer" or "footer" in names.lower() or (ancestor.tag == "aside" and _META_BOX.search(names)):
            is_own = bool(_POSTS_FOOTER.search(names))
        elif ancestor.tag in ASIDE_TAGS or ASIDE.search(_SIDEBAR.sub("", names)):
            return False
        else:
            is_own = is_own or bool(_SIDEBAR.search(names))
    return False
