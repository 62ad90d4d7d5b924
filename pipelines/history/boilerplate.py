"""Boilerplate: blocks at the ends of a text that the same publisher's other articles end or begin with too."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from pipelines.values import Block

# With two to six pages of a site, lines that repeat are also real text (measured on the dev pages, docs/architecture.md).
MIN_ARTICLES = 12
# Only the ends are compared: a sentence that an agency's reports share stands in the middle.
END_BLOCKS = 2


def fingerprints(blocks: Sequence[Block]) -> list[str]:
    """The fingerprints of the first and last blocks, numbers folded; none where the text is all ends."""
    if len(blocks) <= 2 * END_BLOCKS:
        return []
    ends = (*blocks[:END_BLOCKS], *blocks[-END_BLOCKS:])
    return list(dict.fromkeys(_fingerprint(block.text) for block in ends))


def is_boilerplate(block: Block, seen: Mapping[str, int]) -> bool:
    """Whether so many distinct articles of the publisher stood beside this block that it is none of theirs."""
    return seen.get(_fingerprint(block.text), 0) >= MIN_ARTICLES


def own_blocks(blocks: Sequence[Block], seen: Mapping[str, int]) -> tuple[int, int]:
    """(start, stop) of the article's own blocks: boilerplate goes from the ends inward, to the first block that is none."""
    start, stop = 0, len(blocks)
    if stop <= 2 * END_BLOCKS:
        return start, stop
    while start < END_BLOCKS and is_boilerplate(blocks[start], seen):
        start += 1
    while len(blocks) - stop < END_BLOCKS and is_boilerplate(blocks[stop - 1], seen):
        stop -= 1
    return start, stop


def _fingerprint(text: str) -> str:
    folded = re.sub(r"[\W_]+", " ", re.sub(r"\d+", "0", text)).strip().casefold()
    return hashlib.sha256(folded.encode()).hexdigest()[:16]
