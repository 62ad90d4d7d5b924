"""Fixtures that several test modules use."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from tests.servers import S3Server, s3_server

_buckets = itertools.count(1)


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 server, started once."""
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def bucket(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a new bucket on the real server, which boto3 finds by the environment."""
    import boto3

    for variable in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in s3.environment.items():
        monkeypatch.setenv(variable, value)
    name = f"lake-{next(_buckets)}"
    boto3.session.Session().client("s3").create_bucket(Bucket=name)
    return name
