"""The block model: what it is asked about, what it drops, that it can be switched off, and that its data fit its features."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import train_blocks
from benchmarks.truths import Truth
from pipelines.evidence import Anchor, Metadata, Passage
from pipelines.extraction.clean import clean, model
from pipelines.extraction.clean.desk import Desk
from pipelines.extraction.clean.features import NAMES, Sheet
from pipelines.publishers import Body
from pipelines.values import BlockType
from tests.pages import PARAGRAPHS, UNKNOWN, draft_of, html

COLUMN, APART = ("p", "div text", "article"), ("li", "ul", "aside strip")
TEXT = [Passage(BlockType.PARAGRAPH, paragraph, around=COLUMN) for paragraph in PARAGRAPHS]
LONGER = (
    *PARAGRAPHS,
    "Freight had piled up on both quays, and the mills of the valley had sent their people home for four days.",
    "The insurers of the barges will not say who pays; a hearing is set for the first week of September in Stour.",
)
WRITTEN = json.loads(Path(model.__file__).with_name("model.json").read_text(encoding="utf-8"))
# Trees that are sure of one answer, whatever the passage.
NOTHING_STAYS, ALL_STAYS = model.Model((-9.0,)), model.Model((9.0,))


def teaser(number: int) -> Passage:
    """An item of a list beside the text: words, then a link to another article that has less of it than lists of links have."""
    link = "the story so far, in pictures"
    text = f"{number} Ferries, storms and freight on the coast: {link}"
    return Passage(BlockType.LIST_ITEM, text, anchors=(Anchor(link, f"/{number}"),), around=APART)


def desk_of(*passages: Passage) -> Desk:
    return Desk([*TEXT, *passages], Metadata())


def dropped(desk: Desk, given: model.Model) -> list[int]:
    model.boilerplate(desk, given)
    return [index for index, verdict in enumerate(desk.verdicts) if verdict == model.RULE]


def test_the_data_are_trees_over_the_features_of_today() -> None:
    assert WRITTEN["features"] == list(NAMES)
    sheet = Sheet(desk_of(teaser(1)))
    assert {len(sheet.row(index)) for index in range(4)} == {len(NAMES)}


def test_a_list_of_other_articles_below_the_text_goes_and_the_record_names_the_model() -> None:
    found = clean([*TEXT, teaser(1), teaser(2), teaser(3)], Metadata(), UNKNOWN)
    assert found.kept == TEXT
    assert [(drop.rule, drop.where, drop.passage) for drop in found.dropped] == [
        ("model.boilerplate", "tail", index) for index in (3, 4, 5)
    ]


def test_a_publishers_file_switches_it_off() -> None:
    without = UNKNOWN.model_copy(update={"body": Body(model=False)})
    found = clean([*TEXT, teaser(1), teaser(2), teaser(3)], Metadata(), without)
    assert (len(found.kept), found.dropped) == (6, [])


def page_with(listed: list[str]) -> str:
    """A page whose text has a list behind its third paragraph of five."""
    items = "".join(f"<li>{item}</li>" for item in listed)
    return html(paragraphs=LONGER).replace(f"<p>{LONGER[3]}", f"<ul class='strip'>{items}</ul><p>{LONGER[3]}")


def test_an_article_tells_what_the_model_took_from_it() -> None:
    page = page_with(
        [f"Ferries, storms and freight on the coast: <a href='/{n}'>the story so far, in pictures</a>" for n in range(4)]
    )
    on, off = (draft_of(page, UNKNOWN.model_copy(update={"body": Body(model=asked)})) for asked in (True, False))
    assert on.articleBody == "\n".join(LONGER)
    assert off.articleBody.count("Ferries, storms and freight") == 4
    assert [removed.rule for removed in on.extraction.removed if removed.text.startswith("Ferries")] == [
        "model.boilerplate"
    ] * 4
    assert on.extraction.configHash != off.extraction.configHash


@pytest.mark.parametrize(
    "listed",
    [
        ["Four barges sank on 12 August.", "Nine days without a ship.", "The first ferry sails at noon."],
        ["200 g of flour", "two spoons of honey", "a pinch of salt", "six eggs"],
        [
            "The <a href='/a'>port authority</a> wants a new wall by 2027, and the county would pay half of it.",
            "The <a href='/b'>ferry line</a> asks for a second pier.",
            "Fishermen want <a href='/c'>compensation</a> for nine days.",
        ],
    ],
    ids=["facts", "ingredients", "sentences with links"],
)
def test_a_texts_own_list_stays(listed: list[str]) -> None:
    assert len(draft_of(page_with(listed)).blocks) == len(LONGER) + len(listed)


def test_what_stands_in_the_column_is_not_judged_however_short() -> None:
    note = Passage(BlockType.PARAGRAPH, "Version tested: 2", around=COLUMN)
    assert dropped(desk_of(note, teaser(1)), NOTHING_STAYS) == [4]


@pytest.mark.parametrize("kind", [BlockType.QUOTE, BlockType.TABLE, BlockType.CODE, BlockType.LIVE_UPDATE])
def test_quotes_tables_code_and_live_updates_are_not_judged(kind: BlockType) -> None:
    assert dropped(desk_of(replace(teaser(1), type=kind)), NOTHING_STAYS) == []


def test_boxes_that_are_told_apart_by_a_number_are_one_column() -> None:
    numbered = [replace(passage, around=("p", f"div part part-{n}", "article")) for n, passage in enumerate(TEXT)]
    assert dropped(Desk([*numbered, teaser(1)], Metadata()), NOTHING_STAYS) == [3]


def test_no_prose_goes_where_the_model_would_take_much_of_it() -> None:
    beside = [
        Passage(BlockType.PARAGRAPH, text, around=("p", f"div {name}")) for name, text in zip("ab", LONGER[3:], strict=True)
    ]
    assert dropped(desk_of(*beside, teaser(1)), NOTHING_STAYS) == [5]
    assert dropped(desk_of(Passage(BlockType.PARAGRAPH, "Share this", around=("p", "div a"))), NOTHING_STAYS) == [3]


def test_a_rules_verdict_stays_the_rules() -> None:
    desk = desk_of(teaser(1), teaser(2))
    desk.drop(3, "general.related")
    assert (dropped(desk, NOTHING_STAYS), desk.verdicts[3]) == ([4], "general.related")


def test_a_lead_is_not_judged() -> None:
    desk = desk_of(teaser(1))
    desk.lead = 3
    assert dropped(desk, NOTHING_STAYS) == []


def test_a_page_whose_passages_stand_nowhere_is_not_judged() -> None:
    bare = [replace(passage, around=()) for passage in [*TEXT, teaser(1)]]
    assert dropped(Desk(bare, Metadata()), NOTHING_STAYS) == []


def test_a_page_of_too_many_passages_is_not_judged() -> None:
    assert dropped(desk_of(*[teaser(1)] * model.MAX_PASSAGES), NOTHING_STAYS) == []


def test_a_list_goes_or_stays_as_a_whole() -> None:
    # One tree: who repeats is boilerplate. Two of three items of the list do.
    is_repeated = NAMES.index("repeats")
    given = model.Model(((is_repeated, 0.5, 2.0, -4.0),))
    assert dropped(desk_of(teaser(1), teaser(2), teaser(1)), given) == [3, 4, 5]
    assert dropped(desk_of(teaser(1), teaser(2), teaser(3)), given) == []


def test_trees_add_up_to_log_odds() -> None:
    given = model.Model(((0, 1.0, -1.0, (1, 5.0, 0.5, 2.0)), 0.5))
    assert given.probability([1.0, 0.0]) == pytest.approx(1 / (1 + 2.718281828**0.5))
    assert given.probability([2.0, 5.0]) == pytest.approx(1 / (1 + 2.718281828**-1.0))
    assert given.probability([2.0, 6.0]) == pytest.approx(1 / (1 + 2.718281828**-2.5))
    assert ALL_STAYS.probability([]) > 0.99


# The training script, as far as it goes without LightGBM


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://www.example.co.uk/a.html", "example.co.uk"),
        ("http://news.example.com:8080/2024/x.y", "example.com"),
        ("https://web.archive.example/web/2019/http://blog.example.de/a", "example.de"),
        ("hard::example.org-a-page.html", "example.org"),
    ],
)
def test_pages_of_one_registered_domain_are_one_publishers(url: str, publisher: str) -> None:
    assert train_blocks.publisher_of(url) == publisher


def paragraph(text: str, kind: BlockType = BlockType.PARAGRAPH) -> Passage:
    return Passage(kind, text)


def test_a_passages_truth_is_the_share_of_its_runs_of_words_in_the_body() -> None:
    label = train_blocks.labeller(Truth(Path("page"), "", body="\n".join(PARAGRAPHS)))
    assert label(paragraph(PARAGRAPHS[0])) is True
    assert label(paragraph("Sign up for the letter that our editors send each morning")) is False
    assert (
        label(
            paragraph(f"{PARAGRAPHS[0]} Sign up for the letter that our editors send to all their readers each morning at six")
        )
        is None
    )
    assert label(paragraph("On Wednesday")) is True
    assert label(paragraph("Read more")) is False
    assert label(paragraph("…")) is None


def test_where_a_parser_made_the_truth_its_choice_of_elements_teaches_nothing() -> None:
    truth = Truth(Path("page"), "", body="\n".join(PARAGRAPHS), with_standfirst=True)
    label = train_blocks.labeller(truth)
    words = "Flour, salt and a spoon of honey from the hills"
    assert (label(paragraph(words, BlockType.LIST_ITEM)), label(paragraph(words))) == (None, False)
    assert label(teaser(1)) is False


def test_of_segments_only_those_named_are_known() -> None:
    label = train_blocks.labeller(Truth(Path("page"), "", must=("no ship could",), must_not=("Sign up",)))
    assert [label(paragraph(text)) for text in (PARAGRAPHS[0], "Sign up now", PARAGRAPHS[1])] == [True, False, None]


def test_a_model_is_written_as_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = model.Model(((0, 1.5, -1.0, (1, 5.0, 0.5, 2.0)), 0.5))
    train_blocks.write(given, tmp_path / "model.json")
    monkeypatch.setattr(model.resources, "files", lambda package: tmp_path)
    assert model.shipped.__wrapped__() == given
