"""Rescue: text of the article that the baseline left out because it stands in boxes of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement

from pipelines.evidence import Metadata, Passage
from pipelines.extraction.body.places import START, first_letters, key, tidy
from pipelines.extraction.body.reader import Standing, is_prose, read
from pipelines.names import LEAD, is_aside
from pipelines.values import BlockType

Form = tuple[str | None, ...]

# A paragraph that begins or ends in so many letters of another one is that one.
START_CHARS = 40
# Of the declared body so much must have been found for the rest to be added to a quick reading.
MOST = 0.5
# Each paragraph of a page is sought in the declared body; no article is longer.
MAX_DECLARED_CHARS = 300_000
_PARAGRAPHS = ("p", "li", "blockquote", "h2", "h3", "h4", "div", "td")
# So long is no lead; and in so many pieces of text one lies that is longer.
MAX_LEAD_CHARS, MAX_LEAD_TEXTS = 1000, 60


def complete(tree: HtmlElement, found: Sequence[Standing], metadata: Metadata, *, thorough: bool) -> list[Standing]:
    """The passages with the elements they stand in, and between them, in page order, the lead and those of the text's other boxes.

    What the page's JSON-LD declares is added to a thorough reading, or where most of it was found: else that reading is due.
    """
    kept = [element for _, element in found if element is not None and is_prose(element)]
    if not kept:
        return list(found)
    written = "".join([key(passage.text) for passage, _ in found])
    more = [*_lead(tree, kept[0], written, metadata), *_continuation(tree, kept, written)]
    body = key((metadata.article_body or "")[:MAX_DECLARED_CHARS])
    if body and (thorough or _chars_of(found, body) > MOST * len(body)):
        written += "".join([key(passage.text) for passage, _ in more])
        more += _declared(tree, written, body)
    return _merged(tree, found, more) if more else list(found)


def _lead(tree: HtmlElement, kept: HtmlElement, written: str, metadata: Metadata) -> list[Standing]:
    """The lead between heading and text, which the baseline takes for a header: the page's description, or named as a lead.

    `kept` is the text's first paragraph, `written` the letters of all that the baseline took.
    """
    spine = frozenset(kept.iterancestors())
    declared = {key(description)[:START_CHARS] for description in metadata.descriptions}
    starts = {description[:START] for description in declared}
    for element in _between(tree, metadata.heading, kept):
        # Most are neither: told by their first letters and names, before their text is put together.
        named = _is_named_lead(element, spine)
        if not named and first_letters(element) not in starts:
            continue
        words = tidy("".join(islice(element.itertext(), MAX_LEAD_TEXTS)))
        if (
            not (lead := Passage(BlockType.PARAGRAPH, words)).is_lead
            or len(words) > MAX_LEAD_CHARS
            or _is_written(words, written)
        ):
            continue
        if (named or key(words)[:START_CHARS] in declared) and not _is_caption(element):
            return [(lead, element)]
    return []


def _between(tree: HtmlElement, heading: str | None, kept: HtmlElement) -> Iterator[HtmlElement]:
    """The elements behind the heading, or from the page's first on where it has none, up to the one kept."""
    is_below = heading is None
    for element in tree.iter("h1", "h2", "h3", "h4", "p", "div", "span", "strong"):
        if element is kept:
            return
        if is_below:
            yield element
        elif element.tag in ("h1", "h2", "h3"):
            is_below = tidy("".join(element.itertext())) == heading


def _is_named_lead(element: HtmlElement, spine: frozenset[HtmlElement]) -> bool:
    """Whether the element or its box is called a lead. A box that holds the text too is none, whatever it is called."""
    for box in (element, element.getparent()):
        if box is not None and box not in spine and (name := box.get("class")) and LEAD.search(name):
            return not is_aside(element, spine)
    return False


def _is_caption(element: HtmlElement) -> bool:
    around = (element, *islice(element.iterancestors(), 3))
    return next(element.iter("img"), None) is not None or any(
        e.tag == "figure" or "caption" in (e.get("class") or "").lower() for e in around
    )


def _continuation(tree: HtmlElement, kept: Sequence[HtmlElement], written: str) -> list[Standing]:
    """The passages of boxes that are made like those of the text and hold more of it.

    Sites cut a long text into boxes to set advertisements between them; the baseline takes the first box.
    """
    spine = frozenset(ancestor for element in kept for ancestor in element.iterancestors())
    boxes: dict[HtmlElement, set[HtmlElement]] = {}
    for element in _alike(tree, kept):
        if not _is_written("".join(element.itertext()), written) and not is_aside(element, spine):
            boxes.setdefault(next(element.iterancestors()), set()).add(element)
    return [
        (passage, element)
        for box, elements in boxes.items()
        for passage, element in read(box)
        # Of a box that the baseline took something from, it left the rest for its reasons.
        if (element in elements or box not in spine) and not _is_written(passage.text, written)
    ]


def _chars_of(found: Sequence[Standing], body: str) -> int:
    """How many letters of the body the passages have."""
    return sum(len(letters) for passage, _ in found if (letters := key(passage.text)) in body)


def _declared(tree: HtmlElement, written: str, body: str) -> list[Standing]:
    """The paragraphs of the page that stand in the letters of the body that its JSON-LD gives, wherever on the page they are."""
    more: list[Standing] = []
    for element in tree.iter(*_PARAGRAPHS):
        if not len(element) and len(element.text or "") < START_CHARS:
            continue
        for passage, _ in read(element, own=True):
            letters = key(passage.text)
            if len(letters) >= START_CHARS and letters in body and letters[:START_CHARS] not in written:
                more.append((passage, element))
                written += letters
    return more


def _alike(tree: HtmlElement, kept: Sequence[HtmlElement]) -> Iterator[HtmlElement]:
    """The paragraphs of prose that are no others than those kept in tag and class, as their boxes are, and of no other article."""
    forms = {form for element in kept if (form := _form(element))}
    articles = {_article(element) for element in kept}
    taken = frozenset(kept)
    for element in tree.iter(*{str(element.tag) for element in kept}) if forms else ():
        if element not in taken and _form(element) in forms and is_prose(element) and _article(element) in articles:
            yield element


def _is_written(text: str, written: str) -> bool:
    """Whether the text was taken, whole or without a note that stands in it."""
    letters = key(text)
    return letters[:START_CHARS] in written or letters[-START_CHARS:] in written


def _form(element: HtmlElement) -> Form | None:
    """The tags and classes of an element and the two around it; None where no class tells them from others."""
    parent = element.getparent()
    above = parent.getparent() if parent is not None else None
    if parent is None or above is None:
        return None
    classes = (element.get("class"), parent.get("class"), above.get("class"))
    return (str(element.tag), str(parent.tag), str(above.tag), *classes) if any(classes[1:]) else None


def _article(element: HtmlElement) -> HtmlElement | None:
    return next(element.iterancestors("article"), None)


def _merged(tree: HtmlElement, found: Sequence[Standing], more: Sequence[Standing]) -> list[Standing]:
    """Both in page order; a passage whose element is not known stays behind the one it followed."""
    order: dict[HtmlElement | None, int] = {element: index for index, element in enumerate(tree.iter())}
    merged: list[Standing] = []
    waiting = deque(sorted(more, key=lambda standing: order[standing[1]]))
    for passage, element in found:
        while waiting and element is not None and order[waiting[0][1]] < order[element]:
            merged.append(waiting.popleft())
        merged.append((passage, element))
    return [*merged, *waiting]
