"""Baseline: the passages that Trafilatura finds. The only importer of trafilatura."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from functools import cache
from importlib.metadata import version as installed
from itertools import groupby
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from pipelines.evidence import Passage
from pipelines.extraction.body.places import tidy
from pipelines.values import BlockType

TRAFILATURA_VERSION = installed("trafilatura")
# Of the tags that Trafilatura deletes, those that it first looks into: tables in figures, a page wrapped in a form, formulas.
_LOOKED_INTO = frozenset({"figure", "form", "math", "time"})
# Words of which each box that Trafilatura takes out first has one in its id or class, and the tags of such boxes.
_UNWANTED_WORDS = ("omment", "comol", "disqus_thread", "mvp-post-add", "infinite", "elementor-share-buttons")
_UNWANTED_TAGS = ("div", "section", "aside", "details", "list", "ol", "ul")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = ("div", "p", "ul", "ol", "table", "section", "article", "blockquote")
# No heading is longer; only one that holds blocks is asked.
MAX_HEADING_CHARS = 400
# What an element may be called (https://www.w3.org/TR/xml/#NT-Name), a namespace's prefix left out.
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.A)
_TYPES = {"quote": BlockType.QUOTE, "code": BlockType.CODE, "head": BlockType.HEADING, "item": BlockType.LIST_ITEM}


def passages(work: HtmlElement, *, thorough: bool = False) -> list[Passage]:
    """The passages of the main text in page order, none empty; the tree is changed.

    `thorough` lets Trafilatura compare its own extraction with others', for half as much time again.
    """
    # What Trafilatura would delete anyway: without it each of its passes is shorter (a fifth of its time, the same text).
    etree.strip_elements(work, *_dead_tags(), with_tail=False)
    _rename_slips(work)
    _open_headings(work)
    return list(_passages(_extracted(work, thorough=thorough)))


def _open_headings(work: HtmlElement) -> None:
    """Make boxes of the headings that hold whole paragraphs: set so for the size of the letters, or never closed."""
    for heading in work.iter(*_HEADINGS):
        if next(heading.iter(*_BLOCKS), None) is not None and len("".join(heading.itertext())) > MAX_HEADING_CHARS:
            heading.tag = "div"


def _rename_slips(work: HtmlElement) -> None:
    """Make spans of elements such as `<br;>` and `<p<b>`: libxml2 reads any name, and Trafilatura fails at writing it."""
    slips = [name for name in {str(element.tag) for element in work.iter()} if not _NAME.fullmatch(name)]
    for element in list(work.iter(*slips)) if slips else ():
        element.tag = "span"


def _extracted(work: HtmlElement, *, thorough: bool) -> Any:
    """Trafilatura's body element, empty where it finds nothing."""
    from trafilatura.core import trafilatura_sequence

    body = None if thorough else _first_stages(work)
    return trafilatura_sequence(work, _options(thorough=thorough))[0] if body is None else body


def _first_stages(work: HtmlElement) -> Any:
    """What Trafilatura's sequence gives, None where it would try again from the start.

    The sequence copies the tree once more, asks regular expressions of every box of it, and measures the page's text with
    them: a sixth of its time, for the same body.
    """
    from trafilatura.baseline import baseline
    from trafilatura.htmlprocessing import convert_tags, tree_cleaning
    from trafilatura.main_extractor import extract_content

    _remove_unwanted(work)
    options = _options(thorough=False)
    body, text = extract_content(convert_tags(tree_cleaning(copy(work), options), options), options)
    if len(text) < options.min_extracted_size:
        whole, whole_text, chars = baseline(work)
        body, text = (whole, whole_text) if chars > len(text) else (body, text)
    return None if _is_tried_again(text, work) else body


def _is_tried_again(text: str, work: HtmlElement) -> bool:
    """Whether Trafilatura finds a text short in itself and for its page."""
    from trafilatura.baseline import html2txt
    from trafilatura.core import ESCALATION_MAX_LENGTH, ESCALATION_PAGE_SHARE

    if not 0 < len(text) < ESCALATION_MAX_LENGTH:
        return False
    # The page's text as Trafilatura measures it is no longer than all there is, with a space wherever an element begins or ends.
    if len(text) >= ESCALATION_PAGE_SHARE * len(tidy(" ".join(work.itertext()))):
        return False
    return len(text) < ESCALATION_PAGE_SHARE * len(html2txt(work))


def _remove_unwanted(work: HtmlElement) -> None:
    """Take out the comments and what else Trafilatura takes out first, by its own expressions, asked of the boxes they may mean."""
    from trafilatura.xml import delete_element

    is_unwanted = _is_unwanted()
    named = [element for element in work.iter(*_UNWANTED_TAGS) if _may_be_unwanted(element)]
    for element in [element for element in named if is_unwanted(element)]:
        delete_element(element)


def _may_be_unwanted(element: HtmlElement) -> bool:
    names = f"{element.get('id')} {element.get('class')}"
    for word in _UNWANTED_WORDS:  # noqa: SIM110 -- `any` over a generator takes twice as long
        if word in names:
            return True
    return False


@cache
def _is_unwanted() -> etree.XPath:
    """Trafilatura's expressions for every element below another one, made to ask one element."""
    from trafilatura.xpaths import RAW_TREE_PRUNE_XPATH, REMOVE_COMMENTS_AND_LISTS_XPATH

    paths = [expression.path.strip() for expression in (*RAW_TREE_PRUNE_XPATH, *REMOVE_COMMENTS_AND_LISTS_XPATH)]
    ours = " | ".join("self::*" + path.removeprefix(".//*") for path in paths)
    return etree.XPath(ours, namespaces={"re": "http://exslt.org/regular-expressions"})


@cache
def _dead_tags() -> tuple[str, ...]:
    from trafilatura.settings import MANUALLY_CLEANED

    return tuple({*MANUALLY_CLEANED, "meta", "template"} - _LOOKED_INTO)


@cache
def _options(*, thorough: bool) -> Any:
    from trafilatura.settings import Extractor

    return Extractor(comments=False, formatting=False, fast=not thorough)


def _passages(body: Any) -> Iterator[Passage]:
    if body.text and body.text.strip():
        yield Passage(BlockType.PARAGRAPH, tidy(body.text))
    for element in body:
        yield from _of_element(element)
        if element.tail and element.tail.strip():
            yield Passage(BlockType.PARAGRAPH, tidy(element.tail))


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
    rows = [[tidy(" ".join(cell.itertext())) for cell in row.iter("cell")] for row in table.iter("row")]
    for columns, group in groupby((row for row in rows if any(row)), key=lambda row: len(row) > 1):
        if columns:
            # A header that stays in view while the table is scrolled stands in it twice.
            yield Passage(BlockType.TABLE, "\n".join(line for line, _ in groupby(" | ".join(row) for row in group)))
        else:
            yield from (Passage(BlockType.PARAGRAPH, row[0]) for row in group)


def _texts(element: Any, kind: BlockType) -> Iterator[Passage]:
    """The element's text, cut where it breaks a line or where another block stands inside it."""
    parts: list[str] = [""]
    _collect(element, parts)
    for part in parts:
        if text := tidy(part):
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
