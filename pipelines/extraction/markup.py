"""Markup: bytes to the one tree of a page, or to the text of a text document. Nothing else parses a page."""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from pipelines.evidence import Markup
from pipelines.items import Page, Reason, Rejected

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml"})
TEXT_TYPES = frozenset({"text/plain", "text/markdown", "text/x-markdown"})
# Encoding Standard, 4.2: what these labels mean on the web. https://encoding.spec.whatwg.org/#names-and-labels
_WHATWG = {
    "iso-8859-1": "windows-1252", "iso8859-1": "windows-1252", "latin1": "windows-1252", "latin-1": "windows-1252",
    "us-ascii": "windows-1252", "ascii": "windows-1252", "iso-8859-9": "windows-1254", "latin5": "windows-1254",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "shift_jis": "cp932", "sjis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "tis-620": "cp874", "iso-8859-11": "cp874", "windows-874": "cp874", "utf8": "utf-8", "unicode": "utf-16-le",
    "utf-16": "utf-16-le", "big5": "big5hkscs", "x-cp1251": "windows-1251", "win-1251": "windows-1251",
}  # fmt: skip
# What a page may be written in: a label that names another of Python's codecs (hex, idna, utf-7) is no charset.
_TEXT_CODEC = re.compile(
    r"(?:utf-8(?:-sig)?|utf-16(?:-[lb]e)?|ascii|cp\d+|iso8859-\d+|koi8-[rut]|mac-\w+|ptcp154|tis-620|gb\w+|big5\w*|euc_\w+|"
    r"iso2022_\w+|hz|shift_jis\w*|johab)"
)
# Charsets whose bytes are not ASCII's where they are below 128, so that nothing may be cut out of them.
_WIDE = ("utf-16", "iso2022", "hz")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META_CHARSET = re.compile(rb"<meta[^>]{1,300}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]+)", re.I)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([a-zA-Z0-9_:.-]+)", re.I)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]+)", re.I)
# One control character, raw or as a reference, makes libxml2 or Trafilatura lose the page. A form feed is a space in HTML.
_CONTROL = bytes([*range(9), *range(14, 32), 127])
_SPACES = bytes.maketrans(b"\x0b\x0c", b"  ")
_CONTROL_TEXT = {**dict.fromkeys([*range(9), *range(14, 32), 127]), 11: " ", 12: " "}
# What libxml2 reads and refuses to write, so that Trafilatura stumbles over it.
_NO_CHARACTERS = {0xFFFE: None, 0xFFFF: None}
# References to them and to C0 and C1 controls, tab, line feed and carriage return left out.
_REFERENCE = re.compile(
    r"&#(?:0*([0-8]|1[124-9]|2\d|3[01]|12[7-9]|1[345]\d|6553[45])(?:;|(?!\d))|"
    r"x0*([0-8bcef]|1[\da-f]|7f|[89][\da-f]|fff[ef])(?:;|(?![\da-f])))",
    re.I,
)
_LOOKS_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|article|main|section|div|p|h1|meta|title)\b", re.I)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n|)---[ \t]*(?:\n|\Z)", re.S)
_YAML_NULL = "tag:yaml.org,2002:null"
# More replacement characters than this share of the text, and the declared charset was a lie that nobody can read.
UNREADABLE_SHARE = 0.01
# What servers name that name the same charset for every page, and the share of bytes beyond ASCII that belies it.
_WESTERN, DENSE_SHARE, _DENSE_LEAST = "cp1252", 0.6, 20
_ASCII = bytes(range(128))
_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
# Big5 read as GB18030 has them; no text in a charset of its own does.
_PRIVATE = re.compile("[\ue000-\uf8ff]")
# No text has so large a share of control characters in its first bytes.
BINARY_SAMPLE, BINARY_SHARE = 1024, 0.1
TAG_CHARS = 15  # of `<!doctype html>`


