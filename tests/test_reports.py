"""Reports in HTML: opened in a real browser, they show what was kept and dropped, and nothing that a page says runs in them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import escape
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

from crawler.reporting.explanations import explanations_report
from crawler.reporting.runs import run_page
from examples.newsroom.server import Newsroom, newsroom
from pipelines.explain import explain
from tests.cli import Cli, troubles
from tests.conftest import Call
from tests.newsroom_pages import EXPECTED
from tests.pages import FETCHED, PARAGRAPHS, UNKNOWN, html, make_page

# What each hostile text does if it runs: it marks the document, which `--dump-dom` shows.
RUN = "document.documentElement.setAttribute('data-ran', '1')"
SCRIPT, IMAGE = f"<script>{RUN}</script>", f'<img src=x onerror="{RUN}">'
BREAKOUT = f"</style></script></title>{SCRIPT}"
SAID = {
    "@type": "NewsArticle", "headline": f"Harbour {IMAGE}", "datePublished": "<b>2025-08-13", "keywords": [f"<a href='javascript:{RUN}'>storm</a>"],
    "author": {"name": "Eve", "url": f"javascript:{RUN}"}, "articleSection": "\u202egnp.exe\u001b[2J",
}  # fmt: skip
HOSTILE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{BREAKOUT}</title>
<link rel="canonical" href="javascript:{RUN}">
<meta property="og:title" content="Harbour {escape(SCRIPT)} reopens after nine days">
<meta name="author" content="{escape(IMAGE)} Berg">
<meta name="description" content="{{{{ 7 * 7 }}}} {escape(IMAGE)}">
<script type="application/ld+json">{json.dumps(SAID)}</script>
</head><body><article><h1>{escape(IMAGE)} Harbour {escape(BREAKOUT)}</h1>
<p class="byline">By {escape(IMAGE)}</p>
<p class="x{escape(SCRIPT)}">Published: August 13, 2025 10:15</p>
{"".join(f"<p>{text} {escape(BREAKOUT)}</p>" for text in PARAGRAPHS)}
<p>Read also: <a href="javascript:{RUN}">{escape(IMAGE)} the other harbours of the coast</a></p>
</article></body></html>"""


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path. In CI nothing but a browser will do."""
    found = shutil.which("chromium")
    if found is None and os.environ.get("CI"):
        pytest.fail("chromium is missing; .ci/run installs it")
    return found or pytest.skip("needs Debian's chromium")


def dom(browser: str, page: Path) -> str:
    """The page's document after its scripts ran, as the browser writes it out."""
    profile = f"--user-data-dir={page.parent / 'profile'}"
    command = [
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        profile,
        "--dump-dom",
        page.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    return done.stdout.decode()


def shown(document: str) -> Any:
    return lxml_html.fromstring(document)


def texts(tree: Any, name: str) -> list[str]:
    """The texts of the elements of a class."""
    return [" ".join(e.text_content().split()) for e in tree.find_class(name)]


def test_a_browser_runs_what_a_hostile_page_would_have_run(chromium: str, tmp_path: Path) -> None:
    """Else the next test would prove nothing."""
    page = tmp_path / "control.html"
    page.write_text(f"<!DOCTYPE html><title>x</title><body>{SCRIPT}", encoding="utf-8")
    assert "data-ran" in dom(chromium, page)


def test_a_hostile_page_stays_text_in_its_report(chromium: str, scrapy: Cli) -> None:
    page, report = scrapy.folder / "hostile.html", scrapy.folder / "report.html"
    page.write_text(HOSTILE, encoding="utf-8")
    done = scrapy.run("extract", "--html", str(report), str(page), "--url", "https://news.example/a", NEWS_PUBLISHERS="")
    assert (done.code, done.err) == (0, "")
    document = dom(chromium, report)
    tree = shown(document)
    assert tree.get("data-ran") is None
    # The doctype's document, the base template's own tags, and no element of the page's making.
    assert {element.tag for element in tree.iter()} <= {
        "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "article", "p", "h2", "h3", "span", "div", "bdi",
        "dl", "dt", "dd", "ul", "li", "br",
    }  # fmt: skip
    assert len(tree.findall(".//style")) == 1
    names = {name for element in tree.iter() for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or name in ("src", "href", "srcset", "action")}
    assert IMAGE in tree.find(".//h2").text_content() and "{{ 7 * 7 }}" in tree.text_content()


def test_a_report_shows_what_was_kept_and_what_was_dropped_by_which_rule(chromium: str, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    found = explain(make_page(html("<p>By Ada Berg</p>")), UNKNOWN)
    report.write_text(explanations_report([found], FETCHED), encoding="utf-8")
    tree = shown(dom(chromium, report))
    passages = tree.find_class("passage")
    dropped = [" ".join(each.text_content().split()) for each in passages if "dropped" in each.get("class")]
    kept = [" ".join(each.text_content().split()) for each in passages if "dropped" not in each.get("class")]
    assert kept == [f"paragraph {text}" for text in PARAGRAPHS]
    assert "general.byline By Ada Berg→ authors Ada Berg" in dropped
    assert texts(tree, "chosen")[0].startswith("Harbour of Stour reopens")
    assert "0 unaccounted for" in tree.text_content()


def test_a_report_loads_nothing() -> None:
    report = explanations_report([explain(make_page(html()), UNKNOWN)], FETCHED)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', report)
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert not re.findall(r"url\(|@import|<link|<script|src=", report)


def test_several_pages_are_one_report_with_a_list(call: Call, scrapy: Cli) -> None:
    pages = [scrapy.folder / name for name in ("one.html", "two.html", "empty.html")]
    for page, text in zip(pages, (html(), html("<p>By Ada Berg</p>"), ""), strict=True):
        page.write_text(text, encoding="utf-8")
    report = scrapy.folder / "report.html"
    done = call("extract", "--html", str(report), *map(str, pages), NEWS_PUBLISHERS="")
    assert done.code == 1, "one of them is no article"
    assert [(row["page"], row["outcome"]) for row in done.rows] == [
        (str(pages[0]), "article"), (str(pages[1]), "article"), (str(pages[2]), "empty"),
    ]  # fmt: skip
    tree = shown(report.read_text(encoding="utf-8"))
    targets = [link.get("href") for link in tree.iter("a")]
    assert targets == ["#page-1", "#page-2", "#page-3"]
    assert [article.get("id") for article in tree.iter("article")] == ["page-1", "page-2", "page-3"]


def test_an_explanation_is_json_when_piped(call: Call, scrapy: Cli) -> None:
    page = scrapy.folder / "page.html"
    page.write_text(html("<p>By Ada Berg</p>"), encoding="utf-8")
    lines = json.dumps({"id": 7, "url": "https://news.example/a", "path": str(page), "encoding": None, "fetchedAt": None})
    by_name = call("extract", "--explain", str(page), NEWS_PUBLISHERS="")
    by_line = scrapy.run("extract", "--explain", "--jsonl", stdin=lines.encode(), NEWS_PUBLISHERS="")
    assert (by_name.code, by_line.code) == (0, 0)
    ((name,), (line,)) = (by_name.rows, by_line.rows)
    assert (name["id"], line["id"]) == (str(page), 7)
    assert line["explanation"]["passages"] == name["explanation"]["passages"]
    assert line["explanation"]["account"]["lost"] == 0


def test_a_person_sees_the_text_with_its_rules_and_no_escape_sequence_of_the_page(scrapy: Cli) -> None:
    page = scrapy.folder / "hostile.html"
    page.write_text(HOSTILE, encoding="utf-8")
    seen = scrapy.on_terminal("extract", "--explain", str(page), NEWS_PUBLISHERS="")
    assert seen.code == 0
    for words in ("general.headline", "general.dateline", "paragraph", "unaccounted", "→ dateEvidence", "datePublished"):
        assert words in seen.out, words
    assert "\u202e" not in seen.out and "\ufffd[2J" in seen.out


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--html", "/nowhere/at/all/report.html", "page.html"], "--html /nowhere/at/all/report.html: there is no folder"),
        (["--explain", "missing.html"], "missing.html: cannot be read"),
        (["--explain", "--url", "https://a.example/", "page.html", "page.html"], "--url is for one FILE"),
        (["page.html", "page.html"], "give one FILE or URL"),
    ],
)
def test_a_wrong_argument_is_refused(arguments: list[str], fault: str, call: Call, scrapy: Cli) -> None:
    (scrapy.folder / "page.html").write_text(html(), encoding="utf-8")
    named = [str(scrapy.folder / each) if each in ("page.html", "missing.html") else each for each in arguments]
    done = call("extract", *named, NEWS_PUBLISHERS="")
    assert done.code == 2
    assert fault in done.err


