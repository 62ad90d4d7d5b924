"""Each committed article in exactly one part that exactly one manifest names, whatever breaks on the way."""

from __future__ import annotations

import hashlib
import json
import random
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.deliver import Delivered, deliver, finish_run, put_schemas, recover
from pipelines.delivery import compression
from pipelines.delivery.batches import Limits, fill, pack, part_key, unpack
from pipelines.delivery.compression import Compression
from pipelines.delivery.manifest import ManifestConflict, build, manifest_key, parse, success_key
from pipelines.delivery.schema import to_line
from pipelines.delivery.sinks import Sink, open_sink
from pipelines.errors import DeliveryError
from pipelines.items import Reason, Rejected
from pipelines.store import Store, Verdict
from pipelines.store.protocol import Row
from tests.builders import NOW, make_article, make_link
from tests.cli import steps_of

ROOT = Path(__file__).parent.parent
LATER = NOW + timedelta(hours=1)
lines = st.lists(st.binary().map(lambda line: line.replace(b"\n", b"") + b"\n"))


@pytest.fixture
def store(open_: Callable[[], Store]) -> Store:
    store = open_()
    store.start_run("run-1", "news", NOW, code_hash="c0de", config_hash="c0ff")
    return store


@pytest.fixture
def sink(tmp_path: Path) -> Sink:
    return open_sink(f"file://{tmp_path}/lake")


def commit(store: Store, *numbers: int, run_id: str = "run-1") -> None:
    for number in numbers:
        store.commit(make_link(number), make_article(number), run_id=run_id, now=NOW)


def ids(sink: Sink) -> list[str]:
    """The ids of all records that manifests name."""
    keys = [key for key in sink.list("_meta/v1/runs/") if key.endswith("manifest.json")]
    parts = [part for key in keys for part in parse(sink.get(key) or b"").parts]
    return [json.loads(line)["id"] for part in parts for line in unpack(sink.get(part.key) or b"")]


