"""What is learnt of a publisher's repetitions: traces, the evidence that makes them furniture, and a text without it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipelines.habits import ALL, Habit, Habits, Part, Trace, Traces
from pipelines.history.boilerplate import (
    Wording,
    after,
    as_known_now,
    layout_of,
    merged,
    share_of,
    standing_of,
    strip,
    traces_of,
)
from pipelines.history.boilerplate.standing import Lack
from pipelines.items import Previous
from pipelines.normalizers.months import date_words
from pipelines.values import Block, BlockType, Removed

TODAY = "2025-08-13"
DAYS = ("2025-08-11", "2025-08-12", "2025-08-13")
SECTIONS = ("town", "port", "fields")
OWN = tuple(f"The {count} barge was raised by divers from the bed of the river." for count in ("first", "second", "third"))
OPENING, CLOSING = "From our desk at the port", "Call the desk at the port at any hour"


def paragraphs(*texts: str, kind: BlockType = BlockType.PARAGRAPH) -> list[Block]:
    return [Block(kind, text) for text in texts]


def traces(blocks: Sequence[Block], headline: str | None = None, layout: str = "page") -> Traces:
    return traces_of(blocks, headline, layout=layout, section="Town", date_words=date_words())


def key(text: str, part: Part = Part.BLOCK) -> int:
    """The key of a block of this text."""
    found = traces(paragraphs(text)).each[0]
    assert found.part is part
    return found.key


def learnt(blocks: Sequence[Block], headline: str | None = None, *, articles: int = 12) -> Habits:
    """What is known after so many articles that all showed these blocks and this headline's phrases, in this order."""
    shown = traces(blocks, headline)
    return Habits({ALL: articles}, {(ALL, trace.key): seen(trace, articles, shown.blocks) for trace in shown.each})


def seen(trace: Trace, articles: int, blocks: int = 1, layout: str = ALL) -> Habit:
    habit = Habit(trace.key, trace.part, layout, trace.text)
    for number in range(1, articles + 1):
        at = {"day": DAYS[number % 3], "context": SECTIONS[number % 3], "seen": TODAY}
        habit = after(habit, number, **at, from_start=max(trace.block, 0), from_end=max(blocks - 1 - trace.block, 0))
    return habit


def stripped(blocks: Sequence[Block], habits: Habits, headline: str | None = None) -> Wording:
    return strip(Wording(headline, None, list(blocks), traces(blocks, headline)), habits, TODAY)


def texts(wording: Wording) -> list[str]:
    return [block.text for block in wording.blocks]


# Traces


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3 comments", "14 COMMENTS"),
        ("Printed on Wednesday 13 August 2025", "printed on Friday, 1 May 2026"),
        ("Опубліковано 13 серпня 2025", "Опубліковано 2 травня 2026"),
        ("Share — this · page", "share this page"),
        ("Read in 4 min.", "Read in 11 min"),
    ],
)
def test_numbers_dates_case_and_marks_are_folded(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), [("May they sail", "June they sail"), ("* * *", "• • •"), ("Ports", "Port")])
def test_words_and_rows_of_stars_are_not(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_every_block_has_a_trace_at_its_place_cut_at_200_characters() -> None:
    found = traces(paragraphs("Go", "x" * 500, *OWN))
    blocks = [trace for trace in found.each if trace.part is Part.BLOCK]
    assert [trace.block for trace in blocks] == [0, 1, 2, 3, 4] == list(range(found.blocks))
    assert (blocks[0].text, len(blocks[1].text)) == ("Go", 200)


@pytest.mark.parametrize(
    ("headline", "phrases"),
    [
        ("Exclusive | Harbour of Stour reopens", {(Part.TITLE_PREFIX, "Exclusive | ")}),
        ("Live: Harbour of Stour reopens", {(Part.TITLE_PREFIX, "Live: ")}),
        ("Harbour of Stour reopens - Reuters", {(Part.TITLE_SUFFIX, " - Reuters")}),
        ("Harbour of Stour reopens | Site", {(Part.TITLE_SUFFIX, " | Site")}),
        ("Harbour reopens", set()),
        ("Exclusive | Ha", set()),
    ],
)
def test_a_headlines_ends_leave_traces(headline: str, phrases: set[tuple[Part, str]]) -> None:
    assert {(trace.part, trace.text) for trace in traces([], headline).each if trace.block < 0} >= phrases


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("(Agency) -- " + OWN[0], (Part.LEAD, "(Agency) -- ")),
        ("STOUR, Aug 13 (XYZ) - " + OWN[0], (Part.LEAD, "STOUR, Aug 13 (XYZ) - ")),
        ("Our correspondent — " + OWN[0], (Part.LEAD, "Our correspondent — ")),
        (OWN[0] + " | STOURPRESS", (Part.SIGN_OFF, " | STOURPRESS")),
        (OWN[0] + " (Stourpress)", (Part.SIGN_OFF, " (Stourpress)")),
        (OWN[0] + " Stourpress news desk", (Part.SIGN_OFF, " Stourpress news desk")),
    ],
)
def test_a_paragraphs_ends_leave_traces(text: str, phrase: tuple[Part, str]) -> None:
    assert phrase in [(trace.part, trace.text) for trace in traces(paragraphs(text)).each]


