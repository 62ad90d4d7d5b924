"""Body: the tree's passages in page order, by Trafilatura. The only importer of trafilatura."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import replace
from functools import cache
from importlib.metadata import version as installed
from itertools import groupby, islice
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from pipelines.evidence import Anchor, Passage
from pipelines.values import BlockType

TRAFILATURA_VERSION = installed("trafilatura")
# Of the tags that Trafilatura deletes, those that it first looks into: tables in figures, a page wrapped in a form, formulas.
_LOOKED_INTO = frozenset({"figure", "form", "math", "time"})
_TEXT_TAGS = (
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "figcaption",
    "dt",
    "dd",
    "td",
    "pre",
    "div",
    "span",
    "a",
)
# One entry of a live blog: schema.org's liveBlogUpdate, and what the larger live-blog systems call theirs.
_LIVE_UPDATE = re.compile(
    r"\blive-?_?(?:update|entry|post|event|item)\b|liveblog-?_?(?:update|entry|post|item|__post)|liveblogupdate"
)
# A page whose text is to more than this share links is a list of them.
MAX_LINK_SHARE = 0.5
# An element's own name and those of this many around it; beyond them, names are the page's, not the passage's.
ANCESTORS = 4
# The letters by which elements are told apart, and the characters in which they are sought: indentation is longer than that.
_START, _SCAN = 3, 400
_TYPES = {"quote": BlockType.QUOTE, "code": BlockType.CODE, "head": BlockType.HEADING, "item": BlockType.LIST_ITEM}


def blocks(tree: HtmlElement, prune: Iterable[str] = (), *, thorough: bool = False) -> list[Passage]:
    """The passages of the page's main text in page order, none empty. The tree stays as it is.

    `thorough` lets Trafilatura compare its own extraction with others', for half as much time again.
    """
    work = copy(tree)
    for path in prune:
        for element in work.xpath(path):
            _remove(element)
    # What Trafilatura would delete anyway: without it each of its passes is shorter (a fifth of its time, the same text).
    etree.strip_elements(work, *_dead_tags(), with_tail=False)
    passages = list(_passages(_extracted(work, thorough=thorough)))
    places = _places(tree, passages)
    if len(passages) == 1 and not places and _link_share(passages[0], tree) > MAX_LINK_SHARE:
        return []
    names: dict[HtmlElement, str] = {}
    return [_placed(passage, places, names) for passage in passages]


def paragraph_chars(tree: HtmlElement) -> int:
    """The characters in all of the page's paragraphs, whatever they belong to."""
    return sum(len("".join(paragraph.itertext()).strip()) for paragraph in tree.iter("p"))


def _link_share(passage: Passage, tree: HtmlElement) -> float:
    """The share of a passage's characters that the page's links have. Where Trafilatura finds no article it gives all of the
    page's text as one paragraph, which no element of the page is."""
    return sum(len(_tidy("".join(link.itertext()))) for link in tree.iter("a")) / len(passage.text)


def _extracted(work: HtmlElement, *, thorough: bool) -> Any:
    """Trafilatura's body element, empty where it finds nothing. Its ValueError is its way to say so."""
    from trafilatura.core import trafilatura_sequence

    body, _, _, _ = trafilatura_sequence(work, _options(thorough))
    return body


@cache
def _dead_tags() -> tuple[str, ...]:
    from trafilatura.settings import MANUALLY_CLEANED

    return tuple({*MANUALLY_CLEANED, "meta", "template"} - _LOOKED_INTO)


@cache
def _options(thorough: bool) -> Any:
    from trafilatura.settings import Extractor

    return Extractor(comments=False, formatting=False, fast=not thorough)


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


def _passages(body: Any) -> Iterator[Passage]:
    if body.text and body.text.strip():
        yield Passage(BlockType.PARAGRAPH, _tidy(body.text))
    for element in body:
        yield from _of_element(element)
        if element.tail and element.tail.strip():
            yield Passage(BlockType.PARAGRAPH, _tidy(element.tail))


def _of_element(element: Any) -> Iterator[Passage]:
    if element.tag == "list":
        for item in element.iter("item"):
            # An item's text has that of the items inside it.
            if next(item.iterancestors("item"), None) is None:
                yield from _texts(item, BlockType.LIST_ITEM)
    elif element.tag == "table":
        yield from _rows(element)
    elif element.tag == "head":
        level = int(element.get("rend", "h2")[-1]) if element.get("rend", "h2")[-1:].isdigit() else 2
        yield from (Passage(BlockType.HEADING, p.text, level=level) for p in _texts(element, BlockType.HEADING))
    elif element.tag != "graphic":
        yield from _texts(element, _TYPES.get(element.tag, BlockType.PARAGRAPH))


