"""Places: the elements that the passages stood in, which Trafilatura's output no longer says, and what those tell of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from lxml.html import HtmlElement

from pipelines.evidence import Anchor, Passage
from pipelines.values import BlockType

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
_WRAPPERS = frozenset(("div", "span", "a"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# One entry of a live blog: schema.org's liveBlogUpdate, and what the larger live-blog systems call theirs.
_LIVE_UPDATE = re.compile(
    r"\blive-?_?(?:update|entry|post|event|item)\b|liveblog-?_?(?:update|entry|post|item|__post)|liveblogupdate"
)
# An element's own name and those of this many around it; beyond them, names are the page's, not the passage's.
ANCESTORS = 4
_DROP_CAP = re.compile(r"drop-?_?cap|initial|lettrine|first-?_?letter|capital", re.I)
# Longer is no caption without a sentence; in so many pieces of text there are more letters than it has.
MAX_CAPTION_CHARS, MAX_TEXTS = 160, 30
_IMAGES = ("img", "picture", "amp-img")
_HOLDERS = frozenset(("body", "article", "main", "td", "li"))
# The letters by which elements are told apart, and the characters in which they are sought: indentation is longer than that.
START, _SCAN = 3, 400


def places_of(tree: HtmlElement, passages: Iterable[Passage]) -> dict[str, HtmlElement]:
    """The elements of the passages by their `key`."""
    wanted: dict[str, bool] = {}
    for passage in passages:
        letters = key(passage.text)
        wanted[letters] = wanted.get(letters, False) or passage.type is BlockType.HEADING
    starts = {letters[:START] for letters in wanted}
    found: dict[str, HtmlElement] = {}
    for element in tree.iter(*_TEXT_TAGS):
        # Most elements are told apart by their first letters, before their text is put together.
        head = element.text
        if head and len(letters := head.lstrip()[:START]) == START and letters.isalnum():
            if letters not in starts:
                continue
        elif (element.tag in _WRAPPERS and not _has_own_text(element)) or first_letters(element) not in starts:
            continue
        letters = key("".join(element.itertext()))
        # A table of contents has the headings' words before the headings do.
        if letters in wanted and (letters not in found or (wanted[letters] and _outranks(element, found[letters]))):
            found[letters] = element
    return found


def _outranks(element: HtmlElement, other: HtmlElement) -> bool:
    return element.tag in _HEADINGS and other.tag not in _HEADINGS


def placed(passage: Passage, element: HtmlElement | None, known: dict[HtmlElement, str]) -> Passage:
    """The passage with its links and its surroundings; `known` keeps the names of elements that many passages stand in."""
    if element is None:
        return passage
    anchors = tuple(
        Anchor(text, link.get("href") or "") for link in element.iter("a") if (text := tidy("".join(link.itertext())))
    )
    around = (element, *islice(element.iterancestors(), ANCESTORS))
    for e in around:
        if e not in known:
            known[e] = _name(e)
    names = tuple([known[e] for e in around])
    found = replace(
        passage,
        text=_joined(passage.text, element),
        anchors=anchors,
        around=names,
        with_image=_is_with_image(passage.text, element),
    )
    update = next((e for e, name in zip(around, names, strict=True) if _LIVE_UPDATE.search(name)), None)
    if update is None:
        return found
    time = next((t.get("datetime") for t in update.iter("time") if t.get("datetime")), None)
    return replace(found, type=BlockType.LIVE_UPDATE if passage.type is BlockType.PARAGRAPH else passage.type, time=time)


def _joined(text: str, element: HtmlElement) -> str:
    """The text with its initial at the word that it begins: markup often has a space behind a drop cap."""
    if text[1:2] != " " or not text[0].isalpha():
        return text
    caps = (e for e in element.iter() if tidy("".join(e.itertext())) == text[0])
    return text[0] + text[2:] if any(_DROP_CAP.search(e.get("class") or "") for e in caps) else text


def _is_with_image(text: str, element: HtmlElement) -> bool:
    """Whether the passage's box, or the one around that, has an image and no text but the passage's."""
    if len(text) > MAX_CAPTION_CHARS:
        return False
    boxes = list(islice(element.iterancestors(), 2))
    # Most boxes have no image, which is seen sooner than how much text they have.
    if not boxes or next(boxes[-1].iter(*_IMAGES), None) is None:
        return False
    for box in boxes:
        if box.tag in _HOLDERS or len(key("".join(islice(box.itertext(), MAX_TEXTS)))) > len(key(text)):
            return False
        if next(box.iter(*_IMAGES), None) is not None:
            return True
    return False


def key(text: str) -> str:
    """The text without white space, by which a passage and its element are compared."""
    return "".join(text.split())


def tidy(text: str) -> str:
    """The text with single spaces."""
    return " ".join(text.split())


def first_letters(element: HtmlElement) -> str:
    """The first START letters of an element's text; fewer where it has no more."""
    head = element.text
    # Two of three elements begin with text of their own; walking through the others costs ten times as much.
    if head and len(letters := _first(head)) == START:
        return letters
    letters = ""
    for text in element.itertext():
        letters += _first(text)
        if len(letters) >= START:
            break
    return letters[:START]


def _first(text: str) -> str:
    """The first START letters of a text; after so many words, the rest need not be parted."""
    return "".join(text[:_SCAN].split(None, START))[:START]


def _has_own_text(element: HtmlElement) -> bool:
    if element.text and not element.text.isspace():
        return True
    for child in element:  # noqa: SIM110 -- `any` over a generator takes twice as long
        if child.tail and not child.tail.isspace():
            return True
    return False


def _name(element: HtmlElement) -> str:
    """All that an element calls itself: tag, class, id, role and label."""
    words = (str(element.tag), *(element.get(key) or "" for key in ("class", "id", "role", "aria-label", "itemprop")))
    return " ".join(word for word in words if word).lower()