def test_a_layout_is_the_markup_of_most_paragraphs_without_what_numbers_the_article() -> None:
    holders = [
        ("p", "div story-text post-4711", "article tag-rivers"),
        ("p", "div story-text post-4712", "article tag-ports"),
        ("p", "aside box", "article"),
    ]
    assert layout_of(holders[:1]) == layout_of(holders[1:2]) == layout_of(holders) != layout_of(holders[2:])
    assert layout_of([()]) == layout_of([]) == ALL


# Evidence


def standing(habit: Habit, articles: int) -> Lack:
    return standing_of(habit, articles, TODAY).lack


def test_twelve_of_twelve_articles_are_enough_and_eleven_are_not() -> None:
    trace = Trace(1, Part.BLOCK, OPENING, 0)
    assert standing(seen(trace, 12), 12) is Lack.NONE
    assert standing(seen(trace, 11), 11) is Lack.ARTICLES


@pytest.mark.parametrize(("articles", "of", "lack"), [(15, 18, Lack.NONE), (12, 20, Lack.SHARE), (40, 100, Lack.SHARE)])
def test_what_counts_is_the_lower_bound_of_the_share(articles: int, of: int, lack: Lack) -> None:
    assert standing(seen(Trace(1, Part.BLOCK, OPENING, 0), articles)._replace(last=of), of) is lack


@pytest.mark.parametrize(
    ("narrow", "articles", "lack"),
    [
        ({"days": DAYS[:1]}, 16, Lack.DAYS),
        ({"days": DAYS[:1]}, 20, Lack.NONE),
        ({"contexts": SECTIONS[:1]}, 16, Lack.CONTEXTS),
        ({"contexts": SECTIONS[:1]}, 20, Lack.NONE),
        ({"contexts": ()}, 12, Lack.NONE),
        ({"days": DAYS[:1], "contexts": SECTIONS[:1]}, 40, Lack.DAYS),
        ({"days": DAYS[:1], "contexts": SECTIONS[:1]}, 44, Lack.NONE),
    ],
)
def test_one_day_or_one_section_may_be_one_story(narrow: dict[str, tuple[str, ...]], articles: int, lack: Lack) -> None:
    habit = seen(Trace(1, Part.BLOCK, OPENING, 0), articles)._replace(**narrow)  # type: ignore[arg-type]
    assert standing(habit, articles) is lack


def test_a_layout_of_its_own_asks_for_more_and_for_three_sections() -> None:
    habit = seen(Trace(1, Part.BLOCK, OPENING, 0), 20, layout="video")
    assert standing(habit, 20) is Lack.NONE
    assert standing(habit._replace(last=24), 24) is Lack.SHARE
    assert standing(habit._replace(contexts=SECTIONS[:2]), 20) is Lack.CONTEXTS
    assert standing(habit._replace(contexts=("by: ada berg", "by: jo", "by: maya")), 20) is Lack.CONTEXTS, "a column's guests"


