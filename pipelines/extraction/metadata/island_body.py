"""The article's text in a data island: the state from which a page's own scripts draw what its markup does not show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

import orjson
from lxml.html import HtmlElement

# Keys of a text and of its title, as content systems' states name them.
_BODIES = (
    "articleBody", "body", "content", "bodyText", "bodyHtml", "contentHtml", "text", "html", "paragraphs", "blocks", "components",
    "elements", "children", "value",
)  # fmt: skip
# Nodes of rich text whose pieces are one paragraph, as Contentful, ProseMirror and Slate write them.
_WHOLE = ("paragraph", "heading", "list-item")
_TITLES = ("headline", "title", "name", "heading")
_BREAK = re.compile(r"</(?:p|h[1-6]|li|blockquote|div|tr)\s*>|<br\s*/?>", re.I)
_SILENT = re.compile(r"<(script|style|figure|iframe)\b.*?</\1\s*>", re.I | re.S)
_TAG = re.compile(r"<[^>]{1,600}>")
# Shorter is a teaser; deeper or larger is a database.
MIN_CHARS, MAX_DEPTH, MAX_BYTES = 250, 12, 3_000_000


def article_body(tree: HtmlElement, titles: Iterable[str]) -> str | None:
    """The longest text that an island gives beside one of the page's titles, a line a paragraph; None where there is none.

    An island may hold many articles: only the one that has the page's title is the page's.
    """
    keys = {_letters(title) for title in titles} - {""}
    found = [text for island in _islands(tree) for text in _bodies(island, keys)]
    return max(found, key=len, default=None)


def _islands(tree: HtmlElement) -> Iterator[Any]:
    for script in tree.iter("script"):
        kind, text = (script.get("type") or "").lower(), script.text or ""
        if ("json" in kind and "ld+json" not in kind) or script.get("id") in ("__NEXT_DATA__", "__NUXT_DATA__"):
            try:
                yield orjson.loads(text) if len(text) < MAX_BYTES else None
            except orjson.JSONDecodeError:
                continue


def _bodies(value: Any, titles: set[str], depth: int = 0) -> Iterator[str]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        if any(_letters(_plain(value.get(key))) in titles for key in _TITLES):
            yield from (text for key in _BODIES if len(text := "\n".join(_lines(value.get(key)))) >= MIN_CHARS)
        for inner in value.values():
            yield from _bodies(inner, titles, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _bodies(inner, titles, depth + 1)


def _lines(value: Any, depth: int = 0) -> Iterator[str]:
    """The paragraphs of a text, which is markup, plain lines, or a list of blocks that hold either."""
    if isinstance(value, str):
        plain = _TAG.sub(" ", _BREAK.sub("\n", _SILENT.sub(" ", value)))
        yield from (line for part in unescape(plain).split("\n") if (line := " ".join(part.split())))
    elif isinstance(value, list) and depth < MAX_DEPTH:
        for inner in value:
            yield from _lines(inner, depth + 1)
    elif isinstance(value, dict) and depth < MAX_DEPTH:
        if str(value.get("nodeType") or value.get("type")).lower().startswith(_WHOLE):
            yield from _lines("".join(_pieces(value, depth)))
        else:
            yield from next((lines for key in _BODIES if (lines := [*_lines(value.get(key), depth + 1)])), [])


def _pieces(value: Any, depth: int) -> Iterator[str]:
    """The strings of one paragraph's nodes as they are: the spaces between them are theirs."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth < MAX_DEPTH:
        for inner in value:
            yield from _pieces(inner, depth + 1)
    elif isinstance(value, dict) and depth < MAX_DEPTH:
        yield from next((pieces for key in _BODIES if (pieces := [*_pieces(value.get(key), depth + 1)])), [])


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
