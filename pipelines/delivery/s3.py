"""The S3 sink: a bucket, or a prefix in one. The only importer of boto3.

boto3 finds endpoint, region and credentials as it always does: variables, profile, role. It tries throttled requests
(SlowDown, 503), faults of the server (500) and of the network again, with growing random pauses; refused credentials never.
Conditional puts: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html (412: there already; 409: try again).
"""

from __future__ import annotations

import base64
import hashlib
import logging
import random
import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlencode

from pipelines.delivery.advice import ADVICE
from pipelines.delivery.sinks import Put, S3Options, without_user
from pipelines.errors import DatelineError, DeliveryError, SinkError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PROBE_KEY, _PROBE = "_meta/v1/writable", b"Dateline may write here.\n"
_PARTS = "articles/"  # only these have the storage class: small objects cost more in the colder ones

# botocore counts every try (its own default is 3; `max_attempts` would not count the first). AWS_MAX_ATTEMPTS goes first.
_TRIES = 5
_CONNECT_TIMEOUT_S, _READ_TIMEOUT_S = 10, 60
# A check asks for a few bytes: two tries, a pause of at most a second and boto3's import take 15 s where nothing answers.
_CHECK_TRIES, _CHECK_TIMEOUT_S = 2, 6
# What botocore does not try again: a conflict, an object not seen yet, a redirect for now, a body changed or cut on its way.
_AGAIN_TRIES, _AGAIN_PAUSE_S = 6, 0.1
_AGAIN: Final = {307, 409, 412, "BadDigest", "XAmzContentSHA256Mismatch"}
# Answers below 500 that say nothing of how the sink is configured: try again later.
_BUSY: Final = {307, 408, 409, 429, "BadDigest", "XAmzContentSHA256Mismatch", "RequestTimeout", "SlowDown", "Throttling"}
_NOT_IMPLEMENTED = 501

# What a listing says on each of its pages, one of them at least: without them it is another server's, or an error under a status of 200.
_LISTED: Final = {"IsTruncated", "KeyCount", "Contents", "Versions"}
_CONDITIONS = "the server has no conditional puts (If-None-Match); use one that has them"
Answer = TypeVar("Answer")
Raised = Callable[[Exception], type[DatelineError]]


