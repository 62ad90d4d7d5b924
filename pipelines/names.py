"""Names: what pages call the boxes beside an article and the standfirst above it."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache

from lxml.html import HtmlElement

ASIDE_TAGS = frozenset({"aside", "nav", "footer", "figure", "form"})
# Elementor calls each box of a page a widget, its text's too; TYPO3 calls an article's own date a list's.
ASIDE = re.compile(
    r"related|recommend|recirc|most-?_?(?:read|popular|viewed)|trending|sidebar|side-bar|comment|teaser|newsletter|carousel|"
    r"more-?_?(?:on|from|news|stories)|latest|popular|read-?_?(?:more|also|next)|also-|(?<!elementor-)widget|ticker|menu|footer|outbrain|taboola|"
    r"\bpromo(?!ted\b)|similar|other-news|news-?list(?!-date)|article-?list|post-?list",
    re.I,
)
# Class tokens of a standfirst; those that only a lead of several sentences has: of one sentence, it is the first paragraph.
_STANDFIRST = (
    r"stand-?first|sub-?(?:title|headline|head(?:er|ing)?)|deck|dek|chapo|chapeau|perex|entradilla|bajada|vorspann|ingress|sumario|"
    r"catenaccio|synopsis|strapline|lead|summary"
)
_LEAD = r"lede|intro(?:duction|text)?|einleitung|abstract|preface|excerpt"
STANDFIRST = re.compile(rf"(?:^|[\s_-])(?:{_STANDFIRST})(?:$|[\s_-])", re.I)
LEAD = re.compile(rf"(?:^|[\s_-])(?:{_STANDFIRST}|{_LEAD})(?:$|[\s_-])", re.I)
# How far up an ancestor's name still says what an element belongs to; beyond it, names are the layout's.
MAX_DEPTH = 7


def is_aside(element: HtmlElement, spine: Container[HtmlElement] = ()) -> bool:
    """Whether the element stands in a related list, a navigation, a footer or the like.

    `spine` is the article's heading, or its text, with all that it stands in: what holds it is the layout, whatever its name.
    """
    for depth, ancestor in enumerate((element, *element.iterancestors())):
        if ancestor in spine:
            return False
        if ancestor.tag in ("body", "html", "article", "main") or depth == MAX_DEPTH:
            return False
        if ancestor.tag in ASIDE_TAGS or _is_aside_name(box_name(ancestor)):
            return True
    return False


def box_name(element: HtmlElement) -> str:
    """The element's class and id as they are written; a space where it has neither."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


@lru_cache(maxsize=1024)
def _is_aside_name(names: str) -> bool:
    """Remembered, since the elements that are asked about stand in the same few boxes."""
    return bool(ASIDE.search(names))
