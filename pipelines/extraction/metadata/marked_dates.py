"""Dates that the markup marks as such: microdata and time tags. Which of several is the article's.

Of several the one that shares most of its surroundings with the heading comes first: the article's own time stands in the
header with its heading, a list's items have theirs elsewhere on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, islice

from lxml import etree
from lxml.html import HtmlElement

from pipelines.evidence import DateClue
from pipelines.extraction.metadata.surroundings import MAX_CHARS, Surroundings
from pipelines.extraction.metadata.visible import text
from pipelines.values import DateSource

# schema.org as microdata or RDFa (Drupal writes `schema:dateCreated`, before version 8 `dc:date dc:created`). What of it are dates
# is asked of the few elements that are found: in the expression it takes three times as long.
_MARKED = etree.XPath("//*[@itemprop or @pubdate or @property]")
_ITEM_DATES = frozenset(("datePublished", "dateCreated", "dateModified"))
_PROPERTY_DATES = ("dc:date", "ateCreated", "atePublished")
# HTML's, AMP's and the web components of GitHub and others that count back from now.
_TIME_TAGS = ("time", "amp-timeago", "relative-time", "time-ago")
# A player's position and a video's length.
_DURATION = re.compile(r"P[\dT]\S*|\d{1,3}:\d\d(?::\d\d)?")
_FIRST_DIGIT = re.compile(r"\d")
_MODIFIED = re.compile(
    r"updat|modif|aktualis|aggiorna|actuali[sz]|atualiz|mis à jour|обнов|zuletzt|letzte änderung|bijgewerkt|oppdater|uppdater|opdater|更新|수정|edited",
    re.I,
)
# A day with its year, in figures or with the month's name; a bare year, a price and a telephone number are none.
FULL_DATE = re.compile(
    r"(?<![\d.])(?:\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)?\d\d|(?:19|20)\d\d\s?[./年-]\s?\d{1,2}\s?[./月-]\s?\d{1,2})(?!\d)"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\.?,?\s+(?:de\s+)?[^\W\d_]{3,}\.?,?\s+(?:de\s+)?(?:19|20)\d\d\b|\b[^\W\d_]{3,}\.?\s+\d{1,2}(?:st|nd|rd|th)?\.?,?\s+(?:19|20)\d\d\b"
)
# A machine's time that says that it is in UTC, and a shown time of the day.
_IN_UTC = re.compile(r"T\d\d:?\d\d.*(?:Z|[+-]00:?00)$")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.h]\d\d(?![\d.])")
MAX_CLUES = 4
# More time tags or dated elements than these are a list's; each asked for costs some microseconds.
MAX_MARKED = 120
# What a line says besides its date where it is a dateline: a label, a weekday, a time with its zone.
MAX_OTHER_CHARS = 24


def marked_dates(tree: HtmlElement, around: Surroundings, *, with_microdata: bool) -> list[DateClue]:
    """Microdata and time tags of the article, the nearest to its heading first. Microdata on elements is read if asked for."""
    return [*_items_own(tree, around), *_tags_own(tree, around, with_microdata=with_microdata)]


def nearest(found: Iterable[tuple[HtmlElement, DateClue]], around: Surroundings) -> list[tuple[HtmlElement, DateClue]]:
    """The elements that stand nearest to the heading, with their clues; as near ones whole dates first, then in page order.

    Those of a list's items are left out: one of them is no more the article's than the next.
    """
    held = list(islice(found, MAX_MARKED))
    held.sort(key=lambda pair: (around.steps(pair[0]), not FULL_DATE.search(pair[1].raw)))
    own: list[tuple[HtmlElement, DateClue]] = []
    for _, as_near in groupby(held, key=lambda pair: around.steps(pair[0])):
        pairs = [*as_near]
        if items := _items(pairs):
            around.set_aside(items)
        else:
            own += pairs
    return own[:MAX_CLUES]


def is_named_as_change(element: HtmlElement) -> bool:
    """Whether an element is called `updated` or the like, and not the entry's own date too.

    WordPress calls the date of a page that was never changed `published updated`, its themes any entry's `entry-date updated`.
    """
    name = element.get("class") or ""
    return bool(_MODIFIED.search(name)) and not re.search(r"\b(?:published|(?:entry|post)-date)\b", name)


def _items_own(tree: HtmlElement, around: Surroundings) -> list[DateClue]:
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
            named = [(e, clue) for e, clue in named if not around.is_beside(e)]
        clues += [clue for _, clue in nearest(named, around)[:1]]
    return clues


def _is_in_head(element: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is None or parent.tag == "head"


def _tags_own(tree: HtmlElement, around: Surroundings, *, with_microdata: bool) -> list[DateClue]:
    """Microdata on elements and time tags; of those without a label the first is the publication, the others may be anything."""
    found = [*(_microdata(tree, around) if with_microdata else ()), *islice(_times(tree, around), MAX_MARKED)]
    own = nearest(found, around)
    around.set_aside(element for element, clue in found if clue.field == "dateModified")
    first = next((index for index, (_, clue) in enumerate(own) if clue.field != "dateModified"), None)
    named = [(e, replace(clue, field="datePublished") if index == first else clue) for index, (e, clue) in enumerate(own)]
    return [clue for element, given in named for clue in (given, *_shown(element, given))]


def _shown(element: HtmlElement, given: DateClue) -> Iterator[DateClue]:
    """The clock that a time tag shows beside a `datetime` in UTC: where it shows the same, that is local time marked as UTC."""
    shown = text(element)
    if (
        _IN_UTC.search(given.raw)
        and given.raw != shown
        and len(shown) <= MAX_CHARS
        and _CLOCK.search(shown)
        and FULL_DATE.search(shown)
    ):
        yield replace(given, raw=shown, source=DateSource.VISIBLE, where="time")


def _microdata(tree: HtmlElement, around: Surroundings) -> Iterator[tuple[HtmlElement, DateClue]]:
    for element in islice(filter(_is_dated, _MARKED(tree)), MAX_MARKED):
        if element.tag == "meta" or around.is_beside(element):
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


def _times(tree: HtmlElement, around: Surroundings) -> Iterator[tuple[HtmlElement, DateClue]]:
    for element in tree.iter(*_TIME_TAGS):
        shown = text(element)
        raw = element.get("datetime") or shown
        if not 4 < len(raw) <= MAX_CHARS or element.get("itemprop") or _DURATION.fullmatch(raw.strip()):
            continue
        if around.is_beside(element) or around.links_elsewhere(element):
            continue
        # "13 August 2025, updated at 9:15" begins with its publication.
        label = f"{_before(element)} {shown if element.get('datetime') else _FIRST_DIGIT.split(shown, maxsplit=1)[0]}"
        is_labelled, is_named_so = bool(_MODIFIED.search(label)), is_named_as_change(element)
        where, is_text = ("time[datetime]", False) if element.get("datetime") else ("time", True)
        field, is_generic = "dateModified" if is_labelled or is_named_so else None, not is_labelled and is_named_so
        yield element, DateClue(raw, DateSource.TIME_TAG, where, field, is_generic, is_text)


def _before(element: HtmlElement) -> str:
    """The words that lead up to an element in its own parent: where "Updated" stands."""
    previous, parent = element.getprevious(), element.getparent()
    words = (previous.tail or text(previous)) if previous is not None else (parent.text or "") if parent is not None else ""
    return words[-40:]


def _items(found: list[tuple[HtmlElement, DateClue]]) -> list[HtmlElement]:
    """The boxes of one kind, each with a text of its own, in which several dates stand: a list's items, comments; empty where they do not."""
    if len({clue.raw for _, clue in found}) < 2:
        return []
    paths = [[*reversed([element, *element.iterancestors()])] for element, _ in found]
    shared = sum(1 for step in zip(*paths, strict=False) if all(e is step[0] for e in step))
    boxes = {path[shared]: clue for path, (_, clue) in zip(paths, found, strict=True) if len(path) > shared}
    kinds = {(box.tag, (box.get("class") or "").partition(" ")[0]) for box in boxes}
    have_texts = all(len(text(box)) > len(clue.raw) + MAX_OTHER_CHARS for box, clue in boxes.items())
    return [*boxes] if len(boxes) > 1 and len(kinds) == 1 and have_texts else []
