"""One contract for both sinks, then what each of them answers to its own troubles."""

from __future__ import annotations

import errno
import os
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.delivery import s3 as s3_sink
from pipelines.delivery.batches import pack, unpack
from pipelines.delivery.sinks import Put, Sink, open_sink
from pipelines.errors import DeliveryError, SinkError
from tests.servers import S3Server, altering_proxy, answering_server

PART = "articles/v1/dt=2025-08-13/part-run-1-00001-00000000.jsonl.gz"


@pytest.fixture(params=["folder", "s3"])
def sink(request: pytest.FixtureRequest, tmp_path: Path) -> Sink:
    if request.param == "folder":
        return open_sink(f"file://{tmp_path}/my%20lake")
    return open_sink(f"s3://{request.getfixturevalue('bucket')}/my/prefix")


def test_what_is_put_is_got(sink: Sink) -> None:
    assert sink.put(PART, b"\x00\xffbytes") is Put.CREATED
    assert sink.get(PART) == b"\x00\xffbytes"


def test_an_object_is_never_replaced(sink: Sink) -> None:
    sink.put(PART, b"first")
    assert sink.put(PART, b"first") is Put.EXISTS
    assert sink.put(PART, b"second") is Put.TAKEN
    assert sink.get(PART) == b"first"


def test_an_empty_object_is_an_object(sink: Sink) -> None:
    assert sink.put("_meta/v1/runs/run-1/_SUCCESS", b"") is Put.CREATED
    assert sink.get("_meta/v1/runs/run-1/_SUCCESS") == b""


def test_only_a_replacing_put_takes_an_objects_place(sink: Sink) -> None:
    for body in (b"first", b"second", b""):
        sink.replace("_meta/v1/schema/duckdb.sql", body, content_type="text/plain")
        assert sink.get("_meta/v1/schema/duckdb.sql") == body


def test_what_is_removed_is_gone_and_may_be_put_again(sink: Sink) -> None:
    for versions in (False, True):
        sink.put(PART, b"first")
        sink.put(f"{PART}2", b"another")
        sink.remove(PART, versions=versions)
        sink.remove(PART, versions=versions)
        assert sink.get(PART) is None
        assert sink.list("articles/") == [f"{PART}2"]
    assert sink.put(PART, b"second") is Put.CREATED


def test_what_is_not_there_is_none(sink: Sink) -> None:
    assert sink.get(PART) is None
    assert sink.list("articles/") == []


def test_a_listing_is_sorted_and_relative(sink: Sink) -> None:
    for name in ("b", "a/c", "a/b", "ab"):
        sink.put(f"_meta/{name}", b"x")
    assert sink.list("_meta/a") == ["_meta/a/b", "_meta/a/c", "_meta/ab"]
    assert sink.list("") == ["_meta/a/b", "_meta/a/c", "_meta/ab", "_meta/b"]


def test_of_many_puts_at_once_one_creates(sink: Sink) -> None:
    bodies = [b"%d" % number * 1000 for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda body: sink.put(PART, body), bodies))
    assert found.count(Put.CREATED) == 1
    assert sink.get(PART) == bodies[found.index(Put.CREATED)]


def test_a_reader_never_sees_half_an_object(sink: Sink) -> None:
    body = pack(os.urandom(300).hex().encode() + b"\n" for _ in range(1500)).body
    done, seen, torn = threading.Event(), set(), []

    def read() -> None:
        while not done.is_set():
            for key in sink.list("articles/"):
                seen.add(key)
                try:
                    unpack(sink.get(key) or b"")
                except (ValueError, zlib.error) as error:
                    torn.append((key, error))

    reader = threading.Thread(target=read)
    reader.start()
    keys = [f"{PART}{number}" for number in range(10)]
    for key in keys:
        sink.put(key, body)
    done.set()
    reader.join()
    assert torn == []
    assert seen <= set(keys) == set(sink.list("articles/"))


def test_a_check_passes_twice_and_leaves_nothing_under_the_data(sink: Sink) -> None:
    sink.check()
    sink.check()
    assert sink.list("articles/") == []


def test_the_url_opens_the_same_sink(sink: Sink) -> None:
    sink.put(PART, b"x")
    assert open_sink(sink.url).get(PART) == b"x"
    assert open_sink(sink.url + "/").address == sink.address


@pytest.mark.parametrize("url", ["", "lake", "file://lake", "http://lake/x", "s3://", "s3:///prefix", "s3:lake"])
def test_an_address_that_is_none_is_refused_with_what_is_allowed(url: str) -> None:
    with pytest.raises(SinkError, match=r"file:///absolute/folder or s3://bucket/prefix"):
        open_sink(url)


