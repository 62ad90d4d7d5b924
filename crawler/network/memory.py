"""How much of fetched bodies a run holds at once: those that still come, and those that wait for extraction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Request

if TYPE_CHECKING:
    from typing import Self

# Some 200 pages of the mean size; a run of 32 requests at once, each of DOWNLOAD_MAXSIZE, would hold 320 MiB and copies of them.
HELD_BYTES: Final = 64 * 2**20
# A page of up to this size is never the one that has to go.
SMALL_BYTES: Final = 2**20


class TooMuchAtOnce(StopDownload):
    """The run holds as much as it may; a later run fetches the page."""

    def __init__(self, held: int) -> None:
        super().__init__(fail=True)
        self.args = (f"{held >> 20} MiB of bodies are held already; a later run fetches it",)


class HeldBodies:
    """Counts the bytes of bodies and refuses a large one more while HELD_BYTES are held. Statistic: `network/refused_memory`."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._coming: dict[Request, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        held = cls(crawler)
        crawler.signals.connect(held.bytes_received, signals.bytes_received)
        crawler.signals.connect(held.request_left_downloader, signals.request_left_downloader)
        return held

    def bytes_received(self, data: bytes, request: Request) -> None:
        self._coming[request] = size = self._coming.get(request, 0) + len(data)
        if size > SMALL_BYTES:
            self.make_room()

    def request_left_downloader(self, request: Request) -> None:
        self._coming.pop(request, None)

    def make_room(self) -> None:
        """Raises TooMuchAtOnce while the run holds more than HELD_BYTES."""
        slot = self.crawler.engine.scraper.slot
        held = sum(self._coming.values()) + (slot.active_size if slot else 0)
        if held > HELD_BYTES:
            self.crawler.stats.inc_value("network/refused_memory")
            raise TooMuchAtOnce(held)
