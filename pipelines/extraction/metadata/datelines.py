"""Datelines: the dates that a page marks, else those of elements named as dates, of lines beside the heading, or its only one."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.html import HtmlElement

from pipelines.evidence import DateClue
from pipelines.extraction.metadata.marked_dates import (
    FULL_DATE,
    MAX_CLUES,
    MAX_MARKED,
    MAX_OTHER_CHARS,
    is_named_as_change,
    marked_dates,
    nearest,
)
from pipelines.extraction.metadata.named import Named
from pipelines.extraction.metadata.surroundings import DATE_NAMES, MAX_CHARS, Surroundings
from pipelines.extraction.metadata.visible import is_named, text
from pipelines.values import DateSource

_NAMED = (*DATE_NAMES, "submitted", "meta")
# What holds a writer's name and, in many systems, the day behind it.
_CREDITS = ("author", "byline")
_NAMED_TAGS = frozenset({"span", "p", "div", "li", "small", "em", "abbr", "a", "td"})
_LINE_TAGS = (
    "span", "p", "div", "li", "small", "em", "abbr", "time", "a", "td", "dd", "i", "b", "strong", "font", "nobr", "h4", "h5", "h6",
    "address",
)  # fmt: skip
_DIGIT = re.compile(r"\d")
_NOT_A_DATELINE = re.compile(
    r"©|copyright|born|geboren|birth|deadline|event|veranstaltung|termin|anmeld|expire|valid|gültig|findet|takes place|will be held|aura lieu|"
    r"se celebrará|avrà luogo|\bab \d{1,2} Uhr"
    # A day until which something lasts.
    r"|\b(?:bis|until|till|jusqu'au|hasta|fino al|t/m|до)\s*(?:zum|the|el|le)?\s*:?\s*\d{1,2}[./ -]{1,2}(?:\d|[^\W\d_]{3})",
    re.I,
)
_READING_TIME = re.compile(
    r"lesedauer|lesezeit|reading time|\bmin(?:ute)?s? read|de lecture|de lectura|di lettura|de leitura|leestijd|lästid|czytania",
    re.I,
)
# What press offices call their papers: a day in such a heading is the paper's own.
_PAPER = re.compile(
    r"press release|news release|media release|press statement|(?:presse|medien)(?:mitteilung|information)|pressemeddelelse|"
    r"pressmeddelande|communiqué|comunicado|comunicato stampa|nota de prensa|persbericht|newsletter|bulletin",
    re.I,
)
# How many text elements above the heading, and how many characters below it, belong to the head of an article.
LINES_ABOVE, CHARS_BELOW = 6, 700
# The footer of a post as older systems write it, one sentence with the date in it: "This entry was posted on ... and is filed under".
MAX_SENTENCE_CHARS = 400
_POSTED = re.compile(
    r"posted|publi|written|filed under|gepostet|veröffentlich|geschrieben|verfasst|erschienen|abgelegt|geplaatst|geschreven|écrit|escrit|"
    r"scritto|skrevet|skriv|kirjoit|napisa|zamieszcz|опублик|написа|размещ|投稿|发表|發表|掲載",
    re.I,
)


def dates(tree: HtmlElement, named: Named, heading: str | None, url: str, *, with_microdata: bool) -> list[DateClue]:
    """Microdata and time tags of the article; else lines named as dates, then dated lines beside the heading, then the page's only one.

    Microdata on elements is read if asked for, that of meta tags always.
    """
    around = Surroundings(tree, _heading_element(tree, heading), url)
    marked = marked_dates(tree, around, with_microdata=with_microdata)
    if any(clue.field != "dateModified" for clue in marked):
        return marked
    return [*marked, *(_seen(tree, named, around) or _in_heading(heading) or _alone(tree, around))]


def _seen(tree: HtmlElement, named: Named, around: Surroundings) -> list[DateClue]:
    """Elements named as dates; where none holds a whole date, as a player's clock does not, the lines as near to the heading too."""
    found = _nearest_named(_named(named, around), around)
    if any(FULL_DATE.search(clue.raw) for _, clue in found):
        return [clue for _, clue in found]
    farthest = max((around.steps(element) for element, _ in found), default=around.farthest)
    lines = (pair for pair in _beside(tree, around) if around.steps(pair[0]) <= farthest)
    return [clue for _, clue in (*found, *islice(lines, MAX_CLUES))]


def _heading_element(tree: HtmlElement, heading: str | None) -> HtmlElement | None:
    """The element of the article's heading: the page's first of the highest rank, since lists repeat it as a lesser one."""
    ranked = (e for rank in ("h1", "h2", "h3") for e in tree.iter(rank))
    return next((e for e in ranked if text(e) == heading), None) if heading else None


