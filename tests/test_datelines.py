"""Which of the dates that a page shows is taken as its own, and which of its places say none."""

from __future__ import annotations

import pytest

from pipelines.evidence import DateClue
from pipelines.publishers import Publisher
from pipelines.values import Completeness, DateSource, Precision
from tests.pages import HEADLINE, PARAGRAPHS, UNKNOWN, URL, draft_of, html, make_page
from tests.test_metadata import raw_dates, read

DAY = "13 August 2025"
OTHER = "2 May 2019"
LIST = "".join(
    f'<li><a href="/{n}">Pilots ask for tug number {n}</a> <time datetime="2019-05-0{n}">May</time></li>' for n in range(1, 6)
)
DECLARED = '<meta property="og:type" content="article"><meta property="article:published_time" content="2025-08-13T08:03:00Z">'


def clues(page: str, url: str = URL) -> list[DateClue]:
    return read(page, url).dates


def above(page: str) -> str:
    """A page with a list of other articles above its own."""
    return page.replace("<article>", f'<ul class="flash">{LIST}</ul><article>')


def test_the_time_tag_nearest_to_the_heading_is_the_articles() -> None:
    page = above(html(f'<p class="info">By Ada Berg, <time datetime="{DAY}">Wednesday</time></p>'))
    assert raw_dates(read(page))[0] == DAY


def test_an_element_named_as_a_date_beside_the_heading_is_the_articles_and_one_above_is_not() -> None:
    page = html(f'<span class="date">{DAY}</span>').replace(
        "<article>", f'<div><span class="date">{OTHER}</span></div><article>'
    )
    assert [clue.raw for clue in clues(page)] == [DAY]


def test_microdata_of_another_item_is_no_date_of_the_page() -> None:
    item = '<div itemscope><meta itemprop="datePublished" content="{}"></div>'
    related = f'<div class="related">{item.format(OTHER)}</div>'
    assert raw_dates(read(related + html(item.format(DAY)))) == [DAY]
    assert raw_dates(read(html(beside=related + related.replace(OTHER, "3 May 2019")))) == []


@pytest.mark.parametrize(
    "line",
    [
        f'<span property="schema:dateCreated" content="{DAY}"></span>',
        f'<span property="dc:date dc:created" content="{DAY}">Wed</span>',
        f'<abbr class="published" title="{DAY}">Wednesday</abbr>',
        f'<footer class="entry-meta">Posted <time datetime="{DAY}">Wednesday</time></footer>',
        f'<p class="postmetadata">This entry was posted on {DAY} at 8:03 and is filed under Ports, Ferries and the life of those '
        "who sail. You can follow any responses to this entry through the feed.</p>",
        f'<a href="/authors/ada-berg">Ada Berg, <small>{DAY}</small></a>',
        f'<div class="sidebar"><p class="time"><time datetime="{DAY}">Wednesday</time></p></div>',
        f'<div class="node node-promoted"><div class="submitted">Posted by Ada on {DAY}</div></div>',
        f'<aside class="meta"><p><time datetime="{DAY}">Wednesday</time></p></aside>',
        f'<p class="author"><a href="#p453">Post</a> by <b>Ada Berg</b> &raquo; {DAY}</p>',
        f'<div class="elementor-widget-container"><ul><li><span class="list-text">{DAY}</span></li></ul></div>',
        f'<aside class="column"><div class="byline"><div class="date">{DAY}</div></div></aside>',
        f'<amp-timeago datetime="{DAY}">{DAY}</amp-timeago>',
        f'<div class="footer"><p><span class="news-list-date"><time datetime="{DAY}">{DAY}</time></span></p></div>',
        f'<time>02:15</time><span class="date">3 minute read</span><p class="article-date">{DAY}</p>',
        f'<div><time class="teaser-stream-time">{DAY}</time></div>',
    ],
)
def test_a_date_is_found_where_systems_put_it(line: str) -> None:
    found = clues(html(line))
    assert DAY in found[0].raw, found


