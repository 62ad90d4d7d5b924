"""The passages of a page: which block each is, in page order, with its links and the names around it."""

from __future__ import annotations

import pytest
from trafilatura.core import trafilatura_sequence

from pipelines.evidence import Anchor, Metadata, Passage
from pipelines.extraction import body
from pipelines.extraction.body import baseline
from pipelines.values import BlockType
from tests.pages import PARAGRAPHS, html, make_page, parsed


def passages(column: str = "", beside: str = "", prune: tuple[str, ...] = ()) -> list[Passage]:
    """The passages of an article's page; `column` stands between its first and its second paragraph."""
    page = (
        html(paragraphs=PARAGRAPHS)
        .replace(f"<p>{PARAGRAPHS[1]}", f"{column}<p>{PARAGRAPHS[1]}", 1)
        .replace("</article>", f"</article>{beside}")
    )
    tree = parsed(make_page(page)).tree
    assert tree is not None
    return body.blocks(tree, Metadata(), prune)


def between(column: str) -> list[Passage]:
    """The passages that the column gave."""
    found = passages(column)
    texts = [passage.text for passage in found]
    return found[texts.index(PARAGRAPHS[0]) + 1 : texts.index(PARAGRAPHS[1])]


def kinds(column: str) -> list[tuple[BlockType, str]]:
    return [(passage.type, passage.text) for passage in between(column)]


def test_paragraphs_stand_in_page_order() -> None:
    assert [passage.text for passage in passages() if passage.type is BlockType.PARAGRAPH] == list(PARAGRAPHS)


@pytest.mark.parametrize("level", [2, 3, 4])
def test_a_heading_keeps_its_level(level: int) -> None:
    heading = between(
        f"<h{level}>What the divers found</h{level}><p>They found a chain of forty links, each as long as an arm.</p>"
    )[0]
    assert (heading.type, heading.text, heading.level) == (BlockType.HEADING, "What the divers found", level)


def test_a_heading_stands_where_it_does_and_not_in_the_list_of_contents() -> None:
    contents = '<ul class="toc"><li><a href="#found">What the divers found</a></li></ul>'
    heading = '<h2 id="found">What the divers found</h2><p>They found a chain of forty links, each as long as an arm.</p>'
    found = [passage for passage in between(contents + heading) if passage.type is BlockType.HEADING]
    assert [passage.around[0] for passage in found] == ["h2 found"]


def test_list_items_are_one_passage_each() -> None:
    column = "<ul><li>four barges of sixty metres</li><li>one tug, the <i>Solan</i></li></ul>"
    assert kinds(column) == [(BlockType.LIST_ITEM, "four barges of sixty metres"), (BlockType.LIST_ITEM, "one tug, the Solan")]


def test_a_list_in_a_list_gives_each_item_once() -> None:
    column = "<ul><li>barges lost in the storm<ul><li>two of them with grain</li><li>two of them empty</li></ul></li></ul>"
    assert [text for _, text in kinds(column)] == ["barges lost in the storm", "two of them with grain", "two of them empty"]


def test_a_quotation_is_a_quote() -> None:
    assert kinds("<blockquote><p>We heard the chain go, and then nothing at all.</p></blockquote>") == [
        (BlockType.QUOTE, "We heard the chain go, and then nothing at all.")
    ]


def test_a_table_is_one_passage_with_a_line_a_row() -> None:
    table = "<table><tr><th>Barge</th><th>Tonnes</th></tr><tr><td>Mina</td><td>1,200</td></tr><tr><td>Ork</td><td>900</td></tr></table>"
    assert kinds(table) == [(BlockType.TABLE, "Barge | Tonnes\nMina | 1,200\nOrk | 900")]


def test_a_tables_header_that_stands_twice_is_one_row() -> None:
    head = "<tr><th>Barge</th><th>Tonnes</th></tr>"
    assert kinds(f"<table>{head}{head}<tr><td>Mina</td><td>1,200</td></tr></table>") == [
        (BlockType.TABLE, "Barge | Tonnes\nMina | 1,200")
    ]


def test_a_drop_cap_belongs_to_its_word() -> None:
    column = '<p><span class="drop-cap">T</span> <span>he tug lay at the quay with her engines warm, waiting for the tide.</span></p>'
    assert kinds(column)[0][1].startswith("The tug")
    assert kinds("<p><b>A</b> tug lay at the quay with her engines warm, waiting for the tide.</p>")[0][1].startswith("A tug")


@pytest.mark.parametrize(("after", "alone"), [("", True), ("<p>The pilots had waited there since five.</p>", False)])
def test_a_passage_knows_whether_it_stands_alone_with_an_image(after: str, alone: bool) -> None:
    column = f'<div><img src="/quay.jpg"><p>The quay of Stour at dawn</p>{after}</div>'
    found = next(passage for passage in between(column) if passage.text == "The quay of Stour at dawn")
    assert found.with_image is alone


def test_a_table_of_one_column_is_a_layout_and_gives_paragraphs() -> None:
    table = "<table><tr><td>The pilots met at six in the morning.</td></tr><tr><td>They sailed at seven in the rain.</td></tr></table>"
    assert {kind for kind, _ in kinds(table)} == {BlockType.PARAGRAPH}


def test_paragraphs_that_only_breaks_part_are_paragraphs() -> None:
    column = (
        "<div>The first tug left at six in the morning.<br><br>The second one followed an hour later.<br>A third stayed.</div>"
    )
    assert [text for _, text in kinds(column)] == [
        "The first tug left at six in the morning.",
        "The second one followed an hour later.",
        "A third stayed.",
    ]


