"""Every exception of `pipelines`, raised for broken promises only; an expected failure is a `Rejected`.

DatelineError
├── ConfigurationError          exit 2, before anything is fetched: the message says what to change
│   ├── PublisherFileError      a publisher file: its path, its line, the fault
│   ├── StoreError              the store cannot be opened
│   │   └── StoreDamaged        it is damaged; what is left of it and the bucket's manifests make it anew
│   └── SinkError               the sink refuses: address, missing bucket, refused credentials, an unwritable folder
└── DeliveryError               exit 4: the sink is away, what could not be delivered now is safe in the outbox
"""

from __future__ import annotations

from enum import IntEnum
from importlib.resources.abc import Traversable
from pathlib import Path


class Exit(IntEnum):
    """How `scrapy crawl` ends, as docs/delivery.md explains; other commands use what applies to them."""

    OK = 0
    FAULT = 1
    USAGE = 2
    DEGRADED = 3
    UNDELIVERED = 4
    HELD = 5


class DatelineError(Exception):
    """The root of the tree."""


class ConfigurationError(DatelineError):
    """A setting, an argument or a file that must be changed before a run can start."""


class PublisherFileError(ConfigurationError):
    """A fault in a publisher file."""

    def __init__(self, path: Traversable, line: int | None, fault: str) -> None:
        super().__init__(f"{path}:{line}: {fault}" if line else f"{path}: {fault}")
        self.path, self.line, self.fault = path, line, fault


class StoreError(ConfigurationError):
    """The store cannot be opened."""


class StoreDamaged(StoreError):
    """The store's file is not what was written; `fault` says in what. The next run, or `scrapy store rebuild`, makes it anew."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(
            f"the store {path} is damaged: {fault}; the next run moves it aside and makes it anew from what is left and from the "
            "sink, as `scrapy store rebuild` does"
        )
        self.fault = fault


class SinkError(ConfigurationError):
    """The sink cannot be written as it is configured."""


class DeliveryError(DatelineError):
    """Rows could not be delivered now; they stay in the outbox."""
