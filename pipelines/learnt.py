"""Learnt zones: what a publisher's pages showed of its clocks, weighed with its file, host and language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.history import zones
from pipelines.history.zones import LearntZone
from pipelines.normalizers.zones import every_zone, place_of
from pipelines.publishers import Publisher
from pipelines.store.protocol import ClockCount


@dataclass(frozen=True, slots=True)
class Clocks:
    """A publisher's file beside what was learnt. `disagrees`: its pages show other clocks than its file's zone has.

    `file_share` is what the file's zone explains; `example` the newest clocks that it does not explain.
    """

    learnt: LearntZone
    disagrees: bool = False
    file_share: float | None = None
    example: ClockCount | None = None

    @property
    def said(self) -> str:
        """The learnt zone in words: its name, or the commonest offset where nothing decides on a zone."""
        if self.learnt.zone or self.learnt.offset_minutes is None:
            return self.learnt.zone or "none"
        return offset_name(self.learnt.offset_minutes)


def clocks_of(publisher: Publisher, counts: Sequence[ClockCount]) -> Clocks:
    """What is learnt of a publisher from the clocks that its pages showed."""
    host = publisher.hosts[0] if publisher.hosts else None
    near = place_of(publisher.language or _language(counts), None, None, host).country
    learnt = zones.infer(counts, every_zone(), publisher.country, near)
    filed = publisher.timezone
    if filed is None or not counts:
        return Clocks(learnt)
    example = next((each for each in reversed(counts) if zones.unexplained(filed, each)), None)
    return Clocks(learnt, zones.disagrees(filed, counts, learnt), round(zones.share_of(filed, counts), 3), example)


def with_learnt_zone(publisher: Publisher, clocks: Clocks) -> Publisher:
    """The publisher with the learnt zone where its file names none and the zone is sure enough; a file's zone always stays."""
    if publisher.timezone or not clocks.learnt.is_sure:
        return publisher
    return publisher.model_copy(update={"timezone": clocks.learnt.zone})


def disagreement(publisher: Publisher, clocks: Clocks) -> str:
    """A file's zone and what speaks against it, in one line for a log; addresses without their queries, which may hold tokens."""
    example = clocks.example
    shown = f"; {example.url.partition('?')[0]} shows {offset_name(example.offset_minutes)}: {example.raw}" if example else ""
    return (
        f"{publisher.id}: its file says timezone = {publisher.timezone}, which explains {clocks.file_share or 0:.0%} of"
        f" {clocks.learnt.articles} articles; {clocks.said} explains {clocks.learnt.share:.0%}{shown}"
    )


def offset_name(minutes: int) -> str:
    """An offset as people write it: UTC+05:30."""
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _language(counts: Sequence[ClockCount]) -> str | None:
    spoken = Counter({each.language: 0 for each in counts if each.language})
    for each in counts:
        if each.language:
            spoken[each.language] += each.articles
    return spoken.most_common(1)[0][0] if spoken else None
