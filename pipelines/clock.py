"""The clock that runs are timed by: one place, so that a test can live through a month."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This instant, aware UTC. For hosts (pipelines, spiders, commands); the core takes the time as an argument."""
    return datetime.now(UTC)
