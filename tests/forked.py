"""What starts programs for tests (`tests/forks.py`): it imports modules, then forks for each request on its socket.

python -m tests.forked FD MODULE...
"""

from __future__ import annotations

import fcntl
import gc
import io
import json
import os
import runpy
import signal
import socket
import sys
from importlib import import_module
from io import TextIOWrapper
from multiprocessing import util
from typing import NoReturn

from tests.forks import REQUEST_BYTES

_FIRST_OTHER_FD, _FIRST_SAFE_FD = 3, 200
# Commands that extract pages in workers.
_WITH_WORKERS = {"crawl", "extract", "quarantine", "report", "parse"}


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
        message, fds, _, _ = socket.recv_fds(requests, REQUEST_BYTES, 4)
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


def _become(
    module: str, arguments: list[str], environment: dict[str, str], session: bool, interruptible: bool, streams: list[int]
) -> None:
    if session:
        os.setsid()
    if interruptible:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for fd, stream in enumerate(streams):
        os.dup2(stream, fd)
    os.closerange(_FIRST_OTHER_FD, max(streams) + 1)
    os.environ.clear()
    os.environ.update(environment)
    for fd, name in enumerate(("stdin", "stdout", "stderr")):
        opened = _opened(fd, getattr(sys, name))
        setattr(sys, name, opened)
        setattr(sys, f"__{name}__", opened)
    sys.argv = [module, *arguments]
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    if set(arguments[:1]) & _WITH_WORKERS:
        util.spawnv_passfds = _ForkServer().start
    runpy.run_module(module, run_name="__main__", alter_sys=True)


class _ForkServer:
    """A fork that becomes the program's fork server, whose modules it has, when the program starts one; a second one is executed."""

    def __init__(self) -> None:
        self._asking, asked = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._execute = util.spawnv_passfds
        self._pid = os.fork()
        if self._pid == 0:
            self._asking.close()
            self._wait(asked)
        asked.close()

    def start(self, path: bytes, arguments: list[str], fds: list[int]) -> int:
        """What `multiprocessing.util.spawnv_passfds` does: the process's id."""
        if "forkserver" not in arguments[-1] or not self._pid:
            return self._execute(path, arguments, fds)
        masked = [int(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, [])]
        told = {"code": arguments[-1], "fds": [int(fd) for fd in fds], "masked": masked}
        socket.send_fds(self._asking, [json.dumps(told).encode()], told["fds"])
        self._asking.close()
        pid, self._pid = self._pid, 0
        return pid

    def _wait(self, asked: socket.socket) -> NoReturn:
        # A signal to the whole group is for those that have begun.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        message, received, _, _ = socket.recv_fds(asked, REQUEST_BYTES, 8)
        if not message:
            os._exit(0)
        told = json.loads(message)
        # Out of the way of the numbers that the code names.
        safe = [fcntl.fcntl(fd, fcntl.F_DUPFD, _FIRST_SAFE_FD) for fd in received]
        asked.close()
        for fd in received:
            os.close(fd)
        for fd, named in zip(safe, told["fds"], strict=True):
            os.dup2(fd, named)
            os.close(fd)
        signal.pthread_sigmask(signal.SIG_SETMASK, told["masked"])
        sys.argv = ["-c"]
        exec(told["code"], {"__name__": "__main__"})
        sys.exit()


def _opened(fd: int, like: TextIOWrapper) -> TextIOWrapper:
    """The standard stream anew, of the same encoding, as the interpreter opens it: what it does at a line's end is the descriptor's."""
    unbuffered = isinstance(like.buffer, io.RawIOBase)
    binary = open(fd, "wb" if fd else "rb", 0 if unbuffered else -1, closefd=False)  # noqa: SIM115
    lines = (os.isatty(fd) or fd == 2) and not unbuffered
    return TextIOWrapper(binary, like.encoding, like.errors, line_buffering=lines, write_through=like.write_through)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
