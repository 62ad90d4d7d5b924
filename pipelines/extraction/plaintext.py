"""Plaintext: text documents to passages and metadata, so that from cleaning onwards nothing differs from a page.

Two kinds: front matter with Markdown (static site generators write it: https://jekyllrb.com/docs/front-matter/), and a plain
dump, as copied from a page, whose layout is all that says what a line is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from typing import Any

from pipelines.evidence import Anchor, DateClue, Markup, Metadata, Passage
from pipelines.values import Author, BlockType, Breadcrumb, DateSource, Media

_TITLE = ("title", "headline")
_DESCRIPTION = ("excerpt", "description", "summary", "subtitle", "standfirst", "lead")
_PUBLISHED = ("date", "published", "publishdate", "pubdate", "date_published", "datepublished")
_MODIFIED = ("updated", "modified", "lastmod", "last_modified_at", "date_modified", "datemodified")
_AUTHOR = ("author", "authors", "byline")
_SECTION = ("category", "categories", "section")
_TRAIL = re.compile(r"\s+[/›»>]\s+")
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…。！？।؟][\"”’»)\]]*$")
_EMPHASIS = re.compile(r"^(\*\*|__)(?=\S)|(?<=\S)(\*\*|__)$")
_CREDIT = re.compile(r"\([^()]*(?:photo|via|pool|afp|reuters|getty|\bap\b|/)[^()]*\)\W*$", re.I)
_DATED = re.compile(r"(?:19|20)\d\d.*\d[:.]\d\d|^\W*\w+ \d{1,2},? (?:19|20)\d\d\W*$|\d[:.]\d\d.*(?:19|20)\d\d")
MIN_PROSE_CHARS = 80
MAX_HEADING_CHARS = 90
# So many words at the start of a line that stand again in a later paragraph make it a summary or a caption taken from the text.
REPEATED_WORDS = 8
# A standfirst is one sentence, shorter than this share of the paragraphs below it.
STANDFIRST_SHARE = 0.45


def read(markup: Markup) -> tuple[Metadata, list[Passage]]:
    """What the front matter and the layout say, and the passages in order."""
    said = _front_matter(markup.front_matter)
    if markup.is_markdown:
        passages = list(_markdown(markup.text))
        if not said.headlines and passages and passages[0].type is BlockType.HEADING:
            said = replace(said, headlines=[passages[0].text], heading=passages[0].text)
        return said, passages
    return _dump(markup.text, said)


def _front_matter(table: dict[str, Any]) -> Metadata:
    titles = _texts(table, _TITLE)
    return Metadata(
        headlines=titles,
        heading=titles[0] if titles else None,
        descriptions=_texts(table, _DESCRIPTION),
        bylines=[[Author(name, name) for name in _texts(table, _AUTHOR)]],
        dates=[
            DateClue(raw, DateSource.FRONT_MATTER, f"front matter: {field}", field)
            for field, keys in (("datePublished", _PUBLISHED), ("dateModified", _MODIFIED))
            for raw in _texts(table, keys)[:1]
        ],
        canonical_url=next(iter(_texts(table, ("canonical_url", "canonical"))), None),
        language=next(iter(_texts(table, ("lang", "language"))), None),
        section=next(iter(_texts(table, _SECTION)), None),
        keywords=_texts(table, ("tags", "keywords")),
        images=[Media(url) for url in _texts(table, ("image", "cover", "thumbnail"))],
    )


def _texts(table: dict[str, Any], keys: tuple[str, ...]) -> list[str]:
    values: list[str] = []
    for key in keys:
        value = table.get(key)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                item = item.get("name") or item.get("url")
            # YAML's escapes can write half a surrogate pair, which no UTF-8 can.
            if isinstance(item, str) and (written := item.encode("utf-8", "ignore").decode().strip()):
                values.append(written)
    return values


def _markdown(text: str) -> Iterator[Passage]:
    """CommonMark with tables, block by block."""
    from markdown_it import MarkdownIt

    kind, table = [BlockType.PARAGRAPH], list[str]()
    row: list[str] | None = None
    level: int | None = None
    for token in MarkdownIt("commonmark", {"html": False}).enable("table").parse(text):
        if token.type in ("list_item_open", "blockquote_open"):
            kind.append(BlockType.LIST_ITEM if token.type == "list_item_open" else BlockType.QUOTE)
        elif token.type in ("list_item_close", "blockquote_close"):
            kind.pop()
        elif token.type in ("heading_open", "heading_close"):
            level = int(token.tag[1]) if token.type == "heading_open" else None
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            table += [" | ".join(row)] if any(row) else []
            row = None
        elif token.type == "table_close" and table:
            yield Passage(BlockType.TABLE, "\n".join(table))
            table = []
        elif token.type in ("fence", "code_block") and token.content.strip():
            yield Passage(BlockType.CODE, token.content.strip())
        elif token.type == "inline":
            words, anchors = _inline(token)
            if row is not None:
                row.append(words)
            elif words:
                yield Passage(BlockType.HEADING if level else kind[-1], words, level, anchors)


def _inline(token: Any) -> tuple[str, tuple[Anchor, ...]]:
    words, anchors, url, start = "", [], "", 0
    for child in token.children or ():
        if child.type == "link_open":
            url, start = child.attrGet("href") or "", len(words)
        elif child.type == "link_close":
            anchors.append(Anchor(words[start:].strip(), str(url)))
        elif child.type in ("softbreak", "hardbreak"):
            words += " "
        elif child.type in ("text", "code_inline"):
            words += child.content
    return " ".join(words.split()), tuple(anchor for anchor in anchors if anchor.text)


def _dump(text: str, said: Metadata) -> tuple[Metadata, list[Passage]]:
    rows, gaps = _rows(text)
    if not rows:
        return said, []
    headline, trail = (said.headlines[0], []) if said.headlines else _headline(rows)
    said = replace(said, headlines=[headline], heading=headline, breadcrumbs=trail, section=said.section or _section(trail))
    start = 1 if not said.bylines or rows[0] == headline or trail else 0
    passages = [Passage(BlockType.PARAGRAPH, rows[0])] if start else []
    names = _names(rows, gaps, start, headline)
    for index, row in enumerate(rows[start:], start):
        kind = BlockType.HEADING if index not in names and _is_heading(rows, index) else BlockType.PARAGRAPH
        passages.append(Passage(kind, row, 2 if kind is BlockType.HEADING else None, around=names.get(index, ())))
    return said, passages


def _rows(text: str) -> tuple[list[str], list[int]]:
    """(paragraphs, the number of blank lines below each): lines, or groups of lines where they are wrapped at a fixed width."""
    lines = [_EMPHASIS.sub("", line.strip()) for line in text.split("\n")]
    filled = [line for line in lines if line]
    wrapped = [line for line in filled if 50 <= len(line) <= 100 and not _SENTENCE_END.search(line)]
    if len(filled) >= 8 and len(wrapped) >= 0.6 * len(filled):
        lines = [part for group in re.split(r"\n\s*\n", text) for part in (" ".join(group.split()), "")]
    rows: list[str] = []
    gaps: list[int] = []
    for line in lines:
        if line:
            rows.append(line)
            gaps.append(0)
        elif gaps:
            gaps[-1] += 1
    return rows, gaps


def _headline(rows: list[str]) -> tuple[str, list[Breadcrumb]]:
    parts = [part.strip() for part in _TRAIL.split(rows[0])]
    if len(parts) < 3:
        return rows[0], []
    return parts[-1], [Breadcrumb(part) for part in parts[:-1]]


def _section(trail: list[Breadcrumb]) -> str | None:
    return trail[-1].name if len(trail) > 1 else None


def _names(rows: list[str], gaps: list[int], start: int, headline: str) -> dict[int, tuple[str, ...]]:
    """The lines between headline and text that are its standfirst and its captions, named as their elements would be."""
    names: dict[int, tuple[str, ...]] = {}
    head = [i for i in range(start, min(start + 6, len(rows))) if rows[i] != headline and not _DATED.search(rows[i])]
    standfirst = next(iter(head), None)
    if standfirst is None or not _is_standfirst(rows, gaps, standfirst):
        return names
    names[standfirst] = ("p standfirst",)
    for index in head[1:]:
        if _CREDIT.search(rows[index]) or _stands_again(rows, index, whole=True):
            names[index] = ("figcaption",)
        elif _WORD.search(rows[index]):
            break
    return names


def _is_standfirst(rows: list[str], gaps: list[int], index: int) -> bool:
    """Furniture below it, its opening taken from a later paragraph, or one short sentence set apart by a wider gap."""
    row, below = rows[index], [len(r) for r in rows[index + 1 :] if len(r) >= MIN_PROSE_CHARS][:3]
    if not below or len(row) > 400:
        return False
    apart = gaps[index] > median(gaps)
    followed_by_furniture = index + 1 < len(rows) and (
        not _WORD.search(rows[index + 1]) or bool(_CREDIT.search(rows[index + 1]))
    )
    one_sentence = len(re.findall(r"[.!?…](?:\s|$)", row)) <= 1
    return (
        followed_by_furniture
        or _stands_again(rows, index)
        or (apart and one_sentence and len(row) < STANDFIRST_SHARE * median(below))
    )


def _stands_again(rows: list[str], index: int, *, whole: bool = False) -> bool:
    words = _WORD.findall(rows[index].lower())
    opening = words if whole else words[:REPEATED_WORDS]
    return len(opening) >= REPEATED_WORDS and any(
        _WORD.findall(row.lower())[: len(opening)] == opening for row in rows[index + 1 :]
    )


def _is_heading(rows: list[str], index: int) -> bool:
    """A short line that ends like no sentence and has text below it."""
    row = rows[index]
    if len(row) > MAX_HEADING_CHARS or _SENTENCE_END.search(row) or not _WORD.search(row) or _DATED.search(row) or ":" in row:
        return False
    return any(len(below) >= MIN_PROSE_CHARS for below in rows[index + 1 : index + 3])
