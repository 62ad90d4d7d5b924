"""A news site that changes under a test's hands: a feed and a sitemap of its stories, each document with an ETag of its bytes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from tests.pages import PARAGRAPHS
from tests.webserver import BROKEN, Answer, WebServer

FEED, SITEMAP = "/feed.xml", "/sitemap.xml"
# When a test of it begins: the first two stories are an hour and two old.
START = datetime(2025, 8, 13, 6, 0, tzinfo=UTC)
SHELL = (
    b'<!DOCTYPE html><html><head><title>The Stour News</title></head><body><div id="root"></div>'
    b'<noscript>You need to enable JavaScript to run this app.</noscript><script src="/app.js"></script></body></html>'
)


@dataclass(frozen=True)
class Story:
    """One story as its page shows it. `status` is what its address answers; `moved_to` redirects it."""

    headline: str
    published: datetime
    modified: datetime | None = None
    paragraphs: tuple[str, ...] = PARAGRAPHS
    status: int = 200
    moved_to: str | None = None
    furniture: str = ""


@dataclass
class EvolvingSite:
    """The site at work. `stories` are its pages by path; `listed` the paths that feed and sitemap name, the newest first.

    The feed names the newest `feed_entries`. Documents that `routes` adds take the place of the site's own. The pages of a site of
    `shells` have no text until a browser's scripts fetch it; a site that is `down` breaks every connection.
    """

    folder: Path
    name: str = "evolving"
    stories: dict[str, Story] = field(default_factory=dict)
    listed: list[str] = field(default_factory=list)
    routes: dict[str, Answer] = field(default_factory=dict)
    feed_entries: int = 1_000
    shells: bool = False
    down: bool = False
    feed_path: str = FEED

    def __enter__(self) -> Self:
        self.server = WebServer({}).__enter__()
        self.refresh()
        publishers = self.folder / "publishers"
        publishers.mkdir(exist_ok=True)
        (publishers / f"{self.name}.toml").write_text(self._file(), encoding="utf-8")
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.__exit__()

    def publish(self, path: str, headline: str, published: datetime, **changes: Any) -> None:
        """A new story, at the top of the listings."""
        self.stories[path] = Story(headline, published, **changes)
        self.listed.insert(0, path)
        self.refresh()

    def change(self, path: str, **changes: Any) -> None:
        self.stories[path] = replace(self.stories[path], **changes)
        self.refresh()

    def unlist(self, path: str) -> None:
        self.listed.remove(path)
        self.refresh()

    def refresh(self) -> None:
        """Serve what the fields say now."""
        pages = {path: self._page(path, story) for path, story in self.stories.items()}
        own = {"/robots.txt": Answer(status=404), self.feed_path: self._feed(), SITEMAP: self._sitemap(), **pages}
        self.server.routes = dict.fromkeys(own | self.routes, BROKEN) if self.down else own | self.routes

    def asked(self) -> list[tuple[str, int]]:
        """(path, status) of each request since the last call, in their order; without robots.txt."""
        hits, self.server.hits = self.server.hits, []
        return [(hit.path, hit.status) for hit in hits if hit.path != "/robots.txt"]

    def _page(self, path: str, story: Story) -> Answer:
        if story.moved_to:
            return Answer(b"", 301, {"Location": story.moved_to})
        if story.status != 200:
            return Answer(b"<h1>Gone</h1>", story.status)
        if self.shells:
            return Answer(SHELL)
        modified = f'<meta property="article:modified_time" content="{_iso(story.modified)}">' if story.modified else ""
        text = "".join(f"<p>{paragraph}</p>" for paragraph in story.paragraphs)
        return _answer(
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{story.headline} | The Stour News</title>'
            f'<link rel="canonical" href="{self.server.url}{path}">'
            f'<meta property="article:published_time" content="{_iso(story.published)}">{modified}</head>'
            f"<body>{story.furniture}<article><h1>{story.headline}</h1>{text}</article></body></html>",
            "text/html; charset=utf-8",
        )

    def _feed(self) -> Answer:
        items = "".join(
            f"<item><title>{self.stories[path].headline}</title><link>{self.server.url}{path}</link></item>"
            for path in self.listed[: self.feed_entries]
        )
        return _answer(f'<rss version="2.0"><channel><title>Stour</title>{items}</channel></rss>', "application/rss+xml")

    def _sitemap(self) -> Answer:
        urls = "".join(f"<url><loc>{self.server.url}{path}</loc>{self._lastmod(path)}</url>" for path in self.listed)
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return _answer(f'<?xml version="1.0"?><urlset xmlns="{space}">{urls}</urlset>', "application/xml")

    def _lastmod(self, path: str) -> str:
        modified = self.stories[path].modified
        return f"<lastmod>{_iso(modified)}</lastmod>" if modified else ""

    def _file(self) -> str:
        host = self.server.url.partition("//")[2]
        return (
            f'name = "The Stour News"\nhosts = ["{host}"]\nlanguage = "en"\ncountry = "GB"\ntimezone = "Europe/London"\n'
            f'[discover]\nfeeds = ["{self.server.url}{FEED}"]\nsitemaps = ["{self.server.url}{SITEMAP}"]\ndelay = 0\n'
        )


def _answer(text: str, content_type: str) -> Answer:
    body = text.encode()
    return Answer(body, headers={"Content-Type": content_type, "ETag": f'"{sha256(body).hexdigest()[:16]}"'})


def _iso(when: datetime) -> str:
    return when.astimezone(UTC).isoformat()