class S3Sink:
    """A bucket, or a prefix in one."""

    def __init__(self, bucket: str, prefix: str, options: S3Options) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._options = options

    @property
    def url(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    @property
    def address(self) -> str:
        return f"{self.url} at {without_user(self._client.meta.endpoint_url)}"

    def check(self) -> None:
        client = _client(self.url, _CHECK_TRIES, _CHECK_TIMEOUT_S)
        self._create(client, _refused_or_away, _PROBE_KEY, _PROBE, "text/plain")
        if self._create(client, _refused_or_away, _PROBE_KEY, _PROBE, "text/plain") is Put.CREATED:
            raise SinkError(f"the sink {self.address} replaces objects although asked not to: {_CONDITIONS}")
        # Without the right to list, what is not there is answered as refused: no run could be finished.
        self._asked(_refused_or_away, _PROBE_KEY, lambda: client.list_objects_v2(**self._at("Prefix", _PROBE_KEY), MaxKeys=1))

    def put(self, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> Put:
        return self._create(self._client, _undelivered, key, body, content_type)

    def replace(self, key: str, body: bytes, *, content_type: str = "application/octet-stream", versions: bool = False) -> None:
        self._asked(
            _undelivered, key, lambda: self._put(self._client, _undelivered, key, self._request(key, body, content_type))
        )
        if versions:
            self._asked(_undelivered, key, lambda: self._remove_versions(key, but_latest=True))

    def get(self, key: str) -> bytes | None:
        return self._read(self._client, _undelivered, key)

    def list(self, prefix: str) -> list[str]:
        def keys() -> list[str]:
            pages = self._client.get_paginator("list_objects_v2").paginate(**self._at("Prefix", prefix))
            return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

        return sorted(key.removeprefix(self._prefix) for key in self._asked(_undelivered, prefix, keys))

    def remove(self, key: str, *, versions: bool = False) -> None:
        self._asked(_undelivered, key, lambda: self._client.delete_object(**self._at("Key", key)))
        if versions:
            self._asked(_undelivered, key, lambda: self._remove_versions(key))

    @cached_property
    def _client(self) -> S3Client:
        return _client(self.url)

    def _create(self, client: S3Client, raised: Raised, key: str, body: bytes, content_type: str) -> Put:
        request = self._request(key, body, content_type) | {"IfNoneMatch": "*"}

        def put() -> Put:
            try:
                self._put(client, raised, key, request)
            except _refusals() as error:
                there = self._read(client, raised, key) if _status(error) == 412 else None
                if there is None:
                    raise
                # Ours, if an earlier answer was lost; its bytes tell.
                return Put.EXISTS if there == body else Put.TAKEN
            return Put.CREATED

        return self._asked(raised, key, put)

    def _put(self, client: S3Client, raised: Raised, key: str, request: Any) -> None:
        """Put an object. S3 answers with its ETag; without one the object is looked for, before the answer is believed."""
        if "ETag" not in client.put_object(**request) and self._read(client, raised, key) != request["Body"]:
            raise ValueError("the answer says that the object is put, and it is not there")

    def _read(self, client: S3Client, raised: Raised, key: str) -> bytes | None:
        def get() -> bytes | None:
            try:
                answer = client.get_object(**self._at("Key", key))
                body = answer["Body"].read()
                if "ETag" not in answer and body[:1] in (b"", b"<"):  # an error, or a page of another server
                    raise ValueError("the answer is no object")
                return body
            except _refusals() as error:
                if _code(error) in ("NoSuchKey", "404"):
                    return None
                raise

        return self._asked(raised, key, get)

    def _remove_versions(self, key: str, *, but_latest: bool = False) -> None:
        for page in self._client.get_paginator("list_object_versions").paginate(**self._at("Prefix", key)):
            for entry in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                if entry["Key"] == self._prefix + key and not (but_latest and entry["IsLatest"]):
                    self._client.delete_object(**self._at("Key", key), VersionId=entry["VersionId"])

    def _at(self, name: str, key: str) -> Any:
        """The place of an object, or of objects, in a request."""
        payer = {"RequestPayer": "requester"} if self._options.requester_pays else {}
        return {"Bucket": self._bucket, name: self._prefix + key, **payer}

    def _request(self, key: str, body: bytes, content_type: str) -> Any:
        options = self._options
        # The server refuses a body that does not have this hash.
        md5 = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        asked = {
            "ServerSideEncryption": options.encryption,
            "SSEKMSKeyId": options.kms_key,
            "StorageClass": options.storage_class if key.startswith(_PARTS) else None,
            "Tagging": urlencode(options.tags),
        }
        place = self._at("Key", key)
        return place | {"Body": body, "ContentType": content_type, "ContentMD5": md5} | {k: v for k, v in asked.items() if v}

    def _asked(self, raised: Raised, key: str, ask: Callable[[], Answer]) -> Answer:
        """The answer to a request, asked again where that may help. Raises what `raised` gives, with what to do."""
        for attempt in range(1, _AGAIN_TRIES + 1):
            try:
                return ask()
            except _refusals() as error:
                if not _may_help(error) or attempt == _AGAIN_TRIES:
                    explained = f"the sink {self.address}: {key}: {_advice(error)} ({without_user(str(error))})"
                    raise raised(error)(explained) from error
            time.sleep(_AGAIN_PAUSE_S * 2**attempt * random.uniform(0.5, 1))
        raise AssertionError("the last try returns or raises")


def _client(url: str, tries: int | None = None, timeout_s: float | None = None) -> S3Client:
    """A client of its own session: boto3's default session may not be shared by threads. Raises SinkError."""
    import boto3
    import botocore.session
    from botocore.config import Config

    _quieten()
    found = botocore.session.get_session()
    try:
        config = Config(
            retries={
                "mode": found.get_config_variable("retry_mode") or "standard",
                "total_max_attempts": tries or found.get_config_variable("max_attempts") or _TRIES,
            },
            connect_timeout=timeout_s or _CONNECT_TIMEOUT_S,
            read_timeout=timeout_s or _READ_TIMEOUT_S,
            # We send Content-MD5, which every S3 server checks; the newer trailing checksums many do not understand.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        client = boto3.session.Session(botocore_session=found).client("s3", config=config)
    except ValueError as error:  # an endpoint that is no address
        raise SinkError(f"the sink {url}: check AWS_ENDPOINT_URL ({without_user(str(error))})") from error
    except _refusals() as error:
        raise SinkError(f"the sink {url}: {_advice(error)} ({without_user(str(error))})") from error
    client.meta.events.register_last("before-parameter-build.s3", _redirected_once)
    client.meta.events.register("after-call.s3", _listed)
    return client


def _listed(http_response: Any, parsed: dict[str, Any], model: Any, **_: Any) -> None:
    """Raises ValueError for a listing that is none: it would be believed that there is nothing."""
    if http_response.status_code < 300 and model.name.startswith("ListObject") and _LISTED.isdisjoint(parsed):
        raise ValueError("the answer is no listing")


def _redirected_once(model: Any, context: dict[str, Any], **_: Any) -> None:
    """botocore asks a bucket that redirects for its region; where that is redirected, too, it would ask for ever."""
    context["s3_redirect"]["redirected"] = model.name == "HeadBucket"


def _quieten() -> None:
    """At DEBUG the libraries print session tokens, signatures and whole addresses: they do only where they are asked by name."""
    for name in ("boto3", "botocore", "urllib3"):
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.INFO)


def _refusals() -> tuple[type[Exception], ...]:
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    return BotoCoreError, ClientError, ResponseParserError, ValueError


def _undelivered(error: Exception) -> type[DatelineError]:
    return DeliveryError


def _refused_or_away(error: Exception) -> type[DatelineError]:
    """SinkError for a refusal, DeliveryError where the network or the server is at fault: later the same request may do."""
    from botocore.exceptions import ConnectionError, HTTPClientError

    status = _status(error)
    faulty = (status >= 500 and status != _NOT_IMPLEMENTED) or not _BUSY.isdisjoint({status, _code(error)})
    away = isinstance(error, HTTPClientError | ConnectionError) or _is_cut(error)
    return DeliveryError if faulty or away else SinkError


def _may_help(error: Exception) -> bool:
    # botocore's own tries end where an answer's body begins.
    return _is_cut(error) or not _AGAIN.isdisjoint({_status(error), _code(error)})


def _is_cut(error: Exception) -> bool:
    from botocore.exceptions import IncompleteReadError, ResponseStreamingError

    return isinstance(error, IncompleteReadError | ResponseStreamingError) or _is_no_answer(error)


def _is_no_answer(error: Exception) -> bool:
    """Whether the answer is none of S3's: half of one, or another server's; a time in it may be none (ValueError)."""
    from botocore.exceptions import BotoCoreError
    from botocore.parsers import ResponseParserError

    return isinstance(error, ResponseParserError | ValueError) and not isinstance(error, BotoCoreError)


def _advice(error: Exception) -> str:
    from botocore import exceptions as botocore

    if isinstance(error, botocore.NoCredentialsError | botocore.PartialCredentialsError):
        return "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or attach a role"
    if isinstance(error, botocore.CredentialRetrievalError | botocore.UnauthorizedSSOTokenError | botocore.SSOTokenLoadError):
        return "the credentials cannot be had; check AWS_PROFILE, the role, or log in again"
    if isinstance(error, botocore.ProfileNotFound):
        return "AWS_PROFILE names a profile that is not there; correct it"
    if isinstance(error, botocore.HTTPClientError | botocore.ConnectionError):
        return "the server does not answer; check AWS_ENDPOINT_URL and the network"
    if _is_no_answer(error):
        return "the answer is none of S3's; check AWS_ENDPOINT_URL, and run again"
    if _status(error) in (401, 403) and _code(error) not in ADVICE:
        return "the credentials are refused; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or AWS_PROFILE"
    if _status(error) >= 500 and _code(error) not in ADVICE:
        return "the server has a fault of its own, or is no S3; check AWS_ENDPOINT_URL, and run again later"
    return ADVICE.get(_code(error), "the request failed; check NEWS_SINK, AWS_ENDPOINT_URL and the credentials")


def _code(error: Exception) -> str:
    """S3's own code of a refusal; empty for any other fault."""
    response: dict[str, dict[str, str]] = getattr(error, "response", None) or {}
    return response.get("Error", {}).get("Code", "")


def _status(error: Exception) -> int:
    """The HTTP status of a refusal; 0 for any other fault."""
    response: dict[str, dict[str, int]] = getattr(error, "response", None) or {}
    return response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
