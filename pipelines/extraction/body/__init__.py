"""Body: the tree's passages in page order: Trafilatura's, and what it left out of the same text."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy

from lxml.html import HtmlElement

from pipelines.evidence import Metadata, Passage
from pipelines.extraction.body import baseline, rescue
from pipelines.extraction.body.baseline import TRAFILATURA_VERSION
from pipelines.extraction.body.column import column
from pipelines.extraction.body.places import ANCESTORS, key, placed, places_of, tidy

__all__ = ["ANCESTORS", "TRAFILATURA_VERSION", "blocks", "paragraph_chars"]

# A page whose text is to more than this share links is a list of them.
MAX_LINK_SHARE = 0.5


def blocks(tree: HtmlElement, metadata: Metadata, prune: Iterable[str] = (), *, thorough: bool = False) -> list[Passage]:
    """The passages of the page's main text in page order, none empty. The tree stays as it is.

    `thorough` lets Trafilatura compare its own extraction with others', for half as much time again.
    """
    page = _pruned(tree, prune)
    found = baseline.passages(copy(page), thorough=thorough)
    places = places_of(page, found)
    standing = rescue.complete(
        page, [(passage, places.get(key(passage.text))) for passage in found], metadata, thorough=thorough
    )
    if not places and len(found) < 2:
        standing = column(page) or ([] if _is_link_list(found, page) else standing)
    names: dict[HtmlElement, str] = {}
    return [placed(passage, element, names) for passage, element in standing]


def paragraph_chars(tree: HtmlElement) -> int:
    """The characters in all of the page's paragraphs, whatever they belong to."""
    return sum(len("".join(paragraph.itertext()).strip()) for paragraph in tree.iter("p"))


def _pruned(tree: HtmlElement, prune: Iterable[str]) -> HtmlElement:
    paths = [*prune]
    if not paths:
        return tree
    pruned = copy(tree)
    for path in paths:
        for element in pruned.xpath(path):
            _remove(element)
    return pruned


def _remove(element: HtmlElement) -> None:
    """Take an element out and leave the text behind it, which lxml keeps as its tail."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _is_link_list(found: list[Passage], tree: HtmlElement) -> bool:
    """Whether links have most of a page's characters. Where Trafilatura finds no article it gives all of the page's text as one
    paragraph, which no element of the page is."""
    linked = sum(len(tidy("".join(link.itertext()))) for link in tree.iter("a"))
    return linked > MAX_LINK_SHARE * sum(len(passage.text) for passage in found)
