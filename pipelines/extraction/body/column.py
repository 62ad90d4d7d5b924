"""Column: the text of a page on which the baseline finds no element to read."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from lxml.html import HtmlElement

from pipelines.extraction.body.reader import Standing, prose_chars, read, says_text

# The smallest element with so much of a page's prose is its column.
COLUMN_SHARE, MIN_COLUMN_CHARS = 0.6, 200
# Tags that the text may be in the first of, where the page around it is broken.
_ROOTS, MAX_ROOTS = ("main", "article", "noscript"), 4


def column(tree: HtmlElement) -> list[Standing]:
    """The passages of the element that most of the page's prose stands in; none where there is hardly any prose."""
    found = max((read(root) for root in (tree, *islice(tree.iter(*_ROOTS), MAX_ROOTS))), key=prose_chars)
    chars = prose_chars(found)
    if chars < MIN_COLUMN_CHARS:
        return []
    weights: Counter[HtmlElement] = Counter()
    for passage, element in found:
        for holder in (element, *element.iterancestors()) if element is not None and says_text(passage) else ():
            weights[holder] += len(passage.text)
    # Page order puts an element before what it holds, so that the last with enough is the innermost.
    return read([element for element in tree.iter() if weights[element] >= COLUMN_SHARE * chars][-1])
