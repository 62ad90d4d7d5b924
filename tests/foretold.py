"""What a crawler that keeps the rules asks of a site, foretold: the model that `test_month.py` holds the crawler against.

It knows what the site serves and the rules of docs/crawling.md (when a listing is visited, when an article is looked at again), nothing
of the crawler's code or store.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.evolving import FEED, SITEMAP, EvolvingSite

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AGES = (HOUR, 6 * HOUR, DAY, 7 * DAY)

_WORDS = [
    words.split()
    for words in (
        "divers pilots bakers teachers rowers farmers nurses painters clerks weavers miners joiners",
        "opened closed moved counted painted mended sold measured carried raised emptied crossed",
        "barges lanterns ledgers ropes windows bridges orchards kettles engines fences ferries bells",
        "upstream downstream northwards inland ashore abroad nearby indoors outdoors uphill downhill overnight",
    )
]
_NOTICE = (
    "This article has been retracted because its figures could not be confirmed by the harbour office of Stour itself.",
    "The editors regret the error and have told the harbour office so.",
    "Readers who know more of the ships that lay in the harbour during these nine days are asked to write to the editors.",
)


@dataclass
class _Known:
    """What a crawler may know of a story that it stored."""

    stored: datetime
    checked: datetime
    due: datetime | None
    etag: str | None
    content: Any
    version: int = 1
    gone: int = 0
    canceled: bool = False


@dataclass
class _Listing:
    found: datetime
    visited: datetime | None = None
    changed: datetime | None = None
    etag: str | None = None
    gap: timedelta = timedelta(0)
    failing: datetime | None = None
    failures: int = 0
    retired: bool = False

    def is_due(self, now: datetime) -> bool:
        if self.visited is None:
            return True
        if self.retired:
            return now >= self.visited + 30 * DAY
        if self.failing:
            return now >= self.visited + (self.visited - self.failing) / 10
        wait = max((self.visited - (self.changed or self.found)) / 10, self.gap / 20)
        return now >= self.visited + min(wait, DAY)

    def bring(self, now: datetime) -> None:
        if self.changed:
            newest = now - self.changed
            self.gap = self.gap + (newest - self.gap) / 5 if self.gap else newest
        self.changed = now


@dataclass
class Newsroom:
    """One site, and what a crawler that keeps the rules asks of it."""

    site: EvolvingSite
    known: dict[str, _Known] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    listings: dict[str, _Listing] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    versions: list[tuple[str, int, str]] = field(default_factory=list)
    found: set[str] = field(default_factory=set)
    printed: int = 0
    robots: datetime | None = None
    looked_over: datetime | None = None

    def print_stories(self, stories: int, published: datetime) -> None:
        for _ in range(stories):
            name, number = self.site.name, self.printed
            headline = f"{name.title()} report {number}: {text_of(name, number)[0][4:40]}"
            self.site.publish(f"/story-{number}", headline, published, paragraphs=text_of(name, number))
            self.printed += 1

    def happen(self, now: datetime, number: int, changes: dict[str, Any], change_class: str | None) -> None:
        """Change a story; `change_class` is that of the version which comes of it."""
        path, changes = f"/story-{number}", dict(changes)
        story = self.site.stories[path]
        listed = changes.pop("listed", None)
        if new := changes.get("moved_to"):
            self.site.publish(new, story.headline, story.published, paragraphs=story.paragraphs)
            self.site.unlist(path)
            if not listed:
                self.site.unlist(new)
        elif listed and story.moved_to:
            self.site.listed.insert(0, story.moved_to)
        if "paragraphs" in changes:
            first, *others = story.paragraphs
            changes["paragraphs"] = {
                "corrected": (first.replace("The ", "Both ", 1), *others),
                "extended": (*story.paragraphs, text_of("extension", number)[0]),
                "withdrawn": _NOTICE,
            }[changes["paragraphs"]]
        if "modified" in changes:
            changes["modified"] += now
        self.site.change(path, **changes)
        if change_class:
            self.classes[path] = change_class

    def foretell(self, now: datetime) -> Counter[tuple[str, int]]:
        """The requests of a crawl at this instant, by path and status, without robots.txt."""
        asked: Counter[tuple[str, int]] = Counter()
        if self.robots is None or now - self.robots >= DAY:
            self.robots = None if self.site.down else now
        if self.looked_over and now - self.looked_over >= 7 * DAY:
            self.looked_over = now
            if self.site.down:
                self.looked_over = now - 6 * DAY
            else:
                asked["/", 200] += 1
                self.found |= {self.site.feed_path} - {FEED}
        self.looked_over = self.looked_over or now
        fetch = set(self.waiting)
        look = {path for path, known in self.known.items() if known.due and known.due <= now}
        for path in (FEED, SITEMAP, *self.found):
            listing = self.listings.setdefault(path, _Listing(now))
            if listing.is_due(now):
                self._visit(path, listing, now, asked, fetch, look)
        if self.robots:
            for path in sorted(fetch):
                self._fetch(path, now, asked)
            for path in sorted(look):
                self._look(path, now, asked)
        return asked

    def _visit(
        self, path: str, listing: _Listing, now: datetime, asked: Counter[tuple[str, int]], fetch: set[str], look: set[str]
    ) -> None:
        route = self.site.server.routes[path]
        if self.robots:
            asked[path, 304 if route.status == 200 and route.headers.get("ETag") == listing.etag else route.status] += 1
        listing.visited = now
        if route.status != 200:
            listing.failures, listing.failing = listing.failures + 1, listing.failing or now
            listing.retired |= route.status == 410 and listing.failures >= 3 and now - listing.failing >= 7 * DAY
            return
        listing.failures, listing.failing = 0, None
        if route.headers["ETag"] == listing.etag:
            return
        listing.etag = route.headers["ETag"]
        named = self.site.listed[: None if path == SITEMAP else self.site.feed_entries]
        new = {name for name in named if name not in {*self.known, *self.done, *fetch}}
        fetch |= new
        changed = {name for name in named if path == SITEMAP and self._said_to_have_changed(name, now)} - look
        look |= changed
        if new or changed:
            listing.bring(now)

    def _said_to_have_changed(self, path: str, now: datetime) -> bool:
        modified, known = self.site.stories[path].modified, self.known.get(path)
        return bool(modified and known and known.checked < modified <= now and now - known.checked >= (now - known.stored) / 2)

    def _fetch(self, path: str, now: datetime, asked: Counter[tuple[str, int]]) -> None:
        asked[path, self._status(path)] += 1
        if self.site.down or self.site.shells:
            self.waiting.add(path)
            return
        self.waiting.discard(path)
        if old := next((old for old in self.known if self.site.stories[old].moved_to == path), None):
            # It has the text and the headline of a story that is known: its address is asked, and leads here.
            asked[old, 301] += 1
            asked[path, 200] += 1
            self.done.add(path)
            return
        self.known[path] = _Known(now, now, now + AGES[0], self._etag(path), self._content(path))
        self.versions.append((path, 1, "first"))

    def _look(self, path: str, now: datetime, asked: Counter[tuple[str, int]]) -> None:
        known, status = self.known[path], self._status(path)
        if status == 200 and self._etag(path) == known.etag:
            status = 304
        asked[path, status] += 1
        if status == 301:
            moved_to = self.site.stories[path].moved_to
            assert moved_to
            asked[moved_to, 304 if self._etag(moved_to) == known.etag else 200] += 1
            known.etag = self._etag(moved_to)
            self.done.add(moved_to)
        if status == 0 or (status == 200 and self.site.shells):
            known.due = now + max(HOUR, (now - known.checked) / 5)
            return
        known.checked = now
        known.due = next((known.stored + age for age in AGES if known.stored + age > now), None)
        known.gone = known.gone + 1 if status == 404 and not known.canceled else 0
        if known.gone == 1:
            known.due = now + HOUR
        if (status == 410 or known.gone == 2) and not known.canceled:
            self._add_version(path, None)
            known.content, known.canceled, known.gone = None, True, 0
        elif status == 200 and self._content(path) != known.content:
            known.content, known.canceled = self._content(path), self.classes[path] == "retraction"
            self._add_version(path, None if known.canceled else self._etag(path))
        elif status == 200 and not known.canceled:
            known.etag = self._etag(path)

    def _add_version(self, path: str, etag: str | None) -> None:
        known = self.known[path]
        known.version, known.etag = known.version + 1, etag
        self.versions.append((path, known.version, self.classes[path]))

    def _content(self, path: str) -> Any:
        story = self.site.stories[path]
        return story.headline, story.paragraphs, story.published, story.modified

    def _status(self, path: str) -> int:
        return self.site.server.routes[path].status

    def _etag(self, path: str) -> str | None:
        return self.site.server.routes[path].headers.get("ETag")


def text_of(name: str, number: int) -> tuple[str, ...]:
    """Three paragraphs that no other story has."""
    source = random.Random(f"{name} {number}")
    return tuple(" ".join(_sentence(source) for _ in range(3)) for _ in range(3))


def _sentence(source: random.Random) -> str:
    who, did, what, where = (source.choice(words) for words in _WORDS)
    return f"The {who} {did} {source.randint(3, 999)} {what} {where} and {source.choice(_WORDS[3])} for the {source.choice(_WORDS[0])}."
