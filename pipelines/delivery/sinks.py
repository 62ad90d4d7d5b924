"""Sinks: where parts and manifests go. `open_sink` gives a folder (folder.py) or a bucket; the only importer of boto3.

Every put is conditional and whole: an object is never replaced and never seen half written.
S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html (412: there already; 409: try again).
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote

from pipelines.errors import DatelineError, DeliveryError, SinkError

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError
    from mypy_boto3_s3 import S3Client

_ALLOWED = "file:///absolute/folder or s3://bucket/prefix"
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{1,254}")  # also names that only other S3 servers allow
_PROBE_KEY, _PROBE = "_meta/v1/writable", b"Dateline may write here.\n"

# botocore counts every try (its own default is 5, too; `max_attempts` would not count the first).
_TRIES, _CHECK_TRIES = 5, 2
_CONNECT_TIMEOUT_S, _READ_TIMEOUT_S = 10, 60
_CONFLICT_TRIES, _CONFLICT_PAUSE_S = 6, 0.1

# What to do about a refusal, by the code that S3 answers.
_ADVICE = {
    "NoSuchBucket": "the bucket does not exist; create it, or correct NEWS_SINK",
    "InvalidAccessKeyId": "the credentials are refused; check AWS_ACCESS_KEY_ID or AWS_PROFILE",
    "SignatureDoesNotMatch": "the credentials are refused; check AWS_SECRET_ACCESS_KEY",
    "ExpiredToken": "the credentials have expired; renew them (AWS_SESSION_TOKEN)",
    "InvalidToken": "the credentials are refused; check AWS_SESSION_TOKEN",
    "AccessDenied": "the credentials may not write here; allow s3:PutObject, s3:GetObject and s3:ListBucket",
    "RequestTimeTooSkewed": "this machine's clock is wrong; set it",
    "PermanentRedirect": "the bucket is in another region; set AWS_REGION",
    "AuthorizationHeaderMalformed": "the bucket is in another region; set AWS_REGION",
    "BadDigest": "the upload was corrupted on its way; check the network, and run again",
    "XAmzContentSHA256Mismatch": "the upload was corrupted on its way; check the network, and run again",
    "NotImplemented": "the server has no conditional puts (If-None-Match); use one that has them",
}


class Put(StrEnum):
    """What a put found: it created the object, or one with this key was there and stays."""

    CREATED = "created"
    EXISTS = "exists"


class Sink(Protocol):
    """What every sink promises; tests/test_sinks.py is the contract. Usable from several threads. Keys are relative."""

    @property
    def url(self) -> str:
        """The address as configured, in one spelling."""

    @property
    def address(self) -> str:
        """The address with the server it is on: what tells one sink from another."""

    def check(self) -> None:
        """Prove that objects can be written, before anything is fetched. Raises SinkError, which says what to do."""

    def put(self, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> Put:
        """Create the object, whole or not at all, unless there is one. Raises DeliveryError."""

    def get(self, key: str) -> bytes | None:
        """The object's bytes; None if there is none. Raises DeliveryError."""

    def list(self, prefix: str) -> list[str]:
        """The keys that begin with this prefix, sorted. Raises DeliveryError."""


def open_sink(url: str) -> Sink:
    """The sink at `file:///dir` or `s3://bucket/prefix`. Nothing is connected or written yet. Raises SinkError."""
    scheme, _, rest = url.partition("://")
    if scheme == "file" and rest.startswith("/"):
        from pipelines.delivery.folder import FolderSink

        return FolderSink(Path(unquote(rest)))
    bucket, _, prefix = rest.partition("/")
    if scheme == "s3" and _BUCKET.fullmatch(bucket):
        return S3Sink(bucket, prefix.strip("/"))
    raise SinkError(f"the sink {re.sub('//.*@', '//', url)!r} is not an address of a sink; allowed is {_ALLOWED}")


