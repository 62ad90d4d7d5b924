"""What the baseline leaves out of an article's text: more of it in other boxes, its lead, and text that no box tells of."""

from __future__ import annotations

import json

import pytest

from pipelines.evidence import Passage
from pipelines.extraction import body, metadata
from pipelines.values import BlockType
from tests.pages import HEADLINE, PARAGRAPHS, make_page, parsed

MORE = (
    "Freight went on by road in the meantime, at twice the price, and two of the smaller shippers have given up the route.",
    "The insurers sent an assessor on the third day. Nobody at the port will say what he wrote, or when the report is due.",
    "On Friday the council will hear the pilots, who had asked for a second tug in every winter since the harbour was dredged.",
)
LEAD = (
    "Nine days after the storm the channel of Stour is clear again, and the first freighters lie before the bar. What the port "
    "has lost in the meantime, its customers will not all bring back."
)


def passages(page: str) -> list[Passage]:
    fetched = make_page(f"<html><head><title>{HEADLINE}</title></head><body>{page}</body></html>")
    tree = parsed(fetched).tree
    assert tree is not None
    return body.blocks(tree, metadata.read(tree, fetched))


def texts(page: str) -> list[str]:
    return [passage.text for passage in passages(page)]


def column(*boxes: str, name: str = "chunk") -> str:
    """An article whose text stands in boxes of their own with advertisements between them."""
    inner = '<div class="ad">Advertisement</div>'.join(
        f'<div class="{name}"><div class="text">{box}</div></div>' for box in boxes
    )
    return f"<article><h1>{HEADLINE}</h1>{inner}</article>"


def paragraphs(*words: str) -> str:
    return "".join(f"<p>{text}</p>" for text in words)


def test_a_text_in_several_boxes_is_read_whole_and_in_page_order() -> None:
    second = f"{paragraphs(*MORE[:2])}<h2>The pilots</h2><p>They are <a href='/p'>eleven</a>.</p>{paragraphs(MORE[2])}"
    found = passages(column(paragraphs(*PARAGRAPHS), second))
    wanted = [*PARAGRAPHS, *MORE[:2], "The pilots", "They are eleven.", MORE[2]]
    assert [p.text for p in found if p.text in wanted] == wanted
    heading = next(p for p in found if p.text == "The pilots")
    linked = next(p for p in found if p.text == "They are eleven.")
    assert (heading.type, heading.level, [a.url for a in linked.anchors]) == (BlockType.HEADING, 2, ["/p"])


@pytest.mark.parametrize(
    "beside",
    [
        f'<div class="teasers"><div class="text">{paragraphs(*MORE)}</div></div>',
        f'<article><div class="chunk"><div class="text">{paragraphs(*MORE)}</div></div></article>',
        f'<div class="related-news"><div class="chunk"><div class="text">{paragraphs(*MORE)}</div></div></div>',
        f'<div class="chunk"><div class="text"><p>{MORE[0][:40]}</p></div></div>',
    ],
    ids=["another form", "another article", "a related list", "no sentence"],
)
def test_a_box_that_does_not_go_on_with_the_text_is_left(beside: str) -> None:
    assert not set(texts(column(paragraphs(*PARAGRAPHS)) + beside)) & {*MORE, MORE[0][:40]}


def test_a_paragraph_that_was_taken_without_its_note_is_not_taken_again() -> None:
    noted = PARAGRAPHS[1].replace("barges", "barges <button>A barge is a boat without an engine</button>")
    found = texts(column(paragraphs(PARAGRAPHS[0], noted, PARAGRAPHS[2]), paragraphs(*MORE)))
    assert len([text for text in found if text.startswith(PARAGRAPHS[1][:20])]) == 1


def under(header: str) -> str:
    """A page whose text stands in an article below its header."""
    return f"<header><h1>{HEADLINE}</h1>{header}</header><article>{paragraphs(*PARAGRAPHS)}</article>"


@pytest.mark.parametrize("header", [f'<p class="lead">{LEAD}</p>', f'<div class="article-intro"><p>{LEAD}</p></div>'])
def test_a_lead_in_the_header_opens_the_text(header: str) -> None:
    assert texts(under(header)) == [LEAD, *PARAGRAPHS]


def test_a_lead_is_known_by_the_pages_description_too() -> None:
    page = under(f"<div><p>{LEAD}</p></div>")
    assert texts(page) == list(PARAGRAPHS)
    assert texts(f'<meta name="description" content="{LEAD[:90]}">{page}') == [LEAD, *PARAGRAPHS]


@pytest.mark.parametrize(
    "header",
    [
        f'<figure><figcaption class="lead">{LEAD}</figcaption></figure>',
        f'<div class="lead"><img src="a.jpg">{LEAD}</div>',
        f'<p class="lead">{LEAD[:100]}.</p>',
    ],
    ids=["a caption", "an image's text", "one line"],
)
def test_what_is_no_lead_is_left(header: str) -> None:
    assert texts(under(header)) == list(PARAGRAPHS)


DECLARED = f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "articleBody": " ".join((*PARAGRAPHS, *MORE[:2]))})}</script>'


def test_what_the_page_declares_as_its_text_is_found_wherever_it_stands() -> None:
    page = f"<article><h1>{HEADLINE}</h1>{paragraphs(*PARAGRAPHS)}</article><section class='second'>{paragraphs(MORE[0])}</section>"
    assert texts(page) == [HEADLINE, *PARAGRAPHS]
    assert texts(page + DECLARED) == [HEADLINE, *PARAGRAPHS, MORE[0]]
    beside = f"<div class='most-read'>{paragraphs(LEAD, MORE[1])}</div>"
    assert texts(page + beside + DECLARED) == [HEADLINE, *PARAGRAPHS, MORE[0], MORE[1]]


@pytest.mark.parametrize("wrapper", ["noscript", "nav"])
def test_a_text_inside_a_tag_that_was_never_closed_is_found(wrapper: str) -> None:
    text = f'<div class="menu">Home</div><main>{paragraphs(*PARAGRAPHS)}<ul><li>four barges</li></ul><script>1</script></main>'
    found = passages(f"<{wrapper}>{text}")
    assert [p.text for p in found] == [*PARAGRAPHS, "four barges"]
    assert found[-1].type is BlockType.LIST_ITEM


def test_a_hidden_text_is_none() -> None:
    assert texts(f'<nav><main><div style="display: none">{paragraphs(*PARAGRAPHS)}</div></main></nav>') == []