def test_the_first_articles_footer_is_its_own_though_the_heading_stands_above_it() -> None:
    footer = f'<footer class="node__meta"><span property="schema:dateCreated" content="{DAY}"></span></footer>'
    body = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
    page = f"<html><body><main><h1>{HEADLINE}</h1><article>{footer}{body}</article><article>{footer.replace(DAY, OTHER)}</article></main></body></html>"
    assert raw_dates(read(page)) == [DAY]


@pytest.mark.parametrize(
    ("name", "day"),
    [("article:published:time", DAY), ("citation_publication_date", DAY), ("DC.date", DAY), ("birthdate", None)],
)
def test_the_punctuation_of_a_meta_tags_name_does_not_matter(name: str, day: str | None) -> None:
    assert raw_dates(read(html(head=f'<meta name="{name}" content="{DAY}">'))) == ([day] if day else [])


@pytest.mark.parametrize(
    ("url", "day"), [("https://news.example/report/29-10-2021", "29-10-2021"), ("https://news.example/report/2021-29-10", None)]
)
def test_a_day_first_address_is_a_date_too(url: str, day: str | None) -> None:
    assert raw_dates(read(html(), url)) == ([day] if day else [])


def test_the_only_date_on_a_line_of_its_own_is_the_pages() -> None:
    signed = html(beside=f"<p>Ada Berg<br>{DAY}</p>", paragraphs=PARAGRAPHS * 3)
    assert [clue.raw for clue in clues(signed)] == [DAY]
    assert clues(signed.replace("</body>", f"<p>{OTHER}</p></body>")) == []
    prose = f"<p>The last ship had sailed on {DAY}, as nobody in Stour will forget.</p>"
    assert clues(html(beside=prose, paragraphs=PARAGRAPHS * 3)) == []


@pytest.mark.parametrize(
    "line",
    [
        "Available until 14.10.2020, 14:00",
        "Deadline: 14.10.2020",
        "Video verfügbar bis: 14.10.2020",
        "© 14.10.2020",
        "The fair takes place on 14.10.2020",
    ],
)
def test_the_day_on_which_something_ends_is_no_date(line: str) -> None:
    assert clues(html(f'<p class="date">{line}</p>')) == []


def test_a_press_offices_heading_may_hold_its_day() -> None:
    page = html().replace(HEADLINE, f"Press release, {DAY}: harbour reopens")
    assert [clue.raw for clue in clues(page)] == [DAY]
    assert clues(html().replace(HEADLINE, f"Concert of {DAY} moved to the harbour")) == []


def test_a_page_that_gives_no_more_than_its_description_is_a_teaser() -> None:
    page = f'<html><head>{DECLARED}<meta name="description" content="{PARAGRAPHS[0]}"></head><body><h1>{HEADLINE}</h1></body></html>'
    draft = draft_of(page)
    assert (draft.articleBody, draft.completeness, draft.extraction.recipe) == (PARAGRAPHS[0], Completeness.TEASER, "summary")
    assert "body.summary" in draft.flags


def test_a_relative_time_says_nothing_where_the_fetch_is_not_known() -> None:
    page = html('<span class="date">2 hours ago</span>')
    known, unknown = draft_of(make_page(page)), draft_of(make_page(page, fetch_known=False))
    assert (known.datePublished, known.datePublishedPrecision) == ("2025-08-19T22:00:00Z", Precision.HOUR)
    assert (unknown.datePublished, unknown.dateEvidence[0].why) == (
        None,
        "counted from the fetch, and when that was is not known",
    )
    yearless = make_page(html('<span class="date">13 August, 8:03</span>'), fetch_known=False)
    assert draft_of(yearless, UNKNOWN).datePublished is None


def test_microdata_in_meta_tags_keeps_the_source_of_a_meta_tag() -> None:
    found = clues(html(f'<meta itemprop="dateModified" content="{OTHER}"><meta itemprop="datePublished" content="{DAY}">'))
    assert {(clue.field, clue.raw, clue.source) for clue in found} == {
        ("datePublished", DAY, DateSource.META),
        ("dateModified", OTHER, DateSource.META),
    }


def test_beside_a_named_date_of_the_article_those_farther_away_are_of_something_else() -> None:
    box = f'<div class="more"><span class="date">{OTHER}</span></div>'
    page = make_page(html('<span class="date">26 minutes ago</span>', beside=box), fetch_known=False)
    assert draft_of(page).datePublished is None


