"""Who may be connected to: globally routable addresses and the networks of NEWS_ALLOW_NETWORKS, checked as they are resolved.

Twisted asks the reactor's resolver for every connection, an address literal included, and connects to exactly the addresses
it gets. So the resolver is the one place where a redirect, a robots.txt, a name that changes its answer and `http://2130706433/`
all pass. What it refuses looks like an unknown host to Scrapy; the middleware turns that into `AddressRefused`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import Request
from scrapy.resolver import CachingHostnameResolver, HostResolution
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet._resolver import GAIResolver
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from crawler.network.lookups import Lookups
from pipelines.errors import ConfigurationError

if TYPE_CHECKING:
    from typing import Self

    from twisted.internet.base import ReactorBase

Network = IPv4Network | IPv6Network

# https://www.iana.org/assignments/iana-ipv4-special-registry: what is not globally reachable, and multicast.
# The table stands here because Python's is_global differs between 3.11 and 3.14.
_REFUSED_V4: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            # Azure's metadata and DHCP service stands on a public address:
            # https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
            "168.63.129.16/32",
        ),
    )
)
# https://www.iana.org/assignments/iana-ipv6-special-registry: all but global unicast, and what in it is not the internet.
_GLOBAL_V6: Final = IPv6Network("2000::/3")
_REFUSED_V6: Final = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
# Where an IPv6 address is another way to write an IPv4 address, and how many bits stand right of that:
# RFC 4291 (compatible, mapped), RFC 2765 (translated), RFC 6052 (NAT64), RFC 3056 (6to4).
_EMBEDDED_V4: Final = (
    (IPv6Network("::/96"), 0),
    (IPv6Network("::ffff:0:0/96"), 0),
    (IPv6Network("::ffff:0:0:0/96"), 0),
    (IPv6Network("64:ff9b::/96"), 0),
    (IPv6Network("2002::/16"), 80),
)


class AddressRefused(IgnoreRequest):
    """The host has no address that may be connected to."""

    def __init__(self, host: str, addresses: Iterable[str]) -> None:
        super().__init__(f"{host} is {', '.join(sorted(set(addresses)))}: not globally routable and not in NEWS_ALLOW_NETWORKS")
        self.host = host


def networks_of(settings: BaseSettings) -> tuple[Network, ...]:
    """The networks of NEWS_ALLOW_NETWORKS (CIDR, separated by commas). Raises ConfigurationError with the one that is none."""
    return tuple(_network(text.strip()) for text in settings.getlist("NEWS_ALLOW_NETWORKS") if text.strip())


def allowed(address: str | IPv4Address | IPv6Address, networks: Iterable[Network] = ()) -> bool:
    """Whether the address may be connected to: globally routable, or in one of the networks. What is no address may not.

    >>> allowed("93.184.215.14"), allowed("::ffff:169.254.169.254"), allowed("10.1.2.3", [ip_network("10.0.0.0/8")])
    (True, False, True)
    """
    try:
        ip = ip_address(address.partition("%")[0]) if isinstance(address, str) else address
    except ValueError:
        return False
    ip = _embedded(ip) or ip
    if any(ip in network for network in networks):
        return True
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _REFUSED_V4)
    return ip in _GLOBAL_V6 and not any(ip in network for network in _REFUSED_V6)


@implementer(IHostnameResolver)
class GuardedResolver(CachingHostnameResolver):
    """Scrapy's caching resolver for IPv4 and IPv6, which passes on allowed addresses only, cached or not.

    TWISTED_DNS_RESOLVER names it. `refused` has each host's last answer that held no allowed address.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, networks: tuple[Network, ...] = ()) -> None:
        super().__init__(reactor, cache_size)
        lookups: Any = Lookups()
        self.original_resolver: Any = GAIResolver(reactor, lambda: lookups)  # type: ignore[arg-type]
        self.networks = networks
        self.refused: dict[str, list[str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        resolver.networks = networks_of(crawler.settings)
        return resolver

    def resolveHostName(  # Twisted's name
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        receiver = _Filter(resolutionReceiver, hostName, self)
        if not _is_name(hostName):
            # getaddrinfo raises on it in Twisted's thread, and the answer never comes.
            resolution: Any = HostResolution(hostName)
            receiver.resolutionBegan(resolution)
            receiver.resolutionComplete()
            return resolution  # type: ignore[no-any-return]
        return super().resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)  # type: ignore[arg-type]


@implementer(IResolutionReceiver)
class _Filter:
    """Hands allowed addresses on and notes the host if there was none among those found."""

    # Any: zope's interfaces are no types.
    def __init__(self, receiver: Any, host: str, resolver: GuardedResolver) -> None:
        self.receiver, self.host, self.resolver = receiver, host.lower(), resolver
        self.passed = False
        self.refused: list[str] = []

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        if allowed(address.host, self.resolver.networks):
            self.passed = True
            self.receiver.addressResolved(address)
        else:
            self.refused.append(address.host)

    def resolutionComplete(self) -> None:
        self.resolver.refused.pop(self.host, None)
        if self.refused and not self.passed:
            self.resolver.refused[self.host] = self.refused
        self.receiver.resolutionComplete()


def _is_name(host: str) -> bool:
    """Whether a name can be asked for at all: labels of 1 to 63 bytes (RFC 1035, 2.3.4)."""
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return True


class AddressGuard:
    """Downloader middleware: refuses every request while the guarded resolver is not in place, and names what it refused.

    It stands nearer to the downloader than RetryMiddleware (550), so that a refused host is not tried again.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if _resolver() is None:
            raise ConfigurationError(
                f"TWISTED_DNS_RESOLVER must be {GuardedResolver.__module__}.{GuardedResolver.__name__}: "
                f"without it {request.url} could be any machine of the inside"
            )

    def process_exception(self, request: Request, exception: Exception) -> None:
        if not isinstance(exception, CannotResolveHostError):
            return
        host = (urlparse_cached(request).hostname or "").lower()
        resolver = _resolver()
        if addresses := resolver.refused.get(host) if resolver else None:
            self.crawler.stats.inc_value("network/refused_address")
            raise AddressRefused(host, addresses) from None


def _resolver() -> GuardedResolver | None:
    from twisted.internet import reactor  # an import at the top would install Twisted's default reactor

    resolver = reactor.nameResolver
    return resolver if isinstance(resolver, GuardedResolver) else None


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise ConfigurationError(f"NEWS_ALLOW_NETWORKS: {error}; write networks as 10.0.0.0/8,::1/128") from None


def _embedded(ip: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for; None for a plain one."""
    if isinstance(ip, IPv6Address):
        for network, shift in _EMBEDDED_V4:
            if ip in network and int(ip) > 1:
                return IPv4Address(int(ip) >> shift & 0xFFFFFFFF)
    return None
