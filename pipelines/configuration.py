"""Configuration: the NEWS_* settings as typed values, each checked once before a run starts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo

from pipelines.delivery.batches import Limits
from pipelines.delivery.compression import Compression
from pipelines.delivery.sinks import S3Options
from pipelines.errors import ConfigurationError
from pipelines.runner import default_workers

# Four extract some 150 pages a second, many times what polite fetching brings.
CRAWL_WORKERS = 4


def _needed(value: str) -> str:
    if not value:
        raise ValueError("must be set")
    value.encode()  # raises ValueError for what a variable holds that is no UTF-8
    return value


def _tags(value: str) -> tuple[tuple[str, str], ...]:
    """The pairs of `team=news,env=prod`; S3 takes ten: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html"""
    split = [tag.partition("=") for tag in value.split(",") if tag.strip()]
    pairs = tuple((name.strip(), content.strip()) for name, _, content in split)
    if len(pairs) > 10 or not all(name and content for name, content in pairs):
        raise ValueError("up to ten name=value")
    return pairs


def _needs_kms(key: str | None, others: ValidationInfo) -> str | None:
    if key and not str(others.data.get("s3_encryption") or "aws:kms").startswith("aws:kms"):
        raise ValueError("another encryption has no key")
    return key


def _read_at_once(storage_class: str | None) -> str | None:
    if storage_class in ("GLACIER", "DEEP_ARCHIVE"):
        raise ValueError("its objects must be restored before they can be read")
    return storage_class


_EmptyIsNone = BeforeValidator(lambda value: value or None)


def _split(value: str) -> list[str]:
    return [] if value == "none" else value.split(",")


Hours = Annotated[float, Field(gt=0, le=8760)]


class Configuration(BaseModel):
    """What the pipeline needs to run. Seconds and MiB as the names say; `workers` 0 means one a core less one."""

    model_config = ConfigDict(frozen=True)

    sink: Annotated[str, AfterValidator(_needed)]
    store: Annotated[str, AfterValidator(_needed)]
    workers: Annotated[int, Field(ge=0, le=256)] = 0
    page_seconds: Annotated[float, Field(gt=0, le=3600)] = 10
    page_mib: Annotated[int, Field(ge=64, le=65536)] = 512
    article_pages: Annotated[int, Field(ge=1, le=99)] = 10
    part_mib: Annotated[float, Field(gt=0, le=5120)] = 64
    part_seconds: Annotated[float, Field(gt=0, le=86400)] = 900
    part_compression: Compression = Compression.GZIP
    recheck_hours: Annotated[tuple[Hours, ...], BeforeValidator(_split)] = (1, 6, 24, 168)
    grace_seconds: Annotated[float, Field(ge=0)] = 86400
    look_days: Annotated[float, Field(ge=0, le=365)] = 7
    listing_min_seconds: Annotated[float, Field(ge=0, le=604800)] = 0
    listing_max_seconds: Annotated[float, Field(gt=0, le=604800)] = 86400
    outbox_mib: Annotated[float, Field(gt=0)] = 1024
    end_seconds: Annotated[float, Field(gt=0)] = 60
    quarantine_mib: Annotated[float, Field(ge=0)] = 256
    s3_encryption: Annotated[Literal["AES256", "aws:kms", "aws:kms:dsse"] | None, _EmptyIsNone] = None
    s3_kms_key: Annotated[str | None, _EmptyIsNone, AfterValidator(_needs_kms)] = None
    s3_storage_class: Annotated[str | None, _EmptyIsNone, AfterValidator(_read_at_once)] = None
    s3_tags: Annotated[tuple[tuple[str, str], ...], BeforeValidator(_tags)] = ()
    s3_requester_pays: bool = False

    @property
    def worker_count(self) -> int:
        return self.workers or default_workers()

    @property
    def grace(self) -> timedelta:
        return timedelta(seconds=self.grace_seconds)

    @property
    def crawl_worker_count(self) -> int:
        """Beside fetching: more than four idle workers would take the memory that a run's pages may have, and wait."""
        return self.workers or min(default_workers(), CRAWL_WORKERS)

    @property
    def limits(self) -> Limits:
        # A part is full at five times its bytes before compression: where the sink is well, the outbox stays half empty.
        part_mib = min(self.part_mib, self.outbox_mib / 10)
        return Limits(int(part_mib * 2**20), timedelta(seconds=self.part_seconds), self.part_compression)

    @property
    def recheck_ages(self) -> tuple[timedelta, ...]:
        return tuple(timedelta(hours=hours) for hours in self.recheck_hours)

    @property
    def look_pause(self) -> timedelta | None:
        return timedelta(days=self.look_days) if self.look_days else None

    @property
    def listing_pause(self) -> tuple[timedelta, timedelta]:
        """The shortest and the longest time from one visit of a listing to the next; the shorter one never wins."""
        shortest = timedelta(seconds=self.listing_min_seconds)
        return shortest, max(shortest, timedelta(seconds=self.listing_max_seconds))

    @property
    def quarantine_bytes(self) -> int:
        return int(self.quarantine_mib * 2**20)

    @property
    def outbox_bytes(self) -> int:
        return int(self.outbox_mib * 2**20)

    @property
    def s3(self) -> S3Options:
        encryption = self.s3_encryption or ("aws:kms" if self.s3_kms_key else None)
        return S3Options(encryption, self.s3_kms_key, self.s3_storage_class, self.s3_tags, self.s3_requester_pays)


ALLOWED = {
    "sink": "file:///dir or s3://bucket/prefix",
    "store": "sqlite:///path",
    "workers": "a number of processes, 0 for one a core less one",
    "page_seconds": "seconds above 0",
    "page_mib": "MiB, at least 64",
    "article_pages": "a number of pages, 1 to 99",
    "part_mib": "MiB above 0",
    "part_seconds": "seconds above 0",
    "part_compression": "gzip or zstd",
    "recheck_hours": "hours above 0, separated by commas: 1,6,24,168; or none",
    "grace_seconds": "seconds, 0 or more",
    "look_days": "days, 0 for never",
    "listing_min_seconds": "seconds, 0 or more",
    "listing_max_seconds": "seconds above 0",
    "outbox_mib": "MiB above 0",
    "end_seconds": "seconds above 0",
    "quarantine_mib": "MiB, 0 or more",
    "s3_encryption": "AES256, aws:kms or aws:kms:dsse",
    "s3_kms_key": "a key's id or ARN, with NEWS_S3_ENCRYPTION=aws:kms or aws:kms:dsse",
    "s3_storage_class": "a class from which objects are read at once, such as STANDARD_IA, INTELLIGENT_TIERING or GLACIER_IR",
    "s3_tags": "up to ten name=value, separated by commas",
    "s3_requester_pays": "true or false",
}


def configuration(get: Callable[[str], Any]) -> Configuration:
    """The configuration of a settings reader such as `Settings.get`. Raises ConfigurationError with the setting's name."""
    values = {name: str(value).strip() for name in ALLOWED if (value := get(f"NEWS_{name.upper()}")) is not None}
    try:
        return Configuration.model_validate(values)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise ConfigurationError(f"NEWS_{name.upper()}={values.get(name, '')}: allowed is {ALLOWED[name]}") from None