@pytest.mark.parametrize("paragraphs", ["<div>{}<br><br>{}</div>", "<p>{}</p><p>{}</p>"])
def test_a_text_inside_a_heading_is_no_heading(paragraphs: str) -> None:
    texts = (PARAGRAPHS[0] * 2, PARAGRAPHS[1] * 2)
    page = html(paragraphs=()).replace("</article>", f"<h4>{paragraphs.format(*texts)}</h4></article>")
    tree = parsed(make_page(page)).tree
    assert tree is not None
    assert [(each.type, each.text) for each in body.blocks(tree, Metadata())][-2:] == [
        (BlockType.PARAGRAPH, text) for text in texts
    ]


@pytest.mark.parametrize(
    "holder", ["<blockquote>{}</blockquote>", "<ul><li>{}</li></ul>", "<pre>{}</pre>", "<dl><dd>{}</dd></dl>"]
)
@pytest.mark.parametrize("slip", ["<br;>", "<l\u00a2>and</l\u00a2>", '<em"x>and</em>', "<o:p>and</o:p>"])
def test_an_element_of_no_name_costs_nothing(slip: str, holder: str) -> None:
    """Word processors leave `o:p` behind, hands slip: Trafilatura fails at such a name where it would write it again."""
    text = " ".join(text for _, text in kinds(holder.format(f"The ferry waits {slip} at the pier.")))
    assert text.replace(" and", "") == "The ferry waits at the pier."


def test_code_is_code() -> None:
    assert (BlockType.CODE, "depth = soundings.mean()") in kinds("<pre><code>depth = soundings.mean()</code></pre>")


@pytest.mark.parametrize("name", ["live-update", "liveblog-entry", "live-blog__post live-post"])
def test_an_entry_of_a_live_blog_has_its_time(name: str) -> None:
    column = f'<div class="{name}"><time datetime="2025-08-13T10:00:00Z">10:00</time><p>The first ferry has passed the outer light.</p></div>'
    update = next(passage for passage in between(column) if "ferry" in passage.text)
    assert (update.type, update.time) == (BlockType.LIVE_UPDATE, "2025-08-13T10:00:00Z")


def test_a_passages_links_are_its_anchors() -> None:
    linked = next(
        p
        for p in between('<p>Read the <a href="/log">pilots\' log</a> and <a href="#x"> </a>judge the nine days.</p>')
        if p.anchors
    )
    assert linked.anchors == (Anchor("pilots' log", "/log"),)
    assert 0 < linked.link_density < 0.5


def test_a_passage_knows_the_names_around_it_from_the_inside_out() -> None:
    column = '<section id="Desk" role="note"><div class="Side Bar"><p class="small">The pilots of Stour have worked here since 1802.</p></div></section>'
    around = next(passage for passage in between(column) if "pilots" in passage.text).around
    assert around[:3] == ("p small", "div side bar", "section desk note")
    assert len(around) == 1 + body.ANCESTORS


def test_pruned_elements_go_and_leave_the_text_behind_them() -> None:
    column = '<p>The tide <b class="ad">BUY NOW</b>turned at six and the barges began to move.</p><div class="ad"><p>Buy our boats while they last this summer.</p></div>'
    texts = [passage.text for passage in passages(column, prune=("//*[@class='ad']",))]
    assert "The tide turned at six and the barges began to move." in texts
    assert not [text for text in texts if "buy" in text.lower()]


def test_scripts_navigation_and_comments_give_no_passage() -> None:
    beside = "<nav><ul><li>Home page of the paper</li></ul></nav><!-- hidden words --><script>var words = 'hidden'</script><footer><p>Imprint</p></footer>"
    texts = " ".join(passage.text for passage in passages(beside=beside))
    assert not [word for word in ("Home page", "hidden", "Imprint") if word in texts]


def test_text_has_single_spaces_and_no_passage_is_empty() -> None:
    found = passages("<p> &nbsp; </p><p></p><p>The   tide\n turned at six, and the barges\tbegan to move.</p>")
    assert all(passage.text and passage.text == " ".join(passage.text.split()) for passage in found)


def test_a_page_without_text_has_no_passages() -> None:
    tree = parsed(make_page("<html><body><div></div></body></html>")).tree
    assert tree is not None
    assert body.blocks(tree, Metadata()) == []


@pytest.mark.parametrize(
    "beside",
    [
        "",
        *(
            f"<div {names}><p>{PARAGRAPHS[0]}</p><section><p>{PARAGRAPHS[1]}</p></section></div> and what stands behind"
            for names in (
                'id="comments"', 'class="Comment-list"', 'class="post-comments"', 'id="commentary"', 'id="comol1"', 'id="dsq-comments"',
                'id="disqus_thread"', 'class="mvp-post-add-box"', 'class="page infinite-scroll"', 'class="x elementor-share-buttons"',
            )
        ),
        f"<ul class='comment'><li>{PARAGRAPHS[0]}</li></ul>",
        f"<nav>{'<p>Elsewhere on these pages</p>' * 400}</nav>",
        f"<div class='list'>{'<p>Elsewhere on these pages</p>' * 400}</div>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("times", [1, 3, 12])
def test_the_short_way_through_trafilatura_gives_what_its_own_sequence_gives(beside: str, times: int) -> None:
    text = tuple(f"{number}. {words}" for number in range(times) for words in PARAGRAPHS)
    ours, theirs = (parsed(make_page(html(paragraphs=text, beside=beside))).tree for _ in range(2))
    assert ours is not None and theirs is not None
    own = [*baseline._passages(trafilatura_sequence(theirs, baseline._options(thorough=False))[0])]
    assert baseline.passages(ours) == own
