"""The S3 sink behind a network and a server that fail in every way on purpose, before a real server."""

from __future__ import annotations

import base64
import json
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from examples.newsroom.server import Newsroom
from pipelines.deliver import deliver, finish_run
from pipelines.delivery import s3 as s3_sink
from pipelines.delivery.batches import Limits
from pipelines.delivery.lake import lines
from pipelines.delivery.sinks import Put, S3Options, Sink, open_sink
from pipelines.errors import DatelineError, DeliveryError, SinkError
from pipelines.store import Store, Verdict, open_store
from tests.builders import NOW, make_article, make_link
from tests.cli import Cli
from tests.faults import Fault, fault_proxy
from tests.servers import Radosgw
from tests.webserver import Answer, WebServer

PART = "articles/v1/dt=2025-08-13/part-run-1-00001-00000000.jsonl.gz"
BODY = b"the harbour is closed " * 5000
PASSING = (
    *(Fault.RESET, Fault.RESET_MID_BODY, Fault.LOST, Fault.ERROR, Fault.SLOW_DOWN, Fault.REDIRECT, Fault.FLIPPED),
    *(Fault.THERE, Fault.FOREIGN, Fault.EMPTY, Fault.MASKED),
)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between tries, which are not made."""
    made: list[float] = []
    clock = SimpleNamespace(sleep=made.append, time=time.time, monotonic=time.monotonic)
    monkeypatch.setattr("botocore.endpoint.time", clock)
    monkeypatch.setattr(s3_sink, "time", clock)
    return made


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_is_tried_again(
    fault: Fault, gateway: Radosgw, bucket: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    with fault_proxy(gateway.endpoint, fault, Fault.PASS, fault) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        sink = open_sink(f"s3://{bucket}")
        found = sink.put(PART, BODY)
        assert sink.put(f"{PART}2", BODY) in Put
    assert found is (Put.EXISTS if fault is Fault.LOST else Put.CREATED)
    assert pauses and min(pauses) > 0
    monkeypatch.setenv("AWS_ENDPOINT_URL", gateway.endpoint)
    reread = open_sink(f"s3://{bucket}")
    assert [reread.get(key) for key in (PART, f"{PART}2")] == [BODY, BODY]


def test_the_pauses_between_tries_grow_at_random(
    gateway: Radosgw, bucket: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    with fault_proxy(gateway.endpoint, *[Fault.SLOW_DOWN] * 100) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        for _ in range(4):
            with pytest.raises(DeliveryError, match="SlowDown"):
                open_sink(f"s3://{bucket}").put(PART, BODY)
    assert len(proxy.asked) == 4 * s3_sink._TRIES
    assert len(set(pauses)) == len(pauses) == 4 * (s3_sink._TRIES - 1)
    rounds = [pauses[start : start + 4] for start in range(0, 16, 4)]
    assert max(max(tries) for tries in rounds) <= 20
    assert sum(tries[3] for tries in rounds) > sum(tries[0] for tries in rounds)


@pytest.mark.parametrize(
    ("fault", "advice"),
    [
        (Fault.FORBIDDEN, "the credentials are refused; check AWS_ACCESS_KEY_ID or AWS_PROFILE"),
        (Fault.EXPIRED, r"the credentials have expired; renew them \(AWS_SESSION_TOKEN\)"),
    ],
)
def test_refused_credentials_are_not_tried_again(
    fault: Fault, advice: str, gateway: Radosgw, bucket: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    with fault_proxy(gateway.endpoint, *[fault] * 3) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        with pytest.raises(DeliveryError, match=advice):
            open_sink(f"s3://{bucket}").put(PART, BODY)
        with pytest.raises(SinkError, match=advice):
            open_sink(f"s3://{bucket}").check()
        with pytest.raises(DeliveryError, match=advice):
            open_sink(f"s3://{bucket}").get(PART)
    assert (len(proxy.asked), pauses) == (3, [])


def test_a_server_that_is_away_for_a_moment_is_found_when_it_is_back(
    gateway: Radosgw, bucket: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    listening = threading.Event()

    class Clock:
        """The server is back after the second refused try."""

        @staticmethod
        def sleep(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 2:
                listening.set()
                deadline = time.monotonic() + 10
                while not _connects(proxy.endpoint) and time.monotonic() < deadline:
                    time.sleep(0.005)

    with fault_proxy(gateway.endpoint, listening=listening) as proxy:
        monkeypatch.setattr("botocore.endpoint.time", Clock)
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        assert open_sink(f"s3://{bucket}").put(PART, BODY) is Put.CREATED
    assert len(pauses) == 2


def test_a_server_that_stays_away_is_given_up_after_some_tries(
    gateway: Radosgw, bucket: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    with fault_proxy(gateway.endpoint, listening=threading.Event()) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        with pytest.raises(DeliveryError, match="the server does not answer; check AWS_ENDPOINT_URL"):
            open_sink(f"s3://{bucket}").put(PART, BODY)
    assert len(pauses) == s3_sink._TRIES - 1


def test_a_server_that_never_answers_is_given_up_after_its_time(
    gateway: Radosgw, bucket: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3_sink, "_READ_TIMEOUT_S", 0.2)
    with fault_proxy(gateway.endpoint, *[Fault.SILENT] * 100) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        began = time.monotonic()
        with pytest.raises(DeliveryError, match="the server does not answer"):
            open_sink(f"s3://{bucket}").put(PART, BODY)
    assert time.monotonic() - began < 10
    assert len(proxy.asked) == s3_sink._TRIES


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.RESET_MID_BODY, Fault.ERROR, Fault.SLOW_DOWN, Fault.SILENT])
def test_a_check_tells_an_outage_from_a_refusal(
    fault: Fault, gateway: Radosgw, bucket: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert s3_sink._CHECK_TRIES * s3_sink._CHECK_TIMEOUT_S + 1 <= 13, "the longest pause before a second try is a second"
    monkeypatch.setattr(s3_sink, "_CHECK_TIMEOUT_S", 0.2)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "50")
    with fault_proxy(gateway.endpoint, *[fault] * 100) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        with pytest.raises(DeliveryError):
            open_sink(f"s3://{bucket}").check()
    assert len(proxy.met) == s3_sink._CHECK_TRIES, "a user's number of tries is for deliveries"


def test_an_answer_that_is_cut_short_is_asked_for_again(
    gateway: Radosgw, bucket: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_sink(f"s3://{bucket}").put(PART, BODY)
    with fault_proxy(gateway.endpoint, Fault.CUT, Fault.CUT) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        assert open_sink(f"s3://{bucket}").get(PART) == BODY
    assert len(proxy.asked) == 3


@pytest.mark.parametrize(
    ("fault", "advice"),
    [
        (Fault.REDIRECT, "the server sends every request elsewhere; check AWS_ENDPOINT_URL and AWS_REGION"),
        (Fault.THERE, "the server says that this object is there, and does not show it"),
        (Fault.FOREIGN, "the server has a fault of its own, or is no S3; check AWS_ENDPOINT_URL"),
    ],
)
def test_a_server_that_never_answers_as_s3_does_is_told_apart(
    fault: Fault, advice: str, gateway: Radosgw, bucket: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """botocore alone asks a bucket that redirects where it is, is redirected, and asks again until Python's stack is full."""
    with fault_proxy(gateway.endpoint, *[fault] * 100) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        with pytest.raises(DatelineError, match=advice):
            open_sink(f"s3://{bucket}").check()
        # There is none under this key, but this server says so of any.
        proxy.script[:] = [each for _ in range(50) for each in (fault, Fault.PASS if fault is Fault.THERE else fault)]
        with pytest.raises(DeliveryError, match=advice):
            open_sink(f"s3://{bucket}").put(PART, BODY)
    assert len(proxy.asked) < 40


