"""Publisher: one TOML file a publisher, strictly loaded. An unknown key is an error that names file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.resources.abc import Traversable
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml import etree
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from pipelines.errors import PublisherFileError

SUFFIX = ".toml"


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return value


def _xpath(value: str) -> str:
    try:
        found = etree.XPath(value)(etree.Element("html"))
    except etree.XPathError as error:
        raise ValueError(f"not an XPath expression: {error}") from None
    if not isinstance(found, list):
        raise ValueError("an XPath that finds no elements but a number, a text or a truth value")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no IANA time zone is named {value!r}") from None
    return value


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not an http or https address")
    return value


def _host(value: str) -> str:
    if value != value.lower() or "/" in value or not value:
        raise ValueError("a host is lower case, without scheme or path: www.example.com or localhost:8000")
    return value


Pattern = Annotated[str, AfterValidator(_pattern)]
XPath = Annotated[str, AfterValidator(_xpath)]
Address = Annotated[str, AfterValidator(_address)]
Host = Annotated[str, AfterValidator(_host)]
Zone = Annotated[str, AfterValidator(_zone)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Discover(_Strict):
    """Where links come from. `article` says which URLs are articles; `delay` is seconds between requests to one host.

    `link_hosts` are further hosts whose pages its listings may name, such as a feed proxy's; `*` is any: an aggregator's feed.
    `verify_tls` False takes any certificate of the publisher's hosts, also an expired one; `look` is whether the site is looked
    over for listings that the file does not name.
    """

    feeds: tuple[Address, ...] = ()
    sitemaps: tuple[Address, ...] = ()
    sections: tuple[Address, ...] = ()
    article: Pattern | None = None
    link_hosts: tuple[Host, ...] = ()
    delay: Annotated[float, Field(ge=0, le=300)] | None = None
    verify_tls: bool = True
    look: bool = True


class Body(_Strict):
    """`prune`: XPath removed before extraction; `drop`: blocks; `stop`: this block and all below it; `model`: whether it is asked."""

    prune: tuple[XPath, ...] = ()
    drop: tuple[Pattern, ...] = ()
    stop: tuple[Pattern, ...] = ()
    model: bool = True


class DateRules(_Strict):
    """`dateline` finds the line (group `date` is the date); `formats` are strptime formats tried on it first."""

    dateline: tuple[Pattern, ...] = ()
    formats: tuple[str, ...] = ()


class Expect(_Strict):
    """Checked at the end of a run: articles a day, and the share of articles in which a field is filled."""

    articles_per_day: tuple[int, int] | None = None
    filled: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)


class Publisher(_Strict):
    """One publisher. `timezone` is also what an ambiguous abbreviation such as IST means on its pages."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.:-]*$")]
    name: str | None = None
    hosts: tuple[Host, ...] = ()
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")] | None = None
    country: Country | None = None
    timezone: Zone | None = None
    discover: Discover = Discover()
    body: Body = Body()
    dates: DateRules = DateRules()
    expect: Expect = Expect()

    @property
    def site(self) -> str | None:
        """The home page's address, by the scheme of the listings; None where the file names no host."""
        listings = (*self.discover.feeds, *self.discover.sitemaps, *self.discover.sections)
        insecure = any(url.startswith("http:") for url in listings)
        return f"{'http' if insecure else 'https'}://{self.hosts[0]}/" if self.hosts else None


def load_publishers(folders: Iterable[Traversable]) -> dict[str, Publisher]:
    """Every publisher of the folders' `*.toml` files by id, the file's name. Raises PublisherFileError on the first fault.

    A later folder's file replaces an earlier one of the same name; a host that two publishers claim is an error.
    """
    files = _files(folders)
    publishers = {stem: load_publisher(path) for stem, path in files.items()}
    for fault in _host_faults(publishers.values(), files):
        raise fault
    return publishers


def faults(folders: Iterable[Traversable]) -> list[str]:
    """The first fault of each file, and every host that two publishers claim; empty where all is well."""
    files, found, publishers = _files(folders), [], []
    for path in files.values():
        try:
            publishers.append(load_publisher(path))
        except PublisherFileError as error:
            found.append(str(error))
    return [*found, *map(str, _host_faults(publishers, files))]


def _files(folders: Iterable[Traversable]) -> dict[str, Traversable]:
    """The files by id. A folder may be one of an egg, which is an archive."""
    found = (path for folder in folders for path in sorted(folder.iterdir(), key=lambda path: path.name))
    return {path.name.removesuffix(SUFFIX): path for path in found if path.name.endswith(SUFFIX)}


def _host_faults(publishers: Iterable[Publisher], files: dict[str, Traversable]) -> Iterator[PublisherFileError]:
    claimed: dict[str, str] = {}
    for publisher in publishers:
        for host in publisher.hosts:
            if host in claimed:
                path = files[publisher.id]
                line = _line_of(path.read_text(encoding="utf-8"), ("hosts",))
                yield PublisherFileError(path, line, f"host {host} is claimed by {claimed[host]}.toml too")
            claimed.setdefault(host, publisher.id)


def load_publisher(path: Traversable) -> Publisher:
    """The publisher of one file. Raises PublisherFileError with the file, the line and what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PublisherFileError(path, None, f"cannot be read: {error}") from None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise PublisherFileError(path, int(found[1]) if found else None, f"not TOML: {error}") from None
    if "id" in table:
        raise PublisherFileError(path, _line_of(text, ("id",)), "unknown key id: the file's name is the id")
    try:
        return Publisher(id=path.name.removesuffix(SUFFIX), **table)
    except ValidationError as error:
        first = error.errors()[0]
        place = tuple(str(part) for part in first["loc"])
        raise PublisherFileError(path, _line_of(text, place), _fault(place, first)) from None


def publisher_of(url: str, publishers: Iterable[Publisher]) -> Publisher:
    """The publisher whose hosts have the URL's host, else one made up of the host alone: a file improves, it does not enable."""
    try:
        host = urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        host = ""
    for publisher in publishers:
        if host in publisher.hosts:
            return publisher
    return Publisher(id=re.sub(r"[^a-z0-9_.:-]", "-", host).lstrip("-_.:") or "unknown", hosts=(host,) if host else ())


def _fault(place: tuple[str, ...], error: Any) -> str:
    key = ".".join(place)
    if error["type"] == "extra_forbidden":
        return f"unknown key {key}"
    return f"{key}: {str(error['msg']).removeprefix('Value error, ')}"


def _line_of(text: str, place: tuple[str, ...]) -> int | None:
    """The line on which a key of a TOML text stands: the table's header first, then the key below it."""
    tables, key = place[:-1], place[-1]
    if key.isdigit():
        tables, key = place[:-2], place[-2]
    table, header = "", ".".join(tables)
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(r"\s*\[\s*([\w.\"-]+)\s*\]", line):
            table = found[1]
            if table == ".".join(place):
                return number
        elif table == header and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return number
    return _line_of(text, tables) if tables else None
