"""The rules of a robots.txt for one robot, matched in a few milliseconds whatever the file is (RFC 9309, 2.2).

Protego, which Scrapy brings, took 72 ms of the event loop for each request to a host with 25,000 rules that hold a wildcard. Here a
rule whose longest literal part does not stand in the address is passed over by one search in C, and the others are matched part by
part from the left, so that no rule is ever tried twice at one place. `tests/test_rules.py` compares the two.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

_NAME = re.compile(r"user-agent: (.*)")  # as `groups_of` writes them
# With the misspellings that sites have and readers of these files forgive; a blank may stand for the colon.
_RULE = re.compile(r"\s*(?:(allow)|dis+allow|dis+alow|diasllow|disallaw)\s*[:\s]\s*([^#]*)", re.I)
_DELAY = re.compile(r"\s*crawl[- ]delay\s*[:\s]\s*([^#]*)", re.I)
# What is compared is spelt in one way: an escape of what needs none is the character itself, all else is escaped, in capitals.
_ODD = re.compile(r"%([0-9A-Fa-f]{2})|[^A-Za-z0-9_.~/=%-]")
_ODD_RULE = re.compile(r"%([0-9A-Fa-f]{2})|[^A-Za-z0-9_.~/=%*-]")
_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~=-")
_INDEX: Final = "/index.html"


class _Wild(NamedTuple):
    """A rule with a wildcard or an end: its longest literal part, all parts, whether the last ends the address; its rank and word."""

    literal: str
    parts: tuple[str, ...]
    ends: bool
    rank: tuple[int, bool]


@dataclass(frozen=True, slots=True)
class _Prefix:
    text: str
    rank: tuple[int, bool]


class Rules:
    """One robot's rules, those of several groups together. `delay_s` is its Crawl-delay."""

    def __init__(self) -> None:
        self.delay_s: float | None = None
        self._prefixes: list[_Prefix] = []
        self._starts: tuple[str, ...] = ()
        self._wild: list[_Wild] = []

    def add(self, path: str, *, allow: bool) -> None:
        """Take one rule up; one without a path says nothing. `sort` follows the last."""
        if "$" in path:
            self._put(_spelt_rule(path), allow=allow)
        if path.endswith("$"):
            self._put(_spelt_rule(path[:-1]), allow=allow, ends=True)
        elif path and "$" not in path:
            self._put(_spelt_rule(path), allow=allow)
        # As Google reads it: who lets the index page be read lets its folder be read, too.
        if allow and path.endswith(_INDEX):
            self._put(_spelt_rule(path.removesuffix("index.html")), allow=True, ends=True)

    def sort(self) -> None:
        """Put the rules in the order in which they are asked: the longest first, of two as long the one that allows."""
        self._prefixes = sorted(set(self._prefixes), key=attrgetter("rank"), reverse=True)
        self._wild = sorted(set(self._wild), key=attrgetter("rank"), reverse=True)
        self._starts = tuple(rule.text for rule in self._prefixes)

    def allow(self, url: str) -> bool:
        """Whether the robot may fetch the address; /robots.txt always may be."""
        path = _path(url)
        if path == "/robots.txt":
            return True
        rank = (
            next((rule.rank for rule in self._prefixes if path.startswith(rule.text)), None)
            if path.startswith(self._starts)
            else None
        )
        for literal, parts, ends, other in self._wild:
            if rank is not None and other < rank:
                break
            if literal in path and _fits(parts, path, ends=ends):
                return other[1]
        return rank is None or rank[1]

    def _put(self, path: str, *, allow: bool, ends: bool = False) -> None:
        rank = (len(path) + ends, allow)
        if ends or "*" in path:
            parts = tuple(re.sub(r"\*+", "*", path).split("*"))
            self._wild.append(_Wild(max(parts, key=len), parts, ends, rank))
        elif path:
            self._prefixes.append(_Prefix(path, rank))


def rules_of(groups: str) -> dict[str, Rules]:
    """The rules by the robots that `groups_of` named, in lower case; `*` is any robot."""
    found: dict[str, Rules] = {}
    for names, lines in _groups(groups):
        named = [found.setdefault(name, Rules()) for name in dict.fromkeys(names)]
        for rules in named:
            _read(lines, rules)
    for rules in found.values():
        rules.sort()
    return found


def rules_for(found: dict[str, Rules], robot: str) -> Rules | None:
    """The rules for a robot: those of the longest name that its product token begins or holds as a word, else those for any."""
    robot = robot.lower()
    names = [name for name in found if name != "*" and re.search(rf"(?<![\w-]){re.escape(name)}", robot)]
    return found[max(names, key=len)] if names else found.get("*")


def _groups(text: str) -> Iterator[tuple[list[str], list[str]]]:
    names: list[str] = []
    lines: list[str] = []
    for line in text.split("\n"):
        if not (named := _NAME.fullmatch(line)):
            lines.append(line)
            continue
        if lines:
            yield names, lines
            names, lines = [], []
        names.append(named[1])
    yield names, lines


def _read(lines: list[str], rules: Rules) -> None:
    for line in lines:
        if rule := _RULE.match(line):
            rules.add(rule[2].strip(), allow=bool(rule[1]))
        elif delay := _DELAY.match(line):
            rules.delay_s = _seconds(delay[1]) if rules.delay_s is None else rules.delay_s


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _fits(parts: tuple[str, ...], path: str, *, ends: bool) -> bool:
    """Whether the parts stand in the path in their order, the first at its start and, if it `ends`, the last at its end."""
    if not path.startswith(parts[0]):
        return False
    if len(parts) == 1:
        return path == parts[0]
    place = len(parts[0])
    for part in parts[1:-1]:
        if (found := path.find(part, place)) < 0:
            return False
        place = found + len(part)
    last = parts[-1]
    return path.endswith(last) and len(path) - len(last) >= place if ends else path.find(last, place) >= 0


def _path(url: str) -> str:
    """The path and query that rules speak of."""
    url = url.partition("#")[0]
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if "?" in url else parts.path
    spelt = _ODD.sub(_spelt, path)
    return spelt if spelt.startswith("/") else f"/{spelt}"


def _spelt_rule(path: str) -> str:
    # An absolute address is a slip whose author gets what is written: it stands in no path.
    return _ODD_RULE.sub(_spelt, f"/{path}" if path.startswith(("https://", "http://")) else path)


def _spelt(found: re.Match[str]) -> str:
    if found[1] is None:
        return quote(found[0], safe="", errors="replace")
    letter = chr(int(found[1], 16))
    return letter if letter in _PLAIN else found[0].upper()
