"""Explain: the crawl's own reading of a page as an Explanation. It composes `extract` and decides nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipelines.choices import choices
from pipelines.evidence import Drop, Passage, Reading
from pipelines.explanation import Account, Cut, Explanation, Fate, rejected
from pipelines.extract import read
from pipelines.items import Page, Rejected
from pipelines.normalizers import text
from pipelines.publishers import Publisher
from pipelines.store.protocol import ARTICLE

# A passage of which bringing its text into one form leaves nothing: invisible and control characters alone.
EMPTY = "text.empty"


def explain(page: Page, publisher: Publisher) -> Explanation:
    """What became of the page's text and where its fields came from; a page that gives no article says so with its reason."""
    reading = read(page, publisher)
    outcome, passages = reading.outcome, list(_fates(reading))
    if isinstance(outcome, Rejected):
        told = rejected(page.url, publisher.id, outcome)
        account = _account(passages, [fate.kept or "" for fate in passages])
        return replace(told, recipe=reading.recipe or None, account=account, passages=passages)
    return Explanation(
        url=page.url,
        publisher=publisher.id,
        outcome=ARTICLE,
        headline=outcome.headline,
        recipe=reading.recipe,
        flags=outcome.flags,
        account=_account(passages, [block.text for block in outcome.blocks]),
        passages=passages,
        fields=choices(outcome, reading, page, publisher),
    )


def _fates(reading: Reading) -> Iterator[Fate]:
    """Each of the extractor's passages, in page order."""
    kept = dict(zip(reading.cleaned.places, reading.cleaned.kept, strict=True))
    dropped: dict[int, list[Drop]] = {}
    for drop in reading.cleaned.dropped:
        dropped.setdefault(drop.passage, []).append(drop)
    place = 0
    for passage in reading.passages:
        if text.block(passage.text):
            yield _fate(passage, kept.get(place), dropped.get(place, []))
            place += 1
        else:
            yield Fate(passage.type, passage.level, passage.text, None, [Cut(EMPTY, "")], _chars(passage.text))


def _fate(given: Passage, kept: Passage | None, drops: list[Drop]) -> Fate:
    cuts = [Cut(drop.rule, drop.text, drop.became) for drop in drops]
    where = drops[0].where if drops else None
    changed = _chars(given.text) - _chars(text.block(given.text))
    return Fate(given.type, given.level, given.text, kept.text if kept else None, cuts, changed, where)


def _account(passages: list[Fate], article: list[str]) -> Account:
    """The sums over a page; what is kept is counted in the article itself."""
    given = sum(_chars(fate.given) for fate in passages)
    kept = sum(map(_chars, article))
    dropped = sum(_chars(cut.text) for fate in passages for cut in fate.cuts)
    changed = sum(fate.changed for fate in passages)
    return Account(given, kept, dropped, changed, given - kept - dropped - changed)


def _chars(words: str) -> int:
    return sum(map(len, words.split()))
