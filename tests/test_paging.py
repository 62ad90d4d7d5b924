"""Articles that are spread over several pages: which addresses are theirs, and one article of all of them, in crawls too."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.assemble import assembled
from pipelines.evidence import PageLink
from pipelines.extraction.metadata.paging import page_links
from pipelines.items import Draft, Page, Paging, Reason, Rejected
from pipelines.join import new_blocks
from pipelines.normalizers.paging import paging_of
from pipelines.runner import extract_inline
from pipelines.values import Block, BlockType, Completeness
from tests.cli import Cli, Done, troubles, wait_until
from tests.pages import UNKNOWN, draft_of, make_page, parsed
from tests.webserver import Answer, WebServer

A = "https://a.example"
STORY = f"{A}/2025/the-long-way-home"
TEXTS = [
    [
        f"On the {day} day of the march the column had come as far as the {place}, where it rested for the night."
        for place in places
    ]
    for day, places in (("first", ("mill", "ford")), ("second", ("pass", "chapel")), ("third", ("bridge", "harbour")))
]
TITLE = "The long way home from the mountains"
FURNITURE = "This is the story of a march that the newspaper has followed from its first day on, in all weathers."
Route = Answer | Callable[[int], Answer]


def pager(*links: str) -> str:
    return f'<div class="pagination">{"".join(links)}</div>'


def link(text: str, url: str) -> str:
    return f'<a href="{url}">{text}</a>'


def page(number: int, *links: str, lead: str = "", head: str = "") -> str:
    """One page of the story, with the paragraphs of its number."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in TEXTS[number - 1])
    return f'<html lang="en"><head><title>{TITLE}</title>{head}</head><body><article><h1>{TITLE}</h1>{lead}{text}</article>{pager(*links)}</body></html>'


def story(base: str = STORY) -> dict[str, str]:
    """The story on three pages, as a content system writes it."""
    one, two, three = link("1", base), link("2", f"{base}/2"), link("3", f"{base}/3")
    return {base: page(1, two, three), f"{base}/2": page(2, one, three), f"{base}/3": page(3, one, two)}


def put_together(site: dict[str, str], start: str = STORY, most: int = 10) -> tuple[Draft | Rejected, list[str]]:
    """What the page at an address gives when the others are asked for at this site, and what was asked for."""
    asked: list[str] = []

    async def fetch(url: str, page: Page) -> Page | Rejected:
        asked.append(url)
        return make_page(site[url], url=url) if url in site else Rejected(Reason.HTTP_STATUS, "404")

    async def extract(page: Page) -> Draft | Rejected:
        return extract_inline(page, UNKNOWN)

    first = make_page(site[start], url=start)
    return asyncio.run(assembled(extract_inline(first, UNKNOWN), first, fetch, extract, most)), asked


def whole(site: dict[str, str], start: str = STORY, most: int = 10) -> tuple[Draft, list[str]]:
    outcome, asked = put_together(site, start, most)
    assert isinstance(outcome, Draft), outcome
    return outcome, asked


def lines(*numbers: int) -> list[str]:
    return [paragraph for number in numbers for paragraph in TEXTS[number - 1]]


# Addresses


@pytest.mark.parametrize(
    ("url", "other"),
    [
        (STORY, f"{STORY}/2"),
        (f"{STORY}/", f"{STORY}/2/"),
        (STORY, f"{STORY}?page=2"),
        (f"{STORY}?id=7", f"{STORY}?id=7&page=2"),
        (STORY, f"{STORY}/page/2/"),
        (STORY, f"{STORY}/seite-2"),
        (f"{STORY}.html", f"{STORY}_2.html"),
        (f"{STORY}-16604622.html", f"{STORY}-16604622-p2.html"),
        (f"{A}/story.php?id=41", "http://www.a.example/story.php?id=41&seite=2"),
    ],
)
def test_a_page_of_the_same_address_but_for_its_number_is_the_articles(url: str, other: str) -> None:
    assert paging_of(url, [PageLink(other)]) == Paging(later=((2, other),))
    assert paging_of(other, [PageLink(url)]) == Paging(2, url)


