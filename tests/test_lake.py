"""Reading the lake: what manifests name and none replaces, each row once, also while parts are replaced."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.delivery.batches import pack
from pipelines.delivery.compression import Compression
from pipelines.delivery.lake import LakeDamaged, PartGone, erased_ids, lines, live_parts, manifests, part_lines
from pipelines.delivery.manifest import Kind, ManifestPart, manifest_key
from pipelines.delivery.sinks import Sink, open_sink
from tests.lakes import DAY, NEXT_DAY, make_row, put_manifest
from tests.lakes import put_part as put_rows

compressions = pytest.mark.parametrize("compression", Compression)


@pytest.fixture
def sink(tmp_path: Path) -> Sink:
    return open_sink(f"file://{tmp_path}/lake")


def put_part(sink: Sink, run_id: str, *numbers: int, **options: Any) -> ManifestPart:
    return put_rows(sink, run_id, map(make_row, numbers), **options)


def read(sink: Sink, dt: str | None = None) -> list[int]:
    return [json.loads(line)["number"] for line in lines(sink, dt)]


@compressions
def test_rows_are_read_by_day_and_run_whatever_their_compression(sink: Sink, compression: Compression) -> None:
    late = put_part(sink, "run-1", 3, dt=NEXT_DAY, compression=compression)
    put_manifest(sink, "run-1", late, put_part(sink, "run-1", 1, compression=compression))
    put_manifest(sink, "run-2", put_part(sink, "run-2", 2))
    assert read(sink) == [1, 2, 3]
    assert read(sink, NEXT_DAY) == [3]
    assert late.key.endswith(compression.suffix)


def test_a_part_that_no_manifest_names_is_not_read(sink: Sink) -> None:
    put_part(sink, "run-1", 1)
    assert (read(sink), manifests(sink)) == ([], [])


def test_a_replaced_part_is_not_read_while_it_is_still_there(sink: Sink) -> None:
    small = [put_part(sink, f"run-{number}", number) for number in (1, 2)]
    for part in small:
        put_manifest(sink, part.key.split("part-")[1][:5], part)
    put_manifest(sink, "rewrite-1", put_part(sink, "rewrite-1", 1, 2), replaces=small, kind=Kind.COMPACT)
    assert read(sink) == [1, 2]
    assert len(sink.list("articles/")) == 3


def test_a_part_that_two_manifests_name_is_read_once(sink: Sink) -> None:
    part = put_part(sink, "run-1", 1)
    put_manifest(sink, "run-1", part)
    put_manifest(sink, "run-2", part)
    assert read(sink) == [1]


class Replaced:
    """A sink whose first part is replaced, and gone, when it is read for the first time."""

    def __init__(self, sink: Sink, root: Path, small: list[ManifestPart]) -> None:
        self._sink, self._root, self._small = sink, root, small
        self.address, self.list = sink.address, sink.list

    def get(self, key: str) -> bytes | None:
        if key == self._small[-1].key:
            put_manifest(
                self._sink, "rewrite-1", put_part(self._sink, "rewrite-1", 1, 2, 3), replaces=self._small, kind=Kind.COMPACT
            )
            for part in self._small:
                (self._root / part.key).unlink()
        return self._sink.get(key)


def test_each_row_is_read_once_when_parts_are_replaced_and_removed_meanwhile(sink: Sink, tmp_path: Path) -> None:
    small = [put_part(sink, "run-1", 1), put_part(sink, "run-2", 2, 3)]
    for number, part in enumerate(small, 1):
        put_manifest(sink, f"run-{number}", part)
    assert read(Replaced(sink, tmp_path / "lake", small)) == [1, 2, 3]  # type: ignore[arg-type]


def test_a_part_that_is_missing_for_good_is_named(sink: Sink, tmp_path: Path) -> None:
    part = put_part(sink, "run-1", 1)
    put_manifest(sink, "run-1", part)
    (tmp_path / "lake" / part.key).unlink()
    with pytest.raises(PartGone, match=r"part-run-1-00001"):
        list(part_lines(sink, part))
    with pytest.raises(LakeDamaged, match=DAY):
        read(sink)


def test_a_part_with_other_bytes_is_named(sink: Sink, tmp_path: Path) -> None:
    part = put_part(sink, "run-1", 1)
    put_manifest(sink, "run-1", part)
    (tmp_path / "lake" / part.key).write_bytes(pack([make_row(2)]).body)
    with pytest.raises(LakeDamaged, match=r"part-run-1-00001.*not the object that its manifest names"):
        read(sink)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"half"])
def test_a_manifest_that_is_none_is_named(sink: Sink, body: bytes) -> None:
    sink.put(manifest_key("run-1"), body)
    with pytest.raises(LakeDamaged, match=r"runs/run-1/manifest\.json is no manifest"):
        list(live_parts(sink))


def test_a_manifest_of_the_first_release_is_read(sink: Sink) -> None:
    put_manifest(sink, "run-1", put_part(sink, "run-1", 1))
    table = json.loads(sink.get(manifest_key("run-1")) or b"")
    del table["kind"], table["replaces"]
    sink.put(manifest_key("run-2"), json.dumps(table | {"runId": "run-2", "manifestVersion": "1.0"}).encode())
    assert [(manifest.kind, manifest.replaces) for manifest in manifests(sink)] == [(Kind.CRAWL, [])] * 2
    assert read(sink) == [1]


def test_what_was_erased_is_known_by_its_records(sink: Sink) -> None:
    assert erased_ids(sink) == set()
    sink.put(f"_meta/v1/erasures/{'a' * 32}.json", b"{}")
    assert erased_ids(sink) == {"a" * 32}
