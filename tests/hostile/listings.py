"""Listings that mislead, and sites without an end."""

from __future__ import annotations

import gzip
import itertools
from typing import Final

from tests.hostile.answers import answer, feed, head, listed, page
from tests.hostile.crawls import GOOD, ROBOTS
from tests.hostile.site import Answer, Exchange, Routes
from tests.hostile.transport import encoded, flood, silence, then_reset

ENTITIES: Final = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(10))
BOOM: Final = '<?xml version="1.0"?><!DOCTYPE rss [{}]><rss version="2.0"><channel>{}</channel></rss>'
ITEMS: Final = "".join(f"<item><title>{{}}</title><link>{{{{origin}}}}{path}</link></item>" for path in GOOD)
REFUSED: Final = ("javascript:alert(1)", "data:text/html,hello", "file:///etc/passwd", "ftp://127.0.0.1/a", "vbscript:x")
INSIDE: Final = (
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/a",
    "http://[::1]:1/a",
    "http://2130706433:1/a",
    "http://0x7f.1:1/b",
)


def xml(text: str) -> Answer:
    return listed(text.encode())


# Feeds: beside each fault the feed's good articles arrive, or at least those of the host's second feed.
FEEDS: Final[dict[str, Answer]] = {
    "external entity": xml(BOOM.format('<!ENTITY x SYSTEM "file:///etc/passwd">', ITEMS.format("&x;", "&x;"))),
    "external entity on the web": xml(BOOM.format('<!ENTITY x SYSTEM "{origin}/entity">', ITEMS.format("&x;", "&x;"))),
    "parameter entity": xml(BOOM.format('<!ENTITY % x SYSTEM "{origin}/entity"> %x;', ITEMS.format("A", "B"))),
    "external DTD": xml(f'<!DOCTYPE rss SYSTEM "{{origin}}/entity"><rss version="2.0"><channel>{ITEMS.format("A", "B")}</channel></rss>'),
    "billion laughs": xml(BOOM.format(ENTITIES, ITEMS.format("&e9;", "&e9;"))),
    "entities in an attribute": xml(BOOM.format(ENTITIES, f'<item a="&e9;"/>{ITEMS.format("A", "B")}')),
    "inclusion": xml(
        '<rss version="2.0" xmlns:xi="http://www.w3.org/2001/XInclude"><channel><xi:include href="file:///etc/passwd" parse="text"/>'
        f"{ITEMS.format('A', 'B')}</channel></rss>"
    ),
    "stylesheet": xml(f'<?xml-stylesheet href="{{origin}}/entity"?><rss version="2.0"><channel>{ITEMS.format("A", "B")}</channel></rss>'),
    "other schemes": listed(feed(*GOOD, *REFUSED)),
    "inside addresses": listed(feed(*GOOD, *INSIDE)),
    "no addresses": listed(feed(*GOOD, "http://", "http://:80/", "http://a:b/", "http://[/", "http://a:99999/", "//", "http:///x")),
    "an address of 100 KB": listed(feed(*GOOD, "/" + "a" * 100_000)),
    "control characters": listed(feed(*GOOD, "/a\x01b", "/a&#x0;b", "/a%00b", "/a%0d%0aX-Header:%20b")),
    "traversal": listed(feed(*GOOD, "/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc")),
    "100,000 nested elements": xml(f'<rss version="2.0"><channel>{ITEMS.format("A", "B")}{"<a>" * 100_000}</channel></rss>'),
    "300,000 tags": xml(f'<rss version="2.0"><channel>{ITEMS.format("A", "B")}{"<a/>" * 300_000}</channel></rss>'),
    "a title of 5 MB": xml(f'<rss version="2.0"><channel>{ITEMS.format("A" * 5_000_000, "B")}</channel></rss>'),
    "cut short": listed(feed(*GOOD)[:-20]),
    **{
        f"a sitemap that changed {name}": xml(f"<urlset>{''.join(f'<url><loc>{{origin}}{path}</loc><lastmod>{when}</lastmod></url>' for path in GOOD)}</urlset>")
        for name, when in {
            "before time": "0001-01-01T00:00:00+14:00", "after time": "9999-12-31T23:59:59-14:00", "at no time": "9999-99-99", "long ago": "1" * 100_000,
        }.items()
    },
    "an entry before time": xml(
        f"<rss><channel>{ITEMS.format('A', 'B').replace('</item>', '<pubDate>Sat, 01 Jan 0001 00:00:00 +2359</pubDate></item>')}</channel></rss>"
    ),
}  # fmt: skip
LOST: Final[dict[str, Answer]] = {
    "silent": silence,
    "reset": then_reset(b""),
    "endless": flood(
        head("HTTP/1.1 200 OK", "Content-Type: text/xml", "Connection: close") + b"<rss><channel>", b"<item></item>" * 1000
    ),
    "a bomb": encoded("gzip", b"<rss><channel>" + b" " * (30 * 2**20)),
    "status 500": answer(b"", status="500 No"),
    "304, which nobody asked for": head("HTTP/1.1 304 Not Modified", "Connection: close"),
    "binary": answer(bytes(range(256)) * 100, kind="application/rss+xml"),
    "empty": answer(b"", kind="application/rss+xml"),
    "600,000 tags": listed(b"<rss><channel>" + b"<a/>" * 600_000 + b"</channel></rss>"),
    "quadratic blow-up": xml(BOOM.format(f'<!ENTITY x "{"a" * 50_000}">', ITEMS.format("&x;" * 20_000, "B"))),
    "400,000 attributes": answer(b"<html><p " + b" ".join(b"a%d" % n for n in range(400_000)) + b"></html>"),
    "an unzipped bomb": listed(gzip.compress(b"<rss><channel>" + b" " * (60 * 2**20)), kind="application/gzip"),
}


