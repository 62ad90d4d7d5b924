"""`scrapy` as its users start it: a program of its own, with a sink, a store and publishers that nothing else uses.

It is a fork of a process that has imported Scrapy (`tests/forks.py`), where nothing else is asked for.
"""

from __future__ import annotations

import hashlib
import json
import os
import pty
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from pipelines.delivery.batches import unpack
from pipelines.delivery.manifest import Manifest, parse
from pipelines.delivery.sinks import Sink, open_sink
from tests.forks import PROJECT, SCRAPY, Program

DEADLINE_S = 60
# What the developer's own shell may hold and a test must not see.
_FOREIGN = ("NEWS_", "AWS_", "SCRAPY_", "BOTO_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")

_LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
os.execv(sys.argv[2], sys.argv[2:])
"""


@dataclass(frozen=True)
class Done:
    """An ended program: its exit code (minus the signal's number if one ended it) and its two streams as text."""

    code: int
    out: str
    err: str
    seconds: float = 0.0

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def log(self) -> list[str]:
        """Standard error's lines."""
        return self.err.splitlines()


@dataclass
class Cli:
    """`scrapy` with its sink, its store and its publishers in `folder`. Further variables go to every call, or to one."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    _lake: Lake | None = None

    @property
    def sink(self) -> str:
        return self.variables.get("NEWS_SINK") or (self.folder / "lake").as_uri()

    @property
    def store(self) -> Path:
        return self.folder / "store.db"

    @property
    def lake(self) -> Lake:
        if self._lake is None or self._lake.url != self.sink:
            self._lake = Lake(self.sink)
        return self._lake

    def outcomes(self) -> list[datetime]:
        """When each outcome that the store has now was committed, while another process writes it or after."""
        if not self.store.exists():
            return []
        with closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=DEADLINE_S)) as connection:
            try:
                rows = connection.execute("SELECT at FROM outcomes").fetchall()
            except sqlite3.OperationalError:  # a new store has no tables yet
                return []
        return [datetime.fromisoformat(at) for (at,) in rows]

    def run(self, *arguments: str, stdin: bytes = b"", file_bytes: int = 0, **variables: str) -> Done:
        """`scrapy` with these arguments, from start to end. A variable that is empty is not set.

        With `file_bytes` no file may grow beyond them: what a program meets on a full disk.
        """
        began = time.monotonic()
        environment = self.environment(**variables)
        if file_bytes:
            command = [sys.executable, "-c", _LIMITED, str(file_bytes), *self.command(*arguments)]
            done = subprocess.run(
                command, input=stdin, capture_output=True, cwd=PROJECT, env=environment, timeout=DEADLINE_S, check=False
            )
        else:
            done = SCRAPY.run("scrapy", arguments, environment, stdin, DEADLINE_S)
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode(), time.monotonic() - began)

    def on_terminal(self, *arguments: str, **variables: str) -> Done:
        """`scrapy` on a terminal of 160 columns, from start to end: all that is shown is in `out`."""
        main, terminal = pty.openpty()
        environment = {**self.environment(**variables), "TERM": "xterm", "COLUMNS": "160"}
        process = SCRAPY.start("scrapy", arguments, environment, (terminal, terminal, terminal))
        os.close(terminal)
        shown = b"".join(_shown(main)).decode().replace("\r\n", "\n")
        return Done(process.wait(DEADLINE_S), re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", shown), "")

    @contextmanager
    def started(self, *arguments: str, executed: bool = False, **variables: str) -> Iterator[Running]:
        """`scrapy` with these arguments in a process group of its own while the block runs; killed at its end.

        One that is `executed` shares no memory with what starts programs: its own can be measured.
        """
        out, err, environment = self.folder / "started.out", self.folder / "started.err", self.environment(**variables)
        process: Program | subprocess.Popen[bytes]
        with Path(os.devnull).open("rb") as nothing, out.open("wb") as to_out, err.open("wb") as to_err:
            streams = (nothing.fileno(), to_out.fileno(), to_err.fileno())
            if executed:
                own = dict(zip(("stdin", "stdout", "stderr"), streams, strict=True))
                process = subprocess.Popen(
                    self.command(*arguments), cwd=PROJECT, env=environment, start_new_session=True, **own
                )
            else:
                process = SCRAPY.start("scrapy", arguments, environment, streams, session=True)
        try:
            yield Running(process, out, err)
        finally:
            process.kill()
            process.wait()

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "scrapy", *arguments]

    def environment(self, **variables: str) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.upper().startswith(_FOREIGN)}
        news = {
            "SCRAPY_PROJECT": "test",
            "NEWS_SINK": self.sink,
            "NEWS_STORE": f"sqlite://{self.store}",
            "NEWS_PUBLISHERS": str(self.folder / "publishers"),
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        return {name: value for name, value in (own | news | self.variables | variables).items() if value}


@dataclass(frozen=True)
class Running:
    """A program under way."""

    process: Program | subprocess.Popen[bytes]
    out: Path
    err: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    def log(self) -> str:
        """What it wrote to standard error until now."""
        return self.err.read_text()

    def family(self) -> list[int]:
        """Every living process of its group: itself, and what it started. Reads /proc."""
        return [pid for pid, group, state in map(_stat, Path("/proc").glob("[0-9]*")) if group == self.pid and state != "Z"]

    def over(self) -> bool:
        """Whether it has ended by itself."""
        return self.process.poll() is not None

    def ended(self, deadline_s: float = DEADLINE_S) -> Done:
        """Its end, which must come within the deadline."""
        began = time.monotonic()
        code = self.process.wait(deadline_s)
        return Done(code, self.out.read_text(), self.err.read_text(), time.monotonic() - began)


@dataclass(frozen=True)
class Lake:
    """What a reader finds at a sink who reads what manifests name."""

    url: str

    @cached_property
    def sink(self) -> Sink:
        """Opened once: to find a bucket's server takes a tenth of a second of CPU, and tests ask again and again."""
        return open_sink(self.url)

    def manifests(self) -> list[Manifest]:
        """Every manifest, in the order of the runs: of those that began in one second, a killed one was before the one that found it.

        Runs that began and ended in one second have no order: crawls of a cache are as short.
        """
        keys = [key for key in self.sink.list("_meta/v1/runs/") if key.endswith("/manifest.json")]
        return sorted((parse(self.sink.get(key) or b"") for key in keys), key=_order)

    def articles(self) -> list[dict[str, Any]]:
        """Every line of every part that a manifest names. Fails where a part is not what its manifest says."""
        rows = []
        for part in (part for manifest in self.manifests() for part in manifest.parts):
            body = self.sink.get(part.key) or b""
            assert (len(body), hashlib.sha256(body).hexdigest()) == (part.bytes, part.sha256), part.key
            lines = unpack(body)
            assert len(lines) == part.rows, part.key
            rows += [json.loads(line) for line in lines]
        return rows

    def unnamed(self) -> list[str]:
        """Objects beside the parts that manifests name: there is never one."""
        named = {part.key for manifest in self.manifests() for part in manifest.parts}
        return sorted(set(self.sink.list("articles/")) - named)

    def keys(self) -> list[str]:
        return self.sink.list("")


def _order(manifest: Manifest) -> tuple[str, str, bool]:
    return manifest.startedAt, manifest.finishedAt, manifest.verdict != "killed"


def steps_of(program: str, *folders: Path, deadline_s: float = 300) -> list[dict[str, Any]]:
    """What a module of `tests` that kills a process at every step in turn prints of each. Fails where the module does."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.{program}", *map(str, folders)],
        cwd=PROJECT, capture_output=True, text=True, timeout=deadline_s, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def wait_until(holds: Callable[[], Any], what: str, deadline_s: float = DEADLINE_S) -> None:
    """Returns when it holds; fails with `what` was waited for when it does not in time."""
    deadline = time.monotonic() + deadline_s
    while not holds():
        assert time.monotonic() < deadline, f"waited {deadline_s:g} s for {what}"
        time.sleep(0.01)


def troubles(log: str) -> list[str]:
    """The lines of a log that say that something was wrong; empty after a good run."""
    signs = ("Traceback", "Warning", " ERROR ", " CRITICAL ", " WARNING ", "Exception")
    return [line for line in log.splitlines() if any(sign in line for sign in signs)]


def _shown(main: int) -> Iterator[bytes]:
    """What a terminal shows until its other end is closed, which Linux reports as an error."""
    with os.fdopen(main, "rb", buffering=0) as reader:
        while True:
            try:
                chunk = reader.read(65536)
            except OSError:
                return
            if not chunk:
                return
            yield chunk


def _stat(process: Path) -> tuple[int, int, str]:
    """(pid, process group, state) by proc(5); the group is 0 for a process that has just ended."""
    try:
        state, _parent, group = (process / "stat").read_text().rpartition(")")[2].split()[:3]
    except OSError:
        return 0, 0, "Z"
    return int(process.name), int(group), state
