"""Outlets: where a run's end is told beside the sink: a metrics file, a Pushgateway, a webhook."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from pipelines.errors import ConfigurationError

_SWITCH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Outlets:
    """The NEWS_METRICS_FILE, NEWS_METRICS_PUSH and NEWS_WEBHOOK settings; None where one is not set."""

    metrics_file: Path | None = None
    metrics_push: str | None = None
    webhook: str | None = None


def outlets(settings: BaseSettings) -> Outlets:
    """The outlets of the settings. Raises ConfigurationError with the setting's name; an address is not repeated, it may hold a key."""
    file = _text(settings, "NEWS_METRICS_FILE")
    if file and not file.endswith(".prom"):
        raise ConfigurationError(
            f"NEWS_METRICS_FILE={file}: allowed is a file whose name ends in .prom; node_exporter reads no other"
        )
    return Outlets(
        Path(file) if file else None,
        _address(settings, "NEWS_METRICS_PUSH"),
        _address(settings, "NEWS_WEBHOOK"),
    )


def logs_json(settings: BaseSettings) -> bool:
    """The NEWS_LOG_JSON setting. Raises ConfigurationError."""
    value = _text(settings, "NEWS_LOG_JSON").lower() or "false"
    if value not in _SWITCH:
        raise ConfigurationError(f"NEWS_LOG_JSON={value}: allowed is true or false")
    return _SWITCH[value]


def shown(address: str) -> str:
    """The part of an address that is no secret: its scheme, host and port.

    >>> shown("https://key:word@hooks.example:8443/T0/B1?token=x")
    'https://hooks.example:8443'
    """
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _text(settings: BaseSettings, name: str) -> str:
    return str(settings.get(name) or "").strip()


def _address(settings: BaseSettings, name: str) -> str | None:
    address = _text(settings, name)
    if not address:
        return None
    try:
        parts = urlsplit(address)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is no number, a bracket that is not closed
        valid = False
    if not valid or any(character.isspace() for character in address):
        raise ConfigurationError(f"{name}: allowed is an http or https address")
    return address
