"""Model: passages that are not the article's by the look of many small signs, once the rules have had their say.

Boosted trees over `features`, trained by `benchmarks/train_blocks.py`, which also prints the figures in docs/decisions.md. The trees are
data in `model.json`; nothing but this module is needed to read them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby
from math import exp
from typing import Any

from pipelines.extraction.clean.desk import Desk, is_sentence
from pipelines.extraction.clean.features import Sheet
from pipelines.values import BlockType

RULE = "model.boilerplate"
# Less sure than this of a passage, and it goes. In cross-validation more precision could be had above it, for exact texts lost.
THRESHOLD = 0.45
# Quotes end in a signature that looks like a credit; rows have no sentences; each entry of a live blog stands in a box of its own.
_UNJUDGED = frozenset({BlockType.QUOTE, BlockType.CODE, BlockType.TABLE, BlockType.LIVE_UPDATE})
# An item that ends as a sentence and has less of its text in links is the text's own list, whatever the items beside it look like.
MAX_LINKS = 0.5
# Where the model would take more of a page's prose than this, it has not understood how the page is built, and takes no prose at all.
MAX_PROSE_SHARE = 0.2
# A page of more passages is no article, and the model's time would have no bound.
MAX_PASSAGES = 2000

# A leaf's value, or (feature, threshold, the tree where the feature is at most the threshold, the other tree).
Tree = float | tuple[int, float, Any, Any]


@dataclass(frozen=True, slots=True)
class Model:
    """Trees whose values add up to the log-odds that a passage is the article's."""

    trees: tuple[Tree, ...]

    def probability(self, row: list[float]) -> float:
        """How sure the model is that a passage of these features is the article's, 0 to 1."""
        total = 0.0
        for tree in self.trees:
            while tree.__class__ is tuple:
                tree = tree[2] if row[tree[0]] <= tree[1] else tree[3]
            total += tree  # type: ignore[operator]
        return 1 / (1 + exp(-total))


def boilerplate(desk: Desk, model: Model | None = None) -> None:
    """Drop the passages that the model takes for none of the article's. A list goes or stays as a whole."""
    if len(desk.passages) > MAX_PASSAGES:
        return
    model, sheet = model or shipped(), Sheet(desk)
    lists, unsure = _lists(desk), []
    for _, members in groupby(judged(sheet), key=lists.__getitem__):
        group = list(members)
        if sum(model.probability(sheet.row(index)) for index in group) < THRESHOLD * len(group):
            unsure += group
    prose = [index for index in unsure if desk.prose[index]]
    trusted = sum(len(desk.passages[index].text) for index in prose) <= MAX_PROSE_SHARE * sheet.prose_chars
    for index in unsure:
        if trusted or not desk.prose[index]:
            desk.drop(index, RULE)


def judged(sheet: Sheet) -> list[int]:
    """The passages that the model is asked about: those that the rules left and that stand apart from the text's column.

    What stands in the column is left to the rules: asked there too, the model took last lines ("Version tested: PC") with the junk, for
    one exact text in forty.
    """
    if not any(sheet.column):
        return []
    return [
        index
        for index, passage in enumerate(sheet.desk.passages)
        if sheet.kept[index]
        and index != sheet.desk.lead
        and not sheet.in_column[index]
        and passage.type not in _UNJUDGED
        and not (passage.type is BlockType.LIST_ITEM and sheet.links[index] < MAX_LINKS and is_sentence(passage.text))
    ]


def _lists(desk: Desk) -> list[int]:
    """Of each passage the place of the first item of its list, or its own."""
    starts: list[int] = []
    for index, passage in enumerate(desk.passages):
        goes_on = index and passage.type is BlockType.LIST_ITEM and desk.passages[index - 1].type is BlockType.LIST_ITEM
        starts.append(starts[-1] if goes_on else index)
    return starts


@cache
def shipped() -> Model:
    """The model in `model.json`."""
    written = json.loads((resources.files("pipelines.extraction.clean") / "model.json").read_text(encoding="utf-8"))
    return Model(tuple(map(_tree, written["trees"])))


def _tree(written: Any) -> Tree:
    if not isinstance(written, list):
        return float(written)
    feature, threshold, low, high = written
    return int(feature), float(threshold), _tree(low), _tree(high)
