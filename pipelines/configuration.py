"""Configuration: the NEWS_* settings as typed values, each checked once before a run starts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from pipelines.delivery.batches import Limits
from pipelines.delivery.compression import Compression
from pipelines.errors import ConfigurationError
from pipelines.runner import default_workers


def _needed(value: str) -> str:
    if not value:
        raise ValueError("must be set")
    return value


class Configuration(BaseModel):
    """What the pipeline needs to run. Seconds and MiB as the names say; `workers` 0 means one a core less one."""

    model_config = ConfigDict(frozen=True)

    sink: Annotated[str, AfterValidator(_needed)]
    store: Annotated[str, AfterValidator(_needed)]
    workers: Annotated[int, Field(ge=0, le=256)] = 0
    page_seconds: Annotated[float, Field(gt=0, le=3600)] = 10
    page_mib: Annotated[int, Field(ge=64, le=65536)] = 512
    part_mib: Annotated[float, Field(gt=0, le=5120)] = 64
    part_seconds: Annotated[float, Field(gt=0, le=86400)] = 900
    part_compression: Compression = Compression.GZIP
    listing_min_seconds: Annotated[float, Field(ge=0, le=604800)] = 0
    listing_max_seconds: Annotated[float, Field(gt=0, le=604800)] = 86400
    outbox_mib: Annotated[float, Field(gt=0)] = 1024

    @property
    def worker_count(self) -> int:
        return self.workers or default_workers()

    @property
    def limits(self) -> Limits:
        return Limits(int(self.part_mib * 2**20), timedelta(seconds=self.part_seconds), self.part_compression)

    @property
    def listing_pause(self) -> tuple[timedelta, timedelta]:
        """The shortest and the longest time from one visit of a listing to the next; the shorter one never wins."""
        shortest = timedelta(seconds=self.listing_min_seconds)
        return shortest, max(shortest, timedelta(seconds=self.listing_max_seconds))

    @property
    def outbox_bytes(self) -> int:
        return int(self.outbox_mib * 2**20)


ALLOWED = {
    "sink": "file:///dir or s3://bucket/prefix",
    "store": "sqlite:///path",
    "workers": "a number of processes, 0 for one a core less one",
    "page_seconds": "seconds above 0",
    "page_mib": "MiB, at least 64",
    "part_mib": "MiB above 0",
    "part_seconds": "seconds above 0",
    "part_compression": "gzip or zstd",
    "listing_min_seconds": "seconds, 0 or more",
    "listing_max_seconds": "seconds above 0",
    "outbox_mib": "MiB above 0",
}


def configuration(get: Callable[[str], Any]) -> Configuration:
    """The configuration of a settings reader such as `Settings.get`. Raises ConfigurationError with the setting's name."""
    values = {name: str(value).strip() for name in ALLOWED if (value := get(f"NEWS_{name.upper()}")) is not None}
    try:
        return Configuration.model_validate(values)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise ConfigurationError(f"NEWS_{name.upper()}={values.get(name, '')}: allowed is {ALLOWED[name]}") from None