@pytest.mark.parametrize(
    ("url", "other"),
    [
        (STORY, f"{A}/2025/the-short-way-home/2"),
        (STORY, "https://b.example/2025/the-long-way-home/2"),
        (f"{A}/news", f"{A}/news/page/2"),
        (f"{A}/", f"{A}/?page=2"),
        (f"{A}/article/1204", f"{A}/article/1205"),
        (f"{A}/apollo/11", f"{A}/apollo/12"),
        (f"{A}/2025/08/12", f"{A}/2025/08/13"),
        (f"{A}/?p=15", f"{A}/?p=16"),
        (STORY, f"{STORY}-2/"),
        (STORY, STORY),
        (STORY, "https://[broken"),
    ],
)
def test_another_address_is_none_of_the_articles(url: str, other: str) -> None:
    assert paging_of(url, [PageLink(other), PageLink(other, whole=True)]) == Paging()


def test_the_whole_article_is_taken_at_its_own_address_only_and_where_it_has_several_pages() -> None:
    two, all_of_it = PageLink(f"{STORY}/2"), PageLink(f"{STORY}?view=all", whole=True)
    assert paging_of(STORY, [two, all_of_it]).whole == all_of_it.url
    assert paging_of(STORY, [all_of_it]).whole is None
    assert paging_of(STORY, [two, PageLink(f"{A}/all-stories?view=all", whole=True)]).whole is None
    assert paging_of(STORY, [two, PageLink(f"{STORY}/komplettansicht", whole=True)]).whole == f"{STORY}/komplettansicht"


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<link rel="next" href="/s/2">', [PageLink("/s/2")]),
        ('<a rel="next" href="/s/2">onwards</a>', [PageLink("/s/2")]),
        ('<nav class="article-pagination"><ul><li><a href="/s?page=2">2</a></li></ul></nav>', [PageLink("/s?page=2")]),
        ('<p>See <a href="/s/2">the rest</a></p>', []),
        ('<div class="comments"><div class="pagination"><a href="/s?page=2">2</a></div></div>', []),
        ('<a href="/s?view=all">View as a single page</a>', [PageLink("/s?view=all", whole=True)]),
        ('<a href="/s/komplettansicht">Auf einer Seite lesen</a>', [PageLink("/s/komplettansicht", whole=True)]),
        ('<div class="pager"><a href="/s">1</a> <a>2</a></div>', [PageLink("/s")]),
    ],
)
def test_links_to_other_pages_are_those_that_say_so(markup: str, found: list[PageLink]) -> None:
    tree = parsed(make_page(f"<html><body><h1>{TITLE}</h1>{markup}</body></html>")).tree
    assert tree is not None and page_links(tree, "https://a.example/s") == found


# One article


def test_a_page_that_links_further_ones_is_truncated_until_they_are_joined() -> None:
    alone = draft_of(make_page(story()[STORY], url=STORY))
    assert (alone.completeness, "paging.incomplete" in alone.flags) == (Completeness.TRUNCATED, True)
    joined, _ = whole(story())
    assert (joined.completeness, joined.flags) == (Completeness.FULL, ["paging.joined"])


def test_all_pages_are_one_article_in_order() -> None:
    joined, asked = whole(story())
    assert [block.text for block in joined.blocks] == lines(1, 2, 3)
    assert joined.articleBody == "\n".join(lines(1, 2, 3))
    assert joined.wordCount == len(joined.articleBody.split())
    assert (joined.url, joined.pages) == (STORY, [f"{STORY}/2", f"{STORY}/3"])
    assert asked == [f"{STORY}/2", f"{STORY}/3"], "each page once, though the pages link one another"
    alone = draft_of(make_page(story()[STORY], url=STORY))
    assert joined.id == alone.id and joined.content_hash != alone.content_hash and joined.text_hash != alone.text_hash


def test_a_later_page_gives_the_same_article_as_the_first() -> None:
    joined, asked = whole(story(), start=f"{STORY}/2")
    first, _ = whole(story())
    assert (joined.id, joined.url, joined.content_hash) == (first.id, STORY, first.content_hash)
    assert asked == [STORY, f"{STORY}/3"], "the page at hand is not fetched again"


def test_pages_that_only_the_next_one_links_are_found() -> None:
    site = story()
    site[STORY] = page(1, link("next", f"{STORY}/2"))
    joined, _ = whole(site)
    assert [block.text for block in joined.blocks] == lines(1, 2, 3)


def test_what_every_page_repeats_is_there_once() -> None:
    site = story()
    for number, url in enumerate(site, 1):
        site[url] = page(number, link("2", f"{STORY}/2"), link("3", f"{STORY}/3"), link("1", STORY), lead=f"<p>{FURNITURE}</p>")
    joined, _ = whole(site)
    assert [block.text for block in joined.blocks] == [FURNITURE, *lines(1, 2, 3)]


