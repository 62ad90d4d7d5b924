"""What went wrong with a request, as a Rejected: the one place where Scrapy's exceptions become the contract's reasons."""

from __future__ import annotations

from typing import Final

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, ResponseDataLossError
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.network.hosts import HostPaused
from crawler.network.robots import RobotsRefused
from pipelines.items import Reason, Rejected

_DETAIL_CHARS: Final = 300
_PASSING_STATUSES: Final = frozenset((408, 425, 429))


def was_asked(error: BaseException | None) -> bool:
    """Whether the page itself was asked for; if not, the request has no outcome, and the next run has its link to claim."""
    return not (isinstance(error, HostPaused) or (isinstance(error, RobotsRefused) and error.unreachable))


def rejection(error: BaseException | None) -> Rejected:
    """The outcome of a request that failed with this exception; `retry` says whether a later run may have better luck."""
    if isinstance(error, HttpError):
        status = error.response.status
        return Rejected(Reason.HTTP_STATUS, str(status), retry=status >= 500 or status in _PASSING_STATUSES)
    detail = (str(error) or type(error).__name__)[:_DETAIL_CHARS]
    if isinstance(error, RobotsRefused):
        return Rejected(Reason.ROBOTS, detail, retry=error.unreachable)
    if isinstance(error, ResponseDataLossError):
        return Rejected(Reason.TRUNCATED, detail, retry=True)
    if isinstance(error, HostPaused):
        return Rejected(Reason.FETCH, detail, retry=True)
    if isinstance(error, (IgnoreRequest, DownloadCancelledError)):
        return Rejected(Reason.FETCH, detail)
    return Rejected(Reason.FETCH, f"{type(error).__name__}: {detail}", retry=True)
