"""Home and section pages as links: which of a page's links are articles, and which feeds it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree

from crawler.discovery.listing import Kind, Listing
from crawler.discovery.xml import MAX_TAGS
from pipelines.items import Link
from pipelines.normalizers.urls import absolute_url, host_of
from pipelines.publishers import Publisher
from pipelines.values import Via

_FEED_TYPES: Final = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/json+feed")
)
# Path segments of pages that list, explain or ask for a login; as a whole segment anywhere in the path.
_LISTS = """
    tag tags topic topics thema themen theme tema temas author authors autor autoren autores auteur auteurs
    profile profiles people contributor contributors journalist staff user users category categories kategorie
    categoria categorie rubric rubrics section sections archive archives archiv search suche recherche buscar
    busca poisk find login logout signin sign-in signup sign-up register registration account my-account
    subscribe subscription subscriptions abo newsletter newsletters rss feed feeds sitemap about about-us
    contact contact-us kontakt imprint impressum privacy privacy-policy datenschutz terms terms-of-use
    terms-of-service legal cookie cookies cookie-policy advertise advertising jobs careers help faq podcast
    podcasts events weather wetter horoscope horoscopes games puzzles crossword print share comments wp-admin
    wp-login wp-content wp-json cdn-cgi static assets cart checkout shop event page seite pagina
    calendar kalender calendario calendrier agenda
"""
_NOT_ARTICLES: Final = frozenset(_LISTS.split())
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|js|json|xml|rss|atom|pdf|docx?|xlsx?|zip|gz|mp[34]|m4a|mov|webm|ics|apk)$", re.I
)
_DATE = re.compile(
    r"/(?:19|20)\d\d[-/_.]?(?:0?[1-9]|1[0-2])[-/_.]?(?:0?[1-9]|[12]\d|3[01])(?=\D|$)|/(?:19|20)\d\d/[a-z]{3}/\d\d?/"
)
_NUMBER = re.compile(r"\d{5,}|(?:^|[-_.])[a-z]?\d{4,}(?:\.\w+)?$", re.I)
_TOKEN = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{8,}", re.I)
_QUERY_ID: Final = frozenset(
    ("id", "p", "aid", "article", "articleid", "article_id", "newsid", "news_id", "storyid", "story", "sid")
)
# A page of a list, or the same page in another order, view or month.
_LIST_QUERY: Final = frozenset(
    (
        "page",
        "paged",
        "pg",
        "offset",
        "start",
        "sort",
        "order",
        "orderby",
        "filter",
        "view",
        "month",
        "year",
        "day",
        "date",
        "cal",
    )
)
_DATE_ALONE = re.compile(r"(?:19|20|21)\d\d[-_.]?\d{1,2}(?:[-_.]?\d{1,2})?|\d{1,2}")
# What an article's address never has and an endless one grows to: more segments, a segment again and again, more characters.
_MAX_SEGMENTS, _MAX_REPEATS, _MAX_CHARS = 12, 3, 2_000
_SLUG_WORDS = 4  # as many words in the last segment are a headline's, not a section's name
_LINK_ELEMENTS = 40
_BOXES = 2  # around a link, that may hide it
_UNSEEN = re.compile(r"\bdisplay\s{0,9}:\s{0,9}none|\bvisibility\s{0,9}:\s{0,9}hidden", re.I)
_MAX_ANCHORS = 20_000  # of a page; the longest home pages have 2,000
_TEXT_WORDS = 5  # as many words in the link's text are a headline, if the address has a slug of two words at least


def parse_section(body: bytes, url: str, publisher: Publisher, charset: str | None = None) -> Listing:
    """The links of a page that look like articles of the same site, in page order. `url` is the page's own.

    `publisher.discover.article` decides where it is given; else the shape of the address and the length of the link's text.
    """
    root = _tree(body, charset)
    if root is None:
        return Listing(Kind.HTML, fault=f"no HTML: the document has no element, or more than {MAX_TAGS} tags")
    texts: dict[str, int] = {}
    for address, words in _anchors(root, url):
        texts[address] = max(words, texts.get(address, 0))
    links = [
        Link(address, publisher.id, Via.SECTION, url)
        for address, words in texts.items()
        if address != url and is_same_site(address, url, publisher) and _is_wanted(address, publisher, words)
    ]
    return Listing(Kind.HTML, links)


def feeds_of(body: bytes, url: str, charset: str | None = None) -> list[str]:
    """The feeds that a page names in its head, absolute, in page order; feeds of comments are left out."""
    root = _tree(body, charset)
    if root is None:
        return []
    base = _base(root, url)
    found = [
        absolute_url(base, link.get("href"))
        for link in root.iter("link")
        if "alternate" in (link.get("rel") or "").lower().split()
        and (link.get("type") or "").partition(";")[0].strip().lower() in _FEED_TYPES
        and "comment" not in f"{link.get('href')} {link.get('title')}".lower()
    ]
    return list(dict.fromkeys(address for address in found if address))


def is_article_url(url: str, publisher: Publisher) -> bool:
    """Whether the publisher's `article` expression takes the URL; True where the file has none."""
    pattern = publisher.discover.article
    return pattern is None or re.search(pattern, url) is not None