def parse(page: Page) -> Markup | Rejected:
    """The page's markup; a Rejected that says why where there is none. HTML by its content type, else by its first tags."""
    media_type, header_charset = _content_type(page.headers.get("content-type", ""))
    if not page.body.strip():
        return Rejected(Reason.EMPTY, "the body has no bytes")
    if media_type and media_type not in HTML_TYPES | TEXT_TYPES:
        return Rejected(Reason.NOT_HTML, f"content type {media_type}")
    decoded = _decode(page.body, header_charset)
    if isinstance(decoded, Rejected):
        return decoded
    text, charset, source = decoded
    if media_type in TEXT_TYPES or (not media_type and not _LOOKS_HTML.search(text[:4096])):
        return _text_document(text, charset, source, is_markdown="markdown" in media_type)
    return _tree(text, charset, source)


def _content_type(header: str) -> tuple[str, str | None]:
    found = _HEADER_CHARSET.search(header)
    # Some servers send the header twice, in one line: `text/html, text/html; charset=utf-8`.
    return re.split("[;,]", header, maxsplit=1)[0].strip().lower(), found[1] if found else None


def _decode(body: bytes, header_charset: str | None) -> tuple[str, str, str] | Rejected:
    """(text, charset, its source). The order is the WHATWG's: BOM, header, meta, then what the bytes themselves say.

    Bytes beyond ASCII that are valid UTF-8 are UTF-8 whatever a single-byte label claims: chance does not produce them.
    """
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return _tidy(body.decode(codec, "replace").translate(_CONTROL_TEXT)), codec.removesuffix("-sig"), "bom"
    declared = [(c, s) for c, s in ((header_charset, "header"), (_declared_in(body), "meta")) if c]
    for label, source in declared:
        if (codec := _codec(label) or "").startswith(_WIDE):
            return _judged(body, codec, source)
    if wide := _wide_of(body):
        return _judged(body, wide, "content")
    if body.startswith(b"%PDF") or _is_binary(body[:BINARY_SAMPLE]):
        return Rejected(Reason.NOT_HTML, "the body is binary")
    # Taken out of the bytes, where it costs a tenth: no character of the ASCII-compatible charsets contains such a byte.
    body = body.translate(_SPACES, _CONTROL)
    try:
        text = body.decode("utf-8")
        claimed = next((s for c, s in declared if _codec(c) == "utf-8"), "default" if body.isascii() else "content")
        return _tidy(text), "utf-8", claimed
    except UnicodeDecodeError:
        return _decode_legacy(body, declared)


def _wide_of(body: bytes) -> str | None:
    """UTF-16 that nothing declares, told as XML 1.0, appendix F, tells it: by the first tag, which is ASCII."""
    first, second = body[: 2 * TAG_CHARS : 2], body[1 : 2 * TAG_CHARS : 2]
    for codec, letters, nuls in (("utf-16-le", first, second), ("utf-16-be", second, first)):
        if letters.lstrip().startswith(b"<") and 0 not in letters and not nuls.strip(b"\0"):
            return codec
    return None


def _is_binary(sample: bytes) -> bool:
    return len(sample) - len(sample.translate(None, _CONTROL)) > BINARY_SHARE * len(sample)


def _decode_legacy(body: bytes, declared: list[tuple[str, str]]) -> tuple[str, str, str] | Rejected:
    for label, source in declared:
        legacy = _codec(label)
        if legacy and legacy != "utf-8" and not (legacy == _WESTERN and _is_dense(body)):
            judged = _judged(body, legacy, source)
            if not isinstance(judged, Rejected):
                return judged
    mostly_utf8 = body.decode("utf-8", "replace")
    # A page cut in the middle of a character, or one stray byte of an advertisement, is still UTF-8.
    if mostly_utf8.count("\ufffd") <= max(3, UNREADABLE_SHARE / 10 * len(mostly_utf8)):
        return _tidy(mostly_utf8), "utf-8", "content"
    from charset_normalizer import from_bytes  # 40 ms to import, needed by one page in hundreds

    best = from_bytes(body[:20_000] + body[-20_000:]).best()
    detected = _codec(best.encoding) if best else None
    if detected is None:
        return Rejected(
            Reason.UNREADABLE, "no charset fits the bytes; declared: " + (", ".join(c for c, _ in declared) or "none")
        )
    return _judged(body, detected, "detector")


