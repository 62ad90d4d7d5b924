"""A command that is interrupted, or whose reader goes away: one line or none, the usual code, no traceback, nothing half."""

from __future__ import annotations

import inspect
import os
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from importlib import import_module
from pathlib import Path

import pytest

from crawler import commands
from examples.newsroom.server import Newsroom
from pipelines.store import open_store
from tests.builders import NOW, make_article, make_link
from tests.cli import DEADLINE_S, PROJECT, Cli, wait_until
from tests.forks import SCRAPY

# Each of them asks the sink for something before it ends.
ASKING = {
    "deliver": (),
    "compact": ("--day", "2025-08-13"),
    "erase": (make_article(1).id, "--reason", "court order"),
    "report": (),
    "diff": (make_article(1).id,),
    "store": ("rebuild", "--force"),
}
NAMES = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A listener on loopback that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener


@pytest.fixture
def waiting(scrapy: Cli) -> Cli:
    """`scrapy` with an article in its outbox whose run is dead."""
    store = open_store(f"sqlite://{scrapy.store}")
    store.start_run("run-1", "news", NOW)
    store.commit(make_link(1), make_article(1), run_id="run-1", now=NOW)
    store.close()
    return scrapy


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_waits_for_its_sink_ends_with_a_line(
    waiting: Cli, silent: socket.socket, number: signal.Signals
) -> None:
    address = f"http://127.0.0.1:{silent.getsockname()[1]}"
    keys = {"AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "here"}
    with ExitStack() as running:
        started = {}
        for verb, arguments in ASKING.items():
            cli = Cli(waiting.folder / verb)
            cli.folder.mkdir()
            with closing(sqlite3.connect(waiting.store)) as one, closing(sqlite3.connect(cli.store)) as copy:
                one.backup(copy)
            started[verb] = running.enter_context(cli.started(verb, *arguments, NEWS_SINK="s3://lake", **keys))
        taken: list[socket.socket] = []
        wait_until(lambda: _taken(silent, taken) >= len(started), "a connection of each")
        for each in started.values():
            each.process.send_signal(number)
        for verb, each in started.items():
            done = each.ended(20)
            line = f"scrapy {verb}: ended by {NAMES[number]}; nothing is left half, run it again"
            assert (done.code, done.out, done.log) == (128 + number, "", [line])
            left = waiting.folder / verb
            assert not list(left.glob("*.rebuilding*"))
            kept = open_store(f"sqlite://{left}/store.db")
            assert kept.waiting().rows == 1
            kept.close()
        for connection in taken:
            connection.close()


def _taken(listener: socket.socket, taken: list[socket.socket]) -> int:
    with suppress(BlockingIOError):
        taken.append(listener.accept()[0])
    return len(taken)


@pytest.mark.long
@pytest.mark.parametrize(
    ("verb", "line"), [("extract", b'{"id": 1, "path": "/nowhere", "url": "https://www.example.com/a"}\n'), ("dates", b'{"id": 1, "raw": "2 May 2025"}\n')]
)  # fmt: skip
def test_an_answerer_of_lines_has_answered_whole_lines(scrapy: Cli, verb: str, line: bytes) -> None:
    with subprocess.Popen(
        scrapy.command(verb, "--jsonl"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=PROJECT, env=scrapy.environment(NEWS_PUBLISHERS="", NEWS_WORKERS="1"), start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdin and process.stdout and process.stderr
        # More than are read ahead, so that one is answered.
        process.stdin.write(line * 8)
        process.stdin.flush()
        first = process.stdout.readline()
        # As a terminal does it: to all of its processes.
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 130
    assert err.decode() == f"scrapy {verb}: ended by Ctrl-C; nothing is left half, run it again\n"
    assert (first + out).endswith(b"}\n")


def test_every_command_of_ours_ends_in_order() -> None:
    """Those that Scrapy has, too, are its own to end."""
    unguarded = []
    for path in sorted(Path(commands.__path__[0]).glob("[a-z]*.py")):
        command = getattr(import_module(f"crawler.commands.{path.stem}"), "Command", None)
        if command and "run" in vars(command) and inspect.unwrap(command.run) is command.run:
            unguarded.append(path.stem)
    assert unguarded == []


@pytest.mark.long
@pytest.mark.parametrize("arguments", [["runs"], ["store", "check"], ["dates", "2 May 2025"], ["publishers", "--check"]])
def test_a_reader_that_went_away_is_no_fault(waiting: Cli, room: Newsroom, arguments: list[str]) -> None:
    assert read_by_nobody(waiting, *arguments) == (141, b"")


@pytest.mark.long
def test_what_scrapy_has_by_itself_shows_no_traceback_to_nobody(waiting: Cli, room: Newsroom) -> None:
    for arguments in (["list"], ["fetch", "--nolog", room.live("http://kyiv-courier.example/")]):
        code, err = read_by_nobody(waiting, *arguments)
        assert err == b""
        assert code in (0, 141), "0 where all of it fits into the buffer"


def read_by_nobody(scrapy: Cli, *arguments: str) -> tuple[int, bytes]:
    """The exit code and standard error of a command whose standard output nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    told = scrapy.folder / "told.err"
    with Path(os.devnull).open("rb") as nothing, os.fdopen(writer, "wb") as closed, told.open("wb") as err:
        process = SCRAPY.start("scrapy", arguments, scrapy.environment(), (nothing.fileno(), closed.fileno(), err.fileno()))
        code = process.wait(DEADLINE_S)
    return code, told.read_bytes()
