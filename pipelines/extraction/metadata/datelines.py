"""Datelines in the markup: microdata, time tags, elements named as dates, and short lines beside the heading.

Of several the one that shares most of its surroundings with the heading comes first: the article's own time stands in the
header with its heading, a list's items have theirs elsewhere on the page.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipelines.evidence import DateClue
from pipelines.extraction.metadata.named import Named
from pipelines.extraction.metadata.visible import is_named, stands_in_articles_own_box, text
from pipelines.names import is_aside
from pipelines.values import DateSource

# schema.org as microdata or RDFa (Drupal writes `schema:dateCreated`, before version 8 `dc:date dc:created`). What of it are dates
# is asked of the few elements that are found: in the expression it takes three times as long.
_MARKED = etree.XPath("//*[@itemprop or @pubdate or @property]")
_ITEM_DATES = frozenset(("datePublished", "dateCreated", "dateModified"))
_PROPERTY_DATES = ("dc:date", "ateCreated", "atePublished")
_DATE_NAMES = ("date", "time", "publi", "posted", "stamp", "datum", "fecha", "дата", "created")
_NAMED = (*_DATE_NAMES, "submitted", "meta")
# What holds a writer's name and, in many systems, the day behind it.
_CREDITS = ("author", "byline")
_NAMED_TAGS = frozenset({"span", "p", "div", "li", "small", "em", "abbr", "a", "td"})
_LINE_TAGS = (
    "span", "p", "div", "li", "small", "em", "abbr", "time", "a", "td", "dd", "i", "b", "strong", "font", "nobr", "h4", "h5", "h6",
    "address",
)  # fmt: skip
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
    r"©|copyright|born|geboren|birth|deadline|event|veranstaltung|termin|anmeld|expire|valid|gültig|findet|takes place|will be held|aura lieu|"
    r"se celebrará|avrà luogo|\bab \d{1,2} Uhr"
    # A day until which something lasts.
    r"|\b(?:bis|until|till|jusqu'au|hasta|fino al|t/m|до)\s*(?:zum|the|el|le)?\s*:?\s*\d{1,2}[./ -]{1,2}(?:\d|[^\W\d_]{3})",
    re.I,
)
# What press offices call their papers: a day in such a heading is the paper's own.
_PAPER = re.compile(
    r"press release|news release|media release|press statement|(?:presse|medien)(?:mitteilung|information)|pressemeddelelse|"
    r"pressmeddelande|communiqué|comunicado|comunicato stampa|nota de prensa|persbericht|newsletter|bulletin",
    re.I,
)
# A header in one of these belongs to it. https://html.spec.whatwg.org/multipage/sections.html#the-header-element
_SECTIONS = frozenset(("article", "main", "section", "aside", "nav"))
# Addresses that a dateline itself links: a day's archive, the author's page.
_ARCHIVE = re.compile(
    r"/(?:19|20)\d\d(?:/\d{1,2}){0,2}/?$|/(?:users?|authors?|autor(?:en|es|in)?|profiles?|members?|people)/[^/]+/?$"
)
MAX_CHARS = 90
MAX_CLUES = 4
# More time tags or dated elements than these are a list's; each asked for costs some microseconds.
MAX_MARKED = 120
# How many text elements above the heading, and how many characters below it, belong to the head of an article.
LINES_ABOVE, CHARS_BELOW = 6, 700
# What a line says besides its date where it is a dateline: a label, a weekday, a time with its zone.
MAX_OTHER_CHARS = 24
# The footer of a post as older systems write it, one sentence with the date in it: "This entry was posted on ... and is filed under".
MAX_SENTENCE_CHARS = 400


def dates(tree: HtmlElement, named: Named, heading: str | None, url: str, *, with_microdata: bool) -> list[DateClue]:
    """Microdata and time tags of the article; else lines named as dates, then dated lines beside the heading, then the page's only one.

    Microdata on elements is read if asked for, that of meta tags always.
    """
    title = _heading_element(tree, heading)
    # Held by reference: lxml makes an element's proxy anew, with another identity, once nothing holds it.
    spine = {e: steps for steps, e in enumerate([title, *title.iterancestors()])} if title is not None else {}
    marked = [*_items_own(tree, spine), *_marked(tree, spine, url, with_microdata=with_microdata)]
    return (
        marked
        or _nearest_named(_named(named, spine, url), spine)
        or list(islice(_beside(tree, title, spine, url), MAX_CLUES))
        or _in_heading(heading)
        or _alone(tree, spine, url)
    )


def _heading_element(tree: HtmlElement, heading: str | None) -> HtmlElement | None:
    return next((e for e in tree.iter("h1", "h2", "h3") if text(e) == heading), None) if heading else None


def _nearest(found: Iterable[tuple[HtmlElement, DateClue]], spine: dict[HtmlElement, int]) -> list[DateClue]:
    """The clues of the elements that stand nearest to the heading; as near ones whole dates first, then in page order."""
    held = list(islice(found, MAX_MARKED))
    held.sort(key=lambda pair: (_steps(pair[0], spine), not _FULL_DATE.search(pair[1].raw)))
    return [clue for _, clue in held][:MAX_CLUES]


def _nearest_named(found: Iterable[tuple[HtmlElement, DateClue]], spine: dict[HtmlElement, int]) -> list[DateClue]:
    """The nearest clues; where one of them is named as a date, without those farther from the heading, which are of something else."""
    held = list(islice(found, MAX_MARKED))
    nearest = min((_steps(element, spine) for element, _ in held if is_named(element, _DATE_NAMES)), default=len(spine))
    return _nearest([pair for pair in held if _steps(pair[0], spine) <= nearest], spine)


def _steps(element: HtmlElement, spine: dict[HtmlElement, int]) -> int:
    """How many elements up from the heading the first one is that holds this element too."""
    return next((spine[e] for e in (element, *element.iterancestors()) if e in spine), len(spine))


def _is_aside(element: HtmlElement, spine: dict[HtmlElement, int]) -> bool:
    return _is_in_sites_header(element, spine) or (is_aside(element, spine) and not stands_in_articles_own_box(element, spine))


def _is_in_sites_header(element: HtmlElement, spine: dict[HtmlElement, int]) -> bool:
    """Whether the element stands in a header that is no section's and has not the article's heading: today's date stands there."""
    header = None
    for ancestor in element.iterancestors():
        if ancestor in spine or ancestor.tag in _SECTIONS:
            # Themes that show the heading over a picture have it there, and once more above the text.
            return header is not None and ancestor.tag not in _SECTIONS and text(next(iter(spine))) not in text(header)
        if ancestor.tag == "header":
            header = ancestor
    return False


