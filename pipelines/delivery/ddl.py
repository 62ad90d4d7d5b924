"""The lake as tables, generated from `Article`'s type hints: DDL for DuckDB, Athena and Spark.

Each gives two views. `article_versions` has the rows of the parts that some manifest names and no manifest replaces;
`articles` the newest version of each id, of two stores' equal versions the one that was fetched last, without what is
gone (`pubStatus` `canceled`). A field that an older release did not write yet is NULL.
"""

from __future__ import annotations

import typing
from collections.abc import Callable
from dataclasses import is_dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import unquote

from pipelines.delivery.fields import hints, strip_none
from pipelines.items import Article

_NEWEST = "row_number() OVER (PARTITION BY id ORDER BY version DESC, dateDownloaded DESC)"


def duckdb(url: str) -> str:
    """The DDL for DuckDB. A folder is read as it is; for S3, `INSTALL httpfs; LOAD httpfs;` and a secret come first."""
    root = _root(url).replace("'", "''")
    columns = ",\n".join(f"        {_quoted(name, chr(34))}: '{_type(hint, _DUCKDB)}'" for name, hint in hints(Article).items())
    return f"""\
CREATE OR REPLACE VIEW article_parts AS
WITH manifests AS (
    SELECT parts, replaces FROM read_json('{root}/_meta/v1/runs/*/manifest.json',
        columns = {{'parts': 'STRUCT("key" VARCHAR)[]', 'replaces': 'VARCHAR[]'}})
)
SELECT unnest(parts).key AS key FROM manifests
EXCEPT
SELECT unnest(replaces) FROM manifests;

CREATE OR REPLACE VIEW article_versions AS
SELECT * EXCLUDE (filename)
FROM read_json('{root}/articles/v1/*/*.jsonl.*', format = 'newline_delimited', filename = true,
    hive_partitioning = true, hive_types = {{'dt': DATE}}, maximum_object_size = 67108864,
    columns = {{
{columns}
    }})
WHERE 'articles/v1/' || split_part(filename, '/articles/v1/', -1) IN (SELECT key FROM article_parts);

CREATE OR REPLACE VIEW articles AS
SELECT * FROM (
    SELECT * FROM article_versions QUALIFY {_NEWEST} = 1
) WHERE pubStatus IS DISTINCT FROM 'canceled';
"""


def athena(url: str) -> str:
    """The DDL for Athena: days are found by projection, manifests are read by line, since they are written in several."""
    columns = ",\n".join(f"    {_quoted(name, '`')} {_type(hint, _HIVE)}" for name, hint in hints(Article).items())
    days = f"{_root(url)}/articles/v1/"
    return f"""\
CREATE EXTERNAL TABLE IF NOT EXISTS article_objects (
{columns}
)
PARTITIONED BY (dt string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION '{days}'
TBLPROPERTIES (
    'projection.enabled' = 'true',
    'projection.dt.type' = 'date',
    'projection.dt.format' = 'yyyy-MM-dd',
    'projection.dt.range' = '2024-01-01,NOW+1DAY',
    'storage.location.template' = '{days}dt=${{dt}}/'
);

CREATE EXTERNAL TABLE IF NOT EXISTS article_manifest_lines (
    line string
)
ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\001'
LOCATION '{_root(url)}/_meta/v1/runs/';

CREATE OR REPLACE VIEW article_parts AS
SELECT regexp_extract(line, '^ +"key": "([^"]+)"', 1) AS key FROM article_manifest_lines
EXCEPT
SELECT regexp_extract(line, '^ +"(articles/[^"]+)"', 1) FROM article_manifest_lines;

CREATE OR REPLACE VIEW article_versions AS
SELECT * FROM article_objects
WHERE regexp_extract("$path", 'articles/v1/[^/]+/[^/]+$') IN (SELECT key FROM article_parts WHERE key IS NOT NULL);

{_articles()}"""


def spark(url: str) -> str:
    """The DDL for Spark SQL. `MSCK REPAIR TABLE article_objects` finds the days that came since."""
    columns = ",\n".join(f"    {_quoted(name, '`')} {_type(hint, _HIVE)}" for name, hint in hints(Article).items())
    return f"""\
CREATE TABLE IF NOT EXISTS article_objects (
{columns},
    dt DATE
)
USING json
PARTITIONED BY (dt)
LOCATION '{_root(url)}/articles/v1/';

MSCK REPAIR TABLE article_objects;

CREATE TABLE IF NOT EXISTS article_manifests (
    parts array<struct<`key`:string>>,
    replaces array<string>
)
USING json
OPTIONS (multiLine 'true', recursiveFileLookup 'true', pathGlobFilter 'manifest.json')
LOCATION '{_root(url)}/_meta/v1/runs/';

CREATE OR REPLACE VIEW article_parts AS
SELECT explode(parts.key) AS key FROM article_manifests
EXCEPT
SELECT explode(replaces) FROM article_manifests;

CREATE OR REPLACE VIEW article_versions AS
SELECT article_objects.* FROM article_objects
WHERE article_objects._metadata.file_name IN (SELECT substring_index(key, '/', -1) FROM article_parts);

{_articles()}"""


def _articles() -> str:
    names = ", ".join([*hints(Article), "dt"])
    return f"""\
CREATE OR REPLACE VIEW articles AS
SELECT {names} FROM (
    SELECT *, {_NEWEST} AS newest FROM article_versions
) WHERE newest = 1 AND (pubStatus IS NULL OR pubStatus <> 'canceled');
"""


class _Dialect(typing.NamedTuple):
    scalars: dict[type, str]
    array: Callable[[str], str]
    struct: Callable[[list[tuple[str, str]]], str]


_DUCKDB = _Dialect(
    {str: "VARCHAR", int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN"},
    lambda item: f"{item}[]",
    lambda members: "STRUCT(" + ", ".join(f'"{name}" {kind}' for name, kind in members) + ")",
)
# Spark reads Hive's types as they stand.
_HIVE = _Dialect(
    {str: "string", int: "bigint", float: "double", bool: "boolean"},
    lambda item: f"array<{item}>",
    lambda members: "struct<" + ",".join(f"`{name}`:{kind}" for name, kind in members) + ">",
)


def _type(hint: Any, dialect: _Dialect) -> str:
    inner, _ = strip_none(hint)
    if typing.get_origin(inner) is list:
        return dialect.array(_type(typing.get_args(inner)[0], dialect))
    if isinstance(inner, type) and is_dataclass(inner):
        return dialect.struct([(name, _type(member, dialect)) for name, member in hints(inner).items()])
    return dialect.scalars[str if issubclass(inner, StrEnum) else inner]


def _quoted(name: str, mark: str) -> str:
    return f"{mark}{name}{mark}"


def _root(url: str) -> str:
    """The lake's address as the engines write it: a folder without its scheme."""
    return (unquote(url.removeprefix("file://")) if url.startswith("file:") else url).rstrip("/")