class S3Sink:
    """A bucket, or a prefix in one. boto3 finds endpoint, region and credentials as it always does."""

    def __init__(self, bucket: str, prefix: str = "") -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""

    @property
    def url(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    @property
    def address(self) -> str:
        return f"{self.url} at {self._client.meta.endpoint_url}"

    def check(self) -> None:
        client = _client(self.url, _CHECK_TRIES)
        self._put(client, SinkError, _PROBE_KEY, _PROBE, "text/plain")
        if self._put(client, SinkError, _PROBE_KEY, _PROBE, "text/plain") is not Put.EXISTS:
            raise SinkError(f"the sink {self.address} replaces objects although asked not to: {_ADVICE['NotImplemented']}")

    def put(self, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> Put:
        return self._put(self._client, DeliveryError, key, body, content_type)

    def get(self, key: str) -> bytes | None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)["Body"].read()
        except (BotoCoreError, ClientError) as error:
            if _code(error) in ("NoSuchKey", "404"):
                return None
            raise DeliveryError(self._explained(error, key)) from error

    def list(self, prefix: str) -> list[str]:
        from botocore.exceptions import BotoCoreError, ClientError

        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix + prefix)
        try:
            keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        except (BotoCoreError, ClientError) as error:
            raise DeliveryError(self._explained(error, prefix)) from error
        return sorted(key.removeprefix(self._prefix) for key in keys)

    @cached_property
    def _client(self) -> S3Client:
        return _client(self.url, _TRIES)

    def _put(self, client: S3Client, raised: type[DatelineError], key: str, body: bytes, content_type: str) -> Put:
        from botocore.exceptions import BotoCoreError, ClientError

        # The server refuses a body that does not have this hash.
        md5 = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        for attempt in range(1, _CONFLICT_TRIES + 1):
            try:
                client.put_object(
                    Bucket=self._bucket,
                    Key=self._prefix + key,
                    Body=body,
                    ContentType=content_type,
                    ContentMD5=md5,
                    IfNoneMatch="*",
                )
                return Put.CREATED
            except (BotoCoreError, ClientError) as error:
                if _status(error) == 412:
                    return Put.EXISTS
                if _status(error) != 409 or attempt == _CONFLICT_TRIES:
                    raise raised(self._explained(error, key)) from error
            time.sleep(_CONFLICT_PAUSE_S * 2**attempt)
        raise AssertionError("the last try returns or raises")

    def _explained(self, error: BotoCoreError | ClientError, key: str) -> str:
        return f"the sink {self.address}: {key}: {_advice(error)} ({error})"


def _client(url: str, tries: int) -> S3Client:
    """A client of its own session: boto3's default session may not be shared by threads. Raises SinkError."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    config = Config(
        retries={"mode": "standard", "total_max_attempts": tries},
        connect_timeout=_CONNECT_TIMEOUT_S,
        read_timeout=_READ_TIMEOUT_S,
        # We send Content-MD5, which every S3 server checks; the newer trailing checksums many do not understand.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    try:
        return boto3.session.Session().client("s3", config=config)
    except (BotoCoreError, ValueError) as error:
        raise SinkError(f"the sink {url}: {_advice(error)} ({error})") from error


def _advice(error: Exception) -> str:
    from botocore import exceptions as botocore

    if isinstance(error, botocore.NoCredentialsError | botocore.PartialCredentialsError):
        return "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or attach a role"
    if isinstance(error, botocore.ProfileNotFound):
        return "AWS_PROFILE names a profile that is not there; correct it"
    if isinstance(error, botocore.HTTPClientError | botocore.ConnectionError):
        return "the server does not answer; check AWS_ENDPOINT_URL and the network"
    return _ADVICE.get(_code(error), "the request failed; check NEWS_SINK, AWS_ENDPOINT_URL and the credentials")


def _code(error: Exception) -> str:
    """S3's own code of a refusal; empty for any other fault."""
    response: dict[str, dict[str, str]] = getattr(error, "response", {})
    return response.get("Error", {}).get("Code", "")


def _status(error: Exception) -> int:
    """The HTTP status of a refusal; 0 for any other fault."""
    response: dict[str, dict[str, int]] = getattr(error, "response", {})
    return response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
