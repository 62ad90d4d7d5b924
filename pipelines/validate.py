"""Validate: what must be true of an article, and how complete it is. A doubt is a flag, a broken promise a rejection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from pipelines.evidence import Metadata
from pipelines.items import Draft, Page, Reason, Rejected
from pipelines.notices import Notice, is_gate, notice_of
from pipelines.values import Block, BlockType, Completeness, DateSource

# Below this a body is no article, unless the page declares one; the shortest wire flash of the dev pages has 90 characters.
MIN_BODY_CHARS = 80
MIN_DECLARED_CHARS = 20
# A page that loads a challenge, or asks for a password, is that alone below so much text.
MAX_WALL_CHARS, MAX_LOGIN_CHARS = 1_500, 500
# So many teasers, and so large a share of the text in them, make a list of articles.
MIN_CARDS, CARDS_SHARE = 4, 0.6
# What a wall lets through at most before it asks for money; and the end of a text in which it asks.
MAX_TEASER_CHARS, MAX_GATE_CHARS = 1_200, 250
# A body below this is worth a look: `body.short`.
SHORT_BODY_CHARS = 250
# The flag of an article that has further pages which are not in it.
INCOMPLETE = "paging.incomplete"
_ARTICLE = re.compile(r"article|posting|report$|review$", re.I)
_MARKUP = frozenset({DateSource.JSONLD, DateSource.META, DateSource.TIME_TAG, DateSource.DATA_ISLAND})
# Notices that a later run may not meet.
_PASSING = frozenset(set(Notice) - {Notice.MISSING})
_WALLED = {Notice.CONSENT: Completeness.CONSENT, Notice.LOGIN: Completeness.TEASER}
_ENDS_CUT = re.compile(r"(?:\.\.\.|…|\[(?:\+\d+ chars|…)\])\s*$")


def reject(blocks: Sequence[Block], found: Metadata, page: Page) -> Rejected | None:
    """Why what was extracted is no article, or None where it is one. A page that may be there later is to be tried again."""
    if _is_home(page.url) and not _is_home(page.link.url):
        return Rejected(Reason.NO_ARTICLE, "the address leads to the home page")
    chars = sum(len(block.text) for block in blocks)
    if not _vouched(found) and (stands_for := _stand_in(blocks, found, chars)):
        notice, words = stands_for
        return Rejected(Reason.NO_ARTICLE, f"{notice}: {words}", retry=notice in _PASSING)
    if not blocks:
        return Rejected(Reason.NO_ARTICLE, "no text of an article was found")
    declared = declares_article(found)
    if chars < (MIN_DECLARED_CHARS if declared else MIN_BODY_CHARS):
        return Rejected(Reason.TOO_SHORT, f"{chars} characters of text")
    if not declared and not _dated(found) and (_is_listing(blocks) or _is_cards(blocks, found)):
        return Rejected(Reason.NO_ARTICLE, "a list of headlines or links, no article declared, no date")
    return None


def declares_article(found: Metadata) -> bool:
    """Whether the markup calls the page an article."""
    return any(_ARTICLE.search(kind) for kind in found.types)


def _stand_in(blocks: Sequence[Block], found: Metadata, chars: int) -> tuple[Notice, str] | None:
    """The notice that stands in the article's place, and what says so."""
    signs = found.signs
    if signs.has_challenge and chars < MAX_WALL_CHARS:
        return Notice.CAPTCHA, "the page loads a challenge"
    headings = [heading for heading in (found.heading, *found.headlines) if heading]
    if notice := notice_of(headings, [block.text for block in blocks] or signs.few):
        return notice.notice, notice.words
    if signs.has_password and chars < MAX_LOGIN_CHARS:
        return Notice.LOGIN, "a form for a password and little text"
    if signs.is_empty_app and chars < MIN_BODY_CHARS:
        return Notice.SHELL, "an application's empty root"
    return None


def _dated(found: Metadata) -> bool:
    """Whether a page that declares no article has a date as an article has; any page may have one in its address or its WebPage node."""
    return any(clue.source not in (DateSource.URL, DateSource.JSONLD) for clue in found.dates)


def _vouched(found: Metadata) -> bool:
    """Whether the markup declares an article with its date: then a notice is about the article, or a wall before it."""
    return declares_article(found) and any(clue.source in _MARKUP for clue in found.dates)


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def refused_by_owner(draft: Draft) -> Rejected | None:
    """Why a crawl may not keep the page, where it says that it wants to be in no index; None else."""
    said = [flag for flag in draft.flags if flag in ("robots.noindex", "robots.none", "robots.unavailable_after")]
    return Rejected(Reason.ROBOTS, f"the page says {', '.join(said)}") if draft.robots.allowed is False else None


def _is_listing(blocks: Sequence[Block]) -> bool:
    """Whether most blocks are list items and headings, as on a section page, and not the less of the text for it."""
    listed = [block for block in blocks if block.type in (BlockType.LIST_ITEM, BlockType.HEADING) or len(block.text) < 60]
    chars = sum(len(block.text) for block in listed)
    return len(blocks) >= 4 and len(listed) > 0.6 * len(blocks) and chars > 0.5 * sum(len(block.text) for block in blocks)


def _is_cards(blocks: Sequence[Block], found: Metadata) -> bool:
    """Whether most of the text stands below headings that lead to other pages."""
    cards = [block for block in blocks if block.text in found.signs.cards]
    chars = sum(len(block.text) for block in blocks)
    return len(cards) >= MIN_CARDS and sum(len(block.text) for block in cards) > CARDS_SHARE * chars


def completeness(
    body: str, found: Metadata, *, is_summary: bool = False, has_more: bool = False, dropped: Iterable[str] = ()
) -> tuple[Completeness, list[str]]:
    """How much of the article the page gave, and the flags that say why.

    `has_more`: it links further pages of its article; `dropped` are the lines that cleaning took from it.
    """
    notice = notice_of((), body.split("\n"))
    if notice and notice.in_text:
        return _WALLED.get(notice.notice, Completeness.SHELL), [f"body.{notice.notice}"]
    flags = ["body.short"] if is_short(body) else []
    if is_summary:
        return Completeness.TEASER, [*flags, "body.summary"]
    if found.article_body and len(found.article_body) > 2 * len(body) + 400:
        return Completeness.TRUNCATED, [*flags, "body.shorter_than_jsonld"]
    if _ENDS_CUT.search(body):
        kind = Completeness.TEASER if len(body) < 2 * SHORT_BODY_CHARS else Completeness.TRUNCATED
        return kind, [*flags, "body.ends_cut"]
    if len(body) < MAX_TEASER_CHARS and any(map(is_gate, (body[-MAX_GATE_CHARS:], *dropped))):
        return Completeness.TEASER, [*flags, "body.paywall_notice"]
    if found.is_free is False and len(body) < 3 * SHORT_BODY_CHARS:
        return Completeness.TRUNCATED, [*flags, "body.paywall"]
    return (Completeness.TRUNCATED, [*flags, INCOMPLETE]) if has_more else (Completeness.FULL, flags)


def is_short(body: str) -> bool:
    """Whether a body is worth a look for its length: `body.short`."""
    return len(body) < SHORT_BODY_CHARS


def doubts(draft: Draft) -> list[str]:
    """Flags for what is unusual in a finished draft: little text, no headline, no date."""
    checks = {
        "body.short": is_short(draft.articleBody),
        "headline.missing": draft.headline is None,
        "date.missing": draft.datePublished is None,
    }
    return [flag for flag, raised in checks.items() if raised]
