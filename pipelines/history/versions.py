"""Versions: whether a page that was seen before says something new, and what kind of change that is."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final

from pipelines.items import Draft, Memory, Previous
from pipelines.values import ChangeClass

# A sentence's worth of words: more of them added, and next to none taken away, is news and no repair.
_EXPANSION_WORDS: Final = 20
_EXPANSION_RATIO: Final = 5
# Changed lines longer than this in all are compared by how often each word stands in them; the matcher is quadratic.
_MATCHED_WORDS: Final = 1_500
# Of the words of two texts, what they must share to be one article at two addresses.
_SAME_TEXT: Final = 0.6
# A notice is short. Phrases as publishers write them, at the beginning of a headline, or in a notice's first lines.
_NOTICE_WORDS: Final = 150
_RETRACTED_HEADLINE: Final = re.compile(
    r"^\W*(?:retract(?:ed|ion)|withdrawn|withdrawal|zurückgezogen|rücknahme|rétract(?:é|ation)|retirad[oa]|retractaci[oó]n|"
    r"ritirat[oa]|ritrattazione|retratação|retratado|ingetrokken|rectificatie en intrekking|tilbagetrukket|tillbakadragen|wycofan[ey]|"
    r"отозван\w*|опровержение|geri çekildi|撤回|撤稿|철회)(?!\w)",
    re.I,
)
_RETRACTED_TEXT: Final = re.compile(
    r"(?:this|the|an?) (?:article|story|report|post|piece|column)[^.]{0,60}? (?:has been|was|is) "
    r"(?:retracted|withdrawn|removed|taken down|unpublished|deleted)"
    r"|we (?:have )?(?:retracted|withdrawn|removed|taken down|unpublished) (?:this|the|an?) (?:article|story|report|post|piece|column)"
    r"|diese[rn]? (?:artikel|beitrag|text|bericht)[^.]{0,60}? (?:zurückgezogen|entfernt|gelöscht|depubliziert)"
    r"|cet article a été (?:retiré|supprimé|dépublié)|(?:este|el) artículo (?:ha sido|fue) (?:retirado|eliminado)"
    r"|(?:questo|l') ?articolo è stato (?:ritirato|rimosso)|este artigo foi (?:retirado|removido)"
    r"|dit artikel is (?:ingetrokken|verwijderd)|эта статья (?:была )?(?:отозвана|удалена)"
    r"|この記事は(?:取り消|撤回|削除)|本文已(?:被)?(?:撤回|删除|撤稿)|이 기사는 (?:철회|삭제)",
    re.I,
)


def next_version(content_hash: str, page_hash: str | None, memory: Memory) -> int | None:
    """The number of this version: 1 for an article not seen before, the next where its content changed, None where it did not.

    A page that gave the same before is unchanged, although more is known of its publisher's boilerplate since.
    """
    same_page = page_hash is not None and page_hash == memory.page_hash
    if memory.version and (same_page or content_hash == memory.content_hash):
        return None
    return memory.version + 1


def change_class(draft: Draft, memory: Memory) -> ChangeClass | None:
    """What kind of change the draft is; null where the earlier text is not remembered any more.

    retraction: a notice stands where the article stood. expansion: text was added and next to nothing taken away. retitle: only
    the headline differs. cosmetic: case, punctuation, spelling, or when it was modified. correction: all else, the date of
    publication too.
    """
    if not memory.version:
        return ChangeClass.FIRST
    old = memory.previous
    if old is None:
        return None
    if is_retraction(draft, old):
        return ChangeClass.RETRACTION
    body = _body_class(_lines(old.description, old.body), _lines(draft.description, draft.articleBody))
    if body not in (None, ChangeClass.COSMETIC):
        return body
    if old.published != draft.datePublished:
        return ChangeClass.CORRECTION
    if _words(old.headline or "") != _words(draft.headline or ""):
        return ChangeClass.RETITLE
    return ChangeClass.COSMETIC


def is_retraction(draft: Draft, old: Previous) -> bool:
    """Whether a page that held an article holds a notice now that it is withdrawn."""
    if len(draft.articleBody.split()) > _NOTICE_WORDS or _RETRACTED_TEXT.search(old.body):
        return False
    first = " ".join(filter(None, (draft.headline, draft.description, *(block.text for block in draft.blocks[:2]))))
    return bool(_RETRACTED_HEADLINE.match(draft.headline or "") or _RETRACTED_TEXT.search(first))


def is_same_article(draft: Draft, old: Previous) -> bool:
    """Whether a page at another address holds the article that is remembered: most of the words of the one are the other's."""
    ours, theirs = (Counter(_words(text)) for text in (draft.articleBody, old.body))
    smaller = min(ours.total(), theirs.total())
    return bool(smaller) and (ours & theirs).total() >= _SAME_TEXT * max(ours.total(), theirs.total())


def _body_class(old: list[str], new: list[str]) -> ChangeClass | None:
    """The class of a change of lines; None where their words are the same."""
    gone, came = Counter(old) - Counter(new), Counter(new) - Counter(old)
    before, after = (
        _words(" ".join(line for line in lines if line in changed)) for lines, changed in ((old, gone), (new, came))
    )
    if before == after:
        return None
    if max(len(before), len(after)) > _MATCHED_WORDS:
        lost, won = Counter(before) - Counter(after), Counter(after) - Counter(before)
        return _by_amount(lost.total(), won.total())
    pairs = _replaced(before, after)
    if all(_is_spelling(was, now) for was, now in pairs):
        return ChangeClass.COSMETIC
    return _by_amount(sum(len(was) for was, _ in pairs), sum(len(now) for _, now in pairs))


def _by_amount(lost: int, won: int) -> ChangeClass:
    grown = won >= _EXPANSION_WORDS and won >= _EXPANSION_RATIO * lost
    return ChangeClass.EXPANSION if grown else ChangeClass.CORRECTION


def _replaced(before: list[str], after: list[str]) -> list[tuple[list[str], list[str]]]:
    """The runs of words that differ, each with what stands there now."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [(before[a:b], after[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def _is_spelling(was: list[str], now: list[str]) -> bool:
    """Whether a replacement is one of spelling: another word break, letters swapped, doubled or without their accents.

    Likeness does not tell it: `recieve` is as near to `receive` as `million` to `billion`.
    """
    if "".join(was) == "".join(now):
        return True
    return len(was) == len(now) and all(_letters(a) == _letters(b) for a, b in zip(was, now, strict=True))


def _letters(word: str) -> list[str]:
    """A word's letters in a fixed order, doubled ones once; digits stay as they are."""
    plain = [letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter)]
    return list(word) if any(map(str.isdigit, plain)) else sorted(letter for letter, _ in groupby(plain))


def _lines(*texts: str | None) -> list[str]:
    return [line for text in texts if text for line in text.split("\n")]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
