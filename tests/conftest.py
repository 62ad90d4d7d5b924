"""Fixtures that several test modules use."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from scrapy.cmdline import execute
from scrapy.settings import Settings

from examples.newsroom.server import Newsroom, newsroom
from pipelines.delivery.sinks import Sink, open_sink
from pipelines.store import Store, open_store
from tests.cli import PROJECT, Cli, Done
from tests.evolving import START, EvolvingSite
from tests.servers import Radosgw, S3Server, s3_server

# Where a shell forbids bytecode, each of some hundred programs would compile the project anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Stores and sinks wait for the disk at each commit, a third of a test's time. A kill loses nothing that is in memory, either.
_MEMORY, _ROOM_BYTES = Path("/dev/shm"), 2**31
if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))

Call = Callable[..., Done]
# Fixtures of tests that start programs or servers.
_LONG = {"scrapy", "crawl", "bucket"}
_buckets = itertools.count(1)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that start programs stand at the beginning of each worker's share, a module's together: the short ones even out the ends."""
    modules: dict[Path, list[pytest.Item]] = {}
    short = []
    for item in items:
        takes_long = item.get_closest_marker("long") or not _LONG.isdisjoint(getattr(item, "fixturenames", ()))
        (modules.setdefault(item.path, []) if takes_long else short).append(item)
    shares: list[list[pytest.Item]] = [[] for _ in range(int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))]
    for module in modules.values():
        min(shares, key=len).extend(module)
    items[:] = [item for place, share in enumerate(shares) for item in (*share, *short[place :: len(shares)])]


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 server, started once."""
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def gateway(s3: S3Server) -> Radosgw:
    """The real server where it is Ceph's gateway, which answers as S3 does where moto does not."""
    if not isinstance(s3, Radosgw):
        pytest.skip("only the gateway answers so")
    return s3


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


@pytest.fixture(params=["folder", "s3"])
def sink(request: pytest.FixtureRequest, tmp_path: Path) -> Sink:
    """A new lake in a folder, and once more in a bucket."""
    if request.param == "folder":
        return open_sink(f"file://{tmp_path}/lake")
    return open_sink(f"s3://{request.getfixturevalue('bucket')}/lake")


@pytest.fixture
def folder(tmp_path: Path) -> Sink:
    """A new lake in a folder."""
    return open_sink(f"file://{tmp_path}/lake")


@pytest.fixture
def open_(tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the same store again and again, as further processes would."""
    opened: list[Store] = []

    def open_again() -> Store:
        opened.append(open_store(f"sqlite://{tmp_path}/store.db"))
        return opened[-1]

    yield open_again
    for store in opened:
        store.close()


@pytest.fixture
def store(open_: Callable[[], Store]) -> Store:
    """A new store, closed at the test's end."""
    return open_()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[EvolvingSite]:
    """A site of two stories, its publisher file where `scrapy` reads it."""
    with EvolvingSite(tmp_path) as running:
        running.publish("/harbour", "Harbour of Stour reopens after nine days", START - timedelta(hours=1))
        running.publish("/mill", "The mill at Stour gets a new wheel", START - timedelta(hours=2))
        yield running


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """The example newsroom on loopback, its publisher files in `tmp_path / "publishers"`."""
    with newsroom(publishers_to=tmp_path / "publishers") as running:
        yield running


@pytest.fixture
def scrapy(tmp_path: Path) -> Cli:
    """`scrapy` as a program, with everything it keeps in `tmp_path`."""
    return Cli(tmp_path)


@pytest.fixture
def call(scrapy: Cli, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """`scrapy` in this process, its settings read anew from the variables: what `Cli.run` does, without a second's start.

    A command that is refused makes no crawler process, so nothing is left behind in this one.
    """

    def called(*arguments: str, **variables: str) -> Done:
        for name in [name for name in sys.modules if name.partition(".")[0] == "settings"]:
            monkeypatch.delitem(sys.modules, name)
        environment = scrapy.environment(**variables)
        for name in set(os.environ) - set(environment):
            monkeypatch.delenv(name)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(PROJECT)
        settings = Settings()
        settings.setmodule(f"settings.{environment['SCRAPY_PROJECT']}", priority="project")
        monkeypatch.setattr("sys.argv", ["scrapy", *arguments])
        with pytest.raises(SystemExit) as ended:
            execute(["scrapy", *arguments], settings)
        out, err = capfd.readouterr()
        return Done(int(ended.value.code or 0), out, err)

    return called