def test_several_addresses_are_fetched_and_explained_in_their_order(scrapy: Cli, room: Newsroom) -> None:
    urls = [room.live(url) for url in list(EXPECTED)[:2]]
    missing = room.live("http://kyiv-courier.example/nothing")
    done = scrapy.run("extract", "--explain", urls[0], missing, urls[1])
    assert (done.code, done.err) == (1, "")
    assert [row["id"] for row in done.rows] == [urls[0], missing, urls[1]]
    assert [row["explanation"]["outcome"] for row in done.rows] == ["article", "rejected", "article"]
    assert done.rows[1]["explanation"]["reason"] == "http_status"


# Runs


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """The newsroom crawled twice, its runs' reports in the sink."""
    scrapy = Cli(tmp_path_factory.mktemp("reports"))
    with newsroom(publishers_to=scrapy.folder / "publishers"):
        for _ in range(2):
            run = scrapy.run("crawl", "news")
            assert (run.code, troubles(run.err)) == (0, [])
    return scrapy


def run_files(scrapy: Cli, form: str) -> list[Path]:
    return sorted((scrapy.folder / "lake" / "_meta/v1/runs").glob(f"*/report.{form}"))


def test_a_runs_report_has_the_figures_of_its_manifest_and_of_its_articles(crawled: Cli) -> None:
    first, second = (json.loads(file.read_text(encoding="utf-8")) for file in run_files(crawled, "json"))
    articles, manifest = crawled.lake.articles(), crawled.lake.manifests()[0]
    assert (first["runId"], first["counts"]["articles"]) == (manifest.runId, len(articles))
    assert sum(site["articles"] for site in first["publishers"]) == len(articles)
    assert sum(sum(site["hours"].values()) for site in first["publishers"]) == len([a for a in articles if a["datePublished"]])
    assert sum(site["flagged"] for site in first["publishers"]) == len([a for a in articles if a["flags"]])
    assert all(site["filled"]["headline"] == 1.0 for site in first["publishers"])
    assert first["requests"]["sent"] >= len(articles)
    assert len(first["slowest"]) == 10
    assert [page["seconds"] for page in first["slowest"]] == sorted((p["seconds"] for p in first["slowest"]), reverse=True)
    assert second["counts"]["articles"] == 0
    assert second["requests"]["notModifiedShare"] > 0.5, "a second run asks for what changed"


