"""How a command ends that a signal interrupts, or whose reader goes away: one line or none, the usual code, no traceback."""

from __future__ import annotations

import argparse
import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import FrameType, TracebackType
from typing import Any, Final, NoReturn, Protocol

# What a shell reports of a program that a signal ended: 128 and its number; here of SIGPIPE, which Python ignores.
CLOSED_PIPE: Final = 128 + signal.SIGPIPE
_NAMES: Final = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}


class Interrupted(KeyboardInterrupt):
    """Ctrl-C or SIGTERM: it unwinds what is under way, so that transactions are rolled back, locks let go and workers ended."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class _Command(Protocol):
    exitcode: int


Run = Callable[[Any, list[str], argparse.Namespace], None]


def in_order(run: Run) -> Run:
    """A command's `run` that ends in order: with exit code 130 or 143 after Ctrl-C or SIGTERM, with 141 where nobody reads on.

    A second signal ends it at once.
    """

    @wraps(run)
    def ended(self: _Command, args: list[str], opts: argparse.Namespace) -> None:
        with _hearing():
            try:
                run(self, args, opts)
                sys.stdout.flush()
            except BrokenPipeError:
                close_pipes()
                self.exitcode = CLOSED_PIPE
            except Interrupted as interrupted:
                _end(type(self).__module__.rpartition(".")[2], interrupted.number)

    return ended


def quiet_ends() -> None:
    """What no command of ours is there to end, at the program's start and in Scrapy's own commands, shows no traceback from here on.

    After Ctrl-C Python itself lets the signal end the program.
    """
    shown = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            print("scrapy: ended by Ctrl-C", file=sys.stderr)
        elif issubclass(kind, BrokenPipeError):
            close_pipes()
            os._exit(CLOSED_PIPE)
        else:
            shown(kind, error, trace)

    sys.excepthook = hook
    atexit.register(close_pipes)


def close_pipes() -> None:
    """Write no more to whoever went away. The interpreter flushes again at its end: docs.python.org/3/library/signal.html#note-on-sigpipe"""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def _hearing() -> Iterator[None]:
    """The signals raise Interrupted inside, but for those that are ignored, as `nohup` has it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _NAMES}
    heard = [number for number, handler in before.items() if handler not in (signal.SIG_IGN, None)]
    try:
        for number in heard:
            signal.signal(number, _interrupt)
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    for each in _NAMES:
        if signal.getsignal(each) is _interrupt:
            signal.signal(each, signal.SIG_DFL)
    raise Interrupted(number)


def _end(verb: str, number: int) -> NoReturn:
    """Not by way of the interpreter's end, which waits for threads that a silent sink may hold."""
    print(f"scrapy {verb}: ended by {_NAMES[signal.Signals(number)]}; nothing is left half, run it again", file=sys.stderr)
    try:
        sys.stdout.flush()
    finally:
        os._exit(128 + number)