def test_what_stands_now_here_now_there_has_no_place_until_nearly_all_articles_show_it() -> None:
    def moving(articles: int) -> Habit:
        habit = Habit(1, Part.BLOCK, ALL, OPENING)
        for number in range(1, articles + 1):
            place = number * 7 % 10
            at = {"day": DAYS[number % 3], "context": SECTIONS[number % 3], "seen": TODAY}
            habit = after(habit, number, **at, from_start=place, from_end=10 - place)
        return habit

    assert standing(moving(30), 30) is Lack.PLACE
    assert standing_of(moving(60), 60, TODAY).anywhere


def test_a_habit_fades_with_articles_that_do_not_show_it_and_with_time() -> None:
    habit = seen(Trace(1, Part.BLOCK, OPENING, 0), 200)
    assert share_of(habit, 200) == pytest.approx(1.0)
    assert share_of(habit, 269) == pytest.approx(0.5, abs=0.08)
    assert standing(habit, 300) is Lack.SHARE
    assert standing_of(habit, 200, "2026-01-13").lack is Lack.FORGOTTEN


# Texts


def test_lines_that_a_publishers_articles_share_go_and_are_recorded() -> None:
    blocks = paragraphs(OPENING, *OWN, CLOSING)
    kept = stripped(blocks, learnt(paragraphs(OPENING, "a", "b", "c", CLOSING)))
    assert texts(kept) == list(OWN)
    assert [(drop.rule, drop.text, drop.where) for drop in kept.removed] == [
        ("learned.boilerplate", OPENING, "head"),
        ("learned.boilerplate", CLOSING, "tail"),
    ]
    assert [trace.gone for trace in kept.traces.each if trace.part is Part.BLOCK] == [True, False, False, False, True]


def test_what_was_taken_is_not_looked_at_again() -> None:
    habits = learnt(paragraphs(OPENING, "a", "b", "c", CLOSING))
    kept = stripped(paragraphs(OPENING, *OWN, CLOSING), habits)
    assert strip(kept, habits, TODAY) is kept


def test_a_shared_line_at_another_place_stays() -> None:
    long = [f"{sentence} And {number} more were found." for number in range(4) for sentence in OWN]
    kept = stripped(paragraphs(*long[:6], OPENING, *long[6:]), learnt(paragraphs(OPENING, *"abcdefghijkl")))
    assert OPENING in texts(kept)


@pytest.mark.parametrize(
    "text",
    [
        "“We will rebuild the pier,” the mayor said",
        "The mayor said: “We will.”",
        "The mayor promised that “the pier will be rebuilt plank by plank” in spring",
        "Der Bürgermeister sagte, „wir bauen die Brücke wieder auf“, und ging",
        "— Nous allons reconstruire la jetée.",
        "Мэр сказал: «Мы всё построим заново»",
        "市长说：「我们会重建码头，一块一块」",
        "'We will rebuild the pier,' the mayor said",
    ],
)
def test_a_quotation_stays_however_often_it_stands(text: str) -> None:
    assert text in texts(stripped(paragraphs(text, *OWN), learnt(paragraphs(text, "a", "b", "c"), articles=60)))


def test_a_name_in_quotation_marks_is_no_quotation() -> None:
    text = "The “Morning Tide” comes at six"
    assert text not in texts(stripped(paragraphs(text, *OWN), learnt(paragraphs(text, "a", "b", "c"))))


@pytest.mark.parametrize("kind", [BlockType.QUOTE, BlockType.TABLE, BlockType.CODE, BlockType.LIVE_UPDATE])
def test_quotes_tables_code_and_live_updates_stay(kind: BlockType) -> None:
    blocks = [*paragraphs(*OWN), *paragraphs(CLOSING, kind=kind)]
    assert CLOSING in texts(stripped(blocks, learnt([*paragraphs("a", "b", "c"), *paragraphs(CLOSING, kind=kind)])))


def test_a_sentence_whose_numbers_say_something_new_stays_and_one_with_todays_date_goes() -> None:
    depth, printed = "The quake struck at a depth of 12 km.", "Printed at Aldern on 13 August 2025."
    habits = learnt(paragraphs(depth, printed, "a", "b", "c"))
    kept = stripped(paragraphs(depth.replace("12", "31"), printed.replace("13", "14"), *OWN), habits)
    assert texts(kept) == [depth.replace("12", "31"), *OWN]


