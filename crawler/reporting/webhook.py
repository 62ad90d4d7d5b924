"""Webhook: a run that went wrong tells an address, and never waits long for it."""

from __future__ import annotations

import http.client
import threading
import urllib.error
import urllib.request
from typing import Final

import orjson

from crawler.reporting.summary import Summary
from pipelines.errors import Exit

TIMEOUT_S: Final = 3.0
TRIES: Final = 2
# A name that does not resolve, or an answer that comes byte by byte, takes longer than a timeout of the socket.
DEADLINE_S: Final = 8.0
TOLD: Final = frozenset({Exit.FAULT, Exit.DEGRADED, Exit.UNDELIVERED})


def is_told(run: Summary) -> bool:
    """Whether a run's end is worth a message: it failed, is degraded, or raised an alarm."""
    return run.exit_code in TOLD or bool(run.alarms)


def post(address: str, run: Summary) -> str | None:
    """POST the summary as JSON, a second time where the first failed. None when it was taken, else why not, without the address."""
    faults: list[str | None] = []
    body = orjson.dumps(run.to_dict(), option=orjson.OPT_NON_STR_KEYS)
    # A thread that ends with the process: whatever the other side does, the run ends in seconds.
    thread = threading.Thread(target=lambda: faults.append(_tried(address, body)), daemon=True)
    thread.start()
    thread.join(DEADLINE_S)
    return faults[0] if faults else f"no answer within {DEADLINE_S:g} s"


def _tried(address: str, body: bytes) -> str | None:
    fault = None
    for _ in range(TRIES):
        fault = _posted(address, body)
        if fault is None:
            return None
    return fault


def _posted(address: str, body: bytes) -> str | None:
    headers = {"Content-Type": "application/json", "User-Agent": "Dateline"}
    try:
        request = urllib.request.Request(address, body, headers, method="POST")
        with urllib.request.urlopen(request, timeout=TIMEOUT_S):
            return None
    except urllib.error.HTTPError as error:
        error.close()
        return f"it answered {error.code}"
    except urllib.error.URLError as error:
        return type(error.reason).__name__ if isinstance(error.reason, Exception) else "no connection"
    except (OSError, ValueError, http.client.HTTPException) as error:
        # The type alone: the text may hold the address.
        return type(error).__name__
