"""What consumers read: the examples of docs/consumers.md as they stand there, and the DDL, over lakes that had a life."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.compact import compact
from pipelines.deliver import finish_run, put_schemas
from pipelines.delivery.batches import Limits
from pipelines.delivery.compression import Compression
from pipelines.delivery.ddl import athena
from pipelines.delivery.ddl import duckdb as duckdb_ddl
from pipelines.delivery.fields import hints
from pipelines.delivery.lake import lines, live_parts
from pipelines.delivery.manifest import manifest_key
from pipelines.delivery.schema import to_dict
from pipelines.delivery.sinks import Sink, open_sink
from pipelines.erase import erase
from pipelines.items import Article
from pipelines.store import Store, Verdict
from pipelines.values import PubStatus
from tests.builders import NOW, make_article, make_link
from tests.cli import PROJECT
from tests.lakes import DAY, put_manifest, put_part

DOCS = (PROJECT / "docs/consumers.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```(\w+)(?: (\w+))?\n(.*?)^```", DOCS, re.M | re.S)
LATER = NOW + timedelta(days=2)
# Fields that releases before this one did not write yet, as an example of fields that come within 1.x.
NEWER = ("storyId", "completeness", "robots")


def older_line(article: Article) -> bytes:
    """A line as an older release wrote it: without the newer fields, also inside values."""
    line: dict[str, Any] = {name: value for name, value in to_dict(article).items() if name not in NEWER}
    del line["provenance"]["raw"]
    return json.dumps(line).encode() + b"\n"


def run_of(store: Store, sink: Sink, run_id: str, *articles: Article, limits: Limits | None = None) -> None:
    store.start_run(run_id, "news", NOW)
    for number, article in enumerate(articles):
        store.commit(make_link(number), article, run_id=run_id, now=NOW)
    finish_run(store, sink, run_id, NOW, verdict=Verdict.OK, limits=limits)


def fill_lake(sink: Sink, store: Store, *, also_zstd: bool) -> None:
    """A lake that had a life. Current are 1 in version 2, 3, 4 and the older writer's 7: 2 is gone, 5 was erased, 6 has no manifest."""
    put_manifest(sink, "run-0", put_part(sink, "run-0", [older_line(make_article(7))]))
    _make_older(sink, "run-0")
    run_of(store, sink, "run-1", make_article(1), make_article(2), make_article(5))
    second = make_article(1, version=2, contentHash="1" * 64, headline="Version 2")
    gone = make_article(2, version=2, contentHash="2" * 64, pubStatus=PubStatus.CANCELED)
    run_of(store, sink, "run-2", second, gone)
    compact(sink, DAY, NOW, limits=Limits(), grace=timedelta(days=1))
    run_of(store, sink, "run-3", make_article(3))
    erase(store, sink, make_article(5).id, "why", NOW, limits=Limits())
    compact(sink, DAY, LATER, limits=Limits(), grace=timedelta(days=9))
    late = Limits(compression=Compression.ZSTD if also_zstd else Compression.GZIP)
    run_of(store, sink, "run-4", make_article(4), limits=late)
    put_part(sink, "run-9", [json.dumps(to_dict(make_article(6))).encode() + b"\n"])
    put_schemas(sink)


def _make_older(sink: Sink, run_id: str) -> None:
    """The manifest as a release before 1.1 wrote it."""
    table = json.loads(sink.get(manifest_key(run_id)) or b"")
    for name in ("kind", "replaces"):
        del table[name]
    sink.replace(manifest_key(run_id), json.dumps(table | {"manifestVersion": "1.0"}, indent=2).encode())


CURRENT = sorted((make_article(number).id, 2 if number == 1 else 1) for number in (1, 3, 4, 7))
VERSIONS = sorted([*CURRENT, (make_article(1).id, 1), (make_article(2).id, 1), (make_article(2).id, 2)])


def mirror(sink: Sink, folder: Path) -> Path:
    """What a bucket holds, in a folder: DuckDB's own way to S3 is an extension that is not everywhere."""
    for key in sink.list(""):
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sink.get(key) or b"")
    return folder


def found(database: duckdb.DuckDBPyConnection, view: str) -> list[tuple[str, int]]:
    return sorted(database.execute(f"SELECT id, version FROM {view}").fetchall())


# The views


