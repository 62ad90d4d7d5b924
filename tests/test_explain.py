"""Explanations: the crawl's own reading, in which every character of the extractor's text is accounted for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.explain import explain
from pipelines.explanation import Choice, Explanation, Fate
from pipelines.extract import read
from pipelines.extraction.body import baseline
from pipelines.items import Draft, Page, Reason
from pipelines.normalizers import text
from pipelines.publishers import Body, Publisher
from pipelines.runner import Runner
from tests.newsroom_pages import EXPECTED, REJECTED, page_at, publisher
from tests.pages import HEADLINE, PARAGRAPHS, UNKNOWN, bounded, draft_of, html, make_page

OWNERS = {url: publisher(row["publisher"]) for url, row in EXPECTED.items()}
NEWSROOM = [(page_at(url), OWNERS.get(url, UNKNOWN)) for url in [*EXPECTED, *REJECTED]]
# Lines that rules drop, cut, or read data from, and texts that bringing them into one form changes.
LINES = (
    "Home / World / Ports", "By Ada Berg", "Advertisement", "Read also:", "© 2025 The Stour News. All rights reserved.",
    "Topics: Harbour, Storm", "Updated: 13 August 2025 10:15", "Photo: Ilse Brandt / Reuters", "\u200b\u200b", "Gro\u00adße Fa\u0308hre",
    "Sign up for our newsletter", *PARAGRAPHS, "The ferry sails at noon. | BGNES", "3 Comments", "\u202eבוקר טוב\u202c, harbour",
)  # fmt: skip


def kept(found: Explanation) -> list[str]:
    return [fate.kept for fate in found.passages if fate.kept is not None]


def fate_of(found: Explanation, start: str) -> Fate:
    (fate,) = [fate for fate in found.passages if fate.given.startswith(start)]
    return fate


def field(found: Explanation, name: str) -> Choice:
    (choice,) = [choice for choice in found.fields if choice.field == name]
    return choice


def letters(words: str) -> str:
    return "".join(words.split())


def assert_accounted(found: Explanation) -> None:
    """Each passage's text is what was kept of it and what was cut, and the sums of the page agree with the article's text."""
    for fate in found.passages:
        pieces = letters((fate.kept or "") + "".join(cut.text for cut in fate.cuts))
        assert sorted(pieces) == sorted(letters(text.block(fate.given))), fate
        assert fate.cuts or fate.kept, fate
    account = found.account
    assert account.given == sum(len(letters(fate.given)) for fate in found.passages)
    assert account.changed == sum(fate.changed for fate in found.passages)
    assert account.given == account.kept + account.dropped + account.changed
    assert account.lost == 0


@pytest.mark.parametrize(("page", "owner"), NEWSROOM, ids=[page.url for page, _ in NEWSROOM])
def test_every_character_of_a_newsroom_page_is_accounted_for(page: Page, owner: Publisher) -> None:
    assert_accounted(explain(page, owner))


@bounded
@given(st.lists(st.sampled_from(LINES), max_size=8), st.lists(st.sampled_from(LINES), max_size=8))
def test_every_character_of_any_page_is_accounted_for(above: list[str], below: list[str]) -> None:
    column, tail = ("".join(f"<p>{line}</p>" for line in lines) for lines in (above, below))
    assert_accounted(explain(make_page(html(column, paragraphs=(*PARAGRAPHS, tail))), UNKNOWN))


@pytest.mark.parametrize(("page", "owner"), NEWSROOM, ids=[page.url for page, _ in NEWSROOM])
def test_the_passages_are_all_of_trafilaturas_text(page: Page, owner: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []
    extracted = baseline._extracted

    def noted(work: Any, **options: Any) -> Any:
        given.append(extracted(work, **options))
        return given[-1]

    monkeypatch.setattr(baseline, "_extracted", noted)
    reading = read(page, owner)
    if reading.recipe.startswith("trafilatura"):
        # Between a table's cells stands the contract's mark.
        passages = letters("".join(passage.text for passage in reading.passages)).replace("|", "")
        assert passages in [letters("".join(each.itertext())).replace("|", "") for each in given]


@pytest.mark.parametrize(("page", "owner"), NEWSROOM, ids=[page.url for page, _ in NEWSROOM])
def test_data_that_cleaning_read_has_the_line_it_came_from(page: Page, owner: Publisher) -> None:
    cleaned = read(page, owner).cleaned
    for drop in cleaned.dropped:
        for datum in drop.became:
            assert letters(datum.text.strip("* ")) in letters(drop.text), drop
    told = [datum.text for drop in cleaned.dropped for datum in drop.became]
    noted = (
        [clue.raw for clue in cleaned.dates] + cleaned.keywords + cleaned.authors + [item.headline for item in cleaned.related]
    )
    assert set(noted) <= set(told)


@pytest.mark.parametrize(("page", "owner"), NEWSROOM[:8], ids=[page.url for page, _ in NEWSROOM[:8]])
def test_an_explanation_is_of_the_crawls_own_draft(page: Page, owner: Publisher) -> None:
    draft, found = draft_of(page, owner), explain(page, owner)
    assert kept(found) == [block.text for block in draft.blocks]
    assert field(found, "headline").chosen == [draft.headline]
    assert [each.chosen for each in field(found, "datePublished").candidates] == [
        each.chosen for each in draft.dateEvidence if each.field == "datePublished"
    ]


def test_a_dropped_line_says_its_rule_and_what_it_became() -> None:
    column = "<p>By Ada Berg</p><p>Updated: 13 August 2025 10:15</p>"
    found = explain(make_page(html(column, beside="<p>Topics: Harbour, Storm</p>")), UNKNOWN)
    (byline,) = fate_of(found, "By Ada").cuts
    assert (byline.rule, [(datum.field, datum.text) for datum in byline.became]) == (
        "general.byline",
        [("authors", "Ada Berg")],
    )
    (dated,) = fate_of(found, "Updated").cuts
    assert [datum.field for datum in dated.became] == ["dateEvidence"]
    assert fate_of(found, "By Ada").where == "head"


def test_a_long_dropped_text_is_told_whole() -> None:
    prompt = "Our readers pay for this newspaper. " + "Without them no reporter would have gone to the harbour. " * 4
    owner = Publisher(id="news", hosts=("news.example",), body=Body(drop=("^Our readers pay",)))
    (cut,) = fate_of(explain(make_page(html(f"<p>{prompt}</p>")), owner), "Our readers").cuts
    assert (cut.rule, cut.text) == ("publisher.drop", prompt.strip())
    assert len(cut.text) > 200


def test_a_piece_that_was_cut_stands_beside_what_was_kept() -> None:
    last = f"{PARAGRAPHS[2]} | BGNES"
    fate = fate_of(explain(make_page(html(paragraphs=(*PARAGRAPHS[:2], last))), UNKNOWN), PARAGRAPHS[2])
    assert (fate.kept, [(cut.rule, cut.text) for cut in fate.cuts]) == (PARAGRAPHS[2], [("general.sign_off", " | BGNES")])


def test_a_field_has_its_candidates_with_their_places_in_order_of_trust() -> None:
    head = '<meta property="og:title" content="Stour harbour opens again"><meta name="author" content="Ada Berg">'
    headline = field(explain(make_page(html(head=head)), UNKNOWN), "headline")
    assert [(each.value, each.chosen) for each in headline.candidates[:2]] == [
        (HEADLINE, True),
        ("Stour harbour opens again", False),
    ]
    assert headline.candidates[0].where[0] == "the heading shown"
    assert headline.candidates[1].where == ["meta og:title"]


def test_a_rejected_page_says_why_and_shows_its_text() -> None:
    found = explain(make_page("<html><body><article><p>Nothing here but this.</p></article></body></html>"), UNKNOWN)
    assert (found.outcome, found.reason, found.fields) == ("rejected", Reason.TOO_SHORT, [])
    assert kept(found) == ["Nothing here but this."]
    empty = explain(make_page(""), UNKNOWN)
    assert (empty.reason, empty.passages) == (Reason.EMPTY, [])


def test_a_worker_gives_the_explanation_that_this_process_gives() -> None:
    page = make_page(html())
    runner = Runner(1)
    try:
        ((key, found),) = runner.explain([("page", page, UNKNOWN)])
    finally:
        runner.close()
    assert (key, found) == ("page", explain(page, UNKNOWN))


def test_extraction_gives_what_its_reading_holds() -> None:
    page = make_page(html())
    outcome = read(page, UNKNOWN).outcome
    assert isinstance(outcome, Draft) and outcome == draft_of(page)


def test_an_article_of_which_there_is_only_a_summary_is_explained_too() -> None:
    summary = "A boat race seen from above, with the crews of nine harbours and a crowd on the quay that nobody had counted."
    node = {"@type": "NewsArticle", "headline": HEADLINE, "datePublished": "2025-08-13T10:00:00Z", "description": summary}
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    found = explain(make_page(f"<html><head>{script}</head><body><div class='player'></div></body></html>"), UNKNOWN)
    assert (found.recipe, kept(found)) == ("summary", [summary])
    assert_accounted(found)
