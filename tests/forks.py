"""Programs as forks of a process that has imported what each of them imports first: they start in milliseconds instead of half a second.

    python -m tests.forks FD MODULE...    imports the modules, then starts a program for each request on the socket

`python -m scrapy` imports Scrapy's command line before anything of ours. A fork of a process that has done just that runs from there as
a new process does: with its own arguments, variables, folder, streams and exit, and with every module of ours imported anew.
Where there is no fork, or where a variable differs that the interpreter reads at its start, a program is executed as ever.
"""

from __future__ import annotations

import atexit
import gc
import io
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import IO, NoReturn

PROJECT = Path(__file__).parents[1]
# What is read before the first line of a program, by the interpreter, the loader or the C library.
_READ_AT_START = ("PYTHON", "LD_", "LC_", "LANG", "TZ", "MALLOC_", "GLIBC_", "SSL_CERT", "OPENSSL_")
_REQUEST_BYTES = 2**17
_FIRST_OTHER_FD = 3
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
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * _REQUEST_BYTES)
            command = [sys.executable, "-m", "tests.forks", str(theirs.fileno()), *self.modules]
            process = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
            theirs.close()
            self._socket = ours
            atexit.register(_end, ours, process)
        return self._socket


SCRAPY = Forks(("scrapy.cmdline",))
# For crawls that a test conducts: all that a crawl imports, ours too, which other tests have imported anew.
CONDUCTED = Forks(("scrapy.cmdline", "pipelines.warm", "crawler.spiders.news", "crawler.commands.crawl"))


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


def main(fd: int, *modules: str) -> None:
    requests = socket.socket(fileno=fd)
    for name in modules:
        import_module(name)
    gc.collect()
    gc.freeze()
    message, streams = _asked(requests)
    _become(**json.loads(message), streams=streams)


def _asked(requests: socket.socket) -> tuple[bytes, list[int]]:
    """What one program is asked to be, in that program's own process; this one ends when nobody can ask any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait for programs
    while True:
        message, fds, _, _ = socket.recv_fds(requests, _REQUEST_BYTES, 4)
        if not message:
            sys.exit()
        if os.fork() == 0:
            requests.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            *streams, reply = fds
            if pid := os.fork():
                _keep(pid, streams, reply)
            os.close(reply)
            return message, streams
        for fd in fds:
            os.close(fd)


def _keep(pid: int, streams: list[int], reply: int) -> NoReturn:
    """Tell the program's id, and its exit code when it has ended."""
    for fd in (0, 1, 2, *streams):
        os.close(fd)
    os.write(reply, b"%d\n" % pid)
    os.write(reply, b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    os._exit(0)


def _become(module: str, arguments: list[str], environment: dict[str, str], session: bool, streams: list[int]) -> None:
    if session:
        os.setsid()
    for fd, stream in enumerate(streams):
        os.dup2(stream, fd)
    os.closerange(_FIRST_OTHER_FD, max(streams) + 1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    for fd, name in enumerate(("stdin", "stdout", "stderr")):
        opened = _opened(fd, getattr(sys, name))
        setattr(sys, name, opened)
        setattr(sys, f"__{name}__", opened)
    sys.argv = [module, *arguments]
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _opened(fd: int, like: TextIOWrapper) -> TextIOWrapper:
    """The standard stream anew, of the same encoding, as the interpreter opens it: what it does at a line's end is the descriptor's."""
    unbuffered = isinstance(like.buffer, io.RawIOBase)
    binary = open(fd, "wb" if fd else "rb", 0 if unbuffered else -1, closefd=False)  # noqa: SIM115
    lines = (os.isatty(fd) or fd == 2) and not unbuffered
    return TextIOWrapper(binary, like.encoding, like.errors, line_buffering=lines, write_through=like.write_through)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
