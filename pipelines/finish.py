"""Finish: a draft and what is remembered of it to an article. It composes history and validate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipelines import identity, validate
from pipelines.history import boilerplate, duplicates, stories, versions
from pipelines.history.boilerplate import Wording
from pipelines.items import Article, Draft, Memory, Reason, Rejected
from pipelines.values import ChangeClass, PubStatus


def finish(draft: Draft, memory: Memory) -> Article | Rejected:
    """The article without its publisher's boilerplate, or why there is none."""
    return versioned(without_boilerplate(draft, memory), memory)


def versioned(draft: Draft, memory: Memory) -> Article | Rejected:
    """The article that a draft gives as it is: an unchanged page gives no second record of the same content."""
    if memory.erased:
        return Rejected(Reason.ERASED, draft.id)
    if memory.known_as and not (memory.previous and versions.is_same_article(draft, memory.previous)):
        # The link leads to another article now: that one was never seen.
        memory = replace(memory, version=0, content_hash=None, page_hash=None, previous=None, known_as=None)
    article_id = memory.known_as or draft.id
    version = versions.next_version(draft.content_hash, draft.page_hash, memory)
    if version is None:
        return Rejected(Reason.UNCHANGED, draft.id)
    if memory.previous:
        memory = replace(memory, previous=boilerplate.as_known_now(memory.previous, draft.extraction.removed))
    change = versions.change_class(draft, memory)
    content = draft.content() | (_notice(draft) if change is ChangeClass.RETRACTION else {})
    content["flags"] = sorted({*draft.flags, *validate.doubts(draft)})
    return Article(
        **content,
        id=article_id,
        version=version,
        contentHash=draft.content_hash,
        changeClass=change,
        pubStatus=PubStatus.CANCELED if change is ChangeClass.RETRACTION else PubStatus.USABLE,
        storyId=stories.story_of(article_id, memory),
        duplicateOf=memory.twin,
    )


def _notice(draft: Draft) -> dict[str, Any]:
    """A withdrawn article's fields: its notice stands in the description, its body is empty."""
    notice = draft.description or (draft.blocks[0].text if draft.blocks else None)
    return {"description": notice, "blocks": [], "articleBody": "", "wordCount": 0}


def without_boilerplate(draft: Draft, memory: Memory) -> Draft:
    """The draft without what its publisher's articles repeat, its hashes made anew; the very same where there is nothing.

    Its traces still name all that the page has, and say what is gone; a second call takes nothing more.
    """
    given = Wording(draft.headline, draft.alternativeHeadline, draft.blocks, draft.traces)
    kept = boilerplate.strip(given, memory.habits, draft.dateDownloaded[:10])
    if kept is given:
        return draft
    fields = worded(kept)
    body = fields["articleBody"]
    return replace(
        draft,
        **fields,
        extraction=replace(draft.extraction, removed=[*draft.extraction.removed, *kept.removed]),
        content_hash=identity.content_hash(kept.headline, draft.description, body, draft.datePublished, draft.dateModified),
        text_hash=duplicates.fingerprint(body),
        traces=kept.traces,
    )


def worded(wording: Wording) -> dict[str, Any]:
    """The contract's fields that hold an article's words."""
    body = "\n".join(block.text for block in wording.blocks)
    return {
        "headline": wording.headline,
        "alternativeHeadline": wording.alternative,
        "blocks": wording.blocks,
        "articleBody": body,
        "wordCount": len(body.split()),
    }
