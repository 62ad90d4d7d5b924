"""Programs as forks of a process that has imported what a crawl imports: they start in milliseconds instead of a second.

A fork runs as a new process does: with its own arguments, variables, folder, streams, signals and exit. The settings are imported anew,
as nothing else reads variables; its fork server is a fork, too. What is imported already could hide that a module forgot to import one that it
uses: tests/test_imports.py looks for that. Where there is no fork, or where a variable differs that the interpreter reads at its start, a
program is executed as ever; the hostile web's crawls are.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).parents[1]
# What is read before the first line of a program, by the interpreter, the loader or the C library.
_READ_AT_START = ("PYTHON", "LD_", "LC_", "LANG", "TZ", "MALLOC_", "GLIBC_", "SSL_CERT", "OPENSSL_")
REQUEST_BYTES = 2**17
Streams = tuple[int, int, int]


class Program:
    """A fork under way, as `subprocess.Popen` shows a process: its status comes through a pipe."""

    def __init__(self, arguments: Sequence[str], reply: int) -> None:
        self.args, self._reply = list(arguments), os.fdopen(reply, "rb", buffering=0)
        self.returncode: int | None = None
        self.pid = int(self._line(None))

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, minus the signal's number where one ended it. Raises `subprocess.TimeoutExpired`."""
        if self.returncode is None:
            self.returncode = int(self._line(timeout))
            self._reply.close()
        return self.returncode

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _line(self, timeout: float | None) -> bytes:
        if not select.select([self._reply], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        line = self._reply.readline()
        assert line, f"{self.args}: what starts programs has ended"
        return line


@dataclass
class Forks:
    """What starts programs, itself started with the first one. `modules` are imported by then; threads may share it."""

    modules: tuple[str, ...]
    _socket: socket.socket | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(
        self, module: str, arguments: Sequence[str], environment: Mapping[str, str], streams: Streams, session: bool = False
    ) -> Program | subprocess.Popen[bytes]:
        """`python -m MODULE ARGUMENTS` in the project's folder, in a session of its own if asked; the streams stay the caller's."""
        if not _fits(environment):
            in_, out, err = streams
            command = [sys.executable, "-m", module, *arguments]
            own = {"stdin": in_, "stdout": out, "stderr": err, "start_new_session": session}
            return subprocess.Popen(command, cwd=PROJECT, env=environment, **own)
        asked = {"module": module, "arguments": list(arguments), "environment": dict(environment), "session": session}
        asked["interruptible"] = signal.getsignal(signal.SIGINT) != signal.SIG_IGN  # what a program inherits
        reader, writer = os.pipe()
        try:
            with self._lock:
                socket.send_fds(self._connected(), [json.dumps(asked).encode()], [*streams, writer])
        finally:
            os.close(writer)
        return Program([module, *arguments], reader)

    def run(
        self, module: str, arguments: Sequence[str], environment: Mapping[str, str], stdin: bytes, timeout: float
    ) -> subprocess.CompletedProcess[bytes]:
        """The same from start to end, with pipes for streams, as `subprocess.run` does it."""
        (in_, to_in), (from_out, out), (from_err, err) = os.pipe(), os.pipe(), os.pipe()
        try:
            program = self.start(module, arguments, environment, (in_, out, err))
        finally:
            for fd in (in_, out, err):
                os.close(fd)
        threading.Thread(target=_write, args=(to_in, stdin), daemon=True).start()
        shown = [_Reading(os.fdopen(fd, "rb")) for fd in (from_out, from_err)]
        try:
            code = program.wait(timeout)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()
            raise
        # What it started may hold its streams for longer: that is waited for, too.
        return subprocess.CompletedProcess(program.args, code, *(stream.all(timeout) for stream in shown))

    def _connected(self) -> socket.socket:
        if self._socket is None:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            for end in (ours, theirs):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * REQUEST_BYTES)
            command = [sys.executable, "-m", "tests.forked", str(theirs.fileno()), *self.modules]
            process = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
            theirs.close()
            self._socket = ours
            atexit.register(_end, ours, process)
        return self._socket


# The command line, all that fetches, what workers import before their first page, and what a run imports when it begins.
SCRAPY = Forks(
    (
        "scrapy.cmdline",
        *(
            ".".join(path.relative_to(PROJECT).with_suffix("").parts)
            for path in sorted((PROJECT / "crawler").rglob("[a-z]*.py"))
        ),
        *("pipelines.warm", "pipelines.store.sqlite", "pipelines.delivery.folder", "pipelines.delivery.s3", "pebble"),
        *("scrapy.downloadermiddlewares.cookies", "scrapy.extensions.remote_control", "scrapy.extensions.telnet", "jinja2"),
    )
)


class _Reading(threading.Thread):
    """Reads a pipe to its end."""

    def __init__(self, source: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self._source, self._read = source, b""
        self.start()

    def run(self) -> None:
        with self._source:
            self._read = self._source.read()

    def all(self, timeout: float) -> bytes:
        self.join(timeout)
        assert not self.is_alive(), "the program has ended, and another process holds its streams"
        return self._read


def _write(fd: int, text: bytes) -> None:
    with suppress(BrokenPipeError), os.fdopen(fd, "wb") as stream:
        stream.write(text)


def _fits(environment: Mapping[str, str]) -> bool:
    """Whether a program with these variables can be a fork of this process's child."""
    return sys.platform == "linux" and _at_start(environment) == _at_start(os.environ)


def _at_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(_READ_AT_START)}


def _end(connected: socket.socket, process: subprocess.Popen[bytes]) -> None:
    connected.close()
    process.wait()
