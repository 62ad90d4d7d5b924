"""What a page says to robots: meta tags, X-Robots-Tag, TDM and AI opt-outs, and what its host's robots.txt said of AI crawlers.

Sources: https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag (robots, X-Robots-Tag, unavailable_after),
https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/ (tdm-reservation), `noai` as DeviantArt defined it in 2022,
https://www.ietf.org/archive/id/draft-ietf-aipref-attach-04.html (Content-Usage).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from pipelines.extraction.metadata.head import Head
from pipelines.items import Page
from pipelines.values import Robots

# The names by which a rule is ours to heed: `googlebot: noindex` is not.
_OURS: Final = frozenset({"", "*", "robots", "dateline"})
# Directives with a value of their own, which look like a robot's name before a colon.
_VALUED: Final = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_SHUT: Final = frozenset({"noindex", "none", "noai"})
_NAMED = re.compile(r"\s*([\w*-]+)\s*:\s*(.*)", re.S)
_TRAINING_REFUSED = re.compile(r"\b(?:train-ai|ai-train|ai|genai)\s*=\s*(?:n|no)\b", re.I)
# Crawlers for training that sites also address in meta tags and headers.
_AI_NAMES: Final = frozenset(
    {"gptbot", "ccbot", "google-extended", "anthropic-ai", "claudebot", "applebot-extended", "bytespider"}
)


def read_robots(head: Head, page: Page) -> tuple[Robots, list[str]]:
    """What the page allows, and the flags that say where each refusal stood. None where nothing is said."""
    said = [*_directives(head, page.headers.get("x-robots-tag", ""))]
    ours = {directive: where for name, directive, where in said if name in _OURS}
    flags = [f"robots.{directive}" for directive in ("noindex", "none") if directive in ours]
    if any(_is_past(directive, page.fetched_at) for directive in ours):
        flags.append("robots.unavailable_after")
    refusals = [*_ai_refusals(said, head, page)]
    # The page knows better than its answer, and that better than the host's file.
    of_host = {True: "1", False: "0", None: ""}[page.tdm_reserved]
    reserved = (head.first("tdm-reservation") or page.headers.get("tdm-reservation") or of_host).strip()
    if reserved == "1":
        refusals.append("robots.tdm")
    return Robots(
        allowed=not flags if ours else None,
        aiTraining=False if refusals else True if reserved == "0" else None,
        noarchive=bool({"noarchive", "nocache"} & ours.keys()) if ours else None,
    ), sorted({*flags, *refusals})


def _ai_refusals(said: list[tuple[str, str, str]], head: Head, page: Page) -> Iterator[str]:
    if page.refused_agents:
        yield "robots.ai_robots_txt"
    for name, directive, where in said:
        by_name = name in _AI_NAMES and directive in _SHUT
        if by_name or (name in _OURS and directive in ("noai", "noimageai")):
            yield f"robots.ai_{where}"
    if _TRAINING_REFUSED.search(page.headers.get("content-usage", "")):
        yield "robots.ai_header"


def _directives(head: Head, header: str) -> Iterator[tuple[str, str, str]]:
    """(robot, directive, meta or header) of all that is said, lower case. A header has a line a value, which names one robot."""
    for name in (*_OURS, *_AI_NAMES):
        for value in head.all(name) if name not in ("", "*") else ():
            for directive in _split(value):
                yield name, directive, "meta"
    for line in header.lower().split("\n"):
        robot = ""
        for part in _split(line):
            named = _NAMED.fullmatch(part)
            if named and named[1] not in _VALUED:
                robot, part = named[1], named[2].strip()
            yield robot, part, "header"


def _split(value: str) -> list[str]:
    """The directives of a value; a date's own comma parts none."""
    parts = [part.strip() for part in re.split(r"[,;](?!\s*\d)", value.lower())]
    return [part for part in parts if part]


def _is_past(directive: str, now: datetime) -> bool:
    name, _, raw = directive.partition(":")
    if name.strip() != "unavailable_after" or not raw.strip():
        return False
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            when = read(raw.strip().upper())
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return (when if when.tzinfo else when.replace(tzinfo=UTC)) < now
    return False