def test_todays_date_in_the_sites_header_is_not_the_articles() -> None:
    today = f'<header class="top"><h1>The Stour News</h1><time datetime="{OTHER}">Thursday</time></header>'
    dated = html(f'<p class="lead"><span class="day_datum">{DAY}.</span> The harbour of Stour is open again.</p>')
    assert [clue.raw for clue in clues(dated.replace("<article>", f"{today}<article>"))] == [f"{DAY}."]
    over_a_picture = f'<header><h1>{HEADLINE}</h1><p class="by">Ada Berg, <time datetime="{DAY}">Wednesday</time></p></header>'
    for above_article in (over_a_picture, over_a_picture.replace("<h1", "<b").replace("</h1", "</b")):
        assert raw_dates(read(html().replace("<article>", f"{above_article}<article>"))) == [DAY]


CARD = '<div class="col">{}<h3>Pilots of Stour ask for a second tug</h3><p>{}</p></div>'


def test_the_dates_of_a_lists_items_are_not_the_articles() -> None:
    for date in ('<span class="date">{}</span>', "<time>{}</time>"):
        cards = "".join(CARD.format(date.format(day), "The council meets.") for day in (DAY, OTHER))
        assert clues(html(beside=f'<div class="row">{cards}</div>')) == []
        assert clues(html(date.format(DAY), beside=f"<div>{cards}</div>"))[0].raw == DAY


def test_the_heading_of_a_card_is_not_the_articles() -> None:
    card = f'<article class="card"><h3>{HEADLINE}</h3><span class="date">{OTHER}</span></article>'
    assert [
        clue.raw for clue in clues(html(f'<span class="date">{DAY}</span>').replace("<article>", f"{card}<article>", 1))
    ] == [DAY]


@pytest.mark.parametrize(
    "post",
    [
        '<article id="comment-96"><time>{}</time><p>I was there.</p></article>',
        '<blockquote class="tweet"><p>The first ferry sails at noon.</p><span class="date">{}</span></blockquote>',
        '<article class="entry"><time>{}</time><p>12:10 The first ferry sails.</p></article>',
    ],
)
def test_the_date_of_another_post_in_the_article_is_not_the_articles(post: str) -> None:
    assert clues(html(f"<div>{post.format(OTHER)}</div>")) == []


def test_no_box_of_the_headings_own_header_is_a_list_whatever_its_name() -> None:
    header = f'<header><section class="teaser-head"><h1>{HEADLINE}</h1>{{}}<div class="teaser-line"><time>{DAY}</time></div></section>'
    page = html().replace(f"<h1>{HEADLINE}</h1>", header.format("") + "</header>")
    assert [clue.raw for clue in clues(page)] == [DAY]
    assert clues(page.replace("<div", "<nav").replace("</div>", "</nav>")) == []


def test_beside_a_marked_change_the_publication_may_stand_in_a_line() -> None:
    found = clues(html(f'<div class="day">{OTHER}</div><time>Updated {DAY}</time>'))
    assert [(clue.raw, clue.field) for clue in found] == [(f"Updated {DAY}", "dateModified"), (OTHER, None)]


def test_a_players_clock_does_not_keep_the_line_beside_the_heading_from_being_read() -> None:
    line = f'<div class="play-time">00:00 | 00:00</div><div class="info"><span>{DAY}</span></div>'
    assert DAY in [clue.raw for clue in clues(html(line))]


def test_a_layout_that_is_named_for_its_sidebar_is_not_one() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    head = f"<!DOCTYPE html><html><body><header><h1>{HEADLINE}</h1></header>"
    main = f'<div class="st-sidebar__main"><p class="date">{DAY}</p>{{}}</div>'
    assert [clue.raw for clue in clues(f"{head}{main.format(text)}</body></html>")] == [DAY]
    assert clues(f"{head}{main.format('')}<div>{text}</div></body></html>") == []


