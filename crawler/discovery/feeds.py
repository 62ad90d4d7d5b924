"""Feeds as links: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1.

Sources: https://www.rssboard.org/rss-specification, https://web.resource.org/rss/1.0/spec, RFC 4287 (Atom),
https://www.jsonfeed.org/version/1.1/. Dates stay as written; a feed's `updated` is never taken for a publication date.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from lxml import etree

from crawler.discovery.listing import Kind, Listing, unique
from crawler.discovery.xml import name_of, parse_xml, text_of
from pipelines.items import Link
from pipelines.normalizers.urls import absolute_url
from pipelines.values import Via

# Names in order of preference.
_PUBLISHED: Final = (
    "pubDate",
    "dc:date",
    "dcterms:issued",
    "dcterms:created",
    "atom:published",
    "published",
    "issued",
    "created",
)
_MODIFIED: Final = ("atom:updated", "dcterms:modified", "updated", "modified", "lastBuildDate")
_DESCRIPTION: Final = ("description", "summary", "dc:description", "subtitle")
_TITLE: Final = ("title", "dc:title")
_FIELDS: Final = frozenset((*_PUBLISHED, *_MODIFIED, *_DESCRIPTION, *_TITLE))
# An entry's links that are not the article itself (RFC 4287, 4.2.7.2; RFC 4685; RFC 5005).
_NOT_ALTERNATE: Final = frozenset(
    ("self", "edit", "edit-media", "enclosure", "related", "replies", "via", "hub", "license", "next")
)
_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"</?(?:p|br|div|li|h[1-6]|tr)\b[^<>]*>", re.I)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});")
_TEXT_CHARS = 20_000  # of a title or description; what is longer is a whole article and no hint


def parse_feed(body: bytes, url: str, publisher: str, charset: str | None = None) -> Listing:
    """The feed's entries as links in its order. `url` is the feed's own, `charset` the HTTP header's.

    A broken feed gives what could be recovered; `fault` says what was wrong.
    """
    if body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json_feed(body, url, publisher)
    root, fault = parse_xml(body, url, charset)
    if root is None:
        return Listing(Kind.FEED, fault=fault)
    if _local(root) not in ("rss", "feed", "RDF"):
        return Listing(Kind.FEED, fault=f"no feed: the document's first element is {_local(root)}")
    links = (_link(entry, url, publisher) for entry in root.iter() if _local(entry) in ("item", "entry"))
    return Listing(Kind.FEED, unique([link for link in links if link]), fault=fault)


def _link(entry: etree._Element, url: str, publisher: str) -> Link | None:
    address = next(_addresses(entry, entry.base or url), None)
    if not address:
        return None
    atom = _local(entry) == "entry"
    fields: dict[str, str] = {}
    for child in entry:
        name = name_of(child)
        name = name.removeprefix("atom:") if atom else name
        if name in _FIELDS and name not in fields and (text := text_of(child)):
            fields[name] = text
    return Link(
        url=address,
        publisher=publisher,
        via=Via.FEED,
        source_url=url,
        title=_plain(_first(fields, _TITLE)),
        description=_plain(_first(fields, _DESCRIPTION)),
        published=_first(fields, _PUBLISHED),
        modified=_first(fields, _MODIFIED),
    )


def _addresses(entry: etree._Element, base: str) -> Iterator[str]:
    """The entry's addresses, best first: what a feed proxy replaced, its link, an Atom link, a permanent guid, its id."""
    children = [(name_of(child), child) for child in entry]
    found = [text_of(child) for name, child in children if name == "feedburner:origLink"]
    found += [text_of(child) for name, child in children if name == "link"]
    found += _alternates(child for name, child in children if name in ("link", "atom:link"))
    names = [
        text_of(child) for name, child in children if name == "guid" and child.get("isPermaLink", "true").lower() != "false"
    ]
    names += [text_of(child) for name, child in children if name in ("atom:id", "id")]
    names.append(entry.get(_ABOUT) or "")
    # A guid and an id may be any text: only what looks like an address or a path is taken for one.
    for reference in found + [name for name in names if "/" in name]:
        if address := absolute_url(base, reference):
            yield address


def _alternates(links: Iterable[etree._Element]) -> list[str]:
    candidates = [link for link in links if link.get("href") and link.get("rel", "alternate") not in _NOT_ALTERNATE]
    candidates.sort(key=lambda link: (link.get("rel", "alternate") != "alternate", "html" not in link.get("type", "html")))
    return [link.get("href", "") for link in candidates]


def _json_feed(body: bytes, url: str, publisher: str) -> Listing:
    try:
        feed = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        return Listing(Kind.FEED, fault=f"not JSON: {error}")
    items = feed.get("items")
    if not isinstance(items, list):
        return Listing(Kind.FEED, fault="no JSON Feed: items is not a list")
    links = (_json_link(item, url, publisher) for item in items if isinstance(item, dict))
    return Listing(Kind.FEED, unique([link for link in links if link]))


def _json_link(item: dict[str, Any], url: str, publisher: str) -> Link | None:
    fields = {name: value.strip() for name, value in item.items() if isinstance(value, str) and value.strip()}
    addresses = (absolute_url(url, fields[name]) for name in ("url", "external_url", "id") if "/" in fields.get(name, ""))
    address = next((address for address in addresses if address), None)
    if not address:
        return None
    return Link(
        url=address,
        publisher=publisher,
        via=Via.FEED,
        source_url=url,
        title=_plain(fields.get("title")),
        description=_plain(fields.get("summary")),
        published=fields.get("date_published"),
        modified=fields.get("date_modified"),
    )


def _plain(markup: str | None) -> str | None:
    """A title or description as one line of text: tags gone, references replaced, once more than XML did.

    >>> _plain("Q&amp;A: <b>what</b><br>now&#8217;s next")
    'Q&A: what now’s next'
    """
    if not markup:
        return None
    text = markup[:_TEXT_CHARS]
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub(" ", text))
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    return " ".join(text.split()) or None


def _first(fields: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((fields[name] for name in names if name in fields), None)


def _local(element: etree._Element) -> str:
    return name_of(element).rpartition(":")[2]
