"""JSON logs: each line that a process writes to standard error as one JSON object, for what collects a job's logs."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import IO, Any, Final

import orjson
from scrapy.settings import BaseSettings

from crawler.reporting.outlets import outlets, shown

_DRAIN_S: Final = 1.0
_END: Final = b"\x00end of standard error\n"
_stderr = logging.getLogger("stderr")
Described = tuple[type[BaseException], BaseException, TracebackType | None]


class JsonFormatter(logging.Formatter):
    """One JSON object a record: time (RFC 3339, UTC), level, logger, message, run (its id, null before it has one), exception.

    Secrets that the settings hold are replaced by the part of them that is none.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self.run_id: Callable[[], str | None] = lambda: None
        self._secrets = {secret: shown(secret) for secret in secrets}

    def format(self, record: logging.LogRecord) -> str:
        stack = self.formatStack(record.stack_info) if record.stack_info else None
        exception = self.formatException(record.exc_info) if record.exc_info and record.exc_info[0] else stack
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._clean(record.getMessage()),
            "run": self.run_id(),
            "exception": self._clean(exception) if exception else None,
        }
        return orjson.dumps(line).decode()

    def _clean(self, text: str) -> str:
        for secret, rest in self._secrets.items():
            text = text.replace(secret, rest)
        # Half of a surrogate pair, which a header may hold, is no UTF-8.
        return text.encode("utf-8", "replace").decode("utf-8")


def log_json(settings: BaseSettings) -> JsonFormatter:
    """Write the log as JSON lines from now on, to standard error or LOG_FILE, and all else that comes to standard error too.

    What Python's own warnings, the workers or a library in C write there is a record of the logger `stderr`.
    """
    told = outlets(settings)
    formatter = JsonFormatter(filter(None, (told.webhook, told.metrics_push)))
    handler = _handler(settings, _wrapped_stderr())
    handler.setFormatter(formatter)
    handler.setLevel(settings.get("LOG_LEVEL"))
    # Scrapy puts its own handler there anew for each crawler, with its own formatter.
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    logging.root.setLevel(logging.NOTSET)
    logging.root.addHandler(handler)
    sys.excepthook = _log_uncaught
    return formatter


def _handler(settings: BaseSettings, stream: IO[str]) -> logging.Handler:
    if filename := settings.get("LOG_FILE"):
        mode = "a" if settings.getbool("LOG_FILE_APPEND") else "w"
        return logging.FileHandler(filename, mode=mode, encoding="utf-8")
    return logging.StreamHandler(stream) if settings.getbool("LOG_ENABLED") else logging.NullHandler()


def _wrapped_stderr() -> IO[str]:
    """Standard error as it was; what is written to descriptor 2 from now on comes line by line to the logger `stderr`."""
    original = os.fdopen(os.dup(2), "w", encoding="utf-8", buffering=1)
    reader, writer = os.pipe()
    os.dup2(writer, 2)
    os.close(writer)
    thread = threading.Thread(target=_log_lines, args=(reader,), name="stderr", daemon=True)
    thread.start()
    atexit.register(_unwrap, original, thread)
    return original


def _log_lines(reader: int) -> None:
    with os.fdopen(reader, "rb") as lines:
        for line in lines:
            if line.endswith(_END):
                return
            if text := line.decode("utf-8", "replace").rstrip():
                _stderr.error("%s", text)


def _unwrap(original: IO[str], thread: threading.Thread) -> None:
    """Give descriptor 2 back when all that was written to it is logged. Other processes may hold the pipe, so an end is written."""
    sys.stderr.flush()
    with suppress(OSError):  # the thread is gone
        os.write(2, b"\n" + _END)
    thread.join(_DRAIN_S)
    os.dup2(original.fileno(), 2)


def _log_uncaught(kind: type[BaseException], error: BaseException, traceback: Any) -> None:
    described: Described = (kind, error, traceback)
    logging.getLogger("python").critical("The program ends by an exception", exc_info=described)
