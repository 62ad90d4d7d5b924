"""The model, the JSON Schema, the DDL and the documentation say the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from jsonschema import Draft202012Validator, ValidationError

from pipelines.deliver import finish_run
from pipelines.delivery.batches import pack, part_key
from pipelines.delivery.ddl import athena, spark
from pipelines.delivery.fields import FIELDS, field_table, hints
from pipelines.delivery.schema import json_schema, schema_files, to_dict, to_line
from pipelines.delivery.sinks import open_sink
from pipelines.items import Article
from pipelines.store import Verdict, open_store
from tests.builders import NOW, make_article, make_link

DOCS = Path(__file__).parent.parent / "docs/article.md"
MARKED = re.compile(r"(<!-- fields: [^>]* -->\n)(.*)(<!-- /fields -->)", re.S)


@pytest.fixture
def line() -> dict[str, Any]:
    return to_dict(make_article())


def validate(line: dict[str, Any]) -> None:
    Draft202012Validator(json_schema()).validate(line)


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


def test_an_article_is_valid_by_the_schema(line: dict[str, Any]) -> None:
    validate(line)


def test_a_line_has_every_key_in_the_models_order_and_unescaped_text() -> None:
    line = to_line(make_article())
    assert list(json.loads(line)) == list(hints(Article))
    assert line.endswith(b"}\n")
    assert line.count(b"\n") == 1
    assert "Größe 千 🙂".encode() in line


@pytest.mark.parametrize("name", list(hints(Article)))
def test_a_line_without_a_key_is_refused(line: dict[str, Any], name: str) -> None:
    del line[name]
    with pytest.raises(ValidationError, match=f"'{name}' is a required property"):
        validate(line)


def make_unknown(line: dict[str, Any]) -> None:
    line["surprise"] = 1


def make_unknown_inside(line: dict[str, Any]) -> None:
    line["publisher"]["surprise"] = 1


@pytest.mark.parametrize(
    "spoil",
    [
        make_unknown,
        make_unknown_inside,
        lambda line: line.update(description=""),
        lambda line: line.update(keywords=None),
        lambda line: line.update(changeClass="new"),
        lambda line: line.update(id="not-hex"),
        lambda line: line.update(datePublished="2025-08-13T10:00:00+02:00"),
        lambda line: line.update(datePublished="2025-08-13"),
        lambda line: line.update(wordCount="8"),
        lambda line: line["blocks"][0].pop("level"),
        lambda line: line["authors"][0].update(type="robot"),
    ],
)
def test_a_line_that_breaks_the_contract_is_refused(line: dict[str, Any], spoil: Callable[[dict[str, Any]], None]) -> None:
    spoil(line)
    with pytest.raises(ValidationError):
        validate(line)


def test_what_may_be_null_may_be_null(line: dict[str, Any]) -> None:
    validate(line | dict.fromkeys(("headline", "datePublished", "mainImage", "changeClass", "storyId", "isAccessibleForFree")))


def test_no_two_keys_differ_only_in_case() -> None:
    names = [name.lower() for name in hints(Article)]
    assert len(names) == len(set(names))


def test_every_field_has_its_meaning() -> None:
    assert set(FIELDS) == set(hints(Article))


def test_the_table_in_the_docs_is_the_models() -> None:
    text = DOCS.read_text(encoding="utf-8")
    marked = MARKED.search(text)
    assert marked, f"{DOCS} has lost its marks"
    if marked[2] != f"\n{field_table()}\n":
        DOCS.write_text(MARKED.sub(lambda found: f"{found[1]}\n{field_table()}\n{found[3]}", text), encoding="utf-8")
        pytest.fail(f"the table in {DOCS} was not the model's; it has been written anew, review the change")


@pytest.mark.parametrize("ddl", [athena, spark])
def test_the_ddl_names_every_field_and_closes_what_it_opens(ddl: Callable[[str], str]) -> None:
    text = ddl("s3://bucket/lake")
    assert re.findall(r"^    `(\w+)` ", text, re.M) == list(hints(Article))
    assert "'s3://bucket/lake/articles/v1/'" in text
    for opened, closed in ("()", "<>"):
        assert text.count(opened) == text.count(closed)


def test_duckdb_reads_the_newest_version_of_what_manifests_name(tmp_path: Path) -> None:
    sink, store = open_sink(f"file://{tmp_path}/the%20lake"), open_store(f"sqlite://{tmp_path}/store.db")
    for version in (1, 2):
        run_id = f"run-{version}"
        store.start_run(run_id, "news", NOW)
        article = make_article(1, version=version, contentHash=f"{version}" * 64, headline=f"Version {version}")
        store.commit(make_link(version), article, run_id=run_id, now=NOW)
        finish_run(store, sink, run_id, NOW, verdict=Verdict.OK)
    store.close()
    unnamed = pack([to_line(make_article(9))])
    sink.put(part_key("run-3", 1, "2025-08-13", unnamed.sha256), unnamed.body)
    with duckdb.connect() as database:
        database.execute((sink.get("_meta/v1/schema/duckdb.sql") or b"").decode())
        rows = database.execute("SELECT headline, version, dt::VARCHAR, blocks[1].text, publisher.country FROM articles")
        assert rows.fetchall() == [("Version 2", 2, "2025-08-13", make_article(1).articleBody, "DE")]
        assert database.execute("SELECT count(*) FROM article_versions").fetchall() == [(2,)]
        columns = [name for name, *_ in database.execute("DESCRIBE articles").fetchall()]
    assert columns == [*hints(Article), "dt"]


def test_the_schema_files_do_not_change_from_run_to_run() -> None:
    first = schema_files("s3://bucket/lake")
    json_schema.cache_clear()
    assert schema_files("s3://bucket/lake") == first
    assert json.loads(first["article-1.0.json"]) == json_schema()
