"""One crawl over many hosts, each with its fault between two good articles: its outcomes, its cost and its end."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.cli import Cli, Done
from tests.hostile.answers import answer, feed, listed, page
from tests.hostile.site import Answer, HostileSite, Routes

GOOD = ("/good-1", "/good-2")
ROBOTS = b"User-agent: *\nDisallow: /private\n"
# What production gives a page, but for its seconds: a test waits for these.
QUICK = (
    "-s", "DOWNLOAD_TIMEOUT=4", "-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_TIMES=0", "-s", "AUTOTHROTTLE_ENABLED=0", "-a", "due=all",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What the store has of one address: `article` or a reason, and its detail."""

    name: str
    detail: str


@dataclass
class Crawled:
    """An ended crawl with what it left: in the store, in the lake, in the log, on the machine."""

    site: HostileSite
    scrapy: Cli
    done: Done
    peak_mib: float = 0.0
    listening: set[str] = field(default_factory=set)

    @cached_property
    def outcomes(self) -> dict[tuple[str, str], Outcome]:
        """The newest outcome by host and path."""
        hosts = {str(port): host for host, port in self.site.ports.items()}
        with closing(sqlite3.connect(f"file:{self.scrapy.store}?mode=ro", uri=True)) as connection:
            rows = connection.execute(
                "SELECT l.url, o.outcome, o.detail FROM outcomes o JOIN links l USING (key) ORDER BY o.at"
            ).fetchall()
        return {_place(url, hosts): Outcome(name, detail or "") for url, name, detail in rows}

    def outcome(self, host: str, path: str = "/bad") -> str:
        found = self.outcomes.get((host, path))
        return found.name if found else "none"

    @cached_property
    def articles(self) -> list[dict[str, Any]]:
        return self.scrapy.lake.articles()

    def article(self, host: str, path: str) -> dict[str, Any]:
        """The article that was asked for at the path. Fails where there is none."""
        address = self.site.origin(host) + path
        return next(article for article in self.articles if article["requestedUrl"] == address)

    def missing(self, host: str, *paths: str) -> list[str]:
        """The good articles of a host that did not arrive: a bulkhead that broke."""
        return [path for path in paths or GOOD if self.outcome(host, path) != "article"]


def _place(url: str, hosts: dict[str, str]) -> tuple[str, str]:
    found = re.match(r"https?://[^/]*?(?::(\d+))?(/.*)?$", url)
    port, path = (found[1], found[2]) if found else (None, None)
    return hosts.get(port or "", url), path or "/"


def host_of_fault(bad: Answer, seed: str, **more: Answer) -> Routes:
    """A host whose feed names a good article, the fault at /bad, and another good article."""
    return {
        "/robots.txt": answer(ROBOTS, kind="text/plain"),
        "/feed.xml": listed(feed(GOOD[0], "/bad", GOOD[1])),
        "/bad": bad,
        **{path: answer(page(f"{seed}{path}")) for path in GOOD},
        **more,
    }


def write_publishers(folder: Path, site: HostileSite, extra: dict[str, str] | None = None) -> None:
    """A publisher file a host with its feed; `extra` has further lines of [discover] by host."""
    folder.mkdir(parents=True, exist_ok=True)
    for host, port in site.ports.items():
        lines = [f'hosts = ["127.0.0.1:{port}"]', "[discover]", f'feeds = ["{site.origin(host)}/feed.xml"]']
        (folder / f"{host}.toml").write_text("\n".join([*lines, (extra or {}).get(host, "")]) + "\n", encoding="utf-8")


@contextmanager
def crawl(scrapy: Cli, routes: dict[str, Routes], *options: str, **variables: str) -> Iterator[Crawled]:
    """The hosts, crawled once by their publisher files; the site goes on serving inside the block."""
    with HostileSite(routes) as site:
        write_publishers(scrapy.folder / "publishers", site)
        yield run(scrapy, site, *options, **variables)


def run(scrapy: Cli, site: HostileSite, *options: str, **variables: str) -> Crawled:
    """One run of the news spider, watched from outside: the memory of all its processes, and the ports that it listens on."""
    with scrapy.started("crawl", "news", *QUICK, *options, executed=True, **variables) as running:
        watch = Watch(running.family)
        with watch:
            done = running.ended(120)
    return Crawled(site, scrapy, done, watch.peak_mib, watch.listening)


class Watch:
    """The peak of what a family of processes holds, in MiB, shared pages counted once (PSS), and the addresses it listens on."""

    def __init__(self, family: Any, every_s: float = 0.1) -> None:
        self._family, self._every_s = family, every_s
        self.peak_mib = 0.0
        self.listening: set[str] = set()
        self.looks = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(self._every_s):
            pids = self._family()
            self.peak_mib = max(self.peak_mib, sum(map(_pss_mib, pids)))
            # Twice a second: a port is opened for longer, and the tables are long.
            if self.looks % 5 == 0:
                self.listening |= set().union(*map(_listening, pids))
            self.looks += 1


def _pss_mib(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.M)
    return int(found[1]) / 1024 if found else 0.0


def _listening(pid: int) -> set[str]:
    """The local ends of the process's listening TCP and bound UDP sockets, as proc(5) writes them."""
    try:
        own = {link for entry in Path(f"/proc/{pid}/fd").iterdir() if (link := _target(entry)).startswith("socket:")}
        found = set()
        for table, state in (("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")):
            for line in Path(f"/proc/{pid}/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == state and f"socket:[{fields[9]}]" in own:
                    found.add(f"{table} {fields[1]}")
        return found
    except OSError:
        return set()


def _target(entry: Path) -> str:
    try:
        return str(entry.readlink())
    except OSError:
        return ""


def path_of(url: str) -> str:
    return urlsplit(url).path