def test_a_listing_that_is_no_listing_is_asked_for_again(
    gateway: Radosgw, bucket: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_sink(f"s3://{bucket}").put(PART, BODY)
    with fault_proxy(gateway.endpoint, Fault.FOREIGN, Fault.CUT) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        assert open_sink(f"s3://{bucket}").list("articles/") == [PART]
        proxy.script[:] = [Fault.FOREIGN] * 20
        with pytest.raises(DeliveryError, match="or is no S3; check AWS_ENDPOINT_URL"):
            open_sink(f"s3://{bucket}").list("articles/")


@pytest.mark.parametrize("fault", [Fault.FOREIGN, Fault.EMPTY, Fault.MASKED])
def test_a_success_that_is_none_is_not_believed(
    fault: Fault, gateway: Radosgw, bucket: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A put that is lost, an object that is none, a listing that would say that there is nothing."""
    open_sink(f"s3://{bucket}/lake").put("there", BODY)
    with fault_proxy(gateway.endpoint) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        sink = open_sink(f"s3://{bucket}/lake")
        proxy.script[:] = [fault]
        assert sink.put(PART, BODY) is Put.CREATED
        proxy.script[:] = [fault]
        assert sink.get("there") == BODY
        proxy.script[:] = [fault]
        assert sink.list("th") == ["there"]
        proxy.script[:] = [fault]
        sink.replace(PART, b"new")
        assert sink.get(PART) == b"new"
        refused: tuple[Callable[[], object], ...] = (
            lambda: sink.put("other", BODY), lambda: sink.get("there"), lambda: sink.list("th")
        )  # fmt: skip
        for ask in refused:
            proxy.script[:] = [fault] * 50
            with pytest.raises(DeliveryError, match=r"check AWS_ENDPOINT_URL, and run again|has a fault of its own"):
                ask()


def test_a_check_asks_whether_it_may_list(gateway: Radosgw, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with fault_proxy(gateway.endpoint, Fault.PASS, Fault.PASS, Fault.PASS, Fault.FORBIDDEN) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        with pytest.raises(SinkError, match="the credentials are refused"):
            open_sink(f"s3://{bucket}").check()
    assert "list-type=2" in proxy.asked[-1].path


def test_an_object_of_the_same_key_is_only_ours_if_its_bytes_are(gateway: Radosgw, bucket: str) -> None:
    sink = open_sink(f"s3://{bucket}")
    sink.replace(PART, BODY[:-1] + b"?")
    assert sink.put(PART, BODY) is Put.TAKEN


def test_a_real_gateway_that_says_slow_down_gets_all_objects_in_the_end(
    gateway: Radosgw, bucket: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "12")
    bodies = {f"{PART}{number}": BODY * 20 + bytes([number]) for number in range(24)}
    with gateway.gateway("--rgw_max_concurrent_requests=2") as capped, caplog.at_level(logging.DEBUG, "botocore.retries"):
        monkeypatch.setenv("AWS_ENDPOINT_URL", capped)
        sink = open_sink(f"s3://{bucket}")
        with ThreadPoolExecutor(12) as threads:
            found = list(threads.map(lambda item: sink.put(*item), bodies.items()))
    assert set(found) <= {Put.CREATED, Put.EXISTS}
    assert "Retry needed" in caplog.text
    monkeypatch.setenv("AWS_ENDPOINT_URL", gateway.endpoint)
    assert open_sink(f"s3://{bucket}").list("articles/") == sorted(bodies)


# A run's delivery, with a reader


def test_a_reader_sees_whole_objects_and_whole_manifests_during_all_faults(
    gateway: Radosgw, bucket: str, pauses: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part, manifest and schema meets each fault in turn; a run that does not get through is finished by a later call."""
    direct = open_sink(f"s3://{bucket}/lake")
    assert direct.list("") == []  # its client is made before the address is changed
    articles, seen, wrong = range(24), [], []
    done = threading.Event()

    def poll() -> None:
        while not done.is_set():
            try:
                seen.append([json.loads(line)["id"] for line in lines(direct)])
            except (DatelineError, ValueError) as error:
                wrong.append(error)

    reader = threading.Thread(target=poll)
    reader.start()
    faults = [f for fault in (*PASSING, Fault.FORBIDDEN, Fault.EXPIRED) for f in [fault] * 7]
    store = open_store(f"sqlite://{tmp_path}/store.db")
    try:
        with fault_proxy(gateway.endpoint, *faults) as proxy:
            monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
            store.start_run("run-1", "news", NOW)
            _deliver_until_done(store, open_sink(f"s3://{bucket}/lake"), articles)
    finally:
        done.set()
        reader.join()
        store.close()
    assert (wrong, set(proxy.met)) == ([], {*PASSING, Fault.FORBIDDEN, Fault.EXPIRED, Fault.PASS})
    expected = [make_article(number).id for number in articles]
    assert sorted(json.loads(line)["id"] for line in lines(direct)) == sorted(expected)
    assert all(found in ([], expected) for found in seen)


def _deliver_until_done(store: Store, sink: Sink, articles: range) -> None:
    limits = Limits(part_bytes=1, part_age=timedelta(0))
    for number in articles:
        store.commit(make_link(number), make_article(number), run_id="run-1", now=NOW)
        try:
            deliver(store, sink, "run-1", NOW, limits=limits)
        except DeliveryError:
            continue
    for _ in range(60):
        try:
            finish_run(store, sink, "run-1", NOW, verdict=Verdict.OK, limits=limits)
        except DeliveryError:
            continue
        return
    pytest.fail("sixty calls did not finish the run")


# What users of boto3 expect


def test_a_profile_of_the_files_is_used(gateway: Radosgw, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {name: gateway.environment[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    for name in keys:
        monkeypatch.delenv(name)
    text = "\n".join(["[newsroom]", *(f"{name.lower()} = {value}" for name, value in keys.items())])
    (tmp_path / "credentials").write_text(text)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_PROFILE", "newsroom")
    assert open_sink(f"s3://{bucket}").put(PART, BODY) is Put.CREATED


def test_a_containers_role_is_used_and_its_token_is_sent(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    role = {"AccessKeyId": "role-key", "SecretAccessKey": "role-secret", "Token": "role-token"}
    answer = json.dumps(role | {"Expiration": "2099-01-01T00:00:00Z"}).encode()
    with WebServer({"/role": Answer(answer)}) as roles, fault_proxy("http://127.0.0.1:1", Fault.FORBIDDEN) as proxy:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{roles.url}/role")
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        with pytest.raises(DeliveryError):
            open_sink(f"s3://{bucket}").put(PART, BODY)
    assert proxy.asked[0].headers["x-amz-security-token"] == "role-token"
    assert "Credential=role-key/" in proxy.asked[0].headers["authorization"]


def test_the_number_of_tries_is_the_users(
    gateway: Radosgw, bucket: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "3")
    with fault_proxy(gateway.endpoint, *[Fault.ERROR] * 9) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        with pytest.raises(DeliveryError, match="a fault of its own"):
            open_sink(f"s3://{bucket}").put(PART, BODY)
    assert len(proxy.asked) == 3


def test_options_reach_the_server_with_every_object(gateway: Radosgw, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    options = S3Options("aws:kms", "newsroom-key", "STANDARD_IA", (("team", "news & sport"), ("env", "prod")), True)
    with fault_proxy(gateway.endpoint, Fault.FORBIDDEN, Fault.FORBIDDEN) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
        for key in (PART, "_meta/v1/runs/run-1/manifest.json"):
            with pytest.raises(DeliveryError):
                open_sink(f"s3://{bucket}", options).put(key, BODY)
    part, manifest = (asked.headers for asked in proxy.asked)
    assert part.pop("x-amz-storage-class") == "STANDARD_IA"
    for headers in (part, manifest):
        asked = {name: value for name, value in headers.items() if name.startswith("x-amz-server") or "payer" in name}
        assert asked == {
            "x-amz-server-side-encryption": "aws:kms",
            "x-amz-server-side-encryption-aws-kms-key-id": "newsroom-key",
            "x-amz-request-payer": "requester",
        }
        assert headers["x-amz-tagging"] == "team=news+%26+sport&env=prod"
        assert "x-amz-storage-class" not in headers


def test_encrypted_tagged_objects_are_written_and_read(gateway: Radosgw, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import boto3

    key = base64.b64encode(os.urandom(32)).decode()
    kms = (
        "--rgw_crypt_require_ssl=false",
        "--rgw_crypt_s3_kms_backend=testing",
        f"--rgw_crypt_s3_kms_encryption_keys=news={key}",
    )
    with gateway.gateway(*kms) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        sink = open_sink(f"s3://{bucket}", S3Options("aws:kms", "news", tags=(("team", "news"),)))
        assert [sink.put(PART, BODY), sink.put(PART, BODY)] == [Put.CREATED, Put.EXISTS]
        assert sink.get(PART) == BODY
        client = boto3.session.Session().client("s3")
        assert client.head_object(Bucket=bucket, Key=PART)["SSEKMSKeyId"] == "news"
        assert client.get_object_tagging(Bucket=bucket, Key=PART)["TagSet"] == [{"Key": "team", "Value": "news"}]


def test_every_version_is_removed_where_that_is_asked_for(gateway: Radosgw, bucket: str) -> None:
    import boto3

    client = boto3.session.Session().client("s3")
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    sink = open_sink(f"s3://{bucket}/lake")
    for body in (b"first", b"second"):
        sink.replace(PART, body)
        sink.replace(f"{PART}2", body)
    sink.remove(PART)
    assert len(client.list_object_versions(Bucket=bucket)["Versions"]) == 4
    sink.replace(f"{PART}3", b"first")
    sink.replace(f"{PART}3", b"second", versions=True)
    assert [each["IsLatest"] for each in client.list_object_versions(Bucket=bucket, Prefix=f"lake/{PART}3")["Versions"]] == [
        True
    ]
    assert sink.get(f"{PART}3") == b"second"
    sink.remove(f"{PART}3", versions=True)
    sink.remove(PART, versions=True)
    left = client.list_object_versions(Bucket=bucket)
    assert {entry["Key"] for entry in left["Versions"]} == {f"lake/{PART}2"}
    assert "DeleteMarkers" not in left


@pytest.fixture
def debugged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The log at DEBUG, as `LOG_LEVEL=DEBUG` makes it: the root's level, no library's."""
    levels = {name: logging.getLogger(name).level for name in ("boto3", "botocore", "urllib3")}
    for name in levels:
        logging.getLogger(name).setLevel(logging.NOTSET)
    caplog.set_level(logging.DEBUG)
    yield caplog
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_no_log_and_no_message_has_a_secret(
    gateway: Radosgw, bucket: str, debugged: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token-of-a-session")
    told = []
    with fault_proxy(gateway.endpoint, Fault.FORBIDDEN, Fault.EXPIRED, Fault.ERROR, Fault.EXPIRED) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint.replace("//", "//user:endpoint-password@"))
        for use in (lambda sink: sink.put(PART, BODY), lambda sink: sink.get(PART), lambda sink: sink.check()):
            sink = open_sink(f"s3://{bucket}")
            with pytest.raises(DatelineError) as refused:
                use(sink)
            told += [str(refused.value), sink.address, sink.url]
    text = debugged.text + "\n".join(told)
    for secret in (gateway.environment["AWS_SECRET_ACCESS_KEY"], "endpoint-password", "token-of-a-session", "Signature="):
        assert secret not in text


def test_a_crawl_at_debug_logs_no_secret(scrapy: Cli, room: Newsroom, gateway: Radosgw, bucket: str) -> None:
    """The whole of what a person sees who looks for a fault in the sink, with a password in the endpoint's address."""
    endpoint = gateway.endpoint.replace("//", "//user:endpoint-password@")
    scrapy.variables = {**gateway.environment, "NEWS_SINK": f"s3://{bucket}/lake", "AWS_ENDPOINT_URL": endpoint}
    done = scrapy.run("crawl", "news", "-a", "publishers=kyiv_courier", "-a", "limit=2", "-s", "LOG_LEVEL=DEBUG")
    assert done.code == 0 and " DEBUG " in done.err, done.err
    for secret in (gateway.environment["AWS_SECRET_ACCESS_KEY"], "endpoint-password", "Signature="):
        assert secret not in done.err + done.out
        assert secret.encode() not in scrapy.store.read_bytes()


def _connects(endpoint: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(endpoint).port)) == 0