def is_same_site(url: str, page_url: str, publisher: Publisher) -> bool:
    """Whether the URL is the publisher's: one of its hosts, the page's host, or a subdomain of either without its www."""
    host = host_of(url)
    own = {known.removeprefix("www.") for known in (*publisher.hosts, host_of(page_url)) if known}
    return any(host == known or host.endswith(f".{known}") for known in own)


def looks_like_article(url: str, words: int = 0) -> bool:
    """Whether an address has the shape of an article's: a date, a number or a headline's words. `words`: the link text's count.

    >>> looks_like_article("https://example.com/world/2025/08/13/quake-hits-coast")
    True
    >>> looks_like_article("https://example.com/tag/earthquake-in-the-far-east")
    False
    """
    parts = urlsplit(url)
    segments = [segment for segment in unquote(parts.path).lower().split("/") if segment]
    if _FILE.search(parts.path) or _NOT_ARTICLES.intersection(segments) or _is_endless(url, segments):
        return False
    if any(name.lower() in _LIST_QUERY for name, _ in parse_qsl(parts.query)):
        return False
    if any(name.lower() in _QUERY_ID and re.search(r"\d{3}", value) for name, value in parse_qsl(parts.query)):
        return True
    if not segments:
        return False
    last = segments[-1]
    if _DATE_ALONE.fullmatch(last) and _DATE.search(f"{parts.path}/"):
        return False
    slug_words = len([word for word in re.split(r"[-_+ ]", last) if word])
    if _DATE.search(parts.path) and (slug_words > 1 or not last.isdigit()):
        return True
    if slug_words >= _SLUG_WORDS or (words >= _TEXT_WORDS and slug_words >= 2):
        return True
    return any(_NUMBER.search(segment) or _TOKEN.fullmatch(segment) for segment in segments[-2:] if not _is_year(segment))


def _is_endless(url: str, segments: list[str]) -> bool:
    """Whether an address is of the kind that links to itself grow: /a/b/a/b/a/b, ever longer."""
    repeats = max(Counter(segments).values(), default=0)
    return len(url) > _MAX_CHARS or len(segments) > _MAX_SEGMENTS or repeats >= _MAX_REPEATS


def _is_wanted(url: str, publisher: Publisher, words: int) -> bool:
    return is_article_url(url, publisher) if publisher.discover.article else looks_like_article(url, words)


def _is_year(segment: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", segment) is not None


def _anchors(root: etree._Element, url: str) -> Iterator[tuple[str, int]]:
    """Each link's absolute address and the number of words in its text."""
    base = _base(root, url)
    for anchor in islice(root.iter("a"), _MAX_ANCHORS):
        if (address := absolute_url(base, anchor.get("href"))) and not _is_bait(anchor):
            yield address, _words(anchor)


def _is_bait(anchor: etree._Element) -> bool:
    """Whether a link is not for readers, or not to be followed: sites set such ones to tell robots that take every link."""
    if "nofollow" in (anchor.get("rel") or "").lower().split():
        return True
    boxes = (anchor, *islice(anchor.iterancestors(), _BOXES))
    return any(box.get("hidden") is not None or _UNSEEN.search(box.get("style") or "") for box in boxes)


def _words(anchor: etree._Element) -> int:
    """The number of words in a link; what stands in its first elements is enough, and bounds links nested in links."""
    elements = list(islice(anchor.iter(), _LINK_ELEMENTS))
    texts = [element.text or "" for element in elements] + [element.tail or "" for element in elements[1:]]
    return len(" ".join(texts).split())


def _base(root: etree._Element, url: str) -> str:
    base = next(iter(root.iter("base")), None)
    return (absolute_url(url, base.get("href")) if base is not None else None) or url


def _tree(body: bytes, charset: str | None) -> etree._Element | None:
    if body.count(b"<") > MAX_TAGS:
        return None
    for encoding in (charset, None):
        try:
            parser = etree.HTMLParser(
                encoding=encoding, recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
            )
            root: etree._Element | None = etree.fromstring(body, parser)
        except LookupError:
            continue
        except (etree.XMLSyntaxError, ValueError):
            return None
        return root
    return None