def _nearest_named(found: Iterable[tuple[HtmlElement, DateClue]], around: Surroundings) -> list[tuple[HtmlElement, DateClue]]:
    """The nearest clues; where one of them is named as a date, without those farther from the heading, which are of something else."""
    held = list(islice(found, MAX_MARKED))
    near = min((around.steps(element) for element, _ in held if is_named(element, DATE_NAMES)), default=around.farthest)
    return nearest([pair for pair in held if around.steps(pair[0]) <= near], around)


def _named(named: Named, around: Surroundings) -> Iterator[tuple[HtmlElement, DateClue]]:
    for element in named.holding((*_NAMED, *_CREDITS), _NAMED_TAGS):
        # Most say no number: a name that has "time" in it may be any. An abbreviation's date may stand in its title.
        if len(element) >= 6 or (element.tag != "abbr" and not _DIGIT.search("".join(element.itertext()))):
            continue
        if not is_named(element, _NAMED) and not FULL_DATE.search(text(element)):
            continue
        for each in _dated_children(element) or [element]:
            if clue := _clue(each, around):
                yield each, clue


def _dated_children(element: HtmlElement) -> list[HtmlElement]:
    """The children that hold a date each, one of them named as the last change's; else none: a line is read as a whole."""
    dated = [child for child in element if FULL_DATE.search(text(child))]
    if len(dated) == 1 and len(dated[0]):
        return _dated_children(dated[0])
    return dated if any(is_named_as_change(child) for child in dated) else []


def _beside(tree: HtmlElement, around: Surroundings) -> Iterator[tuple[HtmlElement, DateClue]]:
    """The dated lines just below the heading, then those just above it: the nearest first."""
    if around.heading is None:
        return
    above: deque[tuple[HtmlElement, DateClue]] = deque(maxlen=LINES_ABOVE)
    below = 0
    passed = False
    for element in tree.iter("h1", "h2", "h3", *_LINE_TAGS):
        if element is around.heading:
            passed = True
            continue
        own = (element.text or "") + "".join(child.tail or "" for child in element)
        below += len(own) if passed else 0
        if below > CHARS_BELOW:
            break
        if len(own) <= MAX_CHARS and _DIGIT.search(own) and FULL_DATE.search(own) and (clue := _clue(element, around)):
            if passed:
                yield element, clue
            else:
                above.appendleft((element, clue))
    yield from above


def _in_heading(heading: str | None) -> list[DateClue]:
    """The day in the heading of a paper that is known by its day: "Press release, 12 March 2020"."""
    found = FULL_DATE.search(heading) if heading and _PAPER.search(heading) else None
    return [DateClue(found[0], DateSource.VISIBLE, "heading", "datePublished")] if found else []


def _alone(tree: HtmlElement, around: Surroundings) -> list[DateClue]:
    """The only date that stands on a line of its own, wherever that is: a text's last line, a table's cell. Two are none."""
    found: dict[str, DateClue] = {}
    for element in tree.iter(*_LINE_TAGS):
        for line in (element.text, *(child.tail for child in element)):
            date = FULL_DATE.search(line) if line and len(line) < MAX_SENTENCE_CHARS and _DIGIT.search(line) else None
            if line is None or date is None or len(raw := " ".join(line.split())) > len(date[0]) + MAX_OTHER_CHARS:
                continue
            if not _NOT_A_DATELINE.search(raw) and not around.is_beside(element) and not around.links_elsewhere(element):
                found.setdefault(date[0], DateClue(raw, DateSource.VISIBLE, f"{element.tag!s}, the only date"))
        if len(found) > 1:
            return []
    return list(found.values())


def _clue(element: HtmlElement, around: Surroundings) -> DateClue | None:
    raw = element.get("title") if element.tag == "abbr" and element.get("title") else text(element)
    if raw and len(raw) > MAX_CHARS:
        raw = _dated_part(raw)
    if not raw or not 6 <= len(raw) <= MAX_CHARS or not _DIGIT.search(raw) or _NOT_A_DATELINE.search(raw):
        return None
    if _READING_TIME.search(raw) and not FULL_DATE.search(raw):
        return None
    parent = element.getparent()
    if (parent is not None and around.is_beside(parent)) or around.is_set_aside(element) or around.links_elsewhere(element):
        return None
    where, is_named_so = f"{element.tag!s}.{element.get('class') or ''}"[:60], is_named_as_change(element)
    return DateClue(raw, DateSource.VISIBLE, where, "dateModified" if is_named_so else None, is_generic=is_named_so)


def _dated_part(sentence: str) -> str | None:
    """The words around the only date of a sentence that speaks of the posting, with the time behind it."""
    is_told = len(sentence) <= MAX_SENTENCE_CHARS and _POSTED.search(sentence)
    found = list(islice(FULL_DATE.finditer(sentence), 2)) if is_told else []
    if len(found) != 1:
        return None
    start, end = found[0].span()
    return f"{sentence[max(0, start - MAX_OTHER_CHARS) : start].partition(' ')[2]}{sentence[start : end + MAX_OTHER_CHARS].rpartition(' ')[0]}"