@pytest.mark.parametrize("where", ["folder", "bucket"])
def test_duckdbs_views_are_the_rule(where: str, request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> None:
    url = f"file://{tmp_path}/lake" if where == "folder" else f"s3://{request.getfixturevalue('bucket')}/lake"
    sink = open_sink(url)
    fill_lake(sink, store, also_zstd=True)
    assert len(sink.list("articles/")) > len(list(live_parts(sink))) > 1, (
        "replaced parts are there, and a reader must leave them"
    )
    folder = tmp_path / "lake" if where == "folder" else mirror(sink, tmp_path / "mirror")
    with duckdb.connect() as database:
        database.execute(duckdb_ddl(folder.as_uri()))
        assert (found(database, "article_versions"), found(database, "articles")) == (VERSIONS, CURRENT)
        assert [name for name, *_ in database.execute("DESCRIBE articles").fetchall()] == [*hints(Article), "dt"]
        newer = ", ".join((*NEWER, "provenance.raw"))
        older = database.execute(f"SELECT {newer}, headline FROM articles WHERE id = ?", [make_article(7).id])
        assert older.fetchall() == [(None, None, None, None, make_article(7).headline)]
        assert database.execute("SELECT headline FROM articles WHERE version = 2").fetchall() == [("Version 2",)]


def test_athenas_views_are_the_rule(store: Store, tmp_path: Path) -> None:
    """Its views are SQL that DuckDB reads, too, over tables that DuckDB must be told of in its own words."""
    sink = open_sink(f"file://{tmp_path}/lake")
    fill_lake(sink, store, also_zstd=False)
    root = f"{tmp_path}/lake"
    views = [statement for statement in athena("s3://news/lake").split(";\n") if "CREATE OR REPLACE VIEW" in statement]
    with duckdb.connect() as database:
        database.execute(duckdb_ddl(f"file://{root}"))
        columns = re.search(r"columns = (\{\n.*?\n    \})", duckdb_ddl("s3://news/lake"), re.S)
        assert columns
        database.execute(
            f"CREATE TABLE article_objects AS SELECT *, filename AS \"$path\" FROM read_json('{root}/articles/v1/*/*.jsonl.gz',"
            f" filename = true, hive_partitioning = true, columns = {columns[1]})"
        )
        database.execute(
            f"CREATE TABLE article_manifest_lines AS SELECT unnest(string_split(content, chr(10))) AS line"
            f" FROM read_text('{root}/_meta/v1/runs/*/manifest.json')"
        )
        assert len(views) == 3
        for view in views:
            database.execute(view)
        assert (found(database, "article_versions"), found(database, "articles")) == (VERSIONS, CURRENT)


# The examples


def examples(language: str, name: str = "") -> list[str]:
    return [text for found, named, text in EXAMPLES if (found, named) == (language, name)]


@pytest.fixture
def names(bucket: str, store: Store) -> dict[str, Any]:
    """What the first example has made of a lake in a bucket."""
    fill_lake(open_sink(f"s3://{bucket}/lake"), store, also_zstd=False)
    return executed(examples("python")[0], bucket, {})


def executed(example: str, bucket: str, names: dict[str, Any]) -> dict[str, Any]:
    exec(
        compile(example.replace('"news"', f'"{bucket}"').replace("s3://news/", f"s3://{bucket}/"), "consumers.md", "exec"),
        names,
    )
    return names


def test_the_python_example_reads_the_current_articles(names: dict[str, Any]) -> None:
    assert sorted((article["id"], article["version"]) for article in names["articles"]) == CURRENT


def test_the_example_with_dateline_reads_all_versions(names: dict[str, Any], bucket: str) -> None:
    executed(examples("python")[1], bucket, names)
    assert sorted((article["id"], article["version"]) for article in names["versions"]) == VERSIONS


def test_the_pandas_example_reads_the_current_articles(names: dict[str, Any], bucket: str) -> None:
    [example] = examples("python", "pandas")
    executed(example, bucket, names)
    assert sorted(zip(names["articles"]["id"], names["articles"]["version"], strict=True)) == CURRENT
    assert names["articles"]["datePublished"].map(type).eq(str).all()


def test_the_duckdb_example_counts_articles(names: dict[str, Any], bucket: str, tmp_path: Path) -> None:
    folder = mirror(open_sink(f"s3://{bucket}/lake"), tmp_path / "mirror")
    ddl = duckdb_ddl(folder.as_uri())
    assert duckdb_ddl(f"s3://{bucket}/lake").encode() == names["get"]("_meta/v1/schema/duckdb.sql")
    [connecting], [query] = examples("python", "duckdb"), examples("sql")
    scope = executed(connecting, bucket, {"get": lambda key: ddl.encode()})
    with scope["database"] as database:
        assert database.execute(query).fetchall() == [("example", 4, 4)]


def test_the_spark_example_is_python() -> None:
    [example] = examples("python", "spark")
    compile(example, "consumers.md", "exec")


def test_every_example_is_run_or_compiled() -> None:
    assert sorted((language, name) for language, name, _ in EXAMPLES) == [
        ("python", ""),
        ("python", ""),
        ("python", "duckdb"),
        ("python", "pandas"),
        ("python", "spark"),
        ("sql", ""),
    ]


def test_the_reader_of_this_release_agrees(store: Store, tmp_path: Path) -> None:
    sink = open_sink(f"file://{tmp_path}/lake")
    fill_lake(sink, store, also_zstd=True)
    assert sorted((row["id"], row["version"]) for row in map(json.loads, lines(sink))) == VERSIONS
