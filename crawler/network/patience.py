"""Patience: how long a run has waited for each host, whatever the host did to make it wait."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Final

# Default of NEWS_HOST_SECONDS: a thousand pages (NEWS_HOST_PAGES) at a second each, and half as much again.
HOST_SECONDS: Final = 1_800.0


class Patience:
    """Counts a host's seconds while a request of it is on its way, waits for the host's delay, or a pause of the host runs.

    What a host takes while others have the run's places is not its time. All instants are `time.monotonic`.
    """

    def __init__(self, limit_s: float) -> None:
        self.limit_s = limit_s
        self._spent_s: defaultdict[str, float] = defaultdict(float)
        self._active: Counter[str] = Counter()
        self._paused_until: dict[str, float] = {}
        self._counted_to: dict[str, float] = {}

    def begin(self, host: str, now: float) -> None:
        """A request of the host begins to take time."""
        self._count(host, now)
        self._active[host] += 1

    def end(self, host: str, now: float) -> None:
        """A request that began takes no more time."""
        self._count(host, now)
        self._active[host] -= 1

    def pause(self, host: str, until: float, now: float) -> None:
        """The host is waited for until that instant."""
        self._count(host, now)
        self._paused_until[host] = max(until, self._paused_until.get(host, 0.0))

    def spent_s(self, host: str, now: float) -> float:
        """The seconds that the host has taken until now."""
        self._count(host, now)
        return self._spent_s[host]

    def is_over(self, host: str, now: float, more_s: float = 0.0) -> bool:
        """Whether the host has taken its time, or will have with so many seconds more. Never with a limit of 0."""
        return 0 < self.limit_s < self.spent_s(host, now) + more_s

    def _count(self, host: str, now: float) -> None:
        since = self._counted_to.get(host, now)
        until = now if self._active[host] else min(now, self._paused_until.get(host, 0.0))
        self._spent_s[host] += max(0.0, until - since)
        self._counted_to[host] = now
