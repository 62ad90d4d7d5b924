"""A text without what its publisher repeats; every piece that goes is recorded with its rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pipelines.habits import Habit, Habits, Part, Trace, Traces
from pipelines.history.boilerplate.standing import furniture
from pipelines.items import Previous
from pipelines.values import Block, BlockType, Removed

RULES = {
    Part.BLOCK: "learned.boilerplate",
    Part.TITLE_PREFIX: "learned.title_affix",
    Part.TITLE_SUFFIX: "learned.title_affix",
    Part.LEAD: "learned.lead_affix",
    Part.SIGN_OFF: "learned.sign_off",
}
# Below this nothing is left that could be the article: then the page is all furniture, or all of it is the article's.
MIN_LEFT_CHARS = 40
# A headline, or a paragraph, of fewer characters is not what was meant.
MIN_PHRASE_LEFT = 8
MAX_REMOVED_CHARS = 200
_OF_TITLE = frozenset({Part.TITLE_PREFIX, Part.TITLE_SUFFIX})
_OF_TEXT = frozenset({Part.LEAD, Part.SIGN_OFF})
_AT_START = frozenset({Part.TITLE_PREFIX, Part.LEAD})
# Folded numbers make all tables of one kind alike; an update and a quotation are somebody's words.
_KEPT_TYPES = frozenset({BlockType.TABLE, BlockType.CODE, BlockType.LIVE_UPDATE, BlockType.QUOTE})
_QUOTED = re.compile(r"\"[^\"]+\"|“[^”]+”|„[^“”\"]+[“”\"]|«[^»]+»|»[^«]+«|‘[^’]+’|「[^」]+」|『[^』]+』")
_SAID_WORDS, _SAID_CHARS = 4, 8
_OPENS = re.compile(r"\s*(?:[\"“„«»‘‚「『]|'\w|[-–—]\s*\w.*[.!?…]\s*$)")
_CLOSES = re.compile(r"[\"”“»«」』]\s*$")
# "The quake struck at a depth of 12 km." differs from the next one by what it says; a date, a year or a time do not.
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|[年月日]")
_SENTENCE = re.compile(r"[.!?。！？।؟…]\W*$")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a text that memory may change. `blocks` are those of `traces` that are not gone, in their order."""

    headline: str | None
    alternative: str | None
    blocks: list[Block]
    traces: Traces
    removed: tuple[Removed, ...] = ()


def strip(wording: Wording, habits: Habits, today: str) -> Wording:
    """The wording without furniture, or the very same where there is none. What was taken before is not looked at again."""
    found = furniture(wording.traces, habits, today)
    return _without(wording, found) if found else wording


def as_known_now(old: Previous, removed: Iterable[Removed]) -> Previous:
    """An earlier version's words without what is taken from its page now: that more is known is no change of the article."""
    by_rule: dict[str, list[str]] = {}
    for drop in removed:
        by_rule.setdefault(drop.rule, []).append(drop.text)
    lines = [line for line in old.body.split("\n") if line[:MAX_REMOVED_CHARS] not in by_rule.get(RULES[Part.BLOCK], ())]
    for lead in by_rule.get(RULES[Part.LEAD], ()):
        lines = [line.removeprefix(lead) for line in lines]
    for sign_off in by_rule.get(RULES[Part.SIGN_OFF], ()):
        lines = [line.removesuffix(sign_off) for line in lines]
    headline = old.headline
    for affix in by_rule.get(RULES[Part.TITLE_PREFIX], ()):
        headline = headline and headline.removeprefix(affix).removesuffix(affix)
    return replace(old, headline=headline, body="\n".join(lines))


def _without(wording: Wording, found: Mapping[int, Habit]) -> Wording:
    each = wording.traces.each
    places = [trace.block for trace in each if trace.part is Part.BLOCK and not trace.gone]
    blocks = dict(zip(places, wording.blocks, strict=True))
    gone = _blocks_gone(blocks, {each[index].block: habit for index, habit in found.items() if habit.part is Part.BLOCK})
    kept = {place: block for place, block in blocks.items() if place not in gone}
    removed = [
        Removed(RULES[Part.BLOCK], blocks[place].text[:MAX_REMOVED_CHARS], _where(place, kept)) for place in sorted(gone)
    ]
    headline, alternative = wording.headline, wording.alternative
    taken = {index for index in found if each[index].part is Part.BLOCK and each[index].block in gone}
    for index in found:
        trace = each[index]
        if trace.part in _OF_TEXT and trace.block in kept and (text := _cut(kept[trace.block].text, trace)):
            kept[trace.block] = replace(kept[trace.block], text=text)
        elif trace.part in _OF_TITLE and (title := _cut(headline, trace)):
            headline, alternative = title, _cut(alternative, trace) or alternative
        else:
            continue
        taken.add(index)
        removed.append(Removed(RULES[trace.part], trace.text, "tail" if trace.part is Part.SIGN_OFF else "head"))
    if not taken:
        return wording
    marked = tuple(replace(trace, gone=True) if index in taken else trace for index, trace in enumerate(each))
    other = alternative if alternative != headline else None
    return Wording(headline, other, [*kept.values()], replace(wording.traces, each=marked), (*wording.removed, *removed))


def _cut(text: str | None, trace: Trace) -> str | None:
    """The text without the phrase at its end, or None where it does not stand there or is all of it."""
    if not text:
        return None
    left = text.removeprefix(trace.text) if trace.part in _AT_START else text.removesuffix(trace.text).rstrip()
    return left if MIN_PHRASE_LEFT <= len(left) < len(text) else None


def _blocks_gone(blocks: dict[int, Block], furniture: Mapping[int, Habit]) -> set[int]:
    """The places of the blocks that go. None goes that is somebody's words; a label goes only with what it heads."""
    gone: set[int] = set()
    below_goes = True
    for place in reversed(blocks):
        block = blocks[place]
        goes = place in furniture and not _is_own(block, furniture[place]) and (below_goes or not _is_label(block))
        if goes:
            gone.add(place)
        below_goes = goes
    left = sum(len(block.text) for place, block in blocks.items() if place not in gone)
    return gone if left >= MIN_LEFT_CHARS else set()


def _is_own(block: Block, habit: Habit) -> bool:
    """Whether a block is the article's own all the same: somebody's words, or a sentence whose numbers say something new."""
    differs = bool(re.search(r"\d", block.text)) and block.text[:MAX_REMOVED_CHARS] != habit.text
    informs = differs and _SENTENCE.search(block.text) and not _DATED.search(block.text)
    return bool(informs) or _is_words(block)


def _is_words(block: Block) -> bool:
    """Whether a block is a quotation, or has one of four words or more in it, or is no prose at all."""
    if block.type in _KEPT_TYPES or _OPENS.match(block.text) or _CLOSES.search(block.text):
        return True
    said = _QUOTED.findall(block.text)
    return any(len(words.split()) >= _SAID_WORDS or (words[0] in "「『" and len(words) >= _SAID_CHARS) for words in said)


def _is_label(block: Block) -> bool:
    return block.type is BlockType.HEADING or block.text.rstrip().endswith((":", "："))


def _where(place: int, kept: Mapping[int, Block]) -> str:
    """Head, body or tail: above the first block that stays, below the last one, or between."""
    return "head" if place < min(kept) else "tail" if place > max(kept) else "body"