def test_a_runs_page_shows_its_figures_in_a_browser(chromium: str, crawled: Cli, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_bytes(run_files(crawled, "html")[0].read_bytes())
    tree = shown(dom(chromium, page))
    assert texts(tree, "tile")[0] == f"{len(EXPECTED)}articles of 41 pages"
    assert texts(tree, "verdict") == ["ok"]
    (heat,) = tree.find_class("heat")
    assert [cell.text_content() for cell in heat.xpath(".//td[1]")] == sorted({row["publisher"] for row in EXPECTED.values()})
    drawn = [bar for bar in tree.iter("rect") if float(bar.get("height")) > 0]
    assert len(drawn) > 20


def test_a_hostile_address_or_alarm_stays_text_in_a_runs_page(chromium: str, crawled: Cli, tmp_path: Path) -> None:
    report = json.loads(run_files(crawled, "json")[0].read_text(encoding="utf-8"))
    report["slowest"][0]["url"] = report["publishers"][0]["id"] = BREAKOUT
    report["alarms"] = [{"publisher": BREAKOUT, "kind": "words", "detail": IMAGE, "cause": SCRIPT, "url": f"javascript:{RUN}"}]
    page = tmp_path / "report.html"
    page.write_text(run_page(report, FETCHED), encoding="utf-8")
    tree = shown(dom(chromium, page))
    assert tree.get("data-ran") is None
    assert not list(tree.iter("img", "script", "a"))


def test_the_history_is_a_row_a_day_and_a_page_with_charts(chromium: str, crawled: Cli, tmp_path: Path) -> None:
    page = tmp_path / "history.html"
    done = crawled.run("report", "--days", "2", "--html", str(page))
    assert (done.code, done.err) == (0, "")
    assert sum(row["runs"] for row in done.rows) == 2
    assert sum(row["articles"] for row in done.rows) == len(EXPECTED)
    tree = shown(dom(chromium, page))
    assert "2 runs" in tree.find(".//h1").text_content()
    assert len(tree.find_class("chart")) == 1
    table = crawled.on_terminal("report")
    assert (table.code, "2 ok" in table.out) == (0, True)


def test_a_report_of_no_runs_is_empty_and_a_wrong_option_says_so(call: Call) -> None:
    assert (call("report").code, call("report").out) == (0, "")
    assert call("report", "--days", "0").code == 2


def test_a_report_that_is_damaged_is_named(call: Call, scrapy: Cli) -> None:
    damaged = scrapy.folder / "lake/_meta/v1/runs/20991231T000000Z-0/report.json"
    damaged.parent.mkdir(parents=True)
    for text in ("{", "[]", '{"startedAt": "2025-08-13"}'):
        damaged.write_text(text)
        told = call("report")
        assert (told.code, "Traceback" in told.err) == (4, False), told.err
        assert "report.json is no report" in told.err
