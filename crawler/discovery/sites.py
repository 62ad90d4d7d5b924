"""Sites: which addresses a publisher's listings may name. A feed that names another publisher's host, or any, would otherwise decide
what is fetched, and whose article it is. The only module that imports tldextract.

By the sitemap protocol a sitemap speaks for its own host (https://www.sitemaps.org/protocol.html#location); feeds have no such rule, and
are held to the same: the hosts of the publisher's file, those that its listings stand on, and their domains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

from pipelines.normalizers.urls import host_of
from pipelines.publishers import Publisher

ANY: Final = "*"


class Site:
    """A publisher's hosts. A host of one of their registrable domains (`news.example.co.uk`, `example.co.uk`) is the publisher's, too.

    An address literal and a name of one label have no domain, so the host must be the same; all of the loopback is one machine's. A
    publisher of whom no host is known has any.
    """

    def __init__(self, publisher: Publisher) -> None:
        discover = publisher.discover
        listings = map(host_of, (*discover.feeds, *discover.sitemaps, *discover.sections))
        hosts = {host for host in (*publisher.hosts, *listings, *discover.link_hosts) if host}
        self._any = not hosts or ANY in hosts
        self._domains = {domain_of(host) for host in hosts}

    def has(self, url: str) -> bool:
        """Whether the address is the publisher's."""
        domain = domain_of(host_of(url))
        return self._any or (bool(domain) and domain in self._domains)

    def strangers(self, urls: Iterable[str]) -> dict[str, int]:
        """The hosts that are not the publisher's, each with the number of its addresses."""
        found: dict[str, int] = {}
        for url in urls:
            if not self.has(url):
                host = host_of(url)
                found[host] = found.get(host, 0) + 1
        return found


@lru_cache(maxsize=4096)
def domain_of(host: str) -> str:
    """The registrable domain of a host by the Public Suffix List (https://publicsuffix.org), its private part too.

    What has none is its own: an address literal, a name of one label; `localhost` stands for all of the loopback.

    >>> domain_of("www.bbc.co.uk"), domain_of("anna.github.io:8080"), domain_of("10.0.0.1:8080"), domain_of("127.0.0.2")
    ('bbc.co.uk', 'anna.github.io', '10.0.0.1', 'localhost')
    """
    name = _plain(host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0])
    try:
        address = ip_address(name)
    except ValueError:
        # https://www.rfc-editor.org/rfc/rfc6761#section-6.3
        return "localhost" if f".{name}".endswith(".localhost") else _extractor()(name) or name
    return "localhost" if address.is_loopback else str(address)


@lru_cache(maxsize=1)
def _extractor() -> Callable[[str], str]:
    from tldextract import TLDExtract  # with requests in its train: a quarter of a second that most listings never ask for

    # Its own copy of the list: nothing is fetched and nothing is cached on disk.
    extract = TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)
    return lambda host: extract.extract_str(host).top_domain_under_public_suffix


def _plain(name: str) -> str:
    """A host's name in one spelling: ASCII, without the root's dot."""
    with suppress(UnicodeError):
        name = name.encode("idna").decode("ascii")
    return name.lower().rstrip(".")