def test_a_label_goes_only_with_what_it_heads() -> None:
    label, below = Block(BlockType.HEADING, "Why it matters", 2), Block(BlockType.PARAGRAPH, CLOSING)
    own = paragraphs(*OWN)
    habits = learnt([*paragraphs("a", "b", "c"), label, below])
    assert texts(stripped([*own, label, below], habits)) == list(OWN)
    other = Block(BlockType.PARAGRAPH, "The ferry brings bread to the islands.")
    assert texts(stripped([*own, label, other], habits)) == [*OWN, label.text, other.text]


def test_a_page_that_is_all_furniture_is_left_alone() -> None:
    blocks = paragraphs(OPENING, CLOSING, "Yes.")
    assert stripped(blocks, learnt(blocks)).removed == ()


def test_a_headline_loses_its_set_phrases_and_its_variant_too() -> None:
    headline = "Exclusive | Harbour of Stour reopens — Gazette at Six"
    habits = learnt([], "Exclusive | Tea is up again — Gazette at Six", articles=20)
    blocks = paragraphs(*OWN)
    given = Wording(headline, "Harbour of Stour is open again — Gazette at Six", blocks, traces(blocks, headline))
    kept = strip(given, habits, TODAY)
    assert (kept.headline, kept.alternative) == ("Harbour of Stour reopens", "Harbour of Stour is open again")
    assert {(drop.rule, drop.where) for drop in kept.removed} == {("learned.title_affix", "head")}


def test_a_variant_that_is_the_headline_after_all_goes() -> None:
    headline, blocks = "Harbour of Stour reopens — Gazette at Six", paragraphs(*OWN)
    given = Wording(headline, "Harbour of Stour reopens", blocks, traces(blocks, headline))
    assert strip(given, learnt([], "Tea is up again — Gazette at Six"), TODAY).alternative is None


def test_a_learnt_phrase_at_the_lead_keeps_the_rest_of_the_sentence() -> None:
    lead, last = f"(Stourpress) -- {OWN[0]}", f"{OWN[2]} | STOURPRESS"
    others = (text.replace("barge", "ferry") for text in (lead, OWN[1], last))
    kept = stripped(paragraphs(lead, OWN[1], last), learnt(paragraphs(*others), articles=20))
    assert texts(kept) == list(OWN)
    assert [(drop.rule, drop.text, drop.where) for drop in kept.removed] == [
        ("learned.lead_affix", "(Stourpress) -- ", "head"),
        ("learned.sign_off", " | STOURPRESS", "tail"),
    ]


# Two stores


def test_merging_a_copy_changes_nothing() -> None:
    habits = learnt(paragraphs(OPENING, "a", "b", CLOSING), articles=30)
    again = merged(habits, habits)
    assert again.articles == habits.articles
    for at, habit in habits.each.items():
        assert again.each[at]._replace(weight=0.0) == habit._replace(weight=0.0)
        assert again.each[at].weight == pytest.approx(habit.weight)


def test_merging_weighs_shares_by_the_articles_that_each_has_seen() -> None:
    many, few = learnt(paragraphs(OPENING), articles=60), Habits({ALL: 20}, {})
    (habit,) = merged(many, few).each.values()
    assert (habit.articles, merged(few, many).articles) == (60, {ALL: 60})
    assert 0.6 < share_of(habit, 60) < 0.8


# Versions


def test_what_is_taken_now_and_was_not_then_is_no_change() -> None:
    removed = (
        Removed("learned.boilerplate", CLOSING, "tail"),
        Removed("learned.title_affix", " — Gazette at Six", "head"),
        Removed("learned.lead_affix", "(Stourpress) -- ", "head"),
        Removed("learned.sign_off", " | STOURPRESS", "tail"),
        Removed("general.related", OWN[1], "body"),
    )
    body = [f"(Stourpress) -- {OWN[0]}", OWN[1], f"{OWN[2]} | STOURPRESS", CLOSING]
    old = Previous("Harbour reopens — Gazette at Six", None, "\n".join(body), None)
    assert as_known_now(old, removed) == Previous("Harbour reopens", None, "\n".join(OWN), None)
