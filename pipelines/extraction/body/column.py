"""Column: the text of a page on which the baseline finds no element to read."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from lxml.html import HtmlElement

from pipelines.extraction.body.reader import Standing, read, says_text

# The smallest element with so much of a page's prose is its column.
COLUMN_SHARE, MIN_COLUMN_CHARS = 0.6, 200
# Tags that the text may be in the first of, where the page around it is broken.
_ROOTS, MAX_ROOTS = ("main", "article", "noscript"), 4


def column(tree: HtmlElement) -> list[Standing]:
    """The passages of the element that most of the page's prose stands in; none where there is hardly any prose."""
    prose = max((_prose(root) for root in (tree, *islice(tree.iter(*_ROOTS), MAX_ROOTS))), key=_chars)
    if _chars(prose) < MIN_COLUMN_CHARS:
        return []
    weights: Counter[HtmlElement] = Counter()
    for passage, element in prose:
        for holder in (element, *element.iterancestors()) if element is not None else ():
            weights[holder] += len(passage.text)
    # Page order puts an element before what it holds, so that the last with enough is the innermost.
    return read([element for element in tree.iter() if weights[element] >= COLUMN_SHARE * _chars(prose)][-1])


def _prose(root: HtmlElement) -> list[Standing]:
    return [(passage, element) for passage, element in read(root) if says_text(passage)]


def _chars(prose: list[Standing]) -> int:
    return sum(len(passage.text) for passage, _ in prose)
