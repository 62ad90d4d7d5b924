"""Heap: freed memory given back to the system, where the C library can."""

from __future__ import annotations

import ctypes
import gc
from functools import cache
from typing import Any


def settle() -> None:
    """Leave what was imported until now out of every later search for garbage: it stays, and looking through it takes 40 ms."""
    gc.freeze()


def give_back() -> None:
    """Return what was freed: glibc keeps it for the process, so that each worker would stay as large as its largest page was.

    What one page left is young. To look through all that is older takes 30 ms and gives no more (111 MiB after large pages).
    """
    gc.collect(1)
    if trim := _malloc_trim():
        trim(0)


@cache
def _malloc_trim() -> Any:
    """glibc's malloc_trim(3), or None where the C library has none."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):
        return None