def two_feeds(first: Answer, seed: str) -> Routes:
    """A host with a fault for its first feed; the second names the good articles."""
    return {
        "/robots.txt": answer(ROBOTS, kind="text/plain"),
        "/feed.xml": first,
        "/second.xml": listed(feed(*GOOD)),
        **{path: answer(page(f"{seed}{path}")) for path in GOOD},
    }


def endless_site(seed: str) -> Routes:
    """A home page whose every page links to a calendar, to sessions, to the next page, deeper into itself, and to the good articles."""
    counter = itertools.count()

    async def serve(exchange: Exchange) -> None:
        number = next(counter)
        links = [f"/news/2026/11/2{n}/a-good-story-of-{seed}-{n}" for n in range(3)]
        links += [f"/calendar/20{n}/{month:02}" for n in range(26, 99) for month in range(1, 13)]
        links += [f"/events/20{n}-05-12" for n in range(26, 99)]
        links += [f"/news/2026/11/20/a-good-story-of-{seed}-0?sid={number * 1000 + n:032x}" for n in range(500)]
        links += [f"/news/2026/11/20/a-good-story-of-{seed}-0;jsessionid={number * 1000 + n:032X}" for n in range(500)]
        links += [f"/a-list-of-all-stories?page={n}" for n in range(500)]
        links += ["/a/b" * n + "/a-story-of-some-words" for n in range(3, 40)]
        body = "".join(f'<a href="{link}">A story of some more words</a>\n' for link in links)
        await exchange.send(answer(f"<html><body>{body}</body></html>".encode()))

    stories = {f"/news/2026/11/2{n}/a-good-story-of-{seed}-{n}": answer(page(f"{seed} {n}")) for n in range(3)}
    return {"/robots.txt": answer(ROBOTS, kind="text/plain"), **stories, "*": serve}


def large_site(articles: int, sitemaps: int) -> Routes:
    """An index of sitemaps, the oldest first, one for news, each with many articles that are listed from the oldest on."""
    names = [f"/sitemap-{n}.xml" for n in range(sitemaps)] + ["/news-sitemap.xml"]
    index = "".join(
        f"<sitemap><loc>{{origin}}{name}</loc><lastmod>2026-10-{n % 28 + 1:02}</lastmod></sitemap>"
        for n, name in enumerate(names)
    )

    async def serve(exchange: Exchange) -> None:
        path = exchange.hit.path
        if not path.endswith(".xml"):
            await exchange.send(answer(page(path)))
            return
        seed = path.strip("/").removesuffix(".xml")
        entries = "".join(
            f"<url><loc>{{origin}}/{seed}/{n}-a-story</loc><lastmod>{2000 + n * 25 // articles}-01-{n % 28 + 1:02}</lastmod></url>"
            for n in range(articles)
        )
        document = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.replace(
            "{origin}", exchange.site.origin(exchange.hit.host)
        )
        await exchange.send(listed(gzip.compress(document.encode(), 1), kind="application/gzip"))

    return {
        "/robots.txt": answer(ROBOTS, kind="text/plain"),
        "/feed.xml": xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{index}</sitemapindex>'),
        "*": serve,
    }
