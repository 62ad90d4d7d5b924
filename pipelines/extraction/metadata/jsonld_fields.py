"""What the article's JSON-LD node says, in Metadata's terms. Names of keys are schema.org's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from pipelines.evidence import DateClue, Metadata
from pipelines.extraction.metadata.jsonld import Node, as_list, text_of, types_of
from pipelines.values import Author, AuthorType, Breadcrumb, DateSource, Media

_DATES = (("datePublished", "datePublished"), ("dateCreated", "datePublished"), ("dateModified", "dateModified"))
_TAG = re.compile(r"<[^>]{1,300}>")
# Keys whose values sites with an @graph write as references to another node of the page (Yoast, for one).
_REFERRING = frozenset(
    {"author", "creator", "image", "video", "audio", "publisher", "sourceOrganization", "copyrightHolder", "isBasedOn"}
)
_ORGANIZATION = frozenset({"Organization", "NewsMediaOrganization", "Corporation"})


def read(node: Node, nodes: list[Node]) -> Metadata:
    """The article node's fields; breadcrumbs come from the page's BreadcrumbList."""
    by_id = {str(other["@id"]): other for other in nodes if len(other) > 1 and isinstance(other.get("@id"), str)}
    node = {
        key: [_referred(item, by_id) for item in as_list(value)] if key in _REFERRING else value for key, value in node.items()
    }
    return Metadata(
        headlines=_texts(node.get("headline"), node.get("name")),
        descriptions=_texts(node.get("description"), node.get("abstract")),
        bylines=[authors for key in ("author", "creator") if (authors := _authors(node.get(key)))],
        dates=dates(node),
        language=text_of(node.get("inLanguage")),
        types=sorted(types_of(node)),
        section=_section(node.get("articleSection")),
        keywords=_keywords(node.get("keywords")),
        breadcrumbs=_breadcrumbs(nodes),
        images=[image for value in as_list(node.get("image")) if (image := _media(value))],
        videos=[video for value in as_list(node.get("video")) if (video := _media(value))],
        audios=[audio for value in as_list(node.get("audio")) if (audio := _media(value))],
        copyright_notice=_text(node.get("copyrightNotice")),
        copyright_holder=_text(node.get("copyrightHolder")),
        license=_text(node.get("license")),
        article_body=_body(node.get("articleBody")),
        is_based_on=_text(node.get("isBasedOn")),
        agency=_text(node.get("sourceOrganization")),
        is_free=_boolean(node.get("isAccessibleForFree")),
        site_names=_texts(node.get("publisher")),
    )


def dates(node: Node) -> list[DateClue]:
    """The dates of an article's or a page's node, as written."""
    return [
        DateClue(raw, DateSource.JSONLD, f"jsonld:{key}", field)
        for key, field in _DATES
        for value in as_list(node.get(key))[:1]
        if (raw := text_of(value))
    ]


def _referred(value: Any, by_id: dict[str, Node]) -> Any:
    """The node that a bare reference names, or nothing where the page does not hold it: `{"@id": "…#primaryimage"}`."""
    return (
        by_id.get(value["@id"])
        if isinstance(value, dict) and set(value) == {"@id"} and isinstance(value["@id"], str)
        else value
    )


def _text(value: Any) -> str | None:
    text = text_of(value)
    return " ".join(_TAG.sub(" ", unescape(text)).split()) or None if text else None


def _texts(*values: Any) -> list[str]:
    return list(dict.fromkeys(text for value in values if (text := _text(value))))


def _authors(value: Any) -> list[Author]:
    authors: list[Author] = []
    for item in as_list(value):
        if isinstance(item, dict):
            kind = AuthorType.ORGANIZATION if types_of(item) & _ORGANIZATION else AuthorType.PERSON
            names = item.get("name") if isinstance(item.get("name"), list) else [item.get("name")]
            url = item.get("url") if isinstance(item.get("url"), str) else None
            authors += [Author(name, name, url or None, kind) for part in names or () if (name := _text(part))]
        elif name := _text(item):
            authors.append(Author(name, name))
    return authors


def _section(value: Any) -> str | None:
    return next((text for item in as_list(value) if (text := _text(item))), None)


def _keywords(value: Any) -> list[str]:
    words: list[str] = []
    for item in as_list(value):
        if text := _text(item):
            # Typed keywords as some CMSs write them: `Tag:Economy`. A list's items are whole; a single string is split.
            words += re.split(r"\s*[,;]\s*", text) if not isinstance(value, list) or len(value) == 1 else [text]
    return [word for word in dict.fromkeys(words) if word]


def _breadcrumbs(nodes: Iterable[Node]) -> list[Breadcrumb]:
    for node in nodes:
        trail = node.get("breadcrumb") if "BreadcrumbList" not in types_of(node) else node
        if isinstance(trail, dict) and (items := [i for i in as_list(trail.get("itemListElement")) if isinstance(i, dict)]):
            return [crumb for item in sorted(items, key=_position) if (crumb := _breadcrumb(item))]
    return []


def _position(item: Node) -> float:
    try:
        return float(item.get("position") or 0)
    except (TypeError, ValueError):
        return 0.0


def _breadcrumb(item: Node) -> Breadcrumb | None:
    inner = item.get("item")
    name = _text(item.get("name")) or (_text(inner.get("name")) if isinstance(inner, dict) else None)
    url = inner if isinstance(inner, str) else (inner.get("@id") or inner.get("url")) if isinstance(inner, dict) else None
    return Breadcrumb(name, url if isinstance(url, str) else None) if name else None


def _media(value: Any) -> Media | None:
    if isinstance(value, str):
        return Media(value) if value.strip() else None
    if not isinstance(value, dict):
        return None
    url = text_of(value.get("contentUrl")) or text_of(value.get("url")) or text_of(value.get("embedUrl"))
    caption, credit = _text(value.get("caption")), _text(value.get("creditText"))
    return Media(url, caption, credit, _pixels(value.get("width")), _pixels(value.get("height"))) if url else None


def _pixels(value: Any) -> int | None:
    found = re.match(r"\d{1,5}", text_of(value) or "")
    return int(found[0]) or None if found else None


def _boolean(value: Any) -> bool | None:
    return {"true": True, "false": False}.get(str(value).strip().rpartition("/")[2].lower())


def _body(value: Any) -> str | None:
    text = text_of(value)
    return unescape(text) if text and len(text) > 200 else None
