"""What is read from a server: http and https only, and whole bodies only.

Sizes and times are Scrapy's own settings (DOWNLOAD_MAXSIZE, DOWNLOAD_TIMEOUT), and so is a body shorter than its Content-Length
or without its last chunk (DOWNLOAD_FAIL_ON_DATALOSS, on by default). What a compressed body is, `encodings` knows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest, ResponseDataLossError
from scrapy.http import Request, Response, TextResponse
from scrapy.responsetypes import responsetypes
from scrapy.utils.httpobj import urlparse_cached

from crawler.network.encodings import GZIP_MAGIC, Broken, TooLarge, Unreadable, unpacked
from crawler.network.memory import HeldBodies

if TYPE_CHECKING:
    from typing import Self

_SCHEMES: Final = frozenset(("http", "https"))
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
PARTIAL: Final = 206
_PAGES: Final = (b"text/html", b"application/xhtml+xml")
_SHOWN_CHARS: Final = 80  # of a header in a message


class SchemeRefused(IgnoreRequest):
    """The address is neither http nor https."""


class WholeBodies:
    """Downloader middleware: refuses other schemes, and unpacks bodies, of which none may be damaged or end too early.

    It must see the body before HttpCompressionMiddleware (590) does, which is left to say what may be sent. A broken body is
    retried like a failed download (RETRY_TIMES); then the request fails with ResponseDataLossError, as it does for one that is too short.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.max_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self.held = HeldBodies.from_crawler(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        scheme = urlparse_cached(request).scheme
        if scheme not in _SCHEMES:
            self.crawler.stats.inc_value("network/refused_scheme")
            raise SchemeRefused(f"{scheme}: is not crawled, only http and https are: {request.url[:200]}")

    def process_response(self, request: Request, response: Response) -> Request | Response:
        self._refuse_redirect(response)
        if response.status == PARTIAL:
            return self._truncated(request, response, "a part of the page, which nobody asked for")
        if request.method == "HEAD":
            return response
        encoding = _encoding(response)
        try:
            return self._plain(response, encoding) if encoding else response
        except TooLarge as error:
            raise IgnoreRequest(f"{response.url}: {error}") from None
        except Broken as error:
            return self._truncated(
                request, response, f"the {encoding[:_SHOWN_CHARS]} body is damaged or ends too early: {error}"
            )
        except Unreadable as error:
            self.crawler.stats.inc_value("network/refused_encoding")
            raise IgnoreRequest(f"{response.url}: {error}") from None

    def _plain(self, response: Response, encoding: str) -> Response:
        """The response without its encoding, of the class that its type names."""
        if response.body:
            self.held.make_room()
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)
        body = unpacked(response.body, encoding, self.max_bytes) if response.body else b""
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        more = {"encoding": None} if issubclass(kind, TextResponse) else {}
        return response.replace(cls=kind, headers=headers, body=body, **more)

    def _truncated(self, request: Request, response: Response, fault: str) -> Request:
        """Another try; raises ResponseDataLossError after the last."""
        self.crawler.stats.inc_value("network/truncated")
        if not request.meta.get("dont_retry") and (again := self._again(request)):
            return again
        raise ResponseDataLossError(f"{response.url}: {fault}")

    def _refuse_redirect(self, response: Response) -> None:
        """Scrapy hands a redirect to another scheme on as the page."""
        location = (response.headers.get("Location") or b"").decode("latin-1").strip() if 300 <= response.status < 400 else ""
        scheme = found[1].lower() if (found := _SCHEME.match(location)) else ""
        if scheme and scheme not in _SCHEMES:
            self.crawler.stats.inc_value("network/refused_scheme")
            raise SchemeRefused(f"{response.url} redirects to {location[:200]}; only http and https are crawled")

    def _again(self, request: Request) -> Request | None:
        spider = self.crawler.spider
        if spider is None or not self.crawler.settings.getbool("RETRY_ENABLED"):
            return None
        return get_retry_request(request, spider=spider, reason="truncated body", give_up_log_level="INFO")


def _encoding(response: Response) -> str:
    """The encodings, the one that was applied last at the end; gzip also where a page is gzipped and no header says so."""
    encoding = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower().strip()
    is_page = (response.headers.get("Content-Type") or b"").lower().startswith(_PAGES)
    return encoding or ("gzip" if is_page and response.body.startswith(GZIP_MAGIC) else "")
