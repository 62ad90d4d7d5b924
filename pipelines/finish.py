"""Finish: a draft and what is remembered of it to an article. It composes history and validate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipelines import identity, validate
from pipelines.history import boilerplate, duplicates, stories, versions
from pipelines.items import Article, Draft, Memory, Reason, Rejected
from pipelines.recipe import MAX_REMOVED_CHARS
from pipelines.values import Block, Removed


def finish(draft: Draft, memory: Memory) -> Article | Rejected:
    """The article, or why there is none: an unchanged page gives no second record of the same content."""
    draft = _without_boilerplate(draft, memory)
    version = versions.next_version(draft.content_hash, memory)
    if version is None:
        return Rejected(Reason.UNCHANGED, draft.id)
    content = draft.content()
    content["flags"] = sorted({*draft.flags, *validate.doubts(draft)})
    return Article(
        **content,
        id=draft.id,
        version=version,
        contentHash=draft.content_hash,
        changeClass=versions.change_class(version),
        storyId=stories.story_of(draft.id, memory),
        duplicateOf=memory.twin,
    )


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
