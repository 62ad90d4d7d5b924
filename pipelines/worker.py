"""Worker: what an extraction process does before its first page: it ends with its parent, holds to its memory, says each thing once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def prepare(page_mib: int) -> None:
    """In the worker: import the stack, then limit the address space to what is mapped now and the page's allowance."""
    _end_with_parent()
    import pipelines.warm  # noqa: F401

    # Ctrl-C goes to the whole group, and so does SIGTERM (see `runner`); the parent ends its workers in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # What lxml cannot even log for want of memory is the page's outcome already; it would be six lines for each fault of the page.
    sys.excepthook, sys.unraisablehook = _said_of(sys.excepthook), _said_of(sys.unraisablehook)
    _limit_memory(page_mib * 2**20)


def _said_of(hook: Callable[..., Any]) -> Callable[..., Any]:
    """The hook without failures for want of memory: its first argument is an exception's type or has it."""
    return lambda said, *more: None if getattr(said, "exc_type", said) is MemoryError else hook(said, *more)


def _end_with_parent() -> None:
    """Let the kernel end this process when its parent is gone, whatever it is at.

    Only the parent holds the other end of the sentinel pipe. O_ASYNC turns its end into a SIGIO, whose default is to
    terminate (signal(7), fcntl(2)); a thread that watched the pipe would wait for C code that holds the interpreter.
    """
    parent = multiprocessing.parent_process()
    if parent is None or not hasattr(os, "O_ASYNC"):
        return
    import fcntl
    from multiprocessing import connection

    fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, fcntl.fcntl(parent.sentinel, fcntl.F_GETFL) | os.O_ASYNC)
    if connection.wait([parent.sentinel], timeout=0):
        os._exit(1)


def _limit_memory(allowance: int) -> None:
    """Where the system has no /proc or no limits (macOS, Windows), the time limit alone holds."""
    try:
        import resource

        mapped = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (ImportError, OSError):
        return
    resource.setrlimit(resource.RLIMIT_AS, (mapped + allowance, resource.RLIM_INFINITY))
