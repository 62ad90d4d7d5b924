"""Sinks: where parts and manifests go. `open_sink` gives a folder (folder.py) or a bucket (s3.py).

Every put is conditional and whole: an object is never seen half written, and none is replaced but by `replace`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from pipelines.errors import SinkError

_ALLOWED = "file:///absolute/folder or s3://bucket/prefix"
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{1,254}")  # also names that only other S3 servers allow
_USER = re.compile(r"//[^/?#\s]*@")


class Put(StrEnum):
    """What a put found: nothing, so it created the object; the same bytes under this key; or others, which stay."""

    CREATED = "created"
    EXISTS = "exists"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class S3Options:
    """How objects are put into a bucket, in S3's own words; None leaves it to the bucket. Tags are pairs.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
    """

    encryption: str | None = None
    kms_key: str | None = None
    storage_class: str | None = None
    tags: tuple[tuple[str, str], ...] = ()
    requester_pays: bool = False


class Sink(Protocol):
    """What every sink promises; tests/test_sinks.py is the contract. Usable from several threads. Keys are relative."""

    @property
    def url(self) -> str:
        """The address as configured, in one spelling."""

    @property
    def address(self) -> str:
        """The address with the server it is on: what tells one sink from another. Without a user or a password."""

    def check(self) -> None:
        """Prove within seconds that objects can be written, before anything is fetched.

        Raises SinkError where something must be changed first, DeliveryError where the sink is away and may be back later.
        """

    def put(self, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> Put:
        """Create the object, whole or not at all, unless there is one. Raises DeliveryError."""

    def replace(self, key: str, body: bytes, *, content_type: str = "application/octet-stream", versions: bool = False) -> None:
        """Put the object, whole or not at all, in the place of one that may be there. Raises DeliveryError.

        With `versions` the older ones that the bucket keeps of it are removed.
        """

    def get(self, key: str) -> bytes | None:
        """The object's bytes; None if there is none. Raises DeliveryError."""

    def list(self, prefix: str) -> list[str]:
        """The keys that begin with this prefix, sorted. Raises DeliveryError."""

    def remove(self, key: str, *, versions: bool = False) -> None:
        """Remove the object, with every older version that the bucket keeps if asked to. Raises DeliveryError.

        Nothing happens if there is none.
        """


def open_sink(url: str, options: S3Options | None = None) -> Sink:
    """The sink at `file:///dir` or `s3://bucket/prefix`. Nothing is connected or written yet. Raises SinkError."""
    scheme, _, rest = url.partition("://")
    if scheme == "file" and rest.startswith("/"):
        from pipelines.delivery.folder import FolderSink

        return FolderSink(Path(unquote(rest)))
    bucket, _, prefix = rest.partition("/")
    if scheme == "s3" and _BUCKET.fullmatch(bucket):
        from pipelines.delivery.s3 import S3Sink

        return S3Sink(bucket, prefix.strip("/"), options or S3Options())
    raise SinkError(f"the sink {without_user(url)!r} is not an address of a sink; allowed is {_ALLOWED}")


def without_user(text: str) -> str:
    """A text whose addresses have lost their user and password.

    >>> without_user("no answer from http://me:secret@127.0.0.1:9000/lake")
    'no answer from http://127.0.0.1:9000/lake'
    """
    return _USER.sub("//", text)
