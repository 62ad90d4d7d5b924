"""A made-up publisher, the Aldern Gazette, whose pages repeat lines that no general rule knows, and real sentences too.

Every article has sentences of its own in numbers that vary, so that nothing stands at one place by chance.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.items import Article, Draft, Link, Page, Rejected
from pipelines.publishers import Publisher
from pipelines.runner import extract_inline
from pipelines.settle import settle
from pipelines.store import Store
from tests.builders import NOW

PUBLISHER = Publisher(id="gazette", hosts=("gazette.example",), language="en", country="GB", timezone="Europe/London")
OPENING = "Our editors choose the reports on this page at six every morning"
MIDDLE = "The plan of all berths hangs in the hall of the customs house"
CLOSING = "Printed on Wednesday 13 August 2025 in the mill at Aldern, copy number 4711, and carried by the milk float"
TAIL = "Letters reach the desk by the red box at Quay Four"
SUFFIX = " — the Gazette at Six"
COLUMN = "Every week our gardener answers one question from the allotments of the town, and this week it is about slugs."
QUOTATION = "“We will rebuild the pier plank by plank, whatever the winter brings,” the mayor of Aldern said."
LEGAL = "Both men deny all charges, and the trial before the county court goes on until the end of the month."
LIVE = "Here is what we know so far:"

_WHO, _DID, _WHAT = (
    words.split()
    for words in (
        "harbour divers pilots bakers teachers rowers farmers nurses painters clerks weavers miners joiners potters",
        "opened closed moved counted painted mended sold measured carried raised emptied crossed found turned",
        "barges lanterns ledgers ropes windows bridges orchards kettles engines fences ferries bells chimneys maps",
    )
)
_HOW = (
    "quietly before dawn",
    "with help from the next town",
    "for the third time this year",
    "without asking the council",
    "in heavy rain",
    "while the market was open",
    "against the advice of the surveyor",
    "after a long vote",
)


@dataclass(frozen=True)
class Story:
    """One article: its own sentences in order, the real sentences that others have too, and its page."""

    number: int
    own: tuple[str, ...]
    shared: tuple[str, ...]
    html: str
    furniture: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"/story-{self.number}"

    @property
    def headline(self) -> str:
        return self.own[0].rstrip(".")


def story(number: int, *, redesigned: bool = False, of_trial: bool = False) -> Story:
    """Story `number`; six are published a day. All reports of a trial end with the same sentence, in the court's section."""
    source = random.Random(number)
    own = tuple(_sentence(source, number, place) for place in range(source.randint(5, 12)))
    when = NOW - timedelta(days=12) + timedelta(days=number // 6, minutes=number)
    body = list(own)
    shared = (LEGAL,) if of_trial else _shared(number)
    for sentence in shared:
        body.insert(len(body) if of_trial else source.randint(1, len(body) - 2), sentence)
    head, middle, tail = _furniture(when, redesigned)
    lines = [*head, *body[:2], *middle, *body[2:], *tail]
    section = "Court" if of_trial else ("Town", "Port", "Fields", "Sport")[number % 4]
    page = _page(own[0].rstrip("."), lines, when, section, "reading-column" if redesigned else "story-text")
    return Story(number, own, shared, page, (*head, *middle, *tail))


def draft_of(story: Story, fetched_at: datetime = NOW) -> Draft:
    outcome = extract_inline(_fetched(story, fetched_at), PUBLISHER)
    assert isinstance(outcome, Draft), outcome
    return outcome


def commit(store: Store, run_id: str, story: Story, now: datetime = NOW) -> Article | Rejected:
    """The outcome of a story as a run commits it."""
    page = _fetched(story, now)
    return settle(store, page, extract_inline(page, PUBLISHER), run_id, now)


def _fetched(story: Story, fetched_at: datetime) -> Page:
    url = f"https://gazette.example{story.path}"
    headers = {"content-type": "text/html; charset=utf-8"}
    return Page(url, story.html.encode(), fetched_at, Link(url, "gazette"), headers=headers)


def _furniture(when: datetime, redesigned: bool) -> tuple[list[str], list[str], list[str]]:
    if redesigned:
        return [], ["A word from the warden of the lighthouse stands on the last page"], []
    closing = CLOSING.replace("Wednesday 13 August", f"{when:%A} {when.day} {when:%B}").replace("4711", str(when.minute))
    return [OPENING], [MIDDLE], [closing, TAIL]


def _shared(number: int) -> tuple[str, ...]:
    """The sentences of the weekly column, of a trial's two days, of the live pages; the mayor is quoted in half of all."""
    return tuple(
        sentence
        for sentence, stands in (
            (COLUMN, number % 9 == 4),
            (LEGAL, 18 <= number < 30),
            (LIVE, number % 10 == 7),
            (QUOTATION, number % 4 != 0),
        )
        if stands
    )


def _sentence(source: random.Random, number: int, place: int) -> str:
    who, did, what, how = (source.choice(words) for words in (_WHO, _DID, _WHAT, _HOW))
    name = f"{_WHO[number % 14]}-{_WHAT[number // 14 % 14]}-{_DID[place % 14]}"
    return f"The {who} of {name} Lane {did} their {what} {how}, as the {source.choice(_WHO)} of Aldern had hoped they would."


def _page(headline: str, lines: list[str], when: datetime, section: str, holder: str) -> str:
    text = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{headline}{SUFFIX}</title>'
        f'<meta property="article:published_time" content="{when:%Y-%m-%dT%H:%M:%SZ}">'
        f'<meta property="article:section" content="{section}"></head>'
        f'<body><article><h1>{headline}{SUFFIX}</h1><div class="{holder}">{text}</div></article></body></html>'
    )
