"""Finish: a draft and what is remembered of it to an article. It composes history and validate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipelines import identity, validate
from pipelines.history import boilerplate, duplicates, stories, versions
from pipelines.items import Article, Draft, Memory, Reason, Rejected
from pipelines.recipe import MAX_REMOVED_CHARS
from pipelines.values import Block, ChangeClass, PubStatus, Removed


def finish(draft: Draft, memory: Memory) -> Article | Rejected:
    """The article, or why there is none: an unchanged page gives no second record of the same content."""
    draft = _without_boilerplate(draft, memory)
    if memory.known_as and not (memory.previous and versions.is_same_article(draft, memory.previous)):
        # The link leads to another article now: that one was never seen.
        memory = replace(memory, version=0, content_hash=None, previous=None, known_as=None)
    article_id = memory.known_as or draft.id
    version = versions.next_version(draft.content_hash, memory)
    if version is None:
        return Rejected(Reason.UNCHANGED, draft.id)
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


def _without_boilerplate(draft: Draft, memory: Memory) -> Draft:
    """The draft without the blocks that the publisher's other articles end with too, its hashes made anew."""
    start, stop = boilerplate.own_blocks(draft.blocks, memory.blocks)
    kept = draft.blocks[start:stop]
    if len(kept) == len(draft.blocks):
        return draft
    body = "\n".join(block.text for block in kept)
    hashed = identity.content_hash(draft.headline, draft.description, body, draft.datePublished, draft.dateModified)
    changes: dict[str, Any] = {"blocks": kept, "articleBody": body, "wordCount": len(body.split())}
    removed = [
        *(_removed(block, "head") for block in draft.blocks[:start]),
        *(_removed(block, "tail") for block in draft.blocks[stop:]),
    ]
    extraction = replace(draft.extraction, removed=[*draft.extraction.removed, *removed])
    return replace(draft, **changes, extraction=extraction, content_hash=hashed, text_hash=duplicates.fingerprint(body))


def _removed(block: Block, where: str) -> Removed:
    return Removed("memory.boilerplate", block.text[:MAX_REMOVED_CHARS], where)
