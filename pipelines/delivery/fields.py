"""The contract's fields: their types as the model has them, what each one means, and the table of docs/article.md."""

from __future__ import annotations

import types
import typing
from dataclasses import fields, is_dataclass
from enum import StrEnum
from inspect import cleandoc
from typing import Any

from pipelines.items import Article

# field -> (group, meaning): one entry for every field of Article, which a test holds.
FIELDS: dict[str, tuple[str, str]] = {
    "schemaVersion": ("identity", "the version of this contract"),
    "id": (
        "identity",
        "32 hex digits: sha256 of publisher id and normalised canonical URL; one article has one id at its http, https, AMP, "
        "mobile and tracking URLs",
    ),
    "version": ("identity", "1, 2, 3… for one id; a new version only when `contentHash` changes"),
    "contentHash": (
        "identity",
        "sha256 of normalised headline, description, articleBody and instants; never of raw date strings, which a page may "
        "render in the visitor's zone",
    ),
    "changeClass": ("identity", "what a version changed"),
    "pubStatus": ("identity", "`canceled` is a tombstone: the article is gone (404, 410) or retracted"),
    "storyId": ("story", "the cluster of articles about one story, across publishers"),
    "duplicateOf": ("story", "the id of the first article with this text"),
    "url": ("where", "the final URL"),
    "requestedUrl": ("where", "the URL that was asked for"),
    "canonicalUrl": ("where", "the URL that the page declares"),
    "ampUrl": ("where", "the page's AMP version"),
    "publisher": ("where", "the profile the page was read with"),
    "type": ("identity", "schema.org's type"),
    "headline": ("text", "as on the page (h1 wins), without the site's name"),
    "alternativeHeadline": ("text", "another variant (og:title, feed) if it differs"),
    "description": ("text", "the standfirst"),
    "blocks": ("text", "the body in page order; a `table`'s rows are written `a | b`"),
    "articleBody": ("text", "the blocks' texts joined by `\\n`"),
    "wordCount": ("text", "the words of `articleBody`"),
    "inLanguage": ("text", "BCP 47"),
    "authors": ("credit", "the byline, split; `nameRaw` is what the page says"),
    "dateline": ("credit", "the place a report was filed from: `SEOUL`"),
    "syndication": ("credit", "the agency or site a text came from"),
    "copyrightNotice": ("credit", "the © line; its year is data, not a date"),
    "copyrightHolder": ("credit", "who holds the rights, where the page says so"),
    "license": ("credit", "the licence's URL or name"),
    "datePublished": ("time", "the instant; **null if unknown, never guessed, never copied from `dateModified`**"),
    "datePublishedLocal": ("time", "the same instant with the publisher's offset"),
    "datePublishedRaw": ("time", "as found"),
    "datePublishedPrecision": ("time", "how fine the source was; a bare day is local midnight"),
    "datePublishedSource": ("time", "where it was found"),
    "datePublishedZoneSource": ("time", "what decided its zone"),
    "datePublishedConfidence": ("time", "0 to 1"),
    "dateModified": ("time", "the instant of the last change that the page states"),
    "dateModifiedRaw": ("time", "as found"),
    "dateEvidence": ("time", "every candidate, also the refused"),
    "dateFirstSeen": ("time", "when the link was discovered"),
    "dateDownloaded": ("time", "when the page was fetched"),
    "articleSection": ("topic, media", "the site's section"),
    "keywords": ("topic, media", "the page's tags"),
    "breadcrumbs": ("topic, media", "the path to the page on its site"),
    "mainImage": ("topic, media", "absolute URL; its caption is never in the body"),
    "images": ("topic, media", "all images of the article"),
    "videos": ("topic, media", "all videos of the article"),
    "audios": ("topic, media", "all sounds of the article"),
    "relatedItems": ("topic, media", "lists that cleaning took out of the body, kept as data"),
    "isAccessibleForFree": ("access", "what the page says of its paywall"),
    "completeness": ("access", "how much of the article the page gave; the evidence is in `flags`"),
    "robots": ("access", "what robots.txt, meta robots and opt-out headers said"),
    "flags": ("audit", "rule ids worth a look: `date.conflict`, `body.short`…"),
    "extraction": ("audit", "how the text was read, and what cleaning removed from it"),
    "provenance": ("audit", "where every line came from"),
}
_BAR = r"\|"  # inside a table's cell
_NAMES = {str: "string", int: "int", float: "float", bool: "bool"}


def hints(model: Any) -> dict[str, Any]:
    """A dataclass's fields in order with their resolved types."""
    resolved = typing.get_type_hints(model)
    return {f.name: resolved[f.name] for f in fields(model)}


def strip_none(hint: Any) -> tuple[Any, bool]:
    """A type without its `| None`, and whether it had one."""
    if typing.get_origin(hint) not in (types.UnionType, typing.Union):
        return hint, False
    return next(member for member in typing.get_args(hint) if member is not types.NoneType), True


def field_table() -> str:
    """The Markdown tables of the contract: Article's fields, then each value an article is made of."""
    parts: list[Any] = []
    lines = ["| group | field | type | meaning |", "|---|---|---|---|"]
    for name, hint in hints(Article).items():
        group, meaning = FIELDS[name]
        lines.append(f"| {group} | `{name}` | {_name(hint, parts)} | {meaning.replace('|', _BAR)} |")
    for model in parts:  # grows while nested values name further ones
        lines += ["", f"### {model.__name__}", "", *_described(model), "| field | type |", "|---|---|"]
        lines += [f"| `{name}` | {_name(hint, parts)} |" for name, hint in hints(model).items()]
    return "\n".join(lines) + "\n"


def _name(hint: Any, parts: list[Any]) -> str:
    """A type as the table writes it; the dataclasses it names are added to `parts`."""
    inner, optional = strip_none(hint)
    if typing.get_origin(inner) is list:
        name = f"[{_name(typing.get_args(inner)[0], parts)}]"
    elif isinstance(inner, type) and is_dataclass(inner):
        if inner not in parts:
            parts.append(inner)
        name = f"[{inner.__name__}](#{inner.__name__.lower()})"
    elif issubclass(inner, StrEnum):
        name = ", ".join(f"`{value}`" for value in inner)
    else:
        name = _NAMES[inner]
    return f"{name} or null" if optional else name


def _described(model: Any) -> list[str]:
    text = cleandoc(model.__doc__ or "")
    # A dataclass without a docstring gets its own signature as one.
    return [] if text.startswith(f"{model.__name__}(") else [text, ""]
