"""Paging: which addresses are other pages of one article: the same host and path, but for the number of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from pipelines.evidence import PageLink
from pipelines.items import Paging

# The names that content systems give to the number in the query; `p` is a post's number in the most common one.
_NUMBER_KEY = re.compile(r"^(?:page|pg|pag|pagina|page_?n(?:o|um|umber)|seite|part|teil|sida|side|strona|sayfa|halaman)$", re.I)
# /story/page/2, /story/seite-2, /story,p2.html; the word says that the number is a page's.
_NAMED = re.compile(
    r"^(?P<stem>.+?)[/_,-](?:page|pagina|pag|seite|sida|side|strona|sayfa|p)[/_=-]?(?P<number>\d{1,2})(?P<end>\.\w{2,5})?$",
    re.I,
)
# /the-story/2, the-story_2.html
_BARE = re.compile(r"^(?P<stem>.+)(?:/(?P<number>\d{1,2})|[-_,](?P<file>\d{1,2})(?P<end>\.\w{2,5}))$")
# A section's list is counted, too: an article's address has several words, an ending, a long number or a query.
_ARTICLE = re.compile(r"/[^/?]*(?:[-_.%]|\d{4})[^/?]*$|\?")
# What an address has more that shows the whole article on one page.
_WHOLE_KEY = re.compile(
    r"^(?:view|page|pg|pagina|seite|show|print|mode|singlepage|single|onepage|fullpage|showall|all|full)$", re.I
)
_WHOLE_VALUE = re.compile(r"^(?:all|full|single|singlepage|onepage|komplett|complete|true|yes|1)$", re.I)
_WHOLE_PATH = re.compile(r"[/-](?:all|full|single-?page|one-?page|view-?all|komplettansicht|komplett|complete)$", re.I)


def paging_of(url: str, links: Iterable[PageLink]) -> Paging:
    """The page's place among the pages of its article, by its address and the absolute addresses that it links.

    >>> paging_of("https://a.example/the-story", [PageLink("https://a.example/the-story/2")]).later
    ((2, 'https://a.example/the-story/2'),)
    """
    links = list(links)
    here = _plain(url)
    numbered = _numbered(url)
    if numbered and any(_number_in(link.url, numbered[0]) not in (None, numbered[1]) for link in links):
        stem, number = numbered
    else:
        stem, number = here, 1
    others = [(found, link.url) for link in links if not link.whole and (found := _number_in(link.url, stem))]
    later = {found: address for found, address in reversed(others) if found > number}
    first = next((address for found, address in others if found == 1), None) if number > 1 else None
    if number > 1 and first is None:
        return Paging()
    whole = next((link.url for link in links if link.whole and _shows_whole(link.url, stem)), None) if later or first else None
    return Paging(number, first, tuple(sorted(later.items())), whole)


def same_article(url: str, other: str) -> bool:
    """Whether two addresses are pages of one article, as far as their paths say."""
    stems = [{_plain(each), *(found[:1] if (found := _numbered(each)) else ())} for each in (url, other)]
    return bool(stems[0] & stems[1]) or _shows_whole(other, _plain(url)) or _shows_whole(url, _plain(other))


def _number_in(url: str, stem: str) -> int | None:
    """The number of the page at this address; None for an address that is no page of the stem's article."""
    if _plain(url) == stem:
        return 1
    numbered = _numbered(url)
    return numbered[1] if numbered and numbered[0] == stem else None


def _numbered(url: str) -> tuple[str, int] | None:
    """(the address without its page's number, the number), where it has one."""
    host, path, query = _parts(url)
    for key, value in query:
        if _NUMBER_KEY.match(key) and re.fullmatch(r"0*[1-9]\d?", value):
            return _of_article(_joined(host, path, [pair for pair in query if pair[0] != key]), int(value))
    for pattern in (_NAMED, _BARE):
        if found := pattern.match(path):
            groups = found.groupdict()
            number = int(groups["number"] or groups.get("file") or 0)
            return _of_article(_joined(host, found["stem"] + (groups["end"] or ""), query), number)
    return None


def _of_article(stem: str, number: int) -> tuple[str, int] | None:
    return (stem, number) if number and _ARTICLE.search(stem) else None


def _shows_whole(url: str, stem: str) -> bool:
    host, path, query = _parts(url)
    rest = [pair for pair in query if not (_WHOLE_KEY.match(pair[0]) and _WHOLE_VALUE.match(pair[1]))]
    bare = _WHOLE_PATH.sub("", path)
    return (rest != query or bare != path) and _joined(host, bare, rest) == stem


def _plain(url: str) -> str:
    return _joined(*_parts(url))


def _parts(url: str) -> tuple[str, str, list[tuple[str, str]]]:
    """(host without www, path without a slash at its end, pairs of the query); no scheme and no fragment."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket that is not closed
        return "", url, []
    return parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/"), parse_qsl(parts.query, keep_blank_values=True)


def _joined(host: str, path: str, query: list[tuple[str, str]]) -> str:
    return f"{host}{path}?{urlencode(sorted(query))}" if query else f"{host}{path}"