def _rows(table: Any) -> Iterator[Passage]:
    """One passage a table, a line a row, cells joined by ` | `. Rows of one cell are a layout's: they give paragraphs."""
    rows = [[_tidy(" ".join(cell.itertext())) for cell in row.iter("cell")] for row in table.iter("row")]
    for columns, group in groupby((row for row in rows if any(row)), key=lambda row: len(row) > 1):
        if columns:
            yield Passage(BlockType.TABLE, "\n".join(" | ".join(row) for row in group))
        else:
            yield from (Passage(BlockType.PARAGRAPH, row[0]) for row in group)


def _texts(element: Any, kind: BlockType) -> Iterator[Passage]:
    """The element's text, cut where it breaks a line or where another block stands inside it."""
    parts: list[str] = [""]
    _collect(element, parts)
    for part in parts:
        if text := _tidy(part):
            yield Passage(kind, text)


def _collect(element: Any, parts: list[str]) -> None:
    parts[-1] += element.text or ""
    for child in element:
        apart = child.tag in ("lb", "p", "item", "quote", "head", "list")
        if apart:
            parts.append("")
        _collect(child, parts)
        if apart and child.tag != "lb":
            parts.append("")
        parts[-1] += child.tail or ""


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _places(tree: HtmlElement, passages: Iterable[Passage]) -> dict[str, HtmlElement]:
    """The elements of the passages by their text without spaces: where each stood, which Trafilatura's output no longer says."""
    wanted = {_key(passage.text) for passage in passages}
    starts = {key[:_START] for key in wanted}
    found: dict[str, HtmlElement] = {}
    for element in tree.iter(*_TEXT_TAGS):
        # Most elements are told apart by their first letters, before their text is put together.
        if _first_letters(element) not in starts:
            continue
        if element.tag in ("div", "span", "a") and not _has_own_text(element):
            continue
        key = _key("".join(element.itertext()))
        if key in wanted:
            found.setdefault(key, element)
    return found


def _key(text: str) -> str:
    return "".join(text.split())


def _first_letters(element: HtmlElement) -> str:
    head = element.text
    # Two of three elements begin with text of their own; walking through the others costs ten times as much.
    if head and len(letters := _key(head[:_SCAN])) >= _START:
        return letters[:_START]
    letters = ""
    for text in element.itertext():
        letters += "".join(text[:_SCAN].split()) if len(text) > _SCAN else _key(text)
        if len(letters) >= _START:
            break
    return letters[:_START]


def _has_own_text(element: HtmlElement) -> bool:
    if element.text and not element.text.isspace():
        return True
    for child in element:  # noqa: SIM110 -- `any` over a generator takes twice as long
        if child.tail and not child.tail.isspace():
            return True
    return False


def _placed(passage: Passage, places: dict[str, HtmlElement], known: dict[HtmlElement, str]) -> Passage:
    """The passage with its links and its surroundings; `known` keeps the names of elements that many passages stand in."""
    element = places.get(_key(passage.text))
    if element is None:
        return passage
    anchors = tuple(
        Anchor(text, link.get("href") or "") for link in element.iter("a") if (text := _tidy("".join(link.itertext())))
    )
    around = (element, *islice(element.iterancestors(), ANCESTORS))
    for e in around:
        if e not in known:
            known[e] = _name(e)
    names = tuple([known[e] for e in around])
    update = next((e for e, name in zip(around, names, strict=True) if _LIVE_UPDATE.search(name)), None)
    if update is None:
        return replace(passage, anchors=anchors, around=names)
    time = next((t.get("datetime") for t in update.iter("time") if t.get("datetime")), None)
    kind = BlockType.LIVE_UPDATE if passage.type is BlockType.PARAGRAPH else passage.type
    return replace(passage, type=kind, anchors=anchors, around=names, time=time)


def _name(element: HtmlElement) -> str:
    """All that an element calls itself: tag, class, id, role and label."""
    words = (str(element.tag), *(element.get(key) or "" for key in ("class", "id", "role", "aria-label", "itemprop")))
    return " ".join(word for word in words if word).lower()
