"""The visible text of an element, and what it is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

_SILENT = ("script", "style", "noscript", "template", "svg")


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
