"""Whose certificates are verified: everybody's, but for the hosts of publishers whose file says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.contextfactory import _load_context_factory_from_settings
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from crawler.publishers import load

if TYPE_CHECKING:
    from twisted.internet._sslverify import ClientTLSOptions


@implementer(IPolicyForHTTPS)
class Certificates:
    """Scrapy's policy, which verifies, and beside it one that does not for the hosts with `[discover] verify_tls = false`."""

    def __init__(self, crawler: Crawler) -> None:
        # Any: zope's interfaces are no types.
        self._verifying: Any = _load_context_factory_from_settings(crawler)
        self._trusting: Any = _load_context_factory_from_settings(crawler)
        self._trusting._verify_certificates = False
        self._trusted = _unverified_hosts(crawler.settings)

    def creatorForNetloc(self, hostname: bytes, port: int) -> ClientTLSOptions:
        host = hostname.decode("ascii").lower()
        trusted = f"{host}:{port}" in self._trusted or (port == 443 and host in self._trusted)
        policy = self._trusting if trusted else self._verifying
        return policy.creatorForNetloc(hostname, port)  # type: ignore[no-any-return]


def _unverified_hosts(settings: BaseSettings) -> frozenset[str]:
    publishers = load(settings).values()
    return frozenset(host for publisher in publishers if not publisher.discover.verify_tls for host in publisher.hosts)