def test_a_short_line_that_is_said_twice_on_purpose_stays() -> None:
    refrain, other = Block(BlockType.PARAGRAPH, "And on they went."), Block(BlockType.PARAGRAPH, "The road was long.")
    long = Block(BlockType.PARAGRAPH, FURNITURE)
    assert new_blocks([refrain, long], [other, refrain, long, other]) == [other, refrain, other]
    assert new_blocks([refrain, long], [refrain, other, long]) == [other]


def test_a_missing_page_leaves_the_article_truncated_with_the_rest() -> None:
    site = story()
    del site[f"{STORY}/2"]
    joined, _ = whole(site)
    assert [block.text for block in joined.blocks] == lines(1, 3)
    assert (joined.completeness, "paging.incomplete" in joined.flags) == (Completeness.TRUNCATED, True)


def test_a_later_page_without_its_first_is_no_article() -> None:
    site = story()
    del site[STORY]
    outcome, _ = put_together(site, start=f"{STORY}/2")
    assert outcome == Rejected(Reason.HTTP_STATUS, "404")


def test_no_more_pages_are_asked_for_than_are_allowed() -> None:
    joined, asked = whole(story(), most=2)
    assert asked == [f"{STORY}/2"]
    assert [block.text for block in joined.blocks] == lines(1, 2)
    assert joined.completeness is Completeness.TRUNCATED
    alone, asked = whole(story(), most=1)
    assert (asked, [block.text for block in alone.blocks]) == ([], lines(1))


def test_a_site_that_answers_every_number_with_the_first_page_ends_at_the_second() -> None:
    site = {STORY: page(1, link("2", f"{STORY}/2"))} | {
        f"{STORY}/{number}": page(1, link("next", f"{STORY}/{number + 1}"), link("1", STORY)) for number in range(2, 9)
    }
    joined, asked = whole(site)
    assert asked == [f"{STORY}/2"]
    assert [block.text for block in joined.blocks] == lines(1)
    assert joined.completeness is Completeness.FULL


def test_a_page_on_which_all_stands_is_preferred() -> None:
    site, everything = story(), f"{STORY}?view=all"
    site[STORY] = page(1, link("2", f"{STORY}/2"), link("View as a single page", everything))
    site[everything] = page(1).replace("</article>", "".join(f"<p>{text}</p>" for text in lines(2, 3)) + "</article>")
    joined, asked = whole(site)
    assert asked == [everything]
    assert [block.text for block in joined.blocks] == lines(1, 2, 3)
    assert (joined.url, joined.completeness, joined.pages) == (STORY, Completeness.FULL, [everything])


def test_a_page_that_promises_all_and_has_not_is_left_for_the_pages() -> None:
    site, everything = story(), f"{STORY}?view=all"
    site[STORY] = page(1, link("2", f"{STORY}/2"), link("View as a single page", everything))
    site[everything] = page(2)
    joined, asked = whole(site)
    assert asked == [everything, f"{STORY}/2", f"{STORY}/3"]
    assert [block.text for block in joined.blocks] == lines(1, 2, 3)


# Crawls


class Site(WebServer):
    """The story at a server of this machine, what is asked of it, and the crawl of some of its addresses."""

    path = "/2025/the-long-way-home"

    def __init__(self, routes: dict[str, Route] | None = None) -> None:
        pages: dict[str, Route] = {url: Answer(body.encode()) for url, body in story(self.path).items()}
        super().__init__(pages | (routes or {}))

    def asked(self) -> list[str]:
        return [path for path in self.paths() if path != "/robots.txt"]

    def arguments(self, scrapy: Cli, *paths: str) -> list[str]:
        urls = scrapy.folder / "urls.txt"
        urls.write_text("".join(f"{self.url}{path}\n" for path in paths), encoding="utf-8")
        return ["crawl", "urls", "-a", f"urls={urls}", "-s", "DOWNLOAD_DELAY=0"]


def told(scrapy: Cli) -> tuple[dict[str, Any], int]:
    """The one article in the lake, and the pages that the manifests count."""
    (article,) = scrapy.lake.articles()
    return article, sum(manifest.counts.pages for manifest in scrapy.lake.manifests())