def _is_dense(body: bytes) -> bool:
    """Whether bytes beyond ASCII stand side by side: in Western text one in twenty does, in Cyrillic and Chinese nearly all do."""
    beyond = len(body.translate(None, _ASCII))
    alone = len(_ALONE.findall(body))
    return beyond >= _DENSE_LEAST and alone < (1 - DENSE_SHARE) * beyond


def _judged(body: bytes, codec: str, source: str) -> tuple[str, str, str] | Rejected:
    text = body.decode(codec, "replace")
    if text.count("\ufffd") + len(_PRIVATE.findall(text)) > UNREADABLE_SHARE * len(text):
        return Rejected(Reason.UNREADABLE, f"the bytes are not the {codec} that the {source} declares")
    return _tidy(text.translate(_CONTROL_TEXT) if codec.startswith(_WIDE) else text), codec, source


def _declared_in(body: bytes) -> str | None:
    found = _META_CHARSET.search(body[:4096]) or _XML_ENCODING.search(body[:200])
    if not found:
        return None
    label = found[1].decode("ascii").lower()
    # The Encoding Standard reads utf-16 in a meta as utf-8: the meta itself could be read.
    return "utf-8" if label.startswith("utf-16") else label


@cache
def _codec(label: str) -> str | None:
    label = label.strip().lower()
    try:
        name = codecs.lookup(_WHATWG.get(label, label)).name
    except LookupError:
        return None
    return name if _TEXT_CODEC.fullmatch(name) else None


def _tidy(text: str) -> str:
    text = _REFERENCE.sub(_referred, text) if "&#" in text else text
    if "\ufffe" in text or "\uffff" in text:
        text = text.translate(_NO_CHARACTERS)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _referred(found: re.Match[str]) -> str:
    """What a reference to a control stands for: C1 is windows-1252, as browsers read it (HTML Standard, 13.2.5.80)."""
    code = int(found[1]) if found[1] else int(found[2], 16)
    if code >= 0xFFFE:
        return ""
    if code >= 128:
        return bytes([code]).decode("windows-1252", "ignore")
    return " " if code in (11, 12) else ""


def _tree(text: str, charset: str, source: str) -> Markup | Rejected:
    try:
        tree = etree.fromstring(text.encode("utf-8"), _parser())
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        # libxml2's own error for memory it did not get, which lxml reports as one of syntax.
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        return Rejected(Reason.NOT_HTML, f"no HTML element: {error}")
    if tree is None or not isinstance(tree, HtmlElement):
        return Rejected(Reason.NOT_HTML, "no HTML element")
    return Markup(tree=tree, charset=charset, charset_source=source)


@cache
def _parser() -> etree.HTMLParser[Any]:
    """One parser a process. The C-level class lookup gives Trafilatura the HtmlElement it asks for without a Python call a node."""
    parser: etree.HTMLParser[Any] = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, default_doctype=False, no_network=True
    )
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    return parser


def _text_document(text: str, charset: str, source: str, *, is_markdown: bool) -> Markup | Rejected:
    found = _FRONT_MATTER.match(text)
    front = _front_matter(found[1]) if found else None
    if isinstance(front, Rejected):
        return front
    if front is None:
        found, front = None, {}
    body = text[found.end() :] if found else text
    return Markup(text=body, front_matter=front, is_markdown=is_markdown or bool(found), charset=charset, charset_source=source)


def _front_matter(block: str) -> dict[str, Any] | Rejected | None:
    """The table of a front matter, its scalars as written; None where the lines between the rules are no table, but text."""
    import yaml

    try:
        table = yaml.load(block, Loader=_string_loader())
    except (yaml.YAMLError, RecursionError) as error:
        return Rejected(Reason.UNREADABLE, f"front matter is not YAML: {' '.join(str(error).split())[:160]}")
    if table is None:
        return {}
    return {str(key).lower(): value for key, value in table.items()} if isinstance(table, dict) else None


@cache
def _string_loader() -> Any:
    """A YAML loader whose scalars are strings, or None for null: YAML 1.1 reads a naive time as UTC, `No` as false and 12:30
    as 750, and its typed tags raise what is no YAMLError."""
    import yaml

    class Loader(yaml.BaseLoader):
        pass

    Loader.add_implicit_resolver(_YAML_NULL, re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
    Loader.add_constructor(_YAML_NULL, lambda loader, node: None)
    return Loader
