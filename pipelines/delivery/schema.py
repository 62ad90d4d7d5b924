"""The contract as others read it, generated from `Article`'s type hints: the JSON line, the JSON Schema, and the schema's files."""

from __future__ import annotations

import typing
from dataclasses import is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import orjson

from pipelines.delivery.ddl import athena, duckdb, spark
from pipelines.delivery.fields import FIELDS, hints, strip_none
from pipelines.items import SCHEMA_VERSION, Article

_SCALARS = {str: "string", int: "integer", float: "number", bool: "boolean"}
_UTC = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"
_OFFSET = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"
# What a string must look like beyond its type, by its place in the model.
_PATTERNS = {
    "Article.schemaVersion": rf"^{SCHEMA_VERSION.partition('.')[0]}\.\d+$",
    "Article.id": "^[0-9a-f]{32}$",
    "Article.contentHash": "^[0-9a-f]{64}$",
    "Article.datePublished": _UTC,
    "Article.datePublishedLocal": _OFFSET,
    "Article.dateModified": _UTC,
    "Article.dateFirstSeen": _UTC,
    "Article.dateDownloaded": _UTC,
    "DateEvidence.utc": _UTC,
    "PublisherRef.country": "^[A-Z]{2}$",
}


def to_line(article: Article) -> bytes:
    """The article as one line of UTF-8 JSON, `\\n` included, its keys in the model's order."""
    return to_json(article)


def to_json(value: Any) -> bytes:
    """Any of our values, or a dict of them, as one line of JSON."""
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)


def to_dict(article: Article) -> dict[str, Any]:
    """The article as a reader of its line gets it: plain dicts, lists and scalars."""
    plain: dict[str, Any] = orjson.loads(to_line(article))
    return plain


def schema_files(url: str) -> dict[str, bytes]:
    """The schema's files by name, for the lake at `url` (`file:///dir` or `s3://bucket/prefix`)."""
    return {
        f"article-{SCHEMA_VERSION}.json": orjson.dumps(json_schema(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE),
        "athena.sql": athena(url).encode(),
        "spark.sql": spark(url).encode(),
        "duckdb.sql": duckdb(url).encode(),
    }


@cache
def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one line as this release writes it: every key, no other key.

    A reader that must take later 1.x lines too ignores keys it does not know.
    """
    named: dict[str, Any] = {}
    article = _object(Article, named)
    for name, (_, meaning) in FIELDS.items():
        article["properties"][name] = {"description": meaning, **article["properties"][name]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Dateline article {SCHEMA_VERSION}",
        **article,
        "$defs": named,
    }


def _object(model: type, named: dict[str, Any]) -> dict[str, Any]:
    properties = {}
    for name, hint in hints(model).items():
        properties[name] = _schema(hint, named, _PATTERNS.get(f"{model.__name__}.{name}"))
    return {"type": "object", "required": list(properties), "additionalProperties": False, "properties": properties}


def _schema(hint: Any, named: dict[str, Any], pattern: str | None = None) -> dict[str, Any]:
    inner, optional = strip_none(hint)
    if typing.get_origin(inner) is list:
        return {"type": "array", "items": _schema(typing.get_args(inner)[0], named)}
    if isinstance(inner, type) and is_dataclass(inner):
        if inner.__name__ not in named:
            named[inner.__name__] = _object(inner, named)
        reference = {"$ref": f"#/$defs/{inner.__name__}"}
        return {"anyOf": [reference, {"type": "null"}]} if optional else reference
    if issubclass(inner, StrEnum):
        return {"enum": [*(str(value) for value in inner), *([None] if optional else [])]}
    schema: dict[str, Any] = {"type": [_SCALARS[inner], "null"] if optional else _SCALARS[inner]}
    if pattern:
        schema["pattern"] = pattern
    elif inner is str and optional:
        schema["minLength"] = 1  # missing is null, never ""
    return schema
