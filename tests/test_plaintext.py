"""Text documents: front matter with Markdown, and dumps whose layout alone says what a line is."""

from __future__ import annotations

from pipelines.evidence import Anchor, DateClue, Metadata, Passage
from pipelines.extraction import plaintext
from pipelines.items import Reason
from pipelines.values import BlockType, Breadcrumb, DateSource
from tests.pages import HEADLINE, PARAGRAPHS, draft_of, make_page, parsed, rejection_of

TEXT = "\n\n".join(PARAGRAPHS)


def markdown(text: str) -> tuple[Metadata, list[Passage]]:
    return plaintext.read(parsed(make_page(text, "text/markdown")))


def dump(text: str) -> tuple[Metadata, list[Passage]]:
    return plaintext.read(parsed(make_page(text, "text/plain")))


def named(passages: list[Passage], name: str) -> list[str]:
    return [passage.text for passage in passages if name in " ".join(passage.around)]


def test_front_matter_gives_the_metadata_as_written() -> None:
    found, _ = markdown(
        "---\ntitle: Harbour reopens\nexcerpt: After nine days\ndate: 2025-08-13 08:03\nlastmod: 2025-08-14\nauthor:\n  - name: Ida Holm\n"
        "  - Jon Vik\ncategories: [Ports, World]\ntags: [storm, 1927]\nimage: /quay.jpg\nlang: en\ncanonical_url: https://news.example/a\n---\nText.\n"
    )
    assert (found.heading, found.descriptions, found.section) == ("Harbour reopens", ["After nine days"], "Ports")
    assert [author.name for author in found.bylines[0]] == ["Ida Holm", "Jon Vik"]
    assert found.dates == [
        DateClue("2025-08-13 08:03", DateSource.FRONT_MATTER, "front matter: datePublished", "datePublished"),
        DateClue("2025-08-14", DateSource.FRONT_MATTER, "front matter: dateModified", "dateModified"),
    ]
    assert (found.keywords, found.language, found.canonical_url) == (["storm", "1927"], "en", "https://news.example/a")
    assert [image.url for image in found.images] == ["/quay.jpg"]


def test_empty_values_of_front_matter_give_nothing() -> None:
    found, _ = markdown("---\ntitle:\nauthor: ''\ntags: []\ndate: null\nimage: [{}]\n---\nText.\n")
    assert (found.heading, found.bylines, found.keywords, found.dates, found.images) == (None, [[]], [], [], [])


def test_markdown_gives_its_blocks_in_order() -> None:
    _, passages = markdown(
        "## What the divers found\n\nA chain with [forty links](/chain) and *one* `anchor`.\n\n- barges\n- tugs\n\n> Nothing at all.\n\n"
        "| Barge | Tonnes |\n|---|---|\n| Mina | 1,200 |\n| Ork | 900 |\n\n```\ndepth = 7\n```\n"
    )
    assert [(p.type, p.text, p.level) for p in passages] == [
        (BlockType.HEADING, "What the divers found", 2),
        (BlockType.PARAGRAPH, "A chain with forty links and one anchor.", None),
        (BlockType.LIST_ITEM, "barges", None),
        (BlockType.LIST_ITEM, "tugs", None),
        (BlockType.QUOTE, "Nothing at all.", None),
        (BlockType.TABLE, "Barge | Tonnes\nMina | 1,200\nOrk | 900", None),
        (BlockType.CODE, "depth = 7", None),
    ]
    assert passages[1].anchors == (Anchor("forty links", "/chain"),)


def test_html_in_markdown_is_text() -> None:
    _, passages = markdown("The <b>tide</b> turned.\n")
    assert passages[0].text == "The <b>tide</b> turned."


def test_markdown_without_front_matter_is_headed_by_its_first_heading() -> None:
    draft = draft_of(make_page(f"# {HEADLINE}\n\n{TEXT}\n", "text/markdown"))
    assert (draft.headline, [block.text for block in draft.blocks]) == (HEADLINE, list(PARAGRAPHS))


def test_a_dumps_first_line_is_its_headline() -> None:
    draft = draft_of(make_page(f"{HEADLINE}\n\n{TEXT}\n", "text/plain"))
    assert (draft.headline, draft.articleBody) == (HEADLINE, "\n".join(PARAGRAPHS))


def test_a_dumps_trail_gives_headline_breadcrumbs_and_section() -> None:
    found, _ = dump(f"Home / World News / {HEADLINE}\n\n{TEXT}\n")
    assert (found.heading, found.section) == (HEADLINE, "World News")
    assert found.breadcrumbs == [Breadcrumb("Home"), Breadcrumb("World News")]


def test_a_short_line_that_ends_like_no_sentence_is_a_heading() -> None:
    _, passages = dump(
        f"{HEADLINE}\n\n{PARAGRAPHS[0]}\n\nWhat the divers found\n\n{PARAGRAPHS[1]}\n\nThey left.\n\n{PARAGRAPHS[2]}\n"
    )
    assert [passage.text for passage in passages if passage.type is BlockType.HEADING] == ["What the divers found"]


def test_a_line_taken_from_a_later_paragraph_is_the_standfirst() -> None:
    summary = "Divers had raised the last of the four barges that broke loose"
    _, passages = dump(f"{HEADLINE}\n\n{summary}\n\n{TEXT}\n")
    assert named(passages, "standfirst") == [summary]


def test_a_short_sentence_set_apart_is_the_standfirst_and_one_in_step_is_not() -> None:
    summary = "The port counts its losses."
    _, apart = dump(f"{HEADLINE}\n\n{summary}\n\n\n\n{TEXT}\n")
    _, in_step = dump(f"{HEADLINE}\n\n{summary}\n\n{TEXT}\n")
    assert (named(apart, "standfirst"), named(in_step, "standfirst")) == ([summary], [])


def test_a_line_with_a_photo_credit_below_the_standfirst_is_a_caption() -> None:
    summary, caption = "After nine days the port counts its losses.", "The quay of Stour at dawn. (Ida Holm, Pool Photo via AP)"
    _, passages = dump(f"{HEADLINE}\n{summary}\n-\n{caption}\n" + "\n".join(PARAGRAPHS))
    assert (named(passages, "standfirst"), named(passages, "figcaption")) == ([summary], [caption])


def test_lines_of_a_fixed_width_are_joined_to_paragraphs() -> None:
    words = " ".join(PARAGRAPHS * 3).split()
    lines = [" ".join(words[start : start + 11]) for start in range(0, len(words), 11)]
    _, passages = dump("\n".join(lines[:6]) + "\n\n" + "\n".join(lines[6:]))
    assert [passage.text for passage in passages] == [" ".join(lines[:6]), " ".join(lines[6:])]


def test_marks_of_emphasis_around_a_line_go() -> None:
    found, _ = dump(f"**{HEADLINE}**\n\n{TEXT}")
    assert found.heading == HEADLINE


def test_a_dump_of_one_short_line_is_no_article() -> None:
    assert rejection_of(make_page("404 not found", "text/plain")).reason is Reason.NO_ARTICLE


def test_a_dump_of_marks_is_no_article() -> None:
    assert rejection_of(make_page("-\n\n-\n", "text/plain")).reason is Reason.NO_ARTICLE


def test_half_a_surrogate_pair_in_front_matter_is_left_out() -> None:
    """YAML's escapes can write it, and no line of JSON could."""
    found, _ = markdown('---\ntitle: "a\\ud800b"\ndate: "\\udfff2025"\nimage: "\\ud800"\n---\nText.\n')
    assert (found.heading, found.dates[0].raw, found.images) == ("ab", "2025", [])
