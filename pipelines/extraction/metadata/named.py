"""Named: the elements of a page by what they call themselves, read once for all who look for words there."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from lxml.html import HtmlElement

from pipelines.extraction.metadata.visible import names_of

# What is asked for by name: boxes, lines and links.
TAGS = ("a", "abbr", "aside", "div", "em", "figcaption", "li", "nav", "ol", "p", "section", "small", "span", "td", "ul")


class Named:
    """A page's boxes, lines and links that have a class, an id or a label, in page order.

    To read three attributes of each takes longer than all searches over what was read.
    """

    def __init__(self, tree: HtmlElement) -> None:
        self._rows = [(element, names) for element in tree.iter(*TAGS) if (names := names_of(element))]
        self._all = "\n".join({names for _, names in self._rows})

    def holding(self, words: Sequence[str], tags: Container[str]) -> Iterator[HtmlElement]:
        """The elements with one of the tags whose names hold one of the words, which are lower case."""
        # Most words stand in no name of a page.
        said = [word for word in words if word in self._all]
        for element, names in self._rows if said else ():
            for word in said:
                if word in names:
                    if element.tag in tags:
                        yield element
                    break
