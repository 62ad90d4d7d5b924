"""Reader: the passages of one element of a page as they stand in it, for text that the baseline did not take."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from pipelines.evidence import Anchor, Passage
from pipelines.extraction.body.places import tidy
from pipelines.values import BlockType

# What no text of an article stands in.
SILENT = frozenset((
    "script", "style", "noscript", "template", "svg", "math", "nav", "footer", "aside", "figure", "figcaption", "picture", "iframe",
    "object", "video", "audio", "canvas", "button", "select", "textarea", "input", "label", "dialog", "head", "title", "time",
))  # fmt: skip
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins", "kbd", "mark",
    "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
    "script", "style", "noscript", "template", "svg", "time", "button",
))  # fmt: skip
_KINDS = {"li": BlockType.LIST_ITEM, "blockquote": BlockType.QUOTE, "pre": BlockType.CODE}
_HEADING = re.compile(r"h([1-6])")
# How far above the text the block may stand that says what it is.
KIND_DEPTH = 4


# A paragraph that says by itself that it is text: so long, ended as a sentence is, and hardly linked.
MIN_CHARS, MAX_LINK_SHARE = 80, 0.4
_SENTENCE_ENDS = frozenset('.!?…。！？।؟:"”’»)')
_SENTENCE_END = re.compile(r"[.!?…。！？।؟:\"”’»)]\W*$")

# A passage and the element that it stands in, where that is known.
Standing = tuple[Passage, HtmlElement | None]


@dataclass(slots=True)
class _Run:
    """Text that no block parts, as it is gathered."""

    words: list[str] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)


def read(container: HtmlElement, *, own: bool = False) -> list[Standing]:
    """The container's passages in page order with the elements they stand in; none is empty. `own` leaves out those of blocks inside it."""
    found: list[Standing] = []
    blocks: list[HtmlElement] = []
    run = _Run()
    walker = etree.iterwalk(container, events=("start", "end"))
    for event, element in walker:
        if element.tag not in _INLINE:
            found += _passages(run, blocks)
            run = _Run()
            if event == "start":
                blocks.append(element)
            else:
                blocks.pop()
        if event == "end":
            run.words.append(element.tail or "")
        # What holds the text is no furniture, whatever its tag: unclosed tags put whole articles into a nav or a noscript.
        elif element is not container and (
            (own and element.tag not in _INLINE) or element.tag in SILENT or _is_hidden(element)
        ):
            walker.skip_subtree()
        else:
            run.words.append(element.text or "")
            if element.tag == "a" and (words := tidy("".join(element.itertext()))):
                run.anchors.append(Anchor(words, element.get("href") or ""))
    return found


def is_prose(element: HtmlElement) -> bool:
    """Whether the element's text says by itself that it is an article's."""
    words = tidy("".join(element.itertext()))
    return _is_sentence(words) and sum(_chars(link) for link in element.iter("a")) <= MAX_LINK_SHARE * len(words)


def says_text(passage: Passage) -> bool:
    """Whether the passage says by itself that it is an article's text."""
    return _is_sentence(passage.text) and sum(len(a.text) for a in passage.anchors) <= MAX_LINK_SHARE * len(passage.text)


def _is_sentence(words: str) -> bool:
    """Whether the words are so many, and end as a sentence does: most sentences end in its mark, and need no search."""
    return len(words) >= MIN_CHARS and (words[-1] in _SENTENCE_ENDS or bool(_SENTENCE_END.search(words)))


def _chars(element: HtmlElement) -> int:
    return len(tidy("".join(element.itertext())))


def prose_chars(found: Iterable[Standing]) -> int:
    """The characters of the passages that say by themselves that they are text."""
    return sum(len(passage.text) for passage, _ in found if says_text(passage))


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and re.search(r"display\s*:\s*none", style))


def _passages(run: _Run, blocks: list[HtmlElement]) -> list[Standing]:
    """The run as a passage of the block that it stands in; a heading, an item and a quotation are so for what stands in them."""
    words = tidy("".join(run.words))
    if not words or not blocks:
        return []
    holder = next(e for e in reversed(blocks) if e.tag != "br")
    for element in reversed(blocks[-KIND_DEPTH:]):
        if heading := _HEADING.fullmatch(str(element.tag)):
            return [(Passage(BlockType.HEADING, words, int(heading[1]), tuple(run.anchors)), holder)]
        if kind := _KINDS.get(str(element.tag)):
            return [(Passage(kind, words, None, tuple(run.anchors)), holder)]
    return [(Passage(BlockType.PARAGRAPH, words, None, tuple(run.anchors)), holder)]