def _items_own(tree: HtmlElement, spine: dict[HtmlElement, int]) -> list[DateClue]:
    """Microdata in meta tags of the body: the value that is the only one of its name, else those of the article's own item."""
    found = [
        e
        for e in tree.iter("meta")
        if e.get("itemprop") in _ITEM_DATES and (e.get("content") or "").strip() and not _is_in_head(e)
    ]
    clues: list[DateClue] = []
    for name in sorted(_ITEM_DATES):
        named = [
            (e, DateClue(e.get("content", "").strip(), DateSource.META, f"meta:{name}", _field(name)))
            for e in found
            if e.get("itemprop") == name
        ]
        if len({clue.raw for _, clue in named}) > 1:
            named = [(e, clue) for e, clue in named if not _is_aside(e, spine)]
        clues += _nearest(named, spine)[:1]
    return clues


def _is_in_head(element: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is None or parent.tag == "head"


def _marked(tree: HtmlElement, spine: dict[HtmlElement, int], url: str, *, with_microdata: bool) -> list[DateClue]:
    """Microdata on elements and time tags; of those without a label the first is the publication, the others may be anything."""
    clues = _nearest([*(_microdata(tree, spine) if with_microdata else ()), *_times(tree, spine, url)], spine)
    first = next((index for index, clue in enumerate(clues) if clue.field != "dateModified"), None)
    return [replace(clue, field="datePublished") if index == first else clue for index, clue in enumerate(clues)]


def _microdata(tree: HtmlElement, spine: dict[HtmlElement, int]) -> Iterator[tuple[HtmlElement, DateClue]]:
    for element in islice(filter(_is_dated, _MARKED(tree)), MAX_MARKED):
        if element.tag == "meta" or _is_aside(element, spine):
            continue
        raw = element.get("content") or element.get("datetime") or text(element)
        name = str(element.get("itemprop") or element.get("property") or "datePublished")
        if 4 < len(raw) <= MAX_CHARS:
            yield element, DateClue(raw, DateSource.TIME_TAG, f"{element.tag!s}[{name}]", _field(name))


def _is_dated(element: HtmlElement) -> bool:
    if element.get("itemprop") in _ITEM_DATES or element.get("pubdate") is not None:
        return True
    own = element.get("property") or ""
    return any(name in own for name in _PROPERTY_DATES)


def _field(name: str) -> str:
    return "dateModified" if "odified" in name else "datePublished"


def _times(tree: HtmlElement, spine: dict[HtmlElement, int], url: str) -> Iterator[tuple[HtmlElement, DateClue]]:
    for element in tree.iter("time"):
        raw = element.get("datetime") or text(element)
        if not 4 < len(raw) <= MAX_CHARS or element.get("itemprop"):
            continue
        if _is_aside(element, spine) or _links_elsewhere(element, url):
            continue
        label = f"{text(element)} {element.get('class') or ''} {_before(element)}"
        # WordPress marks a page that was never changed as `published updated`.
        modified = _MODIFIED.search(label) and not re.search(r"\bpublished\b", element.get("class") or "")
        where = "time[datetime]" if element.get("datetime") else "time"
        yield element, DateClue(raw, DateSource.TIME_TAG, where, "dateModified" if modified else None)


def _before(element: HtmlElement) -> str:
    """The words that lead up to an element in its own parent: where "Updated" stands."""
    previous, parent = element.getprevious(), element.getparent()
    words = (previous.tail or text(previous)) if previous is not None else (parent.text or "") if parent is not None else ""
    return words[-40:]


def _named(named: Named, spine: dict[HtmlElement, int], url: str) -> Iterator[tuple[HtmlElement, DateClue]]:
    for element in named.holding((*_NAMED, *_CREDITS), _NAMED_TAGS):
        if len(element) >= 6 or not (is_named(element, _NAMED) or _FULL_DATE.search(text(element))):
            continue
        if clue := _clue(element, spine, url):
            yield element, clue


def _beside(tree: HtmlElement, title: HtmlElement | None, spine: dict[HtmlElement, int], url: str) -> Iterator[DateClue]:
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


def _in_heading(heading: str | None) -> list[DateClue]:
    """The day in the heading of a paper that is known by its day: "Press release, 12 March 2020"."""
    found = _FULL_DATE.search(heading) if heading and _PAPER.search(heading) else None
    return [DateClue(found[0], DateSource.VISIBLE, "heading", "datePublished")] if found else []


def _alone(tree: HtmlElement, spine: dict[HtmlElement, int], url: str) -> list[DateClue]:
    """The only date that stands on a line of its own, wherever that is: a text's last line, a table's cell. Two are none."""
    found: dict[str, DateClue] = {}
    for element in tree.iter(*_LINE_TAGS):
        for line in (element.text, *(child.tail for child in element)):
            date = _FULL_DATE.search(line) if line and len(line) < MAX_SENTENCE_CHARS else None
            if line is None or date is None or len(raw := " ".join(line.split())) > len(date[0]) + MAX_OTHER_CHARS:
                continue
            if not _NOT_A_DATELINE.search(raw) and not _is_aside(element, spine) and not _links_elsewhere(element, url):
                found.setdefault(date[0], DateClue(raw, DateSource.VISIBLE, f"{element.tag!s}, the only date"))
        if len(found) > 1:
            return []
    return list(found.values())


def _clue(element: HtmlElement, spine: dict[HtmlElement, int], url: str) -> DateClue | None:
    raw = element.get("title") if element.tag == "abbr" and element.get("title") else text(element)
    if raw and len(raw) > MAX_CHARS:
        raw = _dated_part(raw)
    if not raw or not 6 <= len(raw) <= MAX_CHARS or not re.search(r"\d", raw) or _NOT_A_DATELINE.search(raw):
        return None
    parent = element.getparent()
    if (parent is not None and _is_aside(parent, spine)) or _links_elsewhere(element, url):
        return None
    return DateClue(raw, DateSource.VISIBLE, f"{element.tag!s}.{element.get('class') or ''}"[:60])


def _dated_part(sentence: str) -> str | None:
    """The words around the only date of a sentence, with the time behind it."""
    found = list(islice(_FULL_DATE.finditer(sentence), 2)) if len(sentence) <= MAX_SENTENCE_CHARS else []
    if len(found) != 1:
        return None
    start, end = found[0].span()
    return f"{sentence[max(0, start - MAX_OTHER_CHARS) : start].partition(' ')[2]}{sentence[start : end + MAX_OTHER_CHARS].rpartition(' ')[0]}"


def _links_elsewhere(element: HtmlElement, url: str) -> bool:
    """Whether a date stands in a link to another document. A link to the page itself, a day's archive or the author is none."""
    link = next((e for e in (element, *element.iterancestors()) if e.tag == "a"), None)
    if link is None or not link.get("href"):
        return False
    try:
        target, own = urlsplit(urljoin(url, link.get("href"))), urlsplit(url)
    except ValueError:
        return True
    return target.path.rstrip("/") != own.path.rstrip("/") and not _ARCHIVE.search(target.path)
