"""What the markup says beside the text: JSON-LD, meta tags, microdata, figures and the visible furniture."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipelines.evidence import DateClue, Metadata
from pipelines.extraction import metadata
from pipelines.values import AuthorType, Breadcrumb, DateSource, Media, RelatedItem
from tests.pages import HEADLINE, URL, draft_of, html, make_page, parsed

DATE = "2025-08-13T08:03:00+05:30"


def read(page: str, url: str = URL) -> Metadata:
    fetched = make_page(page, url=url)
    tree = parsed(fetched).tree
    assert tree is not None
    return metadata.read(tree, fetched)


def linked_data(*nodes: Any) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


def news(**keys: Any) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@type": "NewsArticle", "headline": HEADLINE} | keys


def raw_dates(found: Metadata, field: str = "datePublished") -> list[str]:
    return [clue.raw for clue in found.dates if clue.field == field]


def test_json_ld_gives_its_fields_as_written() -> None:
    found = read(
        html(
            head=linked_data(
                news(
                    description="Ships sail again.",
                    datePublished=DATE,
                    dateModified="2025-08-13T10:00:00Z",
                    inLanguage="en-GB",
                    articleSection=["Ports", "World"],
                    keywords="harbour, ferries; freight",
                    isAccessibleForFree="False",
                    copyrightHolder={"@type": "Organization", "name": "The Stour News"},
                    license="https://creativecommons.org/licenses/by/4.0/",
                    isBasedOn="https://agency.example/1",
                    publisher={"@type": "Organization", "name": "The Stour News"},
                )
            )
        )
    )
    assert found.descriptions[0] == "Ships sail again."
    assert found.dates[:2] == [
        DateClue(DATE, DateSource.JSONLD, "jsonld:datePublished", "datePublished"),
        DateClue("2025-08-13T10:00:00Z", DateSource.JSONLD, "jsonld:dateModified", "dateModified"),
    ]
    assert (found.language, found.section, found.keywords) == ("en-GB", "Ports", ["harbour", "ferries", "freight"])
    assert (found.is_free, found.copyright_holder) == (False, "The Stour News")
    assert (found.license, found.is_based_on) == ("https://creativecommons.org/licenses/by/4.0/", "https://agency.example/1")
    assert found.site_names == ["The Stour News"]


def test_a_graphs_references_are_followed() -> None:
    graph = {
        "@graph": [
            {"@type": "WebSite", "@id": "#site", "name": "The Stour News"},
            news(author={"@id": "#ida"}, image={"@id": "#picture"}, datePublished=DATE),
            {"@type": "Person", "@id": "#ida", "name": "Ida Holm"},
            {
                "@type": "ImageObject",
                "@id": "#picture",
                "url": "https://news.example/quay.jpg",
                "caption": "The quay",
                "width": 1200,
            },
        ]
    }
    found = read(html(head=linked_data(graph)))
    assert [author.name for author in found.bylines[0]] == ["Ida Holm"]
    assert found.images[0] == Media("https://news.example/quay.jpg", "The quay", None, 1200, None)


def test_a_reference_to_nothing_gives_nothing() -> None:
    found = read(html(head=linked_data(news(author={"@id": "#gone"}, image={"@id": "#gone"}))))
    assert (found.bylines, found.images) == ([[]], [])


def test_of_several_articles_the_one_that_names_the_page_speaks() -> None:
    others = [
        news(headline=f"Other {n}", url=f"https://news.example/other-{n}", datePublished="2020-01-01T00:00:00Z")
        for n in range(3)
    ]
    own = news(headline="Its own words", url=URL.replace("https://", "http://www."), datePublished=DATE)
    assert raw_dates(read(html(head=linked_data(*others, own)))) == [DATE]


def test_of_several_articles_without_addresses_the_one_with_the_pages_title_speaks() -> None:
    others = [news(headline=f"Other {n}", datePublished="2020-01-01T00:00:00Z") for n in range(3)]
    assert raw_dates(read(html(head=linked_data(*others, news(datePublished=DATE))))) == [DATE]


def test_a_list_of_other_articles_is_not_the_pages_own() -> None:
    others = [news(headline=f"Other {n}", datePublished="2020-01-01T00:00:00Z") for n in range(3)]
    found = read(html(head=linked_data(others)))
    assert (raw_dates(found), found.types) == ([], [])


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "datePublished": "%s",}',
        '{"@type": "NewsArticle", "keywords": ["a", ], "datePublished": "%s"}',
        '<!-- {"@type": "NewsArticle", "datePublished": "%s"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "datePublished": "%s"}\n//]]>',
        '/* <![CDATA[ */ {"@type": "NewsArticle", "datePublished": "%s"} /* ]]> */',
        '{"@type": "NewsArticle", "description": "two\nlines", "datePublished": "%s"}',
        '[[{"@type": ["NewsArticle", "Thing"], "datePublished": ["%s"]}]]',
        '{"@type": "http://schema.org/NewsArticle", "datePublished": {"@value": "%s"}}',
        '{"@type": "NewsArticle", "datePublished": "%s"}}',
        '[{"@type": "NewsArticle", "datePublished": "%s"}];',
        '{"@type": "Organization"}, {"@type": "NewsArticle", "datePublished": "%s"}',
        '{"@type": "NewsArticle", "headline": \'The "Stour"\', "datePublished": "%s"}',
        '{"@type": "NewsArticle", // "wordCount": 7,\n"datePublished": "%s"}',
        '{"@type": "NewsArticle", "description": "cut in half: \\ud83d", "datePublished": "%s"}',
    ],
)
def test_json_ld_is_read_however_it_is_wrapped(script: str) -> None:
    page = html(head=f'<script type="application/ld+json">{script.replace("%s", DATE)}</script>')
    assert raw_dates(read(page)) == [DATE]


@pytest.mark.parametrize(
    "script", ["", "null", "42", '"text"', "{", "[" * 500, '{"@type": 7}', '{"@graph": "x"}', "{'@type': 'NewsArticle'}"]
)
def test_json_ld_that_is_broken_leaves_the_rest_of_the_page(script: str) -> None:
    page = html(
        head=f'<script type="application/ld+json">{script}</script><meta property="article:published_time" content="{DATE}">'
    )
    assert raw_dates(read(page)) == [DATE]


def test_where_no_article_is_described_the_pages_own_node_says_its_date() -> None:
    own, other = (
        {"@type": "WebPage", "url": url, "datePublished": day} for url, day in ((URL, DATE), ("/other", "2019-05-02"))
    )
    video = {"@type": "VideoObject", "uploadDate": "2019-05-02", "datePublished": "2019-05-02"}
    assert raw_dates(read(html(head=linked_data(video, own)))) == [DATE]
    assert raw_dates(read(html(head=linked_data(other, own)))) == [DATE]
    assert raw_dates(read(html(head=linked_data(other, other | {"url": "/third"})))) == []
    assert raw_dates(read(html(head=linked_data(own, news(datePublished="2025-08-14"))))) == ["2025-08-14"]


def test_long_runs_of_space_in_broken_json_ld_take_no_time() -> None:
    """200,000 spaces took five minutes while an expression sought the end of a comment behind each of them."""
    script = '{"@type":' + " " * 200_000 + "x" + "\n" * 200_000 + "}"
    assert read(html(head=f'<script type="application/ld+json">{script}</script>')).types == []


def test_authors_are_one_list_a_source_with_their_kind_and_page() -> None:
    node = news(
        author=[
            {"@type": "Person", "name": "Ida Holm", "url": "/staff/ida"},
            "Jon Vik",
            {"@type": "Organization", "name": ["AFP"]},
        ]
    )
    found = read(html(head=linked_data(node) + '<meta name="author" content="I. Holm"><meta name="author" content="J. Vik">'))
    assert [(a.name, a.url, a.type) for a in found.bylines[0]] == [
        ("Ida Holm", "/staff/ida", AuthorType.PERSON),
        ("Jon Vik", None, AuthorType.PERSON),
        ("AFP", None, AuthorType.ORGANIZATION),
    ]
    assert [author.name for author in found.bylines[1]] == ["I. Holm", "J. Vik"]


def test_an_authors_page_is_absolute_in_the_article() -> None:
    node = news(author={"@type": "Person", "name": "Ida Holm", "url": "/staff/ida"})
    assert [author.url for author in draft_of(html(head=linked_data(node))).authors] == ["https://news.example/staff/ida"]


def test_an_author_link_is_an_address_and_no_name() -> None:
    found = draft_of(
        html(head='<link rel="author" href="/humans.txt"><link rel="publisher" href="https://social.example/stour">')
    )
    assert (found.authors, found.publisher.name) == ([], None)


def test_a_visible_byline_is_asked_where_nothing_is_declared() -> None:
    byline = '<p class="byline">By <a rel="author" href="/staff/ida">Ida Holm</a></p>'
    assert [author.name for author in draft_of(html(byline)).authors] == ["Ida Holm"]


def test_authors_of_other_articles_are_no_authors() -> None:
    aside = '<aside class="related-articles"><span class="author-name">Eva Strand</span></aside>'
    assert draft_of(html(column=aside)).authors == []


@pytest.mark.parametrize("name", ["article:published_time", "parsely-pub-date", "DC.date.issued", "pubdate", "datePublished"])
@pytest.mark.parametrize("key", ["property", "name", "itemprop"])
def test_a_meta_date_is_found_by_any_of_its_names_and_keys(name: str, key: str) -> None:
    assert raw_dates(read(html(head=f'<meta {key}="{name}" content="{DATE}">'))) == [DATE]


def test_microdata_on_elements_is_a_date() -> None:
    found = read(
        html(
            f'<span itemprop="datePublished" content="{DATE}">Wednesday</span><span itemprop="dateModified">14 August 2025</span>'
        )
    )
    assert (raw_dates(found), raw_dates(found, "dateModified")) == ([DATE], ["14 August 2025"])


def test_the_first_time_tag_is_the_publication_and_a_labelled_one_the_change() -> None:
    found = read(html(f'<p><time datetime="{DATE}">Wed</time> Updated: <time datetime="2025-08-14T01:00:00Z">Thu</time></p>'))
    assert (raw_dates(found), raw_dates(found, "dateModified")) == ([DATE], ["2025-08-14T01:00:00Z"])


@pytest.mark.parametrize(
    "box",
    [
        "<aside>{}</aside>",
        "<nav>{}</nav>",
        '<div class="related-posts">{}</div>',
        '<div class="most-read">{}</div>',
        '<section id="comments">{}</section>',
        '<a href="/other">{}</a>',
        "<footer>{}</footer>",
    ],
)
def test_a_time_tag_beside_the_article_is_none_of_its_dates(box: str) -> None:
    assert read(html(column=box.format('<time datetime="2020-01-01T00:00:00Z">old</time>'))).dates == []


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://news.example/2025/08/13/harbour", "2025-08-13"),
        ("https://news.example/a/2025-08-13/harbour", "2025-08-13"),
        ("https://news.example/20250813.html", "2025-08-13"),
        ("https://news.example/2025/08/harbour", None),
        ("https://news.example/2025/13/45/harbour", None),
        ("https://news.example/202508131/harbour", None),
    ],
)
def test_a_day_in_the_address_is_a_date(url: str, day: str | None) -> None:
    assert raw_dates(read(html(), url)) == ([day] if day else [])


def test_a_data_islands_date_counts_where_it_is_the_only_one() -> None:
    island = '<script type="application/json">{"page": {"publishedAt": "%s"}}</script>'
    assert raw_dates(read(html(head=island % DATE))) == [DATE]
    two = '<script type="application/json">[{"publishedAt": "2025-08-13T00:00:00Z"}, {"publishedAt": "2024-01-01T00:00:00Z"}]</script>'
    assert raw_dates(read(html(head=two))) == []


@pytest.mark.parametrize(
    ("caption", "text", "credit"),
    [
        ("The quay at dawn (Photo: Ida Holm)", "The quay at dawn", "Ida Holm"),
        ("The quay at dawn. Photo: Ida Holm", "The quay at dawn", "Ida Holm"),
        ("The quay at dawn (Ida Holm/AFP)", "The quay at dawn", "Ida Holm/AFP"),
        ("The quay at dawn [Ida Holm via Reuters]", "The quay at dawn", "Ida Holm via Reuters"),
        ('The quay at dawn <span class="credit">Ida Holm</span>', "The quay at dawn", "Ida Holm"),
        ("The quay (left) at dawn", "The quay (left) at dawn", None),
        ("The quay, built in 1927 (restored in 1998)", "The quay, built in 1927 (restored in 1998)", None),
    ],
)
def test_a_figure_has_caption_and_credit(caption: str, text: str, credit: str | None) -> None:
    figure = f'<figure><img src="/quay.jpg"><figcaption>{caption}</figcaption></figure>'
    assert read(html(figure)).images == [Media("/quay.jpg", text, credit)]


@pytest.mark.parametrize(
    ("image", "url"),
    [
        ('<img src="data:image/gif;base64,R0" data-src="/quay.jpg">', "/quay.jpg"),
        ('<img srcset="/300.jpg 300w, /1200.jpg 1200w, /600.jpg 600w" src="/300.jpg">', "/1200.jpg"),
        ('<img srcset="/w_300,h_200/q.jpg 1x, /w_600,h_400/q.jpg 2x">', "/w_600,h_400/q.jpg"),
        ('<img srcset="/quay.jpg">', "/quay.jpg"),
        ('<img srcset=", " src="/quay.jpg">', "/quay.jpg"),
        ('<img srcset="/a.jpg w, ,/b.jpg 2w">', "/b.jpg"),
    ],
)
def test_an_images_address_is_its_largest_real_one(image: str, url: str) -> None:
    assert read(html(f"<figure>{image}<figcaption>The quay</figcaption></figure>")).images == [Media(url, "The quay")]


def test_one_picture_in_two_sizes_is_one_image_with_the_figures_caption() -> None:
    head = '<meta property="og:image" content="https://news.example/quay-1200x630.jpg"><meta property="og:image:width" content="1200">'
    figure = '<figure><img src="/quay-600x400.jpg"><figcaption>The quay at dawn</figcaption></figure>'
    assert read(html(figure, head)).images == [Media("https://news.example/quay-1200x630.jpg", "The quay at dawn", None, 1200)]


@pytest.mark.parametrize("width", ["9" * 6, "9" * 5000, "-1", "1e3", "12.5", "０", ""])
def test_a_width_that_is_no_number_of_pixels_is_none(width: str) -> None:
    head = f'<meta property="og:image" content="https://news.example/q.jpg"><meta property="og:image:width" content="{width}">'
    assert read(html(head=head)).images == [Media("https://news.example/q.jpg")]


def test_breadcrumbs_of_json_ld_stand_in_the_order_of_their_positions() -> None:
    items = [
        {"@type": "ListItem", "position": "2", "item": {"@id": "https://news.example/ports", "name": "Ports"}},
        {"@type": "ListItem", "position": 1, "name": "Home", "item": "https://news.example/"},
    ]
    found = read(html(head=linked_data({"@type": "BreadcrumbList", "itemListElement": items})))
    assert found.breadcrumbs == [Breadcrumb("Home", "https://news.example/"), Breadcrumb("Ports", "https://news.example/ports")]


def test_breadcrumbs_are_else_the_links_of_the_visible_trail() -> None:
    trail = '<nav class="breadcrumbs"><a href="/">Home</a> › <a href="/ports">Ports</a></nav>'
    assert read(html(beside=trail)).breadcrumbs == [Breadcrumb("Home", "/"), Breadcrumb("Ports", "/ports")]


def test_related_items_are_the_links_of_a_named_box_with_the_dates_beside_them() -> None:
    box = (
        '<ul class="related-links"><li><a href="/a">Ferry workers accept the night timetable</a> <span class="date">12.08.2025</span></li>'
        '<li><a href="/b">Pilots ask for a second tug</a> <time datetime="2025-08-11">Mon</time></li><li><a href="/c">More</a></li></ul>'
    )
    assert read(html(beside=box)).related == [
        RelatedItem("Ferry workers accept the night timetable", "/a", "12.08.2025"),
        RelatedItem("Pilots ask for a second tug", "/b", "2025-08-11"),
    ]


def test_a_layout_named_by_its_related_column_is_no_related_list() -> None:
    page = html('<p>See <a href="/b">the pilots who ask for a second tug</a>.</p>')
    assert read(page.replace("<body>", '<body><div class="has-related">').replace("</body>", "</div></body>")).related == []


@pytest.mark.parametrize(
    ("line", "notice"),
    [
        ("© 2025 The Stour News. All rights reserved.", "© 2025 The Stour News. All rights reserved."),
        ("Copyright 2025 The Stour News", "Copyright 2025 The Stour News"),
        ("The copyright office moved.", None),
    ],
)
def test_the_footers_copyright_line_is_the_notice(line: str, notice: str | None) -> None:
    assert read(html(beside=f"<footer><p>{line}</p></footer>")).copyright_notice == notice


def test_meta_robots_and_tier_are_what_they_say() -> None:
    found = read(
        html(head='<meta name="robots" content="noindex, noarchive"><meta property="article:content_tier" content="locked">')
    )
    assert (found.robots.allowed, found.robots.noarchive, found.is_free) == (False, True, False)


def test_tags_are_the_keywords_where_none_are_declared() -> None:
    tags = '<ul class="article-tags"><li><a href="/t/1">#Ports</a></li><li><a href="/t/2">Ferries</a></li></ul>'
    assert read(html(beside=tags)).keywords == ["Ports", "Ferries"]


def test_the_heading_is_the_one_that_the_titles_know() -> None:
    page = html().replace("<article>", "<h1>The Stour News</h1><article>")
    assert read(page).heading == HEADLINE