@pytest.mark.parametrize(
    ("line", "published", "modified"),
    [
        (f"<time>{DAY} Updated at 9:15 UTC</time>", "2025-08-13T00:00:00Z", "2025-08-13T09:15:00Z"),
        (f"<time>Updated {DAY} 9:15 UTC</time>", None, "2025-08-13T09:15:00Z"),
        (f'<time class="updated">{DAY} 9:15 UTC</time>', "2025-08-13T09:15:00Z", None),
        (
            f'<time class="entry-date updated">{DAY} 9:15 UTC</time> <time class="updated">14 August 2025 9:15 UTC</time>',
            "2025-08-13T09:15:00Z",
            "2025-08-14T09:15:00Z",
        ),
        (
            f'<time class="published">12 August 2025 9:15 UTC</time><time class="updated">{DAY} 9:15 UTC</time>',
            "2025-08-12T09:15:00Z",
            "2025-08-13T09:15:00Z",
        ),
        (
            f'<div class="meta-info"><div>By Ada Berg<span class="updated">2025-08-13T09:15:00Z</span><span>{OTHER}</span></div></div>',
            "2019-05-02T00:00:00Z",
            "2025-08-13T09:15:00Z",
        ),
    ],
)
def test_what_a_class_calls_updated_is_the_publication_only_where_nothing_else_is(
    line: str, published: str | None, modified: str | None
) -> None:
    draft = draft_of(html(line))
    assert (draft.datePublished, draft.dateModified) == (published, modified)


@pytest.mark.parametrize(
    ("given", "shown", "published"),
    [
        ("2025-08-13T10:03:00+00:00", "13.08.2025, 10:03 Uhr", "2025-08-13T08:03:00Z"),
        ("2025-08-13T08:03:00Z", "13.08.2025, 10:03 Uhr", "2025-08-13T08:03:00Z"),
        ("2025-08-13T10:03:00Z", "13.08.2025", "2025-08-13T10:03:00Z"),
        ("2025-08-13T10:03:00+02:00", "13.08.2025, 10:03 Uhr", "2025-08-13T08:03:00Z"),
    ],
)
def test_a_time_tags_utc_mark_yields_to_the_clock_that_it_shows(given: str, shown: str, published: str) -> None:
    berlin = Publisher(id="stour", language="de", timezone="Europe/Berlin")
    assert draft_of(html(f'<time datetime="{given}">{shown}</time>'), berlin).datePublished == published


def test_a_long_line_has_the_articles_date_only_where_it_speaks_of_the_posting() -> None:
    line = "{} on {} while those who sail from Stour and those who wait for them stood on the quay and waited for the tug."
    assert clues(html(f'<p class="time">{line.format("It rained", OTHER)}</p>')) == []
    assert DAY in clues(html(f'<p class="time">{line.format("Posted by Ada Berg", DAY)}</p>'))[0].raw


@pytest.mark.parametrize(
    "box",
    [
        '<figure><img src="/a.jpg"><figcaption class="date">{}</figcaption></figure>',
        '<div class="related"><span class="date">{}</span></div>',
        '<div id="comments"><p class="comment-date">{}</p></div>',
        '<footer><p class="date">{}</p></footer>',
        "<nav><span>{}</span></nav>",
    ],
)
def test_a_visible_date_of_a_caption_a_list_a_comment_or_a_footer_is_no_evidence(box: str) -> None:
    draft = draft_of(html(box.format(OTHER), beside=box.format("3 May 2019")))
    assert (draft.datePublished, draft.dateModified) == (None, None)
    assert draft.dateEvidence == []


def test_every_clue_of_a_page_is_in_its_evidence_with_a_reason() -> None:
    head = '<meta name="date" content="2025-08-13"><meta property="article:published_time" content="2025-12-24T00:00:00Z">'
    draft = draft_of(html('<span class="date">Updated 14 August 2025</span>', head))
    assert [(each.raw, each.chosen) for each in draft.dateEvidence] == [
        ("2025-12-24T00:00:00Z", False),
        ("2025-08-13", True),
        ("Updated 14 August 2025", True),
    ]
    assert draft.dateEvidence[0].why == "later than the fetch"
    assert all(each.why for each in draft.dateEvidence)
