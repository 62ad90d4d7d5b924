"""Datelines in the markup: microdata, time tags, elements named as dates, and short lines beside the heading."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipelines.evidence import DateClue
from pipelines.extraction.metadata.visible import is_aside, is_named, text
from pipelines.values import DateSource

_MICRODATA = etree.XPath(
    "//*[@itemprop='datePublished' or @itemprop='dateCreated' or @itemprop='dateModified' or @property='dc:date' or @pubdate]"
)
_NAMED = ("date", "time", "publi", "posted", "stamp", "datum", "fecha", "дата", "created", "submitted", "meta")
_LINE_TAGS = (
    "span",
    "p",
    "div",
    "li",
    "small",
    "em",
    "abbr",
    "time",
    "a",
    "td",
    "dd",
    "i",
    "b",
    "strong",
    "font",
    "nobr",
    "h4",
    "h5",
    "h6",
    "address",
)
_MODIFIED = re.compile(
    r"updat|modif|aktualis|aggiorna|actuali[sz]|atualiz|mis à jour|обнов|zuletzt|letzte änderung|bijgewerkt|oppdater|uppdater|opdater|更新|수정|edited",
    re.I,
)
# A day with its year, in figures or with the month's name; a bare year, a price and a telephone number are none.
_FULL_DATE = re.compile(
    r"(?<![\d.])(?:\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)?\d\d|(?:19|20)\d\d\s?[./年-]\s?\d{1,2}\s?[./月-]\s?\d{1,2})(?!\d)"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\.?,?\s+(?:de\s+)?[^\W\d_]{3,}\.?,?\s+(?:de\s+)?(?:19|20)\d\d\b|\b[^\W\d_]{3,}\.?\s+\d{1,2}(?:st|nd|rd|th)?\.?,?\s+(?:19|20)\d\d\b"
)
_NOT_A_DATELINE = re.compile(
    r"©|copyright|born|geboren|birth|deadline|event|veranstaltung|termin|anmeld|expire|valid|gültig", re.I
)
_ARCHIVE = re.compile(r"/(?:19|20)\d\d(?:/\d{1,2}){0,2}/?$")
MAX_CHARS = 90
MAX_CLUES = 4
# How many text elements above the heading, and how many characters below it, belong to the head of an article.
LINES_ABOVE, CHARS_BELOW = 6, 700


def dates(tree: HtmlElement, heading: str | None, url: str, *, with_microdata: bool) -> list[DateClue]:
    """Time tags of the article, microdata if asked for; else lines named as dates; else dated lines beside the heading."""
    title = _heading_element(tree, heading)
    # Held by reference: lxml makes an element's proxy anew, with another identity, once nothing holds it.
    spine = frozenset([title, *title.iterancestors()]) if title is not None else frozenset()
    marked = [*(_microdata(tree, spine) if with_microdata else ()), *islice(_time_tags(tree, spine, url), MAX_CLUES)]
    return (
        marked or list(islice(_named(tree, spine, url), MAX_CLUES)) or list(islice(_beside(tree, title, spine, url), MAX_CLUES))
    )


def _heading_element(tree: HtmlElement, heading: str | None) -> HtmlElement | None:
    return next((e for e in tree.iter("h1", "h2", "h3") if text(e) == heading), None) if heading else None


def _microdata(tree: HtmlElement, spine: frozenset[HtmlElement]) -> Iterator[DateClue]:
    for element in _MICRODATA(tree)[:6]:
        if element.tag == "meta" or is_aside(element, spine):
            continue
        raw = element.get("content") or element.get("datetime") or text(element)
        name = str(element.get("itemprop") or "datePublished")
        if 4 < len(raw) <= MAX_CHARS:
            field = "dateModified" if name == "dateModified" else "datePublished"
            yield DateClue(raw, DateSource.TIME_TAG, f"{element.tag!s}[itemprop={name}]", field)


def _time_tags(tree: HtmlElement, spine: frozenset[HtmlElement], url: str) -> Iterator[DateClue]:
    first = True
    for element in tree.iter("time"):
        raw = element.get("datetime") or text(element)
        if (
            not 4 < len(raw) <= MAX_CHARS
            or element.get("itemprop")
            or is_aside(element, spine)
            or _links_elsewhere(element, url)
        ):
            continue
        label = f"{text(element)} {element.get('class') or ''} {_before(element)}"
        # WordPress marks a page that was never changed as `published updated`.
        modified = _MODIFIED.search(label) and not re.search(r"\bpublished\b", element.get("class") or "")
        yield DateClue(
            raw,
            DateSource.TIME_TAG,
            "time[datetime]" if element.get("datetime") else "time",
            "dateModified" if modified else "datePublished" if first else None,
        )
        first = first and bool(modified)


def _before(element: HtmlElement) -> str:
    """The words that lead up to an element in its own parent: where "Updated" stands."""
    previous, parent = element.getprevious(), element.getparent()
    words = (previous.tail or text(previous)) if previous is not None else (parent.text or "") if parent is not None else ""
    return words[-40:]


def _named(tree: HtmlElement, spine: frozenset[HtmlElement], url: str) -> Iterator[DateClue]:
    for element in tree.iter("span", "p", "div", "li", "small", "em", "abbr", "a", "td"):
        if is_named(element, _NAMED) and len(element) < 6 and (clue := _clue(element, spine, url)):
            yield clue


def _beside(tree: HtmlElement, title: HtmlElement | None, spine: frozenset[HtmlElement], url: str) -> Iterator[DateClue]:
    """The dated lines just below the heading, then those just above it: the nearest first."""
    if title is None:
        return
    above: deque[DateClue] = deque(maxlen=LINES_ABOVE)
    below = 0
    passed = False
    for element in tree.iter("h1", "h2", "h3", *_LINE_TAGS):
        if element is title:
            passed = True
            continue
        own = (element.text or "") + "".join(child.tail or "" for child in element)
        below += len(own) if passed else 0
        if below > CHARS_BELOW:
            break
        if len(own) <= MAX_CHARS and _FULL_DATE.search(own) and (clue := _clue(element, spine, url)):
            if passed:
                yield clue
            else:
                above.appendleft(clue)
    yield from above


def _clue(element: HtmlElement, spine: frozenset[HtmlElement], url: str) -> DateClue | None:
    raw = element.get("title") if element.tag == "abbr" and element.get("title") else text(element)
    if not raw or not 6 <= len(raw) <= MAX_CHARS or not re.search(r"\d", raw) or _NOT_A_DATELINE.search(raw):
        return None
    parent = element.getparent()
    if (parent is not None and is_aside(parent, spine)) or _links_elsewhere(element, url):
        return None
    return DateClue(raw, DateSource.VISIBLE, f"{element.tag!s}.{element.get('class') or ''}"[:60])


def _links_elsewhere(element: HtmlElement, url: str) -> bool:
    """Whether a date stands in a link to another document. A link to the page itself, or to a day's archive, is none."""
    link = next((e for e in (element, *element.iterancestors()) if e.tag == "a"), None)
    if link is None or not link.get("href"):
        return False
    try:
        target, own = urlsplit(urljoin(url, link.get("href"))), urlsplit(url)
    except ValueError:
        return True
    return target.path.rstrip("/") != own.path.rstrip("/") and not _ARCHIVE.search(target.path)