def test_a_refused_address_does_not_print_its_password() -> None:
    with pytest.raises(SinkError) as refused:
        open_sink("s3://key:secret@lake/prefix")
    assert "secret" not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SinkError, match=r"file/lake cannot be written.*NEWS_SINK"):
        open_sink(f"file://{tmp_path}/file/lake").check()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SinkError, match="Permission denied"):
        open_sink(f"file://{tmp_path}/lake").check()


def test_a_file_system_without_hard_links_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(source: str, target: str) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(SinkError, match="hard links"):
        open_sink(f"file://{tmp_path}").check()


def test_a_full_disk_is_an_outage_and_no_wrong_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: object, target: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.link", full)
    with pytest.raises(DeliveryError, match=r"cannot be written now: .*No space left"):
        open_sink(f"file://{tmp_path}/lake").check()


def test_a_folder_that_breaks_during_a_run_is_a_delivery_error(tmp_path: Path) -> None:
    sink = open_sink(f"file://{tmp_path}/lake")
    sink.check()
    (tmp_path / "lake/articles/v1/dt=2025-08-13").write_text("in the way")
    with pytest.raises(DeliveryError, match="stays in the outbox"):
        sink.put(PART, b"x")


def test_what_killed_processes_left_is_swept_after_a_day(tmp_path: Path) -> None:
    sink = open_sink(f"file://{tmp_path}")
    sink.check()
    old, new = tmp_path / ".tmp/old", tmp_path / ".tmp/new"
    for path in (old, new):
        path.write_text("half")
    os.utime(old, (0, 0))
    assert sink.list("") == []
    sink.check()
    assert [path.name for path in (tmp_path / ".tmp").iterdir()] == ["new"]


def test_a_missing_bucket_is_refused_by_name(bucket: str) -> None:
    with pytest.raises(SinkError, match=r"s3://no-such-lake/x at http://127.*bucket does not exist; create it.*NEWS_SINK"):
        open_sink("s3://no-such-lake/x").check()


@pytest.mark.parametrize("variable", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_refused_credentials_name_their_variable(bucket: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "not-this-one")
    with pytest.raises(SinkError, match=f"credentials are refused; check {variable}") as refused:
        open_sink(f"s3://{bucket}").check()
    assert "not-this-one" not in str(refused.value)


def test_missing_credentials_name_the_variables(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(SinkError, match="no credentials; set AWS_ACCESS_KEY_ID"):
        open_sink(f"s3://{bucket}").check()


def test_a_profile_that_is_not_there_is_named(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(SinkError, match="AWS_PROFILE names a profile that is not there"):
        open_sink(f"s3://{bucket}").check()


def test_an_endpoint_that_does_not_answer_is_named(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(DeliveryError, match=r"127\.0\.0\.1:1.*does not answer; check AWS_ENDPOINT_URL"):
        open_sink(f"s3://{bucket}").check()


def test_credentials_refused_during_a_run_are_a_delivery_error(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "expired")
    with pytest.raises(DeliveryError, match="credentials are refused"):
        open_sink(f"s3://{bucket}").put(PART, b"x")


def test_an_upload_that_was_corrupted_on_its_way_is_refused(s3: S3Server, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if s3.kind == "moto":
        pytest.skip("moto checks no body")
    monkeypatch.setattr(s3_sink, "_AGAIN_PAUSE_S", 0.001)
    with altering_proxy(s3.endpoint, b"harbour", b"herbour") as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        with pytest.raises(DeliveryError, match="corrupted on its way"):
            open_sink(f"s3://{bucket}").put(PART, b"the harbour")
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3.endpoint)
    assert open_sink(f"s3://{bucket}").get(PART) is None


def test_a_conflict_and_a_throttled_put_are_tried_again(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_sink, "_AGAIN_PAUSE_S", 0.001)
    with answering_server([409, 503, 409, 200]) as (endpoint, asked):
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        assert open_sink(f"s3://{bucket}").put("x", b"x") is Put.CREATED
    assert asked == [f"/{bucket}/x"] * 4


def test_a_conflict_that_stays_is_a_delivery_error(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3_sink, "_AGAIN_PAUSE_S", 0.001)
    with answering_server([409]) as (endpoint, asked):
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        with pytest.raises(DeliveryError):
            open_sink(f"s3://{bucket}").put("x", b"x")
    assert len(asked) == s3_sink._AGAIN_TRIES


def test_a_server_that_ignores_conditions_is_refused(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering_server([200]) as (endpoint, _):
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        with pytest.raises(SinkError, match=r"no conditional puts \(If-None-Match\)"):
            open_sink(f"s3://{bucket}").check()


def test_a_folder_that_cannot_be_read_is_no_empty_one(tmp_path: Path) -> None:
    sink = open_sink(f"file://{tmp_path}")
    assert sink.list("articles/v1/") == []
    (tmp_path / "articles").write_text("a file in the place of a folder")
    with pytest.raises(DeliveryError, match="articles/v1/ cannot be listed: "):
        sink.list("articles/v1/")