class Refusing:
    """A sink that refuses some puts, by their number from 1; the answer to a put in `lost` does not come back."""

    def __init__(self, sink: Sink, refused: set[int] = frozenset(), lost: set[int] = frozenset()) -> None:  # type: ignore[assignment]
        self._sink, self._refused, self._lost, self.puts = sink, refused, lost, 0
        self.url, self.address, self.get, self.list, self.check = sink.url, sink.address, sink.get, sink.list, sink.check
        self.put, self.replace, self.remove = self._counted(sink.put), self._counted(sink.replace), sink.remove

    def _counted(self, put: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            self.puts += 1
            if self.puts in self._refused:
                raise DeliveryError("refused")
            found = put(*arguments, **options)
            if self.puts in self._lost:
                raise DeliveryError("no answer")
            return found

        return counted


# Parts


@given(lines, st.sampled_from(Compression))
def test_what_is_packed_is_unpacked(given_lines: list[bytes], how: Compression) -> None:
    packed = pack(given_lines, how)
    assert unpack(packed.body) == given_lines
    assert (packed.rows, packed.sha256) == (len(given_lines), hashlib.sha256(packed.body).hexdigest())


@given(lines, st.sampled_from(Compression), st.data())
def test_a_part_that_is_cut_short_is_no_part(given_lines: list[bytes], how: Compression, data: st.DataObject) -> None:
    body = pack(given_lines, how).body
    cut = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises(ValueError):
        unpack(body[:cut])


@pytest.mark.parametrize("how", Compression)
def test_a_part_with_a_flipped_bit_or_a_longer_one_is_no_part(how: Compression) -> None:
    body = pack([b"the harbour is closed\n" * 50], how).body
    flipped = bytearray(body)
    flipped[-6] ^= 1  # in the checksum at its end, or just before it
    for spoilt in (bytes(flipped), body + b"x", body + body):
        with pytest.raises(ValueError):
            unpack(spoilt)


def test_parts_are_put_in_zstandard_where_that_is_asked_for(store: Store, sink: Sink) -> None:
    commit(store, 1, 2)
    limits = Limits(compression=Compression.ZSTD)
    [part] = finish_run(store, sink, "run-1", NOW, verdict=Verdict.OK, limits=limits).parts
    assert part.key.endswith(".jsonl.zst")
    assert unpack(sink.get(part.key) or b"") == [to_line(make_article(1)), to_line(make_article(2))]


def test_a_part_that_is_there_stays_when_the_compression_is_changed(store: Store, sink: Sink) -> None:
    commit(store, *range(20))
    with pytest.raises(DeliveryError):
        deliver(store, Refusing(sink, lost={1}), "run-1", NOW, close=True)
    manifest = finish_run(store, sink, "run-1", LATER, verdict=Verdict.OK, limits=Limits(compression=Compression.ZSTD))
    assert [part.key for part in manifest.parts] == sink.list("articles/")
    assert manifest.parts[0].key.endswith(".jsonl.gz")


def test_the_header_of_a_part_has_no_time_and_no_name() -> None:
    header = pack([b"{}\n"]).body[:10]
    assert header[:3] == b"\x1f\x8b\x08"
    assert header[3:8] == bytes(5)


def test_the_key_of_a_part_is_the_contracts() -> None:
    key = part_key("run-1", 7, "2025-08-13", "0123456789abcdef")
    assert key == "articles/v1/dt=2025-08-13/part-run-1-00007-01234567.jsonl.gz"


@pytest.mark.parametrize("how", Compression)
def test_a_part_is_filled_up_to_its_compressed_size(how: Compression) -> None:
    rows = [Row(number, random.Random(number).randbytes(2000).hex().encode() + b"\n") for number in range(1, 400)]
    last = fill(iter(rows), 100_000, how)
    assert last < 399
    assert 100_000 <= len(pack((row.line for row in rows[:last]), how).body) < 220_000
    assert fill(iter(rows), 2**30, how) == 399
    assert fill(iter([]), 100, how) == 0


# Delivering


def test_nothing_is_put_before_a_part_is_due(store: Store, sink: Sink) -> None:
    commit(store, 1, 2)
    assert deliver(store, sink, "run-1", NOW + timedelta(minutes=14, seconds=59)) == Delivered()
    assert sink.list("") == []


def test_a_part_is_due_after_fifteen_minutes(store: Store, sink: Sink) -> None:
    commit(store, 1, 2)
    delivered = deliver(store, sink, "run-1", NOW + timedelta(minutes=15))
    [key] = sink.list("articles/")
    body = sink.get(key) or b""
    assert delivered == Delivered(1, 2, len(body))
    assert unpack(body) == [to_line(make_article(1)), to_line(make_article(2))]
    assert key.endswith(f"/part-run-1-00001-{hashlib.sha256(body).hexdigest()[:8]}.jsonl.gz")


def test_a_part_is_due_at_its_size(store: Store, sink: Sink) -> None:
    commit(store, *range(30))
    limits = Limits(part_bytes=1000)
    assert deliver(store, sink, "run-1", NOW, limits=limits).rows == 30
    assert deliver(store, sink, "run-1", NOW, limits=limits) == Delivered()


def test_large_runs_become_several_parts(store: Store, sink: Sink) -> None:
    texts = {n: "".join(hashlib.sha512(b"%d.%d" % (n, k)).hexdigest() for k in range(300)) for n in range(12)}
    for number, text in texts.items():
        store.commit(make_link(number), make_article(number, articleBody=text), run_id="run-1", now=NOW)
    manifest = finish_run(store, sink, "run-1", NOW, verdict=Verdict.OK, limits=Limits(part_bytes=50_000))
    assert len(manifest.parts) > 2
    assert ids(sink) == [make_article(number).id for number in range(12)]


def test_rows_that_are_committed_meanwhile_go_into_a_later_part(store: Store, sink: Sink) -> None:
    commit(store, 1)
    deliver(store, sink, "run-1", NOW, close=True)
    commit(store, 2)
    manifest = finish_run(store, sink, "run-1", LATER, verdict=Verdict.OK)
    assert [part.rows for part in manifest.parts] == [1, 1]


def test_a_thread_delivers_while_others_commit(store: Store, sink: Sink) -> None:
    done, failed = threading.Event(), []

    def keep_delivering() -> None:
        try:
            while not done.is_set():
                deliver(store, sink, "run-1", NOW, close=True)
        except Exception as error:  # noqa: BLE001 - a thread's exception is lost otherwise
            failed.append(error)

    thread = threading.Thread(target=keep_delivering)
    thread.start()
    commit(store, *range(60))
    done.set()
    thread.join()
    finish_run(store, sink, "run-1", LATER, verdict=Verdict.OK)
    assert failed == []
    assert ids(sink) == [make_article(number).id for number in range(60)]


def test_a_refused_part_stays_and_is_put_by_the_next_call(store: Store, sink: Sink) -> None:
    commit(store, 1, 2)
    with pytest.raises(DeliveryError):
        deliver(store, Refusing(sink, refused={1}), "run-1", NOW, close=True)
    assert sink.list("articles/") == []
    commit(store, 3)
    finish_run(store, sink, "run-1", LATER, verdict=Verdict.OK)
    assert ids(sink) == [make_article(number).id for number in (1, 2, 3)]


@pytest.mark.parametrize("lost", range(1, 8))
def test_a_put_whose_answer_is_lost_is_put_again_without_harm(store: Store, sink: Sink, lost: int) -> None:
    commit(store, 1, 2)
    with pytest.raises(DeliveryError, match="no answer"):
        finish_run(store, Refusing(sink, lost={lost}), "run-1", NOW, verdict=Verdict.OK)
    finish_run(store, sink, "run-1", LATER, verdict=Verdict.DEGRADED)
    assert ids(sink) == [make_article(1).id, make_article(2).id]
    assert len(sink.list("articles/")) == 1


def test_another_compressor_does_not_put_a_part_twice(store: Store, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """The object is there, its mark is not, and the next process has another zlib."""
    commit(store, *range(20))
    with pytest.raises(DeliveryError):
        deliver(store, Refusing(sink, lost={1}), "run-1", NOW, close=True)
    monkeypatch.setattr(compression, "_GZIP_LEVEL", 1)
    manifest = finish_run(store, sink, "run-1", LATER, verdict=Verdict.OK)
    assert [part.key for part in manifest.parts] == sink.list("articles/")
    assert len(ids(sink)) == 20


def test_a_sealed_part_that_never_arrived_may_become_other_bytes(
    store: Store, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(store, *range(20))
    with pytest.raises(DeliveryError):
        deliver(store, Refusing(sink, refused={1}), "run-1", NOW, close=True)
    monkeypatch.setattr(compression, "_GZIP_LEVEL", 1)
    [part] = finish_run(store, sink, "run-1", LATER, verdict=Verdict.OK).parts
    body = sink.get(part.key) or b""
    assert (part.bytes, part.sha256) == (len(body), hashlib.sha256(body).hexdigest())
    assert part.key in sink.list("articles/")


def test_parts_that_lie_in_another_sink_are_put_again(store: Store, sink: Sink, tmp_path: Path) -> None:
    """NEWS_SINK was changed between a killed run and the next one: a manifest names what lies beside it."""
    commit(store, 1)
    deliver(store, sink, "run-1", NOW, close=True)
    moved = open_sink(f"file://{tmp_path}/moved")
    finish_run(store, moved, "run-1", LATER, verdict=Verdict.OK)
    assert ids(moved) == [make_article(1).id]


# The manifest


def test_the_manifest_says_what_was_committed(store: Store, sink: Sink) -> None:
    commit(store, 1, 2)
    store.commit(make_link(3), make_article(3, datePublished=None), run_id="run-1", now=NOW)
    store.commit(make_link(4, publisher="b"), Rejected(Reason.EMPTY), run_id="run-1", now=NOW)
    finish_run(store, sink, "run-1", LATER, verdict=Verdict.DEGRADED, sites=["example", "silent"])
    manifest = json.loads(sink.get("_meta/v1/runs/run-1/manifest.json") or b"")
    [part] = manifest.pop("parts")
    body = sink.get(part["key"]) or b""
    assert part == {
        "key": part["key"],
        "dt": "2025-08-13",
        "bytes": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
        "rows": 3,
    }
    nothing = {"pages": 0, "articles": 0, "undated": 0, "rejected": {}}
    assert manifest == {
        "manifestVersion": "1.1",
        "schemaVersion": "1.0",
        "kind": "crawl",
        "runId": "run-1",
        "spider": "news",
        "startedAt": "2025-08-13T09:30:00Z",
        "finishedAt": "2025-08-13T10:30:00Z",
        "verdict": "degraded",
        "codeHash": "c0de",
        "configHash": "c0ff",
        "rows": 3,
        "counts": {"pages": 4, "articles": 3, "undated": 1, "rejected": {"empty": 1}},
        "sites": {
            "b": nothing | {"pages": 1, "rejected": {"empty": 1}},
            "example": nothing | {"pages": 3, "articles": 3, "undated": 1},
            "silent": nothing,
        },
        "replaces": [],
    }
    assert sink.get("_meta/v1/runs/run-1/_SUCCESS") == b""
    assert store.pending("run-1") == []


def test_a_manifest_is_read_as_it_was_written(store: Store, sink: Sink) -> None:
    commit(store, 1)
    manifest = finish_run(store, sink, "run-1", LATER, verdict=Verdict.OK, sites=["silent"])
    assert parse(manifest.to_bytes()) == manifest
    assert parse(manifest.to_bytes().replace(b'"rows": 1,\n', b'"rows": 1, "later": {},\n')) == manifest


def test_a_run_without_an_article_has_a_manifest_without_a_part(store: Store, sink: Sink) -> None:
    assert finish_run(store, sink, "run-1", LATER, verdict=Verdict.OK).parts == []
    assert sink.list("articles/") == []
    assert sink.get(success_key("run-1")) == b""


def test_a_finished_run_can_be_finished_again(store: Store, sink: Sink) -> None:
    commit(store, 1)
    first = finish_run(store, sink, "run-1", NOW, verdict=Verdict.OK)
    assert finish_run(store, sink, "run-1", LATER, verdict=Verdict.KILLED) == first


def test_another_manifest_under_the_same_run_is_never_replaced(store: Store, sink: Sink) -> None:
    commit(store, 1)
    sink.put(manifest_key("run-1"), b"{}")
    with pytest.raises(ManifestConflict, match=r"another manifest at _meta/v1/runs/run-1/manifest\.json"):
        finish_run(store, sink, "run-1", LATER, verdict=Verdict.OK)
    assert sink.get(manifest_key("run-1")) == b"{}"
    assert sink.get(success_key("run-1")) is None


def test_a_manifest_whose_rows_are_not_the_articles_is_not_made(store: Store, sink: Sink) -> None:
    commit(store, 1, 2)
    deliver(store, sink, "run-1", NOW, close=True)
    run = store.close_run("run-1", LATER, Verdict.OK)
    parts, counts = store.parts("run-1"), store.counts("run-1")
    with pytest.raises(DeliveryError, match="committed 2 articles but its parts hold 1 rows"):
        build(run, [replace(parts[0], rows=1)], counts)
    with pytest.raises(DeliveryError, match="is not put"):
        build(run, [replace(parts[0], put_to=None)], counts)


def test_the_schema_lies_beside_the_data(store: Store, sink: Sink) -> None:
    finish_run(store, sink, "run-1", LATER, verdict=Verdict.OK)
    names = ["article-1.0.json", "athena.sql", "duckdb.sql", "spark.sql"]
    assert sink.list("_meta/v1/schema/") == [f"_meta/v1/schema/{name}" for name in names]


def test_the_schema_of_an_older_release_is_replaced_and_one_that_is_the_same_is_not(store: Store, sink: Sink) -> None:
    sink.put("_meta/v1/schema/duckdb.sql", b"SELECT 'of an older release';")
    counting = Refusing(sink)
    finish_run(store, counting, "run-1", LATER, verdict=Verdict.OK)
    assert b"article_versions" in (sink.get("_meta/v1/schema/duckdb.sql") or b"")
    again = Refusing(sink)
    put_schemas(again)
    assert (counting.puts, again.puts) == (7, 0)


def test_a_part_whose_key_holds_another_object_is_not_called_delivered(store: Store, sink: Sink) -> None:
    commit(store, 1, 2)
    with pytest.raises(DeliveryError):
        deliver(store, Refusing(sink, lost={1}), "run-1", NOW, close=True)
    [key] = sink.list("articles/")
    sink.replace(key, b"damaged")
    with pytest.raises(DeliveryError, match=f"another object at {key}.*Move it aside"):
        finish_run(store, sink, "run-1", LATER, verdict=Verdict.OK)
    assert (sink.get(key), sink.get(manifest_key("run-1"))) == (b"damaged", None)
    sink.remove(key)
    finish_run(store, sink, "run-1", LATER, verdict=Verdict.OK)
    assert len(ids(sink)) == 2


# Recovery


def test_the_next_run_finishes_a_dead_one_and_writes_its_manifest(store: Store, sink: Sink, open_: Callable[[], Store]) -> None:
    commit(store, 1, 2)
    store.close()
    survivor = open_()
    survivor.start_run("run-2", "news", LATER)
    [recovered] = recover(survivor, sink, LATER)
    assert (recovered.run_id, recovered.error) == ("run-1", None)
    assert recovered.manifest is not None
    assert (recovered.manifest.verdict, recovered.manifest.rows) == ("killed", 2)
    assert recover(survivor, sink, LATER) == []
    assert survivor.is_live("run-2")


def test_a_run_that_lost_its_sink_at_the_end_keeps_its_verdict(store: Store, sink: Sink, open_: Callable[[], Store]) -> None:
    commit(store, 1)
    with pytest.raises(DeliveryError):
        finish_run(store, Refusing(sink, refused={1}), "run-1", NOW, verdict=Verdict.OK, sites=["silent"])
    store.close()
    [recovered] = recover(open_(), sink, LATER)
    assert recovered.manifest is not None
    assert recovered.manifest.verdict == "ok"
    assert recovered.manifest.finishedAt == "2025-08-13T09:30:00Z"
    assert "silent" in recovered.manifest.sites


def test_a_live_run_is_not_recovered(store: Store, sink: Sink, open_: Callable[[], Store]) -> None:
    commit(store, 1)
    assert recover(open_(), sink, LATER) == []
    assert sink.list("") == []


def test_a_sink_that_is_away_is_asked_once_and_everything_stays(store: Store, sink: Sink, open_: Callable[[], Store]) -> None:
    commit(store, 1)
    store.start_run("run-2", "news", NOW)
    commit(store, 2, run_id="run-2")
    store.close()
    survivor, away = open_(), Refusing(sink, refused=set(range(1, 100)))
    [recovered] = recover(survivor, away, LATER)
    assert (recovered.run_id, recovered.error, away.puts) == ("run-1", "refused", 1)
    assert [item.run_id for item in recover(survivor, sink, LATER)] == ["run-1", "run-2"]
    assert sorted(ids(sink)) == sorted([make_article(1).id, make_article(2).id])


def test_a_conflict_of_one_run_does_not_hold_up_the_next(store: Store, sink: Sink, open_: Callable[[], Store]) -> None:
    store.start_run("run-2", "news", LATER)
    commit(store, 2, run_id="run-2")
    store.close()
    sink.put(manifest_key("run-1"), b"{}")
    first, second = recover(open_(), sink, LATER)
    assert "another manifest" in (first.error or "")
    assert second.manifest is not None


@pytest.mark.long
def test_after_a_kill_at_any_step_each_article_is_delivered_once(tmp_path: Path) -> None:
    """SIGKILL after every call to store and sink, in a run and in the recovery of a dead run; then one more run."""
    steps = steps_of("dies_at", tmp_path)
    expected = sorted(make_article(number).id for number in range(9) if number != 4)
    for step in steps:
        found = {"ids": step["ids"], "orphans": step["orphans"], "settled": step["settled"]}
        assert found == {"ids": expected, "orphans": [], "settled": True}, f"{step['scenario']} killed at {step['moment']}"
    killed = [step["scenario"] for step in steps if step["died"]]
    assert killed.count("run") > 60, "the loop reached the end of a run of that many steps"
    assert killed.count("recovery") > 15


# The bucket


def test_a_run_into_a_bucket_ends_with_its_manifest(store: Store, bucket: str) -> None:
    sink = open_sink(f"s3://{bucket}/lake")
    sink.check()
    commit(store, 1, 2, 3)
    deliver(store, sink, "run-1", NOW, close=True)
    with pytest.raises(DeliveryError):
        finish_run(store, Refusing(sink, lost={5}), "run-1", NOW, verdict=Verdict.OK)
    manifest = finish_run(store, sink, "run-1", LATER, verdict=Verdict.OK)
    assert ids(sink) == [make_article(number).id for number in (1, 2, 3)]
    assert parse(sink.get(manifest_key("run-1")) or b"") == manifest