def assert_good(done: Done) -> None:
    assert (done.code, troubles(done.err)) == (0, []), done.err


def test_a_crawl_gives_one_article_and_one_outcome_for_all_pages(scrapy: Cli) -> None:
    with Site() as site:
        assert_good(scrapy.run(*site.arguments(scrapy, site.path), NEWS_PUBLISHERS=""))
        article, pages = told(scrapy)
        assert [block["text"] for block in article["blocks"]] == lines(1, 2, 3)
        assert (article["completeness"], pages, len(site.asked())) == ("full", 1, 3)
        again = scrapy.run(*site.arguments(scrapy, f"{site.path}/2", f"{site.path}/3", site.path), NEWS_PUBLISHERS="")
        assert_good(again)
        assert len(site.asked()) == 3, "a page of an article that is stored is not fetched"


def test_a_page_that_is_discovered_alone_is_its_firsts_article(scrapy: Cli) -> None:
    with Site() as site:
        assert_good(scrapy.run(*site.arguments(scrapy, f"{site.path}/3"), NEWS_PUBLISHERS=""))
        article, _ = told(scrapy)
        assert (article["url"], article["requestedUrl"]) == (site.url + site.path, f"{site.url}{site.path}/3")
        assert [block["text"] for block in article["blocks"]] == lines(1, 2, 3)


def test_pages_that_robots_txt_forbids_or_that_are_gone_leave_a_truncated_article(scrapy: Cli) -> None:
    rules = f"User-agent: *\nDisallow: {Site.path}/2\n".encode()
    routes: dict[str, Route] = {
        "/robots.txt": Answer(rules, headers={"Content-Type": "text/plain"}),
        f"{Site.path}/3": Answer(b"", 410),
    }
    with Site(routes) as site:
        done = scrapy.run(*site.arguments(scrapy, site.path), NEWS_PUBLISHERS="")
        assert done.code == 0, done.err
        article, pages = told(scrapy)
        assert f"{site.path}/2" not in site.asked()
        assert [block["text"] for block in article["blocks"]] == lines(1)
        assert (article["completeness"], "paging.incomplete" in article["flags"], pages) == ("truncated", True, 1)


def test_a_run_that_is_killed_between_two_pages_leaves_the_article_to_the_next(scrapy: Cli) -> None:
    go_on = threading.Event()

    def slow(before: int) -> Answer:
        if before == 0:
            go_on.wait(60)
        return Answer(story(Site.path)[f"{Site.path}/2"].encode())

    with Site({f"{Site.path}/2": slow}) as site:
        try:
            with scrapy.started(*site.arguments(scrapy, site.path), NEWS_PUBLISHERS="") as running:
                wait_until(lambda: f"{site.path}/2" in site.asked(), "the second page to be asked for")
                running.process.kill()
        finally:
            go_on.set()
        assert scrapy.lake.articles() == []
        assert scrapy.run(*site.arguments(scrapy, site.path), NEWS_PUBLISHERS="").code == 0
        article, pages = told(scrapy)
        assert ([block["text"] for block in article["blocks"]], pages) == (lines(1, 2, 3), 1)


def test_the_budget_is_a_setting(scrapy: Cli) -> None:
    with Site() as site:
        assert_good(scrapy.run(*site.arguments(scrapy, site.path), NEWS_PUBLISHERS="", NEWS_ARTICLE_PAGES="1"))
        article, _ = told(scrapy)
        assert (site.asked(), article["completeness"]) == ([site.path], "truncated")


def saved(folder: Path) -> list[str]:
    """The story's pages as files."""
    names = []
    for number, body in enumerate(story().values(), 1):
        names.append(str(folder / f"{number}.html"))
        Path(names[-1]).write_text(body, encoding="utf-8")
    return names


def test_files_that_are_one_articles_pages_are_joined_on_request(scrapy: Cli) -> None:
    files = saved(scrapy.folder)
    done = scrapy.run("extract", "--join", "--url", STORY, *files, NEWS_PUBLISHERS="")
    assert (done.code, done.err) == (0, "")
    article = json.loads(done.out)
    assert [block["text"] for block in article["blocks"]] == lines(1, 2, 3)
    assert (article["url"], article["completeness"]) == (STORY, "full")
    part = scrapy.run("extract", "--join", "--url", STORY, *files[:2], NEWS_PUBLISHERS="")
    assert json.loads(part.out)["completeness"] == "truncated"
