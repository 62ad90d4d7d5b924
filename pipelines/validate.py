"""Validate: what must be true of an article, and how complete it is. A doubt is a flag, a broken promise a rejection."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.evidence import Metadata
from pipelines.items import Draft, Reason, Rejected
from pipelines.values import Block, BlockType, Completeness

# Below this a body is no article, unless the page declares one; the shortest wire flash of the dev pages has 90 characters.
MIN_BODY_CHARS = 80
MIN_DECLARED_CHARS = 20
# A body below this is worth a look: `body.short`.
SHORT_BODY_CHARS = 250
_ARTICLE = re.compile(r"article|posting|report$|review$", re.I)
_ENDS_CUT = re.compile(r"(?:\.\.\.|…|\[(?:\+\d+ chars|…)\])\s*$")


def reject(blocks: Sequence[Block], found: Metadata) -> Rejected | None:
    """Why what was extracted is no article, or None where it is one."""
    if not blocks:
        return Rejected(Reason.NO_ARTICLE, "no text of an article was found")
    chars = sum(len(block.text) for block in blocks)
    declared = declares_article(found)
    if chars < (MIN_DECLARED_CHARS if declared else MIN_BODY_CHARS):
        return Rejected(Reason.TOO_SHORT, f"{chars} characters of text")
    if not declared and not found.dates and _is_listing(blocks):
        return Rejected(Reason.NO_ARTICLE, "a list of headlines or links, no article declared, no date")
    return None


def declares_article(found: Metadata) -> bool:
    """Whether the markup calls the page an article."""
    return any(_ARTICLE.search(kind) for kind in found.types)


def refused_by_owner(draft: Draft) -> Rejected | None:
    """Why a crawl may not keep the page, where it says that it wants to be in no index; None else."""
    said = [flag for flag in draft.flags if flag in ("robots.noindex", "robots.none", "robots.unavailable_after")]
    return Rejected(Reason.ROBOTS, f"the page says {', '.join(said)}") if draft.robots.allowed is False else None


def _is_listing(blocks: Sequence[Block]) -> bool:
    """Whether most blocks are list items and headings, as on a section page, and not the less of the text for it."""
    listed = [block for block in blocks if block.type in (BlockType.LIST_ITEM, BlockType.HEADING) or len(block.text) < 60]
    chars = sum(len(block.text) for block in listed)
    return len(blocks) >= 4 and len(listed) > 0.6 * len(blocks) and chars > 0.5 * sum(len(block.text) for block in blocks)


def completeness(body: str, found: Metadata, *, is_summary: bool = False) -> tuple[Completeness, list[str]]:
    """How much of the article the page gave, and the flags that say why."""
    flags = ["body.short"] if is_short(body) else []
    if is_summary:
        return Completeness.TEASER, [*flags, "body.summary"]
    if found.article_body and len(found.article_body) > 2 * len(body) + 400:
        return Completeness.TRUNCATED, [*flags, "body.shorter_than_jsonld"]
    if _ENDS_CUT.search(body):
        kind = Completeness.TEASER if len(body) < 2 * SHORT_BODY_CHARS else Completeness.TRUNCATED
        return kind, [*flags, "body.ends_cut"]
    if found.is_free is False and len(body) < 3 * SHORT_BODY_CHARS:
        return Completeness.TRUNCATED, [*flags, "body.paywall"]
    return Completeness.FULL, flags


def is_short(body: str) -> bool:
    """Whether a body is worth a look for its length: `body.short`."""
    return len(body) < SHORT_BODY_CHARS


def doubts(draft: Draft) -> list[str]:
    """Flags for what is unusual in a finished draft: little text, no headline, no date, a modification before the publication."""
    checks = {
        "body.short": is_short(draft.articleBody),
        "headline.missing": draft.headline is None,
        "date.missing": draft.datePublished is None,
        "date.modified_first": bool(draft.dateModified and draft.datePublished and draft.dateModified < draft.datePublished),
    }
    return [flag for flag, raised in checks.items() if raised]
