"""Feeds and sitemaps as one lxml tree: no DTD, no entity is ever declared, nothing is fetched; broken documents are mended.

A well-formed document is parsed once, as it is. Only what lxml refuses, and what carries a DOCTYPE, is decoded, cut to its root
element and parsed again with recovery. Without a prolog there are no declared entities, so XXE, entity expansion and quadratic
blow-up have nothing to work with; `huge_tree` stays off, so libxml2's limits on depth (256) and text (10 MB) hold.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from html.entities import html5
from io import BytesIO
from typing import Final

from lxml import etree

# The prefix under which an element is known here, whatever prefix the document chose.
_PREFIXES: Final = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/rss/1.0/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "",
    "http://www.google.com/schemas/sitemap/0.84": "",
    "http://www.google.com/schemas/sitemap/0.9": "",
}
# XML 1.0, appendix F.1: what the first bytes say of an encoding.
_SIGNATURES: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z][\w.:-]*)")
_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]*:)?(?:rss|feed|RDF|urlset|sitemapindex)(?=[\s>/])")
_REFERENCE = re.compile(r"&(?:#(\d{1,7});|#[xX]([0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9]{0,31};))?")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The tree of a document takes some 250 bytes a tag: a bound on memory, for a feed of 30,000 entries.
MAX_TAGS: Final = 500_000
_FAULT_CHARS = 160  # libxml2 quotes the document in its messages
_OF_XML: Final = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))


def parse_xml(body: bytes, url: str, charset: str | None = None) -> tuple[etree._Element | None, str | None]:
    """The root element, or None, and what was wrong with the document, or None. `charset` is the HTTP header's."""
    encoding, whole = _utf8(body, charset)
    if whole.count(b"<") > MAX_TAGS:
        return None, f"more than {MAX_TAGS} tags"
    fault: str | None
    if b"<!DOCTYPE" not in whole:
        try:
            return etree.fromstring(whole, _parser(encoding and "utf-8", recover=False), base_url=url), None
        except (etree.XMLSyntaxError, LookupError) as error:
            fault = f"not well-formed, read as far as possible: {str(error).splitlines()[0][:_FAULT_CHARS]}"
    else:
        # RSS 0.91 has a DOCTYPE by its specification; an honest feed declares no entities.
        fault = "declares entities, which are never read" if b"<!ENTITY" in whole else None
    root = _mended(whole.decode("utf-8", "replace"), url)
    if root is None:
        return None, "no feed or sitemap: the document has none of the elements rss, feed, RDF, urlset and sitemapindex"
    return root, fault


def stream_xml(body: bytes, tags: Sequence[str], charset: str | None = None) -> Iterator[etree._Element]:
    """The elements of these tags (`{*}url`), each whole and alone: a document of any length takes no more memory than one.

    Raises XMLSyntaxError where the document stops to be well-formed, or has a DOCTYPE.
    """
    encoding, whole = _utf8(body, charset)
    if b"<!DOCTYPE" in whole:
        raise etree.XMLSyntaxError("a DOCTYPE", 0, 0, 0)
    stream = etree.iterparse(
        BytesIO(whole),
        tag=tags,
        encoding=encoding and "utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    for _, element in stream:
        yield element
        element.clear(keep_tail=False)
        parent = element.getparent()
        while parent is not None and parent[0] is not element:
            del parent[0]


def _utf8(body: bytes, charset: str | None) -> tuple[str | None, bytes]:
    """The name of the encoding that the bytes were in, and the document in UTF-8 unless that was ASCII."""
    encoding = _encoding(body, charset)
    return encoding, body if encoding in (None, "utf-8") else body.decode(encoding, "replace").encode()


def name_of(element: etree._Element) -> str:
    """The element's name with the prefix of the table above: `item`, `dc:date`, `atom:link`; empty for comments.

    An undeclared prefix stays as written, so `<dc:date>` is `dc:date` with or without its declaration.
    """
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    namespace, _, local = tag.rpartition("}")
    if not namespace:
        return local
    prefix = _PREFIXES.get(namespace[1:]) if namespace[1:] in _PREFIXES else element.prefix
    return f"{prefix}:{local}" if prefix else local


def text_of(element: etree._Element) -> str:
    """All text in the element and below, without surrounding space."""
    return "".join(element.itertext(with_tail=False)).strip()


def _parser(encoding: str | None, *, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding=encoding,
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def _encoding(body: bytes, charset: str | None) -> str | None:
    """The Python name of the encoding the bytes are really in; None for ASCII, where only the parser can tell (ISO-2022-JP)."""
    for signature, signed in _SIGNATURES:
        if body.startswith(signature):
            return signed
    if body.isascii():
        return None
    declared = _DECLARED.match(body[:300])
    # What decodes as UTF-8 is UTF-8, whatever is declared: text in another encoding practically never does.
    for name in ("utf-8", declared[1].decode() if declared else None, charset):
        if name and _decodes(body, name):
            return name
    return "windows-1252"


def _decodes(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def _mended(text: str, url: str) -> etree._Element | None:
    """The tree of what follows the prolog, with HTML's entities replaced and stray ampersands and control characters gone."""
    start = _ROOT.search(text)
    if not start:
        return None
    mended = _escaped(_NOT_XML.sub("", text[start.start() :]))
    root: etree._Element | None = etree.fromstring(mended.encode(), _parser("utf-8", recover=True), base_url=url)
    return root


def _escaped(text: str) -> str:
    """The text with references that XML knows, but in CDATA sections, which stay as they are."""
    parts: list[str] = []
    position = 0
    while (start := text.find("<![CDATA[", position)) >= 0 and (end := text.find("]]>", start)) >= 0:
        parts += [_REFERENCE.sub(_reference, text[position:start]), text[start:end]]
        position = end
    return "".join([*parts, _REFERENCE.sub(_reference, text[position:])])


def _reference(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if decimal or hexadecimal:
        number = int(decimal) if decimal else int(hexadecimal, 16)
        return found[0] if number < 0x110000 and not _NOT_XML.match(chr(number)) else ""
    if name in _OF_XML:
        return found[0]
    if name in html5:
        return html5[name].replace("&", "&amp;").replace("<", "&lt;")
    return "&amp;" + found[0][1:]
