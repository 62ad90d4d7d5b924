"""Signs in the markup that a page is no article: forms, challenges, empty applications, and lists of other articles."""

from __future__ import annotations

from itertools import islice
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from pipelines.evidence import Signs
from pipelines.extraction.metadata.visible import text

# What the pages of bot protection load or set, and pages behind it do not: Cloudflare, DataDome, HUMAN, Imperva, AWS WAF.
_CHALLENGES: Final = (
    "_cf_chl_opt", "/cdn-cgi/challenge-platform/h/", "captcha-delivery.com", "px-captcha", "_Incapsula_Resource?SWUDNSAI",
    "awsWafCookieDomainList", "/_sec/cp_challenge/",
)  # fmt: skip
# The elements that the common frameworks of scripts fill with the page.
_ROOTS: Final = frozenset({"root", "app", "__next", "__nuxt", "___gatsby", "main-app", "app-root"})
_SCRIPT_CHARS: Final = 5_000  # of an inline script: a challenge's is short
_HEADINGS: Final = ("h2", "h3", "h4")
# A card has a heading and a paragraph or two; what has more is a text of its own.
_CARD_PARAGRAPHS: Final = 2
_CARD_ELEMENTS: Final = 12
_MAX_HEADINGS: Final = 400
_FEW: Final = 8  # paragraphs of a page that may be a notice alone
_LISTED: Final = 3  # headings that lead to other pages; of more the page is a list


def read_signs(tree: HtmlElement, url: str) -> Signs:
    """What of this the page shows; the paragraphs of cards as tidy text."""
    return Signs(
        cards=frozenset(_cards(tree, url)),
        few=_few(tree, url),
        has_password=any((field.get("type") or "").lower() == "password" for field in tree.iter("input")),
        has_challenge=any(_is_challenge(script) for script in tree.iter("script")),
        is_empty_app=any(_is_empty(element) for element in tree.iter("div") if element.get("id") in _ROOTS),
    )


def _few(tree: HtmlElement, url: str) -> tuple[str, ...]:
    """A page's paragraphs where they may be a notice alone; none of a list of articles, on which a banner may be all there is of text."""
    paragraphs = list(islice(tree.iter("p", "noscript"), _FEW + 1))
    if (
        len(paragraphs) > _FEW
        or sum(_leads_on(heading, url) for heading in islice(tree.iter(*_HEADINGS), _MAX_HEADINGS)) > _LISTED
    ):
        return ()
    return tuple(text(paragraph) for paragraph in paragraphs)


def _is_challenge(script: HtmlElement) -> bool:
    said = f"{script.get('src') or ''} {(script.text or '')[:_SCRIPT_CHARS]}"
    return any(challenge in said for challenge in _CHALLENGES)


def _is_empty(element: HtmlElement) -> bool:
    return len(element) == 0 and not (element.text or "").strip()


def _cards(tree: HtmlElement, url: str) -> list[str]:
    """The paragraphs that stand below a heading that links to another page of the site, each in a box of its own."""
    found: list[str] = []
    for number, heading in enumerate(tree.iter(*_HEADINGS)):
        if number > _MAX_HEADINGS:
            break
        box = heading.getparent()
        if box is not None and box.tag == "a":
            box = box.getparent()
        if box is None or len(box) > _CARD_ELEMENTS:
            continue
        paragraphs = list(islice(box.iter("p"), _CARD_PARAGRAPHS + 1))
        # Where a link leads is asked last: it costs more than to count.
        if 0 < len(paragraphs) <= _CARD_PARAGRAPHS and _leads_on(heading, url):
            found += [text(paragraph) for paragraph in paragraphs]
    return found


def _leads_on(heading: HtmlElement, url: str) -> bool:
    """Whether the heading is a link, or in one, to another page of the same site."""
    parent = heading.getparent()
    link = parent if parent is not None and parent.tag == "a" else next(heading.iter("a"), None)
    if link is None:
        return False
    try:
        there = urlsplit(urljoin(url, (link.get("href") or "").strip()))
    except ValueError:  # what is no address leads nowhere
        return False
    here = urlsplit(url)
    return there.netloc == here.netloc and there.path.rstrip("/") != here.path.rstrip("/")
